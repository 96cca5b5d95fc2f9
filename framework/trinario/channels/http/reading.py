"""Tolerant reading of webhook JSON: whatever shape comes in, a value of the type asked for comes out."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

from trinario.channels.http import wire

UNDATED = datetime.fromtimestamp(0, UTC)
"""The moment of a message that carries none; no real one is that old."""

KEY_LENGTH = 255
"""Longer external ids are replaced by their fingerprint, so that every database can index them."""

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_MILLISECONDS_FROM = 100_000_000_000
_LATEST = 4_102_444_800  # the year 2100, in seconds


def text(source: Mapping[str, Any], key: str) -> str:
    """Text under `key`; a whole number is written out, anything else is "" (ids come as both)."""
    value = source.get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def object_in(raw: bytes) -> dict[str, Any] | None:
    """The object that a body holds; None for anything else."""
    try:
        value = wire.loads(raw)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def mapping(source: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The object under `key`, else an empty one."""
    value = source.get(key)
    return value if isinstance(value, dict) else {}


def items(source: Mapping[str, Any], key: str) -> list[Any]:
    """The array under `key`, else an empty one."""
    value = source.get(key)
    return value if isinstance(value, list) else []


def mappings(source: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of the array under `key`; what is no object is passed over."""
    return [value for value in items(source, key) if isinstance(value, dict)]


def moment(value: Any) -> datetime | None:
    """A time stamp in seconds or milliseconds (below 10^11 it is seconds), number or digits; None if it is none."""
    if isinstance(value, str):
        if not value.isascii() or not value.isdigit() or len(value) > 15:
            return None
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < _LATEST * 1000:
        return None
    seconds = value if value < _MILLISECONDS_FROM else value / 1000
    return datetime.fromtimestamp(seconds, UTC) if seconds < _LATEST else None


def whole(value: Any) -> int:
    """A whole number, also one written as text; 0 for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def error_code(error: Mapping[str, Any]) -> int:
    """The `code` of an error; -1 if it has none, since 0 is one of theirs (a dead token)."""
    code = error.get("code")
    return whole(code) if code not in (None, "") and str(code).isdecimal() else -1


def fingerprint(value: Any) -> str:
    """A short name for a piece of JSON that has none of its own; a retried copy has the same."""
    return fingerprint_of(wire.dumps(value))


def fingerprint_of(raw: bytes) -> str:
    """The same for bytes as they came."""
    return "hash:" + hashlib.blake2b(raw, digest_size=16).hexdigest()


def external_id(*parts: str) -> str:
    """Parts joined to one id that an index can hold."""
    joined = ":".join(parts)
    return joined if len(joined) <= KEY_LENGTH else fingerprint(joined)


def readable(value: Any) -> Any:
    """The same value with NUL and lone surrogates replaced in every text, since no database takes them."""
    if isinstance(value, str):
        return _UNREADABLE.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return type(value)(readable(item) for item in value)
    if isinstance(value, dict):
        return {_UNREADABLE.sub("\ufffd", key): readable(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: readable(getattr(value, field.name)) for field in fields(value)})
    return value
