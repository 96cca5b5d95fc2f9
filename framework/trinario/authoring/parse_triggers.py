"""Triggers and endings: from what the author wrote to the values of the model."""

from collections.abc import Mapping
from typing import Any

from trinario.authoring.parse_arrivals import TITLED, WORDED, arrival_keys, mode_of, words_of
from trinario.authoring.reader import Deed, Record
from trinario.expressions import Condition
from trinario.model.duration import Duration
from trinario.model.flow import ExitWhen, Once, Trigger


def trigger(deed: Deed) -> Trigger:
    """One trigger of a flow."""
    kind, record, line = deed.verb.name, deed.record, deed.node.place.line
    if record is None:
        return Trigger(kind, line=line)
    match = record.get("match")
    return Trigger(
        kind=kind,
        value=_value(kind, deed.value),
        words=words_of(kind, deed.value),
        mode=match if isinstance(match, str) else record.get("when") or mode_of(kind),
        match=match if isinstance(match, Condition) else None,
        channels=frozenset(record.get("channels") or ()),
        priority=record.get("priority"),
        if_busy=record.get("if_busy"),
        line=line,
        **entry_keys(record),
        **_of_time(kind, deed.value, record),
        **arrival_keys(kind, record),
    )


def _value(kind: str, value: Any) -> str:
    """The main value as it stands."""
    if isinstance(value, Condition):
        return value.source
    if isinstance(value, Duration):
        return str(value)
    if kind in TITLED and isinstance(value, Mapping):
        return str(next(iter(value.values())))
    return value if isinstance(value, str) and kind != "keyword" and kind not in WORDED else ""


def entry_keys(record: Record) -> dict[str, Any]:
    """The keys that all triggers have: segment, hours, delay, once."""
    once = record.get("once")
    segment = record.get("segment") if record.keys[0].name != "segment" else None
    return {
        "segment": segment if isinstance(segment, Condition) else None,
        "hours": record.get("hours"),
        "delay": record.get("delay") or None,
        "once": Once(once.get("per") or "contact", once.get("every")) if isinstance(once, Record) else None,
    }


def _of_time(kind: str, value: Any, record: Record) -> dict[str, Any]:
    """The keys of triggers that no message of hers is."""
    watched = value if kind in ("date", "segment") and isinstance(value, Condition) else None
    zone = (record.get("zone") or "contact") if record.has("zone") else ""
    return {
        "watched": watched,
        "offsets": _offsets(record) if kind == "date" else (),
        "at": record.get("at"),
        "recurring": bool(record.get("recurring")),
        "span": value if kind == "inactivity" and isinstance(value, Duration) else None,
        "zone": zone,
        "late": record.get("late"),
        "flow": record.get("flow") or "",
        "step": record.get("step") or "",
    }


def _offsets(record: Record) -> tuple[Duration, ...]:
    """The moments around it, the earliest first; itself where none is named."""
    back = [-span for span in record.get("before") or ()]
    found = dict.fromkeys((*back, *(record.get("after") or ())))
    return tuple(sorted(found, key=lambda span: span.elapsed)) or (Duration(),)


def ending(deed: Deed) -> ExitWhen:
    """One line of `exit_when`."""
    match = deed.record.get("match") if deed.record else None
    if deed.verb.name == "when":
        return ExitWhen("when", match=deed.value)
    return ExitWhen(deed.verb.name, deed.value, match)
