"""Cards, places and people's cards inside a platform's limits; what it cannot show side by side goes one by one."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from trinario.channels.fit_media import fit_media
from trinario.channels.fit_words import SAFE, are_buttons, clean, fit_text, is_address, lines_of, parts
from trinario.channels.graphemes import shortened, trimmed
from trinario.model.channel import Limits
from trinario.model.message import Card, Cards, ContactCard, Content, Location, Media, Text

MAP = "https://www.google.com/maps/search/?api=1&query="
"""A map that any phone opens, without a key: the address of Google's Maps URLs."""

MOST_TITLES = 1024
MOST_NAME = 1000


def fit_cards(content: Cards, limits: Limits) -> Iterator[Content]:
    """The words before them, the cards side by side, and after those the words that did not fit on them."""
    cards = [_clean(card) for card in content.cards]
    words = trimmed(content.text)
    if limits.card_text:
        yield from _carousel(words, cards, limits)
        return
    yield from parts(words, limits)
    for is_side, several in groupby(cards, key=lambda card: _is_element(card, limits)):
        if is_side:
            yield from _elements(list(several), limits)
        else:
            yield from _one_by_one(several, limits)


def _clean(card: Card) -> Card:
    return Card(" ".join(trimmed(card.title).split()), trimmed(card.subtitle), card.image.strip(), clean(card.links))


# ---- cards with a title and a subtitle of their own


def _is_element(card: Card, limits: Limits) -> bool:
    """Whether it can be one of several: it needs a title, and something besides."""
    besides = card.subtitle or card.image or _buttons(card, limits)
    return bool(limits.cards and card.title and besides and (not card.image or is_address(card.image, SAFE)))


def _elements(cards: list[Card], limits: Limits) -> Iterator[Content]:
    for start in range(0, len(cards), limits.cards):
        page = cards[start : start + limits.cards]
        yield Cards(tuple(_element(card, limits) for card in page))
        rests = [rest for card in page if (rest := _rest(card, limits))]
        yield from parts("\n\n".join(rests), limits)


def _element(card: Card, limits: Limits) -> Card:
    title, subtitle = shortened(card.title, limits.card_title), shortened(card.subtitle, limits.card_subtitle)
    return Card(title, subtitle, card.image, card.links if _buttons(card, limits) else ())


def _buttons(card: Card, limits: Limits) -> bool:
    return bool(card.links) and are_buttons(card.links, limits.card_links, limits)


def _rest(card: Card, limits: Limits) -> str:
    """The whole card in words, if anything of it cannot stand on it."""
    whole = len(card.title) <= limits.card_title and len(card.subtitle) <= limits.card_subtitle
    if whole and (not card.links or _buttons(card, limits)):
        return ""
    return "\n".join(filter(None, (card.title, card.subtitle, *lines_of(card.links))))


# ---- cards with one text, a picture and a link


def _carousel(words: str, cards: list[Card], limits: Limits) -> Iterator[Content]:
    """Side by side if all of them can be; the words above are needed, and are the titles where there are no others."""
    page_sizes = _pages(len(cards), limits)
    above = words or " · ".join(card.title for card in cards)
    if not page_sizes or len(above) > MOST_TITLES or not all(_is_slide(card, limits) for card in cards):
        yield from parts(words, limits)
        yield from _one_by_one(cards, limits)
        return
    start = 0
    for size in page_sizes:
        page = tuple(cards[start : start + size])
        yield Cards(page, words if words and not start else " · ".join(card.title for card in page))
        start += size


def _pages(count: int, limits: Limits) -> list[int]:
    """How many cards stand together: pages as full as they can be, none with too few; empty if that cannot be."""
    if count < limits.cards_least:
        return []
    sizes = [min(limits.cards, count - start) for start in range(0, count, limits.cards)]
    if sizes[-1] < limits.cards_least:
        lent = limits.cards_least - sizes[-1]
        sizes[-2:] = [sizes[-2] - lent, sizes[-1] + lent]
    return sizes


def _is_slide(card: Card, limits: Limits) -> bool:
    text = slide_text(card)
    short = 0 < len(text) <= limits.card_text and text.count("\n") < limits.card_lines
    linked = len(card.links) == limits.card_links and _buttons(card, limits)
    return short and linked and bool(card.title) and is_address(card.image, SAFE)


def slide_text(card: Card) -> str:
    """Title and subtitle as one text."""
    return "\n".join(filter(None, (card.title, card.subtitle)))


# ---- where they cannot stand side by side


def _one_by_one(cards: Iterable[Card], limits: Limits) -> Iterator[Content]:
    for card in cards:
        words = slide_text(card)
        if card.image:
            yield from fit_media(Media("image", card.image, words, "", card.links), limits)
        else:
            yield from fit_text(Text(words, card.links), limits)


# ---- places and people's cards


def fit_location(content: Location, limits: Limits) -> Iterator[Content]:
    """A pin on a map; in words, with the address of a map, where there are no pins."""
    name, address = trimmed(content.name), trimmed(content.address)
    if limits.locations and max(len(name), len(address)) <= MOST_NAME:
        yield Location(content.latitude, content.longitude, name, address)
        return
    point = f"{content.latitude:f},{content.longitude:f}"
    yield from parts("\n".join(filter(None, (name, address, MAP + point))), limits)


def fit_contact(content: ContactCard, limits: Limits) -> Iterator[Content]:
    """A card that the phone can keep; in words, of which phones make the number and the addresses tappable."""
    name = " ".join(trimmed(content.name).split())
    shown = ContactCard(
        name, trimmed(content.phone), trimmed(content.email), trimmed(content.organisation), trimmed(content.url)
    )
    if limits.contacts and 0 < len(name) <= MOST_NAME:
        yield shown
        return
    lines = (name, shown.organisation, shown.phone, shown.email, shown.url)
    yield from parts("\n".join(filter(None, lines)), limits)
