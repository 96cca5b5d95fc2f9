"""The phones of the people in a talk: what the bot sends to the Graph arrives here, and is shown as an app would."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trinario import jsons
from trinario.channels.graph.public import sign_of
from trinario.channels.http.transport import Answer, Outcome
from trinario.emulator.telegram.refusal import BotRefused
from trinario.model.comment import PRIVATE_REPLY_WITHIN
from trinario.model.template import TemplateSpec
from trinario.testing import screen
from trinario.testing.strictness import Refusal, comment_refusal, page_refusal, telegram_refusal, whatsapp_refusal

_URL = re.compile(r"https?://\S+")
_EDGE = re.compile(r"/([^/?]+)/(?:comments|replies)(?:\?|$)")
"""Where answers below a comment are posted."""
_BOT = re.compile(r"/bot[^/]+/(\w+)$")
"""Where methods of Telegram's Bot API are called."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the bot on a phone. `options` are (payload, title), `links` (title, address).

    `cards` are titles; `thing` is what is at a pin, the name on a card of somebody, the name of a template. `code` is the
    one-time code in a template, for which dots stand in `text`: nothing that is written down tells it.
    """

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
    cards: tuple[str, ...] = ()
    thing: str = ""
    code: str = field(default="", repr=False)

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


@dataclass(frozen=True, slots=True)
class Commented:
    """A comment: whose it is, and when she wrote it."""

    by: Number
    at: datetime


@dataclass(slots=True)
class Phones:
    """A transport of the Graph (channels.graph.client.Transport) that ends on the screens of a talk's people."""

    now: Callable[[], datetime]
    next_id: Callable[[str], str]
    numbers: dict[str, Number] = field(default_factory=dict)
    templates: Mapping[str, TemplateSpec] = field(default_factory=dict)
    """What the bot declares: the words that a template shows."""
    shown: list[Shown] = field(default_factory=list)
    fresh: list[Shown] = field(default_factory=list)
    """What nobody has looked at yet: the machine's driver takes it to tell the echoes."""
    seen: list[str] = field(default_factory=list)
    """Identities whose messages were marked read."""
    comments: dict[str, "Commented"] = field(default_factory=dict)
    """Comments below our posts, by id."""
    replied: set[str] = field(default_factory=set)
    """Those that have had their private reply."""
    refused: list[str] = field(default_factory=list)
    """Why requests were not taken whose form no platform takes: a fault of ours, whatever the flow says."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Take one request of an adapter and answer as the platform does."""
        request = jsons.loads(body)
        bot, edge = _BOT.search(url), _EDGE.search(url)
        refusal = self._judged(bot[1] if bot else "", edge[1] if edge else "", request)
        if refusal is not None:
            self.refused.append(str(refusal))
            return _refusing(refusal)
        if bot:
            return self._call(bot[1], request)
        to = _recipient(request)
        if "sender_action" in request or request.get("status") == "read":
            return self._shown_there(to, request)
        if edge:
            return self._publish(edge[1], request)
        if request.get("type") == "reaction":
            self._signed(to, request["reaction"].get("emoji", ""))
            return _answer(200, _taken("whatsapp", to, self.next_id("whatsapp")))
        if comment := _comment(request):
            return self._reply(comment, request)
        return self._message(to, request)

    def _shown_there(self, to: str, request: dict[str, Any]) -> Outcome:
        """A sign on a message of hers, or that it was read."""
        if request.get("sender_action") in ("react", "unreact"):
            self._signed(to, sign_of(request["payload"].get("reaction", "")))
        else:
            self.seen.append(to)
        return _answer(200, {"success": True, "recipient_id": to})

    def _message(self, to: str, request: dict[str, Any]) -> Outcome:
        number = self.numbers.get(to)
        if number is None:
            error = {"message": f"(#100) No matching user found: {to}", "code": 100, "error_subcode": 2018001}
            return _answer(400, {"error": error})
        id = self.next_id(number.platform)
        message = _read(number, id, self.now(), request, self.templates)
        self.shown.append(message)
        self.fresh.append(message)
        return _answer(200, _taken(number.platform, to, id))

    def _judged(self, method: str, comment: str, request: Mapping[str, Any]) -> Refusal | None:
        """What the platform has against the form of a request; whose phone it is for is looked at later."""
        if method:
            return telegram_refusal(method, request)
        if comment:
            there = self.comments.get(comment)
            return comment_refusal(there.by.platform, request) if there else None
        if "messaging_product" in request:
            return whatsapp_refusal(request, self.templates)
        return page_refusal(self._page_of(request), request) if "recipient" in request else None

    def _page_of(self, request: Mapping[str, Any]) -> str:
        """Messenger or Instagram, whose bodies look alike: where whom it is for has that phone."""
        there = self.comments.get(_comment(request))
        number = there.by if there else self.numbers.get(_recipient(request))
        return number.platform if number else "messenger"

    def _call(self, method: str, request: Mapping[str, Any]) -> Outcome:
        """A method of Telegram's Bot API."""
        to = str(request.get("chat_id", ""))
        if method == "setMessageReaction":
            self._signed(to, next((one["emoji"] for one in request["reaction"]), ""))
        if method == "sendChatAction":
            self.seen.append(to)
        if not method.startswith("send") or method == "sendChatAction":
            return _answer(200, {"ok": True, "result": True})
        number = self.numbers.get(to)
        if number is None:
            return _answer(400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
        id = self.next_id(number.platform)
        read = screen.telegram(method, request)
        message = Shown(number.person, number.channel, f"{to}:{id}", self.now(), **read)
        self.shown.append(message)
        self.fresh.append(message)
        return _answer(200, {"ok": True, "result": {"message_id": int(id), "chat": {"id": int(to), "type": "private"}}})

    def _signed(self, to: str, emoji: str) -> None:
        """A sign of the bot on a message of hers."""
        number = self.numbers[to]
        shown = Shown(number.person, number.channel, "", self.now(), "", kind="reaction", thing=emoji or "none")
        self.shown.append(shown)

    def _publish(self, comment: str, request: Mapping[str, Any]) -> Outcome:
        """The bot answers below a comment, for everybody."""
        there = self.comments.get(comment)
        if there is None:
            return _answer(
                400, {"error": {"message": f"there is no comment {comment}", "code": 100, "error_subcode": 33}}
            )
        number, id = there.by, self.next_id(there.by.platform)
        self.shown.append(Shown(number.person, number.channel, id, self.now(), request["message"], kind="public"))
        return _answer(200, {"id": id})

    def _reply(self, comment: str, request: Mapping[str, Any]) -> Outcome:
        """The one private message that a comment allows, within seven days."""
        there = self.comments.get(comment)
        if there is None or comment in self.replied or self.now() - there.at >= PRIVATE_REPLY_WITHIN:
            error = {"message": "The comment is not valid for a private reply.", "code": 100, "error_subcode": 2534025}
            return _answer(400, {"error": error})
        self.replied.add(comment)
        id = self.next_id(there.by.platform)
        message = _read(there.by, id, self.now(), request, self.templates)
        self.shown.append(message)
        self.fresh.append(message)
        return _answer(200, {"message_id": id})

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        """Nothing is set in the profile."""
        return _answer(200, {"data": []})

    async def delete(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Nothing is there to go."""
        return _answer(200, {"result": "success"})


def _answer(status: int, body: Mapping[str, Any]) -> Answer:
    return Answer(status, jsons.dump_bytes(body))


def _refusing(refusal: Refusal) -> Answer:
    if isinstance(refusal, BotRefused):
        return _answer(refusal.code, refusal.body())
    return _answer(refusal.http, refusal.body("talk"))


def _taken(platform: str, to: str, id: str) -> dict[str, Any]:
    if platform == "whatsapp":
        contact = {"input": f"+{to}", "wa_id": to}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": id}]}
    return {"recipient_id": to, "message_id": id}


def _comment(request: Mapping[str, Any]) -> str:
    recipient = request.get("recipient")
    return str(recipient.get("comment_id", "")) if isinstance(recipient, dict) else ""


def _recipient(request: Mapping[str, Any]) -> str:
    if "recipient" in request and isinstance(request["recipient"], dict):
        return str(request["recipient"].get("id", ""))
    return str(request.get("to") or request.get("recipient") or "").lstrip("+")


def _read(
    number: Number, id: str, at: datetime, request: Mapping[str, Any], templates: Mapping[str, TemplateSpec]
) -> Shown:
    if number.platform == "whatsapp":
        read = screen.whatsapp(request, templates)
    else:
        read = screen.page(request["message"], templates)
    return Shown(number.person, number.channel, id, at, **read)
