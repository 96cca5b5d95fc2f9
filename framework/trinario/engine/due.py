"""Triggers whose time comes: moments of hers (`date`), silence (`inactivity`), a clock on the wall (`schedule`)."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

from trinario.engine import entry
from trinario.engine.index import Index, Rule
from trinario.engine.scope import Scope
from trinario.engine.stage import Stage
from trinario.engine.time import after, elapsed, moment_of, zone_of
from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.duration import Duration, localised
from trinario.model.effect import ClearTimer, Report, SetTimer
from trinario.model.event import Event, TriggerDue
from trinario.model.flow import Trigger
from trinario.model.session import Session
from trinario.model.value import Values

KINDS = ("date", "inactivity", "schedule")

NEAR = timedelta(seconds=1)
"""Databases keep moments to the millisecond: nearer than this is the same."""

Effects = Iterator[SetTimer | ClearTimer]


def came(stage: Stage, event: TriggerDue) -> None:
    """Begins the flow, if its trigger is still there and means this moment still."""
    rule = rule_of(stage.index, event.flow, event.key)
    values = _values(stage, rule, event) if rule and not _late(rule.trigger, event) else None
    if rule is None or values is None or not entry.fits(stage, rule, values):
        stage.handled = False
        if rule is not None and values is None:
            _anew(stage, rule, event)
        return
    stage.handled = entry.begin(stage, rule, "defer", values)


def _anew(stage: Stage, rule: Rule, event: TriggerDue) -> None:
    """The timer meant another moment: something that nobody told of the contact's timers (a deploy, a link) moved it."""
    try:
        if rule.trigger.kind == "inactivity":
            stage.effects.extend(silence(stage.contact, rule, event))
        elif rule.trigger.kind == "date":
            stage.effects.extend(
                one for one in timers(stage.bot, stage.contact, rule, event) if isinstance(one, SetTimer)
            )
    except EvaluationError:
        pass  # it was told when the moment was asked for


def rule_of(index: Index, flow: str, key: str) -> Rule | None:
    """The trigger of that key in a flow; None: it is there no more."""
    rules = (rule for kind in (*KINDS, "segment") for rule in index.by_kind.get(kind, ()))
    return next((rule for rule in rules if rule.flow.name == flow and rule.trigger.key == key), None)


def _late(trigger: Trigger, event: TriggerDue) -> bool:
    return trigger.late is not None and event.at > elapsed(event.due, trigger.late)


def _values(stage: Stage, rule: Rule, event: TriggerDue) -> Values | None:
    """What the flow is told; None: what the timer was set for is so no more."""
    one, contact = rule.trigger, stage.contact
    if one.kind == "schedule":
        return {"at": event.due}
    if one.kind == "segment":
        return _moved(stage, rule, event)
    if one.kind == "inactivity":
        seen = contact.last_seen_at
        assert one.span is not None, "an inactivity has its span"
        silent = seen is not None and event.at + NEAR >= elapsed(seen, one.span)
        return {"at": event.due} if silent else None
    try:
        for offset, moment, comes in moments(stage.bot, contact, rule, stage.event):
            if str(offset) == event.offset and abs(comes - event.due) < NEAR:
                return {"at": moment, "offset": event.offset}
    except EvaluationError as fault:
        stage.do(Report("", rule.flow.name, "trigger date", str(fault)))
    return None


def _moved(stage: Stage, rule: Rule, event: TriggerDue) -> Values | None:
    """Time has brought her into the segment, or out of it, and she is there still, or out of it still."""
    assert rule.trigger.watched is not None, "a segment has its condition"
    try:
        holds = rule.trigger.watched.test(Scope(stage.bot, stage.contact, event))
    except EvaluationError:
        return None
    return {} if holds == (rule.trigger.mode == "enter") else None


# ---- moments of hers


def reckon(stage: Stage, rule: Rule) -> None:
    """What a `date` reads has changed: its timers are set anew, and with `recurring` the sessions it began end.

    A session that moved the moment itself goes on.
    """
    try:
        stage.effects.extend(timers(stage.bot, stage.contact, rule, stage.event))
    except EvaluationError as fault:
        stage.do(Report("", rule.flow.name, "trigger date", str(fault)))
        return
    if rule.trigger.recurring:
        moved = {turn.session.id for turn in stage.turns if turn.contact is not None}
        begun = [one for one in stage.live if one.id not in moved and _began(one.trigger) and _of(one, rule)]
        held = {str(moment) for _, moment, _ in moments(stage.bot, stage.contact, rule, stage.event)}
        if left := [one for one in begun if str(one.trigger.get("at")) not in held]:
            stage.withdraw(left, "left: the date moved")


def _began(trigger: Values) -> bool:
    return trigger.get("kind") == "date"


def _of(session: Session, rule: Rule) -> bool:
    return (session.stack[0].flow if session.stack else session.flow) == rule.flow.name


def timers(bot: Bot, contact: Contact, rule: Rule, event: Event) -> Effects:
    """The timers of a `date` for a contact as she is now; a moment that has passed has none. Raises EvaluationError."""
    coming = {str(offset): comes for offset, _, comes in moments(bot, contact, rule, event)}
    for offset in map(str, rule.trigger.offsets):
        name = f"date:{rule.flow.name}:{rule.trigger.key}:{offset}:{contact.id}"
        comes = coming.get(offset)
        if comes is not None and comes > event.at:
            yield SetTimer(name, rule.flow.name, rule.trigger.key, comes, offset)
        else:
            yield ClearTimer(name)


def moments(bot: Bot, contact: Contact, rule: Rule, event: Event) -> list[tuple[Duration, datetime, datetime]]:
    """(offset, the moment itself, when it comes) of a `date`; none while the expression gives nothing.

    Raises EvaluationError for what is no date.
    """
    one = rule.trigger
    assert one.watched is not None, "a date has its expression"
    value = one.watched.value(Scope(bot, contact, event))
    if value is None or value == "":
        return []
    where = zone_of(bot, contact)
    moment = moment_of(value, where)
    return [(offset, moment, _at(after(moment, offset, where), one.at, where)) for offset in one.offsets]


def _at(moment: datetime, minutes: int | None, where: tzinfo) -> datetime:
    """The moment, or that time of its day."""
    if minutes is None:
        return moment
    day = moment.astimezone(where).date()
    return localised(datetime.combine(day, time()) + timedelta(minutes=minutes), where).astimezone(UTC)


# ---- silence


def arm(stage: Stage) -> None:
    """She was heard: the silence that `inactivity` waits for begins anew."""
    for rule in stage.index.by_kind.get("inactivity", ()):
        stage.effects.extend(silence(stage.contact, rule, stage.event))


def silence(contact: Contact, rule: Rule, event: Event) -> Effects:
    """The timer of an `inactivity` for a contact; none when she has never written, or not for longer than that."""
    seen, span = contact.last_seen_at, rule.trigger.span
    if seen is None or span is None:
        return
    comes = elapsed(seen, span)
    if comes > event.at:
        name = f"inactivity:{rule.flow.name}:{rule.trigger.key}:{contact.id}"
        yield SetTimer(name, rule.flow.name, rule.trigger.key, comes)
