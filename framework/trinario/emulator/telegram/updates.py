"""Updates in Telegram's form, numbered, and messages as they stand in a chat."""

from __future__ import annotations

from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Phone

FIRST_UPDATE = 880_000_000


def user(meta: Meta, phone: Phone) -> Json:
    """Who she is."""
    person = meta.world.person_of(phone)
    first, _, last = person.name.partition(" ")
    more = {"last_name": last} if last else {}
    named = {"username": phone.username} if phone.username else {}
    return {"id": int(phone.identity), "is_bot": False, "first_name": first, **more, **named,
            "language_code": person.language}  # fmt: skip


def chat(meta: Meta, phone: Phone) -> Json:
    """Her private chat with the bot: it has her number."""
    known = {
        name: value for name, value in user(meta, phone).items() if name in ("first_name", "last_name", "username")
    }
    return {"id": int(phone.identity), **known, "type": "private"}


def bot(meta: Meta) -> Json:
    """The bot itself, as `getMe` shows it."""
    account = meta.config.telegram
    return {"id": int(account.id), "is_bot": True, "first_name": account.name, "username": account.username}


def next_name(phone: Phone) -> str:
    """The name of the next message: the chat, and one more than the newest number in it."""
    newest = max((number_of(message.id) for message in phone.messages), default=0)
    return f"{phone.identity}:{newest + 1}"


def number_of(name: str) -> int:
    """The number of a message in its chat."""
    return int(name.rpartition(":")[2])


def shown_message(meta: Meta, phone: Phone, message: Message) -> Json:
    """A message of ours as updates hold it: its words and its buttons."""
    shown: Json = {"message_id": number_of(message.id), "from": bot(meta), "chat": chat(meta, phone),
                   "date": int(message.at)}  # fmt: skip
    shown["caption" if message.media else "text"] = message.text
    if rows := [[_button(option)] for option in message.options]:
        shown["reply_markup"] = {"inline_keyboard": rows}
    return shown


def _button(option: object) -> Json:
    title, payload, url = (getattr(option, name) for name in ("title", "payload", "url"))
    return {"text": title, "url": url} if url else {"text": title, "callback_data": payload}


def tell(meta: Meta, phone: Phone, sort: str, content: Json) -> None:
    """An update about her, if the bot asked for this sort."""
    payload = {"update_id": FIRST_UPDATE + meta.world.number(), sort: content}
    meta.dispatcher.queue("telegram", sort, phone.person, payload)
