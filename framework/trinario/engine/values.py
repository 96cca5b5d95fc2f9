"""Values as sessions keep them: what a step made or an event brought, in the few types that survive JSON."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from trinario.errors import EvaluationError
from trinario.expressions.printing import describe
from trinario.model.duration import parse_duration
from trinario.model.value import Value, Values, legible

_DEPTH = 16
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


def kept(value: object, depth: int = 0) -> Value:
    """`value` as it will be after JSON and back: decimal numbers without noise, lists, mappings of text.

    Raises EvaluationError for what no session can keep.
    """
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else legible(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, date | time | timedelta):
        return value
    if depth >= _DEPTH:
        raise EvaluationError("lists within lists, too deep to keep")
    if isinstance(value, Mapping):
        return {legible(str(key)): kept(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [kept(item, depth + 1) for item in value]
    if isinstance(value, set | frozenset):
        return [kept(item, depth + 1) for item in sorted(value, key=str)]
    raise EvaluationError(f"a value of the kind {type(value).__name__} cannot be kept")


def kept_all(values: Values) -> Values:
    """Values from outside by name, as a session keeps them; what cannot be kept is kept as text."""
    found: dict[str, Value] = {}
    for name, value in values.items():
        try:
            found[name] = kept(value)
        except EvaluationError:
            found[name] = str(value)
    return found


def _number(value: int | float | Decimal) -> Decimal:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise EvaluationError("this is no number")
    if number == number.to_integral_value() and number.adjusted() < 40:
        return Decimal(int(number))
    text = format(number, "f") if -40 < number.adjusted() < 40 else str(number)
    return Decimal(text.rstrip("0")) if "." in text and "E" not in text else number


def typed(value: Value, kind: str, name: str) -> Value:
    """`value` as the declared type `kind` of `name` takes it; empty stays empty.

    Raises EvaluationError when it is of another kind and cannot be read as this one.
    """
    if value is None:
        return None
    reader = _READERS.get(kind)
    try:
        return reader(value) if reader else value
    except (ValueError, InvalidOperation, TypeError, AttributeError):
        raise EvaluationError(f"{name} takes a {kind}, and {describe(value)} was given") from None


def fitting(value: Value, kind: str, name: str) -> Value:
    """As `typed`, and certain to be of the type: texts are texts, lists are lists, files and people are groups.

    Raises EvaluationError.
    """
    found = typed(value, kind, name)
    if found is not None and not isinstance(found, _KEPT_AS.get(kind, object)):
        raise EvaluationError(f"{name} takes a {kind}, and {describe(value)} was given")
    return found


_KEPT_AS: dict[str, type] = {
    **dict.fromkeys(("text", "name", "email", "phone", "url", "address"), str),
    **dict.fromkeys(("list", "multi_choice"), list),
    **dict.fromkeys(("mapping", "image", "video", "audio", "document", "media", "location", "contact", "order", "form"), Mapping),
}  # fmt: skip


def _to_number(value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, str | Decimal):
        raise ValueError
    return _number(Decimal(value.strip())) if isinstance(value, str) else value


def _to_text(value: Value) -> Value:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date | time) else value


def _to_bool(value: Value) -> Value:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError
    return word in _TRUE


def _to_date(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str) and len(value) > len("2026-12-31"):
        return datetime.fromisoformat(value).date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def _to_datetime(value: Value) -> Value:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _to_time(value: Value) -> Value:
    return value if isinstance(value, time) else time.fromisoformat(value)


def _to_duration(value: Value) -> Value:
    return value if isinstance(value, timedelta) else parse_duration(value).elapsed


_READERS = {
    "number": _to_number, "money": _to_number, "rating": _to_number, "nps": _to_number, "address": _to_text, "duration": _to_duration, "text": _to_text, "bool": _to_bool, "yes_no": _to_bool, "date": _to_date,
    "datetime": _to_datetime, "time": _to_time,
}  # fmt: skip
