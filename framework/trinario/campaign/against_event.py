"""What was planned held against what became of it, of a campaign that waits for an event: nobody knows how often that comes, so
shares are held against shares."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from trinario.campaign.against_plan import SILENT
from trinario.campaign.fates import Fate


class Rate(NamedTuple):
    """Of the `segment` that was planned for, so many people were to come to this end if the event had come for them then; of all
    `times` that it came, so many did. `reason`: sent, waiting, or why nothing went."""

    reason: str
    planned: int
    happened: int


@dataclass(frozen=True, slots=True)
class AgainstEvent:
    """The event came `times` for `people` of the segment. What `rates` planned sums to `segment`, what happened to `times`."""

    id: str
    made_at: str
    segment: int
    people: int
    times: int
    rates: tuple[Rate, ...] = ()

    def planned_share(self, one: Rate) -> float:
        """The share of the segment that was to come to this end; 0 of nobody."""
        return one.planned / self.segment if self.segment else 0.0

    def share(self, one: Rate) -> float:
        """The share of all times that did; 0 if the event never came."""
        return one.happened / self.times if self.times else 0.0

    def rate(self, reason: str) -> Rate:
        """The row of an end."""
        return next((one for one in self.rates if one.reason == reason), Rate(reason, 0, 0))

    def plain(self) -> dict[str, Any]:
        """The same as JSON data."""
        rates = [
            {**one._asdict(), "planned_share": round(self.planned_share(one), 4), "share": round(self.share(one), 4)}
            for one in self.rates
        ]
        return {"plan": self.id, "made_at": self.made_at, "segment": self.segment, "people": self.people, "times": self.times,
                "rates": rates}  # fmt: skip


def against_event(
    id: str, made_at: str, body: Mapping[str, Any], people: int, fates: Mapping[Fate, int]
) -> AgainstEvent:
    """Hold the forecast that was kept (`body`, as Forecast.plain gives it) against what became of every time."""
    foreseen = Counter[str](body.get("left_out", {}))
    foreseen["sent"] += int(body.get("recipients", 0))
    foreseen[SILENT] += int(body.get("without_a_message", 0))
    happened = Counter[str]()
    for fate, count in fates.items():
        end = fate.what if fate.what in ("sent", "waiting", SILENT) else fate.reason or fate.what
        happened[end] += count
    ends = sorted(
        end for end in (foreseen.keys() | happened.keys()) - {"sent", "waiting"} if foreseen[end] or happened[end]
    )
    rates = tuple(Rate(end, foreseen[end], happened[end]) for end in ("sent", "waiting", *ends))
    return AgainstEvent(id, made_at, int(body.get("segment", 0)), people, happened.total(), rates)
