"""The form of a new WhatsApp template: what `POST /{WABA_ID}/message_templates` refuses (meta.md §3A.5, §4.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from trinario.emulator.checks.whatsapp_template import BODY_LIMIT, HEADER_LIMIT, VARIABLE
from trinario.emulator.checks.whatsapp_words import WORDS, invalid
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.refusal import Refused

NAME = re.compile(r"^[a-z0-9_]{1,512}$")
EXAMPLES = {
    "IMAGE": ("image/jpeg", "image/png"),
    "VIDEO": ("video/mp4", "video/3gpp"),
    "DOCUMENT": ("application/pdf",),
}
"""What the file may be that a header is judged by."""

CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
FORMATS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION")
COMPONENTS = ("HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER")
FOOTER_LIMIT, LABEL_LIMIT, URL_LIMIT, BUTTONS_LIMIT = 60, 25, 2000, 10
CARDS_LIMIT, CARD_BODY_LIMIT, CARD_BUTTONS_LIMIT = 10, 160, 2
MOST_OF_A_KIND = {
    "URL": 2,
    "PHONE_NUMBER": 1,
    "COPY_CODE": 1,
    "FLOW": 1,
    "CATALOG": 1,
    "MPM": 1,
    "VOICE_CALL": 1,
    "OTP": 1,
}
BUTTONS = {"QUICK_REPLY", *MOST_OF_A_KIND}
UNNAMED = ("COPY_CODE", "OTP")
"""Buttons whose label Meta writes itself."""

OFFER_LIMIT, OFFER_BODY_LIMIT, PHONE_LIMIT = 16, 600, 20
TOO_LONG, BAD_HEADER, BAD_BODY, BAD_EDGES = 2388040, 2388047, 2388072, 2388299


Handles = Mapping[str, str] | None
"""Those that were given out for files, with their types; None: files are not looked at."""


def check_template_form(body: Json, handles: Handles = None) -> tuple[str, str, str]:
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
        _check(kind, component, category, handles)
    if "LIMITED_TIME_OFFER" in kinds:
        _check_offered(kinds, category, top)
    if len(set(kinds)) != len(kinds) or "BODY" not in kinds:
        raise _wrong(BAD_BODY, "one BODY is needed, and no component twice")
    return name, language, category


def _check(kind: str, component: Fields, category: str, handles: Handles) -> None:
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
        if form in EXAMPLES and handles is not None:
            _check_example(component, form, handles)
    elif kind == "FOOTER" and VARIABLE.search(str(component.raw("text") or "")):
        raise _wrong(BAD_BODY, "a footer has no variables")
    elif kind == "FOOTER" and not (category == "AUTHENTICATION" and "text" not in component):
        _text(component, FOOTER_LIMIT)
    elif kind == "BUTTONS":
        _check_buttons(component)
    elif kind == "CAROUSEL":
        _check_cards(component, category, handles)
    elif kind == "LIMITED_TIME_OFFER":
        offer = component.object("limited_time_offer")
        text = _text(offer, OFFER_LIMIT)
        if VARIABLE.search(text):
            raise _wrong(BAD_BODY, "the text of an offer has no variables")
        offer.flag("has_expiration")
        offer.close()


def _check_offered(kinds: list[str], category: str, top: Fields) -> None:
    """What goes with an offer that ends: marketing, no footer, a shorter body, a code or an address."""
    if category != "MARKETING" or "FOOTER" in kinds or "CAROUSEL" in kinds or "BUTTONS" not in kinds:
        raise _wrong(BAD_BODY, "a limited-time offer is for MARKETING, and has buttons and no FOOTER")
    for component in top.objects("components", 1, len(COMPONENTS)):
        kind = str(component.raw("type")).upper()
        if kind == "BODY":
            _text(component, OFFER_BODY_LIMIT)
        elif kind == "BUTTONS":
            allowed = {"COPY_CODE", "URL"}
            if {str(one.raw("type")).upper() for one in component.objects("buttons", 1, 2)} - allowed:
                raise _wrong(BAD_BODY, "a limited-time offer has a code to copy and a url at most")


def _check_example(component: Fields, form: str, handles: Mapping[str, str]) -> None:
    """A header that is a file has the handle of one that was uploaded."""
    example: Any = component.raw("example")
    given = example.get("header_handle") if isinstance(example, dict) else None
    handle = given[0] if isinstance(given, list) and len(given) == 1 else None
    mime = handles.get(handle) if isinstance(handle, str) else None
    if mime is None:
        raise _wrong(BAD_HEADER, f"{component.at('example[header_handle]')} must hold one handle of an uploaded file")
    if mime not in EXAMPLES[form]:
        raise _wrong(BAD_HEADER, f"the example of a header of the format {form} is of type {mime}")


def _check_cards(component: Fields, category: str, handles: Handles) -> None:
    """Two to ten cards of one make: a file, words, one or two buttons."""
    makes = set()
    for card in component.objects("cards", 2, CARDS_LIMIT):
        make: list[str] = []
        for part in card.objects("components", 2, 3):
            kind = str(part.raw("type", needed=True)).upper()
            _check(kind, part, category, handles)
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
        if kind not in BUTTONS:
            raise invalid(button.at("type"), f"type must be one of {', '.join(sorted(BUTTONS))}")
        label: Any = button.raw("text", needed=kind not in UNNAMED)
        if label is not None and not (isinstance(label, str) and 1 <= len(label) <= LABEL_LIMIT):
            raise _wrong(TOO_LONG, f"a button's label has 1 to {LABEL_LIMIT} characters")
        url: Any = button.raw("url", needed=kind == "URL")
        if url is not None and not (isinstance(url, str) and len(url) <= URL_LIMIT):
            raise _wrong(TOO_LONG, f"a url has at most {URL_LIMIT} characters")
        phone: Any = button.raw("phone_number", needed=kind == "PHONE_NUMBER")
        if phone is not None and not (isinstance(phone, str) and 1 <= len(phone) <= PHONE_LIMIT):
            raise _wrong(TOO_LONG, f"a phone number has at most {PHONE_LIMIT} characters")
        if kind == "FLOW" and not any(button.raw(name) for name in ("flow_id", "flow_name", "flow_json")):
            raise WORDS.missing(button.at("flow_id"))
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
