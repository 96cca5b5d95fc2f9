"""What a hostile text may cost, and what may come out: 200 and more templates, random scopes, random customers."""

import random
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import cost
from trinario.errors import EvaluationError, PhraseError
from trinario.expressions import Phrase, compile_condition, compile_phrase

BIG = "x" * 8000
SCOPE: dict[str, object] = {
    "a": BIG,
    "n": 10**29,
    "d": Decimal("1E+29"),
    "l": [BIG] * 200,
    "m": {str(i): BIG for i in range(200)},
    "r": list(range(2000)),
    "x": "ciao",
    "e": None,
    "f": 1.5,
    "deep": [[[[[[[[[1]]]]]]]]],
    "huge": Decimal("1E+999999"),
    "inf": float("inf"),
    "nan": Decimal("sNaN"),
    "int": 10**5000,
}


def _arithmetic() -> Iterator[str]:
    for operator in ("**", "*", "+", "-", "/", "//", "%", "~"):
        for left, right in (
            ("9", "9999999999"),
            ("n", "n"),
            ("d", "d"),
            ("a", "10**9"),
            ("l", "l"),
            ("a", "a"),
            ("huge", "huge"),
            ("int", "int"),
            ("inf", "1"),
            ("'%0999999999d'", "1"),
        ):
            yield f"{left} {operator} {right}"
    yield "9**9**9**9"
    yield "9**64**64"
    yield " ~ ".join(["a"] * 200)
    yield " + ".join(["a"] * 40)
    yield "*".join(["9"] * 40)
    yield "-" * 40 + "9"
    yield "2 ** 0.3333333"
    yield "d ** 0.123456789"
    yield "1 if " * 30 + "1"


def _filters() -> Iterator[str]:
    for value in ("a", "l", "m", "r", "huge", "int", "nan", "inf", "deep", "e", "nothing"):
        for name in ("upper", "title", "join(a)", "sort", "unique", "sum", "round(12)", "number(12)", "date(a)"):
            yield f"{value} | {name}"
    yield "a | replace('x', a)"
    yield "a | replace('', a)"
    yield "a | truncate(10**9)"
    yield "x | truncate(-5, a)"
    yield "l | join(a) | join(a) | join(a)"
    yield "a" + " | upper | lower | title" * 100
    yield "a" + " | urlencode" * 60
    yield "x | date('" + "d" * 40 + "')"
    yield "f | date('yyyy')"
    yield "f | round(10**9)"
    yield "f | number(10**9)"


def _reach() -> Iterator[str]:
    for name in ("__class__", "__init__", "__globals__", "mro", "format", "format_map", "__subclasses__", "func_code"):
        yield f"x.{name}"
        yield f"x['{name}']"
        yield f"m.{name}"
        yield f"x.{name}()"
    for name in ("center", "ljust", "rjust", "zfill", "expandtabs", "format", "encode", "join", "translate", "append"):
        yield f"x.{name}(10**9)"
    for name in ("range", "lipsum", "cycler", "joiner", "namespace", "self", "dict", "caller", "super"):
        yield f"{name}(10**9)"
    yield from ("a.split('')", "a.split('x')", "a.count('')", "l.count(a)", "m.items()", "a[::0]", "a[::-1]")
    yield from ("r[10**40]", "r[1.5]", "a[huge]", "m[l]", "m[m]", "{l: 1}", "{[1]: 2}", "x.upper(1, 2)", "loop.index")
    yield from ("context", "environment", "resolve", "undefined(1)", "missing", "t_1", "l_0_x", "Decimal('1')")


def _loops() -> Iterator[str]:
    for depth in (1, 2, 3, 5, 20):
        yield "{% for i in r %}" * depth + "x" + "{% endfor %}" * depth
        yield "{% for i in r %}" * depth + "{{ a | upper | length }}" + "{% endfor %}" * depth
    yield "{% for i in l %}{% if a == i and a in l and l == l %}{% endif %}{% endfor %}"
    yield "{% for i in r %}{{ a }}{% endfor %}"
    yield "{% for i in r %}{% if a ~ a %}{% endif %}{% endfor %}"
    yield "{% for i in r %}{% if 9**60 %}{% endif %}{% endfor %}"
    yield "{% for i in r %}{% if d ** 0.5 %}{% endif %}{% endfor %}"
    yield "{% for i in r %}{% if i | number or i | date('d') %}{% endif %}{% endfor %}"
    yield "{% for i in r if l | sort %}{% endfor %}"
    yield "{% for i in r recursive %}{{ loop(r) }}{% endfor %}"
    yield "{% for loop in r %}{% endfor %}"
    yield "{% for i in r %}{{ loop.length }}{{ loop.cycle(a) }}{% endfor %}"
    yield "{% for a, b, c in r %}{% endfor %}"
    yield "{% for i in a %}{% endfor %}{% for i in 10**9 %}{% endfor %}"


def _grammar() -> Iterator[str]:
    for piece in ("(", "[", "{", "not ", "-", "x.", "x|", "x if ", "{{", "{%", "{#", "'", "\\", "x[", "1 < ", "~"):
        yield "{{ " + piece * 500
        yield "{{ " + piece * 5000 + "x }}"
    yield "{{ x" + ".y" * 5000 + " }}"
    yield "{{ x" + "[0]" * 300 + " }}"
    yield "{{ " + "9" * 16000 + " }}"
    yield "{{ 1e999999999 }}"
    yield "{{ 0." + "0" * 9000 + "1 }}"
    yield "{{ " + ", ".join(["a"] * 900) + " }}"
    yield "{% if x %}" * 300 + "{% endif %}" * 300
    yield "{{ x }}" * 900
    yield "{% raw %}" * 1000
    yield "{% block a %}{% endblock %}{% extends 'x' %}{% import 'os' as o %}"
    yield "{% call x() %}{% endcall %}{% filter upper %}{% endfilter %}{% with a=1 %}{% endwith %}"


HOSTILE = [
    *(f"{{{{ {bare} }}}}" for part in (_arithmetic, _filters, _reach) for bare in part()),
    *_loops(),
    *_grammar(),
]


def test_there_are_enough() -> None:
    assert len(set(HOSTILE)) >= 200


COMPILES, RENDERS = 0.25, 0.05
"""Seconds of CPU that a hostile template may take: read once by its author, rendered for a customer."""

OUTPUT_BYTES = 8 * 1024
"""What may come out of one: the bound counts characters, and none of these makes a longer one of them."""


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_template_costs_little(source: str) -> None:
    assert cost(lambda: _compiled(source), COMPILES) < COMPILES
    phrase = _compiled(source)
    if phrase is not None:
        assert cost(lambda: _render(phrase, source), RENDERS) < RENDERS


def _compiled(source: str) -> Phrase | None:
    """The phrase, compiled anew; None if it is refused."""
    try:
        return compile_phrase.__wrapped__(source)
    except PhraseError as error:
        assert error.reason and 0 <= error.offset <= len(source)
        return None


def _render(phrase: Phrase, source: str) -> None:
    try:
        text = phrase.render(SCOPE)
    except EvaluationError as error:
        assert error.reason and error.source == source
    else:
        assert len(text.encode("utf-8", "surrogatepass")) <= OUTPUT_BYTES
        assert "<function" not in text and "object at" not in text


def test_what_customers_write_comes_out_verbatim() -> None:
    phrase = compile_phrase("{{ input.text }}")
    draw = random.Random(20260101)
    pieces = [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "\\",
        "\0",
        "\n",
        "\r\n",
        "'",
        '"',
        "<b>",
        "&amp;",
        "é",
        "😀",
        "\ud800",
        "{{ secrets }}",
        "{% for i in range(9) %}",
        "__class__",
        "a",
        " ",
        "1_000",
        "None",
        "\u202e",
    ]
    for _ in range(10_000):
        text = "".join(draw.choice(pieces) for _ in range(draw.randrange(20)))
        assert phrase.render({"input": {"text": text}}) == text
        assert phrase.value({"input": {"text": text}}) == text


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.binary()
    | st.builds(object)
    | st.just(len)
    | st.just(int),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4) | st.sets(st.text())
    ),
    max_leaves=8,
)
SCOPES = st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES)
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]


@st.composite
def expressions(draw: st.DrawFn) -> str:
    left, right = draw(st.sampled_from(["a", "b.x", "c[0]", "a[1:]", "b|length", "3", "'t'", "none", "1.5"])), "b"
    shape = draw(
        st.sampled_from(
            [
                "{left} {operator} {right}",
                "not {left}",
                "-{left}",
                "{left} | {filter}",
                "{left} is {test}",
                "{left}.{method}()",
                "[{left}, {right}] | {filter}",
                "{left}({right})",
                "{left} < {right} <= c",
                "{left} if {right} else c",
                "{{'k': {left}}}.k",
                "{left}[{right}]",
                "{left} | join(b) | {filter}",
                "{left}.items()",
                "{left}[b:c]",
            ]
        )
    )
    return shape.format(
        left=left,
        right=right,
        operator=draw(st.sampled_from(OPERATORS)),
        filter=draw(
            st.sampled_from(
                [
                    "upper",
                    "length",
                    "first",
                    "round",
                    "number",
                    "date",
                    "sort",
                    "sum",
                    "int",
                    "label",
                    "default('x')",
                    "title",
                    "max",
                    "unique",
                    "truncate(b)",
                    "replace(b, c)",
                ]
            )
        ),
        test=draw(st.sampled_from(["defined", "none", "empty", "even", "divisibleby b", "string", "true"])),
        method=draw(st.sampled_from(["upper", "strip", "keys", "values", "date", "time", "isoweekday"])),
    )


@settings(max_examples=600, deadline=None)
@given(source=expressions(), scope=SCOPES)
def test_nothing_else_escapes(source: str, scope: Mapping[str, object]) -> None:
    try:
        condition = compile_condition(source)
    except PhraseError:
        return
    for act in (condition.test, condition.value, compile_phrase("{{ " + source + " }}").render):
        try:
            act(scope)
        except EvaluationError as error:
            assert error.reason


@settings(max_examples=400, deadline=None)
@given(source=st.text(alphabet="{}%#|()[]'\"\\ abif1.=<~-,:\n\r", max_size=40))
def test_any_source_compiles_or_says_why(source: str) -> None:
    for compiled in (compile_phrase, compile_condition):
        try:
            compiled(source)
        except PhraseError as error:
            assert error.reason and error.line >= 1 and error.column >= 1
