"""A Messenger or Instagram send that passed every check on its form: who, the window, gates, and what becomes of it."""

from __future__ import annotations

from trinario.emulator import envelopes, statuses
from trinario.emulator.checks import page as checks
from trinario.emulator.config import Json
from trinario.emulator.graph_page_templates import check_utility, utility_screen
from trinario.emulator.graph_personas import speaker
from trinario.emulator.graph_threads import Threads
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY, Phone
from trinario.emulator.refusal import Refused
from trinario.emulator.screens import page_screen
from trinario.emulator.sends import TYPING_SECONDS, before_answer, keep, mark_heard, reads, show
from trinario.emulator.webhooks import Hook

TAG_DAYS = 7
PRIVATE_REPLY_DAYS = 7
ATTACHMENT_DAYS = 90


class PageSends:
    """`POST /{PAGE_ID|IG_ID|me}/messages`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._threads = Threads(meta)

    def platform_of(self, body: Json, *, instagram_token: bool) -> str:
        """Messenger or Instagram, as Meta decides it: by the kind of id in `recipient`."""
        if instagram_token:
            return "instagram"
        if self._meta.config.instagram.login != "facebook":
            return "messenger"
        kind, value = checks.recipient_of(body)
        if kind == "comment_id":
            return str(self._meta.world.comments.get(value, {}).get("platform", "messenger"))
        phone = self._meta.world.by_identity.get(value)
        return "instagram" if phone is not None and phone.platform == "instagram" else "messenger"

    def send(self, platform: str, body: Json) -> tuple[Json, list[Hook]]:
        """Meta's answer, and the echoes that are to come before it. Raises Refused."""
        meta = self._meta
        sending = checks.check_send(platform, body)
        self._check_attachments(platform, sending.message)
        for member in checks.strange_members(body):
            meta.violation("suspicious.unknown_member", platform, member=member)
        if platform == "instagram" and "metadata" in sending.message:
            meta.violation("suspicious.instagram_metadata", platform)
        phone = self._recipient(platform, sending)
        if sending.recipient_kind == "id":
            self._threads.check_owner(phone)
        self._check_window(platform, sending, phone)
        meta.gates.page(platform, meta.config.account(platform).id, sending.heavy, meta.clock.now())
        if sending.recipient_kind == "comment_id":
            live = meta.world.comments[sending.recipient].get("kind") == "live"
            meta.gates.private_reply(platform, live, meta.clock.now())
        if sending.action:
            return self._act(phone, sending), []
        return self._accept(platform, phone, sending, body)

    def _recipient(self, platform: str, sending: checks.Sending) -> Phone:
        """Who it is for. Raises the refusals for strangers, blocks and used-up comments."""
        if sending.recipient_kind == "comment_id":
            return self._commenter(platform, sending)
        phone = self._meta.world.by_identity.get(sending.recipient)
        if phone is None or phone.platform != platform or not phone.opened:
            subcode = 2534014 if platform == "instagram" else 2018001
            raise Refused(f"{platform}.no_matching_user", 100, "(#100) No matching user found", subcode=subcode)
        if phone.blocked and platform == "instagram":
            raise Refused("instagram.blocked", 100, "(#100) The user has blocked this account.", subcode=2534029)
        if phone.blocked:
            message = "(#551) This person isn't available right now."
            raise Refused("messenger.blocked", 551, message, subcode=1545041)
        return phone

    def _commenter(self, platform: str, sending: checks.Sending) -> Phone:
        """One private reply to a comment, within seven days."""
        comment = self._meta.world.comments.get(sending.recipient)
        phone = self._meta.world.phone(comment["person"], platform) if comment else None
        old = comment is not None and self._meta.clock.now() - comment["at"] > PRIVATE_REPLY_DAYS * DAY
        if comment is None or phone is None or comment["replied"] or old or sending.action:
            message = "(#100) The comment is not valid for a private reply."
            subcode = 2534025 if platform == "instagram" else None
            raise Refused(f"{platform}.private_reply", 100, message, subcode=subcode)
        return phone

    def _check_window(self, platform: str, sending: checks.Sending, phone: Phone) -> None:
        if sending.recipient_kind == "comment_id" or sending.action == "mark_seen":
            return
        if sending.utility:
            check_utility(self._meta, sending.message["template"])
            return
        account = self._meta.config.instagram if platform == "instagram" else self._meta.config.messenger
        if sending.tag == "HUMAN_AGENT" and not account.human_agent:
            message = "(#10) This app may not use the Human Agent tag."
            raise Refused(f"{platform}.human_agent", 10, message, http=400)
        if not phone.heard_within(self._meta.clock.now(), (TAG_DAYS if sending.tag else 1) * DAY):
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
                    checks.check_attachment_id(self._attached(identity, platform), identity, platform)
                    self._check_type(holder.get("media_type", attachment["type"]), identity, platform)

    def _check_type(self, kind: str, identity: str, platform: str) -> None:
        if kind != self._meta.world.media[identity]["kind"]:
            message = "(#100) Attachment type does not match the type of the file"
            raise Refused(f"{platform}.attachment_type", 100, message, subcode=2018047)

    def _attached(self, identity: str, platform: str) -> bool:
        media = self._meta.world.media.get(identity)
        return (
            media is not None
            and media.get("owner") == platform
            and self._meta.clock.now() - media["at"] <= ATTACHMENT_DAYS * DAY
        )

    def _address_of(self, payload: Json) -> str:
        """Where the file is that a payload shows, also one that was fetched for repeated use; "": only its id is known."""
        known = self._meta.world.media.get(str(payload.get("attachment_id", "")), {})
        return str(payload.get("url") or known.get("url", ""))

    def _act(self, phone: Phone, sending: checks.Sending) -> Json:
        meta = self._meta
        if sending.action == "typing_on":
            phone.typing_until = meta.clock.now() + TYPING_SECONDS[phone.platform]
        elif sending.action == "typing_off":
            phone.typing_until = 0.0
        elif sending.action == "mark_seen":
            mark_heard(meta, phone, meta.clock.now())
        else:
            target = sending.reaction["message_id"]
            if phone.find(target, meta.world.shown) is None:
                raise Refused(f"{phone.platform}.reaction", 100, "(#100) The message to react to does not exist.")
            emoji = sending.reaction.get("reaction", "") if sending.action == "react" else ""
            meta.world.commit({"op": "react", "id": target, "by": "business", "emoji": emoji})
        return {"recipient_id": phone.identity}

    def _accept(self, platform: str, phone: Phone, sending: checks.Sending, body: Json) -> tuple[Json, list[Hook]]:
        meta, message = self._meta, sending.message
        who = speaker(meta, body)
        if "thread_control" in body:
            self._threads.told_with(phone, body["thread_control"])
        identity = meta.ids.message(platform)
        screen = page_screen(message, self._address_of)
        if sending.utility:
            screen = utility_screen(meta, message["template"])
        keep(meta, phone, {"platform": platform, "id": identity, "to": phone.identity, "kind": screen["kind"],
                           "text": screen.get("text", ""), "failure": 0, "body": body})  # fmt: skip
        show(meta, phone, identity, screen, reply_to=(body.get("reply_to") or {}).get("mid", ""), by=who)
        if sending.recipient_kind == "comment_id":
            comment = meta.world.comments[sending.recipient]
            meta.world.commit({"op": "comment", "comment": {**comment, "replied": True}})
        job = {"what": "page_status", "id": identity}
        statuses.plan(meta, job, reads=reads(meta, phone), kinds=("delivered", "read"))
        hooks = self._echo(phone, self._echoed(platform, identity, message))
        answer = {"message_id": identity}
        return ({"recipient_id": phone.identity, **answer} if sending.recipient_kind == "id" else answer), hooks

    def _echo(self, phone: Phone, message: Json) -> list[Hook]:
        """Told back before the answer or a moment after it, as configured."""
        meta = self._meta
        payload = envelopes.echo(meta.config, phone, meta.clock.now(), message)
        if before_answer(meta):
            return meta.dispatcher.queue(phone.platform, statuses.echo_field(phone), phone.person, payload)
        job = {"what": "echo", "person": phone.person, "platform": phone.platform, "payload": payload}
        meta.later(meta.config.echo_delay, job)
        return []

    def _echoed(self, platform: str, identity: str, message: Json) -> Json:
        """The `message` of an echo: our metadata and app id on Messenger, neither on Instagram."""
        shown: Json = {"mid": identity}
        if platform == "messenger":
            shown["app_id"] = int(self._meta.config.messenger.app_id)
            if "metadata" in message:
                shown["metadata"] = message["metadata"]
        if "text" in message:
            shown["text"] = message["text"]
        if "attachment" in message:
            shown["attachments"] = [_as_told(message["attachment"])]
        elif "sticker_id" in message:
            payload = {"url": f"https://scontent.example/{message['sticker_id']}", "sticker_id": message["sticker_id"]}
            shown["attachments"] = [{"type": "sticker", "payload": payload}]
        elif "attachments" in message:
            shown["attachments"] = message["attachments"]
        return shown


def _as_told(attachment: Json) -> Json:
    """A post that is shared is told by the name that shares have (2C.2)."""
    if attachment["type"] != "MEDIA_SHARE":
        return attachment
    number = attachment["payload"]["id"]
    return {
        "type": "ig_post",
        "payload": {"id": number, "url": f"https://lookaside.example/ig_messaging_cdn/?asset_id={number}"},
    }
