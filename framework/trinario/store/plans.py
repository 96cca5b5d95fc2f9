"""Delivery plans: timers of the kind `plan`, whose data is the plan, and the outbox rows of their copies."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from trinario.model.outbox import STATUS
from trinario.ports import CopyRow, OpenPlan
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import moment

KIND = "plan"


def open_plans(conn: Connection, contacts: Sequence[int]) -> list[OpenPlan]:
    """The running plans of these contacts."""
    if not contacts:
        return []
    where, values = among(conn, "contact_id", sorted(set(contacts)))
    sql = f"SELECT contact_id, key, data, due_at FROM timers WHERE {where} AND kind = '{KIND}' ORDER BY due_at"
    return [OpenPlan(row[0], row[1], row[2], moment(row[3])) for row in fetch(conn, sql, *values)]


def copies(conn: Connection, keys: Sequence[str]) -> Mapping[str, CopyRow]:
    """What became of outbox rows, by key."""
    if not keys:
        return {}
    where, values = among(conn, "key", sorted(set(keys)), "text")
    sql = f"SELECT key, channel, status, refusal, not_before, sent_at FROM outbox WHERE {where}"
    return {
        key: CopyRow(key, channel, STATUS[status], refusal or "", moment(later) if later else None,
                     moment(sent) if sent else None)
        for key, channel, status, refusal, later, sent in fetch(conn, sql, *values)
    }  # fmt: skip


def take_back(conn: Connection, keys: Sequence[str], refusal: str) -> int:
    """Copies that nobody sends yet do not go; gives how many."""
    if not keys:
        return 0
    where, values = among(conn, "key", sorted(set(keys)), "text")
    return execute(conn, f"UPDATE outbox SET status = 9, refusal = ? WHERE status = 0 AND {where}", refusal, *values)


def session_status(conn: Connection, session: str) -> str:
    """The status of a session; "": there is none."""
    return next((row[0] for row in fetch(conn, "SELECT status FROM sessions WHERE id = ?", session)), "")
