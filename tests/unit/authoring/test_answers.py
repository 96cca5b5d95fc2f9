"""Questions of every type: the keys that go with them, their bounds, the ways out, a currency for money."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.authoring.test_check import BOTH, check, steps
from trinario.authoring.parse import parse_flow
from trinario.authoring.patterns import LOCALES, patterns
from trinario.authoring.schema import schema
from trinario.authoring.spec.answers import ANSWER_TYPES, OWN_EXITS
from trinario.engine.answer import TYPES


def issues(step: str) -> list[tuple[str, str, str]]:
    """(code, what, hint) of the issues of one question."""
    parsed = parse_flow(steps(f"q: {step}\ns: {{send: Hi}}").encode(), "f.yaml")
    return [(issue.code, issue.message, issue.hint) for issue in parsed.issues]


@pytest.mark.parametrize("step", [
    "{ask: A?, type: date, min: 2026-12-01, max: 2026-12-31}",
    '{ask: A?, type: date, min: "{{ today }}", max: "{{ ago(\'-90d\') }}"}',
    "{ask: A?, type: time, min: 09:00, max: 18:30}",
    "{ask: A?, type: datetime, min: 2026-12-01 10:00, max: 2026-12-24}",
    "{ask: A?, type: duration, min: 30m, max: 1d}",
    "{ask: A?, type: rating, min: 0, max: 10}",
    "{ask: A?, type: number, max: '{{ fields.budget }}'}",
    "{ask: A?, type: multi_choice, choices: [A, B, C], min: 1, max: 3}",
    "{ask: A?, type: multi_choice, choices: {from: vars.xs, title: item}, on_empty: s}",
    "{ask: A?, type: nps, on_promoter: s, on_passive: s, on_detractor: s}",
    "{ask: A?, type: url, pattern: 'https://shop.*'}",
])  # fmt: skip
def test_good_questions(step: str) -> None:
    assert [one for one in issues(step) if one[0] != "T031"] == []


@pytest.mark.parametrize(("step", "code", "what", "hint"), [
    ("{ask: A?, type: date, min: 2026-12-31, max: 2026-12-01}", "T015", "at least 2026-12-31 and at most 2026-12-01", "swap"),
    ("{ask: A?, type: date, min: today}", "S037", "no date", 'min: "{{ today }}"'),
    ("{ask: A?, type: date, min: 31.12.2026}", "S037", "no date", "2026-12-31"),
    ("{ask: A?, type: time, min: 9am}", "S035", "no time", "09:00"),
    ("{ask: A?, type: time, min: 18:00, max: 09:00}", "T015", "at least 18:00 and at most 09:00", "swap"),
    ("{ask: A?, type: datetime, min: tomorrow}", "S038", "no date", "2026-12-01 10:00"),
    ("{ask: A?, type: duration, max: 2 hours}", "S034", "no duration", "write 2h"),
    ("{ask: A?, type: duration, min: 2h, max: 30m}", "T015", "at least 2h and at most 30m", "swap"),
    ("{ask: A?, type: money, min: '1,000'}", "S032", "no number", "1000"),
    ("{ask: A?, type: rating, max: 11}", "T021", "0 to 10", "write max: 5"),
    ("{ask: A?, type: rating, max: 4.5}", "T021", "whole steps", "write max: 5"),
    ("{ask: A?, type: rating, min: 5}", "T021", "two steps", "min: 1"),
    ("{ask: A?, type: rating, max: '{{ fields.budget }}'}", "T021", "cannot be worked out", "max: 5"),
    ("{ask: A?, type: nps, max: 5}", "T015", "`max` does not go with the type nps", "it goes with"),
    ("{ask: A?, type: location, min: 1}", "T015", "`min` does not go with the type location", "it goes with"),
    ("{ask: A?, type: multi_choice}", "T014", "multi_choice needs `choices`", "choices: ["),
    ("{ask: A?, type: multi_choice, choices: [A, B], max: 3}", "T021", "of 2 choices nobody can name 3", "from 1 to 2"),
    ("{ask: A?, type: multi_choice, choices: [A, {title: B, next: s}]}", "T015", "cannot lead anywhere", "branch"),
    ("{ask: A?, type: date, choices: [A, B]}", "T015", "`choices` do not go with the type date", "multi_choice"),
    ("{ask: A?, type: number, on_promoter: s}", "T015", "`on_promoter` goes with the type nps only", "type: nps"),
    ("{ask: A?, type: nps, on_yes: s}", "T015", "`on_yes` goes with the type yes_no only", "type: yes_no"),
    ("{ask: A?, type: otp, template: t}", "T014", "needs `phone`", "answers.number"),
    ('{ask: A?, type: otp, phone: "{{ now }}"}', "T014", "needs `template`", "login_code"),
    ("{ask: A?, type: date, template: t}", "T015", "`template` does not go with the type date", "type: otp"),
    ("{ask: A?, expires: 5m}", "T015", "`expires` does not go with the type text", "type: otp"),
    ('{ask: A?, type: otp, phone: "{{ now }}", template: t, expires: 2d}', "T021", "from 1 to 60 minutes", "10m"),
    ('{ask: A?, type: otp, phone: "{{ now }}", template: t, timeout: 1h}', "T015", "over after 10m", "longer"),
    ('{ask: A?, type: otp, phone: "{{ now }}", template: t, default: x, timeout: 5m}', "T015", "does not go with the type otp", "leave"),
    ('{ask: A?, type: otp, phone: "{{ now }}", template: t, skip_if_known: true, save: fields.p}', "T015", "is not proven", "leave"),
    ('{ask: A?, type: otp, phone: "{{ now }}", template: t, burst: 3s}', "T015", "one message", "leave"),
    ('{ask: A?, type: otp, phone: "{{ now }}", template: t, min: 3}', "T015", "`min` does not go with", "it goes with"),
    ('{private_reply: A?, type: otp, phone: "{{ now }}", template: t}', "T015", "takes every answer", "below"),
])  # fmt: skip
def test_what_does_not_go_together(step: str, code: str, what: str, hint: str) -> None:
    ((found, message, mend),) = issues(step)
    assert found == code and what in message and hint in mend


def test_money_needs_a_currency() -> None:
    flow = steps("q: {ask: How much?, type: money}\ns: {send: Hi}")
    (issue,) = check(flow, bot=BOTH)
    assert issue.code == "T014" and "no currency" in issue.message and "currency: EUR" in issue.hint
    for line in ("currency: EUR", "region: IT"):
        assert check(flow, bot=BOTH + line + "\n") == []


def test_the_exits_of_nps_are_ways() -> None:
    text = "q: {ask: A?, type: nps, on_promoter: p, on_passive: e, on_detractor: d}\np: {send: P, next: end}\n"
    assert check(steps(text + "d: {send: D, next: end}\ne: {send: E}")) == []
    found = check(
        steps("q: {ask: A?, type: nps, on_promoter: p, on_passive: p, on_detractor: p}\nx: {send: X}\np: {send: P}")
    )
    assert [issue.code for issue in found] == ["T101"]


def test_the_table_is_the_engine() -> None:
    assert {kind.name for kind in ANSWER_TYPES} == set(TYPES)
    assert set(OWN_EXITS) == {"yes", "no", "promoter", "passive", "detractor"}


def test_every_type_has_its_words_for_a_wrong_answer() -> None:
    known = patterns({}, "en")
    for name in set(TYPES) - {"any"}:
        assert set(known[f"error.{name}"].texts) == set(LOCALES)


def test_editors_complete_the_types() -> None:
    forms = [one for one in every_object(schema("flow")) if {"ask", "retries", "type", "on_invalid"} <= set(one)]
    assert forms
    for properties in forms:
        assert set(properties["type"]["enum"]) == set(TYPES)
        assert {"on_promoter", "on_passive", "on_detractor", "min", "max"} <= set(properties)


def every_object(made: Any) -> Iterator[dict[str, Any]]:
    if isinstance(made, dict):
        yield made
    for inner in made.values() if isinstance(made, dict) else made if isinstance(made, list) else ():
        yield from every_object(inner)
