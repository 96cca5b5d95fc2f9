"""The words and addresses of a message, in her language: what every kind of content is made of."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from trinario.engine.draft import Draft
from trinario.engine.words import phrase_of
from trinario.expressions import Phrase
from trinario.model.flow import Words, WordsLink
from trinario.model.message import Link

_WEB = re.compile(r"(https?://[^/?#\s]*)(.*)", re.DOTALL)
_SIGNS = "%/:?#[]@!$&'()*+,;=~"
"""Signs with a meaning in addresses; of %, what an author has quoted already."""

Names = Mapping[str, Any] | None
"""The names that a text sees; None: those of the session."""


def text_of(draft: Draft, words: Words, names: Names = None) -> str:
    """A text of the flow in her language."""
    return rendered(draft, phrase_of(draft.flow, draft.contact, words), names)


def rendered(draft: Draft, phrase: Phrase, names: Names = None) -> str:
    """What a phrase says. Raises EvaluationError for values that cannot be rendered."""
    return phrase.constant if phrase.constant is not None else phrase.render(draft.scope if names is None else names)


def file_of(draft: Draft, phrase: Phrase, names: Names = None) -> str:
    """The address of a file to be sent: one of media/ that platforms cannot fetch is uploaded to them."""
    file = draft.bot.media.get(rendered(draft, phrase, names).strip())
    return file.address if file is not None else address_of(draft, phrase, names)


def address_of(draft: Draft, phrase: Phrase, names: Names = None) -> str:
    """An address: a value in it may hold blanks or letters that no address has, and they are quoted. No host is."""
    plain = rendered(draft, phrase, names).strip()
    file = draft.bot.media.get(plain)
    if file is not None and file.url:
        return file.url
    return whole_address(plain)


def whole_address(plain: str) -> str:
    """An address with what no address has quoted, its host excepted; anything else as it is."""
    found = _WEB.fullmatch(plain)
    return found[1] + quoted(found[2]) if found else plain


def quoted(text: str) -> str:
    """A piece of an address without blanks and letters that no address has."""
    return quote(text, safe=_SIGNS, errors="replace")


def links_of(draft: Draft, links: Iterable[WordsLink], names: Names = None) -> tuple[Link, ...]:
    """Titles and addresses."""
    return tuple(Link(text_of(draft, link.title, names), address_of(draft, link.url, names)) for link in links)
