"""Patterns: every bot has them all, in six languages, and bot.yaml may say them otherwise."""

from datetime import UTC, datetime

import pytest

from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.patterns import LOCALES, patterns, text_for
from trinario.authoring.spec.bot import PATTERNS, PATTERNS_WITH_WORDS

SCOPE = {
    "chosen": "Red", "min": 100, "max": 5000, "channel": "WhatsApp", "name": "A••", "code": "7KQ2M", "title": "Shop", "number": "+39 … 12",
    "currency": "EUR",
    "now": datetime(2026, 1, 1, tzinfo=UTC), "$locale": "en",
}  # fmt: skip


STOPPING = {"nl", "pl", "tr", "ar"}
"""Languages in which people can say stop and start besides those that the bot speaks."""


def spoken(name: str) -> set[str]:
    return {*LOCALES, *STOPPING} if name in ("stop", "start") else set(LOCALES)


def test_the_table_has_every_pattern() -> None:
    assert set(patterns({}, "en")) == set(PATTERNS)


@pytest.mark.parametrize("name", PATTERNS)
def test_every_text_is_there_and_renders_in_every_language(name: str) -> None:
    pattern = patterns({}, "en")[name]
    assert set(pattern.texts) == spoken(name)
    for phrase in pattern.texts.values():
        assert phrase.render({**SCOPE, **bounds_of(name)}).strip()


def bounds_of(name: str) -> dict[str, object]:
    """`min` and `max` of the kind that the text is about."""
    if not name.startswith(("error.date", "error.time")):
        return {}
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    kind = name.removeprefix("error.").split("_")[0]
    value = {"date": moment.date(), "time": moment.time(), "datetime": moment}[kind]
    return {"min": value, "max": value}


@pytest.mark.parametrize("name", PATTERNS_WITH_WORDS)
def test_words_are_there_in_every_language(name: str) -> None:
    words = patterns({}, "en")[name].words
    assert set(words) == spoken(name) and all(words.values())


def test_titles_of_buttons_fit_every_channel() -> None:
    known = patterns({}, "en")
    for channel in ("WhatsApp", "Messenger", "Instagram"):
        for name in ("choices.button", "switch.button", "yes", "no"):
            for phrase in known[name].texts.values():
                assert len(phrase.render({**SCOPE, "channel": channel})) <= 20


def test_bot_yaml_says_it_otherwise() -> None:
    data = b"bot: b\npatterns: {stop: {words: {it: basta cosi}, text: Bye}, help: {words: [sos], text: {it: Eccomi}}}\n"
    parsed = parse_bot(data, "bot.yaml", {})
    merged = patterns(parsed.get("patterns"), "en")
    assert merged["stop"].words["it"] == ("basta cosi",) and "stop" in merged["stop"].words["en"]
    assert merged["stop"].texts["en"].source == "Bye" and merged["stop"].texts["it"].source.startswith("Fatto")
    assert merged["help"].words["en"] == ("sos",) and merged["help"].texts["it"].source == "Eccomi"


def test_the_text_for_a_language_falls_back() -> None:
    pattern = patterns({}, "it")["yes"]
    assert [getattr(text_for(pattern, *locales), "source", None) for locales in (("pt-BR",), ("ja", "it"), ("ja",))] == [
        "Sim", "Sì", "Yes",
    ]  # fmt: skip
