"""Addresses in what campaigns and sequences say become short ones of ours, so that it can be told who opened them."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from trinario.jobs.world import World
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Card, Cards, Content, Link, Media, Text
from trinario.ports.clicks import ShortLink

PATH = "/l/"
"""Where short links are, below the public address."""

TOKEN_BYTES = 12
"""Bytes of a token: nobody guesses one, and it says nothing of anybody."""

_LETTER = r"[^\s<>\"'()\[\]{}|\\^`]"
_PAIR = rf"\({_LETTER}*\)|\[{_LETTER}*\]"
_ADDRESS = re.compile(rf"https?://(?:{_LETTER}|{_PAIR})+(?:(?![.,;:!?]){_LETTER}|{_PAIR})")
"""Brackets belong to an address where they come in pairs, as in `A_(b)` and `a[]=1`."""


def is_tracked(world: World, say: Say) -> bool:
    """Whether links in it are to be short ones: what campaigns and sequences say, where the outside can reach us."""
    return bool(world.public_url) and bool(say.campaign or say.flow.startswith("sequence/"))


def tracked(
    world: World, contact: Contact, say: Say, content: Content, channel: str, copy: int
) -> tuple[Content, list[ShortLink]]:
    """The content with short links in place of addresses, and what they stand for. Templates stay as they are approved."""
    made: dict[str, ShortLink] = {}

    def short(url: str) -> str:
        if not url.startswith(("http://", "https://")) or _is_ours(world, url) or not _leads(url):
            return url
        if url not in made:
            context = f"link {say.key}/{copy}/{len(made)}"
            token = urlsafe_b64encode(world.random.token(context)[:TOKEN_BYTES]).decode()
            made[url] = ShortLink(token, url, contact.id, say.key, channel, say.campaign)
        return f"{world.public_url}{PATH}{made[url].token}"

    return _shortened(content, short), list(made.values())


def _is_ours(world: World, url: str) -> bool:
    return url == world.public_url or url.startswith(f"{world.public_url}/")


def _leads(url: str) -> bool:
    """Whether there is a host, and a port that can be: nobody can be led on to anything else."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or 0 <= parts.port <= 65535)
    except ValueError:
        return False


def _shortened(content: Content, short: Callable[[str], str]) -> Content:
    match content:
        case Text(text=text, links=links):
            return replace(content, text=_ADDRESS.sub(lambda found: short(found[0]), text), links=_each(links, short))
        case Media(links=links):
            return replace(content, links=_each(links, short))
        case Cards(cards=cards):
            return replace(content, cards=tuple(_card(card, short) for card in cards))
        case _:
            return content


def _each(links: tuple[Link, ...], short: Callable[[str], str]) -> tuple[Link, ...]:
    return tuple(replace(link, url=short(link.url)) for link in links)


def _card(card: Card, short: Callable[[str], str]) -> Card:
    return replace(card, links=_each(card.links, short))
