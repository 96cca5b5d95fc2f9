"""What a reaction wants done, as writes of the batch's one commit."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from trinario import jsons
from trinario.engine.disclose import DISCLOSED, is_disclosure, undisclosed
from trinario.jobs import conversions
from trinario.jobs.beyond import carry_beyond, handed_over
from trinario.jobs.code import check_code, send_code
from trinario.jobs.happenings import timer_write
from trinario.jobs.known import kinds_of, known_of
from trinario.jobs.offer import offer_switch
from trinario.jobs.outbound import say_it
from trinario.jobs.passages import passages
from trinario.jobs.thread import pass_on
from trinario.jobs.world import Scene, World
from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.model.effect import (
    CallOut,
    ChangeContact,
    ChangeEnrolment,
    CheckCode,
    ClearTimer,
    CountGoal,
    Effect,
    LetIn,
    OfferSwitch,
    OpenTicket,
    RaiseEvent,
    Report,
    Say,
    SendCode,
    SendNotice,
    SetTimer,
    TakeTicket,
    Withdraw,
)
from trinario.model.turn import Reaction
from trinario.model.value import pack
from trinario.ports import CallOrder, Outgoing, Writes


def carry_out(world: World, reaction: Reaction, scene: Scene, writes: Writes) -> Contact:
    """Add everything that a reaction means to the writes; gives the contact as she is kept."""
    contact = writes.contacts[reaction.contact.id] = _dated(reaction, scene.now)
    _know(world, reaction, contact, writes)
    for session in reaction.sessions:
        writes.sessions[session.id] = session
    for turn in reaction.turns:
        writes.passages.extend(passages(turn, contact, world.bot().locale, scene.now))
    before = len(writes.outgoing)
    for effect in reaction.effects:
        _carry(world, contact, effect, scene, writes)
    for effect in reaction.effects:
        if isinstance(effect, OpenTicket):  # behind all that is said in this turn
            pass_on(world, contact, effect.key or effect.session, effect.note, writes)
    if DISCLOSED in contact.marks and any(map(_unsaid, writes.outgoing[before:])):
        contact = writes.contacts[contact.id] = undisclosed(contact)
    return contact


def _dated(reaction: Reaction, now: datetime) -> Contact:
    """The contact, who knows since when she has what has just been set of her."""
    changes = [effect for effect in reaction.effects if isinstance(effect, ChangeContact)]
    if not changes:
        return reaction.contact
    names = [
        name
        for one in changes
        for name in (*one.fields, *(f"#{tag}" for tag in (*one.tags_added, *one.tags_removed)),
                     *(f"@{attribute}" for attribute in one.attributes))
    ]  # fmt: skip
    return replace(reaction.contact, changed={**reaction.contact.changed, **dict.fromkeys(names, now)})


def _know(world: World, reaction: Reaction, contact: Contact, writes: Writes) -> None:
    """Where a number or an address of hers is written, it is looked for who else has it."""
    written = {name for effect in reaction.effects if isinstance(effect, ChangeContact) for name in effect.fields}
    if written and not written.isdisjoint(kinds := kinds_of(world.bot())):
        writes.known[contact.id] = known_of(kinds, contact)


def _unsaid(row: Outgoing) -> bool:
    """Whether it would have told her that a bot is writing, and did not go."""
    return bool(row.refusal) and row.not_before is None and is_disclosure(row.key)


def _carry(world: World, contact: Contact, effect: Effect, scene: Scene, writes: Writes) -> None:
    now = scene.now
    match effect:
        case Say():
            say_it(world, contact, effect, scene, writes)
        case OfferSwitch():
            offer_switch(world, contact, effect, scene, writes)
        case SendCode():
            send_code(world, contact, effect, scene, writes)
        case CheckCode():
            check_code(world, contact, effect, writes)
        case Withdraw(sessions=sessions):
            writes.withdrawn.extend(sessions)
            writes.outgoing[:] = [row for row in writes.outgoing if not row.session or row.session not in sessions]
            writes.calls[:] = [call for call in writes.calls if call.session not in sessions]
        case OpenTicket():
            _open_ticket(world, contact, effect, now, writes)
        case CountGoal(name=name, session=session, flow=flow, step=step, value=value, currency=currency):
            data = {"goal": name, "session": session, "flow": flow, "step": step, "value": value, "currency": currency}
            writes.events.append((contact.id, "goal", now, jsons.dumps(pack(data))))
            conversions.tell(world, contact, effect, now, writes)
        case Report(session=session, flow=flow, step=step, reason=reason):
            data = {"session": session, "flow": flow, "step": step, "reason": reason}
            writes.events.append((contact.id, "fault", now, jsons.dumps(data)))
        case ChangeContact():
            pass  # the change itself is in the contact
        case CallOut():
            writes.calls.append(_order(contact, effect))
        case LetIn():
            writes.let_in.append(contact.id)
        case RecordConsent() | ChangeEnrolment() | TakeTicket() | RaiseEvent() | SendNotice():
            carry_beyond(world, contact, effect, now, writes)
        case SetTimer() | ClearTimer():
            writes.timers.append(timer_write(contact.id, effect))
        case _:
            assert_never(effect)


def _order(contact: Contact, call: CallOut) -> CallOrder:
    cause = f"{call.flow}.{call.step}"
    return CallOrder(
        call.key, contact.id, call.session, cause, call.kind, call.request, call.timeout, call.retries, call.again, call.until
    )  # fmt: skip


def _open_ticket(world: World, contact: Contact, ticket: OpenTicket, now: datetime, writes: Writes) -> None:
    writes.tickets.append((contact.id, ticket.session, ticket.team, ticket.note, ticket.priority, now))
    owner_returns(contact, ticket.until, writes)
    handed_over(world, contact, ticket, f"{ticket.key or ticket.session}/ticket", now, writes)


def owner_returns(contact: Contact, until: datetime | None, writes: Writes) -> None:
    """Have the clock give the contact back to the bot; None: it does not, whatever was meant before."""
    writes.timers.append((f"owner:{contact.id}", contact.id, "owner", until, "{}"))
