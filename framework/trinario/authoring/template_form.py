"""The form of a declared template against what Meta takes (platform facts, 3A.5 and 4.1)."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from trinario.authoring.near import mend
from trinario.authoring.nodes import Node
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.model.template import PLACE, DeclaredButton, DeclaredCard, TemplateSpec, TemplateWords, places_of

BODY, HEADER, FOOTER, LABEL, ADDRESS, NUMBER, CODE, BUTTONS = 1024, 60, 60, 25, 2000, 20, 15, 10
CARDS, CARD_BODY, CARD_BUTTONS = 10, 160, 2
OFFER, OFFER_BODY = 16, 600
PRODUCTS, SHELVES, SHELF, PRODUCT = 30, 10, 24, 100
FILENAME = 240
MOST = {"url": 2, "phone": 1, "code": 1, "form": 1, "catalog": 1, "products": 1, "call": 1}
_EDGE = re.compile(rf"^\s*{PLACE.pattern}|{PLACE.pattern}\s*$")
_ADJACENT = re.compile(rf"{PLACE.pattern}\s*{PLACE.pattern}")
_BRACES = re.compile(r"\{\{[^{}]*\}\}|\{\{|\}\}")

PAGE_BUTTONS = 3
"""Of a utility message on Messenger."""

Fault = tuple[str, str, str]
"""Where (a key of the words), what is wrong, how to mend it."""


def check_form(spec: TemplateSpec, record: Record, notes: Notes) -> bool:
    """T150 for all that Meta would refuse; gives whether the template is good."""
    before = len(notes.issues)
    languages = record.get("languages") or {}
    for locale, words in languages.items():
        made = spec.languages[locale.replace("_", "-")]
        for key, message, hint in (
            *_places(spec, made),
            *_texts(made),
            *_buttons(made),
            *_cards(made),
            *_offer(spec, made),
            *_category(spec, made),
        ):
            notes.fault("T150", _node(words, key), f'template "{spec.name}": {message}', hint)
    if "messenger" in spec.platforms:
        for key, message, hint in _messenger(spec):
            notes.fault("T150", record.nodes[key], f'template "{spec.name}": {message}', hint)
    used = {name for made in spec.languages.values() for name in made.places}
    for name in (name for name in spec.params if name not in used):
        notes.fault("T150", record.nodes["params"], f'template "{spec.name}": its place "{name}" stands in no text',
                    f"write {{{{{name}}}}} where it belongs, or leave it out")  # fmt: skip
    if len({name.isdecimal() for name in spec.params}) > 1:
        notes.fault("T150", record.nodes["params"], f'template "{spec.name}" has places with names and with numbers',
                    "use one sort of them")  # fmt: skip
    return len(notes.issues) == before


def _messenger(spec: TemplateSpec) -> Iterator[Fault]:
    """Messenger has utility messages alone, whose buttons answer or open an address."""
    if spec.category != "utility":
        yield "channels", f"it is for {spec.category}, and Messenger takes utility messages only", "take messenger out"
    for locale, words in spec.languages.items():
        above = words.header.kind if words.header and words.header.kind != "text" else ""
        if what := next(filter(None, (above, "cards" if words.cards else "", "offer" if words.offer else "")), ""):
            yield (
                "channels",
                f"its {what} in {locale} cannot be had on Messenger",
                "take messenger out, or leave it out",
            )
        kinds = {button.kind for button in words.buttons}
        if kinds - {"url", "reply"} or len(words.buttons) > PAGE_BUTTONS:
            yield (
                "channels",
                f"its buttons in {locale} cannot be had on Messenger",
                (f"{PAGE_BUTTONS} at most, which answer or open an address"),
            )


def _node(words: Record, key: str) -> Node:
    return words.nodes.get(key, words.node)


def _places(spec: TemplateSpec, words: TemplateWords) -> Iterator[Fault]:
    """Each place is declared, and stands where one may stand."""
    parts = [("body", words.body), *(("header", part) for part in (words.header.parts if words.header else ()))]
    parts += [("buttons", part) for button in words.buttons for part in button.parts]
    parts += [("cards", part) for card in words.cards for part in card.parts]
    parts += [("offer", words.offer.until)] if words.offer else []
    for key, text in parts:
        for name in places_of(text):
            if name not in spec.params:
                hint = mend(name, spec.params) if spec.params else ""
                yield key, f'"{name}" is not among its params', hint or f"write params: [{name}]"
        odd = [found[0] for found in _BRACES.finditer(text) if not PLACE.fullmatch(found[0])]
        if odd:
            yield key, f"{odd[0]} is no place", "a place is {{name}}; nothing is worked out in a template"
    if _EDGE.search(words.body) and spec.category != "authentication":  # whose words are Meta's
        yield "body", "its words begin or end with a place", "put a word, or a full stop, before or after it"
    if _ADJACENT.search(words.body):
        yield "body", "two places stand side by side", "put a word between them"
    if words.header and words.header.kind == "text" and len(places_of(words.header.value)) > 1:
        yield "header", "a header has one place at most", "move the other into the body"
    if _BRACES.search(words.footer):
        yield "footer", "a footer has no places", "write it without"


def _texts(words: TemplateWords) -> Iterator[Fault]:
    header = words.header.value if words.header and words.header.kind == "text" else ""
    body = OFFER_BODY if words.offer else BODY
    for key, text, most in (("body", words.body, body), ("header", header, HEADER), ("footer", words.footer, FOOTER)):
        if len(text) > most:
            yield key, f"its {key} has {len(text)} characters, and Meta takes {most}", f"make it {most} at most"
    if "\n" in header.strip():
        yield "header", "its header has a line break", "write it in one line"
    if words.header and len(words.header.filename) > FILENAME:
        yield "header", f"its filename has {len(words.header.filename)} characters", f"make it {FILENAME} at most"
    pin = words.header.pin if words.header else None
    for text, most in ((pin.latitude, 90), (pin.longitude, 180)) if pin else ():
        if not PLACE.search(text) and abs(float(text)) > most:
            yield "header", f"{text} degrees are beyond {most}", "write a point on this earth"


def _offer(spec: TemplateSpec, words: TemplateWords) -> Iterator[Fault]:
    """An offer that ends is of a marketing template, and is ended by nothing but its buttons."""
    if words.offer is None:
        return
    if len(words.offer.text) > OFFER:
        yield (
            "offer",
            f"its offer has {len(words.offer.text)} characters, and Meta takes {OFFER}",
            f"make it {OFFER} at most",
        )
    if PLACE.search(words.offer.text):
        yield "offer", "the words of its offer have a place", "they are always the same"
    if spec.category != "marketing":
        yield "offer", f"it is for {spec.category}, and has an offer", "take a marketing template"
    if words.footer:
        yield "footer", "with an offer it has no footer", "leave it out"
    if {button.kind for button in words.buttons} - {"code", "url"} or not words.buttons:
        yield "buttons", "with an offer it has a code to copy, an address, or both", "write [{code: SPRING}]"
    if words.cards:
        yield "cards", "it has an offer and cards", "take one of them out"
    if words.offer.until and not PLACE.search(words.offer.until) and not _is_moment(words.offer.until):
        yield "offer", f"{words.offer.until} is no moment", 'write "2026-12-24 18:00", or "{{end}}"'


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def _buttons(words: TemplateWords) -> Iterator[Fault]:
    kinds = [button.kind for button in words.buttons]
    if len(kinds) > BUTTONS:
        yield "buttons", f"it has {len(kinds)} buttons, and Meta takes {BUTTONS}", "leave some out"
    for kind, most in MOST.items():
        if kinds.count(kind) > most:  # type: ignore[arg-type]
            yield "buttons", f"it has {kinds.count(kind)} buttons of the kind {kind}, and Meta takes {most}", "leave some out"  # type: ignore[arg-type]  # fmt: skip
    groups = [kind == "reply" for kind in kinds]
    if sum(before != after for before, after in pairwise(groups)) > 1:
        yield "buttons", "its replies do not stand together", "put all `reply` buttons side by side"
    titles = [button.title for button in words.buttons if button.title]
    for title in (title for number, title in enumerate(titles) if title in titles[:number]):
        yield "buttons", f'two buttons say "{title}"', "give each words of its own"
    for button in words.buttons:
        yield from _button(button)


def _cards(words: TemplateWords) -> Iterator[Fault]:
    """Cards are two to ten, and all of one make; beside them there is nothing but the body."""
    if not words.cards:
        return
    if not 2 <= len(words.cards) <= CARDS:
        yield "cards", f"it has {len(words.cards)} cards, and Meta takes 2 to {CARDS}", "write 2 at least"
    if words.header or words.footer or words.buttons:
        yield "cards", "with cards it has a body and nothing else", "put the buttons on the cards"
    makes = {(card.header.kind, tuple(button.kind for button in card.buttons)) for card in words.cards}
    if len(makes) > 1:
        yield (
            "cards",
            "its cards are of different makes",
            "give all the same sort of file, and the same buttons in order",
        )
    for card in words.cards:
        yield from _card(card)


def _card(card: DeclaredCard) -> Iterator[Fault]:
    if len(card.body) > CARD_BODY:
        message = f"a card has {len(card.body)} characters, and Meta takes {CARD_BODY}"
        yield "cards", message, f"make it {CARD_BODY} at most"
    if _EDGE.search(card.body) or _ADJACENT.search(card.body):
        message = "the words of a card begin or end with a place, or two stand side by side"
        yield "cards", message, "put words between"
    if not 1 <= len(card.buttons) <= CARD_BUTTONS or {one.kind for one in card.buttons} - {"reply", "url", "phone"}:
        message = "a card has one or two buttons, which answer, open an address or call"
        yield "cards", message, "write [{reply: Take it}]"
    for button in card.buttons:
        yield from ((("cards", message, hint)) for _, message, hint in _button(button))


def _shelves(button: DeclaredButton) -> Iterator[Fault]:
    count = sum(len(shelf.products) for shelf in button.shelves)
    if count > PRODUCTS or len(button.shelves) > SHELVES:
        message = f"{count} products under {len(button.shelves)} titles are too many"
        yield "buttons", message, f"{PRODUCTS} products under {SHELVES} titles at most"
    for shelf in button.shelves:
        if len(shelf.title) > SHELF or PLACE.search(shelf.title):
            message = f'"{shelf.title}" has {len(shelf.title)} characters, or a place'
            yield "buttons", message, f"a title has {SHELF} at most"


def _button(button: DeclaredButton) -> Iterator[Fault]:
    if button.kind != "code" and not 0 < len(button.title) <= LABEL:
        yield "buttons", f'"{button.title}" has {len(button.title)} characters', f"a button says {LABEL} at most"
    if PLACE.search(button.title):
        yield "buttons", f'"{button.title}" has a place', "what a button says is always the same"
    if button.kind == "url":
        if len(button.value) > ADDRESS:
            yield "buttons", f"an address has {len(button.value)} characters", f"make it {ADDRESS} at most"
        if len(PLACE.findall(button.value)) > 1 or (PLACE.search(button.value) and not _ends_with_place(button.value)):
            yield "buttons", "the place of an address stands at its end", "write https://shop.example/{{code}}"
    if button.kind == "phone" and len(button.value) > NUMBER:
        yield "buttons", f"{button.value} has {len(button.value)} characters", f"a number has {NUMBER} at most"
    if button.kind == "products":
        yield from _shelves(button)
    if button.kind == "code" and not PLACE.fullmatch(button.value.strip()) and not 0 < len(button.value) <= CODE:
        yield "buttons", f"the code {button.value} has {len(button.value)} characters", f"a code has {CODE} at most"


def _ends_with_place(text: str) -> bool:
    return re.search(rf"{PLACE.pattern}$", text) is not None


def _category(spec: TemplateSpec, words: TemplateWords) -> Iterator[Fault]:
    """A code by which somebody signs in has the form that Meta gives it."""
    if spec.category != "authentication":
        return
    if [button.kind for button in words.buttons] != ["code"]:
        yield "buttons", "an authentication template has one button, the code", 'write buttons: [{code: "{{code}}"}]'
    elif places_of(words.buttons[0].value) != places_of(words.body) or len(places_of(words.body)) != 1:
        yield "body", "an authentication template has one place, the code, in body and button", "write {{code}} in both"
    if words.header or words.footer:
        yield "header" if words.header else "footer", "an authentication template has words of Meta's", "leave it out"
