"""The judge of campaigns sees every kind of fault that is planted, and takes nothing for one that is none."""

from collections import Counter

import pytest

from tests.crash.fates import Fates, Place, Rule, Told, fate, judge_fates
from trinario.ports.campaigns import BEGUN, LEFT_OUT, ON_THE_WAY, WAITING, WITHDRAWN

MARKETING, SERVICE, CANCELLED = Rule(), Rule(marketing=False), Rule(cancelled=True)
HAS_IT = Told(BEGUN, ((5, ""),))
LOST = Told(BEGUN, ((7, "unknown"),))
REFUSED = Told(BEGUN, ((8, "cancelled"),))

RIGHT = [
    ("sent, and taken", MARKETING, HAS_IT, 1, "once"),
    ("a service message too", SERVICE, Told(BEGUN, ((3, ""),)), 1, "once"),
    ("before it was cancelled", CANCELLED, HAS_IT, 1, "once"),
    ("a copy that was called off, and one that went", MARKETING, Told(BEGUN, ((9, ""), (4, ""))), 1, "once"),
    ("the answer was lost, and it had arrived", MARKETING, LOST, 1, "unknown"),
    ("the answer was lost, and it had not", MARKETING, LOST, 0, "unknown"),
    ("who waited when it was cancelled", CANCELLED, Told(WITHDRAWN), 0, "withdrawn"),
    ("whose message waited then", CANCELLED, REFUSED, 0, "withdrawn"),
]
WRONG = [
    ("twice", MARKETING, HAS_IT, 2, "doubled"),
    ("twice, by two rows", MARKETING, Told(BEGUN, ((5, ""), (5, ""))), 2, "doubled"),
    ("twice, though its fate is unknown", MARKETING, LOST, 2, "doubled"),
    ("twice, of a cancelled one", CANCELLED, Told(WITHDRAWN), 2, "doubled"),
    ("no row", MARKETING, Told(), 0, "forgotten"),
    ("still waiting", MARKETING, Told(WAITING), 0, "forgotten"),
    ("still on her way", CANCELLED, Told(ON_THE_WAY), 0, "forgotten"),
    ("begun, and nothing was said", MARKETING, Told(BEGUN), 0, "forgotten"),
    ("left out, though she was meant", MARKETING, Told(LEFT_OUT), 0, "forgotten"),
    ("left out of a cancelled one", CANCELLED, Told(LEFT_OUT), 0, "forgotten"),
    ("withdrawn, and nobody had cancelled", MARKETING, Told(WITHDRAWN), 0, "forgotten"),
    ("refused, and nobody had cancelled", MARKETING, REFUSED, 0, "forgotten"),
    ("her message waits", MARKETING, Told(BEGUN, ((0, ""),)), 0, "forgotten"),
    ("her message waits though it was cancelled", CANCELLED, Told(WITHDRAWN, ((0, "campaign"),)), 0, "forgotten"),
    ("its fate is unknown, and still looked for", MARKETING, Told(BEGUN, ((2, ""),)), 0, "forgotten"),
    ("a service message whose answer was lost", SERVICE, LOST, 0, "forgotten"),
    ("failed for another reason", MARKETING, Told(BEGUN, ((7, "131026"),)), 0, "forgotten"),
    ("unknown, and she waits once more", MARKETING, Told(WAITING, ((7, "unknown"),)), 0, "forgotten"),
    ("sent, and never taken", MARKETING, HAS_IT, 0, "lied"),
    ("sent by two rows, and taken once", MARKETING, Told(BEGUN, ((5, ""), (5, ""))), 1, "lied"),
    ("taken, and there is no row", MARKETING, Told(), 1, "lied"),
    ("taken, and she waits", MARKETING, Told(WAITING), 1, "lied"),
    ("taken, and withdrawn", CANCELLED, Told(WITHDRAWN), 1, "lied"),
    ("taken, and refused", CANCELLED, REFUSED, 1, "lied"),
    ("taken, and left out", MARKETING, Told(LEFT_OUT), 1, "lied"),
    ("a service message that came and is called failed", SERVICE, LOST, 1, "lied"),
]


@pytest.mark.parametrize(("rule", "told", "got", "what"), [one[1:] for one in RIGHT + WRONG],
                         ids=[one[0] for one in RIGHT + WRONG])  # fmt: skip
def test_each_fate_has_its_name(rule: Rule, told: Told, got: int, what: str) -> None:
    assert fate(rule, told, got) == what


def test_what_must_not_be_is_a_fault_and_the_rest_is_none() -> None:
    assert {one[4] for one in WRONG} == {"doubled", "forgotten", "lied"} == set(Fates().faults) - {"spoke"}
    assert not {one[4] for one in RIGHT} & set(Fates().faults)


def test_everybody_is_counted_once_and_faults_are_named() -> None:
    told: dict[Place, Told] = {("a", "p1"): HAS_IT, ("a", "p2"): HAS_IT, ("b", "p1"): Told(WITHDRAWN)}
    fates, accepted = Fates(), Counter({("a", "p1"): 1, ("a", "p2"): 2, ("b", "p3"): 1})
    found = judge_fates(fates, {"a": MARKETING, "b": CANCELLED}, told, accepted)
    assert (fates.once, fates.doubled, fates.withdrawn, fates.lied) == (1, 1, 1, 1)
    assert ["p2" in found[0] and "doubled" in found[0], "p3" in found[1] and "lied" in found[1]] == [True, True]
    assert fates.faults == {"doubled": 1, "forgotten": 0, "lied": 1, "spoke": 0}
