"""What fields, answers and vars may hold, and how it survives JSON."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

Value = Any
"""None, bool, Decimal, str, date, time, datetime (aware), timedelta, a list of values, or a mapping of text to value."""

Values = Mapping[str, Value]


def legible(text: str) -> str:
    """The text with NUL and lone surrogates replaced: no database takes them."""
    return _ILLEGIBLE.sub("\N{REPLACEMENT CHARACTER}", text)


_ILLEGIBLE = re.compile("[\0\ud800-\udfff]")


def pack(value: Value) -> Any:
    """A value as JSON can carry it. Whole numbers become integers, short decimals floats, the rest is tagged."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else legible(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return _pack_number(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        packed = {legible(str(key)): pack(item) for key, item in value.items()}
        return {"$m": packed} if any(key.startswith("$") for key in packed) else packed
    if isinstance(value, list | tuple | set | frozenset):
        return [pack(item) for item in value]
    return _pack_moment(value)


def unpack(data: Any) -> Value:
    """The value that `pack` was given; every number comes back as a Decimal."""
    if data is None or isinstance(data, bool | str):
        return data
    if isinstance(data, int):
        return Decimal(data)
    if isinstance(data, float):
        return Decimal(repr(data))
    if isinstance(data, list):
        return [unpack(item) for item in data]
    if len(data) == 1:
        tag, inner = next(iter(data.items()))
        if tag in _UNPACK:
            return _UNPACK[tag](inner)
    return {key: unpack(item) for key, item in data.items()}


def plain(value: Value) -> Any:
    """A value as people outside read it in JSON: numbers as numbers, moments as ISO 8601 text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.is_finite() else float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, timedelta):
        return _iso(value)
    return value.isoformat() if isinstance(value, date | time) else value


def _iso(span: timedelta) -> str:
    """A span as ISO 8601 has it, in hours and below: `PT1H30M`."""
    minutes, seconds = divmod(abs(span) // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if count)
    return ("-" if span < timedelta() else "") + "PT" + (parts or "0S")


def _pack_number(value: Decimal) -> Any:
    if not value.is_finite():
        return {"$n": str(value)}
    if value.adjusted() < 15 and value == value.to_integral_value():
        return int(value)
    short = float(value)
    return short if value.adjusted() < 15 and Decimal(repr(short)) == value else {"$n": str(value)}


def _pack_moment(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"$t": value.isoformat()}
    if isinstance(value, date):
        return {"$d": value.isoformat()}
    if isinstance(value, time):
        return {"$h": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$s": value.total_seconds()}
    raise TypeError(f"{type(value).__name__} is no value a session can keep")


_UNPACK: dict[str, Callable[[Any], Value]] = {
    "$n": Decimal,
    "$t": datetime.fromisoformat,
    "$d": date.fromisoformat,
    "$h": time.fromisoformat,
    "$s": lambda inner: timedelta(seconds=inner),
    "$m": lambda inner: {key: unpack(item) for key, item in inner.items()},
}
