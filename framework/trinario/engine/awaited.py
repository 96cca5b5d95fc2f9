"""Sessions that wait for an event from outside: who is woken by it, at once or when people have given her back."""

from dataclasses import replace

from trinario.engine.leave import holding
from trinario.engine.stage import Stage
from trinario.engine.steps.wait_for import meets
from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.effect import Report
from trinario.model.event import EventArrived
from trinario.model.flow import WaitFor
from trinario.model.session import Session


def wake(stage: Stage, event: EventArrived) -> bool:
    """Moves every session that stands at a `wait_for` this event meets; whether there was one.

    What begins to wait in the meantime waits for the next event. While people have her nothing may move, and nobody
    tells an event twice: it is kept, and the first that meets a wait counts.
    """
    woken = False
    for session in stage.live:
        if not _meets(stage, session, event) or stage.sessions[session.id].wait != session.wait:
            continue
        woken = True
        if stage.contact.owner == "person":
            _keep(stage, session, event)
        else:
            stage.advance(session)
    return woken


def _keep(stage: Stage, session: Session, event: EventArrived) -> None:
    if session.wait:
        stage.change_wait(session, replace(session.wait, came=dict(event.data)))


def heed(stage: Stage) -> None:
    """The bot has her again: the events that came meanwhile move the sessions that waited for them."""
    for session in stage.live:
        step, wait = awaiting(stage.bot, session), session.wait
        if step is not None and wait is not None and wait.came is not None and stage.contact.owner == "bot":
            event = stage.event
            stage.advance(session, EventArrived(event.origin, event.at, step.event, wait.came))


def awaiting(bot: Bot, session: Session) -> WaitFor | None:
    """The `wait_for` at which a session stands; None for any other."""
    if session.wait is None or session.wait.kind != "event":
        return None
    flow = bot.flow(session.flow, session.revision)
    step = flow.steps.get(session.wait.step) if flow else None
    return step if isinstance(step, WaitFor) else None


def _meets(stage: Stage, session: Session, event: EventArrived) -> bool:
    """A `match` that cannot be worked out is told, and does not hold."""
    step, wait = awaiting(stage.bot, session), session.wait
    if step is None or wait is None or wait.came is not None:
        return False
    try:
        return meets(step, wait, event, holding(stage.bot, session, stage.contact, event))
    except EvaluationError as fault:
        stage.do(Report(session.id, session.flow, step.name, f"match: {fault}"))
        return False
