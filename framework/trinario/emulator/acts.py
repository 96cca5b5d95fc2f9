"""What people do on their phones, and what Meta then tells the bot."""

from __future__ import annotations

from trinario.emulator import envelopes, statuses
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Option, Phone
from trinario.emulator.voice import CannotAct, Voice, on_screen

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
PAGE_INBOX = 26390203743090


class Acts:
    """The side of the people. Every method answers what was sent: `{id, platform, person, kind, ...}`."""

    def __init__(self, meta: Meta, voice: Voice) -> None:
        self._meta = meta
        self._voice = voice

    def say(self, phone: Phone, text: str, *, reply_to: str = "", referral: Json | None = None) -> Json:
        """She types a text."""
        if not text:
            raise CannotAct("text must not be empty", 400)
        if phone.platform == "whatsapp":
            return self._voice.whatsapp(
                phone, {"type": "text", "text": {"body": text}}, "text", text, reply_to=reply_to
            )
        message: Json = {"text": text}
        if reply_to:
            message["reply_to"] = {"mid": reply_to}
        if referral:
            message["referral"] = referral
        return self._voice.page_message(phone, message, "text", text, reply_to=reply_to)

    def tap(self, phone: Phone, message: Message, option: Option, wish: Json) -> Json:
        """She taps an option of a message: a button, a row of a list, a quick reply."""
        if option.kind == "quick_reply":
            if option.payload in ("user_phone_number", "user_email"):
                known = "+15555550100" if option.payload == "user_phone_number" else "person@luckygarden.example"
                text = str(wish.get("value") or known)
                return self._voice.page_message(phone, {"text": text, "quick_reply": {"payload": text}}, "text", text)
            content = {"text": option.title, "quick_reply": {"payload": option.payload}}
            return self._voice.page_message(phone, content, "text", option.title)
        if option.kind == "postback":
            return self.postback(phone, option.title, option.payload)
        if option.kind == "feedback":
            return self._rate(phone, option, str(wish.get("words") or ""))
        if phone.platform == "whatsapp" and option.kind in ("button", "list"):
            return self._voice.whatsapp(phone, _tapped(message, option), "text", option.title, reply_to=message.id)
        if option.kind == "location":
            place = {"latitude": 45.4642, "longitude": 9.19}
            return self._voice.whatsapp(
                phone, {"type": "location", "location": place}, "location", "", reply_to=message.id
            )
        if option.kind == "contact_info":
            return self._voice.whatsapp(phone, _own_card(phone), "contacts", "", reply_to=message.id)
        raise CannotAct(f"an option of kind {option.kind} cannot be tapped here")

    def option(self, phone: Phone, wish: Json) -> tuple[Message, Option]:
        """The newest message with such an option; 409 if it has vanished meanwhile, 404 if it never was."""
        wanted = {name: wish[name] for name in ("title", "payload", "index") if wish.get(name) is not None}
        if len(wanted) != 1:
            raise CannotAct("exactly one of title, payload and index is needed", 400)
        vanished = False
        for message in reversed(phone.messages):
            if wish.get("message_id") not in (None, "", message.id):
                continue
            options = phone.tappable(message)
            found = _pick(options, wanted)
            if found is not None:
                return message, found
            vanished = vanished or _pick(message.options, wanted) is not None
            if options and "index" in wanted:
                break
        if vanished:
            raise CannotAct("that quick reply has vanished with the next message")
        raise CannotAct(f"nothing on this phone has the option {wanted}", 404)

    def _rate(self, phone: Phone, option: Option, words: str) -> Json:
        """She gives a mark on a feedback card, and says something more if she likes."""
        kind, _, question = option.payload.partition(" ")
        answer: Json = {"type": kind, "payload": option.title}
        if words:
            answer["follow_up"] = {"type": "free_form", "payload": words}
        identity = self._voice.show(phone, "feedback", option.title)
        screens = [{"screen_id": 0, "questions": {question: answer}}]
        self._voice.tell(phone, "messaging_feedback", {"messaging_feedback": {"feedback_screens": screens}})
        return self._voice.done(phone, identity, "feedback", option.title)

    def postback(self, phone: Phone, title: str, payload: str, referral: Json | None = None) -> Json:
        """A postback: button, get started, ice breaker or menu."""
        identity = self._voice.show(phone, "postback", title)
        event: Json = {"postback": {"mid": identity, "title": title, "payload": payload}}
        if referral:
            event["postback"]["referral"] = referral
        self._voice.tell(phone, "messaging_postbacks", event)
        return self._voice.done(phone, identity, "postback", title, payload=payload, ref=(referral or {}).get("ref"))

    def get_started(self, phone: Phone, wish: Json) -> Json:
        """The first tap in a new thread: Get Started on Messenger, an ice breaker (`index`) on Instagram."""
        prompts = self._meta.world.profiles.get("whatsapp", {}).get("prompts", [])
        index = int(wish.get("index") or 0)
        if phone.platform == "whatsapp" and not phone.opened and index < len(prompts):
            return self.say(phone, prompts[index])
        title, payload = self.starter(phone, index)
        return self.postback(phone, title, payload)

    def menu(self, phone: Phone, wish: Json) -> Json:
        """She taps an item of the persistent menu, by title or index."""
        entries = self._meta.world.profiles.get(phone.platform, {}).get("persistent_menu") or []
        items = in_language(entries, self._meta.world.person_of(phone).language)
        index = wish.get("index")
        for position, item in enumerate(items):
            if item["type"] == "postback" and (item["title"] == wish.get("title") or position == index):
                return self.postback(phone, item["title"], item["payload"])
        raise CannotAct("the persistent menu has no such postback", 404)

    def starter(self, phone: Phone, index: int = 0) -> tuple[str, str]:
        """Title and payload of what a new thread offers. Raises CannotAct where nothing is set, or on an old thread."""
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

    def react(self, phone: Phone, wish: Json) -> Json:
        """She reacts to a message with an emoji; an empty one takes the reaction back."""
        message = on_screen(self._meta, phone, str(wish.get("message_id", "")))
        emoji = str(wish.get("emoji", "❤"))
        self._meta.world.commit({"op": "react", "id": message.id, "by": "person", "emoji": emoji})
        self._voice.heard(phone)
        if phone.platform == "whatsapp":
            reaction = {"message_id": message.id, **({"emoji": emoji} if emoji else {})}
            identity = self._meta.ids.message("whatsapp")
            self._voice.tell_whatsapp(phone, {"id": identity, "type": "reaction", "reaction": reaction})
            return self._voice.done(phone, identity, "reaction", emoji)
        event: Json = {"mid": message.id, "action": "react" if emoji else "unreact"}
        if emoji:
            event |= {"reaction": REACTION_NAMES.get(emoji, "other"), "emoji": emoji}
        self._voice.tell(phone, "message_reactions", {"reaction": event})
        return self._voice.done(phone, message.id, "reaction", emoji)

    def read(self, phone: Phone) -> Json:
        """She opens the app and reads everything."""
        if phone.platform != "whatsapp":
            return self._voice.done(phone, statuses.seen(self._meta, phone), "read", "")
        unread = list(phone.unread)
        for name in unread:
            entry = self._meta.world.accepted_by_id.get(name, {})
            job = {"id": name, "status": "read", "to": phone.identity, "user_id": phone.user_id, "person": phone.person,
                   "opaque": entry.get("biz_opaque_callback_data"), "category": "service"}  # fmt: skip
            statuses.whatsapp_status(self._meta, job)
        return self._voice.done(phone, unread[-1] if unread else "", "read", "")

    def unsend(self, phone: Phone, wish: Json) -> Json:
        """She takes back a message of hers."""
        message = on_screen(self._meta, phone, str(wish.get("message_id", "")))
        if message.direction != "in":
            raise CannotAct("only her own messages can be unsent")
        self._meta.world.commit({"op": "unsent", "id": message.id})
        if phone.platform == "whatsapp":
            identity = self._meta.ids.message("whatsapp")
            self._voice.tell_whatsapp(
                phone, {"id": identity, "type": "revoke", "revoke": {"original_message_id": message.id}}
            )
        else:
            self._voice.tell(phone, "messages", {"message": {"mid": message.id, "is_deleted": True}})
        return self._voice.done(phone, message.id, "unsend", "")

    def block(self, phone: Phone, blocked: bool) -> Json:
        self._meta.world.commit({"op": "block", "person": phone.person, "platform": phone.platform, "blocked": blocked})
        return self._voice.done(phone, "", "block" if blocked else "unblock", "")

    def referral(self, phone: Phone, ref: str, source: str) -> Json:
        """A link followed into an existing thread: an event, and the window opens again."""
        self._voice.heard(phone)
        field = "messaging_referrals" if phone.platform == "messenger" else "messaging_referral"
        self._voice.tell(phone, field, {"referral": {"ref": ref, "source": source, "type": "OPEN_THREAD"}})
        return self._voice.done(phone, "", "referral", "", ref=ref)

    def team_says(self, phone: Phone, text: str) -> Json:
        """A person of the team writes in Meta's own app."""
        meta = self._meta
        identity, now = meta.ids.message(phone.platform), meta.clock.now()
        record = Message(identity, "out", now, "text", text, by="team").as_json()
        meta.world.commit({"op": "show", "person": phone.person, "platform": phone.platform, "message": record})
        if phone.platform == "whatsapp":
            contact = envelopes.whatsapp_contact(meta.world.person_of(phone), phone)
            echo = {
                "from": meta.config.whatsapp.phone,
                "to": phone.identity,
                "to_user_id": phone.user_id,
                "id": identity,
                "timestamp": str(int(now)),
                "type": "text",
                "text": {"body": text},
            }
            value = {"contacts": [contact], "message_echoes": [echo]}
            meta.hook(phone, "smb_message_echoes", envelopes.whatsapp(meta.config, value, "smb_message_echoes"))
        else:
            app = {"app_id": PAGE_INBOX} if phone.platform == "messenger" else {}
            payload = envelopes.echo(meta.config, phone, now, {**app, "mid": identity, "text": text})
            meta.hook(phone, statuses.echo_field(phone), payload)
        return self._voice.done(phone, identity, "text", text)


def ice_breakers(profile: Json, language: str) -> list[Json]:
    """The ice breakers for a language: the older flat form, the locale of that language, or the default."""
    entries = profile.get("ice_breakers") or []
    return list(entries) if entries and "question" in entries[0] else in_language(entries, language)


def in_language(entries: list[Json], language: str) -> list[Json]:
    """What is shown to somebody of this language: the entry of its locale, or the default."""
    by_locale = {entry.get("locale", "default"): entry["call_to_actions"] for entry in entries}
    named = (actions for locale, actions in by_locale.items() if locale.split("_")[0] == language)
    return list(next(named, by_locale.get("default", [])))


def _own_card(phone: Phone) -> Json:
    """Her own number, given because she was asked for it."""
    name = {"formatted_name": phone.person, "first_name": phone.person}
    number = {"phone": "+" + phone.identity, "wa_id": phone.identity, "type": "MOBILE"}
    return {"type": "contacts", "contacts": [{"name": name, "phones": [number], "origin": "contact_request"}]}


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
