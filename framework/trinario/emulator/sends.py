"""What happens to a send that passed every check on its form: gates, windows, the phone's screen, statuses, echoes."""

from __future__ import annotations

from trinario.emulator import envelopes, statuses
from trinario.emulator.checks import page as page_checks
from trinario.emulator.checks import whatsapp as whatsapp_checks
from trinario.emulator.checks.whatsapp_template import Filled, check_template
from trinario.emulator.config import Json
from trinario.emulator.faults import ASYNC
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY, Phone
from trinario.emulator.refusal import Refused
from trinario.emulator.screens import page_screen, whatsapp_screen
from trinario.emulator.webhooks import Hook

TYPING = {"whatsapp": 25.0, "messenger": 20.0, "instagram": 20.0}
MEDIA_DAYS, REACTION_DAYS = 30, 30


class WhatsAppSends:
    """`POST /{PHONE_NUMBER_ID}/messages`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def send(self, body: Json) -> tuple[Json, list[Hook]]:
        """Meta's answer. Raises Refused, in the order of meta.md §13.3."""
        meta, config = self._meta, self._meta.config.whatsapp
        whatsapp_checks.check_envelope(body)
        if "status" in body:
            return self._read_mark(body), []
        whatsapp_checks.check_recipient(body, config.phone)
        kind = whatsapp_checks.check_content(body, self._media_known)
        filled = self._filled(body) if kind == "template" else None
        to = whatsapp_checks.digits(body["to"]) if "to" in body else body["recipient"]
        if config.allowed_recipients and to not in config.allowed_recipients:
            raise Refused("whatsapp.not_in_allowed_list", 131030, whatsapp=True)
        meta.gates.whatsapp(config.phone_number_id, to, meta.clock.now())
        phone = meta.world.by_identity.get(to)
        if phone is not None and phone.platform != "whatsapp":
            phone = None
        failure, details = self._failure(kind, body, phone)
        if failure == 131047 and meta.config.sync_window_errors:
            raise Refused("whatsapp.window", 131047, details=details, whatsapp=True)
        return self._accept(kind, body, to, phone, filled, failure, details)

    def _failure(self, kind: str, body: Json, phone: Phone | None) -> tuple[int, str]:
        """The code with which this message will fail later, 0 if it will arrive."""
        names = (phone.person, phone.identity, phone.user_id) if phone else (str(body.get("to")),)
        fault = self._meta.faults.pick("send", ASYNC, "whatsapp", names, text_of(body))
        if fault is not None:
            return fault.code, "a fault was asked for"
        if phone is None or phone.blocked:
            return 131026, "Message Undeliverable."
        if kind != "template" and not phone.heard_within(self._meta.clock.now(), DAY):
            details = "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
            return 131047, details
        if kind == "reaction":
            _, target = self._meta.world.shown.get(body["reaction"]["message_id"], (None, None))
            if target is None or self._meta.clock.now() - target.at > REACTION_DAYS * DAY:
                return 131009, "the message to react to is unknown or too old"
        return 0, ""

    def _accept(self, kind: str, body: Json, to: str, phone: Phone | None, filled: Filled | None, failure: int,
                details: str) -> tuple[Json, list[Hook]]:  # fmt: skip
        meta = self._meta
        identity = meta.ids.message("whatsapp")
        screen = {"kind": "reaction", "text": body["reaction"]["emoji"]} if kind == "reaction" else \
            whatsapp_screen(kind, body, filled)  # fmt: skip
        keep(meta, "whatsapp", phone, identity, to, screen, body, failure)
        if failure:
            meta.violation(f"whatsapp.failed.{failure}", "whatsapp", message_id=identity, to=to, details=details)
        elif phone is not None and kind == "reaction":
            target = body["reaction"]["message_id"]
            meta.world.commit({"op": "react", "id": target, "by": "business", "emoji": body["reaction"]["emoji"]})
        elif phone is not None:
            show(meta, phone, identity, screen, reply_to=(body.get("context") or {}).get("message_id", ""))
        if "to" in body and not body["to"].startswith("+"):
            meta.violation("suspicious.to_without_plus", "whatsapp", to=body["to"])
        job = {"what": "whatsapp_status", "id": identity, "to": "" if "." in to else to, "person": phone.person if phone else "",
               "user_id": phone.user_id if phone else "", "opaque": body.get("biz_opaque_callback_data"),
               "category": filled.category if filled else "service"}  # fmt: skip
        self._plan(job, kind, phone, failure, details)
        contact = {"input": body["to"], "wa_id": to} if "to" in body else {"input": to, "user_id": to}
        message: Json = {"id": identity}
        if filled is not None:
            message["message_status"] = "accepted"
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}, []

    def _plan(self, job: Json, kind: str, phone: Phone | None, failure: int, details: str) -> None:
        if failure:
            delay = max(0.0, self._meta.config.status_delays.sent)
            self._meta.later(delay, {**job, "status": "failed", "code": failure, "details": details})
            return
        kinds = ("sent",) if kind == "reaction" else ("sent", "delivered", "read")
        statuses.plan(self._meta, job, reads=reads(self._meta, phone), kinds=kinds)

    def _read_mark(self, body: Json) -> Json:
        message_id, typing = whatsapp_checks.check_status_request(body)
        phone, message = self._meta.world.shown.get(message_id, (None, None))
        if phone is None or message is None or message.direction != "in":
            details = f"message_id {message_id} is not a message to this number"
            raise Refused("whatsapp.read_mark", 131009, details=details, whatsapp=True)
        mark_heard(self._meta, phone, message.at)
        if typing:
            phone.typing_until = self._meta.clock.now() + TYPING["whatsapp"]
        return {"success": True}

    def _filled(self, body: Json) -> Filled:
        check = whatsapp_checks.check_media
        return check_template(
            body["template"], self._meta.world.templates, lambda media: check(media, self._media_known, ())
        )

    def _media_known(self, identity: str) -> bool:
        media = self._meta.world.media.get(identity)
        return media is not None and self._meta.clock.now() - media["at"] <= MEDIA_DAYS * DAY


class PageSends:
    """`POST /{PAGE_ID|IG_ID|me}/messages`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def platform_of(self, body: Json, *, instagram_token: bool) -> str:
        """Messenger or Instagram, as Meta decides it: by the kind of id in `recipient`."""
        if instagram_token:
            return "instagram"
        kind, value = page_checks.recipient_of(body)
        if kind == "comment_id":
            return str(self._meta.world.comments.get(value, {}).get("platform", "messenger"))
        phone = self._meta.world.by_identity.get(value)
        linked = self._meta.config.instagram.login == "facebook"
        return "instagram" if phone is not None and phone.platform == "instagram" and linked else "messenger"

    def send(self, platform: str, body: Json) -> tuple[Json, list[Hook]]:
        """Meta's answer, and the echoes if they are to come before it. Raises Refused."""
        meta = self._meta
        sending = page_checks.check_send(platform, body)
        self._check_attachments(platform, sending.message)
        for member in page_checks.strange_members(body):
            meta.violation("suspicious.unknown_member", platform, member=member)
        if platform == "instagram" and "metadata" in sending.message:
            meta.violation("suspicious.instagram_metadata", platform)
        phone = self._recipient(platform, sending)
        self._check_window(platform, sending, phone)
        account = meta.config.account(platform).id
        meta.gates.page(platform, account, sending.heavy, meta.clock.now())
        if sending.action:
            return self._act(phone, sending), []
        return self._accept(platform, phone, sending, body)

    def _recipient(self, platform: str, sending: page_checks.Sending) -> Phone:
        """Who it is for. Raises the refusals for strangers, blocks and used-up comments."""
        world = self._meta.world
        if sending.recipient_kind == "comment_id":
            return self._commenter(platform, sending)
        phone = world.by_identity.get(sending.recipient)
        if sending.recipient_kind != "id" or phone is None or phone.platform != platform or not phone.opened:
            subcode = 2534014 if platform == "instagram" else 2018001
            raise Refused(f"{platform}.no_matching_user", 100, "(#100) No matching user found", subcode=subcode)
        if phone.blocked and platform == "instagram":
            raise Refused("instagram.blocked", 100, "(#100) The user has blocked this account.", subcode=2534029)
        if phone.blocked:
            raise Refused("messenger.blocked", 551, "(#551) This person isn't available right now.", subcode=1545041)
        return phone

    def _commenter(self, platform: str, sending: page_checks.Sending) -> Phone:
        comment = self._meta.world.comments.get(sending.recipient)
        subcode = 2534025 if platform == "instagram" else None
        if comment is None or comment["replied"] or self._meta.clock.now() - comment["at"] > 7 * DAY or sending.action:
            message = "(#100) The comment is not valid for a private reply."
            raise Refused(f"{platform}.private_reply", 100, message, subcode=subcode)
        phone = self._meta.world.phone(comment["person"], platform)
        if phone is None:
            raise Refused(
                f"{platform}.no_matching_user", 100, "(#100) No matching user found", subcode=subcode or 2018001
            )
        return phone

    def _check_window(self, platform: str, sending: page_checks.Sending, phone: Phone) -> None:
        if sending.recipient_kind == "comment_id" or sending.action == "mark_seen":
            return
        if sending.utility:
            raise Refused("messenger.utility_template", 100, "(#100) The message template does not exist.")
        days = 7 if sending.tag else 1
        account = self._meta.config.instagram if platform == "instagram" else self._meta.config.messenger
        if sending.tag == "HUMAN_AGENT" and not account.human_agent:
            raise Refused(f"{platform}.human_agent", 10, "(#10) This app may not use the Human Agent tag.", http=400)
        if not phone.heard_within(self._meta.clock.now(), days * DAY):
            message = "(#10) This message is sent outside of allowed window."
            subcode = 2534022 if platform == "instagram" else 2018278
            raise Refused(f"{platform}.window", 10, message, subcode=subcode, http=400)

    def _check_attachments(self, platform: str, message: Json) -> None:
        attachments = [message["attachment"]] if "attachment" in message else message.get("attachments") or []
        for attachment in attachments:
            payload = attachment.get("payload") or {}
            for holder in [payload, *(payload.get("elements") or [])]:
                identity = holder.get("attachment_id")
                if identity is not None:
                    page_checks.check_attachment_id(identity in self._meta.world.media, identity, platform)

    def _act(self, phone: Phone, sending: page_checks.Sending) -> Json:
        meta = self._meta
        if sending.action == "typing_on":
            phone.typing_until = meta.clock.now() + TYPING[phone.platform]
        elif sending.action == "typing_off":
            phone.typing_until = 0.0
        elif sending.action == "mark_seen":
            mark_heard(meta, phone, meta.clock.now())
        else:
            target = sending.reaction["message_id"]
            if target not in meta.world.shown:
                raise Refused(f"{phone.platform}.reaction", 100, "(#100) The message to react to does not exist.")
            meta.world.commit(
                {"op": "react", "id": target, "by": "business", "emoji": sending.reaction.get("reaction", "")}
            )
        return {"recipient_id": phone.identity}

    def _accept(self, platform: str, phone: Phone, sending: page_checks.Sending, body: Json) -> tuple[Json, list[Hook]]:
        meta, message = self._meta, sending.message
        identity = meta.ids.message(platform)
        screen = page_screen(message)
        keep(meta, platform, phone, identity, phone.identity, screen, body, 0)
        show(meta, phone, identity, screen, reply_to=(body.get("reply_to") or {}).get("mid", ""))
        if sending.recipient_kind == "comment_id":
            comment = meta.world.comments[sending.recipient]
            meta.world.commit({"op": "comment", "comment": {**comment, "replied": True}})
        job = {"what": "page_status", "id": identity}
        statuses.plan(meta, job, reads=reads(meta, phone), kinds=("delivered", "read"))
        hooks = self._echo(phone, echo_message(meta, platform, identity, message))
        answer = {"message_id": identity}
        if sending.recipient_kind == "id":
            answer = {"recipient_id": phone.identity, **answer}
        return answer, hooks

    def _echo(self, phone: Phone, message: Json) -> list[Hook]:
        """Told back before the answer or a moment after it, as configured."""
        meta = self._meta
        payload = envelopes.echo(meta.config, phone, meta.clock.now(), message)
        when = meta.config.echo_before_response
        if when == "always" or (when == "random" and meta.ids.random.random() < 0.5):
            return meta.dispatcher.queue(phone.platform, statuses.echo_field(phone), phone.person, payload)
        job = {"what": "echo", "person": phone.person, "platform": phone.platform, "payload": payload}
        meta.later(meta.config.echo_delay, job)
        return []


def echo_message(meta: Meta, platform: str, identity: str, message: Json) -> Json:
    """The `message` of an echo: our metadata and app id on Messenger, neither on Instagram."""
    shown: Json = {"mid": identity}
    if platform == "messenger":
        shown["app_id"] = int(meta.config.messenger.app_id)
        if "metadata" in message:
            shown["metadata"] = message["metadata"]
    if "text" in message:
        shown["text"] = message["text"]
    if "attachment" in message:
        shown["attachments"] = [message["attachment"]]
    elif "attachments" in message:
        shown["attachments"] = message["attachments"]
    return shown


def keep(
    meta: Meta, platform: str, phone: Phone | None, identity: str, to: str, screen: Json, body: Json, failure: int
) -> None:
    """The list of accepted messages: the judge of what the bot really said."""
    message = body.get("message") or {}
    entry = {"n": len(meta.world.accepted) + 1, "at": meta.clock.now(), "person": phone.person if phone else "",
             "platform": platform, "id": identity, "to": to, "kind": screen["kind"], "text": screen.get("text", ""),
             "biz_opaque_callback_data": body.get("biz_opaque_callback_data"), "metadata": message.get("metadata"),
             "failure": failure, "body": body}  # fmt: skip
    meta.world.commit({"op": "accept", "entry": entry})


def show(meta: Meta, phone: Phone, identity: str, screen: Json, *, reply_to: str = "", by: str = "") -> None:
    """Put a message of the business on the phone."""
    record = {
        "options": [],
        **screen,
        "id": identity,
        "direction": "out",
        "at": meta.clock.now(),
        "reply_to": reply_to,
        "by": by,
    }
    meta.world.commit({"op": "show", "person": phone.person, "platform": phone.platform, "message": record})


def mark_heard(meta: Meta, phone: Phone, until: float) -> None:
    """The business has read what the person wrote up to a moment: her phone shows it."""
    for message in reversed(phone.messages):
        if message.direction == "in" and message.at <= until:
            if message.status == "read":
                break
            meta.world.commit({"op": "mark", "id": message.id, "status": "read"})


def reads(meta: Meta, phone: Phone | None) -> bool:
    """Whether this person's phone tells at once that she has read."""
    if phone is None:
        return False
    own = meta.world.person_of(phone).reads
    return meta.config.reads if own is None else own


def text_of(body: Json) -> str:
    """The text a fault's `text_contains` is matched against."""
    text = body.get("text")
    if isinstance(text, dict):
        return str(text.get("body", ""))
    for holder in (
        body.get("message"),
        (body.get("interactive") or {}).get("body") if isinstance(body.get("interactive"), dict) else None,
    ):
        if isinstance(holder, dict) and isinstance(holder.get("text"), str):
            return str(holder["text"])
    attachment = (body.get("message") or {}).get("attachment") if isinstance(body.get("message"), dict) else None
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    return str(payload.get("text", "")) if isinstance(payload, dict) else ""
