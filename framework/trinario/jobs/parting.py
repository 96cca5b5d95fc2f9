"""A merge is undone: both are there again, and what happened meanwhile is hers on whose identity it did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from trinario import jsons
from trinario.jobs.effects import owner_returns
from trinario.jobs.known import known_of
from trinario.jobs.merging import BOTH
from trinario.jobs.outbound import fate
from trinario.jobs.received import UNSPOKEN
from trinario.model.channel import Identity
from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.model.merge import Before, Link, Side, Since, part, strip
from trinario.model.session import session_from_json
from trinario.ports import Merge, Unit, Writes

MOST = 100_000
"""Entries of a ledger that are looked at."""


@dataclass(frozen=True, slots=True)
class Parted:
    """Two contacts who are two again."""

    kept: int
    taken: int


@dataclass(frozen=True, slots=True)
class CannotPart:
    """Why a merge cannot be undone: it is not there, or was undone before."""

    why: str


@dataclass(frozen=True, slots=True)
class _Meanwhile:
    """What came in since, of the one who was taken (rows) and of both, in order."""

    rows: Sequence[tuple[int, str, str]]
    since: Since


def undo(unit: Unit, merge: int, by: str, reason: str, now: datetime) -> Parted | CannotPart | None:
    """Undo a merge. None: she is busy, try again."""
    found = unit.merge(merge)
    if found is None:
        return CannotPart(f"there is no merge {merge}")
    if found.undone_at is not None:
        return CannotPart(f"merge {merge} was undone at {found.undone_at:%Y-%m-%d %H:%M} UTC by {found.undone_by}")
    holder = unit.contact_ids({"id": found.kept})[0]
    cases = unit.lock_cases([holder], (), now)
    if not cases:
        return None
    _undo(unit, found, cases[0].contact, by, reason, now)
    return Parted(found.kept, found.taken)


def _undo(unit: Unit, merge: Merge, holder: Contact, by: str, reason: str, now: datetime) -> None:
    identities = [*unit.moved_identities(merge.id), *unit.former_identities(merge.id)]
    meanwhile = _meanwhile(unit, merge, holder, identities)
    left, taken = part(holder, merge.before, meanwhile.since)
    if holder.id != merge.kept:
        left = strip(holder, merge.before)
    family = unit.family(holder.id)
    unit.undo_merge(merge, holder.id, by, reason, now)
    unit.give(merge, holder.id, meanwhile.rows, identities)
    _forget_later(unit, merge, family)
    writes = Writes(contacts={left.id: left, taken.id: taken})
    for key, session, awaited in unit.withdraw_strays(holder.id, taken.id):
        if awaited:
            writes.inward.append(fate(holder.id, key, session, "failed", "parted"))
    _restore(unit, merge, writes)
    unit.resume(merge.id, sorted(writes.sessions))
    for one in (left, taken):
        if one.owner == "person":
            owner_returns(one, one.owner_until, writes)
        data = {"merge": merge.id, "from": taken.id if one is left else left.id, "by": by, "reason": reason}
        writes.events.append((one.id, "contacts_parted", now, jsons.dumps(data)))
    unit.settle_suggestion((merge.kept, merge.taken), "dismissed", by, now)
    if kinds := unit.known_kinds((left.id, taken.id)):
        writes.known = {one.id: known_of(kinds, one) for one in (left, taken)}
    unit.write(writes, now)


def _meanwhile(unit: Unit, merge: Merge, holder: Contact, identities: Collection[Identity]) -> _Meanwhile:
    heard: list[tuple[datetime, Side, str]] = []
    rows: list[tuple[int, str, str]] = []
    theirs, ours = set[int](), set[int]()
    for id, channel, name, kind, body, received in unit.heard_since(holder.id, merge.mark):
        told = jsons.loads(body)
        named = told.get("i") if kind in ("heard", "echo") else next(iter(told.get("former") or ()), None)
        identity = Identity(*named) if named else None
        if identity is None:
            continue
        side: Side = "taken" if identity in identities else "kept"
        (theirs if side == "taken" else ours).add(id)
        if side == "taken":
            rows.append((id, channel, name))
        if kind == "heard" and told["kind"] not in UNSPOKEN:
            heard.append((_at(told, received), side, channel))
    since = Since(heard)
    consents = _consents(unit, merge, holder, (theirs, ours), since)
    return _Meanwhile(rows, Since(heard, consents))


def _at(told: Mapping[str, Any], received: datetime) -> datetime:
    at = datetime.fromisoformat(told["at"])
    return at if at.year > 1971 else received


def _consents(
    unit: Unit, merge: Merge, holder: Contact, ids: tuple[set[int], set[int]], since: Since
) -> list[tuple[Side, RecordConsent]]:  # fmt: skip
    """The entries that were made since, oldest first, each with whose it is."""
    theirs, ours = ids
    found: list[tuple[Side, RecordConsent]] = []
    for row in reversed(unit.ledger(holder.id, MOST)):
        at = datetime.fromtimestamp(row["at"] / 1000, UTC)
        number = int(row["origin"][1:]) if row["origin"][1:].isdigit() else 0
        if not (number in theirs or number in ours or at > merge.at):
            continue
        side: Side = "taken" if number in theirs else "kept" if number in ours else since.side_at(at)
        channels = (row["channel"],) if row["channel"] else ()
        found.append((side, RecordConsent(row["purpose"], row["state"], row["evidence"], channels)))
    return found


def _forget_later(unit: Unit, merge: Merge, family: Collection[int]) -> None:
    """What later merges know of before them no longer holds what this one had brought."""
    within = {merge.kept}
    for later in unit.later_merges(merge, family):
        before = later.before
        if later.kept in within:
            before = replace(before, kept=strip(before.kept, merge.before), united=strip(before.united, merge.before))
        elif later.taken in within:
            before = replace(before, taken=strip(before.taken, merge.before), united=strip(before.united, merge.before))
            within.add(later.kept)
        else:
            continue
        unit.rewrite_merge(replace(later, before=before))


def _restore(unit: Unit, merge: Merge, writes: Writes) -> None:
    """Sessions that the merge ended or set aside stand where they stood, unless they have moved since; behind what she
    was asked meanwhile."""
    if not merge.ended:
        return
    sessions = unit.sessions(merge.taken, MOST)
    pending = any(one.foreground for one in sessions)
    for session in sessions:
        told = merge.ended.get(session.id)
        if told is None:
            continue
        before = session_from_json(told)
        still = session.status == "aside" or (session.status == "stopped" and session.reason == BOTH)
        if still and session.turns == before.turns:
            status = "aside" if pending and before.foreground else before.status
            writes.sessions[session.id] = replace(before, contact=merge.taken, status=status)


def unlink(
    unit: Unit, contact: int, identity: Identity, by: str, reason: str, now: datetime
) -> Parted | CannotPart | None:
    """One identity goes its own way, with what was said and heard on it: as it was, if it came by a merge of its own, else
    as a contact of whom nothing else is known. None: she is busy, try again."""
    cases = unit.lock_cases([contact], (), now)
    if not cases:
        return None
    hers = cases[0].contact
    if identity not in hers.identities:
        return CannotPart(f"contact {contact} has no identity {identity.channel}:{identity.value}")
    if len(hers.identities) == 1:
        return CannotPart("it is her only identity: erase her, if that is what you mean")
    for merge in unit.merges_of(contact):
        if merge.undone_at is None and unit.moved_identities(merge.id) == [identity]:
            return undo(unit, merge.id, by, reason, now)
    stranger = unit.new_contact(now)
    alone, link = (
        Contact(stranger, now),
        Link(by, {"identity": [identity.channel, identity.kind, identity.value]}, reason),
    )
    before = Before(replace(hers, identities=()), alone, hers)
    id = unit.add_unlink(Merge(contact, stranger, now, link.by, reason, link.evidence, before), identity)
    return undo(unit, id, by, reason, now)
