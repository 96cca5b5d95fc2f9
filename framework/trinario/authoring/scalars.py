"""What a text means by the kind of field it stands in: a value, or the issue that says how to write it.

Nothing is guessed from the text alone: `no` is a choice, `0123` a postcode and `10:00` a time only where the field
says so.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from trinario.authoring.near import nearest
from trinario.authoring.nodes import Document, Node, Scalar
from trinario.authoring.scalar_times import day, day_or_moment, duration, moment, time_of_day, time_range
from trinario.authoring.unreadable import Unreadable, shown_text


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
    raise Unreadable("S031", f"{shown_text(text)} is no whole number", hint)


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
    raise Unreadable("S032", f"{shown_text(text)} is no number", hint)


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
    raise Unreadable("S033", f"{shown_text(text)} is neither true nor false", hint)


def percentage(text: str) -> Decimal:
    """`10`, `10%`, `12.5 %`: 0 to 100."""
    plain = text.strip().removesuffix("%").strip()
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", plain, re.ASCII) and Decimal(plain) <= 100:
        return Decimal(plain)
    hint = f"write {plain.replace(',', '.')}" if re.fullmatch(r"[0-9]{1,2},[0-9]+", plain) else "0 to 100, like 10%"
    raise Unreadable("S039", f"{shown_text(text)} is no percentage", hint)


def name(text: str) -> str:
    """`lead_capture`: small letters, digits and `_`, a letter first; at most 64 characters."""
    if re.fullmatch(r"[a-z][a-z0-9_]{0,63}", text, re.ASCII):
        return text
    near = re.sub(r"[^a-z0-9]+", "_", text.strip().lower().removeprefix("vars.")).strip("_")[:64]
    near = near if re.match("[a-z]", near) else f"step_{near}" if near else "lead_capture"
    raise Unreadable("S040", f"{shown_text(text)} is no name: small letters, digits and _", f"write {near}")


def url(text: str) -> str:
    """`https://luckygarden.example/2026`; http too. No spaces, no sign-in before the host."""
    plain = text.strip()
    try:
        parts = urlsplit(plain)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Unreadable("S041", f"{shown_text(text)} is no web address", "like https://luckygarden.example") from None
    clean = parts.scheme in ("http", "https") and not re.search(r"[\s\"<>\\^`{|}\x00-\x20\x7f]", plain)
    if clean and parts.username is None and port != 0 and re.fullmatch(r"[^\s_/?#@]{1,253}", host):
        return plain
    hint = "like https://luckygarden.example"
    if not parts.scheme and re.match(r"[\w-]+(\.[\w-]+)+", plain) and " " not in plain:
        hint = f"write https://{plain}"
    elif re.search(r"\s", plain) and parts.scheme in ("http", "https"):
        hint = f"write {re.sub(r'[ ]', '%20', plain)[:120]}"
    raise Unreadable("S041", f"{shown_text(text)} is no web address", hint)


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
    raise Unreadable("S042", f"{shown_text(text)} is no language", hint)


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
        raise Unreadable("S043", f"{shown_text(text)} is no time zone", hint)
    close = nearest(plain, (other for other in _zones() if "/" in other)) if len(plain) > 4 else None
    city = next(
        (other for other in sorted(_zones()) if other.lower().endswith("/" + plain.lower().replace(" ", "_"))), None
    )
    hint = f"write {city or close}" if city or close else "write region and city, like Europe/Rome"
    raise Unreadable("S043", f"{shown_text(text)} is no time zone", hint)


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
