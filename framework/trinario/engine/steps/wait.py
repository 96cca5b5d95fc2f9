"""The `wait` step: a span, or until a moment, moved into the hours and days that are allowed."""

from datetime import datetime, tzinfo

from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Go, Move, Stay
from trinario.engine.time import after, allowed, before, known_zone, moment_of, zone, zone_of
from trinario.model.event import ClockRang
from trinario.model.flow import Wait
from trinario.model.session import Wait as Standing


def enter(step: Wait, draft: Draft) -> Move:
    """Sleeps. A moment that has passed when it is reckoned is missed, whatever was to follow it."""
    where = _zone(step, draft)
    moment = _moment(step, draft, where)
    if moment is None:
        return Go("late")
    until = allowed(moment, step.between, step.days, where)
    if until <= draft.event.at:
        return Go()
    return Stay(Standing(step.name, "sleep", draft.event.at, draft.asked, until=until))


def wake(step: Wait, draft: Draft) -> Move:
    """Goes on when its time has come; too late for the author's taste is missed too."""
    standing = draft.wait or sleep(step.name, draft)
    until, at = standing.until, draft.event.at
    if until is None or at < until or not isinstance(draft.event, ClockRang):
        return Stay(standing)
    if step.late is not None and at > after(until, step.late, _zone(step, draft)):
        return Go("late")
    pushed = allowed(at, step.between, step.days, _zone(step, draft))
    if pushed > at:
        return Stay(Standing(step.name, "sleep", standing.since, standing.number, until=pushed))
    return Go()


def _moment(step: Wait, draft: Draft, where: tzinfo) -> datetime | None:
    """When it is to go on, hours and days apart; None: that moment has passed."""
    if step.duration is not None:
        return after(draft.event.at, step.duration, where)
    if step.until is None:
        return draft.event.at
    moment = moment_of(step.until.value(draft.scope), where)
    if step.offset is not None:
        moment = before(moment, step.offset, where) if step.offset_back else after(moment, step.offset, where)
    return None if moment < draft.event.at else moment


def _zone(step: Wait, draft: Draft) -> tzinfo:
    own = zone(known_zone(step.zone)) if step.zone and step.zone != "contact" else None
    return own or zone_of(draft.bot, draft.contact)
