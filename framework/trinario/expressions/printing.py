"""How a value looks in a text: decimals without noise, nothing for an empty value, lists with commas."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from jinja2.runtime import Undefined

from trinario.errors import EvaluationError
from trinario.expressions.limits import DIGITS, OUTPUT_CHARACTERS, PRINT_DEPTH

_T = TypeVar("_T")


def text_of(value: object, depth: int = 0) -> str:
    """What is printed for `value`. Text stays as it is, to the last character.

    Empty is nothing, true and false are words, `0.30` is `0.3` and `5E+3` is `5000`, dates are ISO 8601
    (`2026-03-29`, `2026-03-29 09:00`, `09:00`), a list is joined by `, `, a mapping is `key: value, ...`.
    """
    if isinstance(value, str):
        return str.__str__(value)
    if value is None:
        return ""
    if isinstance(value, Undefined):
        raise EvaluationError(missing_reason(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, date | time | timedelta):
        return _moment(value)
    return _several(value, depth)


def missing_reason(value: Undefined) -> str:
    return value._undefined_message  # noqa: SLF001 - Jinja gives the reason nowhere else


def _number(value: int | float | Decimal) -> str:
    if isinstance(value, int):
        if abs(value) >= 10**DIGITS:
            raise EvaluationError(f"a number of more than {DIGITS} digits")
        return int.__repr__(value)
    exact = Decimal(float.__repr__(value)) if isinstance(value, float) else value
    if exact.is_zero():
        return "0"
    if not exact.is_finite() or not -4 * DIGITS < exact.adjusted() < DIGITS:
        raise EvaluationError("a number too large, or no number at all")
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return _elapsed(value)
    if isinstance(value, time):
        return time.strftime(value, "%H:%M")
    if isinstance(value, datetime):
        return datetime.isoformat(value, sep=" ", timespec="minutes")[:16]
    return date.isoformat(value)


def _elapsed(value: timedelta) -> str:
    """`1d2h`, `45m`, `0s`: as an author writes a duration."""
    seconds = abs(value) // timedelta(seconds=1)
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return ("-" if value < timedelta() else "") + ("".join(parts) or "0s")


def _several(value: object, depth: int) -> str:
    if depth >= PRINT_DEPTH:
        raise EvaluationError("lists within lists, too deep to print")
    if isinstance(value, Mapping):
        pieces = [f"{text_of(key, depth + 1)}: {text_of(item, depth + 1)}" for key, item in _bounded(value.items())]
    elif isinstance(value, list | tuple):
        pieces = [text_of(item, depth + 1) for item in _bounded(value)]
    elif isinstance(value, set | frozenset):
        pieces = sorted(text_of(item, depth + 1) for item in _bounded(value))
    else:
        raise EvaluationError(f"{describe(value)} cannot be printed")
    return ", ".join(pieces)


def _bounded(items: Collection[_T]) -> Collection[_T]:
    if len(items) * 2 > OUTPUT_CHARACTERS:
        raise EvaluationError(f"a list of {len(items):,} items is too long to print")
    return items


def describe(value: object) -> str:
    """A word for the kind of `value`, for reasons: "a text", "an empty value"."""
    if value is None:
        return "an empty value"
    for kinds, word in _WORDS:
        if isinstance(value, kinds):
            return word
    return "a thing of another kind"


_WORDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((str,), "a text"),
    ((bool,), "true or false"),
    ((int, float, Decimal), "a number"),
    ((list, tuple, set, frozenset), "a list"),
    ((Mapping,), "a group of values"),
    ((datetime,), "a date with time"),
    ((date,), "a date"),
    ((time,), "a time"),
    ((timedelta,), "a span of time"),
)
