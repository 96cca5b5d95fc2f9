"""Who has a thread: `pass_thread_control` and its siblings, `thread_owner`, and what a send by somebody else is told (meta.md 3B.8)."""

from __future__ import annotations

from trinario.emulator import envelopes
from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.page_words import INSTAGRAM, MESSENGER, PageWords
from trinario.emulator.checks.whatsapp_words import WORDS
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY, Phone
from trinario.emulator.refusal import Refused

INBOXES = {"messenger": "263902037430900", "instagram": "1217981644879628"}
"""The apps behind the inboxes of a Page and of Instagram."""

METADATA, WHATSAPP_METADATA = 1000, 2000
LONGEST = int(7 * DAY)
"""Seconds by which a thread can be kept at most."""

ROLES = ("customer_service", "marketing", "utility", "ctwa", "ai_agent", "escalation")

EDGES = ("pass", "take", "release", "request", "extend")


class Threads:
    """The edges of a Page or an Instagram account that change, or tell, who has a thread."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        table: dict[tuple[str, str, str], Endpoint] = {}
        for target in ("page", "instagram"):
            table["GET", target, "thread_owner"] = self._owner
            for name in EDGES:
                table["POST", target, f"{name}_thread_control"] = self._change
        table["POST", "number", "thread_control"] = self._route
        return table

    async def _route(self, call: Call) -> Json:
        """WhatsApp's own form: one edge, the action in the body, a role instead of an app."""
        fields = Fields(call.body, "", WORDS)
        if call.body.get("messaging_product") != "whatsapp":
            message = "(#100) The parameter messaging_product is required."
            raise Refused("whatsapp.messaging_product", 100, message, whatsapp=True)
        value = str(call.body.get("recipient") or "") or str(call.body.get("to") or "").lstrip("+")
        phone = self._meta.world.by_identity.get(value)
        if phone is None or phone.platform != "whatsapp":
            raise WORDS.value("to", "a person who wrote to this number")
        action = fields.choice("action", ("pass", "release", "take")) or ""
        fields.text("metadata", 0, WHATSAPP_METADATA, needed=False)
        if action == "pass":
            role = fields.object("control_pass").choice("target_role", ROLES) or ""
            self._commit(phone, role)
        elif action == "take" and not self._meta.config.messenger.primary:
            message = "(#2494191) Only the escalation app may take the control of a thread."
            raise Refused("whatsapp.thread_take", 2494191, message, whatsapp=True)
        else:
            self._commit(phone, "")
        call.platform, call.person = "whatsapp", phone.person
        return {"messaging_product": "whatsapp"}

    async def _change(self, call: Call) -> Json:
        name = call.edge.removesuffix("_thread_control")
        phone, words, fields = self._asked(call)
        fields.text("metadata", 0, METADATA, needed=False)
        target = fields.string("target_app_id", 30) if name == "pass" else ""
        if name == "extend":
            seconds = fields.raw("duration", needed=True)
            if isinstance(seconds, bool) or not isinstance(seconds, int) or not 1 <= seconds <= LONGEST:
                raise words.value("duration", f"a number of seconds from 1 to {LONGEST}")
            self.check_owner(phone)
        fields.ignore("platform", "access_token", "appsecret_proof")
        fields.close()
        if name == "pass":
            self.pass_on(phone, words, target)
        elif name == "release":
            self.release(phone)
        elif name == "take":
            self._take(phone, words)
        elif name == "request" and not phone.thread:
            raise words.refused("thread_mine", "recipient", "The app has the thread already.")
        self._meta.log("thread", platform=phone.platform, person=phone.person, what=name, owner=phone.thread)
        return {"success": True}

    async def _owner(self, call: Call) -> Json:
        phone, _ = self._person(call.query.get("recipient", ""), call)
        return {"data": [{"thread_owner": {"app_id": phone.thread or self._meta.config.messenger.app_id}}]}

    def check_owner(self, phone: Phone) -> None:
        """Raises what a send is told while another app has the thread."""
        if not phone.thread:
            return
        if phone.platform == "instagram":
            message = "(#100) The app is not the owner of the thread."
            raise Refused("instagram.thread_owner", 100, message, subcode=2534037)
        message = "(#10) Message failed to send because another app is controlling this thread now."
        raise Refused("messenger.thread_owner", 10, message, subcode=2018300, http=400)

    def pass_on(self, phone: Phone, words: PageWords, app: str) -> None:
        """The thread goes to another app, which has to be a receiver of this account."""
        self.check_owner(phone)
        config = self._meta.config.messenger
        if app not in (*INBOXES.values(), *config.receivers) or app == config.app_id:
            raise words.refused("thread_target", "target_app_id", f"App {app} is no receiver of this account.")
        self._commit(phone, app)

    def release(self, phone: Phone) -> None:
        """The thread goes back to the default app, which is ours unless the account says otherwise."""
        self.check_owner(phone)
        self._commit(phone, "" if self._meta.config.messenger.primary else INBOXES[phone.platform])

    def _take(self, phone: Phone, words: PageWords) -> None:
        if not self._meta.config.messenger.primary:
            message = "(#10) Only the primary receiver may take the control of a thread."
            raise Refused(f"{words.platform}.thread_primary", 10, message, subcode=2018336, http=400)
        self._commit(phone, "")

    def told_with(self, phone: Phone, control: Json) -> None:
        """`thread_control` beside a message: the thread changes hands right after it."""
        words = INSTAGRAM if phone.platform == "instagram" else MESSENGER
        if control.get("control_type") == "pass":
            self.pass_on(phone, words, str(control.get("app_id") or ""))
        else:
            self.release(phone)

    def _commit(self, phone: Phone, app: str) -> None:
        self._meta.world.commit({"op": "thread", "person": phone.person, "platform": phone.platform, "owner": app})

    def _asked(self, call: Call) -> tuple[Phone, PageWords, Fields]:
        """Whose thread it is, how the platform words refusals, and the rest of the body."""
        recipient = call.body.get("recipient")
        value = str(recipient.get("id") or "") if isinstance(recipient, dict) else ""
        phone, words = self._person(value, call)
        fields = Fields(call.body, "", words)
        fields.object("recipient").string("id", 100)
        return phone, words, fields

    def _person(self, value: str, call: Call) -> tuple[Phone, PageWords]:
        phone = self._meta.world.by_identity.get(value)
        words = INSTAGRAM if call.target == "instagram" or (phone and phone.platform == "instagram") else MESSENGER
        reached = phone is not None and phone.platform == words.platform and phone.opened
        if words is INSTAGRAM and call.target == "page" and self._meta.config.instagram.login != "facebook":
            reached = False
        if phone is None or not reached:
            subcode = 2534014 if words is INSTAGRAM else 2018001
            raise Refused(f"{words.platform}.no_matching_user", 100, "(#100) No matching user found", subcode=subcode)
        call.platform, call.person = phone.platform, phone.person
        return phone, words


def hand_over(meta: Meta, phone: Phone, to: str, note: str) -> None:
    """The other side changes hands: people take the thread (`agent`), give it to us (`bot`), or ask for it (`request`)."""
    inbox, ours = INBOXES.get(phone.platform, INBOXES["messenger"]), meta.config.messenger.app_id
    if to == "request":
        part: Json = {"requested_owner_app_id": int(inbox), "metadata": note}
    else:
        old, new = (ours, inbox) if to == "agent" else (phone.thread or inbox, ours)
        part = {"previous_owner_app_id": old, "new_owner_app_id": new, "metadata": note}
        owner = inbox if to == "agent" else ""
        meta.world.commit({"op": "thread", "person": phone.person, "platform": phone.platform, "owner": owner})
    if phone.platform == "whatsapp":
        role = {"new_owner_role": "escalation" if to == "agent" else "customer_service"}
        value = envelopes.handover(meta.config, phone, meta.clock.now(), {**part, **role})
        meta.hook(phone, "messaging_handovers", value)
        return
    kind = {"agent": "take_thread_control", "bot": "pass_thread_control", "request": "request_thread_control"}[to]
    field = "messaging_handovers" if phone.platform == "messenger" else "messaging_handover"
    meta.hook(phone, field, envelopes.messaging(meta.config, phone, meta.clock.now(), {kind: part}))
