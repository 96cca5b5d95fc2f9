"""Triggers and endings: from what the author wrote to the values of the model."""

from trinario.authoring.parse_ask import by_locale
from trinario.authoring.reader import Deed
from trinario.expressions import Condition
from trinario.model.flow import ExitWhen, Trigger


def trigger(deed: Deed) -> Trigger:
    """One trigger of a flow."""
    kind, record, line = deed.verb.name, deed.record, deed.node.place.line
    if record is None:
        return Trigger(kind, line=line)
    match = record.get("match")
    return Trigger(
        kind=kind,
        value=deed.value if isinstance(deed.value, str) and kind != "keyword" else "",
        words=by_locale(deed.value) if kind == "keyword" else {},
        mode=match if isinstance(match, str) else "first_word",
        match=match if isinstance(match, Condition) else None,
        channels=frozenset(record.get("channels") or ()),
        priority=record.get("priority"),
        if_busy=record.get("if_busy"),
        line=line,
    )


def ending(deed: Deed) -> ExitWhen:
    """One line of `exit_when`."""
    match = deed.record.get("match") if deed.record else None
    if deed.verb.name == "when":
        return ExitWhen("when", match=deed.value)
    return ExitWhen(deed.verb.name, deed.value, match)
