"""Whose turn it is: contacts locked and loaded, with a few statements for a whole batch."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, TextClause
from sqlalchemy.exc import DBAPIError

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.model.session_json import session_from_json
from trinario.model.value import unpack
from trinario.ports import Case, Cases, InboxEntry, Lane
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import moment, moment_or_none, ms
from trinario.store.tables.conversation import AWAITED, UNAWAITED

_CONTACT = (
    "id, created_at, first_name, last_name, language, timezone, fields, tags, consent, last_heard, last_seen_at, "
    "channel, owner, owner_until, pending_link, marks, changed"
)
_ENTRY = "id, contact_id, channel, kind, external_id, body, tries, received_at"


LOCKED = "55P03"
"""SQLSTATE of a lock that somebody else has."""


BULK, BESIDE = 8, 4
"""Rows of bulk that one batch takes; and for how many rows of people it takes one beside them, one at the least: who writes
meanwhile waits for no more turns, and bulk gets on however many write."""

ALONE = 16
"""Rows of bulk that a batch takes where people have batches of their own beside it."""


def claim_cases(conn: Connection, limit: int, now: datetime, pressed: bool = False, lane: Lane = Lane.BOTH) -> Cases:
    """Contacts with pending rows, oldest row first, bulk behind everything else; rows of contacts that another worker holds
    are passed over. `pressed`: somebody waits for this batch, so that it takes little of bulk."""
    wanted = dict.fromkeys(_pending(conn, 0, limit, now) if lane is not Lane.BULK else ())
    room = min(limit - len(wanted), _room(len(wanted), pressed, lane))
    bulk = [one for one in _pending(conn, 1, room, now) if one not in wanted] if room > 0 else []
    locked = _lock(conn, [*wanted, *bulk], "SKIP LOCKED")
    cases = Cases(load(conn, locked, now, bulk=frozenset(bulk)))
    cases.passed = len(wanted) + len(bulk) - len(locked)
    return cases


def _room(people: int, pressed: bool, lane: Lane) -> int:
    """For how many rows of bulk a batch has room beside so many of people."""
    if lane is not Lane.BOTH:
        return ALONE if lane is Lane.BULK else 0
    return max(1, people // BESIDE) if people or pressed else BULK


def _pending(conn: Connection, priority: int, limit: int, now: datetime) -> list[int]:
    """Whose rows are pending, a contact a row."""
    skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    sql = (
        f"SELECT contact_id FROM inbox WHERE status = 0 AND priority = ? AND not_before <= ? ORDER BY id LIMIT ?{skip}"
    )
    return [row[0] for row in fetch(conn, sql, priority, ms(now), limit)]


PARKED = timedelta(hours=1)
"""How far the clock of a session is put off whose contact people have until they give her back; then it is heeded at once."""

ROUNDS, MOST = 3, 250
"""How often one claim looks, and how many sessions of people's contacts are put off at once: who writes waits no longer."""

_DUE = (
    "SELECT s.contact_id, s.id, c.owner FROM sessions s JOIN contacts c ON c.id = s.contact_id"
    " WHERE s.wake_at <= ? AND NOT EXISTS (SELECT 1 FROM inbox i WHERE"
    " i.contact_id = s.contact_id AND i.status = 0 AND i.not_before <= ?) ORDER BY s.wake_at LIMIT ?"
)


def claim_due(conn: Connection, limit: int, now: datetime) -> list[Case]:
    """Contacts of the bot with a session whose clock rang; what she wrote meanwhile comes first.

    Those that people have wait: what is overdue is done when the bot has them again. Until then their clocks are put off,
    so that nobody looks at them at every tick. Behind very many of them nobody is found: then `put_off` goes on.
    """
    due: dict[int, list[str]] = defaultdict(list)
    most = limit
    for _ in range(ROUNDS):
        rows = fetch(conn, _DUE, ms(now), ms(now), most)
        if not (owned := _park(conn, rows, now)):
            break
        most = MOST if owned == len(rows) else limit
    for contact, session, _ in [row for row in rows if row[2] == "bot"][:limit]:
        due[contact].append(session)
    locked = _lock(conn, list(due), "SKIP LOCKED")  # the first due in front
    return load(conn, locked, now, due=due, entries=())


def put_off(conn: Connection, now: datetime) -> int:
    """Put the clocks off of those whom people have, some hundreds of the first that are due; gives how many."""
    return _park(conn, fetch(conn, _DUE, ms(now), ms(now), MOST), now)


def _park(conn: Connection, rows: Sequence[Any], now: datetime) -> int:
    """Of these (contact, session, owner) those of people: a session's own time stays in its state, and holds again as soon as
    the bot has her."""
    owned = [row[1] for row in rows if row[2] != "bot"]
    if owned:
        where, values = among(conn, "id", owned, "text")
        sql = f"UPDATE sessions SET wake_at = ? WHERE wake_at <= ? AND {where}"
        execute(conn, sql, ms(now + PARKED), ms(now), *values)
    return len(owned)


def lock_cases(conn: Connection, contacts: Sequence[int], entries: Sequence[int], now: datetime) -> list[Case] | None:
    """These contacts, locked in id order without waiting; None when somebody else has one of them."""
    try:
        locked = _lock(conn, contacts, "NOWAIT")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == LOCKED:
            return None
        raise
    return load(conn, locked, now, entries=entries) if len(locked) == len(set(contacts)) else None


def hold(conn: Connection, contacts: Sequence[int]) -> list[int]:
    """These contacts, locked in id order; waits for turns that are under way."""
    return _lock(conn, sorted(set(contacts)), "")


def locked_now(conn: Connection, contacts: Sequence[int]) -> list[int]:
    """Those of these contacts that could be locked at once."""
    return _lock(conn, contacts, "SKIP LOCKED")


def _lock(conn: Connection, contacts: Sequence[int], how: str) -> list[int]:
    """The contacts that could be locked and still stand for themselves, in the order given."""
    if not contacts:
        return []
    where, values = among(conn, "id", sorted(set(contacts)))
    tail = "" if conn.dialect.name == "sqlite" else f" ORDER BY id FOR NO KEY UPDATE {how}"
    rows = fetch(conn, f"SELECT id FROM contacts WHERE {where} AND merged_into IS NULL{tail}", *values)
    locked = {row[0] for row in rows}
    return [contact for contact in dict.fromkeys(contacts) if contact in locked]


def load(
    conn: Connection,
    contacts: Sequence[int],
    now: datetime,
    due: dict[int, list[str]] | None = None,
    entries: Sequence[int] | None = None,
    bulk: Collection[int] = (),
) -> list[Case]:
    """What turns need of these contacts. `entries`: these inbox rows only; None: all that are pending and due. `bulk`: those
    that nobody waits for."""
    if not contacts:
        return []
    identities, unreachable = identities_of(conn, contacts, now)
    sessions = _sessions(conn, contacts)
    pending = _entries(conn, contacts, now, entries)
    where, values = among(conn, "id", contacts)
    rows = {row[0]: row for row in fetch(conn, f"SELECT {_CONTACT} FROM contacts WHERE {where}", *values)}
    return [
        Case(
            contact=contact_of(rows[id], tuple(identities[id])),
            sessions=tuple(sessions[id]),
            entries=tuple(pending[id]),
            due=tuple(due[id]) if due else (),
            unreachable=unreachable[id],
            bulk=id in bulk,
        )
        for id in contacts
        if id in rows
    ]


def people(
    conn: Connection, contacts: Sequence[int], known: Mapping[int, Sequence[Identity]] | None = None
) -> list[Contact]:
    """These contacts with their identities, in the order given, unless those are `known`; no lock is taken."""
    if not contacts:
        return []
    identities = identities_of(conn, contacts, None)[0] if known is None else known
    where, values = among(conn, "id", contacts)
    rows = {row[0]: row for row in fetch(conn, f"SELECT {_CONTACT} FROM contacts WHERE {where}", *values)}
    return [contact_of(rows[id], tuple(identities.get(id, ()))) for id in contacts if id in rows]


def contact_of(row: Sequence[Any], identities: tuple[Identity, ...]) -> Contact:
    """A contact out of its row."""
    (
        id,
        created,
        first,
        last,
        language,
        zone,
        fields,
        tags,
        consent,
        heard,
        seen,
        channel,
        owner,
        until,
        link,
        marks,
        changed,
    ) = row
    return Contact(
        id=id,
        created_at=moment(created),
        identities=identities,
        first_name=first,
        last_name=last,
        language=language,
        timezone=zone,
        fields={} if fields == "{}" else {key: unpack(item) for key, item in jsons.loads(fields).items()},
        tags=frozenset() if tags == "[]" else frozenset(jsons.loads(tags)),
        consent={} if consent == "{}" else jsons.loads(consent),
        last_heard={} if heard == "{}" else {key: moment(at) for key, at in jsons.loads(heard).items()},
        last_seen_at=moment_or_none(seen),
        channel=channel,
        owner=owner,
        owner_until=moment_or_none(until),
        pending_link=link,
        marks={} if marks == "{}" else {key: moment(at) for key, at in jsons.loads(marks).items()},
        changed={} if changed == "{}" else {key: moment(at) for key, at in jsons.loads(changed).items()},
    )


def identities_of(
    conn: Connection, contacts: Sequence[int], now: datetime | None
) -> tuple[dict[int, list[Identity]], dict[int, dict[str, str]]]:
    """Their identities, and by channel why they cannot be reached there (a reason that has run out is none any more)."""
    where, values = among(conn, "contact_id", contacts)
    sql = f"SELECT contact_id, channel, kind, value, unreachable, unreachable_until FROM identities WHERE {where} ORDER BY id"
    found: dict[int, list[Identity]] = defaultdict(list)
    unreachable: dict[int, dict[str, str]] = defaultdict(dict)
    for contact, channel, kind, value, reason, until in fetch(conn, sql, *values):
        found[contact].append(Identity(channel, kind, value))
        if reason and (until is None or now is None or until > ms(now)):
            unreachable[contact][channel] = reason
    return found, unreachable


def _sessions(conn: Connection, contacts: Sequence[int]) -> dict[int, list[Session]]:
    where, values = among(conn, "contact_id", contacts)
    sql = f"SELECT contact_id, state FROM sessions WHERE {where} AND status IN ('waiting', 'aside') ORDER BY id"
    found: dict[int, list[Session]] = defaultdict(list)
    for contact, state in fetch(conn, sql, *values):
        found[contact].append(session_from_json(jsons.loads(state)))
    return found


def unsent(conn: Connection, contact: int) -> list[Session]:
    """Sessions of a contact that are over and have said something that nobody sends yet."""
    sql = (
        "SELECT state FROM sessions WHERE status NOT IN ('waiting', 'aside') AND id IN"
        " (SELECT session FROM outbox WHERE contact_id = ? AND status IN (0, 1, 2) AND status = 0) ORDER BY id"
    )
    return [session_from_json(jsons.loads(row[0])) for row in fetch(conn, sql, contact)]


def _entries(
    conn: Connection, contacts: Sequence[int], now: datetime, only: Sequence[int] | None
) -> dict[int, list[InboxEntry]]:
    found: dict[int, list[InboxEntry]] = defaultdict(list)
    if only is not None and not only:
        return found
    where, values = among(conn, "contact_id", contacts)
    if only is not None:
        where, values = among(conn, "id", only)
    sql = f"SELECT {_ENTRY} FROM inbox WHERE {where} AND status = 0 AND not_before <= ? ORDER BY id"
    for id, contact, channel, kind, external_id, body, tries, received in fetch(conn, sql, *values, ms(now)):
        found[contact].append(InboxEntry(id, contact, channel, kind, external_id, body, tries, moment(received)))
    return found


AHEAD = 2000
"""Rows that nobody waits for of which, while they are pending, no timer becomes another one."""


def claim_timers(conn: Connection, limit: int, now: datetime) -> list[tuple[str, int, str, str]]:
    """Due timers, taken away in this transaction: first those that somebody may wait for, then others, as far as the inbox
    has not too many rows of their like already."""
    rows = _timers(conn, AWAITED, limit, now)
    rows += _timers(conn, UNAWAITED, limit - len(rows), now, AHEAD)
    if rows:
        where, values = among(conn, "key", [row[0] for row in rows], "text")
        execute(conn, f"DELETE FROM timers WHERE {where}", *values)
    return rows


def _timers(
    conn: Connection, which: TextClause, limit: int, now: datetime, ahead: int | None = None
) -> list[tuple[str, int, str, str]]:
    """The first due of a kind; none while so many rows of bulk are `ahead` of them."""
    skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    sql = f"SELECT key, contact_id, kind, data FROM timers WHERE {which} AND due_at <= ? ORDER BY due_at LIMIT ?{skip}"
    rows = fetch(conn, sql, ms(now), limit) if limit > 0 else []
    if rows and ahead is not None:
        count = (
            "SELECT COUNT(*) FROM (SELECT 1 FROM inbox WHERE status = 0 AND priority = 1 AND not_before <= ? LIMIT ?) t"
        )
        rows = rows[: max(0, ahead - fetch(conn, count, ms(now), ahead)[0][0])]
    return [(row[0], row[1], row[2], row[3]) for row in rows]
