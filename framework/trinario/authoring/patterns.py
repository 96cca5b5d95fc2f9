"""The patterns of a bot: the words and texts that every bot has, and what its bot.yaml says instead."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from trinario.authoring.pattern_texts import TEXTS
from trinario.authoring.pattern_words import WORDS
from trinario.authoring.reader import Record
from trinario.expressions import Phrase, compile_phrase
from trinario.model.bot import Pattern

LOCALES = ("en", "it", "es", "de", "fr", "pt")
"""The languages that the built-in patterns speak."""


class _Texts(Mapping[str, Phrase]):
    """The built-in texts of one pattern by locale, each compiled when it is first asked for: a check needs few."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._made: dict[str, Phrase] = {}

    def __getitem__(self, locale: str) -> Phrase:
        if locale not in self._made:
            self._made[locale] = compile_phrase(self._sources[locale])
        return self._made[locale]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


@lru_cache(maxsize=1)
def _built_in() -> Mapping[str, Pattern]:
    return {name: Pattern(words=dict(WORDS.get(name, {})), texts=_Texts(texts)) for name, texts in TEXTS.items()}


def patterns(given: Mapping[str, Record], locale: str) -> dict[str, Pattern]:
    """All patterns by name. What bot.yaml gives for a language stands instead of the built-in of that language.

    Words or a text without a language are of the bot's `locale`.
    """
    merged = dict(_built_in())
    for name, record in given.items():
        merged[name] = _merged(merged[name], record, locale)
    return merged


def _merged(pattern: Pattern, record: Record, locale: str) -> Pattern:
    words = {**pattern.words, **_by_locale(record.get("words"), locale)}
    texts = {**pattern.texts, **_by_locale(record.get("text"), locale)}
    return Pattern(words=words, texts=texts, flow=record.get("flow"))


def _by_locale(value: Any, locale: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    return {locale: (value,) if isinstance(value, str) else value}


def text_for(pattern: Pattern, *locales: str) -> Phrase | None:
    """The text in the first of these languages that there is, each followed by its base language; English at the end."""
    for locale in (*locales, "en"):
        found = pattern.texts.get(locale) or pattern.texts.get(locale.split("-")[0])
        if found is not None:
            return found
    return None
