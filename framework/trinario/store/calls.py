"""Calls to the outside: claimed by a run, settled, taken over when their process died."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.ports import CallEntry, CallOrder, CallSettled
from trinario.store.bulk import Bulk, among, execute, fetch, insert
from trinario.store.moments import ms, ms_or_none
from trinario.store.tables import CallRow

PENDING, CALLING, FAILED, WITHDRAWN = 0, 1, 3, 9

_COLUMNS = "id, key, contact_id, session, kind, lane, request, timeout, retries, again, attempts"
_ORDERS = insert(
    CallRow,
    (
        "key",
        "contact_id",
        "session",
        "cause",
        "kind",
        "lane",
        "request",
        "timeout",
        "retries",
        "again",
        "until",
        "created_at",
    ),
    "ON CONFLICT DO NOTHING",
)
_SETTLED = Bulk(
    CallRow,
    ("status", "attempts", "reason", "code", "not_before", "id", "run"),
    "UPDATE calls SET status = ?1, attempts = ?2, reason = ?3, code = ?4, not_before = ?5, run = NULL"
    " WHERE id = ?6 AND status = 1 AND run = ?7",
    "UPDATE calls AS t SET status = r.status, attempts = r.attempts, reason = r.reason, code = r.code,"
    " not_before = r.not_before, run = NULL FROM {rows} WHERE t.id = r.id AND t.status = 1 AND t.run = r.run",
)


def order(conn: Connection, orders: Sequence[CallOrder], at: int) -> None:
    """Write the calls that turns want made."""
    _ORDERS.run(conn, [
        (one.key, one.contact, one.session, one.cause, one.kind, lane_of(one), jsons.dumps(one.request), round(one.timeout * 1000),
         one.retries, int(one.again), ms(one.until), at)
        for one in orders
    ])  # fmt: skip


def withdraw(conn: Connection, sessions: Sequence[str]) -> None:
    """Calls of these sessions that nobody makes yet are not made."""
    where, values = among(conn, "session", sessions, "text")
    execute(conn, f"UPDATE calls SET status = {WITHDRAWN} WHERE status = 0 AND {where}", *values)


def lane_of(one: CallOrder) -> str:
    """Whom a call is to: the host of an address, else the kind. What a secret hides is told by its name."""
    if one.kind != "http":
        return one.kind
    pieces = one.request.get("url", ())
    pieces = (pieces,) if isinstance(pieces, str) else pieces
    address = "".join(one if isinstance(one, str) else f"{one.get('secret', '')}" for one in pieces)
    return f"http {address.partition('://')[2].partition('/')[0].partition('?')[0].rpartition('@')[2].lower()}"


def claim(
    conn: Connection, limit: int, run: int, now: datetime, busy: Mapping[str, int] | None = None, most: int = 0
) -> list[CallEntry]:
    """Calls that are to be made now; they are ours until they are settled. `busy` says how many are out in each lane, and
    `most` how many may be (0: any number). What was out when processes ended is made after what was not: it may be what ended
    them, and keeps nobody back."""
    skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    out = Counter(busy or {})
    full = [lane for lane, count in out.items() if most and count >= most]
    where, values = among(conn, "lane", full, "text") if full else ("", ())
    but = f" AND NOT ({where})" if where else ""
    due = f"status = 0 AND not_before <= ? AND until > ?{but}"
    sql = f"SELECT {_COLUMNS} FROM calls WHERE {due} ORDER BY lives, id LIMIT ?{skip}"
    rows = []
    for row in fetch(conn, sql, ms(now), ms(now), *values, limit):
        out[row[5]] += 1
        if not most or out[row[5]] <= most:
            rows.append(row)
    if rows:
        where, values = among(conn, "id", [row[0] for row in rows])
        execute(conn, f"UPDATE calls SET status = {CALLING}, run = ? WHERE {where}", run, *values)
    return [_entry(row) for row in rows]


def settle(conn: Connection, settled: Sequence[CallSettled], run: int) -> set[int]:
    """Record what became of calls; gives those that were still ours."""
    if not settled:
        return set()
    where, values = among(conn, "id", [one.id for one in settled])
    lock = "" if conn.dialect.name == "sqlite" else " FOR UPDATE"
    rows = fetch(conn, f"SELECT id FROM calls WHERE status = 1 AND run = ? AND {where}{lock}", run, *values)
    _SETTLED.run(conn, [
        (one.status, one.attempts, one.reason or None, one.status_code, ms_or_none(one.not_before) or 0, one.id, run)
        for one in settled
    ])  # fmt: skip
    return {row[0] for row in rows}


ORPHANED = "the process ended while the call was out"

MOST_LIVES = 10
"""Times that a call may be taken over: one that ends every process that makes it is not made for ever. It stands behind all
others meanwhile, so many lives cost them nothing; of 600 calls through 60 kills three had more than five. Its tries are counted
apart: a process that ends takes none of the retries that its answers have."""


def orphan(conn: Connection, run: int) -> list[CallEntry]:
    """Calls that a dead process had out: those that may be made again are pending, the others have failed."""
    lost: list[CallEntry] = []
    for other in _dead(conn, run):
        sql = (
            "UPDATE calls SET status = CASE WHEN again = 1 AND lives < ? THEN 0 ELSE 3 END, run = NULL, reason = ?,"
            f" lives = lives + 1 WHERE status = 1 AND run = ? RETURNING {_COLUMNS}, status"
        )
        lost += [_entry(row[:-1], row[-1] == PENDING) for row in fetch(conn, sql, MOST_LIVES, ORPHANED, other)]
    return lost


def _dead(conn: Connection, run: int) -> list[int]:
    """The runs with calls out whose process is gone. On SQLite one process owns the file: all runs but ours."""
    runs = [row[0] for row in fetch(conn, "SELECT DISTINCT run FROM calls WHERE status = 1 AND run IS NOT NULL")]
    others = [other for other in runs if other != run]
    if conn.dialect.name == "sqlite":
        return others
    return [one for one in others if fetch(conn, "SELECT pg_try_advisory_xact_lock(?::bigint)", one)[0][0]]


def late(conn: Connection, now: datetime) -> list[CallEntry]:
    """Calls that nobody could make in time have failed."""
    sql = (
        "UPDATE calls SET status = 3, reason = 'it could not be made in time' WHERE status = 0 AND until <= ?"
        f" RETURNING {_COLUMNS}"
    )
    return [_entry(row) for row in fetch(conn, sql, ms(now))]


def unclaim(conn: Connection, run: int, in_hand: Collection[int]) -> int:
    """Calls claimed for this run that it does not have in hand are pending again: its claim was lost on the way back."""
    rows = fetch(conn, "SELECT id FROM calls WHERE status = 1 AND run = ?", run)
    if strays := [row[0] for row in rows if row[0] not in in_hand]:
        where, values = among(conn, "id", strays)
        execute(conn, f"UPDATE calls SET status = 0, run = NULL WHERE status = 1 AND {where}", *values)
    return len(strays)


def _entry(row: Sequence[Any], again: bool | None = None) -> CallEntry:
    id, key, contact, session, kind, lane, request, timeout, retries, may, attempts = row
    return CallEntry(
        id, key, contact, session, kind, request, timeout / 1000, retries, bool(may) if again is None else again, attempts, lane
    )  # fmt: skip


def let_in(conn: Connection, contacts: Sequence[int]) -> None:
    """What these contacts wrote while a call was out is worked off now."""
    where, values = among(conn, "contact_id", contacts)
    sql = f"UPDATE inbox SET not_before = 0 WHERE status = 0 AND kind = 'heard' AND not_before > 0 AND {where}"
    execute(conn, sql, *values)


def overtake(conn: Connection, contact: int, before: int) -> None:
    """A stop word came after these messages of hers, and was heard first: they are kept, and begin nothing any more."""
    sql = (
        "UPDATE inbox SET kind = 'overtaken', not_before = 0 WHERE status = 0 AND kind = 'heard' AND contact_id = ?"
        " AND id < ?"
    )
    execute(conn, sql, contact, before)
