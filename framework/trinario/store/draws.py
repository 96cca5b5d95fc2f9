"""Draws: the numbers that were given out, the seed that was committed to, and who won."""

from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.campaign.drawing import Ticket
from trinario.ports.draws import Draw
from trinario.store.bulk import execute, fetch, insert
from trinario.store.moments import moment, moment_or_none, ms, ms_or_none
from trinario.store.tables import DrawRow

_DRAWS = insert(DrawRow, ("name", "seed", "committed_at"), "ON CONFLICT DO NOTHING")


class SqlDraws:
    """Implements `ports.DrawUnit` on a Connection inside its transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def tickets(self, name: str, until: datetime | None = None) -> list[Ticket]:
        """The numbers of a draw, and whose each is; with `until` those that were given out by then."""
        sql = "SELECT number, contact_id, at FROM draw_tickets WHERE draw = ? ORDER BY number"
        last = ms_or_none(until)
        return [Ticket(row[0], row[1]) for row in fetch(self._conn, sql, name) if last is None or row[2] <= last]

    def names(self) -> list[tuple[str, int]]:
        """Every draw in which numbers were given out, with how many."""
        sql = "SELECT draw, COUNT(*) FROM draw_tickets GROUP BY draw ORDER BY draw"
        return [(row[0], row[1]) for row in fetch(self._conn, sql)]

    def commit(self, name: str, seed: str, now: datetime) -> Draw:
        """Keep the seed of a draw; one that is there stays. Gives the draw as it is kept."""
        _DRAWS.run(self._conn, [(name, seed, ms(now))])
        found = self.find(name)
        assert found is not None, "it was just written"
        return found

    def find(self, name: str) -> Draw | None:
        """A draw whose seed is kept."""
        sql = "SELECT name, seed, committed_at, drawn_at, winners, entrants FROM draws WHERE name = ?"
        for name_, seed, committed, drawn, won, digest in fetch(self._conn, sql, name):
            numbers = jsons.loads(won) if isinstance(won, str) else won
            return Draw(name_, seed, moment(committed), moment_or_none(drawn), tuple(numbers), digest)
        return None

    def drawn(self, draw: Draw) -> bool:
        """Write who won; False: it was drawn already."""
        data = "" if self._conn.dialect.name == "sqlite" else "::jsonb"
        sql = f"UPDATE draws SET drawn_at = ?, winners = ?{data}, entrants = ? WHERE name = ? AND drawn_at IS NULL"
        told = jsons.dumps(list(draw.winners))
        return bool(execute(self._conn, sql, ms_or_none(draw.drawn_at), told, draw.entrants, draw.name))
