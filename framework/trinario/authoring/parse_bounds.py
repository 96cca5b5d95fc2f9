"""`min`, `max` and `pattern` of a question: read as its type has them, and held against each other."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from trinario.authoring.near import listed
from trinario.authoring.nodes import Scalar
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.authoring.scalars import READERS
from trinario.authoring.spec.answers import ANSWERS
from trinario.authoring.unreadable import Unreadable
from trinario.expressions import Phrase

_READ_AS = {"date": "date", "time": "time", "datetime": "date_or_datetime", "duration": "duration"}
_STEPS = (0, 10)
"""Between these lies a rating: what every channel can show as things to tap."""


def bounds(kind: str, record: Record, notes: Notes) -> tuple[Any, Any]:
    """`min` and `max` as values of the answer's type, or as phrases; None where there is none or an issue."""
    known = ANSWERS[kind].keys if kind in ANSWERS else frozenset()
    for name in ("min", "max", "pattern"):
        if record.has(name) and name not in known:
            able = [f"{other.name}" for other in ANSWERS.values() if name in other.keys]
            notes.fault("T015", record.nodes[name], f"`{name}` does not go with the type {kind}",
                        f"it goes with {listed(able)}")  # fmt: skip
    least, most = (_bound(kind, name, record, notes) if name in known else None for name in ("min", "max"))
    if kind == "rating":
        _check_scale(least, most, record, notes)
    if _crossed(least, most):
        shown = (record.nodes[name].text for name in ("min", "max") if isinstance(record.nodes[name], Scalar))  # type: ignore[union-attr]
        notes.fault(
            "T015", record.nodes["min"], "no answer is at least {} and at most {}".format(*shown), "swap the two"
        )
    return least, most


def _bound(kind: str, name: str, record: Record, notes: Notes) -> Any:
    given = record.get(name)
    node = record.nodes.get(name)
    if given is None or not isinstance(node, Scalar):
        return None
    if isinstance(given, Phrase):
        return _live(kind, name, given, node, notes)
    try:
        value = READERS[_READ_AS.get(kind, "number")](node.text)
    except Unreadable as fault:
        hint = f'write {name}: "{{{{ {node.text} }}}}"' if node.text in ("today", "now") else fault.hint
        notes.fault(fault.code, node, fault.message, hint)
        return None
    return value.elapsed if kind == "duration" else value


def _live(kind: str, name: str, given: Phrase, node: Scalar, notes: Notes) -> Phrase | None:
    if kind != "rating":
        return given
    notes.fault("T021", node, f"the {name} of a rating is shown, so it cannot be worked out", f"write {name}: 5")
    return None


def _check_scale(least: Any, most: Any, record: Record, notes: Notes) -> None:
    low, high = _STEPS
    for name, value in (("min", least), ("max", most)):
        if isinstance(value, Decimal) and (value != value.to_integral_value() or not low <= value <= high):
            notes.fault("T021", record.nodes[name], f"a rating goes from {low} to {high} at most, in whole steps",
                        f"write {name}: {1 if name == 'min' else 5}")  # fmt: skip
            return
    if (Decimal(1) if least is None else least) >= (Decimal(5) if most is None else most) and not _crossed(least, most):
        node = record.nodes["min"] if record.has("min") else record.nodes["max"]
        notes.fault("T021", node, "a rating has at least two steps", "write min: 1, max: 5")


def _crossed(least: Any, most: Any) -> bool:
    if least is None or most is None or isinstance(least, Phrase) or isinstance(most, Phrase):
        return False
    if isinstance(least, date) and isinstance(most, date):
        return _moment(least) > _moment(most)
    return bool(least > most)


def _moment(value: date) -> datetime:
    """Of two bounds that are compared while nobody's zone is known."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None) - (value.utcoffset() or timedelta())
    return datetime.combine(value, time())
