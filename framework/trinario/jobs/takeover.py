"""A person of the team takes a conversation over: the bot steps back, and what it had still to say does not go."""

from collections.abc import MutableSequence
from dataclasses import replace
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.effects import owner_returns
from trinario.jobs.outbound import BULK, fate
from trinario.jobs.world import World
from trinario.model.contact import TAKEN, Contact
from trinario.ports import InboxEntry, Outgoing, Unit, Writes

OWNER = "owner"
"""Why a message of the bot does not go whose conversation a person has taken over."""


def person_wrote(
    unit: Unit, world: World, contact: Contact, at: datetime, now: datetime, writes: Writes,
    ahead: MutableSequence[Outgoing] | None = None,
) -> Contact:  # fmt: skip
    """A person of the team wrote to her: the bot steps back, and comes back after their silence.

    `ahead` are rows of the batch that are not in the outbox yet.
    """
    writes.answered.append((contact.id, at))
    return take_over(unit, contact, max(at, now) + _silence(world), now, writes, ahead)


def take_over(
    unit: Unit, contact: Contact, until: datetime | None, now: datetime, writes: Writes,
    ahead: MutableSequence[Outgoing] | None = None,
) -> Contact:  # fmt: skip
    """People have her, until then or until they give her back. The bot's answers that wait do not go; what is
    transactional does, and marketing waits as policy says."""
    marks = {**contact.marks, TAKEN: now}
    contact = writes.contacts[contact.id] = replace(contact, owner="person", owner_until=until, marks=marks)
    writes.let_in.append(contact.id)
    owner_returns(contact, until, writes)
    held = [(key, session) for key, session, awaited in unit.hold_back(contact.id, OWNER) if awaited]
    for number, row in enumerate(ahead or ()):
        if ahead is not None and row.contact == contact.id and _is_of_the_bot(row):
            ahead[number] = replace(row, refusal=OWNER, not_before=None)
            held.extend([(row.key, row.session)] if row.awaited else [])
    writes.inward.extend(fate(contact.id, key, session, "refused", OWNER) for key, session in held)
    return contact


def by_hand(
    unit: Unit, world: World, contact: Contact, entry: InboxEntry, writes: Writes, ahead: MutableSequence[Outgoing]
) -> Contact:
    """Somebody of the team takes her before they have written a word."""
    now, by = entry.received_at, jsons.loads(entry.body).get("by", "")
    writes.events.append((contact.id, "taken", now, jsons.dumps({"by": by})))
    return take_over(unit, contact, now + _silence(world), now, writes, ahead)


def _silence(world: World) -> timedelta:
    """How long people may be silent before the bot comes back."""
    pause = world.bot().handoff_return
    return pause.elapsed if pause else timedelta(seconds=world.tuning.owner_return)


def _is_of_the_bot(row: Outgoing) -> bool:
    """Whether it is an answer of the bot that is to go."""
    goes = not row.refusal or row.not_before is not None
    return (
        goes and not row.human and row.purpose != "transactional" and row.priority != BULK and "/thread/" not in row.key
    )
