"""Kinds of values: what each takes, what it refuses, and that the schema says the same."""

import json
from typing import Any

import jsonschema
import pytest

from trinario.authoring.issue import Issue, Severity
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.schema import schema
from trinario.model.flow import Wait

SCHEMA = jsonschema.Draft202012Validator(schema("flow"))


def source(step: str) -> str:
    return f"flow: a\nsteps:\n  s: {step}\n  t: {{send: x}}\n"


def faults(step: str) -> list[Issue]:
    issues = parse_flow(source(step).encode(), "flows/a.yaml").issues
    return [issue for issue in issues if issue.severity is Severity.ERROR]


def fits(step: dict[str, Any]) -> bool:
    return bool(SCHEMA.is_valid({"flow": "a", "steps": {"s": step, "t": {"send": "x"}}}))


@pytest.mark.parametrize("value", [
    "2 h", "1.5h", "1h30m", "+2h", "PT2H", "2h", "-2h", "-PT2H", "2H", "2 hours", "30",
])  # fmt: skip
@pytest.mark.parametrize("key", ["timeout", "burst", "wait", "typing", "expires"])
def test_spans_of_time(key: str, value: str) -> None:
    step: dict[str, Any] = {
        "wait": {"wait": value},
        "typing": {"send": "Hi", "typing": value},
        "expires": {"switch_channel": "whatsapp", "expires": value},
    }.get(key, {"ask": "Q", key: value})
    taken = value in ("2 h", "1.5h", "1h30m", "+2h", "PT2H", "2h")
    assert (faults(json.dumps(step)) == []) is taken
    assert fits(step) is taken


@pytest.mark.parametrize("value", ["-1d", "1d", "-PT2H"])
def test_an_offset_may_lie_before(value: str) -> None:
    step = {"wait": {"until": "fields.x", "offset": value}}
    assert faults(json.dumps(step)) == [] and fits(step)


@pytest.mark.parametrize(("value", "taken"), [(0, True), (20, True), (-1, False), (21, False)])
def test_retries(value: int, taken: bool) -> None:
    step = {"ask": "Q", "retries": value}
    assert (faults(json.dumps(step)) == []) is taken and fits(step) is taken


@pytest.mark.parametrize("value", ["9:00-20:00", "09:00 – 20:00", "09:00:30—20:00", "09:00  -  20:00"])
def test_ranges_of_times(value: str) -> None:
    step = {"wait": "1d", "between": value}
    assert faults(json.dumps(step)) == [] and fits(step)


@pytest.mark.parametrize(("value", "kept"), [
    ("2026-12-01", "2026-12-01"), ("'2026-12-01'", "2026-12-01"), ("2026-12-01 10:00", "2026-12-01T10:00:00"),
    ("2026-12-01T10:00+01:00", "2026-12-01T10:00:00+01:00"),
])  # fmt: skip
def test_a_wait_until_a_date(value: str, kept: str) -> None:
    parsed = parse_flow(source(f"{{wait: {{until: {value}}}}}").encode(), "flows/a.yaml")
    assert parsed.issues == () and parsed.flow is not None
    step = parsed.flow.steps["s"]
    assert isinstance(step, Wait) and step.until is not None and step.until.value({}) == kept


@pytest.mark.parametrize(
    ("value", "code"), [("2026-13-01", "S037"), ("2026-12-1", "S037"), ("2026-12-01 25:00", "S038")]
)
def test_a_wait_until_no_date(value: str, code: str) -> None:
    assert [issue.code for issue in faults(f"{{wait: {{until: {value}}}}}")] == [code]


@pytest.mark.parametrize("step", [
    '{tag: "{{ answers.q }}"}', '{untag: [a, "x {{ vars.n }}"]}', '{tag: "{% if x %}a{% endif %}"}',
    '{ask: Q, choices: [{title: One, value: "{{ contact.first_name }}"}, Two]}',
    '{ask: Q, choices: [{title: One, also: ["{{ globals.x }}"]}, Two]}',
    '{ask: Q, choices: [{title: One, also: {it: "uno {{ x }}"}}, Two]}',
])  # fmt: skip
def test_braces_that_would_stay(step: str) -> None:
    (issue,) = faults(step)
    assert issue.code == "T021" and "nothing is worked out here" in issue.message
    assert issue.excerpt[issue.column - 1 :].startswith(("{{", "{%"))


@pytest.mark.parametrize(("text", "odd"), [
    ("${TOK:-abc}", "${TOK:-abc}"), ("a${ TOK }", "${"), ("${1A}", "${1A}"), ("${}", "${}"), ("${TOK", "${TOK"),
    ("${TOK}", ""), ("Now ${{ globals.price }}", ""), ("5 $", ""),
])  # fmt: skip
def test_what_names_no_variable(text: str, odd: str) -> None:
    data = f"bot: a\nchannels: {{}}\nflows: [a]\ntitle: '{text}'\n".encode()
    found = [issue for issue in parse_bot(data, "bot.yaml", {"TOK": "x"}).issues if issue.code == "T021"]
    assert [issue.message for issue in found] == ([f'"{odd}" names no variable of the environment'] if odd else [])
    assert all(issue.excerpt[issue.column - 1 :].startswith(odd) for issue in found)
