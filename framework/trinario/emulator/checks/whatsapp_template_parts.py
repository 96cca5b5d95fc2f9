"""Parts of a WhatsApp template beside its words: an offer that ends, a pin, products, a call (meta.md §3A.4)."""

from __future__ import annotations

from trinario.emulator.checks.whatsapp_words import WORDS, invalid
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.refusal import Refused

PAYLOAD_LIMIT, PRODUCT_LIMIT = 256, 100
PRODUCTS_LIMIT, SECTIONS_LIMIT, SECTION_TITLE_LIMIT = 30, 10, 24


def check_offer(offer: Json, given: Fields | None) -> None:
    """An offer that ends is told when; one that does not is told nothing."""
    if not offer.get("has_expiration"):
        if given is not None:
            raise mismatch("the template has no limited_time_offer parameters")
        return
    parameters = given.objects("parameters", 0, 10) if given else []
    if len(parameters) != 1:
        raise count_differs(1, len(parameters), "limited_time_offer")
    parameters[0].choice("type", ("limited_time_offer",))
    inner = parameters[0].object("limited_time_offer")
    until = inner.raw("expiration_time_ms", needed=True)
    if isinstance(until, bool) or not isinstance(until, int) or until <= 0:
        raise invalid(inner.at("expiration_time_ms"), "expiration_time_ms must be a moment in milliseconds")
    inner.close()


def check_pin(pin: Fields) -> None:
    """Degrees, and what is there."""
    for name, most in (("latitude", 90.0), ("longitude", 180.0)):
        value = pin.raw(name, needed=True)
        try:
            good = not isinstance(value, bool) and isinstance(value, str | int | float) and abs(float(value)) <= most
        except ValueError:
            good = False
        if not good:
            raise invalid(pin.at(name), f"{name} is not valid")
    pin.text("name", 0, 1000, needed=False)
    pin.text("address", 0, 1000, needed=False)
    pin.close()


def check_catalog(kind: str, parameters: list[Fields]) -> None:
    """The product whose picture is shown, and for MPM what is offered under which titles."""
    if kind == "mpm" and len(parameters) != 1:
        raise count_differs(1, len(parameters), "button")
    if not parameters:
        return
    parameters[0].choice("type", ("action",))
    action = parameters[0].object("action")
    action.text("thumbnail_product_retailer_id", 1, PRODUCT_LIMIT, needed=kind == "mpm")
    if kind == "mpm":
        sections = action.objects("sections", 1, SECTIONS_LIMIT)
        count = 0
        for section in sections:
            section.text("title", 1, SECTION_TITLE_LIMIT, needed=len(sections) > 1)
            for product in section.objects("product_items", 1, PRODUCTS_LIMIT):
                product.string("product_retailer_id", PRODUCT_LIMIT)
                product.close()
                count += 1
            section.close()
        if count > PRODUCTS_LIMIT:
            raise WORDS.count(action.at("sections"), 1, PRODUCTS_LIMIT)
    action.close()


def check_form(parameters: list[Fields]) -> str:
    """The token of a form that a button opens, "" for none; its first screen may be given something."""
    if not parameters:
        return ""
    if len(parameters) > 1:
        raise count_differs(1, len(parameters), "button")
    parameters[0].choice("type", ("action",))
    action = parameters[0].object("action")
    token = action.text("flow_token", 1, 1000, needed=False) or ""
    if "flow_action_data" in action:
        action.object("flow_action_data")
    action.close()
    return token


def check_call(parameters: list[Fields]) -> None:
    """How long a call may be made, and what comes back with it."""
    for parameter in parameters:
        kind = parameter.choice("type", ("ttl_minutes", "payload"))
        minutes = parameter.raw("ttl_minutes", needed=kind == "ttl_minutes")
        if minutes is not None and (isinstance(minutes, bool) or not isinstance(minutes, int) or minutes < 1):
            raise invalid(parameter.at("ttl_minutes"), "ttl_minutes must be a number of minutes")
        parameter.text("payload", 1, PAYLOAD_LIMIT, needed=kind == "payload")
        parameter.close()


def count_differs(wanted: int, got: int, where: str) -> Refused:
    """Another number of parameters than the template has."""
    details = f"{where}: number of localizable_params ({got}) does not match the expected number of params ({wanted})"
    return Refused("whatsapp.template.count", 132000, details=details, whatsapp=True)


def mismatch(details: str) -> Refused:
    """Parameters for what the template has not, or none for what it has."""
    return Refused("whatsapp.template.count", 132000, details=details, whatsapp=True)
