"""How a phone speaks: her message on the screen, the webhook to the bot, the answer to the control call."""

from __future__ import annotations

from typing import Any

from trinario.emulator import envelopes
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Phone


class CannotAct(Exception):
    """What a person cannot do: `status` is the HTTP status of the control call."""

    def __init__(self, reason: str, status: int = 409) -> None:
        super().__init__(reason)
        self.status = status


def on_screen(meta: Meta, phone: Phone, identity: str) -> Message:
    """A message that stands on her screen. Raises CannotAct."""
    message = phone.find(identity, meta.world.shown)
    if message is None:
        raise CannotAct(f"no message {identity!r} on this phone", 404)
    return message


class Voice:
    """What every act of a person ends in."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def whatsapp(
        self, phone: Phone, content: Json, kind: str, text: str, *, reply_to: str = "", media: Json | None = None
    ) -> Json:
        """A WhatsApp message of hers; `content` holds its type and what belongs to it."""
        identity = self.show(phone, kind, text, reply_to=reply_to, media=media)
        message: Json = {"id": identity}
        if reply_to:
            original = self._meta.world.shown.get(reply_to, (None, None))[1]
            own = original is not None and original.direction == "in"
            message["context"] = {"from": phone.identity if own else self._meta.config.whatsapp.phone, "id": reply_to}
        self._meta.gates.heard(self._meta.config.whatsapp.phone_number_id, self._meta.clock.now())
        self.tell_whatsapp(phone, {**message, **content})
        return self.done(phone, identity, kind, text)

    def tell_whatsapp(self, phone: Phone, message: Json) -> None:
        """A WhatsApp message the bot hears of, whether the screen shows it or not."""
        meta = self._meta
        if phone.shut_out:
            return
        stamped = {"timestamp": str(int(meta.clock.now())), **message}
        payload = envelopes.whatsapp_message(meta.config, meta.world.person_of(phone), phone, stamped)
        meta.hook(phone, "standby" if phone.thread else "messages", payload)

    def page_message(self, phone: Phone, message: Json, kind: str, text: str, *, reply_to: str = "",
                      media: Json | None = None) -> Json:  # fmt: skip
        """A Messenger or Instagram message of hers."""
        identity = self.show(phone, kind, text, reply_to=reply_to, media=media)
        self.tell(phone, "messages", {"message": {"mid": identity, **message}})
        return self.done(phone, identity, kind, text, payload=(message.get("quick_reply") or {}).get("payload"))

    def tell(self, phone: Phone, field: str, event: Json) -> None:
        """A `messaging` event of Messenger or Instagram."""
        payload = envelopes.messaging(self._meta.config, phone, self._meta.clock.now(), event)
        if phone.thread:
            field, payload = "standby", envelopes.standby(payload)
        self._meta.hook(phone, field, payload)

    def show(self, phone: Phone, kind: str, text: str, *, reply_to: str = "", media: Json | None = None) -> str:
        """Put a message of hers on the screen; its id."""
        if phone.blocked:
            raise CannotAct("she has blocked the business: unblock first")
        meta = self._meta
        meta.allowances.engage(phone.platform, phone.identity, meta.clock.now())
        identity = meta.ids.message(phone.platform)
        message = Message(identity, "in", meta.clock.now(), kind, text, media=media, reply_to=reply_to, status="sent")
        meta.world.commit(
            {"op": "show", "person": phone.person, "platform": phone.platform, "message": message.as_json()}
        )
        return identity

    def heard(self, phone: Phone) -> None:
        """She did something that opens the window, without a message."""
        change = {"op": "heard", "person": phone.person, "platform": phone.platform, "at": self._meta.clock.now()}
        self._meta.world.commit(change)

    def done(self, phone: Phone, identity: str, kind: str, text: str, **more: Any) -> Json:
        """`{id, platform, person, kind, text, ...}`: what the control call answers."""
        known = {name: value for name, value in more.items() if value is not None}
        return {"id": identity, "platform": phone.platform, "person": phone.person, "kind": kind, "text": text, **known}
