"""Calls to the outside that a turn orders have their time from when it runs: what she wrote may have waited for long."""

from dataclasses import replace
from datetime import datetime

from trinario.engine.calling import longest
from trinario.model.effect import CallOut, Effect
from trinario.model.session import Session
from trinario.model.turn import Reaction


def in_time(reaction: Reaction, now: datetime) -> Reaction:
    """The reaction, its calls and the waits for their answers reckoned from now; the engine knows when she wrote, and not
    when that is worked off."""
    calls = {one.key: now + longest(one.timeout, one.retries) for one in reaction.effects if isinstance(one, CallOut)}
    if not calls:
        return reaction
    effects: tuple[Effect, ...] = tuple(
        replace(one, until=max(one.until, calls[one.key])) if isinstance(one, CallOut) else one
        for one in reaction.effects
    )
    return replace(reaction, effects=effects, sessions=tuple(_waits(one, calls) for one in reaction.sessions))


def _waits(session: Session, calls: dict[str, datetime]) -> Session:
    wait = session.wait
    if wait is None or wait.kind != "call" or wait.until is None:
        return session
    until = max((calls[key] for key in wait.keys if key in calls), default=wait.until)
    return replace(session, wait=replace(wait, until=max(wait.until, until)))
