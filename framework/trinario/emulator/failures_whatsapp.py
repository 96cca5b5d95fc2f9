"""Why a WhatsApp message that was accepted does not arrive: strangers, windows, preferences, limits, money (meta.md §5.1, §13.3)."""

from __future__ import annotations

from datetime import UTC, datetime

from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY, Phone

FREE_SERVICE_MESSAGES = 1000
REACTION_DAYS = 30
FAMILIES = {"image": "image/", "video": "video/", "audio": "audio/", "sticker": "image/webp"}
STRANGER = "Message Undeliverable."
TOO_LATE = (
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
)
UNPAID = "Message failed to send because there were one or more errors related to your payment method."
STOPPED = "The user has stopped marketing messages from this business."
ENOUGH = "The user gets no more marketing messages just now."
TOO_MANY = "More people were written to first within 24 hours than this number may."


def natural_failure(meta: Meta, kind: str, category: str, body: Json, phone: Phone | None) -> tuple[int, str]:
    """The code with which it will fail and its details; 0: it will arrive. `category` is the template's, else service."""
    if phone is None or phone.blocked:
        return 131026, STRANGER
    open_ = phone.heard_within(meta.clock.now(), DAY)
    if kind != "template" and not open_:
        return 131047, TOO_LATE
    if category == "marketing" and (why := _unwanted(meta, phone, open_)):
        return why
    if not open_ and _begun_too_many(meta, phone):
        return 131048, TOO_MANY
    if category == "service" and not meta.config.whatsapp.payment_method and not free_service(meta):
        return 131042, UNPAID
    return _content(meta, kind, body, phone)


def free_service(meta: Meta) -> bool:
    """Whether service messages of this month are still free."""
    return meta.world.services.get(month_of(meta), 0) < FREE_SERVICE_MESSAGES


def month_of(meta: Meta) -> str:
    """The month by the emulator's clock: 2026-11."""
    return datetime.fromtimestamp(meta.clock.now(), UTC).strftime("%Y-%m")


def _unwanted(meta: Meta, phone: Phone, open_: bool) -> tuple[int, str] | None:
    """Marketing that she has stopped, that her country does not get, or of which she has had enough; not the last of
    these while her window is open."""
    account, now = meta.config.whatsapp, meta.clock.now()
    if phone.stopped:
        return 131050, STOPPED
    if any(phone.identity.startswith(str(prefix)) for prefix in account.no_marketing_to):
        return 131049, ENOUGH
    had = sum(1 for at in phone.marketed if now - at < DAY)
    return (131049, ENOUGH) if account.marketing_cap and not open_ and had >= account.marketing_cap else None


def _begun_too_many(meta: Meta, phone: Phone) -> bool:
    """Whether one more person would be over the limit of those who are written to outside a window."""
    most, begun = meta.config.whatsapp.messaging_limit, meta.world.begun
    return bool(most) and phone.identity not in begun and begun.count(meta.clock.now()) >= most


def _content(meta: Meta, kind: str, body: Json, phone: Phone) -> tuple[int, str]:
    shown = [(kind, body[kind])] if kind in FAMILIES else _headers(body["template"]) if kind == "template" else []
    for family, file in shown:
        mime = str(meta.world.media[file["id"]]["mime_type"]) if "id" in file else ""
        if mime and (not mime.startswith(FAMILIES[family]) or (family == "image" and mime == "image/webp")):
            return 131053, f"the uploaded file is of type {mime}, which is no {family}"
    if kind == "reaction":
        target = phone.find(body["reaction"]["message_id"], meta.world.shown)
        if target is None or meta.clock.now() - target.at > REACTION_DAYS * DAY:
            return 131009, "the message to react to is unknown or too old"
    return 0, ""


def _headers(template: Json) -> list[tuple[str, Json]]:
    """The pictures and videos above a template and its cards, as they were given."""
    components = list(template.get("components", ()))
    for component in template.get("components", ()):
        components += [part for card in component.get("cards", ()) for part in card["components"]]
    given = [one for part in components if str(part["type"]).lower() == "header" for one in part.get("parameters", ())]
    return [(one["type"], one[one["type"]]) for one in given if one["type"] in FAMILIES]
