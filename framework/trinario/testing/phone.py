"""The phones of the people in a talk: what the bot sends to the Graph arrives here, and is shown as an app would."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trinario import jsons
from trinario.channels.graph.client import Answer, Outcome

_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the bot on a phone. `options` are (payload, title), `links` (title, address)."""

    person: str
    channel: str
    id: str
    at: datetime
    text: str
    options: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    media: tuple[str, str] | None = None
    kind: str = "text"
    metadata: str = ""

    @property
    def addresses(self) -> list[str]:
        """Every address that a thumb finds: buttons first, then those in the words."""
        return [*(url for _, url in self.links), *_URL.findall(self.text)]


@dataclass(frozen=True, slots=True)
class Number:
    """Whose phone an identity is: the person's name in the talk, and the channel."""

    person: str
    channel: str
    platform: str


@dataclass(slots=True)
class Phones:
    """A transport of the Graph (channels.graph.client.Transport) that ends on the screens of a talk's people."""

    now: Callable[[], datetime]
    next_id: Callable[[str], str]
    numbers: dict[str, Number] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    fresh: list[Shown] = field(default_factory=list)
    """What nobody has looked at yet: the machine's driver takes it to tell the echoes."""
    seen: list[str] = field(default_factory=list)
    """Identities whose messages were marked read."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Take one request of an adapter and answer as the platform does."""
        request = jsons.loads(body)
        to = _recipient(request)
        if "sender_action" in request or request.get("status") == "read":
            self.seen.append(to)
            return _answer(200, {"success": True, "recipient_id": to})
        number = self.numbers.get(to)
        if number is None:
            error = {"message": f"(#100) No matching user found: {to}", "code": 100, "error_subcode": 2018001}
            return _answer(400, {"error": error})
        id = self.next_id(number.platform)
        message = _read(number, id, self.now(), request)
        self.shown.append(message)
        self.fresh.append(message)
        return _answer(200, _taken(number.platform, to, id))

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        """Nothing is set in the profile."""
        return _answer(200, {"data": []})


def _answer(status: int, body: Mapping[str, Any]) -> Answer:
    return Answer(status, jsons.dump_bytes(body))


def _taken(platform: str, to: str, id: str) -> dict[str, Any]:
    if platform == "whatsapp":
        contact = {"input": f"+{to}", "wa_id": to}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": id}]}
    return {"recipient_id": to, "message_id": id}


def _recipient(request: Mapping[str, Any]) -> str:
    if "recipient" in request and isinstance(request["recipient"], dict):
        return str(request["recipient"].get("id", ""))
    return str(request.get("to") or request.get("recipient") or "").lstrip("+")


def _read(number: Number, id: str, at: datetime, request: Mapping[str, Any]) -> Shown:
    read = _whatsapp(request) if number.platform == "whatsapp" else _page(request["message"])
    return Shown(number.person, number.channel, id, at, **read)


def _whatsapp(request: Mapping[str, Any]) -> dict[str, Any]:
    """A body of WhatsApp's `/messages`."""
    kind = request["type"]
    if kind == "text":
        return {"text": request["text"]["body"]}
    if kind == "template":
        return {"text": f"[template {request['template']['name']}]", "kind": "template"}
    if kind == "interactive":
        return _interactive(request["interactive"])
    file = request[kind]
    return {"text": file.get("caption", ""), "media": (kind, file["link"]), "kind": kind}


def _interactive(interactive: Mapping[str, Any]) -> dict[str, Any]:
    text, action, kind = interactive["body"]["text"], interactive["action"], interactive["type"]
    if kind == "cta_url":
        link = action["parameters"]
        return {"text": text, "links": ((link["display_text"], link["url"]),)}
    if kind == "button":
        options = tuple((one["reply"]["id"], one["reply"]["title"]) for one in action["buttons"])
        return {"text": text, "options": options, "kind": "buttons"}
    rows = (row for section in action["sections"] for row in section["rows"])
    return {"text": text, "options": tuple((row["id"], row["title"]) for row in rows), "kind": "list"}


def _page(message: Mapping[str, Any]) -> dict[str, Any]:
    """The `message` of a body of Messenger's and Instagram's Send API."""
    metadata = {"metadata": message.get("metadata", "")}
    if "template" in message:
        return {"text": f"[template {message['template']['name']}]", "kind": "template", **metadata}
    if "attachment" not in message:
        replies = message.get("quick_replies", ())
        options = tuple((one["payload"], one["title"]) for one in replies)
        return {"text": message["text"], "options": options, "kind": "quick" if options else "text", **metadata}
    payload, kind = message["attachment"]["payload"], message["attachment"]["type"]
    if kind == "template":
        return {"text": payload["text"], "links": tuple(_buttons(payload)), **metadata}
    kind = "document" if kind == "file" else kind
    return {"text": "", "media": (kind, payload["url"]), "kind": kind, **metadata}


def _buttons(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for button in payload["buttons"]:
        yield button["title"], button["url"]
