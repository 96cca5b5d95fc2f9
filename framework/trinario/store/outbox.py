"""The outbox: rows claimed for sending inside the channel's pace, settled, and told apart when an answer was lost."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.consent import MARKETING, wants
from trinario.model.contact import TAKEN
from trinario.model.message import Content
from trinario.model.outbox import OutboxEntry
from trinario.model.standing import BULK_SHARES
from trinario.model.wire_content import content_from_json
from trinario.ports import Claimed, Settled
from trinario.store import bounds, paces
from trinario.store.bulk import Bulk, Row, among, execute, fetch
from trinario.store.moments import moment, ms, ms_or_none
from trinario.store.tables import OutboxRow

PENDING, UNKNOWN, ACCEPTED = 0, 2, 3

_ROW = (
    "SELECT o.id, o.key, o.contact_id, o.kind, o.value, o.content, o.purpose, o.attempts, o.human, o.reply_to,"
    " o.session, o.awaited, c.last_heard, o.typing, o.prior, c.consent, o.priority, o.cause, o.campaign, o.created_at, c.owner, c.marks FROM outbox o JOIN contacts c ON c.id = o.contact_id"
    " WHERE o.channel = ? AND o.status = 0 AND {which} AND NOT EXISTS (SELECT 1 FROM outbox e WHERE"
    " e.contact_id = o.contact_id AND e.status IN (0, 1, 2) AND e.id < o.id AND e.priority <= o.priority"
    " AND (e.channel = o.channel OR e.status > 0 OR e.not_before <= ?)) ORDER BY {order} LIMIT ?"
)
_READY = _ROW.format(which="o.priority = ? AND o.not_before = 0", order="o.id")
_DUE = _ROW.format(which="o.priority = ? AND o.not_before > 0 AND o.not_before <= ?", order="o.not_before, o.id")
"""What was put off is found by its time: whatever waits for the morning costs nothing until then."""

BULK = 48
"""Rows of campaigns that are claimed at once: a reply that comes meanwhile waits for no more of them."""

_PRIORITY = 16
"""The place of the priority in such a row."""

_CONTENT = 5
"""That of what is said."""

Known = dict[str, tuple[Content, str]]
"""What was read already of one claim: the rows of a campaign say the same, nearly all of them."""

NOTHING = "{}"
"""JSON of a mapping with nothing in it: most people have said nothing about marketing."""

_ACCEPTED = Bulk(
    OutboxRow,
    ("external_id", "sent_at", "id"),
    "",
    "UPDATE outbox AS t SET external_id = r.external_id, sent_at = COALESCE(t.sent_at, r.sent_at),"
    " run = CASE WHEN t.status = 1 AND t.external_id = r.external_id THEN t.run ELSE NULL END,"
    " status = CASE WHEN t.status < 2 AND t.external_id = r.external_id THEN t.status WHEN t.status < 3 THEN 3 ELSE t.status END"
    " FROM {rows} WHERE t.id = r.id",
)
"""A row that is to go once more because this very message has failed (its webhook was faster) stays so."""
_OTHERWISE = Bulk(
    OutboxRow,
    ("status", "refusal", "detail", "not_before", "attempts", "id", "run"),
    "UPDATE outbox SET status = ?1, refusal = ?2, detail = ?3, not_before = ?4, attempts = ?5, run = NULL"
    " WHERE id = ?6 AND (status = 2 OR (status = 1 AND run = ?7))",
    "UPDATE outbox AS t SET status = r.status, refusal = r.refusal, detail = r.detail, not_before = r.not_before,"
    " attempts = r.attempts, run = NULL FROM {rows} WHERE t.id = r.id AND (t.status = 2 OR (t.status = 1 AND t.run = r.run))",
)
"""Only who sends a row, or nobody any more, may say that it was not sent."""


def claim(conn: Connection, channel: str, limit: int, pace: float, run: int, now: datetime) -> list[Claimed]:
    """Rows that may go now: due, the first of their contact, replies before bulk. They are `sending` for this run."""
    allowed = paces.allowance(conn, channel, pace, now)
    most = min(limit, allowed.count)
    if most < 1:
        return []
    rows = _first(conn, channel, allowed.priority, most, now)
    if allowed.most > 0 or allowed.quality in BULK_SHARES:
        rows = bounds.within(conn, channel, rows, (_PRIORITY, _CONTENT), allowed, now)
    if not rows:
        return []
    where, values = among(conn, "id", [row[0] for row in rows])
    execute(conn, f"UPDATE outbox SET status = 1, run = ? WHERE {where} AND status = 0", run, *values)
    paces.take(conn, channel, len(rows), allowed)
    known: Known = {}
    return [claimed for row in rows if (claimed := _readable(conn, channel, row, allowed.probe, known)) is not None]


def _first(conn: Connection, channel: str, last: int, most: int, now: datetime) -> list[Row]:
    """Those that go next: replies in front, of each kind the oldest, be it new or put off until now."""
    skip, at = "" if conn.dialect.name == "sqlite" else " FOR UPDATE OF o SKIP LOCKED", ms(now)
    rows: list[Row] = []
    for priority in range(last + 1):
        room = min(most - len(rows), BULK if priority else most)
        if room > 0:
            ready = fetch(conn, _READY + skip, channel, priority, at, room)
            due = fetch(conn, _DUE + skip, channel, priority, at, at, room)
            rows += sorted((*ready, *due), key=lambda row: int(row[0]))[:room] if due else ready
    return rows


def _readable(conn: Connection, channel: str, row: Sequence[object], probe: bool, known: Known) -> Claimed | None:
    """The row as it is sent; one that this version cannot read has failed, and does not hold the others."""
    try:
        return _claimed(channel, row, probe, known)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        reason = f"this version cannot read the message: {type(error).__name__}"
        sql = "UPDATE outbox SET status = 7, refusal = 'unreadable', detail = ? WHERE id = ?"
        execute(conn, sql, reason, row[0])
        return None


def _claimed(channel: str, row: Sequence[object], probe: bool, known: Known) -> Claimed:
    (
        id,
        key,
        contact,
        kind,
        value,
        content,
        purpose,
        attempts,
        human,
        reply_to,
        session,
        awaited,
        heard,
        typing,
        prior,
        consent,
        priority,
        cause,
        campaign,
        created,
        owner,
        marks,
    ) = row
    heard_at = None if heard == NOTHING else jsons.loads(str(heard)).get(channel)
    said, persona = _said(str(content), known)
    entry = OutboxEntry(
        id=id,  # type: ignore[arg-type]
        key=str(key),
        contact=contact,  # type: ignore[arg-type]
        identity=Identity(channel, str(kind), str(value)),
        content=said,
        purpose=str(purpose),
        attempts=attempts,  # type: ignore[arg-type]
        human=bool(human),
        reply_to=str(reply_to),
        typing=typing,  # type: ignore[arg-type]
        prior=str(prior),
        persona=persona,
    )
    wanted = purpose != MARKETING or consent == NOTHING or _wants(str(consent), channel)
    pushed = bool(priority)
    heard_on = moment(heard_at) if heard_at else None
    return Claimed(entry, heard_on, str(session or ""), bool(awaited), wanted, probe, pushed, str(cause),
                   (campaign or 0) if pushed else 0, owner == "person" and _taken(row, created, str(marks)))  # type: ignore[arg-type]  # fmt: skip


def _wants(consent: str, channel: str) -> bool:
    """Whether she has not said no to marketing there."""
    return wants(jsons.loads(consent), MARKETING, channel) is not False


def _said(content: str, known: Known) -> tuple[Content, str]:
    """What is said, and by whom."""
    found = known.get(content)
    if found is None:
        data = jsons.loads(content)
        found = known[content] = content_from_json(data), data.get("as", "")
    return found


def _taken(row: Sequence[object], created: object, marks: str) -> bool:
    """Whether it is an answer of the bot from before a person of the team took the conversation over."""
    key, purpose, human, priority = str(row[1]), row[6], row[8], row[16]
    if human or priority or purpose == "transactional" or "/thread/" in key:
        return False
    since = jsons.loads(marks).get(TAKEN)
    return since is not None and int(str(created)) <= since


def hold_back(conn: Connection, contact: int, why: str) -> list[tuple[str, str, bool]]:
    """The bot's answers to a contact that nobody sends yet do not go."""
    sql = (
        "UPDATE outbox SET status = 8, refusal = ?, not_before = 0 WHERE contact_id = ? AND status IN (0, 1, 2)"
        " AND status = 0 AND human = 0 AND priority = 0 AND purpose <> 'transactional' AND key NOT LIKE '%/thread/%'"
        " RETURNING key, session, awaited"
    )
    return [(row[0], row[1] or "", bool(row[2])) for row in fetch(conn, sql, why, contact)]


def settle(conn: Connection, results: Sequence[Settled], now: datetime, run: int | None = None) -> None:
    """Record what became of rows. A receipt may have been first: a row never moves down."""
    accepted = [result for result in results if result.status == ACCEPTED]
    _ACCEPTED.run(conn, [(r.external_id, ms(r.sent_at or now), r.id) for r in accepted])
    others = [result for result in results if result.status != ACCEPTED]
    _OTHERWISE.run(
        conn,
        [(r.status, r.refusal, r.detail, ms_or_none(r.not_before) or 0, r.attempts, r.id, run) for r in others],
    )
    _apply_early_receipts(conn, [str(r.external_id) for r in accepted if r.external_id])


def apply_strays(conn: Connection, limit: int = 500) -> int:
    """Fates that came between a send and its record, on a server where neither saw the other, are applied; how many messages."""
    sql = (
        "SELECT DISTINCT r.message_id FROM receipts r JOIN outbox o ON o.external_id = r.message_id AND o.channel = r.channel"
        " LIMIT ?"
    )
    found = [row[0] for row in fetch(conn, sql, limit)]
    _apply_early_receipts(conn, found)
    return len(found)


def _apply_early_receipts(conn: Connection, message_ids: Sequence[str]) -> None:
    if not message_ids:
        return
    where, values = among(conn, "message_id", message_ids, "text")
    known = "id, message_id, channel, status, price, free_until"
    rows = fetch(conn, f"SELECT {known} FROM receipts WHERE {where} ORDER BY id", *values)
    for id, message_id, channel, status, price, free_until in rows:
        sql = (
            "UPDATE outbox SET status = CASE WHEN status < ? THEN ? ELSE status END, price = COALESCE(price, ?),"
            " free_until = COALESCE(free_until, ?) WHERE external_id = ? AND channel = ?"
        )
        execute(conn, sql, status, status, price, free_until, message_id, channel)
        execute(conn, "DELETE FROM receipts WHERE id = ?", id)


ORPHANED = "the process ended while it was being sent"
"""Detail of a row whose sender died."""


def orphan(conn: Connection, run: int, until: datetime) -> int:
    """Rows `sending` for a run that is dead become unknown. On SQLite one process owns the file: all runs but ours."""
    sql = "UPDATE outbox SET status = 2, run = NULL, not_before = ?, detail = ? WHERE status = 1"
    if conn.dialect.name == "sqlite":
        return execute(conn, f"{sql} AND run <> ?", ms(until), ORPHANED, run)
    runs = [row[0] for row in fetch(conn, "SELECT DISTINCT run FROM outbox WHERE status = 1 AND run IS NOT NULL")]
    freed = 0
    for other in runs:
        if other != run and fetch(conn, "SELECT pg_try_advisory_xact_lock(?::bigint)", other)[0][0]:
            freed += execute(conn, f"{sql} AND run = ?", ms(until), ORPHANED, other)
    return freed


def unclaim(conn: Connection, run: int, in_hand: Collection[int]) -> set[int]:
    """Rows claimed for this run that it does not have in hand are pending again: its claim was lost on the way back.
    Gives those in hand that nobody has settled."""
    rows = fetch(conn, "SELECT id FROM outbox WHERE status = 1 AND run = ?", run)
    if strays := [row[0] for row in rows if row[0] not in in_hand]:
        where, values = among(conn, "id", strays)
        execute(conn, f"UPDATE outbox SET status = 0, run = NULL WHERE status = 1 AND {where}", *values)
    if not in_hand:
        return set()
    where, values = among(conn, "id", list(in_hand))
    return {row[0] for row in fetch(conn, f"SELECT id FROM outbox WHERE run = ? AND {where}", run, *values)}


def search_anew(conn: Connection, until: datetime, since: datetime) -> int:
    """Unknown rows made after `since` are looked for until then: nobody heard what came while the process was down."""
    sql = "UPDATE outbox SET not_before = ? WHERE status = 2 AND not_before < ? AND created_at > ?"
    return execute(conn, sql, ms(until), ms(until), ms(since))


def overdue_unknown(
    conn: Connection, limit: int, now: datetime
) -> list[tuple[int, str, str, int, str | None, int, str]]:
    """Unknown rows that no receipt and no echo has told of in time; an echo of hers that was taken and is not worked off may."""
    skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    heard = "SELECT 1 FROM inbox i WHERE i.contact_id = outbox.contact_id AND i.status = 0 AND i.kind = 'echo'"
    sql = (
        "SELECT id, key, purpose, attempts, awaited, contact_id, session, channel FROM outbox WHERE status = 2 AND not_before <= ?"
        f" AND NOT EXISTS ({heard}) ORDER BY not_before LIMIT ?{skip}"
    )
    rows = fetch(conn, sql, ms(now), limit)
    return [(r[0], r[1], r[2], r[3], r[6] if r[4] else None, r[5], r[7]) for r in rows]


def open_rows(conn: Connection, contact: int, channel: str) -> list[tuple[int, int, str, str, str | None]]:
    """Her rows on a channel that are on their way, whose answer was lost, or that are to be sent once more."""
    sql = (
        "SELECT id, status, key, content, awaited, session FROM outbox WHERE contact_id = ? AND channel = ?"
        " AND status IN (0, 1, 2) AND (status > 0 OR detail IS NOT NULL) ORDER BY id"
    )
    return [(r[0], r[1], r[2], r[3], r[5] if r[4] else None) for r in fetch(conn, sql, contact, channel)]


REMEMBERED = 20
"""Messages sent more than once that a late echo is held against."""


def sent_again(conn: Connection, channel: str, value: str) -> list[str]:
    """Contents of her latest messages that were tried more than once: an echo of the first try may come late."""
    sql = (
        "SELECT content FROM outbox WHERE value = ? AND channel = ? AND detail IS NOT NULL AND status >= 3"
        f" ORDER BY id DESC LIMIT {REMEMBERED}"
    )
    return [row[0] for row in fetch(conn, sql, value, channel)]


def own_messages(conn: Connection, channel: str, external_ids: Sequence[str]) -> set[str]:
    """Which of these platform ids are messages that we sent."""
    if not external_ids:
        return set()
    where, values = among(conn, "external_id", external_ids, "text")
    return {
        r[0] for r in fetch(conn, f"SELECT external_id FROM outbox WHERE channel = ? AND {where}", channel, *values)
    }


def mark_unreachable(
    conn: Connection, channel: str, value: str, reason: str | None, until: datetime | None = None
) -> None:
    """Set why an identity cannot be reached, and until when (None: until she writes); no reason: she can."""
    sql = "UPDATE identities SET unreachable = ?, unreachable_until = ? WHERE channel = ? AND value = ?"
    execute(conn, sql, reason, ms_or_none(until), channel, value)


def abandon(conn: Connection, channels: Sequence[str]) -> list[tuple[int, str, str | None]]:
    """Messages for channels that are no longer there fail, and hold nothing up. Gives (contact, key, session waiting)."""
    where, values = among(conn, "channel", list(channels), "text")
    sql = (
        "UPDATE outbox SET status = 7, refusal = 'channel_gone', detail = 'the channel is no longer in bot.yaml'"
        f" WHERE status IN (0, 1, 2) AND status <> 1 AND NOT ({where}) RETURNING contact_id, key, session, awaited"
    )
    return [(r[0], r[1], r[2] if r[3] else None) for r in fetch(conn, sql, *values)]


def sent_lately(conn: Connection, channel: str, value: str, since: datetime, limit: int) -> list[datetime]:
    """When messages went to an identity, oldest first: those since then, the newest `limit` of them."""
    sql = (
        "SELECT sent_at FROM outbox WHERE value = ? AND channel = ? AND sent_at IS NOT NULL AND sent_at >= ?"
        " ORDER BY id DESC LIMIT ?"
    )
    return sorted(moment(row[0]) for row in fetch(conn, sql, value, channel, ms(since), limit))


def meant_for(conn: Connection, rows: Sequence[int]) -> dict[int, datetime]:
    """When rows were to go: at the time of a campaign's recipient, else as soon as they were made. Rows of whose turn something
    has gone already are left out."""
    where, values = among(conn, "o.id", rows)
    begun = (
        "SELECT 1 FROM outbox s WHERE s.value = o.value AND s.channel = o.channel AND s.id < o.id AND s.session = o.session"
        " AND s.created_at = o.created_at AND s.sent_at IS NOT NULL"
    )
    sql = (
        "SELECT o.id, COALESCE(MAX(r.due_at), MAX(o.created_at)) FROM outbox o LEFT JOIN recipients r"
        f" ON r.slot = o.campaign AND r.contact_id = o.contact_id AND r.session = o.session WHERE {where}"
        f" AND NOT EXISTS ({begun}) GROUP BY o.id"
    )
    return {row[0]: moment(row[1]) for row in fetch(conn, sql, *values)}


def release(conn: Connection, channel: str, refusal: str) -> int:
    """What waits for this reason may go now."""
    sql = "UPDATE outbox SET not_before = 0 WHERE status = 0 AND channel = ? AND refusal = ? AND not_before > 0"
    return execute(conn, sql, channel, refusal)
