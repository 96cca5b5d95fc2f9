"""Steps that ask for permission, and those whose deed lies beyond the conversation."""

from collections.abc import Callable
from typing import Any

from trinario.authoring.notes import Notes
from trinario.authoring.parse_messages import message
from trinario.authoring.reader import Record
from trinario.model.flow import Emit, Enroll, Message, Notify, OptIn, OptOut, Step, Ticket, Unenroll

Common = dict[str, Any]


def _opt_in(common: Common, value: str, record: Record, notes: Notes) -> Step | None:
    wording, confirm = _message(record, "wording", notes), _message(record, "confirm_wording", notes)
    if confirm is not None and not record.get("double"):
        notes.fault("T015", record.nodes["confirm_wording"], "the second question is asked with `double: true` only",
                    "write double: true beside it")  # fmt: skip
    if record.has("on_timeout") and not record.has("timeout"):
        notes.fault("T014", record.nodes["on_timeout"], "`on_timeout` needs a `timeout`", "write timeout: 1d")
    if wording is None:
        return None
    return OptIn(
        **common, purpose=value, messages=(wording,), type="yes_no", double=record.get("double"), confirm=confirm,
        channels=record.get("channels") or (), timeout=record.get("timeout"),
        holds=record.get("holds"),
    )  # fmt: skip


def _message(record: Record, name: str, notes: Notes) -> Message | None:
    given = record.get(name)
    return message(given, notes) if given is not None else None


def _opt_out(common: Common, value: str, record: Record, notes: Notes) -> Step:
    return OptOut(**common, purpose=value, channels=record.get("channels") or ())


def _enroll(common: Common, value: str, record: Record, notes: Notes) -> Step:
    return Enroll(**common, sequence=value)


def _unenroll(common: Common, value: str, record: Record, notes: Notes) -> Step:
    return Unenroll(**common, sequence=value)


def _notify(common: Common, value: tuple[str, ...], record: Record, notes: Notes) -> Step | None:
    text = record.get("text")
    return Notify(**common, to=value, note=text) if text is not None else None


def _emit(common: Common, value: str, record: Record, notes: Notes) -> Step:
    return Emit(**common, event=value, data=record.get("data") or {})


def _ticket(common: Common, value: str, record: Record, notes: Notes) -> Step:
    return Ticket(**common, draw=value, save=record.get("save"))


MAKERS: dict[str, Callable[[Common, Any, Record, Notes], Step | None]] = {
    "opt_in": _opt_in,
    "opt_out": _opt_out,
    "enroll": _enroll,
    "unenroll": _unenroll,
    "notify": _notify,
    "emit": _emit,
    "ticket": _ticket,
}
