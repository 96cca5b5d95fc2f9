"""Templates: which language of one is sent, and what stands in its places."""

from collections.abc import Mapping, Sequence

from trinario.engine.draft import Draft
from trinario.engine.limits import TEMPLATE_BODY, TEMPLATE_CARD, TEMPLATE_HEADER
from trinario.engine.say_words import quoted, rendered
from trinario.engine.words import language_of, languages
from trinario.model.flow import TemplateCall
from trinario.model.message import Card, Link, Template, TemplateButton, TemplateCard, TemplateHeader
from trinario.model.template import DeclaredButton, DeclaredCard, TemplateSpec, TemplateWords, filled, places_of


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
    return hydrated(spec, language, values)


def _language(draft: Draft, call: TemplateCall, spec: TemplateSpec) -> str:
    """The one that was asked for, hers, the bot's; the first that there is."""
    for name in (*languages(call.language), *languages(draft.contact.language), *languages(draft.bot.locale)):
        if name in spec.languages:
            return name
    return next(iter(spec.languages))


def hydrated(spec: TemplateSpec, language: str, values: Mapping[str, str]) -> Template:
    """A template in one of its languages, with what each of its parts is given and with its words as she reads them."""
    words = spec.languages[language]
    values = bounded(words, values)
    header, shown = _header(words, values), []
    ends = {name: quoted(value) for name, value in values.items()}
    if words.header and words.header.kind == "text":
        shown.append(filled(words.header.value, values))
    shown += [filled(words.body, values), words.footer, *_numbers(words)]
    return Template(
        spec.name,
        language,
        _params(spec, words, values),
        header,
        tuple(_given(spec, words.buttons, values)),
        "\n\n".join(part for part in shown if part),
        tuple(Link(one.title, filled(one.value, ends)) for one in words.buttons if one.kind == "url"),
        tuple(one.title for one in words.buttons if one.kind == "reply"),
        platforms=spec.platforms,
        cards=tuple(_card(spec, card, values) for card in words.cards),
    )


def _card(spec: TemplateSpec, card: DeclaredCard, values: Mapping[str, str]) -> TemplateCard:
    """What one card is given, and how it reads."""
    ends = {name: quoted(value) for name, value in values.items()}
    file = filled(card.header.value, values)
    given = {name: values.get(name, "") for name in places_of(card.body)}
    links = tuple(Link(one.title, filled(one.value, ends)) for one in card.buttons if one.kind == "url")
    shown = Card(filled(card.body, values), "", file if card.header.kind == "image" else "", links)
    return TemplateCard(TemplateHeader(card.header.kind, file), given, tuple(_given(spec, card.buttons, values)), shown)


def bounded(words: TemplateWords, values: Mapping[str, str]) -> Mapping[str, str]:
    """Values with which header and body are no longer than a template may be: else the longest of them end in dots."""
    header = words.header.value if words.header and words.header.kind == "text" else ""
    for text, most in (
        (header, TEMPLATE_HEADER),
        (words.body, TEMPLATE_BODY),
        *((card.body, TEMPLATE_CARD) for card in words.cards),
    ):
        names = places_of(text)
        while (over := len(filled(text, values)) - most) > 0 and any(len(values.get(name, "")) > 1 for name in names):
            name = max(names, key=lambda one: len(values.get(one, "")))
            times = max(text.count("{{" + name), 1)
            values = {**values, name: _shortened(values[name], len(values[name]) - -(-over // times))}
    return values


def _shortened(value: str, length: int) -> str:
    return value[: max(length - 1, 0)].rstrip() + "…"


def _params(spec: TemplateSpec, words: TemplateWords, values: Mapping[str, str]) -> dict[str, str]:
    """The values of the body; the words of an authentication template are Meta's own, with one numbered place."""
    given = {name: values.get(name, "") for name in places_of(words.body)}
    if spec.category != "authentication":
        return given
    return {str(number): value for number, value in enumerate(given.values(), 1)}


def _header(words: TemplateWords, values: Mapping[str, str]) -> TemplateHeader | None:
    """What the header is given; a line without a place needs nothing."""
    header = words.header
    if header is None:
        return None
    if header.kind != "text":
        return TemplateHeader(header.kind, filled(header.value, values))
    places = places_of(header.value)
    return TemplateHeader("text", values.get(places[0], ""), places[0]) if places else None


def _numbers(words: TemplateWords) -> list[str]:
    """Buttons that call, as words of their own."""
    return [f"{button.title}: {button.value}" for button in words.buttons if button.kind == "phone"]


def _given(spec: TemplateSpec, buttons: Sequence[DeclaredButton], values: Mapping[str, str]) -> list[TemplateButton]:
    """What the buttons are given: the end of an address, a code, what comes back with a tap, the token of a form."""
    found = []
    for index, button in enumerate(buttons):
        if (kind := _kind(spec, button)) is not None:
            places = places_of(button.value)
            value = values.get(places[0], "") if places else button.value
            found.append(TemplateButton(index, kind, quoted(value) if kind == "url" else value))
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
    return "url" if button.kind == "url" and places_of(button.value) else None
