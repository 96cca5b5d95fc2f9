"""JSON bytes: orjson where it exists, the standard library where it does not or where orjson gives up."""

import json
from typing import Any

try:
    import orjson
except ImportError:  # other interpreters than CPython
    orjson = None  # type: ignore[assignment]


LONGEST_NUMBER = 300
"""Digits beyond which a whole number is none."""


def loads(raw: bytes) -> Any:
    """The value that `raw` holds; lone surrogates that are escaped are let through, bytes that are no UTF-8 are replaced,
    numbers beyond measure are None: one damaged text costs nothing else. Raises ValueError for what is no JSON.
    """
    return read(raw)[0]


def read(raw: bytes) -> tuple[Any, bool]:
    """The same, and whether a text in it may hold a lone surrogate (orjson takes none, so most cannot)."""
    if orjson is not None:
        try:
            return orjson.loads(raw), False
        except ValueError:
            pass
    try:
        words = raw.decode("utf-8", "replace")
        return json.loads(words, parse_constant=_no_number, parse_float=_finite, parse_int=_whole), True
    except RecursionError as fault:
        raise ValueError("JSON nested too deep") from fault


def dumps(value: Any) -> bytes:
    """Compact JSON; text that UTF-8 cannot carry is escaped."""
    if orjson is not None:
        try:
            return orjson.dumps(value)
        except TypeError:
            pass
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _finite(text: str) -> float | None:
    number = float(text)
    return None if number in (float("inf"), float("-inf")) else number


def _whole(text: str) -> int | None:
    return int(text) if len(text) <= LONGEST_NUMBER else None
