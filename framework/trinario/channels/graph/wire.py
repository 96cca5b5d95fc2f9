"""JSON bytes: orjson where it exists, the standard library where it does not or where orjson gives up."""

import json
from typing import Any

try:
    import orjson
except ImportError:  # other interpreters than CPython
    orjson = None  # type: ignore[assignment]


def loads(raw: bytes) -> Any:
    """The value that `raw` holds; lone surrogates are let through. Raises ValueError for what is no JSON."""
    if orjson is not None:
        try:
            return orjson.loads(raw)
        except ValueError:
            pass
    try:
        return json.loads(raw, parse_constant=_no_number, parse_float=_finite)
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


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number beyond measure")
    return number
