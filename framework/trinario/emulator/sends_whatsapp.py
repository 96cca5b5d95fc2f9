"""A WhatsApp send that passed every check on its form: gates, the window, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from trinario.emulator import statuses
from trinario.emulator.checks import whatsapp as checks
from trinario.emulator.checks.whatsapp_template import Filled, check_template
from trinario.emulator.config import Json
from trinario.emulator.failures_whatsapp import natural_failure
from trinario.emulator.faults import ASYNC
from trinario.emulator.meta import Meta
from trinario.emulator.numbers import known_as
from trinario.emulator.people import DAY, Phone
from trinario.emulator.refusal import Refused
from trinario.emulator.screens import whatsapp_screen
from trinario.emulator.sends import TYPING_SECONDS, before_answer, keep, mark_heard, reads, show, text_of
from trinario.emulator.webhooks import Hook

MEDIA_DAYS = READ_MARK_DAYS = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """A send on its way; `failure` is the code with which it will fail later, 0 if it will arrive."""

    id: str
    kind: str
    body: Json
    to: str
    phone: Phone | None
    filled: Filled | None
    failure: int
    details: str

    @property
    def category(self) -> str:
        """marketing, utility or authentication for a template; else service."""
        return self.filled.category if self.filled else "service"


class WhatsAppSends:
    """`POST /{PHONE_NUMBER_ID}/messages`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def _phone(self, to: str) -> Phone | None:
        phone = self._meta.world.by_identity.get(to)
        return phone if phone is not None and phone.platform == "whatsapp" else None

    def send(self, body: Json) -> tuple[Json, list[Hook]]:
        """Meta's answer, and the statuses that are to come before it. Raises Refused, in the order of meta.md §13.3."""
        meta, config = self._meta, self._meta.config.whatsapp
        checks.check_envelope(body)
        if "status" in body:
            return self._read_mark(body), []
        to = checks.check_recipient(body, config.phone)
        kind = checks.check_content(body, self._media_known)
        filled = self._filled(body) if kind == "template" else None
        if filled is not None and filled.category == "authentication" and body.get("to") is None:
            raise Refused("whatsapp.code_to_user_id", 131062, whatsapp=True)
        if config.allowed_recipients and to not in config.allowed_recipients:
            raise Refused("whatsapp.not_in_allowed_list", 131030, whatsapp=True)
        to = known_as(to, meta.world.by_identity)
        phone = self._phone(to)
        meta.gates.whatsapp(config.phone_number_id, phone.identity if phone else to, meta.clock.now())
        if phone is not None and phone.shut_out:
            raise Refused("whatsapp.blocked_by_us", 130403, "(#130403) The user is blocked.", whatsapp=True)
        if "deregistered" in meta.world.tokens:
            raise Refused("whatsapp.not_registered", 133010, whatsapp=True)
        category = filled.category if filled else "service"
        failure, details = self._failure(kind, category, body, phone)
        draft = Draft(meta.ids.message("whatsapp"), kind, body, to, phone, filled, failure, details)
        if failure and self._at_once(failure):
            self._refuse(draft)
        return self._accept(draft)

    def _at_once(self, code: int) -> bool:
        """Whether this failure is told in the answer: which are is practice, not documented."""
        config = self._meta.config
        return code in (*config.sync_codes, *config.both_codes) or (code == 131047 and config.sync_window_errors)

    def _refuse(self, draft: Draft) -> None:
        """The failure as an answer; where both are wanted, a status tells of it as well."""
        if draft.failure in self._meta.config.both_codes:
            self._plan(draft)
        rule = "whatsapp.window" if draft.failure == 131047 else f"whatsapp.refused.{draft.failure}"
        raise Refused(rule, draft.failure, details=draft.details, whatsapp=True)

    def _failure(self, kind: str, category: str, body: Json, phone: Phone | None) -> tuple[int, str]:
        names = (phone.person, phone.identity, phone.user_id) if phone else (str(body.get("to")),)
        fault = self._meta.faults.pick("send", ASYNC, "whatsapp", names, text_of(body))
        if fault is not None:
            return fault.code, "a fault was asked for"
        code, details = natural_failure(self._meta, kind, category, body, phone)
        if code:
            self._meta.violation(f"whatsapp.failed.{code}", "whatsapp", details=details, request=body)
        return code, details

    def _accept(self, draft: Draft) -> tuple[Json, list[Hook]]:
        meta, body, phone = self._meta, draft.body, draft.phone
        reaction = draft.kind == "reaction"
        screen = {"kind": "reaction", "text": body["reaction"]["emoji"]} if reaction else {}
        screen = screen or whatsapp_screen(draft.kind, body, draft.filled)
        keep(meta, phone, {"platform": "whatsapp", "id": draft.id, "to": draft.to, "kind": screen["kind"],
                           "text": screen.get("text", ""), "failure": draft.failure, "body": body,
                           "category": draft.category, "open": self._open(phone)})  # fmt: skip
        if phone is not None and not draft.failure and reaction:
            target = body["reaction"]["message_id"]
            meta.world.commit({"op": "react", "id": target, "by": "business", "emoji": body["reaction"]["emoji"]})
        elif phone is not None and not draft.failure:
            show(meta, phone, draft.id, screen, reply_to=(body.get("context") or {}).get("message_id", ""))
        number = body.get("to")
        if number is not None and not number.startswith("+"):
            meta.violation("suspicious.to_without_plus", "whatsapp", to=number)
        return self._answer(draft), self._plan(draft)

    def _open(self, phone: Phone | None) -> bool:
        return phone is not None and phone.heard_within(self._meta.clock.now(), DAY)

    def _answer(self, draft: Draft) -> Json:
        number = draft.body.get("to")
        contact = (
            {"input": number, "wa_id": draft.to} if number is not None else {"input": draft.to, "user_id": draft.to}
        )
        message = {"id": draft.id, **({"message_status": "accepted"} if draft.filled else {})}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}

    def _plan(self, draft: Draft) -> list[Hook]:
        """Put the statuses on the timetable; the first may overtake the answer."""
        meta, phone = self._meta, draft.phone
        job = {"what": "whatsapp_status", "id": draft.id, "to": draft.to if draft.body.get("to") else "",
               "person": phone.person if phone else "", "user_id": phone.user_id if phone else "",
               "opaque": draft.body.get("biz_opaque_callback_data"),
               "category": draft.category}  # fmt: skip
        early = before_answer(meta)
        if draft.failure:
            failed = {**job, "status": "failed", "code": draft.failure, "details": draft.details}
            if early:
                return statuses.whatsapp_status(meta, failed)
            meta.later(max(0.0, meta.config.status_delays.sent), failed)
            return []
        hooks = statuses.whatsapp_status(meta, {**job, "status": "sent"}) if early else []
        kinds = ("sent",) if draft.kind == "reaction" else ("sent", "delivered", "read")
        statuses.plan(meta, job, reads=reads(meta, phone), kinds=kinds[1:] if early else kinds)
        return hooks

    def _read_mark(self, body: Json) -> Json:
        message_id, typing = checks.check_status_request(body)
        phone, message = self._meta.world.shown.get(message_id, (None, None))
        now = self._meta.clock.now()
        known = phone is not None and phone.platform == "whatsapp" and message is not None and message.direction == "in"
        if phone is None or message is None or not known or now - message.at > READ_MARK_DAYS * DAY:
            details = f"message_id {message_id} is not a message to this number of the last {READ_MARK_DAYS} days"
            raise Refused("whatsapp.read_mark", 131009, details=details, whatsapp=True)
        mark_heard(self._meta, phone, message.at)
        if typing:
            phone.typing_until = now + TYPING_SECONDS["whatsapp"]
        return {"success": True}

    def _filled(self, body: Json) -> Filled:
        known = self._meta.world.templates
        return check_template(body["template"], known, lambda media: checks.check_media(media, self._media_known, ()))

    def _media_known(self, identity: str) -> bool:
        media = self._meta.world.media.get(identity)
        return media is not None and "mime_type" in media and self._meta.clock.now() - media["at"] <= MEDIA_DAYS * DAY
