"""What people do in Telegram, and the update that tells of it."""

from __future__ import annotations

from collections.abc import Callable

from trinario.emulator.config import Json
from trinario.emulator.graph_media import keep_media
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Option, Phone
from trinario.emulator.samples import content_of
from trinario.emulator.telegram.updates import chat, next_name, number_of, shown_message, tell, user
from trinario.emulator.voice import CannotAct, on_screen

FILES = {
    "image": ("photo", "image/jpeg"), "video": ("video", "video/mp4"), "audio": ("voice", "audio/ogg"),
    "document": ("document", "application/pdf"), "sticker": ("sticker", "image/webp"),
}  # fmt: skip
START = "/start"


class TelegramActs:
    """The side of the people. Every method answers `{id, platform, person, kind, text, ...}`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def deeds(self, phone: Phone, wish: Json) -> dict[str, Callable[[], Json]]:
        """What she can do, by name."""
        return {
            "say": lambda: self.say(phone, str(wish.get("text", "")), str(wish.get("reply_to") or "")),
            "send": lambda: self.send(phone, wish),
            "get_started": lambda: self.start(phone),
            "menu": lambda: self.menu(phone, wish),
            "react": lambda: self.react(phone, wish),
            "edit": lambda: self.edit(phone, wish),
            "read": lambda: self.read(phone),
            "block": lambda: self.block(phone, True),
            "unblock": lambda: self.block(phone, False),
        }

    def say(self, phone: Phone, text: str, reply_to: str = "") -> Json:
        """She types a text."""
        if not text:
            raise CannotAct("text must not be empty", 400)
        answered = on_screen(self._meta, phone, reply_to) if reply_to else None
        context = {"reply_to_message": shown_message(self._meta, phone, answered)} if answered else {}
        command = {"entities": [{"offset": 0, "length": len(text.split()[0]), "type": "bot_command"}]}
        return self._told(
            phone, "text", text, {**context, "text": text, **(command if text[:1] == "/" else {})}, reply_to
        )

    def start(self, phone: Phone, ref: str = "") -> Json:
        """She presses Start, in a new chat or by a link: the app writes the command for her."""
        done = self.say(phone, f"{START} {ref}".strip())
        return {**done, "kind": "get_started", **({"ref": ref} if ref else {})}

    def menu(self, phone: Phone, wish: Json) -> Json:
        """She taps a command of the menu, by what it says or its place: the app writes it for her."""
        known = self._meta.world.profiles.get("telegram", {}).get("commands", {})
        language = self._meta.world.person_of(phone).language
        for place, one in enumerate(known.get(language) or known.get("", [])):
            if one["description"] == wish.get("title") or place == wish.get("index"):
                return self.say(phone, f"/{one['command']}")
        raise CannotAct("the menu has no such command", 404)

    def tap(self, phone: Phone, message: Message, option: Option) -> Json:
        """She taps a button below a message."""
        self._unblocked(phone)
        meta = self._meta
        name = meta.ids.number(18)
        query = {"id": name, "from": user(meta, phone), "message": shown_message(meta, phone, message),
                 "chat_instance": meta.ids.number(18), "data": option.payload}  # fmt: skip
        meta.world.commit({"op": "heard", "person": phone.person, "platform": "telegram", "at": meta.clock.now()})
        tell(meta, phone, "callback_query", query)
        return self._done(phone, name, "tap", option.title, payload=option.payload)

    def send(self, phone: Phone, wish: Json) -> Json:
        """She sends a picture, a voice note, a place, a contact ..."""
        kind, caption = str(wish.get("kind", "")), str(wish.get("caption", ""))
        if kind == "location":
            point = {name: float(wish.get(name, 45.0)) for name in ("latitude", "longitude")}
            title, address = str(wish.get("name") or ""), str(wish.get("address") or "")
            venue = {"venue": {"location": point, "title": title, "address": address}} if title else {}
            return self._told(phone, kind, title, {"location": point, **venue}, media={"kind": kind, **point})
        if kind == "contacts":
            card = {
                "phone_number": str(wish.get("phone", "+393330000000")),
                "first_name": str(wish.get("name", "Anna")),
            }
            return self._told(phone, kind, card["first_name"], {"contact": card})
        if kind not in FILES:
            raise CannotAct(f"kind must be one of {', '.join(FILES)}, location or contacts", 400)
        return self._file(phone, kind, caption, wish)

    def _file(self, phone: Phone, kind: str, caption: str, wish: Json) -> Json:
        member, mime = FILES[kind]
        data = content_of(kind, wish, phone.person)
        identity = keep_media(self._meta, str(wish.get("mime_type") or mime), data)
        file: Json = {"file_id": identity, "file_unique_id": f"u{identity}", "file_size": len(data)}
        if kind == "image":
            content: Json = {member: [{**file, "width": 1280, "height": 853}]}
        else:
            name = {"file_name": str(wish.get("filename", "file.pdf"))} if kind == "document" else {}
            content = {member: {**file, "mime_type": str(wish.get("mime_type") or mime), **name}}
        words = {"caption": caption} if caption else {}
        return self._told(phone, kind, caption, {**content, **words}, media={"kind": kind, "id": identity})

    def edit(self, phone: Phone, wish: Json) -> Json:
        """She writes a message of hers anew."""
        message, text = on_screen(self._meta, phone, str(wish.get("message_id", ""))), str(wish.get("text", ""))
        if message.direction != "in" or not text:
            raise CannotAct("a message of hers and a text are needed", 400)
        now, who = int(self._meta.clock.now()), {"from": user(self._meta, phone), "chat": chat(self._meta, phone)}
        told = {"message_id": number_of(message.id), **who, "date": int(message.at), "edit_date": now, "text": text}
        tell(self._meta, phone, "edited_message", told)
        return self._done(phone, message.id, "edit", text)

    def react(self, phone: Phone, wish: Json) -> Json:
        """She reacts to a message; an empty emoji takes it back."""
        message, emoji = (
            on_screen(self._meta, phone, str(wish.get("message_id", ""))),
            str(wish.get("emoji", "👍")).replace("\ufe0f", ""),
        )
        before = message.reactions.get("person", "")
        self._meta.world.commit({"op": "react", "id": message.id, "by": "person", "emoji": emoji})
        told = {"chat": chat(self._meta, phone), "message_id": number_of(message.id), "user": user(self._meta, phone),
                "date": int(self._meta.clock.now()), "old_reaction": _reaction(before), "new_reaction": _reaction(emoji)}  # fmt: skip
        tell(self._meta, phone, "message_reaction", told)
        return self._done(phone, message.id, "reaction", emoji)

    def read(self, phone: Phone) -> Json:
        """She reads everything: Telegram tells bots nothing of it."""
        unread = list(phone.unread)
        for name in unread:
            self._meta.world.commit({"op": "mark", "id": name, "status": "read"})
        return self._done(phone, unread[-1] if unread else "", "read", "")

    def block(self, phone: Phone, blocked: bool) -> Json:
        """She stops the bot, or takes it back."""
        meta = self._meta
        meta.world.commit({"op": "block", "person": phone.person, "platform": "telegram", "blocked": blocked})
        me = {"id": int(meta.config.telegram.id), "is_bot": True, "first_name": meta.config.telegram.name}
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        told = {"chat": chat(meta, phone), "from": user(meta, phone), "date": int(meta.clock.now()),
                "old_chat_member": {"status": old, "user": me}, "new_chat_member": {"status": new, "user": me}}  # fmt: skip
        tell(meta, phone, "my_chat_member", told)
        return self._done(phone, "", "block" if blocked else "unblock", "")

    def _told(
        self, phone: Phone, kind: str, text: str, content: Json, reply_to: str = "", media: Json | None = None
    ) -> Json:
        """A message of hers: on her screen, and as an update."""
        self._unblocked(phone)
        meta, name = self._meta, next_name(phone)
        message = Message(name, "in", meta.clock.now(), kind, text, media=media, reply_to=reply_to, status="sent")
        meta.world.commit({"op": "show", "person": phone.person, "platform": "telegram", "message": message.as_json()})
        head = {"message_id": number_of(name), "from": user(meta, phone), "chat": chat(meta, phone)}
        tell(meta, phone, "message", {**head, "date": int(meta.clock.now()), **content})
        return self._done(phone, name, kind, text)

    def _unblocked(self, phone: Phone) -> None:
        if phone.blocked:
            raise CannotAct("she has blocked the bot: unblock first")

    def _done(self, phone: Phone, name: str, kind: str, text: str, **more: str) -> Json:
        return {"id": name, "platform": "telegram", "person": phone.person, "kind": kind, "text": text, **more}


def _reaction(emoji: str) -> list[Json]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []
