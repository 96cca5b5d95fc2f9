"""The Graph endpoints that say something: messages and answers to comments, with the faults that strike them."""

from __future__ import annotations

from collections.abc import Callable

from trinario.emulator import strikes
from trinario.emulator.call import Call, Endpoint
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.numbers import known_as
from trinario.emulator.refusal import Refused
from trinario.emulator.sends import text_of
from trinario.emulator.sends_page import PageSends
from trinario.emulator.sends_public import PublicReplies
from trinario.emulator.sends_whatsapp import WhatsAppSends
from trinario.emulator.webhooks import Hook


class Sends:
    """One method an endpoint; `routes` is their table."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._whatsapp = WhatsAppSends(meta)
        self._pages = PageSends(meta)
        self._public = PublicReplies(meta)

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        return {
            ("POST", "number", "messages"): self._send_whatsapp,
            ("POST", "page", "messages"): self._send_page,
            ("POST", "instagram", "messages"): self._send_page,
            ("POST", "comment", "comments"): self._reply_publicly,
            ("POST", "comment", "replies"): self._reply_publicly,
            ("GET", "comment", "comments"): self._public.below,
            ("GET", "comment", "replies"): self._public.below,
        }

    def platform_of(self, call: Call) -> str:
        """Where a message of a Page or an Instagram account goes."""
        return self._pages.platform_of(call.body, instagram_token=call.who == "instagram")

    async def _send_whatsapp(self, call: Call) -> Json:
        to = call.body.get("to") or call.body.get("recipient")
        digits = "".join(sign for sign in str(to) if sign.isdigit())
        known = self._meta.world.by_identity
        phone = known.get(str(to)) or known.get(known_as(digits, known))
        call.person = phone.person if phone else ""
        names = (call.person, str(to), digits)
        return await self._with_faults(call, names, lambda: self._whatsapp.send(call.body))

    async def _send_page(self, call: Call) -> Json:
        call.platform = self.platform_of(call)
        recipient = call.body.get("recipient")
        value = str(next(iter(recipient.values()), "")) if isinstance(recipient, dict) else ""
        phone = self._meta.world.by_identity.get(value)
        call.person = phone.person if phone else ""
        names = (call.person, value)
        return await self._with_faults(call, names, lambda: self._pages.send(call.platform, call.body))

    async def _reply_publicly(self, call: Call) -> Json:
        call.person = str(self._meta.world.comments[call.id]["person"])
        return await self._with_faults(call, (call.person, call.id), lambda: self._public.reply(call))

    async def _with_faults(
        self, call: Call, names: tuple[str, ...], act: Callable[[], tuple[Json, list[Hook]]]
    ) -> Json:
        """Faults before the send is looked at, the send, echoes that overtake the answer, faults after it."""
        faults = self._meta.faults
        where = "action" if "status" in call.body or "sender_action" in call.body else "send"
        if fault := strikes.before(faults, where, call.platform, names, text_of(call.body)):
            call.faulted, whatsapp = True, call.platform == "whatsapp"
            details = "a fault was asked for" if whatsapp else ""
            raise Refused("fault", fault.code, subcode=fault.subcode, http=fault.http or None, details=details,
                          whatsapp=whatsapp)  # fmt: skip
        answer, hooks = act()
        call.done = answer
        if hooks:
            await self._meta.dispatcher.send_now(hooks)
        await strikes.after(faults, where, call.platform, names, text_of(call.body))
        return answer
