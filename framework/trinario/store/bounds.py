"""What bounds campaigns besides the pace: how people like a number, and how many it may write to first within a day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.standing import BULK_SHARES, NumberStanding
from trinario.store import paces
from trinario.store.bulk import Row, execute, fetch
from trinario.store.moments import ms

BEGUN = "begun/"
"""Before the hour in the name of a counter of messages to people who had not written: the limit is one for all numbers of a
portfolio, and it moves with the hours."""

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def rated(conn: Connection, channel: str, quality: str) -> bool:
    """Keep what people make of a number; gives whether it is news."""
    paces.make(conn, channel)
    return bool(
        execute(conn, "UPDATE paces SET quality = ? WHERE channel = ? AND quality <> ?", quality, channel, quality)
    )


def limited(conn: Connection, channel: str, most: int) -> bool:
    """Keep how many people a number may write to first within 24 hours; gives whether it is news. What waited for a lower
    limit goes on."""
    paces.make(conn, channel)
    sql = "UPDATE paces SET most = ?, bulk_until = CASE WHEN day_full = 1 THEN 0 ELSE bulk_until END, day_full = 0"
    return bool(execute(conn, f"{sql} WHERE channel = ? AND most <> ?", most, channel, most))


def standings(conn: Connection) -> list[NumberStanding]:
    """The numbers of which something is known, by channel."""
    sql = "SELECT channel, quality, most FROM paces WHERE quality <> '' OR most <> 0 ORDER BY channel"
    return [NumberStanding(*row) for row in fetch(conn, sql)]


def within(
    conn: Connection,
    channel: str,
    rows: Sequence[Row],
    places: tuple[int, int],
    allowed: paces.Allowance,
    now: datetime,
) -> list[Row]:
    """Of the rows that could go now those that may. `places` are those of the priority and of the content in a row."""
    bulk: Sequence[Row] = [row for row in rows if row[places[0]]]
    if not bulk:
        return list(rows)
    if share := BULK_SHARES.get(allowed.quality):
        bulk = bulk[: paces.grant(conn, f"{channel}/bulk", len(bulk), allowed.pace * share / 100, now)]
    if allowed.most > 0:
        bulk = _of_today(conn, channel, bulk, places[1], allowed.most, now)
    kept = {row[0] for row in bulk}
    return [row for row in rows if not row[places[0]] or row[0] in kept]


def _of_today(
    conn: Connection, channel: str, bulk: Sequence[Row], content: int, most: int, now: datetime
) -> Sequence[Row]:
    """Those for whom there is place within the last 24 hours; when there is none campaigns of the channel wait."""
    first = {row[0] for row in bulk if _is_template(row[content])}
    if not first:
        return bulk
    hours = fetch(conn, "SELECT channel, empty_at FROM paces WHERE channel >= ? AND channel < ? ORDER BY channel",
                  BEGUN + _hour(now - DAY), BEGUN + "~")  # fmt: skip
    left = max(0, most - sum(count for _, count in hours))
    over = sorted(first)[left:]
    if over:
        oldest = hours[0][0].removeprefix(BEGUN) if hours else _hour(now)
        _wait(conn, channel, datetime.fromisoformat(oldest).replace(tzinfo=UTC) + DAY + HOUR)
    if going := len(first) - len(over):
        paces.make(conn, BEGUN + _hour(now))
        execute(conn, "UPDATE paces SET empty_at = empty_at + ? WHERE channel = ?", going, BEGUN + _hour(now))
    return [row for row in bulk if row[0] not in set(over)]


def _wait(conn: Connection, channel: str, until: datetime) -> None:
    sql = "UPDATE paces SET day_full = 1, bulk_until = ? WHERE channel = ? AND bulk_until < ?"
    execute(conn, sql, ms(until), channel, ms(until))


def _is_template(content: str) -> bool:
    """Whether it is what goes to people whose window is shut."""
    return '"template"' in content and jsons.loads(content).get("k") == "template"


def _hour(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")


def forget(conn: Connection, before: datetime) -> int:
    """Hours that count no more."""
    sql = "DELETE FROM paces WHERE channel >= ? AND channel < ?"
    return execute(conn, sql, BEGUN, BEGUN + _hour(min(before, before - HOUR)))
