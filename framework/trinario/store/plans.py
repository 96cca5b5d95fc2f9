"""Delivery plans: timers of the kind `plan`, whose data is the plan, and the outbox rows of their copies."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.heard import Receipt
from trinario.model.outbox import RANK, STATUS
from trinario.model.session import Session
from trinario.model.session_json import session_from_json
from trinario.policy.why import CopyFate, PlanNote
from trinario.ports import CopyRow, OpenPlan
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import moment, ms

KIND = "plan"


def open_plans(conn: Connection, contacts: Sequence[int]) -> list[OpenPlan]:
    """The running plans of these contacts."""
    if not contacts:
        return []
    where, values = among(conn, "contact_id", sorted(set(contacts)))
    sql = f"SELECT contact_id, key, data, due_at FROM timers WHERE {where} AND kind = '{KIND}' ORDER BY due_at"
    return [OpenPlan(row[0], row[1], row[2], moment(row[3])) for row in fetch(conn, sql, *values)]


def news(conn: Connection, receipts: Sequence[Receipt]) -> list[tuple[str, str]]:
    """Rows of copies that are followed, of which these receipts tell something new: (key, status)."""
    found: dict[tuple[str, str], None] = {}
    for status in sorted({receipt.status for receipt in receipts}):
        mine = [receipt for receipt in receipts if receipt.status == status]
        for column, names in (
            ("key", {receipt.key for receipt in mine if receipt.key}),
            ("external_id", {receipt.message_id for receipt in mine if receipt.message_id and not receipt.key}),
        ):
            where, values = among(conn, column, sorted(names), "text")
            sql = f"SELECT key FROM outbox WHERE awaited = 1 AND status < ? AND {where}"
            found |= dict.fromkeys((row[0], status) for row in fetch(conn, sql, RANK[status], *values) if names)
        for receipt in mine:
            if receipt.watermark and receipt.identity and not receipt.key and not receipt.message_id:
                sql = (
                    "SELECT key FROM outbox WHERE awaited = 1 AND channel = ? AND value = ? AND status >= 3 AND status < ?"
                    " AND sent_at <= ?"
                )
                until = ms(receipt.watermark)
                rows = fetch(conn, sql, receipt.channel, receipt.identity.value, RANK[status], until)
                found |= dict.fromkeys((row[0], status) for row in rows)
    return list(found)


def take(conn: Connection, keys: Sequence[str]) -> list[OpenPlan]:
    """Plans by their timers' keys; the clock does not come back to them."""
    if not keys:
        return []
    where, values = among(conn, "key", sorted(set(keys)), "text")
    sql = f"DELETE FROM timers WHERE kind = '{KIND}' AND {where} RETURNING contact_id, key, data, due_at"
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


def copied(conn: Connection, contact: int, session: str, prompt: str) -> Session | None:
    """A session of hers, if other channels had copies of that question of it."""
    sql = "SELECT data FROM events WHERE contact_id = ? AND name = 'escalated' ORDER BY id DESC"
    if not any(jsons.loads(row[0]).get("prompt") == prompt for row in fetch(conn, sql, contact)):
        return None
    rows = fetch(conn, "SELECT state FROM sessions WHERE id = ? AND contact_id = ?", session, contact)
    return session_from_json(jsons.loads(rows[0][0])) if rows else None


MOST_COPIES = 10
"""Copies of one message that are looked for."""


def told(conn: Connection, contact: int, message: str) -> tuple[tuple[CopyFate, ...], tuple[PlanNote, ...]]:
    """The first rows of a message's copies, and what its delivery plan did; `message` is its key without the copy."""
    keys = [f"{message}/{number}/0" for number in range(MOST_COPIES)]
    where, values = among(conn, "key", keys, "text")
    rows = fetch(conn, f"SELECT channel, status, created_at, refusal FROM outbox WHERE {where} ORDER BY id", *values)
    found = tuple(CopyFate(row[0], STATUS[row[1]], moment(row[2]), row[3] or "") for row in rows)
    sql = (
        "SELECT name, at, data FROM events WHERE contact_id = ? AND name IN ('escalated', 'exhausted', 'plan_over')"
        " ORDER BY id"
    )
    notes = []
    for name, at, text in fetch(conn, sql, contact):
        data = jsons.loads(text)
        if data.get("message") == message:
            notes.append(PlanNote(name, moment(at), data["why"], data.get("to", "")))
    return found, tuple(notes)
