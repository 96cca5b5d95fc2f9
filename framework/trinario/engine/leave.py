"""`exit_when`: what ends the running sessions of a flow from outside."""

from collections.abc import Iterator

from trinario.engine.scope import Scope
from trinario.model.bot import Bot
from trinario.model.consent import ALL
from trinario.model.contact import Contact
from trinario.model.event import Event, EventArrived
from trinario.model.flow import ExitWhen
from trinario.model.session import Session


def _exits(bot: Bot, session: Session) -> Iterator[ExitWhen]:
    """What ends the session: also the exits of the flows that wait for the one in which it stands."""
    if (flow := bot.flow(session.flow, session.revision)) is not None:
        yield from flow.exit_when
    for frame in session.stack:
        if (outer := bot.flow(frame.flow, frame.revision)) is not None:
            yield from outer.exit_when


def holding(bot: Bot, session: Session, contact: Contact, event: Event) -> Scope:
    """The names as the session sees them, with the event that arrives."""
    scope = Scope(bot, contact, event, bot.flow(session.flow, session.revision))
    scope.vars, scope.answers, scope.inputs = session.vars, session.answers, session.inputs
    scope.trigger, scope.session, scope.prompts = session.trigger, session.id, session.prompts
    return scope


def is_left(bot: Bot, session: Session, scope: Scope) -> str:
    """What holds now and ends the session (a tag she has, a condition), "" for nothing. Raises EvaluationError."""
    for one in _exits(bot, session):
        if one.kind == "tag" and one.value in scope.contact.tags and _matches(one, scope):
            return f"tag {one.value}"
        if one.kind == "when" and one.match is not None and one.match.test(scope):
            return one.match.source
    return ""


def left_by_field(bot: Bot, session: Session, scope: Scope, fields: set[str]) -> str:
    """The field among those that changed which ends the session, "" for none. Raises EvaluationError."""
    for one in _exits(bot, session):
        if one.kind == "field" and one.value.removeprefix("fields.") in fields and _matches(one, scope):
            return one.value
    return ""


def left_by_event(bot: Bot, session: Session, scope: Scope, event: EventArrived) -> bool:
    """Whether this event ends the session. Raises EvaluationError."""
    return any(one.kind == "event" and one.value == event.name and _matches(one, scope) for one in _exits(bot, session))


def left_by_opt_out(bot: Bot, session: Session, purpose: str) -> bool:
    """Whether it ends the session that she withdraws this purpose: the same, or one of the two is `all`."""
    return any(
        one.kind == "opt_out" and (one.value == purpose or ALL in (one.value, purpose)) for one in _exits(bot, session)
    )


def _matches(one: ExitWhen, scope: Scope) -> bool:
    return one.match is None or one.match.test(scope)
