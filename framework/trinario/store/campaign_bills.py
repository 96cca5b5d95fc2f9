"""What campaigns cost: their messages by what each costs, and how many people may still be let in."""

from datetime import date, timedelta

from sqlalchemy import Connection

from trinario.model.country import SHOWN
from trinario.ports.campaigns import ON_THE_WAY, Allotment, Bill
from trinario.store.bulk import among, execute, fetch

DAY_MS, EPOCH = 86_400_000, date(1970, 1, 1)


def allotment(conn: Connection, name: str, lock: bool) -> Allotment:
    """How many were let in, and how many may be; with `lock` nobody else lets any in meanwhile."""
    tail = " FOR UPDATE" if lock and conn.dialect.name != "sqlite" else ""
    rows = fetch(conn, f"SELECT let_in, allotted FROM campaigns WHERE name = ?{tail}", name)
    return Allotment(*rows[0]) if rows else Allotment(0, 0)


def allot(conn: Connection, name: str, most: int) -> None:
    """With so many let in it stops."""
    execute(conn, "UPDATE campaigns SET allotted = ? WHERE name = ?", most, name)


def count_in(conn: Connection, name: str, count: int) -> None:
    """So many more were let in."""
    execute(conn, "UPDATE campaigns SET let_in = let_in + ? WHERE name = ?", count, name)


def on_the_way(conn: Connection, name: str) -> int:
    """How many recipients of a campaign are on their way into a turn."""
    mine = "slot IN (SELECT id FROM campaign_slots WHERE campaign = ?)"
    sql = f"SELECT COUNT(*) FROM recipients WHERE state = {ON_THE_WAY} AND {mine}"
    return int(fetch(conn, sql, name)[0][0])


def bill(conn: Connection, name: str) -> list[Bill]:
    """Its messages that went, or are to go, counted by what they cost; what failed or was refused costs nothing."""
    slots = [row[0] for row in fetch(conn, "SELECT id FROM campaign_slots WHERE campaign = ?", name)]
    if not slots:
        return []
    where, values = among(conn, "campaign", slots)
    parts = (
        f"channel, kind, substr(value, 1, {SHOWN}), COALESCE(price, ''), CASE WHEN status >= 3 THEN sent_at / {DAY_MS} END,"
        ' CASE WHEN substr(content, 1, 15) = \'{"k":"template"\' THEN 1 ELSE 0 END'
    )
    sql = f"SELECT {parts}, COUNT(*) FROM outbox WHERE {where} AND status BETWEEN 0 AND 6 GROUP BY 1, 2, 3, 4, 5, 6"
    return [
        Bill(
            channel, kind, start, price, None if day is None else EPOCH + timedelta(days=int(day)), bool(is_one), count
        )
        for channel, kind, start, price, day, is_one, count in fetch(conn, sql, *values)
    ]
