"""From an inbox row to what it means: an event for the engine, or a message or echo as it was heard."""

from typing import Any

from trinario import jsons
from trinario.jobs.happenings import HAPPENINGS, happening_of
from trinario.model.event import (
    CallReturned,
    Event,
    EventArrived,
    FateKnown,
    FlowWanted,
    MessageHeard,
    OwnerReturned,
    Unsaid,
)
from trinario.model.heard import Heard
from trinario.model.value import unpack
from trinario.model.wire import heard_from_json
from trinario.ports import InboxEntry


def origin_of(entry: InboxEntry) -> str:
    """What the keys of a turn derive from: the row's id."""
    return f"i{entry.id}"


def heard_of(entry: InboxEntry) -> Heard:
    """The message that a row of kind `heard` holds."""
    return heard_from_json(jsons.loads(entry.body))


def event_of(entry: InboxEntry, new: bool = False, heard: Heard | None = None) -> Event:
    """The event that a row means. Raises ValueError for a kind that this version does not know."""
    origin, at = origin_of(entry), entry.received_at
    if entry.kind == "heard":
        return MessageHeard(origin, at, heard or heard_of(entry), new)
    data: dict[str, Any] = jsons.loads(entry.body)
    match entry.kind:
        case "event":
            return EventArrived(origin, at, data["name"], unpack(data["data"]), data.get("hops", 0))
        case "fate":
            return FateKnown(origin, at, data["session"], data["key"], data["outcome"], data["reason"])
        case "called":
            answer, headers = unpack(data["data"]), data["headers"]
            return CallReturned(origin, at, data["session"], data["key"], data["outcome"], data["status"], answer, headers,
                                data["reason"])  # fmt: skip
        case "unsaid":
            return Unsaid(origin, at, data["session"], data["reason"])
        case "owner":
            return OwnerReturned(origin, at)
        case "flow":
            return FlowWanted(origin, at, data["flow"], unpack(data["inputs"]))
        case "campaign":
            told = {"campaign": data["campaign"], "variant": data["variant"]}
            return FlowWanted(origin, at, data["flow"], {}, data["slot"], told, data["if_busy"])
        case kind if kind in HAPPENINGS:
            return happening_of(kind, origin, at, data)
        case kind:
            raise ValueError(f"inbox row {entry.id} is of kind {kind!r}, which this version does not know")
