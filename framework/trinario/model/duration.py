"""A span of time as an author writes it, in which a calendar day is not 24 hours."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction

_UNITS = {"w": (7, 0), "d": (1, 0), "h": (0, 3600), "m": (0, 60), "s": (0, 1)}
_SHORT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) ?([wdhms])", re.ASCII)
_ISO = re.compile(
    r"P(?:(?P<w>[0-9.]{1,9})W)?(?:(?P<d>[0-9.]{1,9})D)?(?:T(?:(?P<h>[0-9.]{1,9})H)?(?:(?P<m>[0-9.]{1,9})M)?(?:(?P<s>[0-9.]{1,9})S)?)?",
    re.ASCII,
)
_MOST = timedelta(days=36_525)


@dataclass(frozen=True, slots=True)
class Duration:
    """`days` are calendar days (same wall-clock time, other date), `seconds` have elapsed. Both may be negative.

    `1d` is Duration(1, 0), `24h` is Duration(0, 86400); they differ by an hour when the clocks change in between.
    """

    days: int = 0
    seconds: int = 0

    def __neg__(self) -> "Duration":
        return Duration(-self.days, -self.seconds)

    def __bool__(self) -> bool:
        return bool(self.days or self.seconds)

    def __str__(self) -> str:
        """As an author writes it: `1d2h`, `-1d`, `0s`. Read again by `parse_duration`."""
        sign = "-" if self.days < 0 or (self.days == 0 and self.seconds < 0) else ""
        hours, rest = divmod(abs(self.seconds), 3600)
        parts = ((abs(self.days), "d"), (hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
        return sign + ("".join(f"{count}{unit}" for count, unit in parts if count) or "0s")

    @property
    def elapsed(self) -> timedelta:
        """With a day of 24 hours, as in `expires`, `timeout` and caps."""
        return timedelta(days=self.days, seconds=self.seconds)

    def after(self, moment: datetime, zone: tzinfo) -> datetime:
        """`moment` (aware) moved forward: first the calendar days in `zone`, then the seconds. Comes back in UTC."""
        if self.days:
            local = moment.astimezone(zone).replace(tzinfo=None)
            moment = localised(local + timedelta(days=self.days), zone)
        return moment.astimezone(UTC) + timedelta(seconds=self.seconds)

    def before(self, moment: datetime, zone: tzinfo) -> datetime:
        """`moment` (aware) moved back, as `after` moves it forward."""
        return (-self).after(moment, zone)


def localised(local: datetime, zone: tzinfo) -> datetime:
    """The moment (UTC) of a naive local time. One that does not exist moves forward by the gap; of two, the first."""
    first = local.replace(tzinfo=zone, fold=0)
    # of a time in a gap, fold=0 reckons with the offset from before the change: exactly "forward by the gap"
    return first.astimezone(UTC)


def parse_duration(text: str) -> Duration:
    """The duration that `30s`, `15m`, `2h`, `3d`, `1w`, `1d12h`, `-1d` or ISO 8601 (`PT15M`, `P1DT2H`) says.

    Raises ValueError; its text is the mend.
    """
    body = text.strip()
    sign = -1 if body.startswith("-") else 1
    body = body.lstrip("+-") if body[:1] in ("+", "-") and body[1:2] not in ("+", "-") else body
    amounts = _amounts(body)
    if amounts is None:
        raise ValueError(_mend(body))
    days, seconds = Fraction(0), Fraction(0)
    for unit, amount in amounts:
        days += amount * _UNITS[unit][0]
        seconds += amount * _UNITS[unit][1]
    if days.denominator != 1:
        raise ValueError("a day is not cut: write hours, like 36h")
    if seconds.denominator != 1:
        raise ValueError("nothing is shorter than a second: write 1s")
    if days * 86_400 + seconds > _MOST.total_seconds():
        raise ValueError("that is more than a hundred years")
    return Duration(sign * int(days), sign * int(seconds))


def _amounts(body: str) -> list[tuple[str, Fraction]] | None:
    """(unit, how many) in the order written; None when it is no duration, an empty one, or names a unit twice."""
    if body.startswith("P"):
        match = _ISO.fullmatch(body)
        if match is None or body.endswith("T"):
            return None
        found = [(unit, number) for unit, number in match.groupdict().items() if number is not None]
    else:
        pieces = list(_SHORT.finditer(body))
        if "".join(piece[0] for piece in pieces) != body:
            return None
        found = [(piece[2], piece[1]) for piece in pieces]
    units = [unit for unit, _ in found]
    if not found or len(set(units)) != len(units) or any(number.count(".") > 1 or number == "." for _, number in found):
        return None
    return [(unit, Fraction(number)) for unit, number in found]


_WORDS = {
    "s": "s", "sec": "s", "second": "s", "min": "m", "minute": "m", "hour": "h", "hr": "h", "day": "d", "week": "w",
}  # fmt: skip


def unit_of(word: str) -> str | None:
    """The unit that a word means: `d` for day, days and d; None for months, years and what is none."""
    return word if len(word) == 1 and word in "smhdw" else _WORDS.get(word) or _WORDS.get(word.rstrip("s"))


def _mend(body: str) -> str:
    """What to write instead, as near to what stands there as can be told."""
    match = re.fullmatch(r"([0-9]+) *([A-Za-z]*)", body[:40])
    if match and not match[2]:
        return f"say in which unit: {match[1]}s, {match[1]}m, {match[1]}h or {match[1]}d"
    word = match[2].lower() if match else ""
    if unit := unit_of(word or body.strip().lower()):
        return f"write {match[1] if match else 1}{unit}"
    if match and word in ("month", "months", "mo", "year", "years", "y"):
        return "months and years differ in length: write days, like 30d"
    if re.fullmatch(r"P[0-9.]*[YM].*", body[:40]):
        return "months and years differ in length: write days, like P30D"
    return "write 30s, 15m, 2h, 3d or 1w"
