"""Declared values (variables, inputs, fields): their types, and defaults that are of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.authoring.value_types import declared
from trinario.engine.values import fitting, kept
from trinario.errors import EvaluationError
from trinario.model.flow import InputSpec
from trinario.model.value import Value

_WORDED = frozenset({"text", "name", "email", "phone", "url", "address"})
_LIKE = {
    "date": "2026-12-31", "time": '"15:30"', "datetime": '"2026-12-31T15:30+01:00", with its offset', "duration": "2h",
    "number": "3", "money": "19.90", "rating": "4", "nps": "9", "yes_no": "true", "list": "[a, b]",
    "multi_choice": "[a, b]", "mapping": "{name: Ana}",
}  # fmt: skip


def variable(value: Any) -> InputSpec:
    """A declared value: by its type and default, or by the first value alone. A default of another kind is left out."""
    if not isinstance(value, Record):
        value = list(value) if isinstance(value, tuple) else value
        return InputSpec(type_of(value), value)
    kind = value.get("type")
    try:
        default = _default(kind, value.get("default"))
    except EvaluationError:
        default = None
    return InputSpec(kind, default, value.get("personal"), value.get("merge") or "newest", bool(value.get("index")))


def check_defaults(values: Mapping[str, Any] | None, notes: Notes) -> None:
    """T122 for every default that is not of the type declared beside it."""
    for record in (values or {}).values():
        if not isinstance(record, Record) or record.get("default") is None or "type" not in record.values:
            continue
        kind = record.get("type")
        try:
            _default(kind, record.get("default"))
        except EvaluationError:
            like = f"write it like {_LIKE[kind]}" if kind in _LIKE else "leave the default out"
            message = f"a default of the type {kind} has to be {declared(kind).shown}"
            notes.fault("T122", record.nodes["default"], message, like)


def type_of(value: Any) -> str:
    """The type that a first value gives a variable."""
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "yes_no"), (Decimal, "number"), (str, "text"), (list, "list"), (dict, "mapping"),
    )  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), "any")


def _default(kind: str, value: Any) -> Value:
    """The default as a value of its type; a number stays the text that it was written as where words are declared."""
    value = str(value) if kind in _WORDED and isinstance(value, Decimal) else value
    return fitting(kept(value), kind, "default")
