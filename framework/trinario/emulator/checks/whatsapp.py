"""What WhatsApp refuses in `POST /{PHONE_NUMBER_ID}/messages`, in the order of meta.md §13.3."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from trinario.emulator.checks.whatsapp_interactive import check_interactive
from trinario.emulator.checks.whatsapp_words import WORDS, invalid
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.refusal import Refused

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
OPAQUE_LIMIT = 512
CONTACTS_LIMIT = 257
ENVELOPE = ("messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data",
            "recipient_identity_key_hash", "messaging_account_id")  # fmt: skip
PHONE = re.compile(r"^\+?[\d\-() ]{5,30}$")
BSUID = re.compile(r"^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$")

MediaKnown = Callable[[str], bool]


def check_envelope(body: Json) -> None:
    """`messaging_product` first, then who it is for."""
    if body.get("messaging_product") != "whatsapp":
        message = "(#100) The parameter messaging_product is required."
        raise Refused("whatsapp.messaging_product", 100, message, whatsapp=True)


def check_recipient(body: Json, own_phone: str) -> str:
    """The digits of `to`, or the business-scoped user id in `recipient`; `to` wins."""
    if body.get("recipient_type") not in (None, "individual"):
        raise invalid("recipient_type", "recipient_type must be individual")
    to, recipient = body.get("to"), body.get("recipient")
    if to is None and recipient is None:
        raise WORDS.missing("to")
    if to is not None:
        if not isinstance(to, str) or not PHONE.match(to):
            raise invalid("to", "to is not a valid phone number")
        if digits(to) == own_phone:
            raise Refused("whatsapp.recipient_is_sender", 131021, whatsapp=True)
        return digits(to)
    if not isinstance(recipient, str) or not BSUID.match(recipient):
        raise invalid("recipient", "recipient is not a valid user id")
    return recipient


def digits(number: str) -> str:
    """A dialled number without its punctuation."""
    return "".join(sign for sign in number if sign.isdigit())


def check_content(body: Json, media_known: MediaKnown) -> str:
    """The type, its object and every limit in it; the type is returned. Templates are judged apart."""
    kind = body.get("type") or "text"
    if not isinstance(kind, str) or kind not in CHECKS:
        raise Refused("whatsapp.type", 100, whatsapp=True, details=f"type must be one of {', '.join(sorted(CHECKS))}")
    top = Fields(body, "", WORDS)
    top.ignore(*ENVELOPE, kind)
    top.close()
    top.text("biz_opaque_callback_data", 0, OPAQUE_LIMIT, needed=False)
    if "context" in top:
        if kind == "reaction":
            raise invalid("context", "context is not allowed with a reaction")
        context = top.object("context")
        context.string("message_id", 1000)
        context.close()
    CHECKS[kind](top, media_known)
    return kind


def check_status_request(body: Json) -> tuple[str, bool]:
    """A read mark, with or without typing: the message id, and whether typing shall show."""
    top = Fields(body, "", WORDS)
    top.ignore("messaging_product")
    top.choice("status", ("read",))
    message = top.string("message_id", 1000)
    typing = "typing_indicator" in top
    if typing:
        indicator = top.object("typing_indicator")
        indicator.choice("type", ("text",))
        indicator.close()
    top.close()
    return message, typing


def _text(top: Fields, known: MediaKnown) -> None:
    text = top.object("text")
    text.text("body", 1, TEXT_LIMIT)
    text.flag("preview_url")
    text.close()


def check_media(media: Fields, known: MediaKnown, extras: Collection[str]) -> None:
    """Exactly one of `id` and `link`; a link is never fetched here, but must be an https url."""
    if ("id" in media) == ("link" in media):
        raise invalid(
            media.at("id"), f"{media.path} must have exactly one of id and link", rule="whatsapp.media_source"
        )
    media.url("link", needed=False)
    identity = media.text("id", 1, 200, needed=False)
    if identity is not None and not known(identity):
        message = f"(#100) Param {media.at('id')} is not a valid whatsapp business account media attachment ID"
        raise Refused("whatsapp.media_id", 100, message, whatsapp=True)
    if "caption" in extras:
        media.text("caption", 0, CAPTION_LIMIT, label="Caption", needed=False)
    if "filename" in extras:
        media.text("filename", 1, 240, needed=False)
    if "voice" in extras:
        media.flag("voice")
    media.close()


def _media(kind: str, *extras: str) -> Callable[[Fields, MediaKnown], None]:
    return lambda top, known: check_media(top.object(kind), known, extras)


def _location(top: Fields, known: MediaKnown) -> None:
    location = top.object("location")
    for name, most in (("latitude", 90.0), ("longitude", 180.0)):
        if not _within(location.raw(name, needed=True), most):
            raise invalid(location.at(name), f"{name} is not valid")
    location.text("name", 0, 1000, needed=False)
    location.text("address", 0, 1000, needed=False)
    location.close()


def _within(value: Any, most: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    try:
        return -most <= float(value) <= most
    except ValueError:
        return False


def _contacts(top: Fields, known: MediaKnown) -> None:
    for contact in top.objects("contacts", 1, CONTACTS_LIMIT):
        name = contact.object("name")
        name.string("formatted_name", 1000)
        parts = ("first_name", "last_name", "middle_name", "suffix", "prefix")
        if not [given for part in parts if (given := name.text(part, 1, 1000, needed=False))]:
            raise invalid(
                name.at("first_name"), "name needs formatted_name and one other part", rule="whatsapp.contact_name"
            )
        name.close()
        contact.text("birthday", 10, 10, needed=False)
        lists = {"phones": ("phone", "type", "wa_id"), "emails": ("email", "type"), "urls": ("url", "type"),
                 "addresses": ("street", "city", "state", "zip", "country", "country_code", "type")}  # fmt: skip
        for member, allowed in lists.items():
            for entry in contact.objects(member, 0, 100) if member in contact else ():
                entry.ignore(*allowed)
                entry.close()
        if "org" in contact:
            org = contact.object("org")
            org.ignore("company", "department", "title")
            org.close()
        contact.ignore(*lists)
        contact.close()


def _reaction(top: Fields, known: MediaKnown) -> None:
    reaction = top.object("reaction")
    reaction.string("message_id", 1000)
    reaction.text("emoji", 0, 32)
    reaction.close()


def _interactive(top: Fields, known: MediaKnown) -> None:
    check_interactive(top.object("interactive"), lambda media: check_media(media, known, ()))


def _template(top: Fields, known: MediaKnown) -> None:
    top.object("template")


CHECKS: dict[str, Callable[[Fields, MediaKnown], None]] = {
    "text": _text,
    "image": _media("image", "caption"),
    "video": _media("video", "caption"),
    "audio": _media("audio", "voice"),
    "document": _media("document", "caption", "filename"),
    "sticker": _media("sticker"),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "template": _template,
}
