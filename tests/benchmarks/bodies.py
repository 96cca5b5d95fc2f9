"""Webhook bodies for the benchmarks: signed, distinct, made before anything is timed."""

import json
import time

from trinario.channels.graph.signature import sign

SECRET = "demo-app-secret"
PAGE = "1895382890692545"
NUMBER = "106540352242922"


def message(contact: int, number: int, text: str = "hello there") -> bytes:
    """One Messenger text of a contact; `number` makes it a new message."""
    now = int(time.time() * 1000)
    event = {
        "sender": {"id": f"9{contact:015d}"}, "recipient": {"id": PAGE}, "timestamp": now,
        "message": {"mid": f"m_{number:x}_{contact:x}", "text": text},
    }  # fmt: skip
    return _dump({"object": "page", "entry": [{"id": PAGE, "time": now, "messaging": [event]}]})


def status(key: str, message_id: str, recipient: str, name: str = "delivered") -> bytes:
    """One WhatsApp status of a message of ours."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER},
        "statuses": [
            {
                "id": message_id, "status": name, "timestamp": str(int(time.time())), "recipient_id": recipient,
                "biz_opaque_callback_data": f"t1:{key}",
                "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"},
            }
        ],
    }  # fmt: skip
    change = {"field": "messages", "value": value}
    return _dump({"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]})


def request(path: str, body: bytes) -> bytes:
    """The whole HTTP request, signed."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: {sign(SECRET, body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _dump(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
