"""What becomes of an accepted message: sent, delivered, read or failed; echoes, watermarks and seen events."""

from __future__ import annotations

import base64

from trinario.emulator import envelopes
from trinario.emulator.config import Json
from trinario.emulator.failures_whatsapp import free_service, month_of
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Phone
from trinario.emulator.refusal import whatsapp_failure
from trinario.emulator.webhooks import Hook

ORDER = ("", "sent", "delivered", "read")


def plan(meta: Meta, job: Json, *, reads: bool, kinds: tuple[str, ...]) -> None:
    """Put the statuses of one message on the timetable; `job` holds what each of them tells."""
    delays = {"sent": meta.config.status_delays.sent, "delivered": meta.config.status_delays.delivered}
    if reads:
        delays["read"] = meta.config.status_delays.read
    for status in kinds:
        if delays.get(status, -1.0) >= 0:
            meta.later(delays[status], {**job, "status": status})


def run(meta: Meta, job: Json) -> None:
    """A job of the timetable is due."""
    if job["what"] == "whatsapp_status":
        whatsapp_status(meta, job)
    elif job["what"] == "page_status":
        page_status(meta, job)
    elif job["what"] == "echo":
        phone = meta.world.phone(job["person"], job["platform"])
        if phone is not None:
            meta.hook(phone, echo_field(phone), job["payload"])
    elif job["what"] == "approve":
        approve(meta, job)


def echo_field(phone: Phone) -> str:
    """Echoes are a field of their own on Messenger and part of `messages` on Instagram."""
    return "message_echoes" if phone.platform == "messenger" else "messages"


def whatsapp_status(meta: Meta, job: Json) -> list[Hook]:
    """One status webhook; `job` is {id, status, to, user_id, person, opaque, category, reaction, code, details}."""
    phone, message = meta.world.shown.get(job["id"], (None, None))
    if message is not None and not _advances(message, job["status"]):
        return []
    status: Json = {"id": job["id"], "status": job["status"], "timestamp": str(int(meta.clock.now()))}
    if job["to"]:
        status["recipient_id"] = job["to"]
    if job["status"] == "failed":
        status["errors"] = [whatsapp_failure(job["code"], job.get("details", ""))]
    elif job.get("user_id"):
        status["recipient_user_id"] = job["user_id"]
    if job.get("opaque") is not None:
        status["biz_opaque_callback_data"] = job["opaque"]
    if job["status"] in ("sent", "delivered"):
        status["pricing"] = _pricing(meta, job)
    value: Json = {"statuses": [status]}
    person = meta.world.people.get(job["person"])
    if phone is not None and person is not None and job["status"] != "failed":
        value["contacts"] = [envelopes.whatsapp_contact(person, phone)]
    hooks = meta.dispatcher.queue("whatsapp", "messages", job["person"], envelopes.whatsapp(meta.config, value))
    if message is not None:
        meta.world.commit({"op": "mark", "id": job["id"], "status": job["status"]})
    return hooks


def page_status(meta: Meta, job: Json) -> None:
    """Messenger: delivery or read by watermark. Instagram: seen, by message id."""
    phone, message = meta.world.shown.get(job["id"], (None, None))
    if phone is None or message is None or not _advances(message, job["status"]):
        return
    if job["status"] == "read":
        seen(meta, phone)
        return
    meta.world.commit({"op": "mark", "id": message.id, "status": job["status"]})
    if phone.platform == "messenger":
        now = meta.clock.now()
        event = {"delivery": {"mids": [message.id], "watermark": envelopes.milliseconds(now)}}
        meta.hook(phone, "message_deliveries", envelopes.messaging(meta.config, phone, now, event))


def seen(meta: Meta, phone: Phone) -> str:
    """She has read all that her Messenger or Instagram shows; the id of the newest, empty if none was new."""
    unread = list(phone.unread)
    if not unread:
        return ""
    for name in unread:
        meta.world.commit({"op": "mark", "id": name, "status": "read"})
    now = meta.clock.now()
    if phone.platform == "messenger":
        event: Json = {"read": {"watermark": envelopes.milliseconds(now)}}
        meta.hook(phone, "message_reads", envelopes.messaging(meta.config, phone, now, event))
    else:
        event = {"read": {"mid": unread[-1]}}
        meta.hook(phone, "messaging_seen", envelopes.messaging(meta.config, phone, now, event))
    return unread[-1]


def approve(meta: Meta, job: Json) -> None:
    """A template under review is approved, and the WABA hears of it."""
    template = meta.world.templates.get((job["name"], job["language"]))
    if template is None:
        return
    meta.world.commit({"op": "template", "template": {**template, "status": "APPROVED"}})
    template_told(meta, {**template, "status": "APPROVED"}, "APPROVED")


def template_told(meta: Meta, template: Json, event: str, reason: str = "NONE", *, page: bool = False) -> None:
    """The webhook of a template's new state; the Page has a field of its own for its own templates."""
    value = {"event": event, "message_template_id": int(template["id"]), "message_template_name": template["name"],
             "message_template_language": template["language"].replace("_", "-"), "reason": reason,
             "message_template_category": template["category"]}  # fmt: skip
    platform, field = "whatsapp", "message_template_status_update"
    account, kind = meta.config.whatsapp.waba_id, "whatsapp_business_account"
    if page:
        platform, field = "messenger", "messenger_template_status_update"
        account, kind = meta.config.messenger.page_id, "page"
    changes = [{"field": field, "value": value}]
    payload = {"object": kind, "entry": [{"id": account, "time": int(meta.clock.now()), "changes": changes}]}
    meta.dispatcher.queue(platform, field, "", payload)


def bytes_of(media: Json) -> bytes:
    """The content of a file in the store."""
    return base64.b64decode(media["content"])


def _advances(message: Message, status: str) -> bool:
    """A status never goes back: what she read is not delivered afterwards."""
    if message.status == "failed":
        return False
    return status == "failed" or ORDER.index(status) > ORDER.index(message.status)


def _pricing(meta: Meta, job: Json) -> Json:
    """Per message since July 2025; the first thousand service messages of a month are free, and all after an ad (§5.1)."""
    category, phone = job["category"], meta.world.phone(job["person"], "whatsapp")
    if phone is not None and meta.clock.now() < phone.free_until:
        return {
            "billable": False,
            "pricing_model": "PMP",
            "type": "free_entry_point",
            "category": "referral_conversion",
        }
    if category != "service":
        return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": category}
    free = free_service(meta)
    if job["status"] == "delivered":
        meta.world.commit({"op": "served", "month": month_of(meta)})
    kind = "free_customer_service" if free else "regular"
    return {"billable": not free, "pricing_model": "PMP", "type": kind, "category": "service"}
