"""Two contacts who are one: a webhook showed an id of each, or an id of hers became one that another contact has.

Outside of the batches, in one transaction over both contacts, locked in id order without waiting.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.beside import ids_of, rekey
from trinario.jobs.merging import join
from trinario.jobs.received import DONE, TurnLine
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.merge import Link
from trinario.ports import InboxEntry, Unit, Writes

JUST_NOW = timedelta(hours=1)
"""A contact that is no older than that when a changed number is told of is she herself, who wrote before it was told."""


def unite(unit: Unit, bot: Bot, entry: InboxEntry, now: datetime) -> list[TurnLine] | None:
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
    link = Link("webhook", {"inbox": entry.id, "identities": [one.value for one in present]})
    for other in others:
        if _is_she(contact, by_id[other].contact, present, entry, bool(former)):
            contact = join(unit, bot, replace(hers, contact=contact), by_id[other], link, writes, now)
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


def _part(other: Contact, present: tuple[Identity, ...], entry: InboxEntry, writes: Writes, now: datetime) -> None:
    """The number was somebody else's before: it is taken from that contact, who keeps everything besides."""
    lost = [one.value for one in other.identities if one in present]
    data = {"channel": entry.channel, "former": lost, "ids": []}
    writes.events.append((other.id, "identity_changed", now, jsons.dumps(data)))
