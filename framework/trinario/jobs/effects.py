"""What a reaction wants done, as writes of the batch's one commit."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from trinario import jsons
from trinario.jobs.offer import offer_switch
from trinario.jobs.outbound import say_it
from trinario.jobs.world import Scene, World
from trinario.model.contact import Contact
from trinario.model.effect import (
    ChangeContact,
    CountGoal,
    Effect,
    OfferSwitch,
    OpenTicket,
    Report,
    Say,
    Withdraw,
)
from trinario.model.turn import Reaction
from trinario.model.value import pack
from trinario.ports import Writes


def carry_out(world: World, reaction: Reaction, scene: Scene, writes: Writes) -> None:
    """Add everything that a reaction means to the writes."""
    contact = reaction.contact
    writes.contacts[contact.id] = contact
    for session in reaction.sessions:
        writes.sessions[session.id] = session
    for effect in reaction.effects:
        _carry(world, contact, effect, scene, writes)


def _carry(world: World, contact: Contact, effect: Effect, scene: Scene, writes: Writes) -> None:
    now = scene.now
    match effect:
        case Say():
            say_it(world, contact, effect, scene, writes)
        case OfferSwitch():
            offer_switch(world, contact, effect, scene, writes)
        case Withdraw(sessions=sessions):
            writes.withdrawn.extend(sessions)
            writes.outgoing[:] = [row for row in writes.outgoing if not row.session or row.session not in sessions]
        case OpenTicket():
            _open_ticket(world, contact, effect, now, writes)
        case CountGoal(name=name, session=session, flow=flow, step=step, value=value, currency=currency):
            data = {"goal": name, "session": session, "flow": flow, "step": step, "value": value, "currency": currency}
            writes.events.append((contact.id, "goal", now, jsons.dumps(pack(data))))
        case Report(session=session, flow=flow, step=step, reason=reason):
            data = {"session": session, "flow": flow, "step": step, "reason": reason}
            writes.events.append((contact.id, "fault", now, jsons.dumps(data)))
        case ChangeContact():
            _note_change(contact, effect, now, writes)
        case _:
            assert_never(effect)


def _open_ticket(world: World, contact: Contact, ticket: OpenTicket, now: datetime, writes: Writes) -> None:
    writes.tickets.append((contact.id, ticket.session, ticket.team, ticket.note, ticket.priority, now))
    owner_returns(contact, ticket.until, writes)


def _note_change(contact: Contact, change: ChangeContact, now: datetime, writes: Writes) -> None:
    """The change itself is in the contact; consent is written to the log besides."""
    if change.consent:
        writes.events.append((contact.id, "consent", now, jsons.dumps(dict(change.consent))))


def owner_returns(contact: Contact, until: datetime | None, writes: Writes) -> None:
    """Have the clock give the contact back to the bot."""
    if until is not None:
        writes.timers.append((f"owner:{contact.id}", contact.id, "owner", until, "{}"))


def person_wrote(world: World, contact: Contact, at: datetime, now: datetime, writes: Writes) -> Contact:
    """A person of the team wrote to her: the bot steps back, and comes back after their silence."""
    pause = world.bot().handoff_return
    seconds = pause.elapsed.total_seconds() if pause else world.tuning.owner_return
    until = max(at, now) + timedelta(seconds=seconds)
    contact = replace(contact, owner="person", owner_until=until)
    writes.contacts[contact.id] = contact
    owner_returns(contact, until, writes)
    return contact
