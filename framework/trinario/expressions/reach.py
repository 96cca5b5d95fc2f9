"""What an author can reach with `.name`, `[key]` and `.method()`: an allow-list, never Python's own attributes."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2.runtime import LoopContext

ABSENT: Any = object()
"""The answer when nothing is reached."""

_ATTRIBUTES: tuple[tuple[type, frozenset[str]], ...] = (
    (datetime, frozenset({"year", "month", "day", "hour", "minute", "second"})),
    (date, frozenset({"year", "month", "day"})),
    (time, frozenset({"hour", "minute", "second"})),
    (timedelta, frozenset({"days", "seconds"})),
    (LoopContext, frozenset({"index", "index0", "first", "last", "length", "revindex"})),
)

METHODS: dict[str, tuple[type | tuple[type, ...], Callable[..., object]]] = {
    "strip": (str, str.strip),
    "startswith": (str, str.startswith),
    "endswith": (str, str.endswith),
    "split": (str, lambda text, separator=None: str.split(text, separator)),
    "isdigit": (str, str.isdigit),
    "get": (Mapping, lambda mapping, key, default=None: mapping.get(key, default)),
    "keys": (Mapping, lambda mapping: list(mapping.keys())),
    "values": (Mapping, lambda mapping: list(mapping.values())),
    "items": (Mapping, lambda mapping: [list(pair) for pair in mapping.items()]),
    "count": ((str, list, tuple), lambda whole, part: whole.count(part)),
    "isoformat": ((date, time), lambda moment: moment.isoformat()),
    "isoweekday": (date, lambda day: day.isoweekday()),
    "date": (datetime, lambda moment: moment.date()),
    "time": (datetime, lambda moment: moment.time()),
    # these are filters too; authors who know Python write them as methods
    "upper": (str, str.upper),
    "lower": (str, str.lower),
    "title": (str, str.title),
    "capitalize": (str, str.capitalize),
}
"""Method name -> the kinds of value that have it, and what it does."""


def attribute(value: object, name: str) -> Any:
    """`value.name`: a key of a mapping, a public field of a dataclass, a part of a date; else ABSENT."""
    if isinstance(value, Mapping):
        return value.get(name, ABSENT)
    for kind, names in _ATTRIBUTES:
        if isinstance(value, kind):
            return getattr(value, name) if name in names else ABSENT
    return getattr(value, name) if name in _fields(type(value)) else ABSENT  # type: ignore[arg-type]


def item(value: object, key: object) -> Any:
    """`value[key]`: a key of a mapping or field of a dataclass, or a position in a list or text; else ABSENT."""
    if isinstance(key, str):
        return attribute(value, key)
    if isinstance(value, Mapping):
        return value.get(key, ABSENT)
    if isinstance(key, Decimal) and key == key.to_integral_value():
        key = int(key) if key.adjusted() < 10 else key
    if isinstance(value, list | tuple | str) and isinstance(key, int):
        return value[key] if -len(value) <= key < len(value) else ABSENT
    return ABSENT


@lru_cache(maxsize=256)
def _fields(kind: type) -> frozenset[str]:
    if not dataclasses.is_dataclass(kind):
        return frozenset()
    return frozenset(field.name for field in dataclasses.fields(kind) if not field.name.startswith("_"))
