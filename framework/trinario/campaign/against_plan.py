"""What was planned held against what became of it: of the same people, reason by reason, so that the differences add up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from trinario.campaign.fates import Fate

SILENT = "silent"
"""Not a reason, and counted as one: the flow begins, and says nothing at once."""

NEWCOMERS = "newcomers"
"""Those of the segment beyond the number that was planned (fewer than 0: who is not of it any more)."""


class Difference(NamedTuple):
    """So many people were to get nothing for a reason, and so many got nothing for it."""

    reason: str
    planned: int
    happened: int


@dataclass(frozen=True, slots=True)
class AgainstPlan:
    """`planned` were to get it, of `segment` people; it `went` to so many of `people`, and so many are `waiting`. Then
    planned - went = waiting + what `differences` happened beyond their plan - the newcomers."""

    id: str
    made_at: str
    segment: int
    planned: int
    people: int
    went: int
    waiting: int
    differences: tuple[Difference, ...] = ()

    @property
    def newcomers(self) -> int:
        """People beyond those whom the plan knew; fewer than 0 if it knew more."""
        return self.people - self.segment

    @property
    def missing(self) -> int:
        """How many fewer it went to than were planned."""
        return self.planned - self.went

    @property
    def changed(self) -> tuple[Difference, ...]:
        """Reasons for which more or fewer got nothing than were planned, those that cost most first."""
        found = (one for one in self.differences if one.planned != one.happened)
        return tuple(sorted(found, key=lambda one: (one.planned - one.happened, one.reason)))

    def plain(self) -> dict[str, Any]:
        """The same as JSON data."""
        reasons = [{**one._asdict(), "more": one.happened - one.planned} for one in self.differences]
        return {
            "plan": self.id, "made_at": self.made_at, "segment": self.segment, "planned": self.planned, "people": self.people,
            "went": self.went, "waiting": self.waiting, "newcomers": self.newcomers, "reasons": reasons,
        }  # fmt: skip


def against_plan(id: str, made_at: str, body: Mapping[str, Any], fates: Mapping[Fate, int]) -> AgainstPlan:
    """Hold the forecast that was kept (`body`, as Forecast.plain gives it) against what became of everybody. Who had had it under
    an earlier plan of the same campaign was planned then."""
    foreseen = Counter[str](body.get("left_out", {}))
    planned = int(body.get("recipients", 0)) + foreseen.pop("had", 0)
    foreseen[SILENT] += int(body.get("without_a_message", 0))
    happened, people = Counter[str](), Counter[str]()
    for fate, count in fates.items():
        people[fate.what] += count
        if fate.what not in ("sent", "waiting"):
            happened[SILENT if fate.what == "silent" else fate.reason or fate.what] += count
    reasons = sorted(reason for reason in foreseen.keys() | happened.keys() if foreseen[reason] or happened[reason])
    told = tuple(Difference(reason, foreseen[reason], happened[reason]) for reason in reasons)
    return AgainstPlan(
        id, made_at, int(body.get("segment", 0)), planned, people.total(), people["sent"], people["waiting"], told
    )
