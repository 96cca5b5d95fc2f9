"""Requests, forms and products inside a platform's limits; where there are none, their words and the page that does the same."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trinario.channels.fit_words import clean, fit_text, is_address, parts
from trinario.channels.graphemes import shortened
from trinario.channels.split import split_for_taps
from trinario.model.channel import Limits
from trinario.model.interactive import Form, Products, Shelf, Wanted
from trinario.model.message import Content, Link, Text

SHOP = "🛒"
"""What stands above products whose author gave them no line, where there has to be one."""

MOST_ID = 200
"""Characters of a product's or a catalogue's id, of a screen's and of a form's name."""


def fit_request(content: Wanted, limits: Limits) -> Iterator[Content]:
    """The words with their button; the bare words where there is no such button."""
    words = content.text.strip()
    if content.what not in limits.requests or not words:
        yield from parts(words, limits)
        return
    *before, last = split_for_taps(words, limits)
    yield from map(Text, before)
    yield Wanted(last, content.what)


def fit_form(content: Form, limits: Limits) -> Iterator[Content]:
    """The form below its words; else the words, with a button to its page if it has one."""
    header, text, footer = (" ".join(content.header.split()), content.text.strip(), " ".join(content.footer.split()))
    button = " ".join(content.button.split())
    ids = (content.form, content.screen)
    if not limits.form_button or not content.form or not text or max(map(len, ids)) > MOST_ID:
        words = "\n\n".join(filter(None, (header, text, footer)))
        yield from fit_text(Text(words, _page(button, content.url)), limits)
        return
    header, text, footer = _framed(header, text, footer, limits)
    *before, last = split_for_taps(text, limits)
    yield from map(Text, before)
    button = shortened(button or content.form, limits.form_button)
    yield replace(content, text=last, button=button, header=header, footer=footer, url="")


def fit_products(content: Products, limits: Limits) -> Iterator[Content]:
    """The products of a catalogue, in as many messages as they need; else the words, with a link to the shop."""
    header, text, footer = (" ".join(content.header.split()), content.text.strip(), " ".join(content.footer.split()))
    ids = (content.catalog, *content.ids)
    if not limits.products or not content.catalog or not all(0 < len(one) <= MOST_ID for one in ids) or not text:
        words = "\n\n".join(filter(None, (header, text, footer)))
        yield from fit_text(Text(words, _page(content.button, content.url)), limits)
        return
    several = len(content.ids) > 1
    words, above = text, header if several else ""
    if header and not several:
        words = f"{header}\n\n{text}"
    above, words, footer = _framed(above, words, footer, limits)
    *before, last = split_for_taps(words, limits)
    yield from map(Text, before)
    pages = list(_pages(content.shelves, limits)) or [()]
    for number, page in enumerate(pages):
        shown = last if not number else _titles(page) or above or SHOP
        yield replace(content, text=shown, shelves=page, header=(above or SHOP) if several else "", footer=footer,
                      button="", url="")  # fmt: skip


def _titles(page: Sequence[Shelf]) -> str:
    return " · ".join(filter(None, (shelf.title for shelf in page)))


def _pages(shelves: Sequence[Shelf], limits: Limits) -> Iterator[tuple[Shelf, ...]]:
    """Shelves that go together: so many products and so many shelves a message, each shelf with a title where there are more."""
    page: list[Shelf] = []
    room = limits.products
    for shelf in shelves:
        left = list(dict.fromkeys(shelf.products))
        while left:
            if not room or len(page) == limits.shelves:
                yield _titled(page, limits)
                page, room = [], limits.products
            taken, left = left[:room], left[room:]
            page.append(Shelf(" ".join(shelf.title.split()), tuple(taken)))
            room -= len(taken)
    if page:
        yield _titled(page, limits)


def _titled(page: Sequence[Shelf], limits: Limits) -> tuple[Shelf, ...]:
    several = len(page) > 1
    return tuple(
        replace(shelf, title=shortened(shelf.title, limits.shelf_title) or (str(number) if several else ""))
        for number, shelf in enumerate(page, 1)
    )


def _framed(header: str, text: str, footer: str, limits: Limits) -> tuple[str, str, str]:
    """Lines above and below that are too long go into the text."""
    most = limits.frame
    words = [header if len(header) > most else "", text, footer if len(footer) > most else ""]
    return (
        header if len(header) <= most else "",
        "\n\n".join(filter(None, words)),
        footer if len(footer) <= most else "",
    )


def _page(title: str, url: str) -> tuple[Link, ...]:
    """The page that does the same; of one that is no address there is nothing to open."""
    return clean((Link(title or SHOP, url),)) if is_address(url.strip(), ("https", "http")) else ()
