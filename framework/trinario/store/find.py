"""Questions of operators and of the outside: contacts, their threads and sessions, when something is due next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.contact import Contact
from trinario.model.outbox import STATUS
from trinario.model.session import Session
from trinario.model.session_json import session_from_json
from trinario.model.wire_content import content_from_json
from trinario.policy.why import Sending, unpacked
from trinario.store import plans
from trinario.store.bulk import among, fetch
from trinario.store.cases import load
from trinario.store.moments import moment, ms


def contact_ids(conn: Connection, where: Mapping[str, Any]) -> list[int]:
    """Contacts by `id`, by `identity` (channel, value) or by `field` (name, value); merged ones lead to their target."""
    if "id" in where:
        rows = fetch(conn, "SELECT COALESCE(merged_into, id) FROM contacts WHERE id = ?", where["id"])
    elif "identity" in where:
        sql = "SELECT DISTINCT contact_id FROM identities WHERE channel = ? AND value = ?"
        rows = fetch(conn, sql, *where["identity"])
    else:
        name, value = where["field"]
        if conn.dialect.name == "sqlite":
            sql = (
                "SELECT id FROM contacts WHERE json_extract(fields, ?) = ? AND merged_into IS NULL ORDER BY id LIMIT 50"
            )
            rows = fetch(conn, sql, f'$."{name}"', value)
        else:
            sql = "SELECT id FROM contacts WHERE fields -> ? = ?::jsonb AND merged_into IS NULL ORDER BY id LIMIT 50"
            rows = fetch(conn, sql, name, jsons.dumps(value))
    return [row[0] for row in rows]


def contacts(conn: Connection, ids: Sequence[int], now: datetime) -> list[Contact]:
    """Contacts with their identities."""
    return [case.contact for case in load(conn, ids, now, entries=())]


def sending(conn: Connection, message: str) -> Sending | None:
    """What is kept of a message of ours, by the key of its outbox row, or by the number of its line in the thread; None:
    there is none, or she said it."""
    number = message if message.isascii() and message.isdigit() and len(message) < 19 else "0"
    sql = (
        "SELECT o.channel, o.status, o.purpose, o.cause, o.human, o.priority, o.refusal, o.detail, o.not_before, o.why,"
        " o.key, o.contact_id, o.price"
        " FROM messages m JOIN outbox o ON o.key = m.outbox_key WHERE m.id = ?"
        if number != "0"
        else "SELECT channel, status, purpose, cause, human, priority, refusal, detail, not_before, why, key, contact_id,"
        " price FROM outbox WHERE key = ?"
    )
    wanted = int(number) if number != "0" else message
    for channel, status, purpose, cause, human, priority, refusal, detail, later, why, key, contact, price in fetch(
        conn, sql, wanted
    ):
        until = moment(later) if later and status == 0 else None
        pushed = purpose == "marketing" and priority == 1
        return Sending(channel, STATUS[status], purpose, cause, bool(human), pushed, refusal or "", detail or "", until,
                       unpacked(why), *plans.told(conn, contact, key.rsplit("/", 2)[0]), price or "")  # fmt: skip
    return None


def sessions(conn: Connection, contact: int, limit: int) -> list[Session]:
    """Sessions of a contact, live and ended, newest first."""
    sql = "SELECT state FROM sessions WHERE contact_id = ? ORDER BY updated_at DESC, id DESC LIMIT ?"
    return [session_from_json(jsons.loads(row[0])) for row in fetch(conn, sql, contact, limit)]


def content_of(conn: Connection, channel: str, external_id: str) -> str:
    """The content of a message of ours as JSON, by the platform's id; "" when there is none."""
    sql = "SELECT content FROM outbox WHERE channel = ? AND external_id = ? LIMIT 1"
    return next((row[0] for row in fetch(conn, sql, channel, external_id)), "")


def last_message(conn: Connection, contact: int, channel: str) -> str:
    """The platform's id of the last message that she wrote on a channel; "" when there is none."""
    sql = (
        "SELECT external_id FROM messages WHERE contact_id = ? AND channel = ? AND direction = 'in' AND external_id IS"
        " NOT NULL AND kind NOT IN ('comment', 'reaction', 'edit', 'deleted', 'system', 'optin', 'referral')"
        " ORDER BY id DESC LIMIT 1"
    )
    return next((str(row[0]) for row in fetch(conn, sql, contact, channel)), "")


def refusal_of(conn: Connection, key: str) -> tuple[str, str] | None:
    """Why an outbox row does not go, in a word and in words; None: there is no such row."""
    rows = fetch(conn, "SELECT refusal, detail FROM outbox WHERE key = ?", key)
    return (rows[0][0] or "", rows[0][1] or "") if rows else None


def message_named(conn: Connection, contact: int, channel: str, name: str) -> dict[str, str]:
    """What is known of a message by the platform's id: its text, and of one of ours flow, step and session; {}: nothing."""
    ours = "SELECT content, cause, session FROM outbox WHERE external_id = ? AND channel = ? LIMIT 1"
    for content, cause, session in fetch(conn, ours, name, channel):
        said, (flow, _, step) = content_from_json(jsons.loads(content)), (cause or "").partition(".")
        text = getattr(said, "text", "") or getattr(said, "caption", "")
        return {"text": text, "flow": flow, "step": step, "session": session or ""}
    hers = (
        "SELECT text FROM messages WHERE contact_id = ? AND channel = ? AND external_id = ? AND direction = 'in'"
        " ORDER BY id LIMIT 1"
    )
    return next(({"text": row[0]} for row in fetch(conn, hers, contact, channel, name)), {})


def next_due(conn: Connection, now: datetime) -> datetime | None:
    """The next moment at which the clock owes something to somebody."""
    at = ms(now)
    marks = [
        "SELECT MIN(wake_at) FROM sessions WHERE wake_at IS NOT NULL",
        "SELECT MIN(due_at) FROM timers",
        "SELECT MIN(due_at) FROM occurrences WHERE state = 0",
        "SELECT MIN(not_before) FROM outbox WHERE status = 2",
    ]
    found = [row[0][0] for row in (fetch(conn, sql) for sql in marks) if row[0][0] is not None]
    later = "SELECT MIN(not_before) FROM {} WHERE status = 0 AND not_before > 0 AND not_before > ?"
    for table in ("outbox", "inbox", "calls"):
        row = fetch(conn, later.format(table), at)
        if row[0][0] is not None:
            found.append(row[0][0])
    return moment(min(found)) if found else None


def counts(conn: Connection) -> dict[str, int]:
    """What waits: inbox and outbox by state, dead rows, open tickets."""
    asked = {
        "inbox_pending": "SELECT COUNT(*) FROM inbox WHERE status = 0",
        "outbox_pending": "SELECT COUNT(*) FROM outbox WHERE status = 0",
        "outbox_sending": "SELECT COUNT(*) FROM outbox WHERE status = 1",
        "outbox_unknown": "SELECT COUNT(*) FROM outbox WHERE status = 2",
        "media_waiting": "SELECT COUNT(*) FROM media WHERE status = 0",
        "tickets_open": "SELECT COUNT(*) FROM tickets WHERE closed_at IS NULL",
    }
    return {name: fetch(conn, sql)[0][0] for name, sql in asked.items()}


def events(conn: Connection, contact: int, limit: int) -> list[dict[str, Any]]:
    """What happened to a contact, newest first."""
    sql = "SELECT id, name, at, data FROM events WHERE contact_id = ? ORDER BY id DESC LIMIT ?"
    rows = fetch(conn, sql, contact, limit)
    return [{"id": r[0], "name": r[1], "at": r[2], "data": jsons.loads(r[3])} for r in rows]


def identities_of(conn: Connection, ids: Sequence[int]) -> list[tuple[int, str, str, str, str | None]]:
    """(contact, channel, kind, value, why unreachable) of contacts."""
    where, values = among(conn, "contact_id", ids)
    sql = f"SELECT contact_id, channel, kind, value, unreachable FROM identities WHERE {where} ORDER BY id"
    return [(r[0], r[1], r[2], r[3], r[4]) for r in fetch(conn, sql, *values)]
