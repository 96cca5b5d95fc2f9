"""People in sequences: whose step has come, who must be reckoned anew because the file has changed, how far each is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.ports.drips import Enrolment, Onward
from trinario.store.bulk import among, fetch, update
from trinario.store.moments import moment, moment_or_none, ms, ms_or_none
from trinario.store.tables import EnrolmentRow

_COLUMNS = "id, contact_id, sequence, enrolled_at, next, due_at, revision, progress, tries"
_OUT = update(EnrolmentRow, "id", ("out", "tries"))
_ONWARD = update(EnrolmentRow, "id", ("revision", "step", "next", "due_at", "progress", "out"), "{t}state = 'live'")
_AGAIN = update(EnrolmentRow, "id", ("due_at", "out"), "{t}state = 'live'")
_ENDED = update(
    EnrolmentRow, "id", ("state", "step", "progress", "why", "ended_at", "due_at", "out"), "{t}state = 'live'"
)

MOST_TRIES = 32_768
"""Tries are counted anew from here: the column is a small one."""

COUNTED = 5000
"""Steps under way that are counted at most."""


class SqlDrips:
    """Implements `ports.DripUnit` on a Connection inside its transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"

    def unreckoned(self, revisions: Mapping[str, str], limit: int) -> list[Enrolment]:
        """People of these sequences (name -> revision) whose next step was reckoned by another file, or not yet; locked."""
        found: list[Enrolment] = []
        for name, revision in revisions.items():
            for sign in ("<", ">"):  # two ranges of the index
                sql = (
                    f"SELECT {_COLUMNS} FROM enrolments WHERE state = 'live' AND sequence = ? AND revision {sign} ?"
                    f" AND out = 0 ORDER BY revision, id LIMIT ?{self._skip}"
                )
                found += map(_row, fetch(self._conn, sql, name, revision, limit - len(found)))
        return found

    def due(self, names: Collection[str], limit: int, now: datetime) -> list[Enrolment]:
        """People of these sequences whose next step has come, locked, the first due in front."""
        if not names:
            return []
        where, values = among(self._conn, "sequence", sorted(names), "text")
        sql = (
            f"SELECT {_COLUMNS} FROM enrolments WHERE state = 'live' AND due_at <= ? AND out = 0 AND {where}"
            f" ORDER BY due_at, id LIMIT ?{self._skip}"
        )
        return [_row(row) for row in fetch(self._conn, sql, ms(now), *values, limit)]

    def out(self, rows: Sequence[Enrolment]) -> None:
        """Their steps are on their way into a turn. Tries count on from step to step: no two have the same row of the inbox."""
        _OUT.run(self._conn, [(1, (row.tries + 1) % MOST_TRIES, row.id) for row in rows])

    def onward(self, rows: Sequence[Onward]) -> None:
        """How far people are."""
        _AGAIN.run(self._conn, [(ms_or_none(one.due), 0, one.id) for one in rows if one.again])
        goes = [one for one in rows if one.due is not None and not one.again]
        _ONWARD.run(self._conn, [
            (one.revision, one.step, one.next, ms_or_none(one.due), jsons.dumps(dict(one.progress or {})), 0, one.id)
            for one in goes
        ])  # fmt: skip
        over = [one for one in rows if one.due is None]
        _ENDED.run(self._conn, [
            ("left" if one.why else "done", one.step, jsons.dumps(dict(one.progress or {})), one.why, ms_or_none(one.at), None, 0,
             one.id)
            for one in over
        ])  # fmt: skip

    def of(self, contact: int) -> list[Enrolment]:
        """The sequences in which somebody is."""
        sql = f"SELECT {_COLUMNS} FROM enrolments WHERE contact_id = ? AND state = 'live' ORDER BY id"
        return [_row(row) for row in fetch(self._conn, sql, contact)]

    def one(self, id: int) -> Enrolment | None:
        """An enrolment that is live, by its number."""
        sql = f"SELECT {_COLUMNS} FROM enrolments WHERE id = ? AND state = 'live'"
        return next((_row(row) for row in fetch(self._conn, sql, id)), None)

    def due_under_way(self) -> int:
        """How many steps are on their way into a turn; at most some thousands are counted."""
        sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM enrolments WHERE state = 'live' AND out = 1 LIMIT {COUNTED}) t"
        return int(fetch(self._conn, sql)[0][0])


def _row(row: Sequence[Any]) -> Enrolment:
    id, contact, sequence, enrolled, following, due, revision, progress, tries = row
    told = jsons.loads(progress) if isinstance(progress, str) else progress
    return Enrolment(id, contact, sequence, moment(enrolled), following, moment_or_none(due), revision, told, tries)
