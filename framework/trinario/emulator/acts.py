"""What people do on their phones, and what Meta then tells the bot."""

from __future__ import annotations

from typing import Any

from trinario.emulator import envelopes, statuses
from trinario.emulator.config import Json
from trinario.emulator.graph_admin import keep_media, media_url
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Option, Phone

REACTION_NAMES = {
    "❤": "love",
    "❤️": "love",
    "👍": "like",
    "👎": "dislike",
    "😮": "wow",
    "😢": "sad",
    "😠": "angry",
    "😆": "smile",
}
MIMES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg; codecs=opus", "document": "application/pdf",
         "sticker": "image/webp"}  # fmt: skip
PAGE_INBOX = 26390203743090


class CannotAct(Exception):
    """What a person cannot do: `status` is the HTTP status of the control call."""

    def __init__(self, reason: str, status: int = 409) -> None:
        super().__init__(reason)
        self.status = status


class Acts:
    """The side of the people. Every method answers what was sent: `{id, platform, person, kind, ...}`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def say(self, phone: Phone, text: str, *, reply_to: str = "", referral: Json | None = None) -> Json:
        """She types a text."""
        if not text:
            raise CannotAct("text must not be empty", 400)
        if phone.platform == "whatsapp":
            return self._whatsapp(phone, {"type": "text", "text": {"body": text}}, "text", text, reply_to=reply_to)
        message: Json = {"text": text}
        if reply_to:
            message["reply_to"] = {"mid": reply_to}
        if referral:
            message["referral"] = referral
        return self._page_message(phone, message, "text", text, reply_to=reply_to)

    def tap(self, phone: Phone, message: Message, option: Option, wish: Json) -> Json:
        """She taps an option of a message: a button, a row of a list, a quick reply."""
        if option.kind == "quick_reply":
            if option.payload in ("user_phone_number", "user_email"):
                text = str(wish.get("value") or "+15555550100")
                return self._page_message(phone, {"text": text, "quick_reply": {"payload": text}}, "text", text)
            content = {"text": option.title, "quick_reply": {"payload": option.payload}}
            return self._page_message(phone, content, "text", option.title)
        if option.kind == "postback":
            return self.postback(phone, option.title, option.payload)
        if phone.platform == "whatsapp" and option.kind in ("button", "list"):
            return self._whatsapp(phone, _tapped(message, option), "text", option.title, reply_to=message.id)
        raise CannotAct(f"an option of kind {option.kind} cannot be tapped here")

    def postback(self, phone: Phone, title: str, payload: str, referral: Json | None = None) -> Json:
        """A postback: button, get started, ice breaker or menu."""
        identity = self._show(phone, "postback", title)
        event: Json = {"postback": {"mid": identity, "title": title, "payload": payload}}
        if referral:
            event["postback"]["referral"] = referral
        self._tell(phone, "messaging_postbacks", event)
        return self._done(phone, identity, "postback", title, payload=payload, ref=(referral or {}).get("ref"))

    def get_started(self, phone: Phone, wish: Json) -> Json:
        """The first tap in a new thread: Get Started on Messenger, an ice breaker (`index`) on Instagram."""
        title, payload = self.starter(phone, int(wish.get("index") or 0))
        return self.postback(phone, title, payload)

    def menu(self, phone: Phone, wish: Json) -> Json:
        """She taps an item of the persistent menu, by title or index."""
        menus = self._meta.world.profiles.get(phone.platform, {}).get("persistent_menu") or [{"call_to_actions": []}]
        items = menus[0]["call_to_actions"]
        index = wish.get("index")
        for position, item in enumerate(items):
            if item["type"] == "postback" and (item["title"] == wish.get("title") or position == index):
                return self.postback(phone, item["title"], item["payload"])
        raise CannotAct("the persistent menu has no such postback", 404)

    def starter(self, phone: Phone, index: int = 0) -> tuple[str, str]:
        """Title and payload of what a new thread offers. Raises CannotAct where nothing was set, or on an old thread."""
        profile = self._meta.world.profiles.get(phone.platform, {})
        if phone.opened:
            raise CannotAct("the thread has begun: there is nothing to start with any more")
        if phone.platform == "messenger" and "get_started" in profile:
            return "Get Started", str(profile["get_started"]["payload"])
        breakers = ice_breakers(profile, self._meta.world.person_of(phone).language)
        if phone.platform == "instagram" and index < len(breakers):
            return breakers[index]["question"], breakers[index]["payload"]
        what = {"messenger": "get_started", "instagram": "ice_breakers"}.get(
            phone.platform, "nothing of the kind on WhatsApp"
        )
        raise CannotAct(f"the profile has no {what}: nothing can be tapped, and a ref would be lost")

    def send(self, phone: Phone, wish: Json) -> Json:
        """She sends a picture, a voice note, a place, a contact ..."""
        kind = wish.get("kind")
        if kind == "location":
            return self._location(phone, wish)
        if kind == "contacts" and phone.platform == "whatsapp":
            contacts = wish.get("contacts") or [{"name": {"formatted_name": "Anna", "first_name": "Anna"}}]
            return self._whatsapp(phone, {"type": "contacts", "contacts": contacts}, "contacts", "")
        if kind not in MIMES:
            raise CannotAct(f"kind must be one of {', '.join(MIMES)}, location or contacts", 400)
        caption = str(wish.get("caption", ""))
        if phone.platform == "whatsapp":
            return self._whatsapp_media(phone, kind, caption, wish)
        url = str(wish.get("url") or f"https://cdn.example/{self._meta.ids.number(12)}")
        shown = {"image": "image", "video": "video", "audio": "audio", "document": "file", "sticker": "sticker"}[kind]
        payload: Json = {"url": url} if kind != "sticker" else {"url": url, "sticker_id": 369239263222822}
        message: Json = {"attachments": [{"type": shown, "payload": payload}]}
        if caption:
            message["text"] = caption
        return self._page_message(phone, message, kind, caption, media={"kind": kind, "url": url})

    def react(self, phone: Phone, wish: Json) -> Json:
        """She reacts to a message with an emoji; an empty one takes the reaction back."""
        message = self._message(phone, str(wish.get("message_id", "")))
        emoji = str(wish.get("emoji", "❤"))
        self._meta.world.commit({"op": "react", "id": message.id, "by": "person", "emoji": emoji})
        self._heard(phone)
        if phone.platform == "whatsapp":
            reaction = {"message_id": message.id, **({"emoji": emoji} if emoji else {})}
            identity = self._meta.ids.message("whatsapp")
            self._tell_whatsapp(phone, {"id": identity, "type": "reaction", "reaction": reaction})
            return self._done(phone, identity, "reaction", emoji)
        event: Json = {"mid": message.id, "action": "react" if emoji else "unreact"}
        if emoji:
            event |= {"reaction": REACTION_NAMES.get(emoji, "other"), "emoji": emoji}
        self._tell(phone, "message_reactions", {"reaction": event})
        return self._done(phone, message.id, "reaction", emoji)

    def read(self, phone: Phone) -> Json:
        """She opens the app and reads everything."""
        if phone.platform != "whatsapp":
            return self._done(phone, statuses.seen(self._meta, phone), "read", "")
        unread = list(phone.unread)
        for name in unread:
            entry = self._meta.world.accepted_by_id.get(name, {})
            job = {"id": name, "status": "read", "to": phone.identity, "user_id": phone.user_id, "person": phone.person,
                   "opaque": entry.get("biz_opaque_callback_data"), "category": "service"}  # fmt: skip
            statuses.whatsapp_status(self._meta, job)
        return self._done(phone, unread[-1] if unread else "", "read", "")

    def unsend(self, phone: Phone, wish: Json) -> Json:
        """She takes back a message of hers."""
        message = self._message(phone, str(wish.get("message_id", "")))
        if message.direction != "in":
            raise CannotAct("only her own messages can be unsent")
        self._meta.world.commit({"op": "unsent", "id": message.id})
        if phone.platform == "whatsapp":
            identity = self._meta.ids.message("whatsapp")
            self._tell_whatsapp(
                phone, {"id": identity, "type": "revoke", "revoke": {"original_message_id": message.id}}
            )
        else:
            self._tell(phone, "messages", {"message": {"mid": message.id, "is_deleted": True}})
        return self._done(phone, message.id, "unsend", "")

    def block(self, phone: Phone, blocked: bool) -> Json:
        self._meta.world.commit({"op": "block", "person": phone.person, "platform": phone.platform, "blocked": blocked})
        return self._done(phone, "", "block" if blocked else "unblock", "")

    def comment(self, phone: Phone, wish: Json) -> Json:
        """She comments on a post of the Page or the Instagram account."""
        if phone.platform == "whatsapp":
            raise CannotAct("there are no posts on WhatsApp", 400)
        meta, now, text = self._meta, self._meta.clock.now(), str(wish.get("text", ""))
        post = str(wish.get("post") or "1")
        name = meta.world.person_of(phone).name
        if phone.platform == "messenger":
            post_id = f"{meta.config.messenger.page_id}_{post}"
            identity = f"{post}_{meta.ids.number(15)}"
            value: Json = {"from": {"id": phone.identity, "name": name}, "message": text, "post_id": post_id, "comment_id": identity,
                           "created_time": int(now), "item": "comment", "parent_id": post_id, "verb": "add"}  # fmt: skip
        else:
            identity = meta.ids.number(17)
            value = {"id": identity, "from": {"id": phone.identity, "username": phone.username}, "text": text,
                     "media": {"id": post, "media_product_type": "FEED"}}  # fmt: skip
        record = {
            "id": identity,
            "platform": phone.platform,
            "person": phone.person,
            "at": now,
            "text": text,
            "replied": False,
        }
        meta.world.commit({"op": "comment", "comment": record})
        field = "feed" if phone.platform == "messenger" else "comments"
        meta.hook(phone, field, envelopes.change(meta.config, phone.platform, now, field, value))
        return self._done(phone, identity, "comment", text)

    def referral(self, phone: Phone, ref: str, source: str) -> Json:
        """A link followed into an existing thread: an event, and the window opens again."""
        self._heard(phone)
        field = "messaging_referrals" if phone.platform == "messenger" else "messaging_referral"
        self._tell(phone, field, {"referral": {"ref": ref, "source": source, "type": "OPEN_THREAD"}})
        return self._done(phone, "", "referral", "", ref=ref)

    def team_says(self, phone: Phone, text: str) -> Json:
        """A person of the team writes in Meta's own app."""
        meta = self._meta
        identity, now = meta.ids.message(phone.platform), meta.clock.now()
        record = Message(identity, "out", now, "text", text, by="team").as_json()
        meta.world.commit({"op": "show", "person": phone.person, "platform": phone.platform, "message": record})
        if phone.platform == "whatsapp":
            contact = envelopes.whatsapp_contact(meta.world.person_of(phone), phone)
            echo = {"from": meta.config.whatsapp.phone, "to": phone.identity, "to_user_id": phone.user_id, "id": identity,
                    "timestamp": str(int(now)), "type": "text", "text": {"body": text}}  # fmt: skip
            value = {"contacts": [contact], "message_echoes": [echo]}
            meta.hook(phone, "smb_message_echoes", envelopes.whatsapp(meta.config, value, "smb_message_echoes"))
        else:
            app = {"app_id": PAGE_INBOX} if phone.platform == "messenger" else {}
            payload = envelopes.echo(meta.config, phone, now, {**app, "mid": identity, "text": text})
            meta.hook(phone, statuses.echo_field(phone), payload)
        return self._done(phone, identity, "text", text)

    def _location(self, phone: Phone, wish: Json) -> Json:
        place: Json = {name: wish[name] for name in ("latitude", "longitude", "name", "address", "url") if name in wish}
        place = {"latitude": 45.4642, "longitude": 9.19, **place}
        if phone.platform == "whatsapp":
            return self._whatsapp(phone, {"type": "location", "location": place}, "location", str(place.get("name", "")),
                                  media={"kind": "location", **place})  # fmt: skip
        coordinates = {"lat": place["latitude"], "long": place["longitude"]}
        attachment = {"type": "location", "payload": {"coordinates": coordinates}}
        return self._page_message(
            phone, {"attachments": [attachment]}, "location", "", media={"kind": "location", **place}
        )

    def _whatsapp_media(self, phone: Phone, kind: str, caption: str, wish: Json) -> Json:
        mime = str(wish.get("mime_type") or MIMES[kind])
        content = str(wish.get("content") or f"{kind} of {phone.person}").encode()
        identity = keep_media(self._meta, mime, content)
        stored = self._meta.world.media[identity]
        media: Json = {"mime_type": mime, "sha256": stored["sha256"], "id": identity}
        if self._meta.base:
            media["url"] = media_url(self._meta, identity)
        if caption and kind in ("image", "video", "document"):
            media["caption"] = caption
        if kind == "document":
            media["filename"] = str(wish.get("filename", "file.pdf"))
        if kind == "audio":
            media["voice"] = bool(wish.get("voice", True))
        if kind == "sticker":
            media["animated"] = False
        return self._whatsapp(phone, {"type": kind, kind: media}, kind, caption, media={"kind": kind, "id": identity})

    def option(self, phone: Phone, wish: Json) -> tuple[Message, Option]:
        """The message and its option; 409 if it was there once but has vanished, 404 if it never was."""
        wanted = {name: wish[name] for name in ("title", "payload", "index") if wish.get(name) is not None}
        if len(wanted) != 1:
            raise CannotAct("exactly one of title, payload and index is needed", 400)
        vanished = False
        for message in reversed(phone.messages):
            if wish.get("message_id") not in (None, "", message.id) or not message.options:
                continue
            found = _pick(phone.tappable(message), wanted)
            if found is not None:
                return message, found
            vanished = vanished or _pick(message.options, wanted) is not None
            if wish.get("message_id") or "index" in wanted:
                break
        if vanished:
            raise CannotAct("that quick reply has vanished with the next message")
        raise CannotAct(f"nothing on this phone has the option {wanted}", 404)

    def _message(self, phone: Phone, identity: str) -> Message:
        message = phone.find(identity, self._meta.world.shown)
        if message is None:
            raise CannotAct(f"no message {identity!r} on this phone", 404)
        return message

    def _whatsapp(
        self, phone: Phone, content: Json, kind: str, text: str, *, reply_to: str = "", media: Json | None = None
    ) -> Json:
        identity = self._show(phone, kind, text, reply_to=reply_to, media=media)
        message: Json = {"id": identity}
        if reply_to:
            original = self._meta.world.shown.get(reply_to, (None, None))[1]
            own = original is not None and original.direction == "in"
            message["context"] = {"from": phone.identity if own else self._meta.config.whatsapp.phone, "id": reply_to}
        self._meta.gates.heard(self._meta.config.whatsapp.phone_number_id, self._meta.clock.now())
        self._tell_whatsapp(phone, {**message, **content})
        return self._done(phone, identity, kind, text)

    def _tell_whatsapp(self, phone: Phone, message: Json) -> None:
        meta = self._meta
        stamped = {"timestamp": str(int(meta.clock.now())), **message}
        payload = envelopes.whatsapp_message(meta.config, meta.world.person_of(phone), phone, stamped)
        meta.hook(phone, "messages", payload)

    def _page_message(self, phone: Phone, message: Json, kind: str, text: str, *, reply_to: str = "",
                      media: Json | None = None) -> Json:  # fmt: skip
        identity = self._show(phone, kind, text, reply_to=reply_to, media=media)
        self._tell(phone, "messages", {"message": {"mid": identity, **message}})
        return self._done(phone, identity, kind, text, payload=(message.get("quick_reply") or {}).get("payload"))

    def _tell(self, phone: Phone, field: str, event: Json) -> None:
        self._meta.hook(phone, field, envelopes.messaging(self._meta.config, phone, self._meta.clock.now(), event))

    def _show(self, phone: Phone, kind: str, text: str, *, reply_to: str = "", media: Json | None = None) -> str:
        if phone.blocked:
            raise CannotAct("she has blocked the business: unblock first")
        meta = self._meta
        identity = meta.ids.message(phone.platform)
        message = Message(identity, "in", meta.clock.now(), kind, text, media=media, reply_to=reply_to, status="sent")
        meta.world.commit(
            {"op": "show", "person": phone.person, "platform": phone.platform, "message": message.as_json()}
        )
        return identity

    def _heard(self, phone: Phone) -> None:
        change = {"op": "heard", "person": phone.person, "platform": phone.platform, "at": self._meta.clock.now()}
        self._meta.world.commit(change)

    def _done(self, phone: Phone, identity: str, kind: str, text: str, **more: Any) -> Json:
        known = {name: value for name, value in more.items() if value is not None}
        return {"id": identity, "platform": phone.platform, "person": phone.person, "kind": kind, "text": text, **known}


def ice_breakers(profile: Json, language: str) -> list[Json]:
    """The ice breakers for a language: the older flat form, the locale of that language, or the default."""
    entries = profile.get("ice_breakers") or []
    if entries and "question" in entries[0]:
        return list(entries)
    by_locale = {entry.get("locale", "default"): entry["call_to_actions"] for entry in entries}
    for locale, actions in by_locale.items():
        if locale.split("_")[0] == language:
            return list(actions)
    return list(by_locale.get("default", []))


def _tapped(message: Message, option: Option) -> Json:
    """What WhatsApp tells of a tap: a template's button differs from the reply buttons."""
    if option.kind == "list":
        reply = {"id": option.payload, "title": option.title}
        if option.description:
            reply["description"] = option.description
        return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": reply}}
    if message.kind == "template":
        return {"type": "button", "button": {"payload": option.payload, "text": option.title}}
    reply = {"id": option.payload, "title": option.title}
    return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}


def _pick(options: list[Option], wanted: Json) -> Option | None:
    if "index" in wanted:
        index = int(wanted["index"])
        return options[index] if 0 <= index < len(options) else None
    name, value = next(iter(wanted.items()))
    return next((option for option in options if getattr(option, name) == value), None)
