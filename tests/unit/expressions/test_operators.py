"""What operators, filters and tests make of each kind of value: dates and spans, lists and groups, and their bounds."""

import pickle
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from trinario.errors import EvaluationError, PhraseError
from trinario.expressions import LOCALE, compile_condition, compile_phrase, parts_of
from trinario.expressions.limits import NODES, OUTPUT_CHARACTERS

SCOPE: dict[str, object] = {
    "day": date(2026, 3, 29),
    "noon": datetime(2026, 3, 29, 12, 0),
    "noon_utc": datetime(2026, 3, 29, 12, 0, tzinfo=UTC),
    "at": time(9, 30),
    "hour": timedelta(hours=1),
    "ever": timedelta(days=999_999_999),
    "one": {"a": 1},
    "same": {"a": 1},
    "tags": frozenset({"b", "a", "c"}),
    "others": frozenset({"a", "b", "c"}),
    "long": list(range(OUTPUT_CHARACTERS // 2 + 1)),
    "empty": None,
    "price": Decimal("2.50"),
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("hour + day", date(2026, 3, 29)),
        ("hour + noon", datetime(2026, 3, 29, 13, 0)),
        ("noon + hour", datetime(2026, 3, 29, 13, 0)),
        ("hour + hour", timedelta(hours=2)),
        ("hour - hour", timedelta()),
        ("noon - hour", datetime(2026, 3, 29, 11, 0)),
        ("-hour", timedelta(hours=-1)),
        ("+price", Decimal("2.50")),
        ("-price + 3", Decimal("0.50")),
        ("one == same", True),
        ("one == {'a': 2}", False),
        ("one == [1]", False),
        ("tags == others", True),
        ("tags == ['a', 'b', 'c']", False),
        ("[1, 2] == [1, 2.0]", True),
        ("[1, 2] == [1]", False),
        ("'apple' < 'pear'", True),
        ("'pear' < 'apple'", False),
        ("'pear' >= 'pear'", True),
        ("at < at", False),
        ("hour > hour - hour", True),
        ("'a' in tags and 'z' not in tags", True),
        ("'a' in one and 'z' not in one", True),
        ("[1] in [[1], 2]", True),
        ("tags | first", "a"),
        ("tags | last", "c"),
        ("tags | join('')", "abc"),
        ("one | first", "a"),
        ("[2, 3, 1] | max", 3),
        ("[2, 3, 1] | min", 1),
        ("[3, 1, 2] | sort(true)", [3, 2, 1]),
        ("['b', 'a'] | sort", ["a", "b"]),
        ("'1.5' | decimal", Decimal("1.5")),
        ("' -12 ' | decimal", Decimal(-12)),
        ("'1,5' | decimal(7)", 7),
        ("empty | decimal(7)", 7),
        ("price | decimal", Decimal("2.50")),
        ("price | int", 2),
        ("empty | int", 0),
        ("price is number", True),
        ("1 is number and not true is number", True),
        ("'1' is number", False),
        ("'one two three' | truncate(9)", "one two…"),
        ("'one two three' | truncate(8)", "one two…"),
        ("'one two three' | truncate(6)", "one…"),
        ("'onetwothree' | truncate(5)", "onet…"),
        ("'one' | truncate(3)", "one"),
        ("'one two' | truncate(5, '')", "one"),
        ("'abc'[1]", "b"),
        ("'abc'[1:]", "bc"),
        ("[1, 2, 3][::2]", [1, 3]),
    ],
)
def test_gives(source: str, value: object) -> None:
    found = compile_condition(source).value(SCOPE)
    assert found == value
    assert isinstance(found, type(value)) or isinstance(value, int)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("hour + 1", "a span of time and a number cannot be added"),
        ("day + day", "cannot be added"),
        ("day - noon", "do not subtract"),
        ("noon_utc - noon", "with and without zone"),
        ("noon_utc < noon", "with a zone and one without"),
        ("day < noon", "a date and a date with time cannot be compared"),
        ("at < hour", "cannot be compared"),
        ("noon + ever", "cannot be used like this (OverflowError)"),
        ("1 in 'abc'", "only a text can be in a text, not a number"),
        ("1 in 5", "a number holds nothing"),
        ("long + long", "the joined list is too long"),
        ("[1, 'a'] | sort", "texts and numbers cannot be sorted"),
        ("'x' | sum", "a list is needed here, not a text"),
        ("5 | length", "a number has no length"),
        ("5 | date", "`date` needs a date, not a number"),
        ("day | date('dddddddddddddddddddddddddddddddddddddddddd')", "at most 40 characters"),
        ("at | date('yyyy')", "does not know the pattern"),
        ("'abc'[0.5:]", "a position is a whole number"),
        ("price | round(13)", "0 to 12 places"),
        ("price | number(13)", "0 to 12 places"),
    ],
)
def test_faults(source: str, reason: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        compile_condition(source).value(SCOPE)
    assert any(words in caught.value.reason for words in reason.split("|"))


def test_a_list_is_printed_up_to_a_length() -> None:
    half = OUTPUT_CHARACTERS // 2
    scope = {"fits": [0] * (half // 2), "exceeds": [0] * (half + 1)}
    assert compile_phrase("{{ fits }}").render(scope).count("0") == half // 2
    with pytest.raises(EvaluationError, match="too long to print"):
        compile_phrase("{{ exceeds }}").render(scope)


def test_a_loop_over_a_group_walks_its_keys() -> None:
    assert compile_phrase("{% for key in one %}{{ key }}={{ one[key] }}{% endfor %}").render(SCOPE) == "a=1"
    assert compile_phrase("{% for tag in tags %}{{ tag }}{% endfor %}").render(SCOPE) == "abc"


@pytest.mark.parametrize(
    ("language", "text"),
    [("it", "2,5 29 mar"), ("pt-BR", "2,5 29 mar."), ("it-XX", "2,5 29 mar"), ("tlh", "2.5 29 Mar"), ("", "2.5 29 Mar"), ("?!", "2.5 29 Mar")],
)  # fmt: skip
def test_a_language_that_nobody_knows_prints_as_its_base_or_as_english(language: str, text: str) -> None:
    assert compile_phrase("{{ price | number }} {{ day | date('d MMM') }}").render({**SCOPE, LOCALE: language}) == text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ x | upper(*y) }}", "`*` and `**` are not available"),
        ("{{ x | join(**y) }}", "`*` and `**` are not available"),
        ("{{ x is divisibleby(*y) }}", "`*` and `**` are not available"),
        ("{% filter upper %}x{% endfilter %}", "not available in a text"),
        ("{{ " + "9" * 31 + " }}", "a number too large"),
        ("{{ " + ", ".join("[1]" for _ in range(NODES)) + " }}", "one expression|too much"),
        ("{{ x }}" * (NODES + 1), "too much for one text"),
        ("{{ x[1]() }}", "only names can be called"),
    ],
)
def test_what_is_refused(source: str, words: str) -> None:
    with pytest.raises(PhraseError) as caught:
        compile_phrase(source)
    assert any(one in str(caught.value) for one in words.split("|"))


def test_the_parts_of_a_text() -> None:
    parts = parts_of(compile_phrase("Bearer {{ secrets.key }}, {{ vars.n + 1 }}!"))
    assert parts is not None
    words, key, comma, number, end = parts
    assert (words, comma, end) == ("Bearer ", ", ", "!")
    assert not isinstance(key, str) and not isinstance(number, str)
    assert number.value({"vars": {"n": 1}}) == 2 and [use.path for use in key.uses] == [("secrets", "key")]
    assert key != number and key == parts_of(compile_phrase("Bearer {{ secrets.key }}, {{ vars.n + 1 }}!"))[1]  # type: ignore[index]
    assert len({key, number, *parts}) == len(parts)
    again = pickle.loads(pickle.dumps(number))
    assert again == number and again.value({"vars": {"n": 4}}) == 5
    assert parts_of(compile_phrase("only words")) == ("only words",)
    assert parts_of(compile_phrase("")) == ()
    assert parts_of(compile_phrase("{% if a %}b{% endif %}")) is None
    assert repr(compile_phrase("{{ a }}")) == "Phrase('{{ a }}')"
