"""Who is known by which phone number or address, and pairs of contacts who may be one: suggested, never joined."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario.ports import Known, Suggestion
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import moment, ms

MOST = 20
"""Others with the same number or address who are suggested; more of them share a telephone, or wrote any number."""


def keep(conn: Connection, known: Mapping[int, Sequence[Known]], now: datetime) -> None:
    """What contacts are known by now, in place of what was; whoever else has it may be the same person."""
    for contact, entries in known.items():
        execute(conn, "DELETE FROM known_by WHERE contact_id = ?", contact)
        for one in entries:
            sql = "INSERT INTO known_by (kind, value, contact_id, field) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            execute(conn, sql, one.kind, one.value, contact, one.field)
    for contact, entries in known.items():
        for one in entries:
            for other in _others(conn, contact, one):
                _suggest(conn, contact, other, one.field, now)


def _others(conn: Connection, contact: int, one: Known) -> list[int]:
    """Contacts who stand for themselves and are known by the same, or have it as an id of theirs."""
    sql = (
        "SELECT DISTINCT COALESCE(c.merged_into, c.id) FROM known_by b JOIN contacts c ON c.id = b.contact_id"
        f" WHERE b.kind = ? AND b.value = ? AND b.contact_id <> ? LIMIT {MOST + 1}"
    )
    found = {row[0] for row in fetch(conn, sql, one.kind, one.value, contact)}
    if one.kind == "phone":
        sql = "SELECT contact_id FROM identities WHERE value = ? AND kind = 'phone'"
        found |= {row[0] for row in fetch(conn, sql, one.value)}
    found.discard(contact)
    return sorted(found) if len(found) <= MOST else []


def _suggest(conn: Connection, contact: int, other: int, because: str, now: datetime) -> None:
    """A pair that somebody has dismissed stays dismissed."""
    sql = (
        "INSERT INTO suggestions (one, two, because, state, at) VALUES (?, ?, ?, 'open', ?)"
        " ON CONFLICT (one, two) DO NOTHING"
    )
    execute(conn, sql, *sorted((contact, other)), because, ms(now))


def kinds(conn: Connection, contacts: Collection[int]) -> dict[str, str]:
    """The fields by which any of these contacts is known, with their types."""
    where, values = among(conn, "contact_id", sorted(contacts))
    return {row[0]: row[1] for row in fetch(conn, f"SELECT DISTINCT field, kind FROM known_by WHERE {where}", *values)}


def settle(conn: Connection, pair: tuple[int, int], state: str, by: str, now: datetime) -> None:
    """A pair is dismissed, or accepted; it need not have been suggested."""
    sql = (
        "INSERT INTO suggestions (one, two, because, state, at, by) VALUES (?, ?, '', ?, ?, ?)"
        " ON CONFLICT (one, two) DO UPDATE SET state = excluded.state, by = excluded.by, at = excluded.at"
    )
    execute(conn, sql, *sorted(pair), state, ms(now), by)


def suggestions(conn: Connection, contact: int | None, state: str, limit: int) -> list[Suggestion]:
    """Pairs in this state, newest first; of one contact, or of all. A pair of whom one is merged by now is none."""
    both = "SELECT id FROM contacts WHERE merged_into IS NULL"
    sql = f"SELECT one, two, because, state, at, by FROM suggestions WHERE state = ? AND one IN ({both}) AND two IN ({both})"
    values: tuple[object, ...] = (state,)
    if contact is not None:
        sql, values = f"{sql} AND (one = ? OR two = ?)", (state, contact, contact)
    rows = fetch(conn, f"{sql} ORDER BY at DESC, one, two LIMIT ?", *values, limit)
    return [Suggestion(row[0], row[1], row[2], row[3], moment(row[4]), row[5]) for row in rows]
