"""How people come through flows: written with the turn, one row a session and step, and counted by the database."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from trinario.campaign.funnel import DROPPED, Funnel
from trinario.campaign.report import StepReport
from trinario.model.session import Session
from trinario.ports.passages import ALONE, Passage
from trinario.store import step_reports
from trinario.store.bulk import Bulk, Row, among, execute, fetch, insert, table_of
from trinario.store.moments import ms
from trinario.store.tables.passages import PassageRow

_ARRIVED = insert(
    PassageRow,
    ("session", "flow", "step", "how", "arrived_at", "left_at", "took", "revision", "slot", "variant", "channel", "language"),
    "ON CONFLICT (session, flow, step) DO UPDATE SET how = excluded.how, left_at = excluded.left_at,"
    " took = COALESCE((excluded.left_at - passages.arrived_at) / 1000, 0)",
)  # fmt: skip

_ENDED = Bulk(
    PassageRow,
    ("how", "left_at", "session"),
    "UPDATE passages SET how = ?1, left_at = ?2, took = (?2 - arrived_at) / 1000 WHERE session = ?3 AND left_at IS NULL",
    "UPDATE passages AS t SET how = r.how, left_at = r.left_at, took = (r.left_at - t.arrived_at) / 1000 FROM {rows}"
    " WHERE t.session = r.session AND t.left_at IS NULL",
)

COARSE = (
    "CASE WHEN took < 120 THEN took WHEN took < 7200 THEN took / 60 * 60 WHEN took < 172800 THEN took / 3600 * 3600"
    " ELSE took / 86400 * 86400 END"
)
"""Seconds, minutes, hours or days: the longer it took the coarser."""


def write(conn: Connection, found: Sequence[Passage], sessions: Collection[Session], at: int) -> None:
    """Keep the ways of a batch; where a session has ended nothing stays open."""
    rows: dict[tuple[str, str, str], Row] = {}
    for one in found:
        key, when = (one.session, one.flow, one.step), ms(one.at)
        begun = rows[key][4] if key in rows else when
        left = when if one.left else None
        rows[key] = (
            *key, one.how, begun, left, (when - begun) // 1000 if one.left else 0, one.revision, one.slot or None, one.variant,
            one.channel, one.language,
        )  # fmt: skip
    _ARRIVED.run(conn, list(rows.values()))
    _ENDED.run(conn, [(_end(one), at, one.id) for one in sessions if not (one.live or one.flow.startswith(ALONE))])


def reopen(conn: Connection, merge: int, sessions: Collection[Session]) -> None:
    """Sessions that this merge had ended, and that go on, stand where they stood."""
    ended = (
        "UPDATE passages SET how = 'waits', left_at = NULL, took = 0 WHERE session = ? AND how = ?"
        " AND left_at = (SELECT at FROM merges WHERE id = ?)"
    )
    called = "UPDATE passages SET how = 'called' WHERE session = ? AND flow = ? AND step = ? AND how = 'waits'"
    for one in sessions:
        if execute(conn, ended, one.id, f"stopped{DROPPED}", merge):
            for frame in one.stack:
                execute(conn, called, one.id, frame.flow, frame.step)


def _end(session: Session) -> str:
    return "done" if session.status == "done" else f"{session.status}{DROPPED}"


_CAUSES = (
    "WITH RECURSIVE c (cause) AS (SELECT MIN(cause) FROM outbox UNION ALL"
    " SELECT (SELECT MIN(o.cause) FROM outbox o WHERE o.cause > c.cause) FROM c WHERE c.cause IS NOT NULL)"
    " SELECT cause FROM c WHERE substr(cause, 1, ?) = ?"
)
"""What ever said something, each once."""


class SqlPassages:
    """Implements `ports.passages.PassageUnit` on a Connection inside its transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def funnel(self, flow: str, since: datetime | None, slots: Collection[int] = (), by: str = "") -> Funnel:
        """One grouped question; without `slots` and `by` the index alone answers it."""
        where, values = "flow = ?", list[object]([flow])
        if since is not None:
            where, values = f"{where} AND arrived_at >= ?", [*values, ms(since)]
        if slots:
            mine, more = among(self._conn, "slot", sorted(slots))
            where, values = f"{where} AND {mine}", [*values, *more]
        group = table_of(PassageRow).c[by].name if by else "''"
        told = Funnel(flow, by)
        grouped = ", ".join(filter(None, (by and group, "step", "how", COARSE)))
        sql = f"SELECT {group}, step, how, {COARSE}, COUNT(*) FROM passages WHERE {where} GROUP BY {grouped}"
        for value, step, how, seconds, count in fetch(self._conn, sql, *values):
            told.add(value or "", step, how, count, seconds)
        return told

    def told(
        self, causes: Collection[str], since: datetime | None, goal: str = "", within: timedelta = timedelta()
    ) -> list[StepReport]:
        """By the index of what said it."""
        return step_reports.told(self._conn, causes, since, goal, within)

    def causes(self, sequence: str) -> list[str]:
        """By the index of what said it, from one cause to the next: as many looks as there are steps, not messages."""
        start = f"sequence/{sequence}/"
        return [row[0] for row in fetch(self._conn, _CAUSES, len(start), start)]

    def enrolled(self, sequence: str, since: datetime | None) -> list[tuple[str, str, str, int]]:
        """By the index of the sequence's people."""
        where, values = "sequence = ?", list[object]([sequence])
        if since is not None:
            where, values = f"{where} AND enrolled_at >= ?", [*values, ms(since)]
        following = "CASE WHEN state = 'live' THEN next ELSE '' END"
        sql = f"SELECT state, {following}, why, COUNT(*) FROM enrolments WHERE {where} GROUP BY state, {following}, why"
        return [(state, step, why, count) for state, step, why, count in fetch(self._conn, sql, *values)]
