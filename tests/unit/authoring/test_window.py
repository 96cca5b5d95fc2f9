"""The window proof against a corpus of small flows, and against the machine."""

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.effort import cost
from tests.walks import LIMITS, WINDOWS, Walk, bot_file, bot_of
from trinario.authoring.check import check_bot
from trinario.authoring.issue import Issue
from trinario.authoring.parse import parse_flow
from trinario.authoring.printing import print_issues
from trinario.authoring.project import Project
from trinario.authoring.window import Breach, prove, prove_all
from trinario.authoring.window_ages import SECOND, longest_push
from trinario.authoring.window_walk import Around
from trinario.model.channel import Window
from trinario.model.flow import Flow

GOLDEN = Path(__file__).parents[2] / "golden/window"
WITNESSES = 3000
"""Walks that a breach is looked for in; nearly all are found in the first hundred."""


def told(flows: Mapping[str, str], bot: str = "") -> list[Issue]:
    """The T204 of these flows, which have no other faults."""
    read = {name: parse_flow(text.encode(), f"flows/{name}.yaml") for name, text in flows.items()}
    issues = [issue for parsed in read.values() for issue in parsed.issues]
    project = Project(Path(), read, {"shop": bot_file(bot)}, tuple(issues))
    found = check_bot(project, LIMITS, WINDOWS)
    broken = [
        issue
        for issue in found
        if issue.severity == "error" and issue.code not in ("T204", "T102", "T043", "T048", "T120", "T123")
    ]
    assert not broken, broken
    return [issue for issue in found if issue.code == "T204"]


def lines(flows: Mapping[str, str], bot: str = "") -> list[str]:
    """What T204 says: the message with its path."""
    return [issue.message for issue in told(flows, bot)]


CASES = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in sorted(GOLDEN.glob("*.yaml"))}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_corpus(case: Mapping[str, Any]) -> None:
    assert lines(case["flows"], case.get("bot", "")) == case["breaches"]


def walked(case: Mapping[str, Any], seed: int) -> Walk:
    """One random walk from the first flow of a case."""
    bot = bot_of(case["flows"], case.get("bot", ""))
    chance = random.Random(seed)
    walk = Walk(bot, chance)
    walk.begin(next(iter(bot.flows.values())))
    silent = chance.random() < 0.2
    walk.go(6000 if silent else 25, silent)
    return walk


BROKEN = {name: case for name, case in CASES.items() if case["breaches"]}
SOUND = {name: case for name, case in CASES.items() if not case["breaches"]}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_what_is_refused_has_a_witness(case: Mapping[str, Any]) -> None:
    steps = {breach.split('"')[1] for breach in case["breaches"]}
    missing = set(steps)
    for seed in range(WITNESSES):
        missing -= {say.step for say in walked(case, seed).refused}
        if not missing:
            return
    pytest.fail(f"no walk in which {missing} meets a shut window")


@pytest.mark.parametrize("case", SOUND.values(), ids=SOUND)
def test_what_is_accepted_never_meets_a_shut_window(case: Mapping[str, Any]) -> None:
    for seed in range(60):
        walk = walked(case, seed)
        assert not walk.refused, "\n".join(walk.told)


CART = """\
flow: cart
triggers: [{event: cart.abandoned}]
steps:
  pause: {wait: 26h}
  nudge: {send: You left something}
"""


def test_the_printed_form() -> None:
    assert print_issues(told({"cart": CART})) == (
        'flows/cart.yaml:5:3: T204 "nudge" may be sent with the window shut on whatsapp, messenger and instagram\n'
        "     event cart.abandoned -> wait 26h -> nudge  (flows/cart.yaml:5)\n"
        "     give it `delivery.template`, or branch on channel.window_open\n"
    )


def parsed(text: str) -> Flow:
    flow = parse_flow(text.encode(), "flows/a.yaml").flow
    assert flow is not None
    return flow


def test_the_verdict_is_data() -> None:
    flow = parsed(CART)
    (breach,) = prove(flow, {}, {"wa": Window()})
    path = ("event cart.abandoned", "wait 26h", "nudge")
    assert breach == Breach("cart", "nudge", "messages", ("wa",), path)


def test_every_channel_has_the_window_that_it_was_given() -> None:
    flow = parsed("flow: a\ntriggers: [{keyword: go}]\nsteps:\n  w: {wait: 2h}\n  s: {send: Hi}\n")
    windows = {"short": Window(free=3600), "long": Window(free=7 * 86400)}
    assert [breach.channels for breach in prove(flow, {}, windows)] == [("short",)]
    assert prove(flow, {}, {"long": windows["long"]}) == ()


def test_only_the_breaches_of_the_flow_itself_are_its_own() -> None:
    flows = {"cart": parsed(CART.replace("nudge: {send: You left something}", "c: {call: b}")),
             "b": parsed("flow: b\nsteps:\n  s: {send: Hi}\n")}  # fmt: skip
    windows = {"wa": Window()}
    assert prove(flows["cart"], flows, windows) == ()
    (breach,) = prove(flows["b"], flows, windows)
    assert breach.path == ("event cart.abandoned", "wait 26h", "call b", "s")


def test_a_flow_that_a_campaign_names_is_begun_from_outside_as_well() -> None:
    flow = parsed("flow: a\ntriggers: [{keyword: go}]\nsteps:\n  s: {send: Hi}\n")
    windows = {"wa": Window()}
    assert prove(flow, {}, windows) == ()
    (breach,) = prove(flow, {}, windows, Around(wanted=frozenset({"a"})))
    assert breach.path == ("begun from outside", "s")


def test_flows_that_only_begin_each_other_are_proved() -> None:
    flows = {name: parsed(f"flow: {name}\nsteps:\n  s: {{send: Hi}}\n  t: {{start: {other}}}\n")
             for name, other in (("a", "b"), ("b", "a"))}  # fmt: skip
    assert [breach.flow for breach in prove_all(flows, {"wa": Window()})] == ["a", "b"]


@pytest.mark.parametrize(("between", "days", "hours"), [
    (None, frozenset(), 0),
    ((9 * 60, 20 * 60), frozenset(), 13),
    ((20 * 60, 9 * 60), frozenset(), 11),
    (None, frozenset(range(5)), 48),
    (None, frozenset(range(7)), 0),
    ((9 * 60, 20 * 60), frozenset(range(5)), 13 + 48),
    (None, frozenset({2}), 6 * 24),
])  # fmt: skip
def test_how_long_hours_and_days_hold_back(between: tuple[int, int] | None, days: frozenset[int], hours: int) -> None:
    clocks = 2 if hours else 0
    assert longest_push(between, days) == (hours + clocks) * 3600 * SECOND


LONG = "flow: f\ntriggers: [{keyword: go}]\nsteps:\n" + "".join(
    f"  q{n}: {{ask: 'Well?', timeout: 20h, on_timeout: s9}}\n  w{n}: {{wait: 3h}}\n  s{n}: {{send: Hi}}\n"
    for n in range(10)
)  # fmt: skip


def test_a_thousand_flows_of_thirty_steps_take_a_few_seconds() -> None:
    flow = parsed(LONG)
    flows = {f"f{number}": replace(flow, name=f"f{number}") for number in range(1000)}
    windows = {"whatsapp": Window(), "messenger": Window(), "instagram": Window()}
    assert prove_all(flows, windows) == ()
    assert cost(lambda: prove_all(flows, windows), 8) < 8


@pytest.mark.parametrize("verb", ["call", "start"])
def test_a_thousand_flows_in_a_row(verb: str) -> None:
    """Neither the machine's stack nor the patience of the author runs out."""
    first = "flow: f0\ntriggers: [{keyword: go}]\nsteps:\n  w: {wait: 1m}\n"
    texts = [first, *(f"flow: f{n}\nsteps:\n  w: {{wait: 1m}}\n" for n in range(1, 1000))]
    texts = [f"{text}  n: {{{verb}: f{n + 1}}}\n" for n, text in enumerate(texts)]
    flows = {flow.name: flow for flow in map(parsed, [*texts, "flow: f1000\nsteps:\n  s: {send: Hi}\n"])}
    assert prove_all(flows, {"wa": Window()}) == ()
    (breach,) = prove_all(flows, {"wa": Window(free=3600)})
    assert breach.step == "s" and len(breach.path) == 2002
