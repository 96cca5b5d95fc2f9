"""The form of a new WhatsApp template: what `POST /{WABA_ID}/message_templates` refuses (meta.md §3A.5, §4.1)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from trinario.emulator.checks.whatsapp_template import BODY_LIMIT, HEADER_LIMIT, VARIABLE
from trinario.emulator.checks.whatsapp_words import WORDS, invalid
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.refusal import Refused

NAME = re.compile(r"^[a-z0-9_]{1,512}$")
CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
FORMATS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION")
COMPONENTS = ("HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER")
FOOTER_LIMIT, LABEL_LIMIT, URL_LIMIT, BUTTONS_LIMIT = 60, 25, 2000, 10
CARDS_LIMIT, CARD_BODY_LIMIT, CARD_BUTTONS_LIMIT = 10, 160, 2
MOST_OF_A_KIND = {"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1}
TOO_LONG, BAD_HEADER, BAD_BODY, BAD_EDGES = 2388040, 2388047, 2388072, 2388299


def check_template_form(body: Json) -> tuple[str, str, str]:
    """Name, language and category. Raises Refused."""
    top = Fields(body, "", WORDS)
    name, language = top.string("name", 512), top.string("language", 15)
    category = str(top.raw("category", needed=True)).upper()
    if not NAME.match(name):
        raise invalid("name", "name must consist of lower-case letters, digits and underscores")
    if category not in CATEGORIES:
        raise invalid("category", f"category must be one of {', '.join(CATEGORIES)}")
    kinds = []
    for component in top.objects("components", 1, len(COMPONENTS)):
        kind = str(component.raw("type", needed=True)).upper()
        if kind not in COMPONENTS:
            raise invalid(component.at("type"), f"type must be one of {', '.join(COMPONENTS)}")
        kinds.append(kind)
        _check(kind, component, category)
    if len(set(kinds)) != len(kinds) or "BODY" not in kinds:
        raise _wrong(BAD_BODY, "one BODY is needed, and no component twice")
    return name, language, category


def _check(kind: str, component: Fields, category: str) -> None:
    if kind == "BODY" and not (category == "AUTHENTICATION" and "text" not in component):
        text = _text(component, BODY_LIMIT)
        if VARIABLE.match(text.strip()) or re.search(r"\}\}\s*$", text):
            raise _wrong(BAD_EDGES, "a variable must not be the first or the last word of the body")
    elif kind == "HEADER":
        form = str(component.raw("format", needed=True)).upper()
        if form not in FORMATS:
            raise _wrong(BAD_HEADER, f"format must be one of {', '.join(FORMATS)}")
        if form == "TEXT" and len(VARIABLE.findall(_text(component, HEADER_LIMIT))) > 1:
            raise _wrong(BAD_HEADER, "a header has one variable at most")
    elif kind == "FOOTER" and VARIABLE.search(str(component.raw("text") or "")):
        raise _wrong(BAD_BODY, "a footer has no variables")
    elif kind == "FOOTER" and not (category == "AUTHENTICATION" and "text" not in component):
        _text(component, FOOTER_LIMIT)
    elif kind == "BUTTONS":
        _check_buttons(component)
    elif kind == "CAROUSEL":
        _check_cards(component, category)


def _check_cards(component: Fields, category: str) -> None:
    """Two to ten cards of one make: a file, words, one or two buttons."""
    makes = set()
    for card in component.objects("cards", 2, CARDS_LIMIT):
        make: list[str] = []
        for part in card.objects("components", 2, 3):
            kind = str(part.raw("type", needed=True)).upper()
            _check(kind, part, category)
            if kind == "BODY":
                _text(part, CARD_BODY_LIMIT)
            make.append(f"{kind} {part.raw('format') or ''}")
            if kind == "BUTTONS":
                make += [str(button.raw("type")) for button in part.objects("buttons", 1, CARD_BUTTONS_LIMIT)]
        makes.add(tuple(make))
    if len(makes) > 1:
        raise _wrong(BAD_BODY, "all cards must have the same components")


def _check_buttons(component: Fields) -> None:
    kinds = []
    for button in component.objects("buttons", 1, BUTTONS_LIMIT):
        kind = str(button.raw("type", needed=True)).upper()
        kinds.append(kind)
        label: Any = button.raw("text", needed=kind in ("QUICK_REPLY", "URL", "PHONE_NUMBER", "FLOW"))
        if label is not None and not (isinstance(label, str) and 1 <= len(label) <= LABEL_LIMIT):
            raise _wrong(TOO_LONG, f"a button's label has 1 to {LABEL_LIMIT} characters")
        url: Any = button.raw("url", needed=kind == "URL")
        if url is not None and not (isinstance(url, str) and len(url) <= URL_LIMIT):
            raise _wrong(TOO_LONG, f"a url has at most {URL_LIMIT} characters")
    for kind, most in MOST_OF_A_KIND.items():
        if kinds.count(kind) > most:
            raise _wrong(TOO_LONG, f"at most {most} buttons of type {kind} are allowed")
    groups = [kind == "QUICK_REPLY" for kind in kinds]
    if sum(before != after for before, after in pairwise(groups)) > 1:
        raise _wrong(BAD_BODY, "quick replies must stand together")


def _text(component: Fields, most: int) -> str:
    text = component.raw("text", needed=True)
    if not isinstance(text, str) or not 1 <= len(text) <= most:
        raise _wrong(TOO_LONG, f"{component.at('text')} has 1 to {most} characters")
    return text


def _wrong(subcode: int, details: str) -> Refused:
    return Refused("whatsapp.template.form", 100, details=details, subcode=subcode, whatsapp=True)
