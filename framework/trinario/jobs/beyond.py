"""What a turn wants done beyond the conversation, as writes: permissions, sequences, draws, events, notices."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from trinario import jsons
from trinario.jobs.happenings import consent_body
from trinario.jobs.notices import tell
from trinario.jobs.world import World
from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.model.effect import ChangeEnrolment, OpenTicket, RaiseEvent, SendNotice, TakeTicket
from trinario.model.value import pack
from trinario.ports import Inward, Writes

Beyond = RecordConsent | ChangeEnrolment | TakeTicket | RaiseEvent | SendNotice


def carry_beyond(world: World, contact: Contact, effect: Beyond, now: datetime, writes: Writes) -> None:
    """Add it to the writes; each is in the contact's history as well."""
    match effect:
        case RecordConsent():
            writes.consents.append((contact.id, effect, now))
            _note(contact, "consent", _consent(effect), now, writes)
            if effect.state != "expired":
                writes.timers.append(expiry(contact.id, effect))
        case ChangeEnrolment(sequence=sequence, joins=joins):
            writes.enrolments.append((contact.id, replace(effect, rest=_rest(world, sequence)), now))
            _note(contact, "enrolled" if joins else "unenrolled", {"sequence": sequence}, now, writes)
        case TakeTicket(draw=draw, number=number):
            writes.draws.append((contact.id, effect, now))
            _note(contact, "draw_ticket", {"draw": draw, "number": number}, now, writes)
        case RaiseEvent():
            _raise(contact, effect, now, writes)
        case SendNotice():
            tell(world, contact, effect, now, writes)
        case _:
            assert_never(effect)


def _rest(world: World, sequence: str) -> timedelta:
    """How long after she was in it somebody may come into a sequence once more."""
    known = world.bot().sequences.get(sequence)
    if known is None:
        return timedelta()
    return timedelta.max if known.again is None else known.again.elapsed


def handed_over(world: World, contact: Contact, ticket: OpenTicket, key: str, now: datetime, writes: Writes) -> None:
    """The team to which she is given is told so, if it has addresses."""
    team = world.bot().teams.get(ticket.team)
    if team is None or not team.notify:
        return
    who = contact.name or f"contact {contact.id}"
    urgent = f" ({ticket.priority})" if ticket.priority else ""
    text = f"{who} waits for {ticket.team}{urgent}" + (f": {ticket.note}" if ticket.note else "")
    if link := world.bot().people_link:
        text += "\n" + link.replace("{contact}", str(contact.id))
    tell(world, contact, SendNotice(key, (ticket.team,), text, ticket.session), now, writes)


def _consent(entry: RecordConsent) -> Mapping[str, object]:
    """Purpose and state, and where they come from; the words are in the ledger."""
    data = {"purpose": entry.purpose, "state": entry.state, "evidence": entry.evidence, "session": entry.session}
    return {**data, "channels": list(entry.channels)} if entry.channels else data


def expiry(contact: int, entry: RecordConsent) -> tuple[str, int, str, datetime | None, str]:
    """The timer that ends what was granted; a later entry for the same channels sets it anew, or clears it."""
    over = replace(entry, state="expired", evidence="time", wording="", said="")
    name = f"consent:{contact}:{entry.purpose}:{','.join(entry.channels)}"
    return name, contact, "consent", entry.expires_at, consent_body(over)


def _raise(contact: Contact, event: RaiseEvent, now: datetime, writes: Writes) -> None:
    """The event comes through her inbox, in her order; a turn that is repeated makes the same row."""
    body = {"name": event.name, "data": pack(event.data), "hops": event.hops}
    writes.inward.append(Inward("", f"emit:{event.key}", "event", jsons.dumps(body), contact=contact.id))
    data = {"event": event.name, "flow": event.flow, "step": event.step, "session": event.session}
    _note(contact, "emitted", data, now, writes)


def _note(contact: Contact, name: str, data: Mapping[str, object], now: datetime, writes: Writes) -> None:
    writes.events.append((contact.id, name, now, jsons.dumps(data)))
