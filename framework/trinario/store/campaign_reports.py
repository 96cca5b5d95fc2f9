"""What became of a campaign's messages and of the people they were for, counted by the database."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from trinario.campaign.report import Line, Report
from trinario.model.campaign import HOLDOUT
from trinario.store.bulk import among, fetch

SENT, DELIVERED, READ = 3, 5, 6
REFUSED, FAILED = 8, 7

ANSWERS_WITHIN = timedelta(days=3)
"""How long after a message what she writes counts as an answer to it, and a stop as one because of it."""

HEARD = (
    "EXISTS (SELECT 1 FROM messages m WHERE m.contact_id = f.contact AND m.direction = 'in' AND m.at >= f.sent AND m.at <= f.sent + ?"
    " AND NOT EXISTS (SELECT 1 FROM consents s WHERE s.contact_id = f.contact AND s.state = 'withdrawn' AND s.at >= f.sent"
    " AND s.said <> '' AND s.said = m.text))"
)
"""SQL of whether she (`f.contact`, written to at `f.sent`) answered in time; the words by which she said stop are no answer."""


def report(conn: Connection, slots: Collection[int], goal: str, within: timedelta) -> Report:
    """The report of these slots; `goal` is the goal or event that counts, within that time of the message ("" none)."""
    told = Report()
    if not slots:
        return told
    where, values = among(conn, "r.slot", sorted(slots))
    sql = f"SELECT r.state, r.reason, r.variant, COUNT(*) FROM recipients r WHERE {where} GROUP BY r.state, r.reason, r.variant"
    for state, reason, variant, count in fetch(conn, sql, *values):
        told.recipients += count
        told.waiting += count if state in (0, 1) else 0
        if state in (3, 4):
            told.left_out[reason] += count
        if variant:
            told.drawn[variant] += count
    _messages(conn, slots, told)
    _deeds(conn, slots, told, goal, within)
    if told.drawn[HOLDOUT] and goal:
        told.converted[HOLDOUT] = _held_out(conn, slots, goal, within)
    return told


_FIRST = (
    "SELECT o.contact_id AS contact, MIN(o.channel) AS channel, MAX(o.status) AS status, MIN(o.sent_at) AS sent"
    " FROM outbox o WHERE {where} AND o.status BETWEEN 3 AND 6 GROUP BY o.contact_id"
)
"""Everybody whom something of it went to: where, how far it came, and when."""


def _messages(conn: Connection, slots: Collection[int], told: Report) -> None:
    where, values = among(conn, "o.campaign", sorted(slots))
    sql = f"SELECT o.refusal, COUNT(DISTINCT o.contact_id) FROM outbox o WHERE {where} AND o.status IN ({FAILED}, {REFUSED}) GROUP BY o.refusal"
    for refusal, count in fetch(conn, sql, *values):
        told.refused[refusal or "failed"] += count


def _deeds(conn: Connection, slots: Collection[int], told: Report, goal: str, within: timedelta) -> None:
    """How far people came and what they did, by variant, channel and language."""
    variants, mine = among(conn, "r.slot", sorted(slots))
    where, values = among(conn, "o.campaign", sorted(slots))
    answer, span = int(ANSWERS_WITHIN.total_seconds() * 1000), int(within.total_seconds() * 1000)
    stopped = (
        "EXISTS (SELECT 1 FROM consents c WHERE c.contact_id = f.contact AND c.state = 'withdrawn' AND c.at >= f.sent"
        " AND c.at <= f.sent + ?)"
    )
    links, hers = among(conn, "l.campaign", sorted(slots))
    clicked = f"EXISTS (SELECT 1 FROM short_links l WHERE l.contact_id = f.contact AND l.clicks > 0 AND {links})"
    sql = (
        f"SELECT v.variant, f.channel, COALESCE(k.language, ''), COUNT(*), SUM(CASE WHEN f.status >= {DELIVERED} THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN f.status >= {READ} THEN 1 ELSE 0 END), SUM(CASE WHEN {HEARD} THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN {stopped} THEN 1 ELSE 0 END), SUM(CASE WHEN {reached(conn)} THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN {clicked} THEN 1 ELSE 0 END)"
        f" FROM ({_FIRST.format(where=where)}) f JOIN contacts k ON k.id = f.contact"
        f" JOIN (SELECT r.contact_id AS contact, MIN(r.variant) AS variant FROM recipients r WHERE {variants} AND r.state = 2"
        " GROUP BY r.contact_id) v ON v.contact = f.contact GROUP BY v.variant, f.channel, COALESCE(k.language, '')"
        " ORDER BY 1, 2, 3"
    )
    marks = (answer, answer, goal, goal, span, *hers, *values, *mine)
    for variant, channel, language, sent, delivered, read, heard_of, stopped_by, converted, opened in fetch(
        conn, sql, *marks
    ):
        counts = {
            "sent": sent,
            "delivered": delivered,
            "read": read,
            "answered": heard_of,
            "clicked": opened,
            "opted_out": stopped_by,
        }
        told.lines.append(Line(variant, channel, language, _whole({**counts, "converted": converted})))
        if variant:
            told.converted[variant] += int(converted)


def reached(conn: Connection) -> str:
    """SQL of whether she (`f.contact`, written to at `f.sent`) came to the goal, or the event of that name came for her, in time."""
    name = "json_extract(e.data, '$.goal')" if conn.dialect.name == "sqlite" else "e.data ->> 'goal'"
    return (
        f"EXISTS (SELECT 1 FROM events e WHERE e.contact_id = f.contact AND (e.name = ? OR (e.name = 'goal' AND {name} = ?))"
        " AND e.at >= f.sent AND e.at <= f.sent + ?)"
    )


def _whole(counts: dict[str, Any]) -> dict[str, int]:
    return {name: int(count or 0) for name, count in counts.items()}


def _held_out(conn: Connection, slots: Collection[int], goal: str, within: timedelta) -> int:
    """How many of those who were to get nothing did what the campaign is for, counted from when they would have got it."""
    where, values = among(conn, "r.slot", sorted(slots))
    sql = (
        f"SELECT COUNT(*) FROM (SELECT r.contact_id AS contact, r.due_at AS sent FROM recipients r WHERE {where}"
        f" AND r.state = 3 AND r.reason = 'holdout') f WHERE {reached(conn)}"
    )
    return int(fetch(conn, sql, *values, goal, goal, int(within.total_seconds() * 1000))[0][0])
