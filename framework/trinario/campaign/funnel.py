"""How far people come in a flow, step by step: reached, gone on, answered, timed out, dropped off, and how long they took."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

STANDING = frozenset({"waits", "called"})
"""Ways of those who stand at a step now."""

DROPPED = "/end"
"""What the ways end with by which a session ended at a step without an answer (`timeout/end`, `expired/end`, `stopped/end`)."""

ANSWERED = frozenset({"answered", "granted", "declined", "switched"})
"""Ways by which she has answered what the step asked."""

BY = ("channel", "language", "variant", "revision")
"""By what a funnel can be told apart."""


@dataclass(slots=True)
class Stop:
    """One step, or with `step` "" the flow itself. `ways` counts sessions by the exit that they left it by, or stand by;
    `times` how many took so many seconds, which are coarser the longer it was. `group` is the value of `by`."""

    step: str
    ways: Counter[str] = field(default_factory=Counter)
    times: Counter[int] = field(default_factory=Counter)
    group: str = ""

    @property
    def reached(self) -> int:
        """Sessions that came here."""
        return self.ways.total()

    def of(self, ways: Iterable[str]) -> int:
        """Sessions of these ways."""
        return sum(self.ways[way] for way in ways)

    @property
    def left(self) -> int:
        """Sessions that went on from here, whichever way."""
        return self.reached - self.of(STANDING) - self.dropped

    @property
    def dropped(self) -> int:
        """Sessions that ended here without an answer."""
        return sum(count for way, count in self.ways.items() if way.endswith(DROPPED))

    @property
    def timed_out(self) -> int:
        """Sessions for which the time that the step gives was over."""
        return self.of(("timeout", f"timeout{DROPPED}"))

    @property
    def median(self) -> int | None:
        """Seconds after which half of those who went on had done so; None when nobody has."""
        half, seen = (self.times.total() + 1) // 2, 0
        for seconds in sorted(self.times):
            seen += self.times[seconds]
            if seen >= half:
                return seconds
        return None

    def plain(self) -> dict[str, Any]:
        """The step as JSON data."""
        return {
            "step": self.step, **({"group": self.group} if self.group else {}), "reached": self.reached, "left": self.left,
            "answered": self.of(ANSWERED), "timed_out": self.timed_out, "dropped_off": self.dropped,
            "standing": self.of(STANDING), "median_seconds": self.median, "ways": dict(self.ways.most_common()),
        }  # fmt: skip


@dataclass(slots=True)
class Funnel:
    """A flow: `stops` by (group, step). `by` is what `group` tells apart, "" for nothing; `steps` is the order of the file."""

    flow: str
    by: str = ""
    steps: tuple[str, ...] = ()
    stops: dict[tuple[str, str], Stop] = field(default_factory=dict)

    def add(self, group: str, step: str, way: str, count: int, seconds: int | None) -> None:
        """So many sessions left a step this way after that time, or stand there."""
        stop = self.stops.setdefault((group, step), Stop(step, group=group))
        stop.ways[way] += count
        if seconds is not None and way not in STANDING and not way.endswith(DROPPED):
            stop.times[seconds] += count

    @property
    def groups(self) -> list[str]:
        """The values that are told apart; [""] where nothing is."""
        return sorted({group for group, _ in self.stops}) or [""]

    def whole(self, group: str = "") -> Stop:
        """The flow itself: who entered, who finished."""
        return self.stops.get((group, ""), Stop("", group=group))

    def gone(self, step: str) -> bool:
        """Whether the file has a step no more."""
        return bool(step) and step not in self.steps

    def in_order(self, group: str = "") -> Iterator[Stop]:
        """The steps in the order of the file, those that nobody came to too; then those that are not in the file any more."""
        for step in self.steps:
            yield self.stops.get((group, step), Stop(step, group=group))
        gone = [stop for (one, step), stop in self.stops.items() if one == group and step and step not in self.steps]
        yield from sorted(gone, key=lambda stop: (-stop.reached, stop.step))

    def plain(self) -> dict[str, Any]:
        """The funnel as JSON data: one object a group."""
        return {"flow": self.flow, "by": self.by or None, "groups": [self._group(group) for group in self.groups]}

    def _group(self, group: str) -> dict[str, Any]:
        whole = self.whole(group)
        return {
            "group": group, "entered": whole.reached, "finished": whole.ways["done"], "dropped_off": whole.dropped,
            "standing": whole.of(STANDING), "median_seconds": whole.median,
            "steps": [{**stop.plain(), "gone": self.gone(stop.step)} for stop in self.in_order(group)],
        }  # fmt: skip


def span(seconds: int | None) -> str:
    """A time in words as short as can be: `45s`, `12m`, `3h`, `2d`; "-" for none."""
    if seconds is None:
        return "-"
    for size, word in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= 2 * size:
            return f"{seconds // size}{word}"
    return f"{seconds}s"
