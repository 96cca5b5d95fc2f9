"""What became of what single steps of flows and sequences said, counted by the database."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from trinario.campaign.report import StepReport
from trinario.store.bulk import among, fetch
from trinario.store.campaign_reports import (
    ANSWERS_WITHIN,
    BIG,
    DELIVERED,
    FAILED,
    HEARD,
    READ,
    REFUSED,
    STOPPED,
    by_bytes,
    reached,
)
from trinario.store.moments import ms

_OPENED = (
    "EXISTS (SELECT 1 FROM short_links l WHERE l.contact_id = o.contact_id AND l.clicks > 0"
    " AND substr(o.key, 1, length(l.key) + 1) = l.key || '/')"
)
_FIRST = (
    "SELECT o.cause AS cause, o.contact_id AS contact, substr(MIN(CAST((7 - o.status) * {big} + o.id AS TEXT) || o.channel{c}), 17) AS channel, MAX(o.status) AS status,"
    f" MIN(o.sent_at) AS sent, MAX(CASE WHEN {_OPENED} THEN 1 ELSE 0 END) AS opened"
    " FROM outbox o WHERE {where} AND o.status BETWEEN 3 AND 6 GROUP BY o.cause, o.contact_id"
)
"""Everybody to whom a step said something that went: where it came furthest (of channels alike the first), how far,
when, and whether she opened a link in it."""

COUNTS = ("sent", "delivered", "read", "answered", "clicked", "opted_out", "converted")


def told(
    conn: Connection, causes: Collection[str], since: datetime | None, goal: str, within: timedelta
) -> list[StepReport]:
    """In counts of people, by step, channel and language; what was refused by reason."""
    if not causes:
        return []
    where, values = among(conn, "o.cause", sorted(causes), "text")
    if since is not None:
        where, values = f"{where} AND o.created_at >= ?", (*values, ms(since))
    found: dict[tuple[str, str, str], StepReport] = {}
    for cause, channel, language, *counts in _sent(conn, where, values, goal, within):
        one = found.setdefault((cause, channel, language), StepReport(cause, channel, language))
        one.counts.update(zip(COUNTS, (int(count or 0) for count in counts), strict=True))
    sql = (
        "SELECT o.cause, o.channel, COALESCE(k.language, ''), o.refusal, COUNT(DISTINCT o.contact_id) FROM outbox o"
        f" JOIN contacts k ON k.id = o.contact_id WHERE {where} AND o.status IN ({FAILED}, {REFUSED})"
        " GROUP BY o.cause, o.channel, COALESCE(k.language, ''), o.refusal"
    )
    for cause, channel, language, refusal, count in fetch(conn, sql, *values):
        one = found.setdefault((cause, channel, language), StepReport(cause, channel, language))
        one.refused[refusal or "failed"] = count
    return [found[key] for key in sorted(found)]


def _sent(
    conn: Connection, where: str, values: Sequence[object], goal: str, within: timedelta
) -> Sequence[Sequence[Any]]:
    answer = int(ANSWERS_WITHIN.total_seconds() * 1000)
    span = int(within.total_seconds() * 1000)
    sql = (
        "SELECT f.cause, f.channel, COALESCE(k.language, ''), COUNT(*),"
        f" SUM(CASE WHEN f.status >= {DELIVERED} THEN 1 ELSE 0 END), SUM(CASE WHEN f.status >= {READ} THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN {HEARD} THEN 1 ELSE 0 END), SUM(f.opened), SUM(CASE WHEN {STOPPED} THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN {reached(conn)} THEN 1 ELSE 0 END)"
        f" FROM ({_FIRST.format(where=where, big=BIG, c=by_bytes(conn))}) f JOIN contacts k ON k.id = f.contact"
        " GROUP BY f.cause, f.channel, COALESCE(k.language, '')"
    )
    rows: Sequence[Sequence[Any]] = fetch(conn, sql, answer, answer, goal, goal, span, *values)
    return rows
