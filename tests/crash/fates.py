"""The judge of campaigns: what the bots' database says of every recipient, held against what the emulator accepted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields

from trinario.ports.campaigns import ON_THE_WAY, WAITING, WITHDRAWN

Place = tuple[str, str]
"""A campaign (or a step of a sequence) and a person."""

UNDER_WAY, GONE, FAILED, REFUSED = frozenset({0, 1, 2}), frozenset({3, 4, 5, 6}), 7, 8


@dataclass(frozen=True, slots=True)
class Told:
    """What the database says of one recipient: how she stands (None: there is no row of hers), and (status, refusal) of
    every message to her."""

    state: int | None = None
    messages: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What is right for a campaign: `marketing` may end with an unknown fate, `cancelled` may be withdrawn."""

    marketing: bool = True
    cancelled: bool = False


@dataclass(slots=True)
class Fates:
    """How many recipients came to what; the last four must be 0.

    `once`: she has it once, and the row says so. `unknown`: marketing whose answer was lost, which nobody sends twice.
    `withdrawn`: of a campaign that was cancelled, and she has nothing. `doubled`: she has it twice. `forgotten`: she has
    nothing, and nothing says why she should not. `lied`: the row says something else than what the emulator took.
    `spoke`: messages that went while their campaign was paused.
    """

    once: int = 0
    unknown: int = 0
    withdrawn: int = 0
    doubled: int = 0
    forgotten: int = 0
    lied: int = 0
    spoke: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """What went wrong."""
        return {name: getattr(self, name) for name in ("doubled", "forgotten", "lied", "spoke")}

    def __str__(self) -> str:
        return "\n".join(f"{getattr(self, one.name):>8}  {one.name}" for one in fields(self))


def fate(rule: Rule, told: Told, got: int) -> str:
    """What became of one recipient: the name of a field of Fates. `got` is how often the emulator took it."""
    if got > 1:
        return "doubled"
    gone = sum(status in GONE for status, _ in told.messages)
    if gone:
        return "once" if gone == got else "lied"
    if rule.marketing and not _is_open(told) and (FAILED, "unknown") in told.messages:
        return "unknown"
    if got:
        return "lied"
    return "withdrawn" if rule.cancelled and not _is_open(told) and _is_withdrawn(told) else "forgotten"


def _is_open(told: Told) -> bool:
    return told.state in (None, WAITING, ON_THE_WAY) or any(status in UNDER_WAY for status, _ in told.messages)


def _is_withdrawn(told: Told) -> bool:
    return told.state == WITHDRAWN or set(told.messages) == {(REFUSED, "cancelled")}


def judge_fates(
    fates: Fates, rules: Mapping[str, Rule], told: Mapping[Place, Told], accepted: Counter[Place]
) -> list[str]:
    """Count everybody of `told` into `fates`, and whoever got something that was for nobody; the first faults in words."""
    found = []
    for place in sorted({*told, *accepted}):
        one = told.get(place, Told())
        what = fate(rules[place[0]], one, accepted[place])
        setattr(fates, what, getattr(fates, what) + 1)
        if what in fates.faults:
            found.append(f"{place}: {what}: the emulator took {accepted[place]}, the database says {one}")
    return found[:20]
