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
from trinario.jobs.tickets import SILENCE, give_back
from trinario.model.channel import Identity
from trinario.model.consent import Consents, RecordConsent, stricter
from trinario.model.contact import TAKEN, WROTE, Contact, wrote_from
from trinario.model.merge import Link
from trinario.model.part import Before, Side, Since, part, strip
from trinario.model.session import Session
from trinario.model.session_json import session_from_json
from trinario.model.untangle import Joining, Word, staying
from trinario.model.value import plain
from trinario.ports import Merge, Unit, Writes

MOST = 100_000
"""Entries of a ledger that are looked at."""

PARTED = "parted"
"""The origin of what stands in a ledger because the other one, who was one with her then, has said it."""

SHORTEST = 3
"""Characters of a value below which it says nothing of anybody."""


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
    """What came in since, of the one who was taken (rows) and of both, in order; what was said of permissions; and the
    tickets that were opened since and are open still, with on whose word each was."""

    rows: Sequence[tuple[int, str, str]]
    since: Since
    words: Sequence[Word]
    tickets: Sequence[tuple[int, Side]]


def undo(unit: Unit, merge: int, by: str, reason: str, now: datetime) -> Parted | CannotPart | None:
    """Undo a merge. None: she is busy, try again."""
    found = unit.merges.find(merge)
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
    moved = unit.merges.moved_identities(merge.id)
    identities = [*moved, *unit.merges.former_identities(merge.id)]
    later = unit.merges.later(merge, unit.privacy.family(holder.id))
    meanwhile = _meanwhile(unit, merge, holder, identities, bool(later))
    left, taken = part(holder, merge.before, meanwhile.since)
    if holder.id != merge.kept:
        others = _others(merge, later)
        left = strip(holder, merge.before, meanwhile.since, others)
        theirs = meanwhile.since.people == {"taken"}
        if theirs and all(one.owner == "bot" for one in (merge.before.kept, *others)):
            left = replace(left, owner="bot", owner_until=None)
    consent, then = staying(merge.before.kept.consent, meanwhile.words, _joinings(unit, merge, later))
    stay = [one for one in holder.identities if one not in identities]
    left, taken = _accounts(replace(left, consent=consent), stay, identities), _accounts(taken, moved, stay)
    unit.merges.undo(merge, holder.id, by, reason, now)
    unit.merges.give(merge, holder.id, meanwhile.rows, identities)
    for one, side in ((left, "kept"), (taken, "taken")):
        unit.tickets.give([id for id, whose in meanwhile.tickets if whose == side], one.id)
    _forget_later(unit, merge, later, then, meanwhile.since)
    left, taken = (_given_back(one, holder, merge, now) for one in (left, taken))
    writes = Writes(contacts={left.id: left, taken.id: taken})
    voided = unit.merges.close_offers((left.id, taken.id), merge.at, now)
    strange = {left.id: _told_of(holder, taken) - _told_of(left), taken.id: _told_of(holder, left) - _told_of(taken)}
    for whose, key, session, awaited in unit.merges.withdraw_strays(strange, merge.at):
        if awaited:
            writes.inward.append(fate(whose, key, session, "failed", "parted"))
    _held_for_both(meanwhile, left, taken, writes)
    _restore(unit, merge, writes)
    for contact in (left.id, taken.id) if voided else ():
        _offer_anew(unit, contact, voided, f"m{merge.id}", writes)
    unit.merges.resume(merge.id, writes.sessions)
    for one in (left, taken):
        if one.owner == "person" and one.owner_until == now:
            writes.inward.append(give_back(f"parted:{merge.id}:{one.id}", one.id, SILENCE))
        else:
            owner_returns(one, one.owner_until if one.owner == "person" else None, writes)
        data = {"merge": merge.id, "from": taken.id if one is left else left.id, "by": by, "reason": reason}
        writes.events.append((one.id, "contacts_parted", now, jsons.dumps(data)))
    unit.merges.settle_suggestion((merge.kept, merge.taken), "dismissed", by, now)
    if kinds := unit.merges.known_kinds((left.id, taken.id)):
        writes.known = {one.id: known_of(kinds, one) for one in (left, taken)}
    unit.write(writes, now)


def _given_back(one: Contact, holder: Contact, merge: Merge, now: datetime) -> Contact:
    """She whom people took meanwhile only because she was one with somebody else is given back to the bot, in her order, so that what
    waited for the people is done."""
    since = (holder.owner, holder.owner_until) != (merge.before.united.owner, merge.before.united.owner_until)
    if since and holder.owner == "person" and one.owner == "bot":
        marks = {name: at for name, at in one.marks.items() if name != TAKEN}
        return replace(one, owner="person", owner_until=now, marks=marks)
    return one


def _told_of(*contacts: Contact) -> set[str]:
    """What is known of them, as it may stand in a message."""
    values = [value for one in contacts for value in (one.first_name, one.last_name, *one.fields.values())]
    words = {str(plain(value)) for value in values if value is not None and not isinstance(value, bool | list | dict)}
    return {word for word in words if len(word) >= SHORTEST}


def _accounts(contact: Contact, own: Collection[Identity], others: Collection[Identity]) -> Contact:
    """The contact without what told from which account of the two she wrote; her own several are her own."""
    several = {one.channel for one in own if sum(other.channel == one.channel for other in own) > 1}
    strange = {wrote_from(one) for one in others}
    marks = {
        name: at for name, at in contact.marks.items()
        if not name.startswith(WROTE) or (name.split(":")[1] in several and name not in strange)
    }  # fmt: skip
    return replace(contact, marks=marks)


def _meanwhile(
    unit: Unit, merge: Merge, holder: Contact, identities: Collection[Identity], others: bool
) -> _Meanwhile:  # fmt: skip
    """`others`: somebody else is in it as well, whose tickets are not told from theirs."""
    heard: list[tuple[datetime, Side, str]] = []
    came: list[tuple[datetime, Side]] = []
    rows: list[tuple[int, str, str]] = []
    whose: dict[int, tuple[Side, Identity]] = {}
    spoken: list[tuple[datetime, Side]] = []
    back, (echoes, replies) = merge.at, unit.merges.said_by_people(holder.id, merge.at)
    for id, channel, name, kind, body, received in unit.merges.heard_since(holder.id, merge.mark):
        told = jsons.loads(body)
        named = told.get("i") if kind in ("heard", "echo", "news") else next(iter(told.get("former") or ()), None)
        identity = Identity(*named) if named else None
        back = received if kind == "owner" else back
        if identity is None:
            continue
        side: Side = "taken" if identity in identities else "kept"
        whose[id] = side, identity
        if side == "taken":
            rows.append((id, channel, name))
        if kind == "echo" and (channel, name) in echoes:
            spoken.append((received, side))
        if kind == "heard" and told["kind"] not in UNSPOKEN:
            heard.append((_at(told, received), side, channel))
            came.append((received, side))
    then = Since(heard, came=came)
    words = _words(unit, merge, holder, whose, then)
    spoken.extend((at, "taken" if identity in identities else "kept") for at, identity in replies)
    brought = unit.merges.tickets_before(merge.id)
    open_now = () if others else unit.tickets.of(holder.id)
    tickets = [
        (one.id, one.opened_at, then.side_then(one.opened_at))
        for one in open_now
        if one.id not in brought  # and the merge may have opened one itself, that is of no session
        and (one.opened_at > merge.at or (one.opened_at == merge.at and one.session))
    ]
    people = {side for at, side in (*spoken, *((at, side) for _, at, side in tickets)) if at >= back}
    since = Since(heard, [(word.side, word.entry) for word in words], came, people)
    return _Meanwhile(rows, since, words, [(id, side) for id, _, side in tickets])


def _at(told: Mapping[str, Any], received: datetime) -> datetime:
    at = datetime.fromisoformat(told["at"])
    return at if at.year > 1971 else received


def _words(
    unit: Unit, merge: Merge, holder: Contact, whose: Mapping[int, tuple[Side, Identity]], since: Since
) -> list[Word]:
    """The entries that were made since, as they were said, each with whose it is."""
    found: list[Word] = []
    for row in reversed(unit.ledger(holder.id, MOST)):
        at = datetime.fromtimestamp(row["at"] / 1000, UTC)
        number = int(row["origin"][1:]) if row["origin"][1:].isdigit() else 0
        if number not in whose and at <= merge.at:
            continue
        side, identity = whose.get(number, (since.side_then(at), None))
        channels = (row["channel"],) if row["channel"] else ()
        entry = RecordConsent(row["purpose"], row["state"], row["evidence"], channels)
        found.append(Word(at, number if identity else 0, side, identity, entry))
    return sorted(found, key=lambda word: word.at)


def _held_for_both(meanwhile: _Meanwhile, left: Contact, taken: Contact, writes: Writes) -> None:
    """What was taken back meanwhile is in the ledger of both: whoever is parted from others later has it still."""
    moved = {id for id, _, _ in meanwhile.rows}
    for word in meanwhile.words:
        if word.entry.state != "granted":
            other = left if word.number in moved else taken
            writes.consents.append((other.id, replace(word.entry, origin=PARTED), word.at))


def _joinings(unit: Unit, merge: Merge, later: Sequence[Merge]) -> list[Joining]:
    """How the one kept was joined to others since."""
    within, found = {merge.kept}, list[Joining]()
    for one in later:
        if one.kept not in within and one.taken not in within:
            continue
        theirs = one.kept in within
        moved = frozenset((*unit.merges.moved_identities(one.id), *unit.merges.former_identities(one.id)))
        consent = (one.before.taken if theirs else one.before.kept).consent
        found.append(Joining(one.id, one.at, one.mark, moved, theirs, consent))
        within.add(one.kept)
    return found


def _others(merge: Merge, later: Sequence[Merge]) -> list[Contact]:
    """Who else was joined with the one kept since, as they came."""
    within, found = {merge.kept}, list[Contact]()
    for one in later:
        if one.kept in within:
            found.append(one.before.taken)
        elif one.taken in within:
            found.append(one.before.kept)
            within.add(one.kept)
    return found


def _forget_later(
    unit: Unit, merge: Merge, later: Sequence[Merge], then: Mapping[int, Consents], since: Since
) -> None:  # fmt: skip
    """What later merges know of before them no longer holds what this one had brought. `then`: what she had granted
    right before each."""
    within = {merge.kept}
    for one in later:
        before = one.before
        if one.kept in within:
            kept, other = replace(strip(before.kept, merge.before, since), consent=then[one.id]), before.taken
            before = replace(before, kept=kept)
        elif one.taken in within:
            taken, other = replace(strip(before.taken, merge.before, since), consent=then[one.id]), before.kept
            before = replace(before, taken=taken)
            within.add(one.kept)
        else:
            continue
        united = replace(
            strip(before.united, merge.before, since, (other,)), consent=stricter(then[one.id], other.consent)
        )
        unit.merges.rewrite(replace(one, before=replace(before, united=united)))


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


def _offer_anew(unit: Unit, contact: int, voided: Collection[str], name: str, writes: Writes) -> None:
    """Sessions that wait behind a link which opens nothing any more show another one when they ask again."""
    for known in unit.sessions(contact, MOST):
        session = writes.sessions.get(known.id, known)
        if (anew := offered_anew(session, voided, name)) != session:
            writes.sessions[session.id] = anew


def offered_anew(session: Session, voided: Collection[str], name: str) -> Session:
    """A session that waits behind a link which opens nothing any more has another one from now on, called so."""
    wait = session.wait
    if not session.live or wait is None or wait.kind != "switch" or wait.offer not in voided:
        return session
    return replace(session, wait=replace(wait, offer=f"{wait.offer}+{name}"))


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
    for merge in unit.merges.of(contact):
        if merge.undone_at is None and unit.merges.moved_identities(merge.id) == [identity]:
            return undo(unit, merge.id, by, reason, now)
    stranger = unit.new_contact(now)
    alone, link = (
        Contact(stranger, now),
        Link(by, {"identity": [identity.channel, identity.kind, identity.value]}, reason),
    )
    before = Before(replace(hers, identities=()), alone, hers)
    id = unit.merges.add_unlink(Merge(contact, stranger, now, link.by, reason, link.evidence, before), identity)
    return undo(unit, id, by, reason, now)
