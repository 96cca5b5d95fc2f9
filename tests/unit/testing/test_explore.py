"""Flows are played with made-up answers: good ones come out clean, seeded bugs are found and shown as talks that fail."""

import asyncio
from pathlib import Path

import pytest

from tests.seeded.bugs import BUGS, Bug
from tests.seeded.hunt import by_check, by_play, found, write
from trinario.authoring.load import load_bot
from trinario.runtime.build import LIMITS, WINDOWS
from trinario.testing.controlled import Supplied
from trinario.testing.explore.explore import explore
from trinario.testing.explore.matching_text import fitting
from trinario.testing.reading import parse_talk
from trinario.testing.talk import play

MISSED = {"the targets of two choices are swapped", "a counter that does not count"}
"""What no machine can know to be wrong: both are flows that somebody may want."""

PLAYED = {
    "the last question leads back to an earlier one": "T310",
    "no tries, and wrong answers lead to the same question": "T311",
    "a number that lets a division by zero through": "T301",
    "a pattern that nothing fits": "T309",
    "nothing is said after the last answer": "T303",
    "a text with one brace too few": "T307",
    "a value with no words for when it is missing": "T303",
    "a flow that calls itself": "T310",
}
"""Bugs that only playing shows, with the code of what it finds."""

QUICK = ("a value with no words for when it is missing", "a pattern that nothing fits")


def bug(name: str) -> Bug:
    return next(one for one in BUGS if one.name == name)


def test_the_good_project_has_no_issue(tmp_path: Path) -> None:
    write(tmp_path)
    assert by_check(tmp_path) == []


@pytest.mark.parametrize("name", [one.name for one in BUGS if one.name not in PLAYED and one.name not in MISSED])
def test_check_finds_the_bug(name: str, tmp_path: Path) -> None:
    write(tmp_path, bug(name))
    assert by_check(tmp_path), name


@pytest.mark.parametrize("name", QUICK)
def test_playing_finds_the_bug(name: str, tmp_path: Path) -> None:
    assert PLAYED[name] in found(tmp_path, bug(name), budget=6.0)


def test_of_thirty_bugs_twenty_eight_are_found() -> None:
    """The whole list is hunted by `python -m tests.seeded`; here its sums are held together."""
    names = [one.name for one in BUGS]
    assert len(names) == len(set(names)) == 30
    assert set(names) >= MISSED | PLAYED.keys() and len(names) - len(MISSED) == 28


def test_a_finding_is_a_talk_that_fails_until_the_bug_is_gone(tmp_path: Path) -> None:
    broken, good = tmp_path / "broken", tmp_path / "good"
    folder = write(broken, bug("a number that lets a division by zero through"))
    explored = explore(load_bot(folder, LIMITS, Supplied(), WINDOWS), 6.0, ["order"])
    (one,) = [each for each in explored.evidence if each.issue.code == "T301"]
    assert (one.issue.file, one.issue.line) == (f"{broken}/flows/order.yaml", 23)
    talk = parse_talk(one.talk.encode(), "found.yaml").talk
    assert talk is not None and len(talk.acts) <= 9, one.talk  # nothing that it does not need
    again = asyncio.run(play(talk, load_bot(folder, LIMITS, Supplied(), WINDOWS)))
    assert again.failure == "faults is 1, not 0"
    mended = asyncio.run(play(talk, load_bot(write(good), LIMITS, Supplied(), WINDOWS)))
    assert "faults" not in mended.failure


def test_playing_is_the_same_each_time(tmp_path: Path) -> None:
    folder = write(tmp_path, bug("a value with no words for when it is missing"))
    one, other = by_play(folder, 6.0, ("offer",)), by_play(folder, 6.0, ("offer",))
    assert one is not None and other is not None
    assert (one.moves, one.evidence) == (other.moves, other.evidence)


@pytest.mark.parametrize("bot", ["bots/demo", "tests/journeys/project/bots/rooms"])
def test_our_own_bots_come_out_clean(bot: str) -> None:
    """As far as a short time goes; the whole of the demo takes some ten seconds."""
    explored = explore(load_bot(Path(bot), LIMITS, Supplied(), WINDOWS), 1.5)
    assert explored.moves > 20
    assert [one.talk for one in explored.evidence] == []


@pytest.mark.parametrize(
    "pattern", ["^[0-9]{5}$", "[A-Z]{2}-\\d+", "(cat|dog)s?", "^\\w+@\\w+\\.(com|org)$", "[^x]y", "(?i)order", "a.c"]
)
def test_a_text_is_made_that_the_expression_fits(pattern: str) -> None:
    assert next(fitting(pattern), None) is not None


@pytest.mark.parametrize("pattern", ["^[0-9]{5}$x", "a^b", "$ +^y"])
def test_no_text_is_made_where_nothing_fits(pattern: str) -> None:
    assert next(fitting(pattern), None) is None
