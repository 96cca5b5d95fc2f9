"""Erasure and takeout: everything that is known of a contact, table by table; a table without a rule fails a test."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.ports import Erasure
from trinario.store import media
from trinario.store.bulk import among, execute, fetch, insert, table_of
from trinario.store.moments import moment, ms
from trinario.store.tables import METADATA, TombstoneRow

HERS: Mapping[str, tuple[str, ...]] = {
    "calls": ("contact_id",),
    "consents": ("contact_id",),
    "draw_tickets": ("contact_id",),
    "enrolments": ("contact_id",),
    "events": ("contact_id",),
    "inbox": ("contact_id",),
    "link_guesses": ("sender",),
    "link_tokens": ("contact_id", "used_by"),
    "messages": ("contact_id",),
    "notices": ("contact_id",),
    "outbox": ("contact_id",),
    "recipients": ("contact_id", "planned_for"),
    "phone_codes": ("contact_id",),
    "sessions": ("contact_id",),
    "short_links": ("contact_id",),
    "tickets": ("contact_id",),
    "timers": ("contact_id",),
    "known_by": ("contact_id",),
    "merges": ("kept", "taken"),
    "suggestions": ("one", "two"),
    "identities": ("contact_id",),
    "contacts": ("id",),
}
"""The columns that say whose a row is. The contact itself goes last."""

SPECIAL = frozenset({"media", "merged_rows", "receipts"})
"""Hers too, and treated by statements of their own: copies of files, rows that merges moved, fates by a message's id."""

NOBODYS: Mapping[str, str] = {
    "account_tokens": "tokens of accounts of the bot",
    "campaign_plans": "what campaigns were foreseen to do: numbers, and samples without names of theirs",
    "campaign_slots": "times at which campaigns go, and counts",
    "campaigns": "how campaigns stand",
    "deployments": "versions of flows",
    "draws": "seeds, and numbers that won: whose they are stands in draw_tickets",
    "erasures": "that somebody was erased, without saying who",
    "flow_revisions": "what marketers wrote",
    "fronts": "what the bot puts up before a conversation",
    "media_uploads": "files of the bot",
    "occurrences": "slots of time tables",
    "paces": "accounts of the bot",
    "passages": "steps that sessions came to: whose they are stood in sessions",
    "reckonings": "how far a trigger has come",
    "template_states": "templates of the bot",
    "webhook_deliveries": "which rows an endpoint is told of: what they say is read when it goes",
    "webhook_endpoints": "how other systems take what they are told",
    "tombstones": "keyed hashes, which lead nowhere",
}
"""Tables that know of nobody, and what they hold instead."""

HIDDEN = frozenset({"hash"})
"""Columns that a takeout leaves out: what proves, not what is known."""

_TOMBSTONES = insert(TombstoneRow, ("hash", "at"), "ON CONFLICT DO NOTHING")


def family(conn: Connection, contact: int) -> list[int]:
    """Every row of `contacts` that is the same person as this one: what was merged into her, and into those. [] if none."""
    rows = fetch(conn, "SELECT COALESCE(merged_into, id) FROM contacts WHERE id = ?", contact)
    found = [row[0] for row in rows]
    while found:
        where, values = among(conn, "merged_into", found)
        known, marks = among(conn, "id", found)
        more = fetch(conn, f"SELECT id FROM contacts WHERE {where} AND NOT ({known})", *values, *marks)
        if not more:
            break
        found += [row[0] for row in more]
    return sorted(found)


def erase(conn: Connection, contacts: Sequence[int]) -> dict[str, int]:
    """Forget these contacts, waiting for turns of theirs that are under way. Gives how many rows of each table went.

    Copies of files are removed by the process that keeps them; until then their rows say only that they are doomed.
    """
    _hold(conn, contacts)
    _overwrite(conn, "ON")
    ids = _ids_of(conn, contacts)
    gone = {"receipts": _receipts(conn, contacts), "media": sum(media.erase(conn, contact) for contact in contacts)}
    gone["merged_rows"] = _moved(conn, contacts)
    for table, columns in HERS.items():
        gone[table] = sum(_delete(conn, table, column, contacts) for column in columns)
    for value in ids:
        gone["phone_codes"] += execute(conn, "DELETE FROM phone_codes WHERE number = ? OR value = ?", value, value)
        gone["inbox"] += _mentions(conn, value)
    _overwrite(conn, "FAST")
    return {table: count for table, count in gone.items() if count}


def _overwrite(conn: Connection, how: str) -> None:
    """On SQLite what is deleted is overwritten: FAST where that writes nothing more, ON everywhere."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(f"PRAGMA secure_delete={how}")


def _hold(conn: Connection, contacts: Sequence[int]) -> None:
    where, values = among(conn, "id", sorted(contacts))
    tail = "" if conn.dialect.name == "sqlite" else " ORDER BY id FOR UPDATE"
    fetch(conn, f"SELECT id FROM contacts WHERE {where}{tail}", *values)


def _ids_of(conn: Connection, contacts: Sequence[int]) -> list[str]:
    """The ids that platforms know her by."""
    where, values = among(conn, "contact_id", contacts)
    return sorted({row[0] for row in fetch(conn, f"SELECT value FROM identities WHERE {where}", *values)})


def _delete(conn: Connection, table: str, column: str, contacts: Sequence[int]) -> int:
    where, values = among(conn, column, contacts)
    return execute(conn, f"DELETE FROM {table} WHERE {where}", *values)


def _receipts(conn: Connection, contacts: Sequence[int]) -> int:
    """Fates of her messages that nobody has asked for yet."""
    where, values = among(conn, "o.contact_id", contacts)
    hers = f"SELECT o.external_id FROM outbox o WHERE {where} AND o.external_id IS NOT NULL"
    return execute(conn, f"DELETE FROM receipts WHERE message_id IN ({hers})", *values)


def _moved(conn: Connection, contacts: Sequence[int]) -> int:
    kept, values = among(conn, "kept", contacts)
    taken, more = among(conn, "taken", contacts)
    hers = f"SELECT id FROM merges WHERE {kept} OR {taken}"
    return execute(conn, f"DELETE FROM merged_rows WHERE merge IN ({hers})", *values, *more)


def _mentions(conn: Connection, value: str) -> int:
    """What others' rows say of one of her ids: webhooks that belong to nobody, and events that tell of a changed id."""
    blank = (
        "UPDATE events SET data = '{}' WHERE name IN ('identity_changed', 'contacts_merged', 'contacts_parted')"
        f" AND {_has(conn, 'data')}"
    )
    execute(conn, blank, jsons.dumps(value))
    raw = "CAST(raw AS TEXT)" if conn.dialect.name == "sqlite" else "encode(raw, 'escape')"
    kept = f"DELETE FROM inbox WHERE contact_id IS NULL AND ({_has(conn, 'body')} OR {_has(conn, raw)})"
    return execute(conn, kept, value, value)


def _has(conn: Connection, column: str) -> str:
    """Whether a text holds a piece of text."""
    return f"instr({column}, ?) > 0" if conn.dialect.name == "sqlite" else f"strpos({column}::text, ?) > 0"


# ---- everything known of her, to be handed out


def takeout(conn: Connection, contacts: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """The rows of hers by table, as they stand; times are epoch milliseconds."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, columns in {"media": ("contact_id",), **HERS}.items():
        names = [column.name for column in METADATA.tables[table].columns if column.name not in HIDDEN]
        where, values = among(conn, columns[0], contacts)
        rows = fetch(conn, f"SELECT {', '.join(names)} FROM {table} WHERE {where} ORDER BY 1", *values)
        if rows:
            found[table] = [dict(zip(names, map(_legible, row), strict=True)) for row in rows]
    return dict(reversed(found.items()))


def _legible(value: Any) -> Any:
    """Bytes as text, JSON as what it says."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return jsons.loads(value)
        except ValueError:
            return value
    return value


# ---- that it was done


def bury(conn: Connection, hashes: Collection[str], now: datetime) -> None:
    """Keep the hashes of somebody who is gone."""
    _TOMBSTONES.run(conn, [(hash, ms(now)) for hash in sorted(hashes)])


def buried(conn: Connection, hashes: Collection[str]) -> set[str]:
    """Which of these are known of somebody who was erased."""
    if not hashes:
        return set()
    where, values = among(conn, "hash", sorted(hashes), "text")
    return {row[0] for row in fetch(conn, f"SELECT hash FROM {table_of(TombstoneRow).name} WHERE {where}", *values)}


def keep(conn: Connection, erasure: Erasure) -> None:
    """Keep that it was done; what is kept under the same code stays."""
    sql = "INSERT INTO erasures (code, asked_by, contacts, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    execute(conn, sql, erasure.code, erasure.asked_by, erasure.contacts, ms(erasure.at))


def find(conn: Connection, code: str) -> Erasure | None:
    """An erasure by its code."""
    rows = fetch(conn, "SELECT code, asked_by, contacts, at FROM erasures WHERE code = ?", code)
    return Erasure(rows[0][0], rows[0][1], rows[0][2], moment(rows[0][3])) if rows else None
