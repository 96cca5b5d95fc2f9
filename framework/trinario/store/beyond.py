"""What goes beyond the conversation: the ledger of permissions, enrolments, numbers of draws, notices."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.effect import ChangeEnrolment
from trinario.ports import Notice, Writes
from trinario.store.bulk import Row, among, execute, fetch, insert, update
from trinario.store.moments import moment, ms, ms_or_none
from trinario.store.tables import ConsentRow, DrawTicketRow, NoticeRow

ACCEPTED, FAILED = 3, 7

MILLISECOND = timedelta(milliseconds=1)

_CONSENTS = insert(
    ConsentRow,
    (
        "contact_id", "purpose", "channel", "state", "evidence", "wording", "version", "said", "session", "origin", "at",
        "expires_at",
    ),
)  # fmt: skip
_DRAWS = insert(DrawTicketRow, ("draw", "number", "contact_id", "session", "at"), "ON CONFLICT DO NOTHING")
_NOTICES = insert(
    NoticeRow,
    ("key", "contact_id", "whom", "address", "text", "data", "status", "detail", "created_at", "ended_at"),
    "ON CONFLICT DO NOTHING",
)
_ENDED = update(NoticeRow, "id", ("status", "detail", "ended_at"))
_LATER = update(NoticeRow, "id", ("not_before", "detail"))


def write_beyond(conn: Connection, writes: Writes, at: int) -> None:
    """These parts of a batch; most batches have none of them."""
    if writes.consents:
        _CONSENTS.run(conn, _ledger(writes))
    for contact, change, when in writes.enrolments:
        _enrol(conn, contact, change, ms(when))
    if writes.draws:
        _DRAWS.run(
            conn, [(one.draw, one.number, contact, one.session, ms(when)) for contact, one, when in writes.draws]
        )
    if writes.notices:
        _NOTICES.run(conn, [_notice(notice, at) for notice in writes.notices])


def _ledger(writes: Writes) -> list[Row]:
    """A row for each channel that an entry names, "" for all."""
    return [
        (
            contact, entry.purpose, channel, entry.state, entry.evidence, entry.wording, entry.version, entry.said,
            entry.session, entry.origin, ms(at), ms_or_none(entry.expires_at),
        )
        for contact, entry, at in writes.consents
        for channel in entry.channels or ("",)
    ]  # fmt: skip


def _enrol(conn: Connection, contact: int, change: ChangeEnrolment, at: int) -> None:
    """One by one: who joins and leaves in one batch has done both, in that order."""
    if change.joins:
        sql = (
            "INSERT INTO enrolments (contact_id, sequence, state, session, enrolled_at) VALUES (?, ?, 'live', ?, ?)"
            " ON CONFLICT DO NOTHING"
        )
        if not change.rest or not _has_been(conn, contact, change, at):
            execute(conn, sql, contact, change.sequence, change.session, at)
    else:
        sql = (
            "UPDATE enrolments SET state = 'left', due_at = NULL, ended_at = ?, why = ?"
            " WHERE contact_id = ? AND sequence = ? AND state = 'live'"
        )
        execute(conn, sql, at, change.why, contact, change.sequence)


def _has_been(conn: Connection, contact: int, change: ChangeEnrolment, at: int) -> bool:
    """Whether she was in it, and it is not long enough ago."""
    since = -1 if change.rest == timedelta.max else at - change.rest // MILLISECOND
    sql = "SELECT 1 FROM enrolments WHERE contact_id = ? AND sequence = ? AND state <> 'live' AND ended_at > ? LIMIT 1"
    return bool(fetch(conn, sql, contact, change.sequence, since))


def _notice(notice: Notice, at: int) -> Row:
    status, ended = (FAILED, at) if notice.failed else (0, None)
    return (
        notice.key, notice.contact, notice.whom, notice.address, notice.text, notice.data, status, notice.failed or None,
        at, ended,
    )  # fmt: skip


def ledger(conn: Connection, contact: int, limit: int) -> list[dict[str, Any]]:
    """The entries of a contact's ledger, newest first: id, purpose, channel, state, evidence, wording, version, said,
    session, origin, at (ms), expires_at (ms or None)."""
    names = (
        "id", "purpose", "channel", "state", "evidence", "wording", "version", "said", "session", "origin", "at",
        "expires_at",
    )  # fmt: skip
    sql = f"SELECT {', '.join(names)} FROM consents WHERE contact_id = ? ORDER BY id DESC LIMIT ?"
    return [dict(zip(names, row, strict=True)) for row in fetch(conn, sql, contact, limit)]


# ---- notices on their way


def claim_notices(conn: Connection, limit: int, until: datetime, now: datetime) -> list[Notice]:
    """Notices that are due, each with one try more; nobody else takes them before `until`."""
    skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    due = f"SELECT id FROM notices WHERE status = 0 AND not_before <= ? ORDER BY not_before, id LIMIT ?{skip}"
    ids = [row[0] for row in fetch(conn, due, ms(now), limit)]
    if not ids:
        return []
    where, values = among(conn, "id", ids)
    execute(conn, f"UPDATE notices SET attempts = attempts + 1, not_before = ? WHERE {where}", ms(until), *values)
    columns = "key, contact_id, whom, address, text, data, id, attempts, created_at"
    rows = fetch(conn, f"SELECT {columns} FROM notices WHERE {where} ORDER BY id", *values)
    return [
        Notice(key, contact, whom, address, text, _text(data), "", id, attempts, moment(created))
        for key, contact, whom, address, text, data, id, attempts, created in rows
    ]


def _text(data: object) -> str:
    """JSON as text, also where the driver has read it already."""
    return data if isinstance(data, str) else jsons.dumps(data)


def settle_notices(conn: Connection, results: Sequence[tuple[int, str]], now: datetime) -> None:
    """Accepted, or failed for good and why."""
    _ENDED.run(conn, [(FAILED if why else ACCEPTED, why or None, ms(now), id) for id, why in results])


def postpone_notices(conn: Connection, results: Sequence[tuple[int, datetime, str]]) -> None:
    """To be tried again."""
    _LATER.run(conn, [(ms(until), why, id) for id, until, why in results])
