"""Sessions that wait, brought into the revisions of a deployment: a chunk of contacts at a time, in between turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trinario import jsons
from trinario.engine.migrate import Moved, migrated
from trinario.engine.react import react
from trinario.jobs.effects import carry_out
from trinario.jobs.received import TurnLine
from trinario.jobs.world import Scene, World, scene_of
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.event import Redeployed
from trinario.model.session import Session, holds_until
from trinario.model.turn import Standing
from trinario.ports import Case, Unit, Writes

CHUNK = 100
"""Contacts that are locked together."""


@dataclass(slots=True)
class Brought:
    """What a chunk did. `left`: there may be more."""

    moved: int = 0
    stayed: int = 0
    left: bool = True
    lines: list[TurnLine] = field(default_factory=list)


def movable(bot: Bot) -> Mapping[str, str]:
    """Flows that take over who waits in their older revisions, with the present one."""
    return {name: flow.revision for name, flow in bot.flows.items() if flow.migrations is not None}


def move(unit: Unit, world: World, serving: int, now: datetime, limit: int = CHUNK) -> Brought:
    """Move the next contacts into the deployment `serving`, if it is current and not done; in the same commit it is
    written down how far that came, so that whoever goes on begins there."""
    made = next(iter(unit.versions.deployments(1)), None)
    if made is None or made.id != serving or not made.moving:
        return Brought(left=False)
    bot, brought = world.bot(), Brought()
    if made.revisions != {name: flow.revision for name, flow in bot.flows.items()}:
        return Brought(left=False)
    cases, last = unit.versions.claim(movable(bot), made.cursor, limit, now)
    world.acquaint(unit, cases)
    bot, writes = world.bot(), Writes()
    for case in cases:
        scene = scene_of(unit, now, case.unreachable)
        _move(world, bot, case, scene, writes, brought)
    unit.write(writes, now)
    brought.left = last is not None
    unit.versions.moved(made.id, made.cursor if last is None else last, brought.left)
    return brought


def _move(world: World, bot: Bot, case: Case, scene: Scene, writes: Writes, brought: Brought) -> None:
    sessions: dict[str, Session] = {session.id: session for session in case.sessions}
    contact, anew = case.contact, list[str]()
    for session in case.sessions:
        moved = migrated(bot, session, scene.now)
        if moved.session == session:
            brought.stayed += bool(moved.refusals)
            continue
        brought.moved += 1
        sessions[session.id] = writes.sessions[session.id] = moved.session
        writes.events.append((contact.id, "session_moved", scene.now, jsons.dumps(_told(session, moved))))
        if moved.ended:
            writes.withdrawn.append(session.id)
        if moved.anew:
            anew.append(session.id)
    if _let_in(case.sessions, sessions):
        writes.let_in.append(contact.id)
    for name in anew:
        contact = _begin(world, bot, contact, sessions, name, scene, writes, brought)


def _let_in(before: Sequence[Session], after: Mapping[str, Session]) -> bool:
    """Whether what she wrote waited for a call to the outside, and nobody waits for that any more."""
    return holds_until(before) is not None and holds_until(after.values()) is None


def _begin(
    world: World, bot: Bot, contact: Contact, sessions: dict[str, Session], name: str, scene: Scene, writes: Writes,
    brought: Brought,
) -> Contact:  # fmt: skip
    """The step at which a moved session stands begins now, if nothing is in its way."""
    session = sessions[name]
    event = Redeployed(f"{session.id}d{session.turns}.{session.revision[:8]}", scene.now, name)
    reaction = react(bot, Standing(contact, tuple(s for s in sessions.values() if s.live)), event)
    contact = carry_out(world, reaction, scene, writes)
    sessions.update((one.id, one) for one in reaction.sessions)
    brought.lines.extend(
        TurnLine(contact.id, event.origin, t.path, t.session.flow, t.session.id) for t in reaction.turns
    )
    return contact


def _told(session: Session, moved: Moved) -> dict[str, object]:
    after = moved.session
    return {
        "session": session.id, "flow": session.flow, "from": session.revision, "to": after.revision,
        "step": after.wait.step if after.wait else "", "anew": moved.anew, "refusals": list(moved.refusals),
    }  # fmt: skip
