"""What messages cost: counted by what the platform has told of each."""

from datetime import datetime

from sqlalchemy import Connection

from trinario.model.country import SHOWN
from trinario.ports.costs import Charge
from trinario.store.bulk import fetch
from trinario.store.moments import ms


class SqlCosts:
    """Implements `ports.costs.CostUnit` on a connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def charges(self, since: datetime, until: datetime) -> list[Charge]:
        """By the index of what was priced."""
        arrived = "CASE WHEN status IN (5, 6) THEN 1 ELSE 0 END"
        sql = (
            f"SELECT channel, kind, substr(value, 1, {SHOWN}), price, {arrived}, COUNT(*) FROM outbox"
            " WHERE price IS NOT NULL AND sent_at >= ? AND sent_at < ?"
            f" GROUP BY channel, kind, substr(value, 1, {SHOWN}), price, {arrived}"
        )
        found = fetch(self._conn, sql, ms(since), ms(until))
        return [
            Charge(channel, kind, start, price, bool(there), count)
            for channel, kind, start, price, there, count in found
        ]
