"""A WhatsApp template message against the approved template: 132000, 132001, 132005, 132012, 132015, 132016."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trinario.emulator.checks.whatsapp_template_parts import (
    PAYLOAD_LIMIT,
    check_call,
    check_catalog,
    check_form,
    check_offer,
    check_pin,
    count_differs,
    mismatch,
)
from trinario.emulator.checks.whatsapp_words import WORDS, invalid
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.people import Option
from trinario.emulator.refusal import Refused

VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
BODY_LIMIT, HEADER_LIMIT, CODE_LIMIT, CARD_LIMIT = 1024, 60, 15, 160
CODE_WORDS = "{{1}} is your verification code."
"""What Meta itself writes into the body of an authentication template."""
MEDIA_HEADERS = ("image", "video", "document", "location")
PARAMETERS = ("text", "currency", "date_time", *MEDIA_HEADERS)
COMPONENTS = ("header", "body", "button", "carousel", "limited_time_offer")
CheckMedia = Callable[[Fields], None]
Templates = Mapping[tuple[str, str], Json]


@dataclass(slots=True)
class Filled:
    """A template with its parameters in place, as the phone shows it."""

    category: str
    text: str = ""
    header: str = ""
    footer: str = ""
    media: Json | None = None
    options: list[Option] = field(default_factory=list)


def check_template(content: Json, templates: Templates, media: CheckMedia) -> Filled:
    """The `template` object of a send; raises the refusal Meta gives."""
    template = Fields(content, "template", WORDS)
    name = template.string("name", 512)
    language = template.object("language")
    code = language.string("code", 15)
    language.choice("policy", ("deterministic",), needed=False)
    language.close()
    components = template.objects("components", 0, 30) if "components" in template else []
    template.ignore("components", "namespace")
    template.close()
    known = _approved(name, code, templates)
    filled = Filled(str(known.get("category", "MARKETING")).lower())
    given = _sorted_out(components)
    for component in known.get("components", []):
        _fill(filled, component, given, media)
    if given:
        kind = next(iter(given))
        raise mismatch(f"the template has no {kind[0]} parameters")
    return filled


def _approved(name: str, code: str, templates: Templates) -> Json:
    known = templates.get((name, code))
    status = str(known["status"]) if known else ""
    if known is None or status not in ("APPROVED", "PAUSED", "DISABLED"):
        details = f"template name ({name}) does not exist in {code}"
        raise Refused("whatsapp.template.unknown", 132001, details=details, whatsapp=True)
    if status != "APPROVED":
        raise Refused(f"whatsapp.template.{status.lower()}", 132015 if status == "PAUSED" else 132016, whatsapp=True)
    return known


def _sorted_out(components: list[Fields]) -> dict[tuple[str, str], Fields]:
    """The components of the request by kind, buttons by their index as well."""
    found: dict[tuple[str, str], Fields] = {}
    for component in components:
        kind = str(component.raw("type", needed=True)).lower()
        if kind not in COMPONENTS:
            raise invalid(component.at("type"), f"type must be one of {', '.join(COMPONENTS)}")
        index = str(component.raw("index")) if kind == "button" else ""
        component.ignore("sub_type", "parameters", "cards")
        component.close()
        if (kind, index) in found:
            raise invalid(component.at("type"), f"component {kind} {index} occurs twice".replace("  ", " "))
        found[kind, index] = component
    return found


def _fill(filled: Filled, component: Json, given: dict[tuple[str, str], Fields], media: CheckMedia) -> None:
    kind = str(component.get("type", "")).lower()
    if kind == "header":
        _fill_header(filled, component, given.pop(("header", ""), None), media)
    elif kind == "body":
        own = CODE_WORDS if filled.category == "authentication" else ""
        filled.text = _hydrate(component.get("text", own), given.pop(("body", ""), None), BODY_LIMIT)
    elif kind == "footer":
        filled.footer = component.get("text", "")
    elif kind == "buttons":
        for index, button in enumerate(component.get("buttons", [])):
            filled.options.append(_fill_button(button, given.pop(("button", str(index)), None)))
    elif kind == "carousel":
        _fill_cards(filled, component, given.pop(("carousel", ""), None), media)
    elif kind == "limited_time_offer":
        offer = component.get("limited_time_offer", {})
        filled.header = "\n".join(filter(None, [filled.header, str(offer.get("text", ""))]))
        check_offer(offer, given.pop((kind, ""), None))


def _fill_cards(filled: Filled, component: Json, given: Fields | None, media: CheckMedia) -> None:
    """As many cards as the template has, each with its own components."""
    wanted = component.get("cards", [])
    cards = given.objects("cards", 0, 100) if given else []
    if len(cards) != len(wanted):
        raise count_differs(len(wanted), len(cards), "carousel")
    shown: list[Json] = []
    for index, (card, declared) in enumerate(zip(cards, wanted, strict=True)):
        if card.raw("card_index", needed=True) != index:
            raise invalid(card.at("card_index"), "card_index must count up from 0")
        parts = _sorted_out(card.objects("components", 0, 10))
        card.close()
        one = Filled(filled.category)
        for part in declared["components"]:
            _fill(one, part, parts, media)
        if parts:
            raise mismatch(f"the card has no {next(iter(parts))[0]} parameters")
        if len(one.text) > CARD_LIMIT:
            details = f"translated text too long: {len(one.text)}"
            raise Refused("whatsapp.template.too_long", 132005, details=details, whatsapp=True)
        filled.options += one.options
        address = (one.media or {}).get("link") or ""
        buttons = [{"title": option.title, "url": option.url} for option in one.options]
        shown.append({"subtitle": one.text, "image_url": address, "buttons": buttons})
    filled.media = {"kind": "carousel", "elements": shown}


def _fill_header(filled: Filled, component: Json, given: Fields | None, media: CheckMedia) -> None:
    wanted = str(component.get("format", "TEXT")).lower()
    if wanted == "text":
        filled.header = _hydrate(component.get("text", ""), given, HEADER_LIMIT)
        return
    parameters = given.objects("parameters", 0, 10) if given else []
    if len(parameters) != 1:
        raise count_differs(1, len(parameters), "header")
    parameter = parameters[0]
    kind = parameter.raw("type", needed=True)
    if kind != wanted:
        raise Refused(
            "whatsapp.template.format", 132012, details=f"header: expected {wanted}, got {kind}", whatsapp=True
        )
    inner = parameter.object(kind)
    filled.media = {"kind": kind, "link": inner.raw("link"), "id": inner.raw("id")}
    if kind == "location":
        check_pin(inner)
    else:
        if kind == "document":
            inner.text("filename", 1, 240, needed=False)
        media(inner)
    parameter.close()


def _hydrate(text: str, given: Fields | None, limit: int) -> str:
    """The text with its variables replaced; named variables by name, numbered ones by order."""
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    parameters = given.objects("parameters", 0, 100) if given else []
    if len(parameters) != len(names):
        where = given.raw("type") if given else "body"
        raise count_differs(len(names), len(parameters), str(where).lower())
    named = any(not name.isdigit() for name in names)
    values = {}
    for position, parameter in enumerate(parameters):
        key = parameter.raw("parameter_name") if named else names[position]
        if key not in names or key in values:
            raise Refused(
                "whatsapp.template.name", 132012, details=f"parameter name {key!r} does not fit", whatsapp=True
            )
        values[key] = _parameter_text(parameter)
    done = VARIABLE.sub(lambda found: values[found.group(1)], text)
    if len(done) > limit:
        raise Refused(
            "whatsapp.template.too_long", 132005, details=f"translated text too long: {len(done)}", whatsapp=True
        )
    return done


def _parameter_text(parameter: Fields) -> str:
    kind = parameter.raw("type", needed=True)
    if kind == "text":
        text = parameter.string("text", 32_768)
        if re.search(r"[\n\t]| {5,}", text):
            details = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
            raise Refused("whatsapp.template.whitespace", 132012, details=details, whatsapp=True)
    elif kind in ("currency", "date_time"):
        text = parameter.object(kind).string("fallback_value", 1000)
    else:
        raise Refused("whatsapp.template.format", 132012, details=f"expected text, got {kind}", whatsapp=True)
    parameter.ignore("parameter_name", "text", kind)
    parameter.close()
    return text


def _fill_button(button: Json, given: Fields | None) -> Option:
    kind = str(button.get("type", "")).lower()
    label = str(button.get("text", ""))
    parameters = given.objects("parameters", 0, 10) if given else []
    if given is not None:
        _check_sub_type(given, kind)
    if kind == "quick_reply":
        payload = parameters[0].string("payload", PAYLOAD_LIMIT) if parameters else label
        return Option("button", label, payload)
    if kind in ("url", "otp"):
        return Option("url", label, url=_button_url(button, parameters))
    if kind == "copy_code":
        if len(parameters) != 1:
            raise count_differs(1, len(parameters), "button")
        return Option("copy", label, parameters[0].string("coupon_code", CODE_LIMIT))
    if kind == "flow":
        return Option("flow", label, check_form(parameters) or "unused")
    if kind in ("catalog", "mpm"):
        check_catalog(kind, parameters)
        return Option("other", label, kind)
    if kind == "voice_call":
        check_call(parameters)
        return Option("other", label, kind)
    if parameters:
        raise count_differs(0, len(parameters), "button")
    return Option("other", label, kind)


def _check_sub_type(given: Fields, kind: str) -> None:
    wanted = {"otp": "url"}.get(kind, kind)
    sub_type = str(given.raw("sub_type", needed=True)).lower()
    if sub_type != wanted:
        raise Refused(
            "whatsapp.template.button", 132012, details=f"button: expected {wanted}, got {sub_type}", whatsapp=True
        )


def _button_url(button: Json, parameters: list[Fields]) -> str:
    url = str(button.get("url", ""))
    needed = 1 if VARIABLE.search(url) or str(button.get("type", "")).lower() == "otp" else 0
    if len(parameters) != needed:
        raise count_differs(needed, len(parameters), "button")
    if not needed:
        return url
    value = parameters[0].string("text", 2000)
    return VARIABLE.sub(lambda _: value, url)
