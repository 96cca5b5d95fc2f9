"""What changes on the people's side: edited messages, hidden and changed numbers, threads of another app, wishes about marketing."""

from __future__ import annotations

from trinario.emulator import envelopes
from trinario.emulator.config import Json
from trinario.emulator.graph_threads import hand_over
from trinario.emulator.meta import Meta
from trinario.emulator.people import Phone
from trinario.emulator.voice import CannotAct, Voice

MOST_EDITS = 5
"""How often a message can be edited on Messenger and Instagram."""


class Changes:
    """`edit`, `unsupported`, `hide_phone`, `show_phone`, `change_number`, `hand_over`, `opt_out` and `opt_in`."""

    def __init__(self, meta: Meta, voice: Voice) -> None:
        self._meta = meta
        self._voice = voice

    def edit(self, phone: Phone, wish: Json) -> Json:
        """She writes a message of hers anew."""
        text, name = str(wish.get("text") or ""), str(wish.get("message_id") or "")
        message = phone.find(name, self._meta.world.shown)
        if message is None or message.direction != "in" or not text:
            raise CannotAct("only a message of hers can be edited, and not to nothing", 404 if message is None else 409)
        if phone.platform != "whatsapp" and message.edits >= MOST_EDITS:
            raise CannotAct(f"a message can be edited {MOST_EDITS} times")
        self._meta.world.commit({"op": "edited", "id": name, "text": text})
        if phone.platform == "whatsapp":
            new = {"context": {"id": name}, "type": "text", "text": {"body": text}}
            told = {"type": "edit", "edit": {"original_message_id": name, "message": new}}
            self._voice.tell_whatsapp(phone, {"id": self._meta.ids.message("whatsapp"), **told})
        else:
            field = "message_edits" if phone.platform == "messenger" else "message_edit"
            self._voice.tell(phone, field, {"message_edit": {"mid": name, "text": text, "num_edit": message.edits}})
        return self._voice.done(phone, name, "edit", text)

    def unsupported(self, phone: Phone, wish: Json) -> Json:
        """She sends something that businesses are not shown: a poll, a sticker of an event ..."""
        if phone.platform == "whatsapp":
            error = {
                "code": 131051, "title": "Message type unknown", "message": "Message type unknown",
                "error_data": {"details": "Message type is currently not supported."},
            }  # fmt: skip
            kind = {"type": str(wish.get("kind") or "poll")}
            content = {"type": "unsupported", "unsupported": kind, "errors": [error]}
            return self._voice.whatsapp(phone, content, "unsupported", "")
        message = {"is_unsupported": True} if phone.platform == "instagram" else {}
        return self._voice.page_message(phone, message, "unsupported", "")

    def hide(self, phone: Phone, hidden: bool) -> Json:
        """Her user name is shown to businesses from now on, and her number is not; or the number is shown again."""
        _whatsapp(phone)
        self._meta.world.commit({"op": "hidden", "person": phone.person, "hidden": hidden})
        return self._voice.done(phone, "", "hide_phone" if hidden else "show_phone", "")

    def change_number(self, phone: Phone, wish: Json) -> Json:
        """She moves to another number: the scoped id is a new one as well."""
        _whatsapp(phone)
        world, ids = self._meta.world, self._meta.ids
        new = "".join(sign for sign in str(wish.get("wa_id") or "") if sign.isdigit()) or "39334" + ids.number(7)
        if new in world.by_identity:
            raise CannotAct(f"{new} is somebody else's")
        old, former, scoped = phone.identity, phone.user_id, f"{phone.user_id.partition('.')[0]}.{ids.number(16)}"
        world.commit({"op": "number", "person": phone.person, "wa_id": new, "user_id": scoped})
        system = {
            "body": f"User {world.person_of(phone).name} changed from {old} to {new}", "wa_id": new, "user_id": scoped,
            "previous_user_id": former, "type": "user_changed_number",
        }  # fmt: skip
        identity = ids.message("whatsapp")
        stamp = str(int(self._meta.clock.now()))
        message = {"from": old, "id": identity, "timestamp": stamp, "type": "system", "system": system}
        self._meta.hook(phone, "messages", envelopes.whatsapp(self._meta.config, {"messages": [message]}))
        return self._voice.done(phone, identity, "change_number", new, user_id=scoped)

    def hand_over(self, phone: Phone, wish: Json) -> Json:
        """The thread goes to another app (`to: agent`), comes back (`to: bot`), or the other asks for it (`to: request`)."""
        to = str(wish.get("to") or "agent")
        allowed = ("agent", "bot") if phone.platform == "whatsapp" else ("agent", "bot", "request")
        if to not in allowed:
            raise CannotAct(f"to must be one of {', '.join(allowed)}", 400)
        hand_over(self._meta, phone, to, str(wish.get("metadata") or ""))
        return self._voice.done(phone, "", "hand_over", "", to=to)

    def marketing(self, phone: Phone, wanted: bool) -> Json:
        """She stops or resumes marketing in WhatsApp's own settings."""
        _whatsapp(phone)
        self._meta.world.commit({"op": "stopped", "person": phone.person, "stopped": not wanted})
        word, now = "resume" if wanted else "stop", int(self._meta.clock.now())
        contact = envelopes.whatsapp_ids(phone)
        wish = {
            **contact, "detail": f"User requested to {word} marketing messages", "category": "marketing_messages",
            "value": word, "timestamp": now,
        }  # fmt: skip
        value = {"contacts": [contact], "user_preferences": [wish]}
        payload = envelopes.whatsapp(self._meta.config, value, "user_preferences")
        self._meta.hook(phone, "user_preferences", payload)
        return self._voice.done(phone, "", "opt_in" if wanted else "opt_out", "")


def _whatsapp(phone: Phone) -> None:
    if phone.platform != "whatsapp":
        raise CannotAct(f"there is nothing of the kind on {phone.platform}", 400)
