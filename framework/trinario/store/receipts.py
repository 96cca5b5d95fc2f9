"""Fates of our messages, told by webhooks: applied in bulk, upwards only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.country import country_of_identity
from trinario.model.failure import Failure
from trinario.model.heard import Receipt
from trinario.model.outbox import RANK
from trinario.policy.reach import unreachable_for
from trinario.ports import Landed
from trinario.store.bulk import Bulk, among, execute, fetch, insert
from trinario.store.moments import ms
from trinario.store.outbox import mark_unreachable
from trinario.store.tables import OutboxRow, ReceiptRow

_BY_KEY = Bulk(
    OutboxRow,
    ("status", "external_id", "sent_at", "price", "free_until", "key"),
    "UPDATE outbox SET status = MAX(status, ?1), external_id = COALESCE(external_id, ?2), sent_at = COALESCE(sent_at, ?3),"
    " price = COALESCE(price, ?4), free_until = COALESCE(free_until, ?5)"
    " WHERE key = ?6 AND (status < ?1 OR (price IS NULL AND ?4 IS NOT NULL) OR (free_until IS NULL AND ?5 IS NOT NULL))",
    "UPDATE outbox AS t SET status = GREATEST(t.status, r.status), external_id = COALESCE(t.external_id, r.external_id),"
    " sent_at = COALESCE(t.sent_at, r.sent_at), price = COALESCE(t.price, r.price),"
    " free_until = COALESCE(t.free_until, r.free_until) FROM (SELECT key, MAX(status) AS status,"
    " MAX(external_id) AS external_id, MIN(sent_at) AS sent_at, MAX(price) AS price, MAX(free_until) AS free_until"
    " FROM {rows} GROUP BY key) r"
    " WHERE t.key = r.key AND (t.status < r.status OR (t.price IS NULL AND r.price IS NOT NULL)"
    " OR (t.free_until IS NULL AND r.free_until IS NOT NULL))",
)
_BY_ID = Bulk(
    OutboxRow,
    ("status", "price", "free_until", "channel", "external_id"),
    "UPDATE outbox SET status = MAX(status, ?1), price = COALESCE(price, ?2), free_until = COALESCE(free_until, ?3)"
    " WHERE channel = ?4 AND external_id = ?5 AND (status < ?1 OR (price IS NULL AND ?2 IS NOT NULL)"
    " OR (free_until IS NULL AND ?3 IS NOT NULL))",
    "UPDATE outbox AS t SET status = GREATEST(t.status, r.status), price = COALESCE(t.price, r.price),"
    " free_until = COALESCE(t.free_until, r.free_until) FROM (SELECT channel, external_id, MAX(status) AS status,"
    " MAX(price) AS price, MAX(free_until) AS free_until FROM {rows} GROUP BY channel, external_id) r"
    " WHERE t.channel = r.channel AND t.external_id = r.external_id"
    " AND (t.status < r.status OR (t.price IS NULL AND r.price IS NOT NULL)"
    " OR (t.free_until IS NULL AND r.free_until IS NOT NULL))",
)
_WATERMARK = (
    "UPDATE outbox SET status = ? WHERE channel = ? AND value = ? AND status >= 3 AND status < ? AND sent_at <= ?"
)
_EARLY = insert(ReceiptRow, ("channel", "message_id", "status", "at", "price", "free_until"))

Failed = tuple[int, str, str, Failure]


def apply(conn: Connection, receipts: Sequence[Receipt], now: datetime) -> list[Failed]:
    """Move rows to what the receipts say. Gives (contact, key, session, failure) of failed ones that a session awaits."""
    good = [receipt for receipt in receipts if receipt.status != "failed"]
    keyed = [r for r in good if r.key]
    _BY_KEY.run(conn, [(RANK[r.status], r.message_id or None, ms(r.at), *_cost(r), r.key) for r in keyed])
    _meet(conn, [r for r in keyed if r.identity], now)
    named = [r for r in good if not r.key and r.message_id]
    _apply_named(conn, named)
    for receipt in good:
        if receipt.watermark and not receipt.key and not receipt.message_id and receipt.identity:
            rank = RANK[receipt.status]
            value, until = receipt.identity.value, ms(receipt.watermark)
            execute(conn, _WATERMARK, rank, receipt.channel, value, rank, until)
    return [row for receipt in receipts if receipt.status == "failed" for row in _fail(conn, receipt, now)]


def _cost(receipt: Receipt) -> tuple[str | None, int | None]:
    return receipt.price or None, ms(receipt.free_until) if receipt.free_until else None


def _meet(conn: Connection, receipts: Sequence[Receipt], now: datetime) -> None:
    """A private reply was written to a comment: its echo may name her by another id than the comment did."""
    if not receipts:
        return
    shown = {receipt.key: receipt.identity for receipt in receipts if receipt.identity}
    where, values = among(conn, "key", sorted(shown), "text")
    sql = f"SELECT key, contact_id, value FROM outbox WHERE {where} AND reply_to LIKE 'comment:%'"
    for key, contact, value in fetch(conn, sql, *values):
        other = shown[key]
        if other.value != value:
            execute(
                conn,
                "INSERT INTO identities (contact_id, channel, kind, value, created_at, country)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                contact, other.channel, other.kind, other.value, ms(now), country_of_identity(other) or "",
            )  # fmt: skip


def awaited(conn: Connection, keys: Sequence[str]) -> list[tuple[int, str, str]]:
    """Which of these rows a session waits for, and nobody has told it of yet: (contact, key, session)."""
    if not keys:
        return []
    where, values = among(conn, "key", keys, "text")
    sql = f"SELECT contact_id, key, session FROM outbox WHERE awaited = 1 AND status < 3 AND {where}"
    return [(row[0], row[1], row[2] or "") for row in fetch(conn, sql, *values)]


def caused(conn: Connection, receipts: Sequence[Receipt]) -> list[tuple[Receipt, int, str, str, str, int]]:
    """(receipt, contact, key, channel, cause, hops of the session that said it) of the rows to which receipts bring
    something new."""
    found = []
    for receipt in receipts:
        rank = RANK.get(receipt.status, RANK["delivered"])  # that a message failed is no news once it was delivered
        if receipt.key:
            where = "o.key = ?"
            values: tuple[object, ...] = (receipt.key,)
        elif receipt.message_id:
            where, values = "o.channel = ? AND o.external_id = ?", (receipt.channel, receipt.message_id)
        elif receipt.watermark and receipt.identity:
            where = "o.channel = ? AND o.value = ? AND o.status >= 3 AND o.sent_at <= ?"
            values = (receipt.channel, receipt.identity.value, ms(receipt.watermark))
        else:
            continue
        sql = (
            "SELECT o.contact_id, o.key, o.channel, o.cause, s.state FROM outbox o LEFT JOIN sessions s ON s.id = o.session"
            f" WHERE {where} AND o.status < ? ORDER BY o.id"
        )
        for contact, key, channel, cause, state in fetch(conn, sql, *values, rank):
            hops = jsons.loads(state).get("hops", 0) if state else 0
            found.append((receipt, contact, key, channel, cause, hops))
    return found


def _apply_named(conn: Connection, receipts: Sequence[Receipt]) -> None:
    """By the platform's id; those whose message is not recorded yet wait for it."""
    if not receipts:
        return
    _BY_ID.run(conn, [(RANK[r.status], *_cost(r), r.channel, r.message_id) for r in receipts])
    where, values = among(conn, "external_id", sorted({r.message_id for r in receipts}), "text")
    known = {row[0] for row in fetch(conn, f"SELECT external_id FROM outbox WHERE {where}", *values)}
    early = [r for r in receipts if r.message_id not in known]
    _EARLY.run(conn, [(r.channel, r.message_id, RANK[r.status], ms(r.at), *_cost(r)) for r in early])


_FIRST = "(status IN (2, 3, 4) OR (status = 1 AND external_id IS NULL)) AND COALESCE(external_id, '') IN ('', ?)"
"""A failure is news of a row that is out; not of one that waits for its next try, nor of a try before this one."""


def landed(conn: Connection, receipt: Receipt) -> Landed | None:
    """The row that a receipt of a failure is about; None: there is none, or it was told already."""
    column, name = ("key", receipt.key) if receipt.key else ("external_id", receipt.message_id)
    sql = (
        "SELECT id, contact_id, key, channel, purpose, content, attempts FROM outbox"
        f" WHERE channel = ? AND {column} = ? AND {_FIRST}"
    )
    found = fetch(conn, sql, receipt.channel, name, receipt.message_id or "")
    return Landed(*found[0]) if found else None


def put_back(
    conn: Connection, id: int, external_id: str, refusal: str, detail: str, not_before: datetime, attempts: int
) -> None:
    """A row whose message failed after it was taken is pending again; the answer to it may still be to come."""
    sql = (
        "UPDATE outbox SET status = 0, external_id = ?, refusal = ?, detail = ?, not_before = ?, attempts = ?, run = NULL"
        " WHERE id = ? AND status IN (1, 2, 3, 4)"
    )
    execute(conn, sql, external_id, refusal, detail, ms(not_before), attempts, id)


def _fail(conn: Connection, receipt: Receipt, now: datetime) -> list[Failed]:
    """A message that was taken and then failed. After `delivered` that is no news."""
    failure = receipt.failure or Failure("drop", reason="failed")
    column, name = ("key", receipt.key) if receipt.key else ("external_id", receipt.message_id)
    sql = (
        "UPDATE outbox SET status = 7, external_id = COALESCE(external_id, ?), refusal = ?, detail = ?"
        f" WHERE channel = ? AND {column} = ? AND {_FIRST} RETURNING contact_id, key, awaited, value, session"
    )
    code = f"{failure.code}/{failure.subcode}" if failure.subcode else str(failure.code)
    told = receipt.message_id or None
    rows = fetch(conn, sql, told, code, failure.reason, receipt.channel, name, told or "")
    for row in rows if failure.action == "unreachable" else ():
        rest = unreachable_for(code)
        mark_unreachable(conn, receipt.channel, row[3], code, now + rest if rest else None)
    return [(row[0], row[1], row[4] or "", failure) for row in rows if row[2]]
