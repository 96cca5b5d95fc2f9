"""What the database can be asked, and what it refuses: where, why, and how to mend it."""

import pytest

from trinario.campaign.segment import All, Compared, Field, Fixed, No, Standing, Tagged
from trinario.campaign.segment_read import segment_of
from trinario.errors import PhraseError
from trinario.expressions import compile_condition

FIELDS = {"city": None, "budget": None, "born": None}


def test_a_tree() -> None:
    found = segment_of(compile_condition("'vip' in tags and not fields.city == 'Roma' and in_flow('booking')"), FIELDS)
    assert isinstance(found.test, All) and len(found.test.tests) == 3
    tag, city, flow = found.test.tests
    assert isinstance(tag, Tagged) and city == No(Compared(Field("city"), "eq", Fixed("Roma")))
    assert flow == Standing("in_flow", "booking")
    assert found.fields == {"city"} and found.facts == {("in_flow", "booking", 0)}


def test_what_is_the_same_for_everybody_is_worked_out_once() -> None:
    found = segment_of(compile_condition("contact.last_seen_at > ago('30d') and fields.budget > 100 / 3"), FIELDS)
    assert [sorted(given.names) for given in found.givens] == [[("ago",)], []]


@pytest.mark.parametrize(
    ("source", "meant", "reason", "hint"),
    [
        ("answers.x > 5", "answers.x", "means nothing", "fields, tags"),
        ("fields.budget + 5 > 3", "fields.budget", "`+` with something of hers", "reckon on the other side"),
        ("fields.city | upper == 'X'", "fields.city", "`| upper`", "`lower`"),
        ("fields.city and now.hour < 12", "now.hour", "only the clock", "`schedule`"),
        ("fields.city in 'Milano'", "'Milano'", "one text", "['Milano', 'Roma']"),
        ("fields.city == fields.budget", "fields.budget", "two things of hers", "compare with a value"),
        ("fields.city.split(',')", "fields.city.split", "`.split()`", "startswith"),
        ("contact.mood == 'IT'", "contact.mood", "cannot be asked", "preferred_channel"),
        ("reachable('telegram')", "reachable", "no channel `telegram`", "whatsapp"),
        ("in_flow(fields.city)", "in_flow", "quotation marks", "in_flow('...')"),
        ("fields.zip == 1", "fields.zip", "`fields` has no `zip`", "bot.yaml"),
        ("today in tags", "today", "not looked for", "fields.born == today"),
        ("received('spring', 'soon')", "'soon'", "no span of time", "3d"),
        ("received('spring', '0s')", "'0s'", "none", "received('spring', '30d')"),
        ("received('spring', '1d', '2d')", "received", "takes a name", "received('...')"),
        ("in_flow('booking', '1d')", "in_flow", "takes a name", "in_flow('...')"),
        ("fields.born.weekday == 1", "fields.born.weekday", "cannot be asked", "month"),
    ],
)
def test_refusals_stand_at_their_place(source: str, meant: str, reason: str, hint: str) -> None:
    with pytest.raises(PhraseError) as caught:
        segment_of(compile_condition(source), FIELDS, ["whatsapp"])
    error = caught.value
    assert source[error.offset : error.offset + error.length] == meant
    assert reason in error.reason and hint in error.hint


@pytest.mark.parametrize(
    "source",
    [
        " or ".join(f"fields.budget == {n}" for n in range(10_000)),
        "not " * 400 + "fields.budget",
        "(" * 300 + "fields.budget" + ")" * 300 + " > 1" + " and true" * 200,
        "fields.budget > " + "9" * 60,
        "fields.city == '" + "x" * 20_000 + "'",
    ],
)
def test_too_much_is_refused_before_anybody_is_asked(source: str) -> None:
    with pytest.raises(PhraseError):
        segment_of(compile_condition(source), FIELDS)
