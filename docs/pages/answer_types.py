"""The part of the page of flows that tells what answers can be."""

from collections.abc import Iterator

from docs.pages.lines import fenced, table_of
from trinario.authoring.spec.answers import ANSWER_TYPES

_ANSWERS = """\
Closed types know a wrong answer; open ones take what comes. Digits of every script count, so do the words of all six
languages (hers first, where two differ). In English `12/05` is read by the country of her locale, else by the region of
the bot, else as in the United States; the other languages have the day first, but for Japanese, Chinese, Korean, Hungarian
and Lithuanian.

`min` and `max` are of the answer's own kind: numbers, numbers of characters or of choices, dates (`2026-12-01`), times
(`09:00`), durations (`8h`), or an expression that gives one (`min: "{{ today }}"`). Where an answer can be read in two ways,
the one within the bounds is meant: `3` is three in the afternoon where `min` is `09:00`, `5.000` is five thousand where
`min` is 100. A day as `max` of a moment is the whole day.

Dates and times are reckoned in her zone from the moment of the message. A day without its year is the coming one; a past
one only where `max` leaves nothing else. A bare `friday` is never today, `this friday` may be, `next friday` is the first
one after today. A time of the clock that is skipped in spring moves forward, of two in autumn the first is meant."""


def answer_types() -> Iterator[str]:
    """What every type of answer takes, and what it saves."""
    yield from ("## Answer types", "", *_ANSWERS.splitlines())
    rows = [(f"`{one.name}`", one.about, "closed" if one.closed else "open", one.gives,
             ", ".join(f"`{key}`" for key in sorted(one.keys))) for one in ANSWER_TYPES]  # fmt: skip
    yield from table_of(("type", "what it is", "", "saves", "keys"), rows)
    for one in ANSWER_TYPES:
        yield from (f"### `{one.name}`", "", f"{one.about} Takes {one.takes}.")
        if one.shown:
            yield from ("", f"Shown as {one.shown}.")
        yield from fenced(one.example, "yaml")
        yield from ("Saved, as JSON has it:", "")
        yield from fenced(one.json, "json")
        if one.exits:
            yield from ("Exits of its own: " + ", ".join(f"`on_{name}`" for name in one.exits) + ".", "")
    yield ""
