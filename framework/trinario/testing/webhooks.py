"""What a person does, as the webhook in which Meta tells it (platform facts, section 2)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trinario.channels.graph.place import GET_STARTED
from trinario.testing.phone import Shown

Json = dict[str, Any]

PAGE_INBOX = "263902037430900"
"""The app by which people write in Meta's own inbox."""


@dataclass(frozen=True, slots=True)
class Line:
    """Between her phone and one of our accounts. `account` is our id in webhooks, `waba` the WhatsApp account's.

    `number` is our phone number; `who` her id there, `name` that of her profile ("": it shows none).
    """

    platform: str
    account: str
    who: str
    waba: str = ""
    number: str = ""
    name: str = ""


def writes(line: Line, id: str, at: datetime, text: str, reply_to: str = "") -> bytes:
    """She writes a text."""
    if line.platform == "whatsapp":
        context = {"context": {"from": line.number, "id": reply_to}} if reply_to else {}
        return whatsapp_message(line, id, at, {**context, "type": "text", "text": {"body": text}})
    reply = {"reply_to": {"mid": reply_to}} if reply_to else {}
    return page(line, at, {"message": {"mid": id, "text": text, **reply}})


def taps(line: Line, id: str, at: datetime, shown: Shown, payload: str, title: str) -> bytes:
    """She taps an option of a message."""
    if shown.kind == "feedback":
        scale, question, mark = payload.split(" ")
        screens = [{"screen_id": 0, "questions": {question: {"type": scale, "payload": mark}}}]
        return page(line, at, {"messaging_feedback": {"feedback_screens": screens}})
    if line.platform != "whatsapp":
        message = {"mid": id, "text": title, "quick_reply": {"payload": payload}}
        return page(line, at, {"message": message})
    if shown.kind == "template":
        answer = {"context": {"from": line.number, "id": shown.id}, "button": {"payload": payload, "text": title}}
        return whatsapp_message(line, id, at, {"type": "button", **answer})
    kind = "list_reply" if shown.kind == "list" else "button_reply"
    interactive = {"type": kind, kind: {"id": payload, "title": title}}
    context = {"from": line.number, "id": shown.id}
    return whatsapp_message(line, id, at, {"context": context, "type": "interactive", "interactive": interactive})


def opens(line: Line, id: str, at: datetime, ref: str, first: bool) -> bytes:
    """She opens the chat by a link: in a new thread she taps what begins it, in an old one only the ref is told."""
    referral = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
    if not first:
        return page(line, at, {"referral": referral})
    title = "Get Started" if line.platform == "messenger" else "Hello!"
    postback = {"mid": id, "title": title, "payload": GET_STARTED}
    return page(line, at, {"postback": {**postback, "referral": referral} if ref else postback})


def sends(line: Line, id: str, at: datetime, kind: str, url: str, caption: str) -> bytes:
    """She sends a file."""
    if line.platform == "whatsapp":
        words = {"caption": caption} if caption else {}
        return whatsapp_message(line, id, at, {"type": kind, kind: {"id": f"media.{id}", "url": url, **words}})
    attachment = {"type": "file" if kind == "document" else kind, "payload": {"url": url}}
    words = {"text": caption} if caption else {}
    return page(line, at, {"message": {"mid": id, "attachments": [attachment], **words}})


def fate(line: Line, at: datetime, shown: Shown, status: str, code: int) -> bytes | None:
    """What became of a message of ours; None: that platform does not tell it."""
    if line.platform == "whatsapp":
        told: Json = {"id": shown.id, "status": status, "timestamp": _seconds(at), "recipient_id": line.who}
        if status == "failed":
            told["errors"] = [{"code": code, "title": "Message undeliverable"}]
        return _whatsapp(line, "messages", {"statuses": [told]})
    watermark = int(at.timestamp() * 1000)
    if status == "read":
        part = {"watermark": watermark} if line.platform == "messenger" else {"mid": shown.id}
        return page(line, at, {"read": part})
    if status == "delivered" and line.platform == "messenger":
        return page(line, at, {"delivery": {"mids": [shown.id], "watermark": watermark}})
    return echo(line, at, shown) if status == "sent" else None


def echo(line: Line, at: datetime, shown: Shown) -> bytes:
    """A message of ours told back; Instagram's carries no key."""
    message: Json = {"mid": shown.id, "is_echo": True}
    if line.platform == "messenger":
        message["metadata"] = shown.metadata
    if shown.links:
        message["attachments"] = [{"type": "template", "payload": {"text": shown.text}}]
    elif shown.media:
        message["attachments"] = [{"type": shown.media[0], "payload": {"url": shown.media[1]}}]
    else:
        message["text"] = shown.text
    return page(line, at, {"message": message}, ours=True)


def team(line: Line, id: str, at: datetime, text: str) -> bytes:
    """A person of the team writes in Meta's own app."""
    if line.platform == "whatsapp":
        message = {"from": line.number, "to": line.who, "id": id, "timestamp": _seconds(at), "type": "text",
                   "text": {"body": text}}  # fmt: skip
        return _whatsapp(line, "smb_message_echoes", {"message_echoes": [message]})
    app = {"app_id": PAGE_INBOX} if line.platform == "messenger" else {}
    return page(line, at, {"message": {"mid": id, "is_echo": True, "text": text, **app}}, ours=True)


def whatsapp_message(line: Line, id: str, at: datetime, message: Json) -> bytes:
    """One object of `messages`."""
    profile = {"profile": {"name": line.name}} if line.name else {}
    value = {
        "contacts": [{**profile, "wa_id": line.who}],
        "messages": [{"from": line.who, "id": id, "timestamp": _seconds(at), **message}],
    }
    return _whatsapp(line, "messages", value)


def _whatsapp(line: Line, field: str, value: Json) -> bytes:
    metadata = {"display_phone_number": line.number, "phone_number_id": line.account}
    full = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": line.waba, "changes": [{"field": field, "value": full}]}
    return _signed_form({"object": "whatsapp_business_account", "entry": [entry]})


def change(line: Line, at: datetime, field: str, value: Json) -> bytes:
    """Something that is told as a change of a field: a comment."""
    kind = "page" if line.platform == "messenger" else "instagram"
    entry = {"id": line.account, "time": int(at.timestamp()), "changes": [{"field": field, "value": value}]}
    return _signed_form({"object": kind, "entry": [entry]})


def page(line: Line, at: datetime, event: Json, *, ours: bool = False) -> bytes:
    """One object of `messaging`."""
    stamp = int(at.timestamp() * 1000)
    sender, recipient = (line.account, line.who) if ours else (line.who, line.account)
    item = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": stamp, **event}
    kind = "page" if line.platform == "messenger" else "instagram"
    return _signed_form({"object": kind, "entry": [{"id": line.account, "time": stamp, "messaging": [item]}]})


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _signed_form(body: Json) -> bytes:
    """Everything beyond ASCII is escaped, as in what Meta signs."""
    return json.dumps(body, separators=(",", ":")).encode("ascii")
