"""How a trigger lets its flow begin: what else has to hold, how often it may, and what then begins."""

from dataclasses import replace
from typing import TYPE_CHECKING

from trinario.engine import trigger
from trinario.engine.chance import short_id
from trinario.engine.index import Rule
from trinario.engine.limits import MARK_BYTES, MARKS_KEPT
from trinario.engine.scope import Scope
from trinario.engine.time import elapsed, zone_of
from trinario.errors import EvaluationError
from trinario.expressions import Condition
from trinario.model.contact import Contact
from trinario.model.effect import Report
from trinario.model.event import IdentityLinked, MessageHeard, StatusTold
from trinario.model.flow import Once
from trinario.model.value import Values

if TYPE_CHECKING:
    from trinario.engine.stage import Stage


def fits(stage: "Stage", rule: Rule, values: Values | None = None) -> bool:
    """Whether match, segment, hours and once let the flow begin; what cannot be worked out is told and lets nothing.

    A trigger that nothing was heard for listens on the channel where she wrote last.
    """
    one = rule.trigger
    if one.channels and not isinstance(stage.event, MessageHeard):
        channel = stage.event.channel if isinstance(stage.event, StatusTold | IdentityLinked) else stage.contact.channel
        channel = channel or ""
        if not rule.hears(channel, trigger.platform_of(stage.bot, channel)):
            return False
    if one.hours is None and one.match is None and one.segment is None and one.once is None:
        return True
    scope = _scope(stage, rule, values)
    try:
        return _within(stage, rule) and all(c is None or c.test(scope) for c in (one.match, one.segment)) and not (
            one.once and _spent(stage, rule, one.once, scope)
        )  # fmt: skip
    except EvaluationError as fault:
        stage.do(Report("", rule.flow.name, f"trigger {one.kind}", str(fault)))
        return False


def begin(stage: "Stage", rule: Rule, if_busy: str, values: Values | None = None) -> bool:
    """Begins the rule's flow, unless it gives way to the question that is pending. `if_busy` where the author says none.

    What people who have her should not be disturbed by stands before its first step until they are done.
    """
    one = rule.trigger
    busy = one.if_busy or if_busy
    if busy == "skip" and stage.foreground is not None:
        return False
    values = trigger.values_of(one.kind, stage.event) if values is None else {"kind": one.kind, **values}
    if one.once is not None:
        _mark(stage, rule, one.once, _scope(stage, rule, values))
    held = stage.contact.owner == "person"
    stage.begin(rule.flow, one.kind, values, if_busy=busy, own=one.if_busy or "", held=held, delay=one.delay)
    return True


def _scope(stage: "Stage", rule: Rule, values: Values | None) -> Scope:
    scope = stage.scope()
    scope.trigger = trigger.values_of(rule.trigger.kind, stage.event) if values is None else values
    return scope


def _within(stage: "Stage", rule: Rule) -> bool:
    """Whether it is one of the hours of her day in which the trigger listens."""
    if rule.trigger.hours is None:
        return True
    begins, ends = rule.trigger.hours
    local = stage.event.at.astimezone(zone_of(stage.bot, stage.contact))
    minute = local.hour * 60 + local.minute
    return begins <= minute < ends if begins < ends else minute >= begins or minute < ends


# ---- once


def _spent(stage: "Stage", rule: Rule, once: Once, scope: Scope) -> bool:
    """Whether it has begun for her already, and not so long ago that it may again."""
    mark = stage.contact.marks.get(_name(rule, once, scope))
    return mark is not None and (once.every is None or stage.event.at < elapsed(mark, once.every))


def _mark(stage: "Stage", rule: Rule, once: Once, scope: Scope) -> None:
    """Writes down that it begins for her now."""
    try:
        name = _name(rule, once, scope)
    except EvaluationError as fault:
        stage.do(Report("", rule.flow.name, f"trigger {rule.trigger.kind}", str(fault)))
        return
    stage.contact = _marked(stage.contact, {**stage.contact.marks, name: stage.event.at})


def _marked(contact: Contact, marks: Values) -> Contact:
    """With these marks, the oldest of too many forgotten."""
    kept = sorted(marks.items(), key=lambda item: item[1])[-MARKS_KEPT:] if len(marks) > MARKS_KEPT else marks
    return replace(contact, marks=dict(kept))


def _name(rule: Rule, once: Once, scope: Scope) -> str:
    """What the memory is called: the flow, the trigger, and for what it is once. Raises EvaluationError."""
    if isinstance(once.per, Condition):
        per = str(once.per.value(scope))
    else:
        per = str(scope.trigger.get("post", "")) if once.per == "post" else ""
    return short_id(f"{rule.flow.name}/{rule.trigger.key}/{per}", MARK_BYTES)
