"""When people are there: the hours of each day of the week by their own clock, and the days on which nobody is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

Span = tuple[int, int]
"""Minutes since midnight; over midnight when the second is not later than the first."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SEVERAL: Mapping[str, tuple[str, ...]] = {"weekdays": DAYS[:5], "weekend": DAYS[5:], "daily": DAYS}
"""Words for more than one day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`week` has the spans of each day, Monday first; a span over midnight belongs to the day on which it begins."""

    week: tuple[tuple[Span, ...], ...] = ((),) * 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours, the zone of their clock (None: the bot's), and days off: `2026-12-25`, or `12-25` for every year."""

    hours: Hours | None = None
    zone: str | None = None
    holidays: frozenset[str] = field(default_factory=frozenset)

    def is_open(self, moment: datetime, where: tzinfo, hours: Hours | None = None) -> bool:
        """Whether somebody is there, by the clock of `where`; `hours` take the place of its own."""
        asked = hours or self.hours
        local = moment.astimezone(where)
        minute = local.hour * 60 + local.minute
        yesterday = local - timedelta(days=1)
        return any(
            begin <= minute + passed < begin + ((end - begin) % 1440 or 1440)
            for day, passed in ((local, 0), (yesterday, 1440))
            if not self._is_off(day)
            for begin, end in (asked.week[day.weekday()] if asked else ((0, 1440),))
        )

    def _is_off(self, day: datetime) -> bool:
        return f"{day:%Y-%m-%d}" in self.holidays or f"{day:%m-%d}" in self.holidays


def hours_of(given: Span | Mapping[str, tuple[Span, ...]]) -> Hours:
    """Hours as they are written: one span for every day, or spans by day; a day by its own name counts before several."""
    if not isinstance(given, Mapping):
        return Hours(((given,),) * 7)
    spans: dict[str, tuple[Span, ...]] = {}
    for name in sorted(given, key=lambda one: one not in SEVERAL):
        for day in SEVERAL.get(name, (name,)):
            spans[day] = tuple(given[name])
    return Hours(tuple(spans.get(day, ()) for day in DAYS))
