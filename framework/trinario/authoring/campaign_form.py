"""What a campaign or a sequence has to say by itself: one thing for everybody, a time that is one, steps in their order."""

from collections.abc import Iterator, Mapping
from typing import Any

from trinario.authoring.near import listed
from trinario.authoring.nodes import Mapping as MappingNode
from trinario.authoring.nodes import Node
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.campaign.as_flow import sequence_step
from trinario.model.campaign import HOLDOUT

_CLOCKS = ("at", "cron", "event")


def check_campaign(record: Record, notes: Notes) -> None:
    """T014, T015 and T021 of a campaign."""
    _check_said("a campaign", record, "variants", notes)
    _check_schedule(record.get("schedule"), notes)
    _check_bounds("this campaign", record, list(_saying(record, "variants")), notes)


def check_sequence(record: Record, notes: Notes) -> None:
    """T014, T015, T017 and T021 of a sequence, T171 and T172 for the order of its steps."""
    steps: Mapping[str, Record] = record.get("steps") or {}
    for name, step in steps.items():
        _check_said(f'step "{name}"', step, "split", notes)
        if step.has("delivery") and "send" not in _saying(step, "split"):
            _delivery_of_nothing(step, notes)
        for side in step.get("split") or {}:
            if sequence_step(name, side) in steps and side != HOLDOUT:
                notes.fault("T017", step.nodes["split"], f'variant "{side}" of step "{name}" is called like step '
                            f'"{sequence_step(name, side)}" in translations', "give one of them another name")  # fmt: skip
    _check_bounds("this sequence", record, [how for one in steps.values() for how in _saying(one, "split")], notes)
    _check_order(steps, notes)


def _saying(record: Record, sides: str) -> Iterator[str]:
    """`send` and `flow`, as often as it says something by them."""
    given = [record, *(side for side in (record.get(sides) or {}).values() if isinstance(side, Record))]
    yield from (how for one in given for how in ("send", "flow") if one.has(how))


# ---- what is said


def _check_said(what: str, record: Record, sides: str, notes: Notes) -> None:
    """Everybody who is not held out gets one thing, and only one."""
    _check_one(what, record, notes)
    given: Mapping[str, Any] | None = record.get(sides)
    node = record.nodes.get(sides)
    if given is not None and isinstance(node, MappingNode):
        _check_sides(given, node, sides, notes)
    silent = [name for name, side in (given or {}).items() if name != HOLDOUT and not _speaks(side)]
    if record.has("send") or record.has("flow") or not record.whole:
        return
    if node is None:
        mend = "write send: <a message>, or flow: <its name>"
        notes.fault("T014", record.node, f"{what} needs `send` or `flow`", mend)
    elif silent and given:
        notes.fault("T014", node, f"nobody says what {listed(silent)} {'gets' if len(silent) == 1 else 'get'}",
                    f"write `send` beside `{sides}`, or {silent[0]}: {{weight: 50, send: ...}}")  # fmt: skip


def _check_one(what: str, record: Record, notes: Notes) -> None:
    if record.has("send") and record.has("flow"):
        notes.fault("T015", record.nodes["flow"], f"{what} says a message or begins a flow, not both",
                    "leave one of them out; a flow can say the message itself")  # fmt: skip


def _speaks(side: Any) -> bool:
    return isinstance(side, Record) and (side.has("send") or side.has("flow"))


def _check_sides(given: Mapping[str, Any], node: MappingNode, key: str, notes: Notes) -> None:
    if len(given) < len(node.pairs):
        return  # what cannot be read has its issue
    for name, side in given.items():
        if isinstance(side, Record):
            _check_one(f'variant "{name}"', side, notes)
            if name == HOLDOUT:
                notes.fault(
                    "T015", side.node, f"`{HOLDOUT}` gets nothing, so it is a weight alone", f"write {HOLDOUT}: 10"
                )
            if side.has("delivery") and side.has("flow"):
                _delivery_of_nothing(side, notes)
    weights = {name: side.get("weight") if isinstance(side, Record) else side for name, side in given.items()}
    if not any(weight for name, weight in weights.items() if name != HOLDOUT and weight is not None):
        notes.fault("T021", node, "all weights are 0, so nobody would get anything",
                    f"write a weight, like {key}: {{a: 50, b: 50}}")  # fmt: skip
    elif sum(1 for weight in weights.values() if weight) < 2:
        notes.warn("T177", node, "everybody gets the same", "give another one a weight, or hold some out: holdout: 10")


def _delivery_of_nothing(record: Record, notes: Notes) -> None:
    notes.fault("T015", record.nodes["delivery"], "`delivery` is of a message, and here a flow begins",
                "write it in the flow")  # fmt: skip


# ---- when, and how far


def _check_schedule(schedule: Record | None, notes: Notes) -> None:
    if schedule is None:
        return
    found = [name for name in _CLOCKS if schedule.has(name)]
    if not found and schedule.whole:
        notes.fault("T014", schedule.node, "`schedule` does not say when", "write at:, cron: or event:")
    for name in found[1:]:
        notes.fault("T015", schedule.nodes[name], f"`{found[0]}` and `{name}` do not go together",
                    "leave one of them out, or make two campaigns of it")  # fmt: skip
    if schedule.has("match") and not schedule.has("event"):
        notes.fault("T015", schedule.nodes["match"], "`match` goes with `event` only", "write it into `segment`")
    if schedule.has("zone") and schedule.has("event"):
        notes.fault("T015", schedule.nodes["zone"], "an event comes when it comes: it has no `zone`", "leave it out")


def _check_bounds(what: str, record: Record, saying: list[str], notes: Notes) -> None:
    if saying and "send" not in saying:
        for name in ("delivery", "quiet_hours", "cap"):
            if record.has(name):
                notes.fault("T015", record.nodes[name], f"`{name}` is of messages, and {what} only begins flows",
                            "write it in the flow")  # fmt: skip
    elif record.values.get("purpose") in ("service", "transactional"):
        for name in ("quiet_hours", "cap"):
            if record.has(name):
                notes.warn("T160", record.nodes[name], f"`{name}` is about marketing, and {what} is none",
                           "write purpose: marketing, or leave it out")  # fmt: skip
    _check_order_of_channels(record, notes)


def _check_order_of_channels(record: Record, notes: Notes) -> None:
    """An order names no channel that may not be used."""
    how = record.get("delivery")
    allowed = record.get("channels") or ()
    for number, place in enumerate((how.get("order") if how else None) or ()):
        if allowed and place not in allowed:
            node = notes.nodes.get(("delivery", "order", str(number)), record.nodes["delivery"])
            why = "may be any channel" if place in ("current", "preferred") else "is none of `channels`"
            notes.fault("T015", node, f'"{place}" {why}', f"name here {listed(allowed)}, or leave `channels` out")


def _check_order(steps: Mapping[str, Record], notes: Notes) -> None:
    """The days of a sequence do not go back, nor do the times of one day."""
    before, last = "", (-1, -1)
    for name, step in steps.items():
        day, at = step.get("day"), step.get("at")
        if day is None:
            continue
        if day < last[0] or (day == last[0] and at is not None and at < last[1]):
            notes.fault("T171", _time_of(step, at is not None and day == last[0]),
                        f'step "{name}" comes before "{before}", which stands above it',
                        "put the steps in the order in which they come")  # fmt: skip
        elif day == 0 and at is not None:
            notes.warn("T172", step.nodes["at"], f'who is enrolled later on that day does not get "{name}"',
                       "leave `at` out to send it at once, or write day: 1")  # fmt: skip
        before, last = name, (day, at if at is not None else last[1] if day == last[0] else -1)


def _time_of(step: Record, at: bool) -> Node:
    return step.nodes["at"] if at else step.nodes["day"]
