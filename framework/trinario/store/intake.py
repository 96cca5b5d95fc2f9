"""What came in: identities found or made, contacts locked, inbox rows written in order."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.country import country_of_identity
from trinario.ports import Inward
from trinario.store.bulk import Row, among, execute, fetch, insert
from trinario.store.moments import ms
from trinario.store.tables import IdentityRow, InboxRow

KEPT = 3
"""Status of a row that nobody has to handle: kept, counted, visible."""

REKEYED = "rekeyed"
"""Kind of a row that tells of ids that change: it is of whoever had the former ones."""

LONGEST = 255
"""Characters of an external id."""

_INBOX = insert(
    InboxRow,
    ("contact_id", "channel", "external_id", "kind", "body", "raw", "received_at", "status", "priority"),
    "ON CONFLICT DO NOTHING",
)
_IDENTITIES = insert(
    IdentityRow, ("contact_id", "channel", "kind", "value", "created_at", "country"), "ON CONFLICT DO NOTHING"
)


def take_in(conn: Connection, items: Sequence[Inward], now: datetime) -> int:
    """Write the items to the inbox; a copy of what is there already is dropped. Gives how many were new.

    Where ids of several contacts were seen together, a row that says so (`joined`) comes before the item.
    """
    named = sorted({identity for item in items if item.contact is None for identity in item.identities}, key=_order)
    known = _known(conn, named)
    if any(identity not in known for identity in named):
        _make(conn, items, known, now)
    moved, parted = _lock(conn, sorted({known[i] for i in named} | {item.contact for item in items if item.contact}))
    if parted:  # meanwhile an id may have gone back to somebody who was merged into her
        known |= _known(conn, named)
        moved |= _lock(conn, sorted(set(known.values())))[0]
    at = ms(now)
    rows: list[Row] = []
    for item in items:
        contact = item.contact if item.contact is not None else _of(item, known)
        contact = moved.get(contact, contact) if contact is not None else None
        if len(item.identities) > 1 and item.contact is None and item.kind != REKEYED:
            rows += _joined(item, contact, known, at)
        status = KEPT if item.kind == "unsupported" or contact is None else 0
        rows.append(
            (contact, item.channel, item.external_id, item.kind, item.body, item.raw, at, status, int(item.bulk))
        )
    return _INBOX.run(conn, rows)


def _order(identity: Identity) -> tuple[str, str, str]:
    return (identity.value, identity.channel, identity.kind)


def _of(item: Inward, known: dict[Identity, int]) -> int | None:
    """Whose it is: a scoped id names the person, a telephone number whoever has it; what changes is told by the former id."""
    if not item.identities:
        return None
    first = item.identities[0]
    if len(item.identities) > 1 and item.kind != REKEYED:
        first = next((identity for identity in item.identities if identity.kind == "bsuid"), first)
    return known[first]


def _joined(item: Inward, contact: int | None, known: dict[Identity, int], at: int) -> list[Row]:
    """The row that comes first when ids of several contacts were seen together: they are one (jobs/unite.py)."""
    if len({known[identity] for identity in item.identities}) == 1:
        return []
    ids = [[identity.channel, identity.kind, identity.value] for identity in item.identities]
    body = jsons.dumps({"former": [], "identities": ids, "text": ""})
    name = f"joined:{item.external_id}"[:LONGEST]
    return [(contact, item.channel, name, "joined", body, None, at, 0, 0)]


def _known(conn: Connection, identities: Sequence[Identity]) -> dict[Identity, int]:
    if not identities:
        return {}
    where, values = among(conn, "value", sorted({identity.value for identity in identities}), "text")
    rows = fetch(conn, f"SELECT channel, kind, value, contact_id FROM identities WHERE {where}", *values)
    found = {Identity(channel, kind, value): contact for channel, kind, value, contact in rows}
    return {identity: found[identity] for identity in identities if identity in found}


def _make(conn: Connection, items: Sequence[Inward], known: dict[Identity, int], now: datetime) -> None:
    """Give every unknown identity a contact: that of the identity it came with, else a new one."""
    groups = _groups(items, known)
    fresh = [group for group in groups if not any(identity in known for identity in group)]
    contacts = iter(_new_contacts(conn, len(fresh), now))
    rows = []
    for group in groups:
        owner = next((known[identity] for identity in group if identity in known), None)
        contact = owner if owner is not None else next(contacts)
        for identity in group:
            if identity not in known:
                known[identity] = contact
                told = country_of_identity(identity) or ""
                rows.append((contact, identity.channel, identity.kind, identity.value, ms(now), told))
    if _IDENTITIES.run(conn, rows) < len(rows):
        _yield_to_others(conn, rows, known)


def _groups(items: Sequence[Inward], known: dict[Identity, int]) -> list[list[Identity]]:
    """Identities that were seen together, in order of value, those with something unknown only."""
    leader: dict[Identity, list[Identity]] = {}
    for item in items:
        if item.contact is not None or all(identity in known for identity in item.identities):
            continue
        group = next((leader[identity] for identity in item.identities if identity in leader), [])
        for identity in item.identities:
            if identity not in leader:
                leader[identity] = group
                group.append(identity)
    unique = {id(group): group for group in leader.values()}
    return sorted(unique.values(), key=lambda group: _order(min(group, key=_order)))


def _new_contacts(conn: Connection, count: int, now: datetime) -> list[int]:
    if not count:
        return []
    if conn.dialect.name == "sqlite":
        sql = "INSERT INTO contacts (created_at) VALUES (?)"
        return [conn.exec_driver_sql(sql, (ms(now),)).lastrowid for _ in range(count)]
    sql = "INSERT INTO contacts (created_at) SELECT ? FROM generate_series(1, ?) RETURNING id"
    return [row[0] for row in fetch(conn, sql, ms(now), count)]


def _yield_to_others(
    conn: Connection, rows: Iterable[tuple[int, str, str, str, int, str]], known: dict[Identity, int]
) -> None:
    """Another process made some of these identities meanwhile: take its contacts and drop ours that are left empty."""
    ours = {Identity(channel, kind, value): contact for contact, channel, kind, value, *_ in rows}
    actual = _known(conn, list(ours))
    known.update(actual)
    empty = sorted(set(ours.values()) - set(actual.values()))
    if empty:
        where, values = among(conn, "id", empty)
        execute(conn, f"DELETE FROM contacts WHERE {where}", *values)


def _lock(conn: Connection, contacts: Sequence[int]) -> tuple[dict[int, int], bool]:
    """Lock the contacts before inbox ids are drawn, so that ids grow per contact. Gives those merged away meanwhile, and
    whether any of them was ever parted from somebody (never on SQLite, where nobody comes between)."""
    moved: dict[int, int] = {}
    asked: set[int] = set()
    wanted, parted = set(contacts), False
    while wanted - asked:
        where, values = among(conn, "id", sorted(wanted - asked))
        alone = conn.dialect.name == "sqlite"
        lock = " AND merged_into IS NOT NULL" if alone else " ORDER BY id FOR NO KEY UPDATE"
        asked |= wanted
        rows = fetch(conn, f"SELECT id, merged_into, parted FROM contacts WHERE {where}{lock}", *values)
        moved |= {row[0]: row[1] for row in rows if row[1] is not None}
        parted = parted or any(row[2] for row in rows if not alone)
        wanted = {moved[contact] for contact in wanted if contact in moved}
    return {contact: _end(moved, contact) for contact in moved}, parted


def _end(moved: dict[int, int], contact: int) -> int:
    """The contact that has everything of this one now."""
    while contact in moved:
        contact = moved[contact]
    return contact
