"""Long texts in parts: cut at a line or a sentence, else between words, else between graphemes."""

import re
from typing import Literal

from trinario.channels.graphemes import boundary_before, is_boundary, trimmed
from trinario.model.channel import Limits

Unit = Literal["chars", "bytes", "utf16"]

_LINE = re.compile(r"\n+")
_SENTENCE = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”]*")
_WORD = re.compile(r"[^\S\u00a0\u202f]+")  # a space that does not say that it must not break
_SHORTEST = 0.25
"""A line or sentence that ends before this share of a part is no place to cut: the parts would be crumbs."""


def length(text: str, unit: Unit) -> int:
    """How long a text is as the platform counts."""
    if unit == "utf16":
        return len(text) + sum(sign > "\uffff" for sign in text)
    return len(text.encode("utf-8", "replace")) if unit == "bytes" else len(text)


def split(text: str, limit: int, unit: Unit = "chars") -> list[str]:
    """`text` in parts of at most `limit` each; only what is not seen at the cuts is lost. Empty for a blank text."""
    parts, rest = [], trimmed(text)
    while length(rest, unit) > limit:
        cut = _cut(rest, _reach(rest, limit, unit))
        parts.append(trimmed(rest[:cut]))
        rest = trimmed(rest[cut:])
    return [part for part in (*parts, rest) if part]


def split_for_taps(words: str, limits: Limits) -> list[str]:
    """Words in parts, of which the last may have a button or options to tap."""
    *before, last = split(words, limits.text, limits.text_unit)
    return [*before, *split(last, limits.choice_text, limits.text_unit)]


def _reach(text: str, limit: int, unit: Unit) -> int:
    """How many code points of `text` fit; at least one, else nothing would ever go on."""
    if unit == "chars":
        return max(limit, 1)
    if unit == "utf16":
        return max(len(text.encode("utf-16-le", "replace")[: 2 * limit].decode("utf-16-le", "ignore")), 1)
    return max(len(text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")), 1)


def _cut(text: str, reach: int) -> int:
    """Where to cut a text of which `reach` code points fit."""
    window = text[: reach + 1]  # the character behind the reach may be the space to cut at
    for pattern, ends in ((_LINE, False), (_SENTENCE, True)):
        places = [match.end() if ends else match.start() for match in pattern.finditer(window)]
        fitting = [place for place in places if reach * _SHORTEST <= place <= reach and _is_clean(text, place)]
        if fitting:
            return fitting[-1]
    words = [match.start() for match in _WORD.finditer(window) if 0 < match.start() <= reach]
    return next((place for place in reversed(words) if _is_clean(text, place)), 0) or boundary_before(text, reach)


def _is_clean(text: str, place: int) -> bool:
    """Whether neither this cut nor the white space that goes with it tears a grapheme."""
    following = place
    while following < len(text) and text[following].isspace():
        following += 1
    return is_boundary(text, place) and is_boundary(text, following)
