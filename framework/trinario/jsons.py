"""JSON: orjson where it exists, the standard library where it does not or where orjson gives up."""

import json
from typing import Any

try:
    import orjson
except ImportError:  # a platform without wheels
    orjson = None  # type: ignore[assignment]


def loads(data: bytes | str) -> Any:
    """The value of a JSON text. Raises ValueError."""
    if orjson is None:
        return json.loads(data)
    try:
        return orjson.loads(data)
    except ValueError:
        return json.loads(data)


def dumps(value: Any) -> str:
    """Compact JSON; frozen dataclasses and datetimes are not taken. Lone surrogates and big integers are."""
    return dump_bytes(value).decode("ascii" if orjson is None else "utf-8")


def dump_bytes(value: Any) -> bytes:
    """As `dumps`, as bytes."""
    if orjson is not None:
        try:
            return orjson.dumps(value, option=_FLAGS)
        except TypeError:
            pass
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()


_FLAGS = 0 if orjson is None else orjson.OPT_NON_STR_KEYS
