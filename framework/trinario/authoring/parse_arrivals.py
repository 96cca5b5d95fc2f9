"""Triggers that come from Meta beside her words: which words, posts, ads and titles they name."""

from collections.abc import Mapping
from typing import Any

from trinario.authoring.parse_ask import by_locale
from trinario.authoring.reader import Record

WORDED = frozenset({"comment", "story_reply", "ad", "product", "reaction"})
"""Triggers whose main value are words (of `ad` and `product`: ids, of `reaction`: signs); `any`, or none, stands for whatever there is."""

TITLED = frozenset({"ice_breaker", "menu"})
"""Triggers whose main value is a title, or one by language: the first is what it is known by."""

_MODES = {"comment": "contains", "story_reply": "contains", "ice_breaker": "exact", "menu": "exact"}


def words_of(kind: str, value: Any) -> dict[str, tuple[str, ...]]:
    """The words by language; none: any."""
    if kind in TITLED:
        return {locale: (title,) for locale, title in value.items()} if isinstance(value, Mapping) else {}
    found = by_locale(value) if kind == "keyword" or kind in WORDED else {}
    return {} if kind in WORDED and found == {"": ("any",)} else found


def mode_of(kind: str) -> str:
    """How words are looked for where the author does not say."""
    return _MODES.get(kind, "first_word")


def arrival_keys(kind: str, record: Record) -> dict[str, Any]:
    """The keys of a comment: under which posts, and where."""
    if kind != "comment":
        return {}
    return {
        "posts": frozenset(record.get("post") or ()),
        "media": frozenset(record.get("kind") or ()),
        "exclude_replies": bool(record.get("exclude_replies")),
    }
