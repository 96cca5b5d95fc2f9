"""Declared templates as WhatsApp's `message_templates` takes them, one request a language (meta.md 3A.5)."""

from collections.abc import Mapping
from typing import Any

from trinario.model.template import (
    DeclaredButton,
    DeclaredCard,
    DeclaredHeader,
    TemplateSpec,
    TemplateWords,
    filled,
    places_of,
)

Body = dict[str, Any]


def creations(spec: TemplateSpec) -> list[Body]:
    """The requests that hand a template in for approval."""
    return [_creation(spec, language, words) for language, words in spec.languages.items()]


def _creation(spec: TemplateSpec, language: str, words: TemplateWords) -> Body:
    named = spec.category != "authentication" and not all(name.isdecimal() for name in spec.params)
    components = [_header(words.header, named)] if words.header else []
    if words.offer:
        offer = {"text": words.offer.text, "has_expiration": bool(words.offer.until)}
        components.append({"type": "LIMITED_TIME_OFFER", "limited_time_offer": offer})
    components.append(_body(words.body, named) if spec.category != "authentication" else {"type": "BODY"})
    if words.footer:
        components.append({"type": "FOOTER", "text": words.footer})
    if words.buttons:
        components.append({"type": "BUTTONS", "buttons": [_button(spec, button) for button in words.buttons]})
    if words.cards:
        cards = [{"components": _card(spec, card, named)} for card in words.cards]
        components.append({"type": "CAROUSEL", "cards": cards})
    return {
        "name": spec.name,
        "language": language.replace("-", "_"),
        "category": spec.category.upper(),
        "parameter_format": "NAMED" if named else "POSITIONAL",
        "components": components,
    }


def examples_in(body: Mapping[str, Any]) -> list[tuple[str, Body]]:
    """Every header that is a file, cards included: its sort, and the example whose `header_handle` names the file."""
    found: list[tuple[str, Body]] = []
    for component in body["components"]:
        for card in component.get("cards", ()):
            found += examples_in(card)
        if "header_handle" in component.get("example", ()):
            found.append((component["format"].lower(), component["example"]))
    return found


def _card(spec: TemplateSpec, card: DeclaredCard, named: bool) -> list[Body]:
    buttons = [{"type": "BUTTONS", "buttons": [_button(spec, one) for one in card.buttons]}] if card.buttons else []
    return [_header(card.header, named), _body(card.body, named), *buttons]


def _header(header: DeclaredHeader, named: bool) -> Body:
    if header.kind == "location":
        return {"type": "HEADER", "format": "LOCATION"}
    if header.kind != "text":
        return {"type": "HEADER", "format": header.kind.upper(), "example": {"header_handle": [header.shown]}}
    return {"type": "HEADER", "format": "TEXT", "text": header.value, **_examples("header_text", header.value, named)}


def _body(text: str, named: bool) -> Body:
    return {"type": "BODY", "text": text, **_examples("body_text", text, named)}


def _examples(key: str, text: str, named: bool) -> Body:
    """Meta wants to see a value for every place: its name says what it is."""
    places = places_of(text)
    if not places:
        return {}
    if named:
        shown = [{"param_name": name, "example": name.replace("_", " ")} for name in places]
        return {"example": {f"{key}_named_params": shown}}
    return {"example": {key: [list(places)] if key == "body_text" else list(places)}}


def _button(spec: TemplateSpec, button: DeclaredButton) -> Body:
    match button.kind:
        case "url":
            return _url(button)
        case "phone":
            return {"type": "PHONE_NUMBER", "text": button.title, "phone_number": button.value}
        case "reply":
            return {"type": "QUICK_REPLY", "text": button.title}
        case "form":
            begins = {"flow_action": "navigate", "navigate_screen": button.screen} if button.screen else {}
            return {"type": "FLOW", "text": button.title, "flow_id": button.value, **begins}
        case "catalog":
            return {"type": "CATALOG", "text": button.title}
        case "products":
            return {"type": "MPM", "text": button.title}
        case "call":
            return {"type": "VOICE_CALL", "text": button.title}
        case "code" if spec.category == "authentication":
            return {"type": "OTP", "otp_type": "COPY_CODE"}
        case _:
            return {"type": "COPY_CODE", "example": "CODE" if places_of(button.value) else button.value}


def _url(button: DeclaredButton) -> Body:
    """Meta numbers the place of an address, whatever the others are called."""
    body: Body = {"type": "URL", "text": button.title}
    places = places_of(button.value)
    if not places:
        return {**body, "url": button.value}
    numbered = filled(button.value, {places[0]: "{{1}}"})
    return {**body, "url": numbered, "example": [filled(button.value, {places[0]: "example"})]}
