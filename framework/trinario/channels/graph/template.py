"""A Template as WhatsApp and Messenger's utility messages write it (meta.md 3A.4 and 3B.6)."""

from collections.abc import Mapping
from typing import Any

from trinario.channels.graphemes import trimmed
from trinario.model.media import digest_of
from trinario.model.message import Location, Template, TemplateButton, TemplateCard, TemplateHeader

NOTHING = "–"
"""What stands in a place that has no value: platforms refuse a message with a blank one."""

LONGEST_CODE, LONGEST_ADDRESS, LONGEST_PRODUCT = 15, 2000, 100
"""Characters of a coupon's or a one-time code, of an address (4.1), and of the id of a product."""

LONGEST_FILENAME, LONGEST_PLACE = 240, 1000

_SUB_TYPES = {
    "otp": "url", "code": "copy_code", "url": "url", "payload": "quick_reply", "form": "flow", "catalog": "CATALOG",
    "products": "mpm", "call": "voice_call",
}  # fmt: skip


def template_body(content: Template) -> dict[str, Any]:
    """Name, language and the values of its places; what has none needs no component."""
    template: dict[str, Any] = {"name": content.name, "language": {"code": content.language.replace("-", "_")}}
    components = [_header(content.header)] if content.header else []
    if content.params:
        components.append({"type": "body", "parameters": _parameters(content.params)})
    if content.until is not None:
        offer = {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": content.until}}
        components.append({"type": "limited_time_offer", "parameters": [offer]})
    components += [_button(button) for button in content.buttons if button.kind in _SUB_TYPES]
    if content.cards:
        cards = [{"card_index": index, "components": _card(card)} for index, card in enumerate(content.cards)]
        components.append({"type": "carousel", "cards": cards})
    if components:
        template["components"] = components
    return template


def _card(card: TemplateCard) -> list[dict[str, Any]]:
    body = [{"type": "body", "parameters": _parameters(card.params)}] if card.params else []
    return [_header(card.header), *body, *map(_button, card.buttons)]


def _header(header: TemplateHeader) -> dict[str, Any]:
    if header.kind == "text":
        return {"type": "header", "parameters": _parameters({header.name: header.value})}
    given = _place(header.pin) if header.pin else _file(header)
    return {"type": "header", "parameters": [{"type": header.kind, header.kind: given}]}


def _file(header: TemplateHeader) -> dict[str, str]:
    file = {"id": header.uploaded} if header.uploaded else {"link": header.value}
    named = header.filename.strip() if header.kind == "document" else ""
    return {**file, "filename": named[:LONGEST_FILENAME]} if named else file


def _place(pin: Location) -> dict[str, str]:
    place = {"latitude": f"{pin.latitude:f}", "longitude": f"{pin.longitude:f}"}
    named = {"name": pin.name[:LONGEST_PLACE], "address": pin.address[:LONGEST_PLACE]}
    return place | {key: value for key, value in named.items() if value}


def _button(button: TemplateButton) -> dict[str, Any]:
    return {
        "type": "button", "sub_type": _SUB_TYPES[button.kind], "index": str(button.index), "parameters": _given(button),
    }  # fmt: skip


def _given(button: TemplateButton) -> list[dict[str, Any]]:
    """What one button is given, in the form of its kind."""
    match button.kind:
        case "code":
            return [{"type": "coupon_code", "coupon_code": button.value}]
        case "payload":
            return [{"type": "payload", "payload": button.value}]
        case "form":
            data = {"flow_action_data": dict(button.data)} if button.data else {}
            return [{"type": "action", "action": {"flow_token": button.value, **data}}]
        case "catalog":
            return [{"type": "action", "action": {"thumbnail_product_retailer_id": button.value}}]
        case "products":
            return [{"type": "action", "action": _offered(button)}]
        case "call":
            minutes = [{"type": "ttl_minutes", "ttl_minutes": button.minutes}] if button.minutes else []
            return [*minutes, *([{"type": "payload", "payload": button.value}] if button.value else [])]
        case _:
            return [{"type": "text", "text": button.value}]


def _offered(button: TemplateButton) -> dict[str, Any]:
    sections = [
        {"title": shelf.title, "product_items": [{"product_retailer_id": one} for one in shelf.products]}
        for shelf in button.shelves
    ]
    return {"thumbnail_product_retailer_id": button.value, "sections": sections}


def _parameters(params: Mapping[str, str]) -> list[dict[str, str]]:
    """Places that are numbers ({{1}}) go by position, others by their name: a template has one sort or the other."""
    if all(name.isdecimal() for name in params):
        ordered = sorted(params.items(), key=lambda pair: int(pair[0]))
        return [{"type": "text", "text": _said(value)} for _, value in ordered]
    return [{"type": "text", "parameter_name": name, "text": _said(value)} for name, value in params.items()]


def _said(value: str) -> str:
    """A value in one line; no place of a template may stay blank."""
    return " ".join(trimmed(value).split()) or NOTHING


def gap_in(content: Template) -> str:
    """Why a template cannot go: a file, a pin, an end or a button that is given nothing, or what it cannot take; "" if it can."""
    for file in content.files:
        if not file.uploaded and not digest_of(file.value) and (why := _odd(file.value)):
            return f"the {file.kind} of the template {content.name} {why}"
    if content.header and content.header.kind == "location" and content.header.pin is None:
        return f"the pin of the template {content.name} is given no degrees"
    if content.until is not None and content.until <= 0:
        return f"the offer of the template {content.name} ends at no moment"
    links = (*content.links, *(link for card in content.cards for link in card.shown.links))
    if long := next((link.title for link in links if len(link.url) > LONGEST_ADDRESS), ""):
        return f"the address of {long} in the template {content.name} has more than {LONGEST_ADDRESS} characters"
    for button in (*content.buttons, *(button for card in content.cards for button in card.buttons)):
        if why := _lack(button):
            return f"button {button.index + 1} of the template {content.name} {why}"
    return ""


def _odd(address: str) -> str:
    """Why a platform cannot fetch a file from there."""
    if not address.startswith("https://") or any(sign.isspace() for sign in address):
        return "has no https address, and is no file of media/"
    return f"has an address of more than {LONGEST_ADDRESS} characters" if len(address) > LONGEST_ADDRESS else ""


def _lack(button: TemplateButton) -> str:
    """What keeps a button from being what it is."""
    ids = [button.value, *(one for shelf in button.shelves for one in shelf.products)]
    value = trimmed(button.value)
    if button.kind != "call" and not all(map(trimmed, ids)):
        return "is given nothing"
    most = {"code": LONGEST_CODE, "otp": LONGEST_CODE, "catalog": LONGEST_PRODUCT, "products": LONGEST_PRODUCT}.get(
        button.kind, LONGEST_ADDRESS
    )
    longest = max(map(len, ids)) if button.kind == "products" else len(value)
    return f"is given more than {most} characters" if longest > most else ""
