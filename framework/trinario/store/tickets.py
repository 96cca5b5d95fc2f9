"""Tickets: contacts who were given to people. Listed, answered, assigned, closed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario.ports.tickets import TicketKept, TicketStates
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import moment, moment_or_none, ms

_TICKET = (
    "SELECT t.id, t.contact_id, t.session, t.team, t.note, t.priority, t.assignee, t.opened_at, t.answered_at, t.closed_at,"
    " t.closed_by, c.first_name, c.last_name, c.owner FROM tickets t JOIN contacts c ON c.id = t.contact_id"
)

_STATES: dict[TicketStates, str] = {
    "open": "t.closed_at IS NULL AND t.answered_at IS NULL",
    "answered": "t.closed_at IS NULL AND t.answered_at IS NOT NULL",
    "waiting": "t.closed_at IS NULL",
    "closed": "t.closed_at IS NOT NULL",
    "all": "1 = 1",
}


class SqlTickets:
    """Implements `ports.Tickets` on a Connection inside its transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def list(
        self, team: str | None, state: TicketStates, assignee: str | None, after: int | None, limit: int
    ) -> Sequence[TicketKept]:
        """Tickets in a state, from one place on."""
        newest = state in ("closed", "all")
        asked: list[tuple[str, Any]] = []
        if team is not None:
            asked.append(("t.team = ?", team))
        if assignee is not None:
            asked.append(("t.assignee = ?", assignee))
        if after is not None:
            asked.append(("t.id < ?" if newest else "t.id > ?", after))
        where = " AND ".join((_STATES[state], *(sql for sql, _ in asked)))
        order = f"ORDER BY t.id {'DESC' if newest else 'ASC'} LIMIT ?"
        rows = fetch(self._conn, f"{_TICKET} WHERE {where} {order}", *(value for _, value in asked), limit)
        return [_kept(row) for row in rows]

    def find(self, id: int) -> TicketKept | None:
        """A ticket by its number."""
        return next((_kept(row) for row in fetch(self._conn, f"{_TICKET} WHERE t.id = ?", id)), None)

    def of(self, contact: int) -> Sequence[TicketKept]:
        """The tickets of a contact that are not closed, oldest first."""
        sql = f"{_TICKET} WHERE t.contact_id = ? AND t.closed_at IS NULL ORDER BY t.id"
        return [_kept(row) for row in fetch(self._conn, sql, contact)]

    def close(self, ids: Sequence[int], by: str, now: datetime) -> None:
        """Those of these that are not closed are closed."""
        if ids:
            where, values = among(self._conn, "id", ids)
            sql = f"UPDATE tickets SET closed_at = ?, closed_by = ? WHERE closed_at IS NULL AND {where}"
            execute(self._conn, sql, ms(now), by, *values)

    def give(self, ids: Sequence[int], contact: int) -> None:
        """These are that contact's."""
        if ids:
            where, values = among(self._conn, "id", ids)
            execute(self._conn, f"UPDATE tickets SET contact_id = ? WHERE {where}", contact, *values)

    def assign(self, id: int, assignee: str) -> None:
        """Somebody of the team has it from now on."""
        execute(self._conn, "UPDATE tickets SET assignee = ? WHERE id = ?", assignee, id)


def _kept(row: Sequence[Any]) -> TicketKept:
    id, contact, session, team, note, priority, assignee, opened, answered, closed, by, first, last, owner = row
    return TicketKept(
        id, contact, session, team, note, priority, assignee, moment(opened), moment_or_none(answered),
        moment_or_none(closed), by, " ".join(part for part in (first, last) if part), owner,
    )  # fmt: skip


def answered(conn: Connection, contacts: Iterable[tuple[int, datetime]]) -> None:
    """People have written to these contacts: of each ticket that waits the first answer counts."""
    for contact, at in contacts:
        sql = "UPDATE tickets SET answered_at = ? WHERE contact_id = ? AND closed_at IS NULL AND answered_at IS NULL"
        execute(conn, sql, ms(at), contact)


def team_of(conn: Connection, contact: int) -> str | None:
    """The team of her newest ticket that is open; one that nobody closes stays the team that she was given to last."""
    sql = "SELECT team FROM tickets WHERE contact_id = ? AND closed_at IS NULL ORDER BY id DESC LIMIT 1"
    rows = fetch(conn, sql, contact)
    return str(rows[0][0]) if rows else None
