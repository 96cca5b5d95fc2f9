"""Steps: from what the author wrote to the values of the model, with the rules that concern one step alone."""

from collections.abc import Callable
from typing import Any

from trinario.authoring import parse_beyond, parse_outside
from trinario.authoring.notes import Notes
from trinario.authoring.parse_ask import ask
from trinario.authoring.parse_control import foreach, split, wait_for
from trinario.authoring.parse_messages import delivery, messages
from trinario.authoring.parse_public import comment_reply, private_reply, react
from trinario.authoring.reader import Deed, Record
from trinario.expressions import Condition
from trinario.model.flow import (
    Branch,
    BranchCase,
    Call,
    Goal,
    Handoff,
    Send,
    Set,
    Start,
    Step,
    SwitchChannel,
    Tag,
    Untag,
    Wait,
)
from trinario.model.hours import hours_of

Common = dict[str, Any]
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def step(name: str, line: int, deed: Deed, notes: Notes) -> Step | None:
    """One step; None, with an issue, when its parts do not make one."""
    record = deed.record
    if record is None or deed.value is None:
        return None
    common: Common = {
        "name": name,
        "line": line,
        "next": record.get("next"),
        "condition": record.get("if"),
        "counts": record.get("counts"),
        "exits": {key.removeprefix("on_"): to for key, to in record.values.items() if key.startswith("on_") and to},
    }
    made: Step | None = _MAKERS[deed.verb.name](common, deed.value, record, notes)
    return made


def _send(common: Common, value: Any, record: Record, notes: Notes) -> Step:
    said = messages(value, notes)
    reply, how = bool(record.get("reply")), delivery(record.get("delivery"))
    return Send(**common, messages=said, typing=record.get("typing"), reply=reply, delivery=how)


def _branch(common: Common, value: tuple[Record, ...], record: Record, notes: Notes) -> Step | None:
    cases = [case for number, line in enumerate(value) if (case := _case(line, number == len(value) - 1, notes))]
    if record.has("next"):
        hint = "put `next` into the lines of the branch, or `else: <step>` at its end"
        notes.fault("T015", record.nodes["next"], "a branch has no `next` of its own", hint)
    if value and not value[-1].has("else") and len(cases) == len(value):
        notes.fault("T104", value[-1].node, f'branch "{common["name"]}" does not say where everything else goes',
                    "add a last line: - else: <step>, or - else: end")  # fmt: skip
    return Branch(**common, cases=tuple(cases)) if cases else None


def _case(line: Record, last: bool, notes: Notes) -> BranchCase | None:
    if line.has("else"):
        for name in ("if", "next"):
            if line.has(name):
                hint = "write two lines of it" if name == "if" else "`else` names the step itself: else: thanks"
                notes.fault("T015", line.nodes[name], f"`else` and `{name}` do not go together", hint)
        if not last:
            notes.fault("T015", line.nodes["else"], "`else` is not the last line of the branch", "move it to the end")
        return BranchCase(None, line.get("else"), line.get("category"))
    if not line.has("if"):
        if line.whole:
            notes.fault("T014", line.node, "this line of the branch needs `if` or `else`", "write - if: <expression>")
        return None
    condition = line.get("if")
    return BranchCase(condition, line.get("next"), line.get("category")) if isinstance(condition, Condition) else None


def _set(common: Common, value: dict[str, Any], record: Record, notes: Notes) -> Step:
    return Set(**common, values=value)


def _unset(common: Common, value: tuple[str, ...], record: Record, notes: Notes) -> Step:
    return Set(**common, values=dict.fromkeys(value))


def _tag(common: Common, value: tuple[str, ...], record: Record, notes: Notes) -> Step:
    return Tag(**common, names=value)


def _untag(common: Common, value: tuple[str, ...], record: Record, notes: Notes) -> Step:
    return Untag(**common, names=value)


def days_of(days: str | tuple[str, ...] | None) -> frozenset[int]:
    """The days of the week that are named, Monday 0; empty where none are."""
    return frozenset(range(5)) if days == "weekdays" else frozenset(_DAYS.index(day) for day in days or ())


def _wait(common: Common, value: Any, record: Record, notes: Notes) -> Step:
    moment = value if isinstance(value, Record) else None
    duration = None if moment else value
    offset = moment.get("offset") if moment else None
    back = offset is not None and (offset.days < 0 or offset.seconds < 0)
    return Wait(
        **common,
        duration=duration,
        until=moment.get("until") if moment else None,
        offset=-offset if offset is not None and back else offset,
        offset_back=back,
        between=record.get("between"),
        days=days_of(record.get("days")),
        zone=record.get("zone"),
        late=record.get("late"),
    )


def _call(common: Common, value: str, record: Record, notes: Notes) -> Step:
    return Call(**common, flow=value, inputs=record.get("with") or {}, save=record.get("save"))


def _start(common: Common, value: str, record: Record, notes: Notes) -> Step:
    if record.has("next"):
        notes.fault("T015", record.nodes["next"], "a flow that is started does not come back here",
                    "leave `next` out, or write `call` instead of `start`")  # fmt: skip
    return Start(**common, flow=value, inputs=record.get("with") or {})


def _goal(common: Common, value: str, record: Record, notes: Notes) -> Step:
    return Goal(**common, goal=value, value=record.get("value"), currency=record.get("currency"))


def _handoff(common: Common, value: str, record: Record, notes: Notes) -> Step:
    return Handoff(
        **common, team=value, note=record.get("note"), priority=record.get("priority"), resume=record.get("resume"),
        after=record.get("after"), hours=hours_of(record.get("hours")) if record.get("hours") else None,
    )  # fmt: skip


_CONFIRM = {"auto": None, "true": True, "false": False}


def _switch(common: Common, value: tuple[str, ...], record: Record, notes: Notes) -> Step:
    return SwitchChannel(
        **common, channels=value, text=record.get("text"), button=record.get("button"), expires=record.get("expires"),
        confirm=_CONFIRM[record.get("confirm")],
    )  # fmt: skip


_MAKERS: dict[str, Callable[[Common, Any, Record, Notes], Step | None]] = {
    "send": _send,
    "ask": ask,
    "branch": _branch,
    "set": _set,
    "unset": _unset,
    "tag": _tag,
    "untag": _untag,
    "wait": _wait,
    "call": _call,
    "start": _start,
    "goal": _goal,
    "handoff": _handoff,
    "switch_channel": _switch,
    "split": split,
    "wait_for": wait_for,
    "foreach": foreach,
    **parse_beyond.MAKERS,
    **parse_outside.MAKERS,
    "comment_reply": comment_reply,
    "private_reply": private_reply,
    "react": react,
}
