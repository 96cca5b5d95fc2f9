"""The `wait_for` step: stands still until an event comes from outside, or its time is over."""

from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Go, Move, Stay
from trinario.engine.scope import Scope
from trinario.engine.time import elapsed
from trinario.model.event import ClockRang, EventArrived
from trinario.model.flow import WaitFor
from trinario.model.session import Wait
from trinario.model.value import Values


def enter(step: WaitFor, draft: Draft) -> Move:
    """Waits; an event that came before does not count."""
    at = draft.event.at
    until = elapsed(at, step.timeout) if step.timeout else None
    return Stay(Wait(step.name, "event", at, draft.asked, until=until))


def wake(step: WaitFor, draft: Draft) -> Move:
    """The event, at once or kept while people had her; else the end of the time."""
    wait = draft.wait or sleep(step.name, draft)
    if wait.came is not None:
        return _come(step, draft, wait.came)
    match draft.event:
        case EventArrived(data=data) as event if meets(step, wait, event, draft.scope):
            return _come(step, draft, data)
        case ClockRang(at=at) if wait.until is not None and wait.until <= at:
            return Go("timeout")
        case _:
            return Stay(wait)


def meets(step: WaitFor, wait: Wait, event: EventArrived, scope: Scope) -> bool:
    """Whether this is the event that is waited for, in time. Raises EvaluationError when `match` has no answer."""
    if event.name != step.event or (wait.until is not None and wait.until <= event.at):
        return False
    return step.match is None or step.match.test(scope)


def _come(step: WaitFor, draft: Draft, data: Values) -> Move:
    draft.answer(step.name, dict(data))
    return Go()
