"""What the clock owes: sessions whose time has come, and timers of contacts."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from trinario import jsons
from trinario.engine.react import react
from trinario.jobs.effects import carry_out
from trinario.jobs.facts import answers
from trinario.jobs.received import TurnLine
from trinario.jobs.world import World, scene_of
from trinario.model.event import ClockRang
from trinario.model.session import Session
from trinario.model.turn import Standing
from trinario.ports import Case, Inward, Unit, Writes

FEW = 8
"""Contacts that are moved although somebody waits meanwhile: they are loaded already, and get on however many write."""

RINGS = 128
"""Timers of contacts that one transaction turns into rows."""

RETURN = "owner"
"""The kind of timer by which the bot has somebody again: she may be waiting for that."""


@dataclass(slots=True)
class Woken:
    """What a bite of sessions came to. `more`: others may be due; `said`: there are messages to send; `outside`: calls are to
    be made or files to be fetched; `let_in`: the inbox has rows that may be worked off now."""

    lines: list[TurnLine] = field(default_factory=list)
    more: bool = False
    said: bool = False
    outside: bool = False
    let_in: bool = False


def wake(
    unit: Unit, world: World, now: datetime, limit: int | None = None, pressed: Callable[[], bool] = lambda: False
) -> Woken:
    """Move the sessions that are due, at most `limit` of them; as soon as somebody waits (`pressed`), the rest is left."""
    cases = unit.claim_due(limit or world.tuning.batch, now)
    if not cases:
        return Woken(more=unit.put_off(now) > 0)
    world.acquaint(unit, cases)
    writes, lines = Writes(), list[TurnLine]()
    for place, case in enumerate(cases):
        if pressed() and place >= FEW:
            break
        lines.extend(_ring(unit, world, case, now, writes))
    unit.write(writes, now)
    outside = bool(writes.calls or writes.let_in or writes.media or writes.taken_back)
    return Woken(lines, bool(lines), bool(writes.outgoing), outside, bool(writes.let_in or writes.inward))


def _ring(unit: Unit, world: World, case: Case, now: datetime, writes: Writes) -> list[TurnLine]:
    contact = case.contact
    lines: list[TurnLine] = []
    sessions: dict[str, Session] = {session.id: session for session in case.sessions}
    for name in case.due:
        session = sessions.get(name)
        if session is None or not session.live:
            continue
        event = ClockRang(f"{session.id}w{session.turns}", now, session.id)
        reaction = react(world.bot(), Standing(contact, tuple(s for s in sessions.values() if s.live)), event)
        scene = scene_of(unit, now, case.unreachable, asked=answers(contact, session, now))
        contact = carry_out(world, reaction, scene, writes)
        sessions.update((moved.id, moved) for moved in reaction.sessions)
        lines.extend(TurnLine(contact.id, event.origin, t.path, t.session.flow, t.session.id) for t in reaction.turns)
    return lines


def silence(unit: Unit, now: datetime, reason: str) -> None:
    """The session that is due first breaks whatever moves it: it ends as failed, and an operator is told."""
    writes = Writes()
    for case in unit.claim_due(1, now):
        for session in case.sessions:
            if session.id in case.due:
                writes.sessions[session.id] = replace(session, status="failed", wait=None, reason=reason)
                writes.let_in.append(case.contact.id)
                data = {"session": session.id, "flow": session.flow, "step": "", "reason": reason}
                writes.events.append((case.contact.id, "fault", now, jsons.dumps(data)))
    unit.write(writes, now)


def ring_timers(unit: Unit, now: datetime, limit: int = RINGS) -> int:
    """Turn due timers into inbox rows, so that they are worked off in the contact's order."""
    due = unit.claim_timers(limit, now)
    rows = [
        Inward("", f"timer:{key}:{int(now.timestamp() * 1000)}", kind, data, contact=contact, bulk=kind != RETURN)
        for key, contact, kind, data in due
    ]
    if rows:
        unit.take_in(rows, now)
    return len(rows)
