"""Phrases and conditions: what they print, give and refuse."""

import pickle
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from trinario.errors import EvaluationError, PhraseError
from trinario.expressions import LABELS, LOCALE, compile_condition, compile_phrase

SCOPE: dict[str, object] = {
    "contact": {"first_name": "Ana", "last_name": None},
    "fields": {"city": None, "budget": Decimal("5000.00"), "day": date(2026, 3, 29), "price": 1.1},
    "vars": {"items": ["rose", "tulip"], "tries": 3, "name": "o'neil mc donald", "on": True},
    "answers": {"colour": "red", "several": ["red", "blue"]},
    "tags": frozenset({"vip"}),
    "now": datetime(2026, 3, 29, 9, 0, 30),
    "ago": lambda text: timedelta(days=int(text[:-1])),
    LOCALE: "it",
    LABELS: {"answers.colour": {"red": "Rosso"}, "answers.several": {"red": "Rosso", "blue": "Blu"}},
}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hi {{ contact.first_name or 'there' }}!", "Hi Ana!"),
        ("Hi {{ contact.last_name or 'there' }}!", "Hi there!"),
        ("{{ contact.last_name }}|", "|"),
        ("{{ vars.items }}", "rose, tulip"),
        ("{{ vars['items'] | length }}", "2"),
        ("{{ fields.budget }} {{ 0.30 }} {{ 1e3 }} {{ -0.0 }}", "5000 0.3 1000 0"),
        ("{{ fields.budget * 1.1 }} {{ fields.price * 3 }}", "5500 3.3"),
        ("{{ 7 / 2 }} {{ 6 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7.5 % 2 }} {{ -7.5 % 2 }} {{ 2 ** 10 }}",
         "3.5 3 3 -4 1.5 0.5 1024"),
        ("{{ -7.5 // 2 }} {{ 2 ** -1 }} {{ -fields.budget }}", "-4 0.5 -5000"),
        ("{{ vars.on }} {{ 1 < vars.tries <= 3 }}", "true true"),
        ("{{ fields.day }} {{ now }} {{ ago('2d') }}", "2026-03-29 2026-03-29 09:00 2d"),
        ("{{ fields.day - ago('1d') }}", "2026-03-28"),
        ("{{ 'a' ~ 1 ~ 1.50 ~ none }}", "a11.5"),
        ("{{ 'vip' if 'vip' in tags }}{{ 'gone' if 'x' in tags }}", "vip"),
        ("{% if vars.tries > 2 %}many{% else %}few{% endif %}", "many"),
        ("{% for i in vars.items %}{{ loop.index }}. {{ i }}{{ ', ' if not loop.last }}{% endfor %}",
         "1. rose, 2. tulip"),
        ("{% for i in contact.last_name %}x{% else %}none{% endfor %}", "none"),
        ("{{ contact.first_name[0:2] }}{{ vars.items[-1] }}{{ [1, 2][1.0] }}", "Antulip2"),
        ("{{ {'a': {'b': 5}}.a.b }}", "5"),
        ("{{ ' x '.strip() }}{{ vars.items.count('rose') }}", "x1"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    ],
)  # fmt: skip
def test_renders(source: str, text: str) -> None:
    assert compile_phrase(source).render(SCOPE) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ nothing | default('x') }}{{ fields.city | default('y') }}{{ 0 | default(5) }}", "xy0"),
        ("{{ 'ciao' | upper }}{{ 'CIAO' | lower }}{{ 'ciao BELLA' | capitalize }}", "CIAOciaoCiao bella"),
        ("{{ vars.name | title }}", "O'neil Mc Donald"),
        ("{{ '  x ' | trim }}{{ vars.items | join('+') }}{{ vars.items | first }}{{ vars.items | last }}",
         "xrose+tuliprosetulip"),
        ("{{ 2.5 | round }} {{ 2.345 | round(2) }} {{ '12' | int }} {{ 'x' | int(7) }} {{ -3 | abs }}",
         "3 2.35 12 7 3"),
        ("{{ fields.budget | number }} {{ fields.budget | number(2) }}", "5.000 5.000,00"),
        ("{{ fields.day | date('d MMM') }} {{ '2026-03-29' | date('EEEE') }} {{ now | date('HH:mm') }}",
         "29 mar domenica 09:00"),
        ("{{ fields.city | date }}{{ fields.city | number }}{{ fields.city | upper }}", ""),
        ("{{ answers.colour | label }} {{ answers.several | label }} {{ vars.name | label }}",
         "Rosso Rosso, Blu o'neil mc donald"),
        ("{{ 'a-b' | replace('-', '+') }} {{ 'one two three' | truncate(9) }} {{ 'a b' | urlencode }}",
         "a+b one two… a%20b"),
        ("{{ [3, 1, 2] | sort }} {{ [1, 2.5] | sum }} {{ [1, 3] | max }} {{ [3, 1] | min }} {{ [1, 1, 2] | unique }}",
         "1, 2, 3 3.5 3 1 1, 2"),
    ],
)  # fmt: skip
def test_filters(source: str, text: str) -> None:
    assert compile_phrase(source).render(SCOPE) == text


def test_a_single_expression_keeps_its_type() -> None:
    assert compile_phrase("{{ vars.items }}").value(SCOPE) == ["rose", "tulip"]
    assert compile_phrase("{{ fields.budget }}").value(SCOPE) == Decimal(5000)
    assert compile_phrase("{{ fields.city }}").value(SCOPE) is None
    assert compile_phrase("{{ vars.tries + 1 }}").value(SCOPE) == 4
    assert type(compile_phrase("{{ vars.tries + 1 }}").value(SCOPE)) is int
    assert compile_phrase("{{ vars.tries }} ").value(SCOPE) == "3 "
    assert compile_phrase("1_000").value(SCOPE) == "1_000"


def test_constant_text_never_meets_jinja() -> None:
    for text in ("plain", "100 % } }} %}", "a\\b", "NUL \0", "{ {", ""):
        assert compile_phrase(text).constant == text
        assert compile_phrase(text).render({}) == text
    assert compile_phrase("{# remark #}x").constant == "x"
    assert compile_phrase("{{ 1 }}").constant is None


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("fields.city >= 5000", False),
        ("not fields.city >= 5000", True),
        ("fields.city < 5000 or fields.city > 5000", False),
        ("fields.city == 'Milano'", False),
        ("fields.city != 'Milano'", True),
        ("fields.city == contact.last_name", False),
        ("fields.city == none", True),
        ("fields.city is none and fields.city is empty", True),
        ("contact.first_name != none", True),
        ("'x' in fields.city", False),
        ("'x' not in fields.city", True),
        ("fields.budget >= 5000.0 and fields.budget == 5000", True),
        ("fields.price == 1.1", True),
        ("vars.on == 1", False),
        ("vars.tries in [1, 2, 3]", True),
        ("fields.day > fields.day - ago('1d')", True),
        ("contact.first_name.lower() == 'ana'", True),
        ("nothing is defined or vars.tries is divisibleby 3", True),
        ("vars.tries == '3'", False),
    ],
)
def test_conditions(source: str, holds: bool) -> None:
    assert compile_condition(source).test(SCOPE) is holds
    assert compile_condition(f"not ({source})").test(SCOPE) is not holds


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ nope }}", "nothing is called `nope`"),
        ("{{ nope.a.b }}", "nothing is called `nope`"),
        ("{{ contact.nope }}", "has no `nope`"),
        ("{{ contact.last_name.x }}", "an empty value has no `x`"),
        ("{{ 'a' + 1 }}", "`~` joins texts"),
        ("{{ fields.budget >= 'x' }}", "a number and a text cannot be compared"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ [nope] }}", "nothing is called `nope`"),
        ("{{ ago(nope) }}", "nothing is called `nope`"),
        ("{{ ago('x') }}", "cannot be used"),
        ("{{ ago }}", "cannot be printed"),
        ("{{ contact.first_name('x') }}", None),
        ("{{ vars.on + 1 }}", "true or false"),
        ("{{ 10 ** 60 }}", "digits"),
        ("{{ 'x' * 5 }}", "a number is needed here, not a text"),
        ("{{ '%s' % 5 }}", "a number is needed here, not a text"),
    ],
)
def test_runtime_faults(source: str, reason: str | None) -> None:
    if reason is None:
        with pytest.raises(PhraseError):
            compile_phrase(source)
        return
    with pytest.raises(EvaluationError) as caught:
        compile_phrase(source).render(SCOPE)
    assert reason in caught.value.reason
    assert caught.value.source == source


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("{{ 'a' | uper }}", 10, "did you mean `upper`"),
        ("{{ a is defned }}", 6, "did you mean `defined`"),
        ("{{ x y }}", 6, "one `{{ }}` holds one expression"),
        ("{{ x", 4, "close it with }}"),
        ("{{ a = 1 }}", 6, "compare with `==`"),
        ("{{ a && b }}", 6, "write `and`"),
        ("{{ \u201cx\u201d }}", 4, "straight"),
        ("{% set a = 1 %}", 4, "`set` step"),
        ("{% if x %}a", 11, "endif"),
        ("{{ 'x'.center(9) }}", 8, "no method is called `center`"),
        ("{{ x | round(1, 2, 3) }}", 8, "too many"),
        ("{{ x | date(y) }}", 8, "date('d MMM')"),
        ("{{ 'open }}", 4, "never closed"),
        ("{% macro a() %}{% endmacro %}", 4, "not available"),
        ("{% include 'x' %}", 4, "not available"),
        ("{{ f(*x) }}", 5, "not available"),
        ("{{ " + "(" * 200 + "1" + ")" * 200 + " }}", 1, "nested too deeply"),
        ("{{ 9" + "9" * 5000 + " }}", 1, "number too large"),
    ],
)
def test_compile_faults(source: str, column: int, words: str) -> None:
    with pytest.raises(PhraseError) as caught:
        compile_phrase(source)
    assert words in str(caught.value)
    assert caught.value.column == column


def test_places_count_lines() -> None:
    with pytest.raises(PhraseError) as caught:
        compile_phrase("one\ntwo {{ a }}\n  {{ a | uper }}")
    assert (caught.value.line, caught.value.column) == (3, 10)


@pytest.mark.parametrize(
    ("source", "words"),
    [("", "missing"), ("{{ x }}", "without braces"), ("a b", "unexpected 'b'"), ("a = 1", "`==`"), ("a,", "','")],
)
def test_conditions_that_are_none(source: str, words: str) -> None:
    with pytest.raises(PhraseError, match=words):
        compile_condition(source)


def test_equal_by_source_and_pickled_as_source() -> None:
    phrase, condition = compile_phrase("{{ a.b }}!"), compile_condition("a.b > 1")
    assert pickle.loads(pickle.dumps(phrase)) == phrase
    assert pickle.loads(pickle.dumps(condition)) is condition
    assert hash(phrase) == hash(compile_phrase("{{ a.b }}!"))
    assert phrase != condition
    assert time(9, 5) and compile_phrase("{{ t }}").render({"t": time(9, 5)}) == "09:05"
