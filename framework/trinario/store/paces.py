"""What the account of a channel may send now: its pace, its rests, and the trouble that stopped it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario.ports import Trouble
from trinario.store.bulk import execute, fetch
from trinario.store.moments import moment, ms

BURST = 0.5
"""Seconds of pace that may go at once: half of a second's, so that no window of one second sees more than the pace allows
after a pause of ours and a burst of another process."""

PAIR = "131056"
"""One person gets no more just now: nothing that an operator has mended."""

DIGITS = ", ".join(f"'{digit}'" for digit in range(10))
"""What codes of platforms begin with, and reasons of ours do not."""

REPLIES, ALL = 0, 1
"""The last priority that may go."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many may go now, at which pace, the moment in microseconds at which the bucket is empty, the last priority that
    may go, and whether what goes is to find out if a trouble is over. `quality` and `most` bound campaigns (store/bounds)."""

    count: int
    pace: float
    empty_at: int
    priority: int = ALL
    probe: bool = False
    quality: str = ""
    most: int = 0


def allowance(conn: Connection, channel: str, pace: float, now: datetime) -> Allowance:
    """What the channel may send now; the row is locked on PostgreSQL."""
    moment_us, moment_ms = round(now.timestamp() * 1_000_000), ms(now)
    empty, rests_from, rests_until, slow_until, share, bulk_until, trouble, quality, most = _row(conn, channel)
    if rests_from <= moment_ms < rests_until:  # a clock that was set back does not stretch a rest
        return Allowance(0, pace, empty)
    if moment_ms < slow_until:
        pace *= share / 100
    burst = max(1.0, pace * BURST)
    full = moment_us + round(burst * 1_000_000 / pace)
    if empty > full:  # the clock was set back: that must not mute the channel
        execute(conn, "UPDATE paces SET empty_at = ? WHERE channel = ?", full, channel)
    empty = min(max(empty, moment_us), full)
    count = int(burst - (empty - moment_us) * pace / 1_000_000 + 1e-6)
    priority = REPLIES if moment_ms < bulk_until else ALL
    return Allowance(min(count, 1) if trouble else count, pace, empty, priority, bool(trouble), quality, most)


def _row(conn: Connection, channel: str) -> Sequence[Any]:
    lock = "" if conn.dialect.name == "sqlite" else " FOR UPDATE"
    sql = (
        "SELECT empty_at, rests_from, rests_until, slow_until, share, bulk_until, trouble <> '', quality, most FROM paces"
        f" WHERE channel = ?{lock}"
    )
    found = fetch(conn, sql, channel)
    if not found:
        make(conn, channel)
        found = fetch(conn, sql, channel)
    row: Sequence[Any] = found[0]
    return row


def make(conn: Connection, channel: str) -> None:
    """The row of a channel, or of a bucket beside it, is there."""
    execute(conn, "INSERT INTO paces (channel, empty_at) VALUES (?, 0) ON CONFLICT DO NOTHING", channel)


def take(conn: Connection, channel: str, count: int, allowed: Allowance) -> None:
    """So many go."""
    after = allowed.empty_at + round(count * 1_000_000 / allowed.pace)
    execute(conn, "UPDATE paces SET empty_at = ? WHERE channel = ?", after, channel)


def heavy(conn: Connection, channel: str, wanted: int, pace: float, now: datetime) -> int:
    """How many audio and video files of those wanted may go now; they are counted."""
    return grant(conn, f"{channel}/heavy", wanted, pace, now)


def grant(conn: Connection, name: str, wanted: int, pace: float, now: datetime) -> int:
    """How many of those wanted a bucket of that name gives; they are counted."""
    allowed = allowance(conn, name, pace, now)
    granted = min(wanted, allowed.count)
    if granted:
        take(conn, name, granted, allowed)
    return granted


def rest(conn: Connection, channel: str, now: datetime, until: datetime) -> None:
    """Nothing of the channel goes until then; a longer rest stays."""
    _, rests_from, rests_until, *_ = _row(conn, channel)
    longest = max(ms(until), rests_until if rests_from <= ms(now) < rests_until else 0)
    sql = "UPDATE paces SET rests_from = ?, rests_until = ? WHERE channel = ?"
    execute(conn, sql, ms(now), longest, channel)


def slow(conn: Connection, channel: str, share: int, until: datetime) -> None:
    """The channel sends at `share` percent of its pace until then."""
    make(conn, channel)
    sql = "UPDATE paces SET share = ?, slow_until = ? WHERE channel = ?"
    execute(conn, sql, min(max(share, 1), 100), ms(until), channel)


def hold_bulk(conn: Connection, channel: str, until: datetime) -> None:
    """Marketing of the channel waits until then."""
    make(conn, channel)
    execute(conn, "UPDATE paces SET bulk_until = ? WHERE channel = ?", ms(until), channel)


def trouble(conn: Connection, channel: str, code: str, reason: str, now: datetime) -> bool:
    """The platform refuses the channel's token or account. Gives whether that is news."""
    make(conn, channel)
    sql = "UPDATE paces SET trouble = ?, reason = ?, since = ? WHERE channel = ? AND trouble = ''"
    if execute(conn, sql, code, reason, ms(now), channel):
        return True
    execute(conn, "UPDATE paces SET trouble = ?, reason = ? WHERE channel = ?", code, reason, channel)
    return False


def well(conn: Connection, channel: str) -> bool:
    """A message went: the trouble is over. Gives whether there was one."""
    sql = "UPDATE paces SET trouble = '', reason = '', rests_until = 0 WHERE channel = ? AND trouble <> ''"
    return bool(execute(conn, sql, channel))


def resume(conn: Connection, channel: str, now: datetime) -> int:
    """Nothing rests, waits or is slowed any more, and what the platform had refused is due; how many rows that is. A trouble
    is over when a message went."""
    sql = (
        "UPDATE paces SET rests_until = 0, bulk_until = 0, day_full = 0, slow_until = 0, share = 100 WHERE channel = ?"
    )
    execute(conn, sql, channel)
    sql = (
        "UPDATE outbox SET not_before = ? WHERE channel = ? AND status = 0 AND not_before > 0 AND not_before > ? AND refusal <> ?"
        f" AND (refusal = 'token' OR substr(refusal, 1, 1) IN ({DIGITS}))"
    )
    return execute(conn, sql, ms(now), channel, ms(now), PAIR)


def troubles(conn: Connection, now: datetime) -> list[Trouble]:
    """Channels that the platform refuses or slows, and those whose marketing waits."""
    at = ms(now)
    sql = (
        "SELECT channel, trouble, reason, since, rests_from, rests_until, bulk_until, slow_until, share FROM paces"
        " WHERE trouble <> '' OR rests_until > ? OR bulk_until > ? OR slow_until > ? ORDER BY channel"
    )
    return [
        Trouble(row[0], row[1], row[2], moment(row[3]) if row[3] else None,
                moment(row[5]) if row[4] <= at < row[5] else None, moment(row[6]) if row[6] > at else None,
                row[8] if row[7] > at else 100)
        for row in fetch(conn, sql, at, at, at)
    ]  # fmt: skip
