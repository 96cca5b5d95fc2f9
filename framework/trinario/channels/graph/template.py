"""A Template as WhatsApp and Messenger's utility messages write it (meta.md 3A.4 and 3B.6)."""

from collections.abc import Mapping
from typing import Any

from trinario.channels.graphemes import trimmed
from trinario.model.message import Template, TemplateButton, TemplateCard, TemplateHeader

NOTHING = "–"
"""What stands in a place that has no value: platforms refuse a message with a blank one."""

LONGEST_CODE, LONGEST_ADDRESS = 15, 2000
"""Characters of a coupon's or a one-time code, and of an address (4.1)."""

_SUB_TYPES = {"otp": "url", "code": "copy_code", "url": "url", "payload": "quick_reply", "form": "flow"}


def template_body(content: Template) -> dict[str, Any]:
    """Name, language and the values of its places; what has none needs no component."""
    template: dict[str, Any] = {"name": content.name, "language": {"code": content.language.replace("-", "_")}}
    components = [_header(content.header)] if content.header else []
    if content.params:
        components.append({"type": "body", "parameters": _parameters(content.params)})
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
    return {"type": "header", "parameters": [{"type": header.kind, header.kind: {"link": header.value}}]}


def _button(button: TemplateButton) -> dict[str, Any]:
    value: dict[str, Any] = {"type": "text", "text": button.value}
    if button.kind == "code":
        value = {"type": "coupon_code", "coupon_code": button.value}
    elif button.kind == "payload":
        value = {"type": "payload", "payload": button.value}
    elif button.kind == "form":
        value = {"type": "action", "action": {"flow_token": button.value}}
    return {
        "type": "button", "sub_type": _SUB_TYPES[button.kind], "index": str(button.index), "parameters": [value],
    }  # fmt: skip


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
    """Why a template cannot go: a button that is given nothing or too much; "" if it can."""
    every = [*content.buttons, *(button for card in content.cards for button in card.buttons)]
    for button in every:
        value = trimmed(button.value)
        if not value:
            return f"button {button.index + 1} of the template {content.name} is given nothing"
        most = LONGEST_CODE if button.kind in ("code", "otp") else LONGEST_ADDRESS
        if len(value) > most:
            return f"what button {button.index + 1} of the template {content.name} is given has more than {most} characters"
    return ""
