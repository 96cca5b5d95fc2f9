"""Which slots of a time table fall between two moments: a slot is a time on the wall, and comes once whatever clocks do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from trinario.model.duration import localised

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_DAYS = {name: number for number, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
_PART = re.compile(r"(\*|[0-9a-z]+)(?:-([0-9a-z]+))?(?:/([0-9]+))?", re.ASCII)

YEARS_LOOKED_AT = 8
"""Whatever comes at all (a 29th of February) comes within eight years."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A time table. `days` are of the month, `weekdays` 0 (Sunday) to 6; where both are restricted, either will do."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool = False

    def on(self, day: date) -> bool:
        """Whether it has anything on this day."""
        if day.month not in self.months:
            return False
        by_month, by_week = day.day in self.days, (day.weekday() + 1) % 7 in self.weekdays
        return by_month or by_week if self.either else by_month and by_week

    def at(self, local: datetime) -> bool:
        """Whether this time on the wall is one of its slots."""
        return local.minute in self.minutes and local.hour in self.hours and self.on(local.date())


@dataclass(frozen=True, slots=True)
class Slot:
    """`local` is the time on the wall (without a zone), `comes` the moment in UTC."""

    local: datetime
    comes: datetime


_FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}), ("hour", 0, 23, {}), ("day of the month", 1, 31, {}), ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)  # fmt: skip


@lru_cache(maxsize=512)
def parse_cron(text: str) -> Cron:
    """The time table of a line with five parts. Raises ValueError: what is wrong, a colon, the mend."""
    parts = text.lower().split()
    if len(parts) != 5:
        raise ValueError(
            f'"{text}" has {len(parts)} part{"" if len(parts) == 1 else "s"}, not five: '
            'write minute, hour, day of the month, month and day of the week, like "0 10 * * 1"'
        )
    minutes, hours, days, months, weekdays = (
        _numbers(part, *field) for part, field in zip(parts, _FIELDS, strict=True)
    )
    weekdays = frozenset(number % 7 for number in weekdays)
    either = not parts[2].startswith("*") and not parts[4].startswith("*")
    cron = Cron(minutes, hours, days, months, weekdays, either)
    if not any(cron.on(date(2024, 1, 1) + timedelta(days=ahead)) for ahead in range(366 * YEARS_LOOKED_AT)):
        raise ValueError(f'"{text}" never comes: the months named do not have that day')
    return cron


def _numbers(part: str, name: str, least: int, most: int, names: dict[str, int]) -> frozenset[int]:
    found: set[int] = set()
    for piece in part.split(","):
        match = _PART.fullmatch(piece)
        if match is None:
            raise ValueError(f'"{piece}" is no {name}: write *, a number, a range 1-5, a list 1,3 or steps */15')
        first, last, step = match.groups()
        begin = least if first == "*" else _number(first, name, least, most, names)
        end = most if first == "*" or (step and last is None) else begin
        end = _number(last, name, least, most, names) if last is not None else end
        if (first == "*" and last is not None) or end < begin:
            raise ValueError(f'"{piece}" runs backwards: write the smaller {name} first, or a list')
        if step is not None and not 0 < int(step) <= most:
            raise ValueError(f'"{piece}" has a step of {step}: write one from 1 to {most}')
        found.update(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


def _number(word: str, name: str, least: int, most: int, names: dict[str, int]) -> int:
    number = names.get(word[:3]) if word[:1].isalpha() and names else int(word) if word.isdigit() else None
    if number is None or not least <= number <= most:
        known = f", or {next(iter(names))} to {list(names)[-1]}" if names else ""
        raise ValueError(f'"{word}" is no {name}: write a number from {least} to {most}{known}')
    return number


def between(cron: Cron, after: datetime, until: datetime, zone: tzinfo) -> list[Slot]:
    """The slots that come after `after` (aware, left out) and up to `until` (taken in), in order."""
    if until <= after:
        return []
    found = {}
    for local in _locals(cron, after, until, zone):
        slot = slot_of(cron, local, zone)
        if slot is not None and after < slot.comes <= until:
            found[slot.local] = slot
    return sorted(found.values(), key=lambda slot: slot.comes)


def slot_of(cron: Cron, local: datetime, zone: tzinfo) -> Slot | None:
    """The slot at a time on the wall. One that the clocks skip comes later by the gap; None: another slot is there."""
    comes = localised(local, zone)
    shown = comes.astimezone(zone).replace(tzinfo=None)
    return None if shown != local and cron.at(shown) else Slot(local, comes)


def following(cron: Cron, after: datetime, zone: tzinfo) -> datetime | None:
    """The next moment (UTC) that comes after this one; None: there is none for years."""
    begin = after
    for days in (2, 40, 400, 366 * YEARS_LOOKED_AT):
        if found := between(cron, begin, end := after + timedelta(days=days), zone):
            return found[0].comes
        begin = end
    return None


def first_skipped(cron: Cron, after: datetime, zone: tzinfo) -> datetime | None:
    """The next time on the wall within a year at which it has a slot and that the clocks skip; None: none."""
    day = after.astimezone(zone).date()
    for _ in range(366):
        day += timedelta(days=1)
        noon, before = (datetime.combine(one, time(12), zone) for one in (day, day - timedelta(days=1)))
        if noon.utcoffset() == before.utcoffset() or not cron.on(day):
            continue
        for hour in sorted(cron.hours):
            for minute in sorted(cron.minutes):
                local = datetime.combine(day, time(hour, minute))
                slot = slot_of(cron, local, zone)
                if slot is not None and slot.comes.astimezone(zone).replace(tzinfo=None) != local:
                    return local
    return None


def _locals(cron: Cron, after: datetime, until: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Every time on the wall of the days in question, a day more at both ends for what clocks do."""
    day, last = after.astimezone(zone).date() - timedelta(days=1), until.astimezone(zone).date()
    while day <= last:
        if cron.on(day):
            for hour in sorted(cron.hours):
                for minute in sorted(cron.minutes):
                    yield datetime.combine(day, time(hour, minute))
        day += timedelta(days=1)
