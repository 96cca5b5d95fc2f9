"""Time tables and what is done once for a trigger: how far it has come, and the contacts one chunk after another."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from trinario.model.contact import Contact
from trinario.ports import Occurrence, Reckoning
from trinario.store.bulk import among, execute, fetch, insert
from trinario.store.cases import people
from trinario.store.moments import moment, ms
from trinario.store.tables import OccurrenceRow, ReckoningRow, TimerRow

OPEN, DONE, PASSED_OVER = 0, 1, 2
"""States of occurrences."""

_OCCURRENCES = insert(
    OccurrenceRow, ("name", "slot", "due_at", "since", "state"), "ON CONFLICT (name, slot) DO NOTHING"
)
_RECKONINGS = insert(ReckoningRow, ("name", "reached", "since"), "ON CONFLICT (name) DO NOTHING")
_TIMERS = insert(TimerRow, ("key", "contact_id", "kind", "due_at", "data"), "ON CONFLICT (key) DO NOTHING")


def open_occurrences(conn: Connection, rows: Sequence[tuple[str, str, datetime, datetime, bool]]) -> int:
    """Write (name, slot, due, since, whether it is passed over); what is there already stays. Gives how many were new."""
    made = [(name, slot, ms(due), ms(since), PASSED_OVER if over else OPEN) for name, slot, due, since, over in rows]
    return _OCCURRENCES.run(conn, made)


FORSAKEN = timedelta(hours=1)
"""Age from which an occurrence may be put away by a process that does not know its time table."""


def claim_occurrence(conn: Connection, names: Sequence[str], now: datetime) -> Occurrence | None:
    """The oldest occurrence whose time has come and that nobody else is at, locked.

    Others than those of `names` are left to processes that serve them (a deployment comes to one after another), for an hour.
    """
    skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    where, values = among(conn, "name", names, "text") if names else ("1 = 0", ())
    sql = (
        "SELECT name, slot, due_at, since, cursor FROM occurrences WHERE state = 0 AND due_at <= ?"
        f" AND ({where} OR due_at <= ?) ORDER BY due_at, name, slot LIMIT 1{skip}"
    )
    for name, slot, due, since, cursor in fetch(conn, sql, ms(now), *values, ms(now - FORSAKEN)):
        return Occurrence(name, slot, moment(due), moment(since), cursor)
    return None


def move_occurrence(conn: Connection, one: Occurrence, cursor: int, done: bool) -> None:
    """It was brought to the contacts up to this one."""
    sql = "UPDATE occurrences SET cursor = ?, state = ? WHERE name = ? AND slot = ?"
    execute(conn, sql, cursor, DONE if done else OPEN, one.name, one.slot)


def reckonings(conn: Connection, names: Sequence[str]) -> Mapping[str, Reckoning]:
    """How far these have come; those never begun are left out."""
    if not names:
        return {}
    where, values = among(conn, "name", names, "text")
    rows = fetch(conn, f"SELECT name, reached, since, done FROM reckonings WHERE {where}", *values)
    return {name: Reckoning(name, reached, moment(since), bool(done)) for name, reached, since, done in rows}


def begin_reckonings(conn: Connection, rows: Sequence[tuple[str, int, datetime]]) -> None:
    """(name, reached, since) of what begins now; what has begun already stays as it is."""
    _RECKONINGS.run(conn, [(name, reached, ms(since)) for name, reached, since in rows])


def claim_reckoning(conn: Connection, names: Sequence[str]) -> Reckoning | None:
    """One of these that is not done and that nobody else is at, locked."""
    if not names:
        return None
    skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    where, values = among(conn, "name", names, "text")
    sql = f"SELECT name, reached, since FROM reckonings WHERE done = 0 AND {where} ORDER BY name LIMIT 1{skip}"
    for name, reached, since in fetch(conn, sql, *values):
        return Reckoning(name, reached, moment(since), False)
    return None


def move_reckoning(conn: Connection, name: str, reached: int, done: bool) -> None:
    """It has come so far; never back."""
    sql = "UPDATE reckonings SET reached = ?, done = ? WHERE name = ? AND reached <= ?"
    execute(conn, sql, reached, int(done), name, reached)


def contacts_after(conn: Connection, cursor: int, limit: int) -> list[Contact]:
    """Contacts with ids above the cursor, in order; those that were merged into others are left out."""
    sql = "SELECT id FROM contacts WHERE id > ? AND merged_into IS NULL ORDER BY id LIMIT ?"
    return people(conn, [row[0] for row in fetch(conn, sql, cursor, limit)])


def add_timers(conn: Connection, rows: Sequence[tuple[str, int, str, datetime, str]]) -> None:
    """(key, contact, kind, due, data): those that are set already stay, for a turn has set them."""
    _TIMERS.run(conn, [(key, contact, kind, ms(due), data) for key, contact, kind, due, data in rows])
