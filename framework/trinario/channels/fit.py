"""Content inside a platform's limits: one item is one POST, in order, and no word is lost (meta.md 4, 14.5, 14.7)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never
from urllib.parse import urlsplit

from trinario.channels.graphemes import shortened
from trinario.channels.split import length, split
from trinario.model.channel import Limits
from trinario.model.message import Choices, Content, Link, Media, Option, Template, Text

LIST_BUTTON = "☰"
"""What opens a list whose author named no word for it."""
MOST_ADDRESS = 2000
MOST_FILENAME = 240


def fit(content: Content, limits: Limits) -> tuple[Content, ...]:
    """`content` in as many parts as it needs; empty if there is nothing in it to be said."""
    match content:
        case Text():
            return tuple(_text(content, limits))
        case Media():
            return tuple(_media(content, limits))
        case Choices():
            return tuple(_choices(content, limits))
        case Template():
            return (content,)
    assert_never(content)


def _text(content: Text, limits: Limits) -> list[Content]:
    if not content.links:
        return _parts(content.text, limits)
    links = tuple(Link(" ".join(link.title.split()), link.url.strip()) for link in content.links)
    content = Text(content.text.strip(), links)
    if _links_fit(content, limits):
        return [content]
    lines = [": ".join(filter(None, (link.title, link.url))) for link in links]
    return _parts("\n\n".join(filter(None, (content.text, "\n".join(lines)))), limits)


def _links_fit(content: Text, limits: Limits) -> bool:
    if not content.text or len(content.links) > limits.links or len(content.text) > limits.link_text:
        return False
    return all(_is_button(link, limits) for link in content.links)


def _is_button(link: Link, limits: Limits) -> bool:
    return 0 < len(link.title) <= limits.link_title and _is_address(link.url, ("https", "http"))


def _is_address(url: str, schemes: Sequence[str]) -> bool:
    """Whether the platforms take it: one that they refuse would take the whole message with it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    clean = url.isprintable() and not any(sign.isspace() for sign in url)
    return parts.scheme in schemes and clean and len(url) <= MOST_ADDRESS and bool(re.search(r"\w", host))


def _parts(words: str, limits: Limits) -> list[Content]:
    return [Text(part) for part in split(words, limits.text, limits.text_unit)]


def _media(content: Media, limits: Limits) -> Iterator[Content]:
    """The file, then what its caption cannot hold; a sticker is a picture where there are no stickers.

    What nobody could fetch is said as words.
    """
    kind, caption, url = content.kind, content.caption.strip(), content.url.strip()
    content = replace(content, url=url, filename=_filename(content.filename))
    if kind not in limits.media and kind == "sticker":
        kind = "image"
    if kind not in limits.media or not _is_address(url, ("https",)):
        yield from _parts("\n".join(filter(None, (caption, url))), limits)
    elif kind in limits.captioned and length(caption, limits.text_unit) <= limits.caption:
        yield replace(content, kind=kind, caption=caption)
    else:
        yield replace(content, kind=kind, caption="")
        yield from _parts(caption, limits)


def _filename(name: str) -> str:
    """In one line, and with its ending if something has to go."""
    flat = " ".join(name.split())
    if len(flat) <= MOST_FILENAME:
        return flat
    stem, dot, ending = flat.rpartition(".")
    if not dot or len(ending) > 10:
        return flat[:MOST_FILENAME]
    return stem[: MOST_FILENAME - len(ending) - 1] + dot + ending


def _choices(content: Choices, limits: Limits) -> list[Content]:
    """Things to tap on the last part; a numbered text where there are more than the platform shows."""
    options, words = content.options, content.text.strip()
    if not options or len(options) > limits.most_choices:
        return _parts(_joined(words, _scale(options) or _numbered(options)), limits)
    shown = _shown(options, limits)
    cut = any(new.title != old.title.strip() for new, old in zip(shown, options, strict=True))
    unsaid = [old for new, old in zip(shown, options, strict=True) if new.description != old.description.strip()]
    if cut or not words:
        words = _joined(words, _numbered(options))
    elif unsaid:
        words = _joined(words, [_line(option.title, option.description) for option in unsaid])
    *before, last = _question(words, limits)
    button = shortened(content.button.strip() or LIST_BUTTON, limits.list_button)
    is_list = limits.buttons < len(options) <= limits.list_rows
    return [*map(Text, before), Choices(last, shown, button if is_list else "")]


def _question(words: str, limits: Limits) -> list[str]:
    """The question in parts of which the last may carry options."""
    *before, last = split(words, limits.text, limits.text_unit)
    return [*before, *split(last, limits.choice_text, limits.text_unit)]


def _joined(words: str, lines: Sequence[str]) -> str:
    return "\n\n".join(filter(None, (words, "\n".join(lines))))


def _numbered(options: Sequence[Option]) -> list[str]:
    return [f"{number}. {_line(option.title, option.description)}" for number, option in enumerate(options, 1)]


def _scale(options: Sequence[Option]) -> list[str]:
    """Options that are numbers in order stand in one line: a number before each would be mistaken for the answer."""
    titles = [option.title.strip() for option in options]
    numbers = [int(title) for title in titles if title.isascii() and title.isdecimal()]
    if not numbers or len(numbers) < len(titles) or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return []
    return [" · ".join(titles)]


def _line(title: str, description: str) -> str:
    return " – ".join(filter(None, (title.strip(), description.strip())))


def _shown(options: Sequence[Option], limits: Limits) -> tuple[Option, ...]:
    """The options as they can be tapped: too long, blank or double titles become short, numbered, unique."""
    limit = limits.title_limit(len(options))
    titles = [option.title.strip() for option in options]
    good = [0 < len(title) <= limit and "\n" not in title and titles.count(title) == 1 for title in titles]
    taken = {title for title, fits in zip(titles, good, strict=True) if fits}
    shown = []
    for number, (option, title, fits) in enumerate(zip(options, titles, good, strict=True), 1):
        if not fits:
            title = next(name for name in _short_names(number, title, limit) if name not in taken)
            taken.add(title)
        shown.append(replace(option, title=title, description=_described(option, limits, len(options))))
    return tuple(shown)


def _short_names(number: int, title: str, limit: int) -> Iterator[str]:
    """Ever plainer names for an option, all of which say its number."""
    flat = " ".join(title.split())
    if flat:
        yield shortened(f"{number}. {flat}", limit)
    for dots in range(limit):
        yield str(number) + "." * dots


def _described(option: Option, limits: Limits, count: int) -> str:
    """Only rows of a list have descriptions; one that is too long stands whole in the text."""
    description = option.description.strip()
    is_list = limits.buttons < count <= limits.list_rows
    return description if is_list and len(description) <= limits.list_description else ""
