"""What became of a campaign's messages and of the people they were for, counted by the database."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from trinario.campaign.fates import Fate, fate_of
from trinario.campaign.report import Line, Refusals, Report
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

STOPPED = (
    "EXISTS (SELECT 1 FROM consents c WHERE c.contact_id = f.contact AND c.state = 'withdrawn' AND c.at >= f.sent"
    " AND c.at <= f.sent + ?)"
)
"""SQL of whether she said stop in time."""

COUNTS = ("sent", "delivered", "read", "answered", "clicked", "opted_out", "converted")


def report(conn: Connection, slots: Collection[int], goal: str, within: timedelta) -> Report:
    """The report of these slots; `goal` is the goal or event that counts, within that time of the message ("" none)."""
    told = Report()
    if not slots:
        return told
    for variant, language, stood, message, places, people, turned, *counts in _people(conn, slots, goal, within):
        fate = fate_of(stood, message or "", variant, language)
        told.recipients += int(places)
        told.count(fate, int(people))
        if variant:
            told.drawn[variant] += int(people)
            told.converted[variant] += int(turned or 0)
        if fate.what == "sent":
            whole = (int(count or 0) for count in counts)
            told.lines.append(
                Line(variant, fate.channel, language, dict(zip(COUNTS, (int(people), *whole), strict=True)))
            )
    told.lines = joined(told.lines)
    told.refusals = _refusals(conn, slots) if told.refused_at_all else []
    return told


def joined(lines: Sequence[Line]) -> list[Line]:
    """One line for each variant, channel and language, in that order."""
    found: dict[tuple[str, str, str], Line] = {}
    for one in lines:
        into = found.setdefault((one.variant, one.channel, one.language), Line(one.variant, one.channel, one.language))
        for stage, count in one.counts.items():
            into.counts[stage] = into.counts.get(stage, 0) + count
    return [found[key] for key in sorted(found)]


_SAID = "rtrim(rtrim(rtrim(rtrim(o.key, '0123456789'), '/'), '0123456789'), '/')"
"""SQL of the key of what was said, out of that of one part of one copy of it."""

_PURSUED = (
    f"(EXISTS (SELECT 1 FROM timers t WHERE t.key = 'plan:' || {_SAID}) OR EXISTS (SELECT 1 FROM inbox i WHERE"
    " i.contact_id = o.contact_id AND i.status = 0 AND i.kind = 'plan'"
    f" AND (substr(i.external_id, 1, length({_SAID}) + 12) = 'timer:plan:' || {_SAID} || ':'"
    f" OR substr(i.external_id, 1, length({_SAID}) + 6) = 'plan:' || {_SAID} || '/')))"
)
"""SQL of whether the delivery plan of a message goes on: another channel may bring it yet, or that is just being looked at."""

_EVERYBODY = (
    "SELECT u.contact, SUM(u.places) AS places, COALESCE(MIN(u.begun), MIN(u.variant)) AS variant, MIN(u.stood) AS stood,"
    " MIN(u.message) AS message, MAX(u.status) AS status, COALESCE(MIN(u.sent), MIN(u.due)) AS sent FROM"
    " (SELECT r.contact_id AS contact{place}, 1 AS places, CASE WHEN r.state = 2 THEN r.variant END AS begun, r.variant AS variant,"
    " CASE WHEN r.state < 2 THEN '1' WHEN r.state = 2 THEN '2' WHEN r.state = 4 THEN '4' WHEN r.reason = 'double' THEN '5'"
    " ELSE '3' END || r.reason AS stood, NULL AS message, NULL AS status, NULL AS sent, r.due_at AS due"
    " FROM recipients r WHERE {mine} UNION ALL SELECT o.contact_id{word}, 0, NULL, NULL, NULL,"
    " CAST(CASE WHEN o.status BETWEEN 3 AND 6 THEN (7 - o.status) * {big} + o.id WHEN o.status < 3 OR"
    f" o.status IN ({FAILED}, {REFUSED}) AND {_PURSUED} THEN 5 * {{big}} + o.id"
    " WHEN o.status = 9 THEN 8 * {big} - o.id ELSE 7 * {big} - o.id END AS TEXT) || o.channel || ' ' || COALESCE(o.refusal, ''){c},"
    " CASE WHEN o.status BETWEEN 3 AND 6 THEN o.status END, CASE WHEN o.status BETWEEN 3 AND 6 THEN o.sent_at END, NULL"
    " FROM outbox o WHERE {said}) u GROUP BY u.contact{each} HAVING SUM(u.places) > 0"
)
"""Everybody, once. `stood`: how she stands in that of her places where she is furthest, as campaign.fates reads it; `message`: the
one that came furthest (of those alike the first), or the last of those that did not go: its rank and number in 16 digits, its
channel, its refusal; `sent`: when the first went, or would have. A message that was refused is under way as long as its delivery
plan is. `place`, `word` and `each` are "" or hold apart what she has had of each occurrence. One heap and no join: SQLite takes both sides for small."""

BIG = 10**15
"""Behind a rank of one digit it leaves room for the number of a row: in text both are 16 digits, and sort as numbers do."""


def _people(conn: Connection, slots: Collection[int], goal: str, within: timedelta) -> Sequence[Sequence[Any]]:
    """How far people came and what they did, by variant, language, and how they stand."""
    (stood, mine), (said, values) = among(conn, "r.slot", sorted(slots)), among(conn, "o.campaign", sorted(slots))
    links, hers = among(conn, "l.campaign", sorted(slots))
    answer, span = int(ANSWERS_WITHIN.total_seconds() * 1000), int(within.total_seconds() * 1000)
    clicked = f"EXISTS (SELECT 1 FROM short_links l WHERE l.contact_id = f.contact AND l.clicks > 0 AND {links})"
    turned, aim = (reached(conn), (goal, goal, span)) if goal else ("1 = 0", ())
    went = "f.status >= 3 AND "
    sql = (
        f"SELECT f.variant, COALESCE(k.language, ''), f.stood, {_KIND}, SUM(f.places), COUNT(*), {_sum(turned)},"
        f" {_sum(f'f.status >= {DELIVERED}')}, {_sum(f'f.status >= {READ}')}, {_sum(went + HEARD)}, {_sum(went + clicked)},"
        f" {_sum(went + STOPPED)}, {_sum(went + turned)} FROM"
        f" ({_EVERYBODY.format(mine=stood, said=said, big=BIG, c=by_bytes(conn), **_ONCE)}) f JOIN contacts k ON k.id = f.contact"
        " GROUP BY 1, 2, 3, 4 ORDER BY 1, 4, 2, 3"
    )
    rows: Sequence[Sequence[Any]] = fetch(conn, sql, *aim, answer, *hers, answer, *aim, *mine, *values)
    return rows


def times(conn: Connection, slots: Collection[int]) -> Counter[Fate]:
    """What became of every occurrence for which somebody has a place: the ends of all of them sum to the places."""
    found = Counter[Fate]()
    if slots:
        (stood, mine), (said, values) = among(conn, "r.slot", sorted(slots)), among(conn, "o.campaign", sorted(slots))
        heap = _EVERYBODY.format(mine=stood, said=said, big=BIG, c=by_bytes(conn), **_EACH)
        sql = f"SELECT f.variant, f.stood, {_KIND}, COUNT(*) FROM ({heap}) f GROUP BY 1, 2, 3"
        for variant, stands, message, count in fetch(conn, sql, *mine, *values):
            found[fate_of(stands, message or "", variant, "")] += int(count)
    return found


_ONCE = {"place": "", "word": "", "each": ""}
_EACH = {"place": ", CASE WHEN r.session = '' THEN CAST(r.id AS TEXT) ELSE r.session END AS one",
         "word": ", COALESCE(o.session, '')", "each": ", u.one"}  # fmt: skip
"""Somebody counts once; or each place of hers does, with what was said in the session that it began."""

_KIND = "substr(f.message, 1, 1) || substr(f.message, 17)"


def by_bytes(conn: Connection) -> str:
    """What has a text compared byte by byte, as SQLite does anyway."""
    return ' COLLATE "C"' if conn.dialect.name != "sqlite" else ""


def _sum(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def _refusals(conn: Connection, slots: Collection[int]) -> list[Refusals]:
    """Who was refused on which channel and why, and how many of them had it all the same on another."""
    where, values = among(conn, "o.campaign", sorted(slots))
    why = f"CASE WHEN o.status IN ({FAILED}, {REFUSED}) THEN COALESCE(o.refusal, 'failed') END"
    sql = (  # no join of two sets: SQLite takes both for small, and looks at every pair
        f"SELECT x.channel, x.why, COUNT(*), SUM(x.had) FROM (SELECT o.channel, {why} AS why,"
        " MAX(MAX(CASE WHEN o.status BETWEEN 3 AND 6 THEN 1 ELSE 0 END)) OVER (PARTITION BY o.contact_id) AS had"
        f" FROM outbox o WHERE {where} AND o.status BETWEEN {SENT} AND {REFUSED} GROUP BY o.contact_id, o.channel, {why}) x"
        " WHERE x.why IS NOT NULL GROUP BY x.channel, x.why ORDER BY 3 DESC, 1, 2"
    )
    return [Refusals(channel, why, int(people), int(had)) for channel, why, people, had in fetch(conn, sql, *values)]


def reached(conn: Connection) -> str:
    """SQL of whether she (`f.contact`, written to at `f.sent`) came to the goal, or the event of that name came for her, in time."""
    name = "json_extract(e.data, '$.goal')" if conn.dialect.name == "sqlite" else "e.data ->> 'goal'"
    return (
        f"EXISTS (SELECT 1 FROM events e WHERE e.contact_id = f.contact AND (e.name = ? OR (e.name = 'goal' AND {name} = ?))"
        " AND e.at >= f.sent AND e.at <= f.sent + ?)"
    )
