"""`retention` of bot.yaml: what it says, what holds without it, what is too short."""

from datetime import timedelta

import pytest

from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.retention_settings import retention_of
from trinario.jobs.retention import in_words
from trinario.model.retention import Retention

BOT = "bot: demo\nlocale: en\ntimezone: Europe/Rome\nchannels: {}\nflows: []\n"


def test_what_is_kept() -> None:
    parsed = parse_bot(f"{BOT}retention: {{raw: 7d, strays: always, messages: 730d}}\n".encode(), "bot.yaml", {})
    assert retention_of(parsed) == Retention(raw=timedelta(days=7), strays=None, messages=timedelta(days=730))
    assert retention_of(parse_bot(BOT.encode(), "bot.yaml", {})) == retention_of(None) == Retention()
    assert in_words(Retention())["raw"] == "30 days" and in_words(Retention())["messages"] == "for good"


@pytest.mark.parametrize("line", ["messages: 30d", "events: 1w", "raw: 5h", "calls: 60s"])
def test_what_is_forgotten_too_early(line: str) -> None:
    parsed = parse_bot(f"{BOT}retention:\n  {line}\n".encode(), "bot.yaml", {})
    assert [one.line for one in parsed.issues if one.code == "T182"] == [7]


def test_what_is_no_duration() -> None:
    parsed = parse_bot(f"{BOT}retention: {{raw: never}}\n".encode(), "bot.yaml", {})
    assert [one.line for one in parsed.issues if one.code.startswith("S")] == [6]
