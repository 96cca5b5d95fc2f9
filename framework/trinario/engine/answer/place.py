"""Answers that are places: `location` (a point) and `address` (words)."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from trinario.engine.answer.plain import digit
from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.text import read_text, words_of
from trinario.model.value import Value

_POINT = r"(-?\d{1,3}(?:\.\d{1,15})?)"
_PAIR = rf"{_POINT}(?:,|%2c)(?:\+|%20|\s)?{_POINT}"
_TYPED = re.compile(rf"{_POINT}\s*[,;]\s*{_POINT}|{_POINT}\s+{_POINT}")
_IN_LINK = (
    re.compile(rf"!3d{_POINT}!4d{_POINT}"),
    re.compile(rf"[?&](?:q|query|ll|sll|saddr|daddr|destination|center|coordinate)=(?:loc:)?{_PAIR}", re.IGNORECASE),
    re.compile(rf"[?&]mlat={_POINT}&mlon={_POINT}"),
    re.compile(rf"@{_PAIR}", re.IGNORECASE),
    re.compile(rf"/(?:place|search|dir)/{_PAIR}", re.IGNORECASE),
    re.compile(rf"#map=\d{{1,2}}/{_POINT}/{_POINT}"),
    re.compile(rf"\bgeo:{_PAIR}", re.IGNORECASE),
)
_MAPS = re.compile(
    r"(?:https?://(?:[\w-]+\.){0,3}(?:google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}|maps\.apple\.com"
    r"|openstreetmap\.org|waze\.com)|geo:)[^\s]{0,1000}",
    re.IGNORECASE,
)
_LONGEST = 2000


def read_location(heeded: Heeded) -> Reading:
    """`{latitude, longitude, name, address}` of a shared location, a link to a map, or typed degrees."""
    if heeded.heard.kind == "location":
        value = shared(heeded.heard.data)
        return Bad("location") if value is None else Good(value, _title(value))
    text = words_of(heeded)[:_LONGEST]
    pair = _linked(text) if "/" in text or ":" in text else _typed(text)
    value = _value(*pair, "", "") if pair else None
    return Bad("location") if value is None else Good(value, _title(value))


def read_address(heeded: Heeded) -> Reading:
    """The words of an address; of a shared location those that it brings, else its degrees."""
    if heeded.heard.kind != "location":
        reading = read_text(heeded)
        return Bad("address") if isinstance(reading, Bad) else reading
    value = shared(heeded.heard.data)
    if value is None:
        return Bad("address")
    words = ", ".join(part for part in (value["name"], value["address"]) if part) or _title(value)
    return Good(words, words)


def shared(data: Mapping[str, Any]) -> dict[str, Value] | None:
    """A shared location as it is kept; None when it has no point on the earth."""
    name, address = (data.get(key) if isinstance(data.get(key), str) else "" for key in ("name", "address"))
    return _value(data.get("latitude"), data.get("longitude"), str(name)[:300], str(address)[:500])


def _value(latitude: object, longitude: object, name: str, address: str) -> dict[str, Value] | None:
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    if north is None or east is None:
        return None
    return {"latitude": north, "longitude": east, "name": name, "address": address}


def _degrees(value: object, most: int) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = round(Decimal(str(value)), 7)
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return number.normalize() + 0 if number.is_finite() and abs(number) <= most else None


def _linked(text: str) -> tuple[str, str] | None:
    """The point in the one link to a map; a short link does not say where it leads."""
    link = _MAPS.search(text)
    if link is None:
        return None
    for pattern in _IN_LINK:
        if match := pattern.search(link[0]):
            return match[1], match[2]
    return None


def _typed(text: str) -> tuple[str, str] | None:
    match = _TYPED.fullmatch("".join(map(digit, text))) if len(text) <= 60 else None
    if match is None or "." not in match[0]:
        return None
    return (match[1], match[2]) if match[1] else (match[3], match[4])


def _title(value: Mapping[str, Value]) -> str:
    return value["name"] or value["address"] or f"{value['latitude']:f}, {value['longitude']:f}"
