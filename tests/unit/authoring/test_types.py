"""Types and reads against a corpus of small flows, and against the machine: what is accepted never ends in a fault."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.walks import LIMITS, WINDOWS, Walk, bot_file, bot_of
from trinario.authoring.check import check_bot
from trinario.authoring.issue import Issue
from trinario.authoring.parse import parse_flow
from trinario.authoring.project import Project
from trinario.model.effect import Effect, Report
from trinario.model.flow import Ask

GOLDEN = Path(__file__).parents[2] / "golden/types"
CASES = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in sorted(GOLDEN.glob("*.yaml"))}
AWAY = frozenset({"T101", "T102", "T105", "T204"})
"""Codes of other proofs, about which neither the corpus nor random flows care."""


def told(flows: Mapping[str, str], further: str = "") -> list[Issue]:
    """What the check says of these flows, the proofs of ways and windows apart."""
    read = {name: parse_flow(text.encode(), f"flows/{name}.yaml") for name, text in flows.items()}
    issues = [issue for parsed in read.values() for issue in parsed.issues]
    project = Project(Path(), read, {"shop": bot_file(further)}, tuple(issues))
    return [issue for issue in check_bot(project, LIMITS, WINDOWS) if issue.code not in AWAY]


def shown(issue: Issue) -> str:
    """An issue in one line: code, severity, place, what is underlined, what is said."""
    under = issue.excerpt[issue.column - 1 : issue.end_column - 1]
    return f"{issue.code} {issue.severity} {issue.file}:{issue.line} [{under}] {issue.message}".replace("\n", ": ")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_corpus(case: Mapping[str, Any]) -> None:
    found = told(case["flows"], case.get("bot", ""))
    assert [shown(issue) for issue in found] == case["issues"]
    assert all(issue.hint for issue in found)


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 40 and sum(not case["issues"] for case in CASES.values()) >= 12


# ---- accepted flows on the machine

TYPES = ("text", "number", "date", "yes_no", "rating", "duration", "time", "choice", "multi")
VALUES = (
    "answers.s0",
    "answers.s1",
    "answers.s2",
    "vars.k",
    "vars.t",
    "fields.n",
    "fields.x",
    "fields.at",
    "today",
    "now",
)
LITERALS = ("3", "'red'", "true", "['red', 'blue']", "1.5", "tags", "answers.s3")
BINARY = ("+", "-", "*", ">", "<=", "==", "!=", "in", "~", "or")
FILTERS = ("upper", "round", "length", "join", "int", "number", "default(1)", "default('x')", "abs", "trim", "sort")
OWN_MATTER = ("digits", "messages while", "grows longer", "date value out of range", "OverflowError")
"""Faults of sizes, which no type can foresee."""


@st.composite
def expression(draw: st.DrawFn, depth: int = 1) -> str:
    """Anything an author might write, sensible or not."""
    kind = draw(st.integers(0, 6)) if depth else 0
    if kind == 0:
        return draw(st.sampled_from((*VALUES, *VALUES, *LITERALS)))
    left = draw(expression(depth - 1))
    if kind < 3:
        return f"({left} | {draw(st.sampled_from(FILTERS))})"
    if kind == 3:
        return f"(not {left})"
    right = draw(expression(depth - 1))
    if kind == 4:
        return f"({left} if {right} else {draw(expression(depth - 1))})"
    return f"({left} {draw(st.sampled_from(BINARY))} {right})"


@st.composite
def question(draw: st.DrawFn, late: st.SearchStrategy[str]) -> str:
    asked = draw(st.sampled_from(TYPES))
    what = f"type: {asked}"
    if asked in ("multi", "choice"):
        what = f"type: {'multi_choice' if asked == 'multi' else asked}, choices: [red, {{title: Blue, value: 7}}]"
    saved = draw(
        st.sampled_from(["", "", "", ", save: fields.x", ", save: fields.n", ", save: vars.k", ", save: vars.t"])
    )
    return f'{{ask: "Well?", {what}{saved}, retries: 0{draw(late)}}}'


@st.composite
def step(draw: st.DrawFn, names: list[str]) -> str:
    kind = draw(st.sampled_from(["ask", "send", "send", "set", "branch", "branch"]))
    made, to = draw(expression(2 if draw(st.integers(0, 3)) == 0 else 1)), draw(st.sampled_from([*names, "end"]))
    if kind == "ask":
        return draw(
            question(st.sampled_from(["", ", timeout: 1h", f", timeout: 1h, on_timeout: {to}, on_invalid: {to}"]))
        )
    if kind == "send":
        return f'{{send: "It is {{{{ {made} }}}}"}}'
    if kind == "set":
        path = draw(st.sampled_from(["vars.k", "vars.t", "fields.x", "fields.n"]))
        return f'{{set: {{{path}: "{{{{ {made} }}}}"}}}}'
    return f'{{branch: [{{if: "{made}", next: {to}}}, {{else: {draw(st.sampled_from([*names, "end"]))}}}]}}'


@st.composite
def flow(draw: st.DrawFn) -> str:
    """Three questions, then up to three steps that work with what was answered."""
    names = [f"s{number}" for number in range(draw(st.integers(4, 6)))]
    lines = [f"  {name}: {draw(question(st.just('')))}\n" for name in names[:3]]
    lines += [f"  {name}: {draw(step(names))}\n" for name in names[3:]]
    return f"flow: a\ntriggers: [{{keyword: go}}]\nvars: {{k: 1, t: a}}\nsteps:\n{''.join(lines)}"


class Answering(Walk):
    """A walk of somebody with every field filled, who mostly answers what is asked; it notes what the operator is told."""

    def __post_init__(self) -> None:
        super().__post_init__()
        contact = self.standing.contact
        self.standing = replace(self.standing, contact=replace(contact, fields={**contact.fields, "x": "a"}))
        self.faults: list[str] = []

    def hear(self, text: str, channel: str) -> None:
        pending = next((one for one in self.live if one.foreground and one.wait), None)
        asked = self.bot.flows["a"].steps.get(pending.wait.step) if pending and pending.wait else None
        if isinstance(asked, Ask) and self.chance.random() < 0.8:
            titles = [one.title for one in pending.wait.options] if pending and pending.wait else []
            text = self.chance.choice(titles or ANSWERS.get(asked.type, ["hello", "7"]))
        super().hear(text, channel)

    def note(self, effects: Iterable[Effect]) -> None:
        told = [one.reason for one in effects if isinstance(one, Report)]
        self.faults += [reason for reason in told if not any(word in reason for word in OWN_MATTER)]


ANSWERS = {
    "number": ["7", "0", "-2.5"], "date": ["2026-12-31", "tomorrow"], "yes_no": ["yes", "no"], "rating": ["4", "1"],
    "duration": ["2 hours"], "time": ["15:30"], "choice": ["red", "Blue"], "multi_choice": ["1, 2", "red"],
}  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(flow(), st.integers(0, 10**6))
def test_no_walk_through_accepted_flows_ends_in_a_fault(text: str, seed: int) -> None:
    accepted = not told({"a": text})
    event(f"accepted: {accepted}")
    if not accepted:
        return
    bot = bot_of({"a": text})
    for number in range(8):
        walk = Answering(bot, random.Random(seed + number), alone=True)
        walk.begin(bot.flows["a"])
        walk.go(20)
        assert not walk.faults, "\n".join([text, *walk.told, *walk.faults])


CLASHING = {
    name: case
    for name, case in CASES.items()
    if "bot" not in case
    and len(case["flows"]) == 1
    and any(line[:4] in ("T120", "T121", "T122") and "this is never true" not in line for line in case["issues"])
}


@pytest.mark.parametrize("case", CLASHING.values(), ids=CLASHING)
def test_what_is_refused_has_a_witness(case: Mapping[str, Any]) -> None:
    bot = bot_of(case["flows"])
    for seed in range(300):
        walk = Answering(bot, random.Random(seed), alone=True)
        walk.begin(bot.flows["a"])
        walk.go(20)
        if walk.faults:
            return
    pytest.fail("no walk ends in a fault")
