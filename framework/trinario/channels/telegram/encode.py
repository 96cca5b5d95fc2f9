"""Messages as the Bot API takes them: a method, and what it is given (meta.md 12.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from trinario.channels.telegram.names import number_in
from trinario.model.interactive import Form, Products, Wanted
from trinario.model.message import (
    Cards,
    Choices,
    ContactCard,
    Content,
    Link,
    Location,
    Media,
    Option,
    PublicReply,
    Sign,
    Template,
    Text,
    ThreadControl,
)
from trinario.model.outbox import OutboxEntry

Body = dict[str, Any]

_MEDIA = {
    "image": ("sendPhoto", "photo"), "video": ("sendVideo", "video"), "audio": ("sendAudio", "audio"),
    "document": ("sendDocument", "document"), "sticker": ("sendSticker", "sticker"),
}  # fmt: skip
_VOICES = (".ogg", ".oga")
SHORT, TOGETHER = 4, 6
"""Titles of at most so many characters stand so many in a row: numbers of a scale; all others have a row of their own."""

VARIATION = "\ufe0f"
"""Asks for the colourful form of a sign; Telegram names reactions without it."""

MOST_CARD = 2048
"""Bytes of a vCard."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call: the method and its parameters. `file` (parameter, name, bytes) goes along with them."""

    method: str
    body: Body
    file: tuple[str, str, bytes] | None = field(default=None, repr=False)


def encode(entry: OutboxEntry) -> Request:
    """The call that carries one message. Raises ValueError for what Telegram does not have."""
    content = entry.content
    if isinstance(content, Sign):
        return _sign(entry, content)
    method, body = _message(content)
    answered = number_in(entry.reply_to) if entry.reply_to else None
    if answered is not None:
        body["reply_parameters"] = {"message_id": answered, "allow_sending_without_reply": True}
    file = None
    if isinstance(content, Media) and entry.file is not None and not content.uploaded:
        member = _member(content)[1]
        del body[member]
        file = (member, *entry.file)
    return Request(method, {"chat_id": chat_id(entry.identity.value), **body}, file)


def chat_id(value: str) -> int | str:
    """A chat as the API names it: a number."""
    return int(value) if value.removeprefix("-").isdecimal() and value.isascii() else value


def typing_action(value: str) -> Request:
    """`typing`, for some five seconds."""
    return Request("sendChatAction", {"chat_id": chat_id(value), "action": "typing"})


def _sign(entry: OutboxEntry, sign: Sign) -> Request:
    number = number_in(sign.message)
    if number is None:
        raise ValueError("a sign needs a message")
    emoji = sign.emoji.replace(VARIATION, "")
    reaction = [{"type": "emoji", "emoji": emoji}] if emoji else []
    body = {"chat_id": chat_id(entry.identity.value), "message_id": number, "reaction": reaction}
    return Request("setMessageReaction", body)


def _message(content: Content) -> tuple[str, Body]:
    match content:
        case Text():
            return "sendMessage", {"text": content.text, **_links(content.links)}
        case Choices():
            keyboard = {"inline_keyboard": list(_rows(content.options))}
            return "sendMessage", {"text": content.text, "reply_markup": keyboard}
        case Media():
            return _media(content)
        case Location():
            return _location(content)
        case ContactCard():
            return _card(content)
        case Template() | PublicReply() | Cards() | Sign() | ThreadControl() | Wanted() | Form() | Products():
            raise ValueError(f"Telegram has no {type(content).__name__}")
    assert_never(content)


def _media(content: Media) -> tuple[str, Body]:
    method, member = _member(content)
    caption = {"caption": content.caption} if content.caption else {}
    return method, {member: content.uploaded or content.url, **caption, **_links(content.links)}


def _member(content: Media) -> tuple[str, str]:
    """The method that sends such a file, and the parameter that holds it."""
    if content.kind == "audio" and content.url.partition("?")[0].lower().endswith(_VOICES):
        return "sendVoice", "voice"
    return _MEDIA[content.kind]


def _location(content: Location) -> tuple[str, Body]:
    """A place with a name needs an address as well: the point stands in for one that is not known."""
    point = {"latitude": float(content.latitude), "longitude": float(content.longitude)}
    if not content.name and not content.address:
        return "sendLocation", point
    address = content.address or f"{content.latitude:f}, {content.longitude:f}"
    return "sendVenue", {**point, "title": content.name or content.address, "address": address}


def _card(content: ContactCard) -> tuple[str, Body]:
    """A card needs a number: without one, its lines are said."""
    if not content.phone:
        lines = (content.name, content.organisation, content.email, content.url)
        return "sendMessage", {"text": "\n".join(filter(None, lines))}
    vcard = _vcard(content)
    more = {"vcard": vcard} if vcard else {}
    return "sendContact", {"phone_number": content.phone, "first_name": content.name, **more}


def is_sendable(content: ContactCard) -> bool:
    """Whether a card can be one: what it holds beside name and number is bounded."""
    return bool(content.phone) and len(_vcard(content).encode("utf-8", "replace")) <= MOST_CARD


def _vcard(content: ContactCard) -> str:
    """What a card holds beside name and number; "" if there is nothing."""
    told = (("ORG", content.organisation), ("EMAIL", content.email), ("URL", content.url))
    if not any(value for _, value in told):
        return ""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escaped(content.name)}", f"TEL:{content.phone}"]
    return "\n".join([*lines, *(f"{name}:{_escaped(value)}" for name, value in told if value), "END:VCARD"])


def _escaped(value: str) -> str:
    for sign in "\\,;":
        value = value.replace(sign, "\\" + sign)
    return value.replace("\n", "\\n")


def _links(links: Sequence[Link]) -> Body:
    rows = [[{"text": link.title.strip(), "url": link.url}] for link in links]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _rows(options: Sequence[Option]) -> Iterable[list[Body]]:
    buttons = [{"text": one.title, "callback_data": one.payload} for one in options]
    width = TOGETHER if all(len(one.title) <= SHORT for one in options) and len(options) > 2 else 1
    return (buttons[start : start + width] for start in range(0, len(buttons), width))
