"""Sessions that are left while an event is answered: `exit_when`, as it holds by now and for the event that came."""

from trinario.engine.leave import holding, is_left, left_by_event, left_by_field
from trinario.engine.stage import Stage
from trinario.errors import EvaluationError
from trinario.model.effect import Report
from trinario.model.event import EventArrived
from trinario.model.session import Session


def leave(stage: Stage) -> None:
    """Ends the sessions whose `exit_when` holds by now (tags, conditions, fields that changed)."""
    for session in stage.live if stage.index.exits else ():
        scope = holding(stage.bot, session, stage.contact, stage.event)
        try:
            left = is_left(stage.bot, session, scope) or left_by_field(stage.bot, session, scope, stage.fields)
        except EvaluationError as fault:
            stage.do(Report(session.id, session.flow, "exit_when", str(fault)))
            continue
        if left:
            stage.withdraw([session], f"left: {left}")


def leave_by(stage: Stage, event: EventArrived) -> bool:
    """Ends the sessions that this event ends; whether there was one."""
    left = [session for session in stage.live if _leaves(stage, session, event)]
    if left:
        stage.withdraw(left, f"left: event {event.name}")
    return bool(left)


def _leaves(stage: Stage, session: Session, event: EventArrived) -> bool:
    try:
        return left_by_event(stage.bot, session, holding(stage.bot, session, stage.contact, event), event)
    except EvaluationError as fault:
        stage.do(Report(session.id, session.flow, "exit_when", str(fault)))
        return False
