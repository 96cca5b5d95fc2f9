"""What flows and sequences have said, and is not out yet, when something ends them: it does not go."""

from collections.abc import Iterable
from datetime import datetime

from trinario.engine.index import index_of
from trinario.engine.leave import holding, left_by_event
from trinario.engine.told import as_declared
from trinario.errors import EvaluationError
from trinario.jobs import drips
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.event import EventArrived
from trinario.model.session import Session
from trinario.ports import Unit, Writes


def outrun(unit: Unit, bot: Bot, contact: Contact, event: EventArrived, known: Iterable[Session]) -> list[str]:
    """Sessions that are over, have said something that is not out yet, and would have been ended by this event."""
    if not index_of(bot).exits:
        return []
    told, _ = as_declared(bot, event)
    if not isinstance(told, EventArrived):
        return []
    return [one.id for one in _speaking(unit, contact, known) if not one.live and _is_meant(bot, contact, told, one)]


def _is_meant(bot: Bot, contact: Contact, told: EventArrived, session: Session) -> bool:
    try:
        return bool(left_by_event(bot, session, holding(bot, session, contact, told), told))
    except EvaluationError:
        return False  # it cannot be told whether it is meant: what was said goes


def leave(
    unit: Unit, bot: Bot, contact: Contact, exits: drips.Exits, known: Iterable[Session], writes: Writes, now: datetime
) -> None:
    """Sequences end for her; what they have said, and is not out yet, does not go."""
    if exits:
        writes.enrolments += drips.left(unit, contact.id, exits, now)
        writes.withdrawn += drips.unsaid(bot, exits, _speaking(unit, contact, known))


def _speaking(unit: Unit, contact: Contact, known: Iterable[Session]) -> Iterable[Session]:
    """Sessions of which something may wait in the outbox; those that are `known` here as they stand now."""
    return {one.id: one for one in (*unit.unsent(contact.id), *known)}.values()
