"""What a text means by the kind of field it stands in: a value, or the issue that says how to write it.

Nothing is guessed from the text alone: `no` is a choice, `0123` a postcode and `10:00` a time only where the field
says so.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from trinario.authoring.near import nearest
from trinario.authoring.nodes import Document, Node, Scalar
from trinario.model.duration import Duration, parse_duration


class Unreadable(ValueError):
    """The text is none of that kind: the code, what is wrong, and how to mend it."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def read_scalar(kind: str, node: Node, document: Document) -> Any:
    """The value of a node by its kind, a key of READERS; an Issue when it has none.

    A list, a mapping and nothing are no scalar: Issue S030.
    """
    if not isinstance(node, Scalar):
        hint = f"write one text, not a {'list' if hasattr(node, 'items') else 'mapping'}"
        return document.issue(node.place, "S030", f"{ABOUT[kind]} is needed here", hint=hint)
    if node.is_empty and kind != "text":
        return document.issue(node.place, "S030", f"{ABOUT[kind]} is needed here", hint=f"like {EXAMPLES[kind]}")
    try:
        return READERS[kind](node.text)
    except Unreadable as fault:
        return document.issue(node.place, fault.code, fault.message, hint=fault.hint)


def _shown(text: str) -> str:
    short = text.strip() if len(text) <= 40 else text.strip()[:39] + "…"
    return f'"{short}"'


def text_of(text: str) -> str:
    return text


def integer(text: str) -> int:
    """`-12`, `1000`."""
    plain = text.strip()
    if re.fullmatch(r"[+-]?[0-9]{1,18}", plain, re.ASCII):
        return int(plain)
    hint = "write digits only, like 3"
    if re.fullmatch(r"[+-]?[0-9]{1,3}([,. _'\u00a0\u202f][0-9]{3})+", plain):
        hint = f"write it without separators: {re.sub('[^0-9+-]', '', plain)}"
    elif re.fullmatch(r"[+-]?[0-9]{1,15}\.0+", plain):
        hint = f"write {plain.split('.')[0]}"
    elif plain.lower() in _WORDS:
        hint = f"write {_WORDS[plain.lower()]}"
    raise Unreadable("S031", f"{_shown(text)} is no whole number", hint)


_WORDS = {
    "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "ten": "10",
}  # fmt: skip


def number(text: str) -> Decimal:
    """`12`, `-0.5`, `1e3`: exact."""
    plain = text.strip()
    if re.fullmatch(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})([eE][+-]?[0-9]{1,2})?", plain, re.ASCII):
        return Decimal(plain)
    hint = "write digits, with a point before the fraction, like 2.5"
    if re.fullmatch(r"[+-]?[0-9]{1,18},[0-9]{1,2}", plain):
        hint = f"write a point for the comma: {plain.replace(',', '.')}"
    elif re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        hint = f"write it without separators: {plain.replace(',', '')}"
    elif re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", plain):
        hint = f"write {plain.replace('.', '').replace(',', '.')}"
    elif match := re.fullmatch(r"([0-9.]+) ?[^0-9.\s]{1,3}|[^0-9.\s]{1,3} ?([0-9.]+)", plain):
        hint = f"write the number alone: {match[1] or match[2]}"
    raise Unreadable("S032", f"{_shown(text)} is no number", hint)


def boolean(text: str) -> bool:
    """`true` or `false`."""
    plain = text.strip()
    if plain in ("true", "false"):
        return plain == "true"
    low = plain.lower()
    hint = "write true or false"
    if low in ("yes", "y", "on", "1", "true"):
        hint = "write true"
    elif low in ("no", "n", "off", "0", "false"):
        hint = "write false"
    raise Unreadable("S033", f"{_shown(text)} is neither true nor false", hint)


def duration(text: str) -> Duration:
    """`30s`, `15m`, `2h`, `3d`, `1w`, `1d12h`, `-1d`, `PT15M`."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise Unreadable("S034", f"{_shown(text)} is no duration", str(error)) from None


def time_of_day(text: str) -> time:
    """`09:00`, `9:00`."""
    plain = text.strip()
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", plain, re.ASCII)
    if match and int(match[1]) < 24 and int(match[2]) < 60 and int(match[3] or 0) < 60:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    raise Unreadable("S035", f"{_shown(text)} is no time of day", _time_hint(plain))


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
        raise Unreadable("S036", f"{_shown(text)} is no range of two times", hint)
    try:
        first, last = time_of_day(sides[0]), time_of_day(sides[1])
    except Unreadable as fault:
        ends = [re.fullmatch(r"write ([0-9]{2}:[0-9]{2})", _time_hint(side.strip())) for side in sides]
        hint = f"write {ends[0][1]}-{ends[1][1]}" if ends[0] and ends[1] else fault.hint
        raise Unreadable("S036", f"{_shown(text)} is no range of two times", hint) from None
    if first == last:
        raise Unreadable(
            "S036",
            f"{_shown(text)} begins when it ends",
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
            raise Unreadable("S037", f"there is no {_shown(text)} in the calendar", "check month and day") from None
    match = re.fullmatch(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})", plain)
    if turned := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", plain):
        hint = f"write {turned[3]}-{int(turned[2]):02}-{int(turned[1]):02}"
        raise Unreadable("S037", f"{_shown(text)} is no date", hint)
    hint = (
        f"write {match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else "write year-month-day, like 2026-12-01"
    )
    raise Unreadable("S037", f"{_shown(text)} is no date", hint)


def moment(text: str) -> datetime:
    """`2026-12-01 10:00`, `2026-03-28T10:00+01:00`; naive when no offset stands there."""
    plain = text.strip()
    match = re.fullmatch(
        r"([0-9-]{10})[T ]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?) ?(Z|[+-][0-9]{2}:?[0-9]{2})?", plain, re.ASCII
    )
    if match is None:
        hint = f"write the time too: {plain} 10:00" if re.fullmatch("[0-9-]{10}", plain) else "like 2026-12-01 10:00"
        raise Unreadable("S038", f"{_shown(text)} is no date with a time", hint)
    try:
        whole = datetime.combine(day(match[1]), time_of_day(match[2]))
        return datetime.fromisoformat(whole.isoformat() + (match[3] or ""))
    except Unreadable as fault:
        raise Unreadable("S038", fault.message, fault.hint) from None
    except ValueError:
        raise Unreadable(
            "S038", f"{_shown(text)} has an offset that no place has", "like +01:00, or Z for UTC"
        ) from None


def day_or_moment(text: str) -> date | datetime:
    """A date, with or without its time."""
    dated = r"[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}"
    return day(text) if re.fullmatch(dated, text.strip()) else moment(text)


def percentage(text: str) -> Decimal:
    """`10`, `10%`, `12.5 %`: 0 to 100."""
    plain = text.strip().removesuffix("%").strip()
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", plain, re.ASCII) and Decimal(plain) <= 100:
        return Decimal(plain)
    hint = f"write {plain.replace(',', '.')}" if re.fullmatch(r"[0-9]{1,2},[0-9]+", plain) else "0 to 100, like 10%"
    raise Unreadable("S039", f"{_shown(text)} is no percentage", hint)


def name(text: str) -> str:
    """`lead_capture`: small letters, digits and `_`, a letter first; at most 64 characters."""
    if re.fullmatch(r"[a-z][a-z0-9_]{0,63}", text, re.ASCII):
        return text
    near = re.sub(r"[^a-z0-9]+", "_", text.strip().lower().removeprefix("vars.")).strip("_")[:64]
    near = near if re.match("[a-z]", near) else f"step_{near}" if near else "lead_capture"
    raise Unreadable("S040", f"{_shown(text)} is no name: small letters, digits and _", f"write {near}")


def url(text: str) -> str:
    """`https://luckygarden.example/2026`; http too. No spaces, no sign-in before the host."""
    plain = text.strip()
    try:
        parts = urlsplit(plain)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Unreadable("S041", f"{_shown(text)} is no web address", "like https://luckygarden.example") from None
    clean = parts.scheme in ("http", "https") and not re.search(r"[\s\"<>\\^`{|}\x00-\x20\x7f]", plain)
    if clean and parts.username is None and port != 0 and re.fullmatch(r"[^\s_/?#@]{1,253}", host):
        return plain
    hint = "like https://luckygarden.example"
    if not parts.scheme and re.match(r"[\w-]+(\.[\w-]+)+", plain) and " " not in plain:
        hint = f"write https://{plain}"
    elif re.search(r"\s", plain) and parts.scheme in ("http", "https"):
        hint = f"write {re.sub(r'[ ]', '%20', plain)[:120]}"
    raise Unreadable("S041", f"{_shown(text)} is no web address", hint)


def locale(text: str) -> str:
    """`it`, `pt-BR`, `zh_Hant`: known to Unicode's data. Comes back with hyphens, as HTML and HTTP write it."""
    plain = text.strip().replace("_", "-")
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?", plain, re.ASCII):
        try:
            return (
                str(Locale.parse(plain, sep="-")).replace("_", "-")
                if "-" in plain
                else str(Locale.parse(plain.lower()))
            )
        except (UnknownLocaleError, ValueError):
            pass
    known = {label.lower(): code for code, label in Locale("en").languages.items()}
    code = known.get(text.strip().lower())
    hint = f"write {code}" if code else "write its code, like en, it or pt-BR"
    raise Unreadable("S042", f"{_shown(text)} is no language", hint)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """The names of the time zone database that we ship with, whatever the machine has."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("utf-8").split())


def zone(text: str) -> str:
    """`Europe/Rome`, `UTC`."""
    plain = text.strip()
    if plain in _zones() and ("/" in plain or plain == "UTC"):
        return plain
    if re.match(r"(gmt|utc)\s*[+-]", plain, re.IGNORECASE):
        hint = "write the place whose clock it is, like Europe/Rome: it knows when the clocks change"
        raise Unreadable("S043", f"{_shown(text)} is no time zone", hint)
    close = nearest(plain, (other for other in _zones() if "/" in other)) if len(plain) > 4 else None
    city = next(
        (other for other in sorted(_zones()) if other.lower().endswith("/" + plain.lower().replace(" ", "_"))), None
    )
    hint = f"write {city or close}" if city or close else "write region and city, like Europe/Rome"
    raise Unreadable("S043", f"{_shown(text)} is no time zone", hint)


READERS: dict[str, Callable[[str], Any]] = {
    "text": text_of,
    "integer": integer,
    "number": number,
    "boolean": boolean,
    "duration": duration,
    "time": time_of_day,
    "time_range": time_range,
    "date": day,
    "datetime": moment,
    "date_or_datetime": day_or_moment,
    "percentage": percentage,
    "name": name,
    "url": url,
    "locale": locale,
    "zone": zone,
}
"""Kind -> what reads its text; raises Unreadable, and nothing else."""

ABOUT = {
    "text": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "duration": "a duration", "time": "a time of day", "time_range": "a range of two times", "date": "a date",
    "datetime": "a date with its time", "date_or_datetime": "a date", "percentage": "a percentage", "name": "a name",
    "url": "a web address", "locale": "a language", "zone": "a time zone",
}  # fmt: skip
"""How an issue names the kind."""

EXAMPLES = {
    "text": "Hello", "integer": "3", "number": "2.5", "boolean": "true", "duration": "15m", "time": "09:00",
    "time_range": "09:00-20:00", "date": "2026-12-01", "datetime": "2026-12-01 10:00",
    "date_or_datetime": "2026-12-01 10:00", "percentage": "10%", "name": "lead_capture",
    "url": "https://luckygarden.example", "locale": "it", "zone": "Europe/Rome",
}  # fmt: skip
"""What an author could write."""
