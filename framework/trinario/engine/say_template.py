"""Templates: which language of one is sent, and what stands in its places."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from decimal import Decimal, InvalidOperation

from trinario.engine.draft import Draft
from trinario.engine.limits import TEMPLATE_BODY, TEMPLATE_CARD, TEMPLATE_HEADER, TEMPLATE_OFFER
from trinario.engine.say_words import quoted, rendered, whole_address
from trinario.engine.time import moment_of, zone_of
from trinario.engine.words import language_of, languages
from trinario.errors import EvaluationError
from trinario.model.flow import TemplateCall
from trinario.model.media import MediaFile
from trinario.model.message import Card, Link, Location, Template, TemplateButton, TemplateCard, TemplateHeader
from trinario.model.template import (
    DeclaredButton,
    DeclaredCard,
    DeclaredHeader,
    DeclaredOffer,
    DeclaredPin,
    TemplateSpec,
    TemplateWords,
    filled,
    places_of,
)


def template_of(draft: Draft, call: TemplateCall) -> Template:
    """The template with its values, in her language or the bot's; as it was called if it is not declared."""
    return template_with(
        draft, call, {name: " ".join(rendered(draft, phrase).split()) for name, phrase in call.params.items()}
    )


def template_with(draft: Draft, call: TemplateCall, values: Mapping[str, str]) -> Template:
    """The same with values that are known already."""
    spec = draft.bot.templates.get(call.name)
    if spec is None or not spec.languages:
        return Template(call.name, call.language or language_of(draft.flow, draft.contact), values)
    language = _language(draft, call, spec)
    return hydrated(spec, language, values, draft.bot.media, zone_of(draft.bot, draft.contact))


def _language(draft: Draft, call: TemplateCall, spec: TemplateSpec) -> str:
    """The one that was asked for, hers, the bot's; the first that there is."""
    for name in (*languages(call.language), *languages(draft.contact.language), *languages(draft.bot.locale)):
        if name in spec.languages:
            return name
    return next(iter(spec.languages))


def hydrated(
    spec: TemplateSpec,
    language: str,
    values: Mapping[str, str],
    media: Mapping[str, MediaFile] | None = None,
    where: tzinfo = UTC,
) -> Template:
    """A template in one of its languages, with what each of its parts is given and with its words as she reads them.

    `media` are the files of media/ by name, `where` the zone of a moment that names none.
    """
    words, files = spec.languages[language], media or {}
    values = bounded(words, values)
    ends = {name: quoted(value) for name, value in values.items()}
    return Template(
        spec.name,
        language,
        _params(spec, words, values),
        _header(words.header, values, files) if words.header else None,
        tuple(_given(spec, words.buttons, values)),
        "\n\n".join(part for part in _shown(words, values) if part),
        tuple(Link(one.title, filled(one.value, ends)) for one in words.buttons if one.kind == "url"),
        tuple(one.title for one in words.buttons if one.kind == "reply"),
        platforms=spec.platforms,
        cards=tuple(_card(spec, card, values, files) for card in words.cards),
        until=_until(words.offer, values, where) if words.offer and words.offer.until else None,
    )


def _shown(words: TemplateWords, values: Mapping[str, str]) -> list[str]:
    """What she reads, piece by piece."""
    line = words.header.value if words.header and words.header.kind == "text" else ""
    offer = words.offer.text if words.offer else ""
    return [filled(line, values), offer, filled(words.body, values), words.footer, *_numbers(words)]


def _until(offer: DeclaredOffer, values: Mapping[str, str], where: tzinfo) -> int:
    """When the offer ends, in ms; 0 if what was given is no moment."""
    try:
        return round(moment_of(filled(offer.until, values).strip(), where).timestamp() * 1000)
    except EvaluationError:
        return 0


def _card(
    spec: TemplateSpec, card: DeclaredCard, values: Mapping[str, str], files: Mapping[str, MediaFile]
) -> TemplateCard:
    """What one card is given, and how it reads."""
    ends = {name: quoted(value) for name, value in values.items()}
    header = _header(card.header, values, files) or TemplateHeader(card.header.kind, "")
    given = {name: values.get(name, "") for name in places_of(card.body)}
    links = tuple(Link(one.title, filled(one.value, ends)) for one in card.buttons if one.kind == "url")
    shown = Card(filled(card.body, values), "", header.value if header.kind == "image" else "", links)
    return TemplateCard(header, given, tuple(_given(spec, card.buttons, values)), shown)


def bounded(words: TemplateWords, values: Mapping[str, str]) -> Mapping[str, str]:
    """Values with which header and body are no longer than a template may be: else the longest of them end in dots."""
    header = words.header.value if words.header and words.header.kind == "text" else ""
    for text, most in (
        (header, TEMPLATE_HEADER),
        (words.body, TEMPLATE_OFFER if words.offer else TEMPLATE_BODY),
        *((card.body, TEMPLATE_CARD) for card in words.cards),
    ):
        names = places_of(text)
        dashes = {name: "-" for name in names if not values.get(name, "").strip()}  # a platform takes no empty place
        while (over := len(filled(text, {**values, **dashes})) - most) > 0 and any(
            len(values.get(name, "")) > 1 for name in names
        ):
            name = max(names, key=lambda one: len(values.get(one, "")))
            times = max(text.count("{{" + name), 1)
            values = {**values, name: _shortened(values[name], len(values[name]) - -(-over // times))}
    return values


def _shortened(value: str, length: int) -> str:
    """So many characters of it, the dots among them; no letter loses its marks, and no picture is cut in two."""
    end = max(length - 1, 0)
    while 0 < end < len(value) and (_joins(value[end]) or value[end - 1] == _JOINER):
        end -= 1
    return value[:end].rstrip() + "…"


_JOINER = "\u200d"


def _joins(sign: str) -> bool:
    """Whether a sign belongs to the one before it."""
    return unicodedata.category(sign) in ("Mn", "Me", "Mc") or sign == _JOINER or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _params(spec: TemplateSpec, words: TemplateWords, values: Mapping[str, str]) -> dict[str, str]:
    """The values of the body; the words of an authentication template are Meta's own, with one numbered place."""
    given = {name: values.get(name, "") for name in places_of(words.body)}
    if spec.category != "authentication":
        return given
    return {str(number): value for number, value in enumerate(given.values(), 1)}


def _header(
    header: DeclaredHeader, values: Mapping[str, str], files: Mapping[str, MediaFile]
) -> TemplateHeader | None:  # fmt: skip
    """What the header is given; a line without a place needs nothing."""
    if header.pin is not None:
        return TemplateHeader("location", "", pin=_pin(header.pin, values))
    if header.kind != "text":
        named = filled(header.value, values).strip()
        address = files[named].address if named in files else whole_address(named)
        return TemplateHeader(header.kind, address, filename=filled(header.filename, values))
    places = places_of(header.value)
    return TemplateHeader("text", values.get(places[0], ""), places[0]) if places else None


def _pin(pin: DeclaredPin, values: Mapping[str, str]) -> Location | None:
    """Where it is; None if its degrees are none."""
    latitude, longitude, name, address = (filled(part, values).strip() for part in pin.parts)
    try:
        degrees = Decimal(latitude), Decimal(longitude)
    except InvalidOperation:
        return None
    good = all(one.is_finite() for one in degrees) and abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180
    return Location(*degrees, name, address) if good else None


def _numbers(words: TemplateWords) -> list[str]:
    """Buttons that call, as words of their own."""
    return [f"{button.title}: {button.value}" for button in words.buttons if button.kind == "phone"]


def _given(spec: TemplateSpec, buttons: Sequence[DeclaredButton], values: Mapping[str, str]) -> list[TemplateButton]:
    """What the buttons are given: the end of an address, a code, what comes back with a tap, the token of a form ..."""
    found = []
    for index, button in enumerate(buttons):
        if (kind := _kind(spec, button)) is not None:
            places = places_of(button.value)
            value = values.get(places[0], "") if places else button.value
            shelves = tuple(
                replace(shelf, products=tuple(filled(one, values) for one in shelf.products))
                for shelf in button.shelves
            )
            given = quoted(value) if kind == "url" else value
            data = tuple((name, filled(part, values)) for name, part in button.data)
            found.append(TemplateButton(index, kind, given, shelves, button.minutes, data))
        elif "messenger" in spec.platforms and button.kind in _TOLD:
            found.append(TemplateButton(index, _TOLD[button.kind], button.title))
    return found


_TOLD = {"reply": "reply", "url": "address"}
"""Buttons that need nothing on WhatsApp, and how they are called where every button is told."""


def _kind(spec: TemplateSpec, button: DeclaredButton) -> str | None:
    """The sort of value that a button needs; None: it needs none."""
    if button.kind == "form":
        return "form"
    if button.kind == "reply":
        return "payload" if button.value and "messenger" not in spec.platforms else None
    if button.kind == "code":
        return "otp" if spec.category == "authentication" else "code"
    if button.kind == "products" or (button.kind == "catalog" and button.value):
        return button.kind
    if button.kind == "call":
        return "call" if button.value or button.minutes else None
    return "url" if button.kind == "url" and places_of(button.value) else None
