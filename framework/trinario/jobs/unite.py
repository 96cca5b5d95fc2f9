"""Two contacts who are one: a webhook showed an id of each, or an id of hers became one that another contact has.

Outside of the batches, in one transaction over both contacts, locked in id order without waiting.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.beside import ids_of, rekey
from trinario.jobs.received import DONE, TurnLine
from trinario.model.channel import Identity
from trinario.model.consent import stricter
from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.ports import Case, InboxEntry, Unit, Writes

JUST_NOW = timedelta(hours=1)
"""A contact that is no older than that when a changed number is told of is she herself, who wrote before it was told."""


def unite(unit: Unit, entry: InboxEntry, now: datetime) -> list[TurnLine] | None:
    """Work off a row of kind `joined` or `rekeyed`. None: a contact is taken by somebody else, try again."""
    former, present = ids_of(entry)
    others = [contact for contact in unit.holders(present) if contact != entry.contact]
    cases = unit.lock_cases(sorted({entry.contact, *others}), [entry.id], now)
    if cases is None:
        return None
    by_id = {case.contact.id: case for case in cases}
    hers, writes = by_id[entry.contact], Writes()
    if not hers.entries:
        return []
    contact = hers.contact
    for other in others:
        if _is_she(contact, by_id[other].contact, present, entry, bool(former)):
            contact = _join(unit, contact, hers, by_id[other], writes, now)
        else:
            _part(by_id[other].contact, present, entry, writes, now)
    if former:
        contact = rekey(unit, contact, entry, writes)
    else:
        unit.rekey(contact.id, (), present)
    writes.contacts[contact.id] = contact
    writes.finished.append((DONE, entry.id, None))
    unit.write(writes, now)
    return []


def _is_she(contact: Contact, other: Contact, present: tuple[Identity, ...], entry: InboxEntry, changed: bool) -> bool:
    """Whether the other contact is the same person, and not whoever had a telephone number before her.

    A scoped id names the person, a number whoever has it: with another scoped id of the same channel it was somebody else.
    """
    scoped = {one.value for one in present if one.kind == "bsuid"}
    theirs = {one.value for one in other.identities if one.channel == entry.channel and one.kind == "bsuid"}
    if scoped and theirs:
        return bool(scoped & theirs)
    if changed:
        return other.created_at >= entry.received_at - JUST_NOW
    return True


def _join(unit: Unit, contact: Contact, hers: Case, theirs: Case, writes: Writes, now: datetime) -> Contact:
    """Everything of the other contact is hers; conversations go on, of two the one that she is in."""
    other = theirs.contact
    unit.move_identities(other.id, contact.id, now)
    live = any(session.live for session in hers.sessions)
    for session in theirs.sessions:
        moved = _stopped(session) if live else session
        writes.sessions[session.id] = replace(moved, contact=contact.id)
        writes.withdrawn += [session.id] if live else []
    data = {"contact": other.id, "identities": [one.value for one in other.identities]}
    writes.events.append((contact.id, "contacts_merged", now, jsons.dumps(data)))
    return _united(contact, other)


def _stopped(session: Session) -> Session:
    return replace(session, status="stopped", reason="merged", wait=None)


def _united(contact: Contact, other: Contact) -> Contact:
    """What is known of her is kept; what only the other knew comes to it. A no of either is a no."""
    heard = dict(other.last_heard)
    for channel, at in contact.last_heard.items():
        heard[channel] = max(at, heard.get(channel, at))
    seen = [at for at in (contact.last_seen_at, other.last_seen_at) if at]
    known = tuple(one for one in other.identities if one not in contact.identities)
    contact = replace(
        contact, identities=(*contact.identities, *known), fields={**other.fields, **contact.fields},
        tags=contact.tags | other.tags, consent=stricter(contact.consent, other.consent), last_heard=heard,
        last_seen_at=max(seen) if seen else None, channel=contact.channel or other.channel,
        language=contact.language or other.language, timezone=contact.timezone or other.timezone,
        marks={**contact.marks, **other.marks},
    )  # fmt: skip
    if not contact.first_name and not contact.last_name:
        contact = replace(contact, first_name=other.first_name, last_name=other.last_name)
    if other.owner == "person" and contact.owner == "bot":
        contact = replace(contact, owner="person", owner_until=other.owner_until)
    return contact


def _part(other: Contact, present: tuple[Identity, ...], entry: InboxEntry, writes: Writes, now: datetime) -> None:
    """The number was somebody else's before: it is taken from that contact, who keeps everything besides."""
    lost = [one.value for one in other.identities if one in present]
    data = {"channel": entry.channel, "former": lost, "ids": []}
    writes.events.append((other.id, "identity_changed", now, jsons.dumps(data)))
