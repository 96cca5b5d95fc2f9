"""Updates of the Bot API read: one body, one update (meta.md 12.1)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from trinario.channels.http.reading import (
    UNDATED,
    external_id,
    fingerprint,
    mapping,
    mappings,
    moment,
    text,
    whole,
)
from trinario.channels.telegram.names import CALLBACK, message_name
from trinario.model.channel import Identity
from trinario.model.heard import Heard, Inbound, MediaHeard, Referral, Unsupported
from trinario.model.news import BLOCKED, UNBLOCKED, News

KIND = "telegram"
MEDIA = {
    "video": "video", "video_note": "video", "voice": "audio", "audio": "audio", "animation": "video",
    "document": "document", "sticker": "sticker",
}  # fmt: skip
"""Members of a message that hold a file, in the order in which they count: an animation comes with a document too."""

_START = "/start"

Parts = dict[str, Any]


def read_update(update: Mapping[str, Any], channel: str) -> Inbound:
    """What one update says; what is unknown, or not of a private chat, is Unsupported. Never raises."""
    sort = next((name for name in _READERS if isinstance(update.get(name), dict)), "")
    if not sort:
        keys = sorted(key for key in update if key != "update_id")
        return unread(update, channel, "update " + ",".join(keys))
    return _READERS[sort](update, update[sort], channel)


def unread(update: Mapping[str, Any], channel: str, what: str, identity: Identity | None = None) -> Unsupported:
    """An update that we keep and do not use."""
    inner = next((part for part in update.values() if isinstance(part, dict)), {})
    return Unsupported(channel, _own(update), moment(inner.get("date")), what[:200], identity)


def _own(update: Mapping[str, Any]) -> str:
    """The id of an update: a retried copy has the same."""
    number = whole(update.get("update_id"))
    return f"update:{number}" if number else fingerprint(update)


# ---- messages


def _message(update: Mapping[str, Any], message: Mapping[str, Any], channel: str) -> Inbound:
    chat = _private(message)
    if not chat:
        return unread(update, channel, "message of no private chat")
    if "text" in message and text(message, "text").split(" ")[0] == _START:
        return Heard(**_whole(update, message, channel, chat), **_started(text(message, "text")))
    return Heard(**_whole(update, message, channel, chat), **_content(message))


def _edited(update: Mapping[str, Any], message: Mapping[str, Any], channel: str) -> Inbound:
    chat = _private(message)
    if not chat:
        return unread(update, channel, "edit of no private chat")
    words = text(message, "text") or text(message, "caption")
    at, named = _dated(message, "edit_date"), message_name(chat, text(message, "message_id"))
    return Heard(Identity(channel, KIND, chat), external_id("edit", _own(update)), at, "edit", words, context=named)


def _whole(update: Mapping[str, Any], message: Mapping[str, Any], channel: str, chat: str) -> Parts:
    """What every message has. Its own number names it, so that it can be answered and signed."""
    number, answered = text(message, "message_id"), text(mapping(message, "reply_to_message"), "message_id")
    return {
        "identity": Identity(channel, KIND, chat),
        "external_id": external_id(message_name(chat, number)) if number else _own(update),
        "at": _dated(message, "date"),
        "name": _name(mapping(message, "from")),
        "context": message_name(chat, answered) if answered else "",
    }


def _started(words: str) -> Parts:
    """She came by a link (`/start payload`), or pressed the button that begins a chat."""
    ref = words.partition(" ")[2].strip()
    return {"kind": "get_started", "text": words, "referral": Referral(ref, "start") if ref else None}


def _content(message: Mapping[str, Any]) -> Parts:
    if "text" in message:
        return {"kind": "text", "text": text(message, "text")}
    if photo := mappings(message, "photo"):
        return _file(
            message, "image", max(photo, key=lambda size: whole(size.get("file_size")) or whole(size.get("width")))
        )
    if "location" in message:
        return _place(message)
    if "contact" in message:
        return _card(mapping(message, "contact"))
    for member, kind in MEDIA.items():
        if isinstance(message.get(member), dict):
            return _file(message, kind, message[member], voice=member == "voice")
    if isinstance(message.get("web_app_data"), dict):
        return {"kind": "form", "text": text(message["web_app_data"], "button_text"), "data": message["web_app_data"]}
    known = {"message_id", "from", "chat", "date", "reply_to_message"}
    return {"kind": "other", "data": {"members": sorted(key for key in message if key not in known)[:20]}}


def _file(message: Mapping[str, Any], kind: str, file: Mapping[str, Any], *, voice: bool = False) -> Parts:
    media = MediaHeard(kind, text(file, "file_id"), "", text(file, "mime_type"), text(file, "file_name"))
    data: Parts = {"voice": True} if voice else {}
    if album := text(message, "media_group_id"):
        data["album"] = album
    return {"kind": "media", "text": text(message, "caption"), "media": (media,), "data": data}


def _place(message: Mapping[str, Any]) -> Parts:
    """A point, or a place with a name: in the form that all channels share."""
    venue, point = mapping(message, "venue"), mapping(message, "location")
    said = {"name": text(venue, "title"), "address": text(venue, "address")}
    data: Parts = {name: point[name] for name in ("latitude", "longitude") if name in point}
    data |= {name: value for name, value in said.items() if value}
    return {"kind": "location", "text": ", ".join(filter(None, said.values())), "data": data}


def _card(card: Mapping[str, Any]) -> Parts:
    first, last = text(card, "first_name"), text(card, "last_name")
    name = " ".join(filter(None, (first, last)))
    told: Parts = {"name": {"formatted_name": name, "first_name": first, **({"last_name": last} if last else {})}}
    if phone := text(card, "phone_number"):
        told["phones"] = [{"phone": phone}]
    return {"kind": "contacts", "text": name, "data": {"contacts": [told]}}


# ---- what is no message


def _callback(update: Mapping[str, Any], query: Mapping[str, Any], channel: str) -> Inbound:
    """A tap. It has no time of its own: it counts from when it came."""
    person, payload, below = text(mapping(query, "from"), "id"), text(query, "data"), mapping(query, "message")
    if not person or not payload:
        return unread(update, channel, "tap without data")
    chat = text(mapping(below, "chat"), "id") or person
    if chat != person:
        return unread(update, channel, "tap in no private chat")
    number = text(below, "message_id")
    own = external_id(CALLBACK + text(query, "id")) if text(query, "id") else _own(update)
    return Heard(
        Identity(channel, KIND, person), own, UNDATED, "tap", _title(below, payload), payload,
        context=message_name(chat, number) if number else "", name=_name(mapping(query, "from")),
    )  # fmt: skip


def _title(message: Mapping[str, Any], payload: str) -> str:
    """What stood on the button; the update holds the message with all of them."""
    rows = mapping(message, "reply_markup").get("inline_keyboard")
    for row in rows if isinstance(rows, list) else []:
        for button in row if isinstance(row, list) else []:
            if isinstance(button, dict) and button.get("callback_data") == payload:
                return text(button, "text") or payload
    return payload


def _reaction(update: Mapping[str, Any], told: Mapping[str, Any], channel: str) -> Inbound:
    chat = _private(told)
    if not chat:
        return unread(update, channel, "reaction in no private chat")
    before, after = (mappings(told, name) for name in ("old_reaction", "new_reaction"))
    added = [one for one in after if one not in before]
    emoji = next((text(one, "emoji") for one in added if text(one, "emoji")), "")
    named = message_name(chat, text(told, "message_id"))
    data = {"action": "react" if added else "unreact", "emoji": emoji}
    return Heard(
        Identity(channel, KIND, chat), _own(update), _dated(told, "date"), "reaction", emoji, context=named, data=data
    )


def _membership(update: Mapping[str, Any], told: Mapping[str, Any], channel: str) -> Inbound:
    """She blocked the bot, or took it back."""
    chat, status = _private(told), text(mapping(told, "new_chat_member"), "status")
    name = {"kicked": BLOCKED, "member": UNBLOCKED}.get(status)
    if not chat or name is None:
        return unread(update, channel, f"membership {status}", Identity(channel, KIND, chat) if chat else None)
    at, her = _dated(told, "date"), Identity(channel, KIND, chat)
    return News(channel, _own(update), at, name, {"status": status}, her)


def _private(holder: Mapping[str, Any]) -> str:
    """The id of the chat with one person; "" for groups and channels."""
    chat = mapping(holder, "chat")
    return text(chat, "id") if text(chat, "type") == "private" else ""


def _dated(holder: Mapping[str, Any], key: str) -> datetime:
    return moment(holder.get(key)) or moment(holder.get("date")) or UNDATED


def _name(person: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (text(person, "first_name"), text(person, "last_name"))))


_READERS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any], str], Inbound]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _callback,
    "message_reaction": _reaction,
    "my_chat_member": _membership,
}
UPDATES = tuple(_READERS)
"""The sorts of updates that we ask for."""
