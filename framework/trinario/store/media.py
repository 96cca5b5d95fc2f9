"""Files that people send: rows written with the turn, claimed by a run, settled, taken back, removed, erased."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario.model.media import media_name
from trinario.ports import MediaEntry, MediaKept, MediaSettled
from trinario.store.bulk import Bulk, among, execute, fetch, insert
from trinario.store.moments import moment, ms, ms_or_none
from trinario.store.tables import MediaRow

STATUS = ("waiting", "fetching", "stored", "failed", "deleted", "expired", "erased")
"""By the number in the table."""

WAITING, FETCHING, STORED, FAILED, DELETED, EXPIRED, ERASED = range(7)
BEFORE_IT_WAS_HEARD = -1
SHE = "she deleted the message"
WE = "the team deleted the message"

_ORDERED = insert(
    MediaRow,
    (
        "id", "contact_id", "channel", "value", "message", "place", "kind", "source", "url", "mime_type", "filename",
        "created_at",
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_ENTRY = "id, contact_id, channel, value, message, place, kind, source, url, mime_type, filename, attempts, created_at"
_NAMES = tuple(_ENTRY.replace("contact_id", "contact").split(", "))
_KEPT = "id, contact_id, channel, message, kind, status, reason, mime_type, filename, size, digest"
_FIELDS = "status", "attempts", "reason", "not_before", "size", "digest", "mime_type", "ended_at"
_SETTLED = Bulk(
    MediaRow,
    (*_FIELDS, "id", "run"),
    "UPDATE media SET run = NULL, status = ?1, attempts = ?2, reason = ?3, not_before = ?4, size = ?5,"
    " digest = ?6, mime_type = CASE WHEN ?7 = '' THEN mime_type ELSE ?7 END, ended_at = ?8"
    " WHERE id = ?9 AND run = ?10 AND status = 1",
    "UPDATE media AS t SET run = NULL, status = r.status, attempts = r.attempts, reason = r.reason,"
    " not_before = r.not_before, size = r.size, digest = r.digest, mime_type = CASE WHEN r.mime_type = '' THEN"
    " t.mime_type ELSE r.mime_type END, ended_at = r.ended_at FROM {rows}"
    " WHERE t.id = r.id AND t.run = r.run AND t.status = 1",
)


# ---- with a turn


def order(conn: Connection, entries: Sequence[MediaEntry], at: int) -> None:
    """Write down what is to be fetched. A message that was deleted before it was heard has nothing to fetch."""
    if not entries:
        return
    _ORDERED.run(conn, [
        (one.id, one.contact, one.channel, one.value, one.message, one.place, one.kind, one.source, one.url,
         one.mime_type, one.filename, at)
        for one in entries
    ])  # fmt: skip
    where, values = among(conn, "id", [one.id for one in entries], "text")
    sql = (
        f"UPDATE media SET status = {DELETED}, reason = ?, ended_at = ? WHERE status = {WAITING} AND {where} AND EXISTS"
        f" (SELECT 1 FROM media d WHERE d.message = media.message AND d.channel = media.channel AND d.place = ?)"
    )
    execute(conn, sql, SHE, at, *values, BEFORE_IT_WAS_HEARD)


def take_back(conn: Connection, messages: Sequence[tuple[int, str, str]], at: int) -> None:
    """She deleted messages (contact, channel, message): nothing of them is fetched, and copies are removed."""
    for contact, channel, message in messages:
        sql = (
            f"UPDATE media SET status = {DELETED}, reason = ?, not_before = 0, ended_at = ?"
            f" WHERE message = ? AND channel = ? AND status < {DELETED}"
        )
        if execute(conn, sql, SHE, at, message, channel) or _heard(conn, channel, message):
            continue
        name = media_name(channel, message, BEFORE_IT_WAS_HEARD)
        execute(
            conn,
            "INSERT INTO media (id, contact_id, channel, message, place, status, reason, created_at, ended_at)"
            f" VALUES (?, ?, ?, ?, ?, {DELETED}, ?, ?, ?) ON CONFLICT DO NOTHING",
            name, contact, channel, message, BEFORE_IT_WAS_HEARD, SHE, at, at,
        )  # fmt: skip


def forget(conn: Connection, channel: str, message: str, at: int) -> None:
    """Somebody of the team took back a message of ours: its files are not fetched, and copies are removed."""
    sql = (
        f"UPDATE media SET status = {DELETED}, reason = ?, not_before = 0, ended_at = ?"
        f" WHERE message = ? AND channel = ? AND status < {DELETED}"
    )
    execute(conn, sql, WE, at, message, channel)


def _heard(conn: Connection, channel: str, message: str) -> bool:
    """Whether the message has had its turn: then everything of it is known."""
    sql = "SELECT 1 FROM inbox WHERE external_id = ? AND channel = ? AND kind = 'heard' AND status <> 0"
    return bool(fetch(conn, sql, message, channel))


def promise(conn: Connection, id: str, contact: int, until: datetime, now: datetime) -> None:
    """A copy is about to be made: what no `attach` names until then is removed like what was erased, row and all."""
    row = "INSERT INTO media (id, contact_id, channel, message, status, held, not_before, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    execute(conn, row, id, contact, "", "", ERASED, 1, ms(until), ms(now))


def attach(conn: Connection, entry: MediaEntry, stored: MediaSettled, now: datetime) -> None:
    """A file that the team sends: nothing is to be fetched, the copy is there."""
    execute(conn, f"DELETE FROM media WHERE id = ? AND status = {ERASED}", entry.id)
    order(conn, [entry], ms(now))
    sql = f"UPDATE media SET status = {STORED}, held = 1, size = ?, digest = ?, ended_at = ? WHERE id = ?"
    execute(conn, sql, stored.size, stored.digest, ms(now), entry.id)


# ---- fetching


def claim(conn: Connection, limit: int, run: int, now: datetime) -> list[MediaEntry]:
    """Files that are to be fetched now; they are ours until they are settled."""
    skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    sql = (
        f"SELECT {_ENTRY} FROM media WHERE status = 0 AND not_before <= ? ORDER BY not_before, created_at LIMIT ?{skip}"
    )
    rows = fetch(conn, sql, ms(now), limit)
    if rows:
        where, values = among(conn, "id", [row[0] for row in rows], "text")
        execute(conn, f"UPDATE media SET status = {FETCHING}, run = ?, held = 1 WHERE {where}", run, *values)
    return [_entry(row) for row in rows]


def _entry(row: Sequence[Any]) -> MediaEntry:
    given = dict(zip(_NAMES, row, strict=True))
    return MediaEntry(**{**given, "created_at": moment(given["created_at"])})


def settle(conn: Connection, settled: Sequence[MediaSettled], run: int, now: datetime) -> None:
    """Record what became of fetches; what was taken back meanwhile is left to be removed.

    `held` stays: what failed now may have been put into the store, without an answer, by a try before.
    """
    if not settled:
        return
    at = ms(now)
    _SETTLED.run(conn, [
        (STATUS.index(one.status), one.attempts, one.reason, ms_or_none(one.not_before) or 0, one.size,
         one.digest, one.mime_type, None if one.status == "waiting" else at, one.id, run)
        for one in settled
    ])  # fmt: skip
    where, values = among(conn, "id", [one.id for one in settled], "text")
    execute(conn, f"UPDATE media SET run = NULL, not_before = 0 WHERE run = ? AND {where}", run, *values)


def orphan(conn: Connection, run: int, most: int) -> list[int]:
    """What dead runs were fetching waits again; what was in hand when `most` processes died has failed."""
    lost: list[int] = []
    for other in _dead(conn, run):
        sql = (
            f"UPDATE media SET run = NULL, attempts = attempts + 1, not_before = 0, status = CASE WHEN status <> {FETCHING}"
            f" THEN status WHEN attempts + 1 >= ? THEN {FAILED} ELSE {WAITING} END,"
            " reason = CASE WHEN status = 1 THEN 'the process ended while it was fetched' ELSE reason END WHERE run = ?"
        )
        lost += [other] * execute(conn, sql, most, other)
    return lost


def _dead(conn: Connection, run: int) -> list[int]:
    """The runs with fetches out whose process is gone. On SQLite one process owns the file: all runs but ours."""
    runs = [row[0] for row in fetch(conn, "SELECT DISTINCT run FROM media WHERE run IS NOT NULL")]
    others = [other for other in runs if other != run]
    if conn.dialect.name == "sqlite":
        return others
    return [one for one in others if fetch(conn, "SELECT pg_try_advisory_xact_lock(?::bigint)", one)[0][0]]


def unclaim(conn: Connection, run: int, in_hand: Collection[str]) -> set[str]:
    """What is claimed for this run and not in hand waits again: the claim was lost on the way back. Gives what is in hand
    and not settled."""
    ours = {row[0] for row in fetch(conn, "SELECT id FROM media WHERE run = ?", run)}
    if strays := ours.difference(in_hand):
        where, values = among(conn, "id", sorted(strays), "text")
        sql = (
            f"UPDATE media SET run = NULL, status = CASE WHEN status = {FETCHING} THEN 0 ELSE status END WHERE {where}"
        )
        execute(conn, sql, *values)
    return ours & set(in_hand)


# ---- removing


def expire(conn: Connection, before: datetime, reason: str, limit: int, now: datetime) -> int:
    """Copies made before then are to be removed, some at a time."""
    some = f"SELECT id FROM media WHERE status = {STORED} AND ended_at < ? ORDER BY ended_at LIMIT ?"
    sql = f"UPDATE media SET status = {EXPIRED}, reason = ?, not_before = 0, ended_at = ? WHERE id IN ({some})"
    return execute(conn, sql, reason, ms(now), ms(before), limit)


def doomed(conn: Connection, limit: int, now: datetime) -> list[str]:
    """Copies that are to be removed; what is being fetched at this moment is left until that is over."""
    sql = (
        "SELECT id FROM media WHERE held = 1 AND status >= 3 AND run IS NULL AND not_before <= ?"
        " ORDER BY not_before LIMIT ?"
    )
    return [row[0] for row in fetch(conn, sql, ms(now), limit)]


def removed(conn: Connection, gone: Collection[str], stuck: Collection[str], again: datetime) -> None:
    """What is gone from the store; of those erased nothing stays, not even the row."""
    if gone:
        where, values = among(conn, "id", list(gone), "text")
        execute(conn, f"UPDATE media SET held = 0 WHERE {where}", *values)
        execute(conn, f"DELETE FROM media WHERE status = {ERASED} AND {where}", *values)
    if stuck:
        where, values = among(conn, "id", list(stuck), "text")
        execute(conn, f"UPDATE media SET not_before = ? WHERE {where}", ms(again), *values)


def erase(conn: Connection, contact: int) -> int:
    """Forget a contact's files: what is said of them at once, their copies when they are gone from the store."""
    sql = (
        f"UPDATE media SET status = {ERASED}, value = '', message = '', source = '', url = '', filename = '', reason = '', digest = '',"
        " not_before = 0 WHERE contact_id = ?"
    )
    count = execute(conn, sql, contact)
    execute(
        conn, f"DELETE FROM media WHERE contact_id = ? AND status = {ERASED} AND held = 0 AND run IS NULL", contact
    )  # fmt: skip
    return count


# ---- looking


def find(conn: Connection, id: str) -> MediaKept | None:
    """One file; what is erased is not there."""
    rows = fetch(conn, f"SELECT {_KEPT} FROM media WHERE id = ? AND place >= 0 AND status < {ERASED}", id)
    return _kept(rows[0]) if rows else None


def of_contact(conn: Connection, contact: int, limit: int) -> list[MediaKept]:
    """A contact's files, newest first."""
    sql = (
        f"SELECT {_KEPT} FROM media WHERE contact_id = ? AND place >= 0 AND status < {ERASED}"
        " ORDER BY created_at DESC, id LIMIT ?"
    )
    return [_kept(row) for row in fetch(conn, sql, contact, limit)]


def of_messages(conn: Connection, messages: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[MediaKept]]:
    """The files of messages (channel, platform's id), in their order."""
    if not messages:
        return {}
    where, values = among(conn, "message", sorted({message for _, message in messages}), "text")
    sql = f"SELECT {_KEPT} FROM media WHERE {where} AND place >= 0 AND status < {ERASED} ORDER BY place"
    found: dict[tuple[str, str], list[MediaKept]] = {}
    for row in fetch(conn, sql, *values):
        one = _kept(row)
        found.setdefault((one.channel, one.message), []).append(one)
    return found


def _kept(row: Sequence[Any]) -> MediaKept:
    id, contact, channel, message, kind, status, reason, mime_type, filename, size, digest = row
    return MediaKept(
        id, contact, channel, message, kind, STATUS[status], reason, mime_type, filename, size, digest
    )  # fmt: skip
