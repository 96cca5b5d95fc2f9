"""Words and addresses inside a platform's limits: what the fitting of every kind of content is made of."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from trinario.channels.graphemes import trimmed
from trinario.channels.split import split
from trinario.model.channel import Limits
from trinario.model.message import Content, Link, Text

MOST_ADDRESS = 2000
WEB, SAFE = ("https", "http"), ("https",)


def parts(words: str, limits: Limits) -> list[Content]:
    """Words in as many messages as they need."""
    return [Text(part) for part in split(words, limits.text, limits.text_unit)]


def joined(words: str, lines: Iterable[str]) -> str:
    """Words, and lines below them."""
    return "\n\n".join(filter(None, (words, "\n".join(lines))))


def clean(links: Iterable[Link]) -> tuple[Link, ...]:
    """Titles in one line, addresses without blanks around them."""
    return tuple(Link(" ".join(trimmed(link.title).split()), link.url.strip()) for link in links)


def lines_of(links: Iterable[Link]) -> list[str]:
    """Links as lines of a text."""
    return [": ".join(filter(None, (link.title, link.url))) for link in links]


def fit_text(content: Text, limits: Limits) -> list[Content]:
    """Words with their links as buttons; as lines where the platform cannot show them all."""
    if not content.links:
        return parts(content.text, limits)
    content = Text(trimmed(content.text), clean(content.links))
    if content.text and len(content.text) <= limits.link_text and are_buttons(content.links, limits.links, limits):
        return [content]
    return parts(joined(content.text, lines_of(content.links)), limits)


def are_buttons(links: Sequence[Link], most: int, limits: Limits) -> bool:
    """Whether all of them can be buttons of one message."""
    titled = all(0 < len(link.title) <= limits.link_title for link in links)
    return len(links) <= most and titled and all(is_address(link.url, WEB) for link in links)


def is_address(url: str, schemes: Sequence[str]) -> bool:
    """Whether the platforms take it: one that they refuse would take the whole message with it."""
    try:
        pieces = urlsplit(url)
        host, _ = pieces.hostname or "", pieces.port
    except ValueError:
        return False
    printable = url.isprintable() and not any(sign.isspace() for sign in url)
    return pieces.scheme in schemes and printable and len(url) <= MOST_ADDRESS and bool(re.search(r"\w", host))
