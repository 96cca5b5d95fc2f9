"""What texts mean as times: spans, times of day, days and moments."""

import re
from datetime import date, datetime, time

from trinario.authoring.unreadable import Unreadable, shown_text
from trinario.model.duration import Duration, parse_duration


def duration(text: str) -> Duration:
    """`30s`, `15m`, `2h`, `3d`, `1w`, `1d12h`, `-1d`, `PT15M`."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise Unreadable("S034", f"{shown_text(text)} is no duration", str(error)) from None


def time_of_day(text: str) -> time:
    """`09:00`, `9:00`."""
    plain = text.strip()
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", plain, re.ASCII)
    if match and int(match[1]) < 24 and int(match[2]) < 60 and int(match[3] or 0) < 60:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    raise Unreadable("S035", f"{shown_text(text)} is no time of day", _time_hint(plain))


def _time_hint(plain: str) -> str:
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))? *([ap])?\.?(m)?\.?", plain.lower())
    if match is None or plain == "24:00":
        return "write hours and minutes, like 09:00" if match is None else "midnight is 00:00"
    hours, minutes = int(match[1]), match[2] or "00"
    if match[3]:
        hours = hours % 12 + (12 if match[3] == "p" else 0)
    return (
        f"write {hours:02}:{minutes}" if hours < 24 and int(minutes) < 60 else "hours go from 00 to 23, minutes to 59"
    )


def time_range(text: str) -> tuple[time, time]:
    """`09:00-20:00`; the second may be earlier, then it is that of the next day. The two may not be the same."""
    sides = re.split(r"\s*[-\u2013\u2014]\s*", text.strip())
    if len(sides) != 2:
        hint = "write from and to, like 09:00-20:00"
        raise Unreadable("S036", f"{shown_text(text)} is no range of two times", hint)
    try:
        first, last = time_of_day(sides[0]), time_of_day(sides[1])
    except Unreadable as fault:
        ends = [re.fullmatch(r"write ([0-9]{2}:[0-9]{2})", _time_hint(side.strip())) for side in sides]
        hint = f"write {ends[0][1]}-{ends[1][1]}" if ends[0] and ends[1] else fault.hint
        raise Unreadable("S036", f"{shown_text(text)} is no range of two times", hint) from None
    if first == last:
        raise Unreadable(
            "S036",
            f"{shown_text(text)} begins when it ends",
            "write when it begins and when it ends, like 21:00-09:00, or leave it out: then the whole day is alike",
        )
    return first, last


def day(text: str) -> date:
    """`2026-12-01`."""
    plain = text.strip()
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain, re.ASCII):
        try:
            return date.fromisoformat(plain)
        except ValueError:
            raise Unreadable("S037", f"there is no {shown_text(text)} in the calendar", "check month and day") from None
    match = re.fullmatch(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})", plain)
    if turned := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", plain):
        hint = f"write {turned[3]}-{int(turned[2]):02}-{int(turned[1]):02}"
        raise Unreadable("S037", f"{shown_text(text)} is no date", hint)
    hint = (
        f"write {match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else "write year-month-day, like 2026-12-01"
    )
    raise Unreadable("S037", f"{shown_text(text)} is no date", hint)


def moment(text: str) -> datetime:
    """`2026-12-01 10:00`, `2026-03-28T10:00+01:00`; naive when no offset stands there."""
    plain = text.strip()
    match = re.fullmatch(
        r"([0-9-]{10})[T ]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?) ?(Z|[+-][0-9]{2}:?[0-9]{2})?", plain, re.ASCII
    )
    if match is None:
        hint = f"write the time too: {plain} 10:00" if re.fullmatch("[0-9-]{10}", plain) else "like 2026-12-01 10:00"
        raise Unreadable("S038", f"{shown_text(text)} is no date with a time", hint)
    try:
        whole = datetime.combine(day(match[1]), time_of_day(match[2]))
        return datetime.fromisoformat(whole.isoformat() + (match[3] or ""))
    except Unreadable as fault:
        raise Unreadable("S038", fault.message, fault.hint) from None
    except ValueError:
        raise Unreadable(
            "S038", f"{shown_text(text)} has an offset that no place has", "like +01:00, or Z for UTC"
        ) from None


def day_or_moment(text: str) -> date | datetime:
    """A date, with or without its time."""
    dated = r"[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}"
    return day(text) if re.fullmatch(dated, text.strip()) else moment(text)
