"""The window proof against a corpus of small flows, and against the machine."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.walks import LIMITS, WINDOWS, Walk, bot_file, bot_of
from trinario.authoring.check import check_bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.project import Project

GOLDEN = Path(__file__).parents[2] / "golden/window"
WITNESSES = 3000
"""Walks that a breach is looked for in; nearly all are found in the first hundred."""


def lines(flows: Mapping[str, str], bot: str = "") -> list[str]:
    """What T204 says of these flows: the message with its path."""
    read = {name: parse_flow(text.encode(), f"flows/{name}.yaml") for name, text in flows.items()}
    issues = [issue for parsed in read.values() for issue in parsed.issues]
    project = Project(Path(), read, {"shop": bot_file(bot)}, tuple(issues))
    found = check_bot(project, LIMITS, WINDOWS)
    broken = [issue for issue in found if issue.severity == "error" and issue.code not in ("T204", "T102", "T043")]
    assert not broken, broken
    return [issue.message for issue in found if issue.code == "T204"]


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
