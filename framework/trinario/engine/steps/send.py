"""The `send` step: one message after another; with `on_failed` it waits for their fate."""

from dataclasses import replace

from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Go, Move, Stay
from trinario.engine.say import say
from trinario.model.event import FateKnown
from trinario.model.flow import Send
from trinario.model.session import Wait

REACHED = frozenset({"accepted", "sent", "delivered", "read"})


def enter(step: Send, draft: Draft) -> Move:
    """Says everything; stays only when the author wants to know whether it arrived."""
    awaited = "failed" in step.exits
    keys = [key for message in step.messages for key in say(draft, step, message, awaited=awaited)]
    if not awaited or not keys:
        return Go()
    return Stay(Wait(step.name, "sent", draft.event.at, draft.asked, keys=tuple(keys)))


def wake(step: Send, draft: Draft) -> Move:
    """Goes on when the fate of every message is known, fails with the first that does not arrive."""
    wait = draft.wait or sleep(step.name, draft)
    match draft.event:
        case FateKnown(key=key, outcome=outcome) if key in wait.keys:
            if outcome not in REACHED:
                return Go("failed")
            left = tuple(other for other in wait.keys if other != key)
            return Stay(replace(wait, keys=left, fates=())) if left else Go()
        case _:
            return Stay(wait)
