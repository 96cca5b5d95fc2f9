"""What may be due for very many at once, and how it is put there: sessions that wait, timers of contacts, steps of sequences."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from tests.benchmarks.rigs import NOW, Base
from trinario import jsons
from trinario.engine.react import react
from trinario.model.contact import Contact
from trinario.model.event import FlowWanted
from trinario.model.session import Session
from trinario.model.session_json import session_to_json
from trinario.model.turn import Standing
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.settings import Settings
from trinario.store.bulk import fetch, insert
from trinario.store.tables import EnrolmentRow, SessionRow

BOTS = Path(__file__).parent / "project" / "bots"
DAY = 86_400_000
AT_A_TIME = 20_000
READY = 600.0
"""Seconds in which the bot has wound the timers of everybody."""


@dataclass(frozen=True)
class Clocks:
    """Clocks of one kind: the bot they are of, how as many of them are made due, and the SQL that counts those left."""

    bot: str
    put: Callable[[Base, int], None]
    left: str

    def count(self, base: Base) -> int:
        """How many are due and not done."""
        return int(base.look(lambda conn: fetch(conn, self.left)[0][0]))


def waiting() -> Session:
    """A session that stands at its wait since a day."""
    keeper, then = BotKeeper(BOTS / "bench", Settings()), datetime.now(UTC) - timedelta(days=1, minutes=1)
    contact = Contact(1, then)
    (session,) = react(keeper.bot, Standing(contact, ()), FlowWanted("bench", then, "reminder", {})).sessions
    return session


def put_sessions(base: Base, count: int) -> None:
    """A session that waits, once for each contact."""
    session = waiting()
    body = session_to_json(session)
    columns = ("id", "contact_id", "flow", "revision", "status", "step", "wake_at", "state", "updated_at")

    def some(conn: Connection, first: int, last: int) -> None:
        rows = [
            (f"s{n}", n, session.flow, session.revision, "waiting", "later", NOW,
             jsons.dumps({**body, "id": f"s{n}", "contact": n}), NOW)
            for n in range(first, last)
        ]  # fmt: skip
        insert(SessionRow, columns).run(conn, rows)

    _in_parts(base, count, some)


def put_timers(base: Base, count: int) -> None:
    """Everybody has been silent for two days: the timers that the bot has wound itself are due."""
    until = time.perf_counter() + READY
    while base.look(lambda conn: fetch(conn, "SELECT COUNT(*) FROM timers")[0][0]) < count:
        if time.perf_counter() > until:
            raise RuntimeError("the bot has not wound the timers")
        time.sleep(0.5)

    def silent(conn: Connection) -> None:
        conn.exec_driver_sql(f"UPDATE contacts SET last_seen_at = {NOW - 2 * DAY} WHERE id <= {count}")
        conn.exec_driver_sql(f"UPDATE timers SET due_at = {NOW} WHERE contact_id <= {count}")

    base.work(silent)


def put_steps(base: Base, count: int) -> None:
    """Everybody is in the sequence since an hour, and its first step was due at once."""
    columns = ("contact_id", "sequence", "enrolled_at")

    def some(conn: Connection, first: int, last: int) -> None:
        insert(EnrolmentRow, columns).run(conn, [(n, "course", NOW - DAY // 24) for n in range(first, last)])

    _in_parts(base, count, some)


def _in_parts(base: Base, count: int, some: Callable[[Connection, int, int], None]) -> None:
    for first in range(1, count + 1, AT_A_TIME):
        base.work(lambda conn, a=first: some(conn, a, min(a + AT_A_TIME, count + 1)))


_DUE = f"(SELECT COUNT(*) FROM timers WHERE due_at <= {NOW})"
_RUNG = "(SELECT COUNT(*) FROM inbox WHERE status = 0 AND priority = 1)"

KINDS = {
    "sessions": Clocks(
        "bench", put_sessions, f"SELECT COUNT(*) FROM sessions WHERE wake_at <= {NOW} AND flow = 'reminder'"
    ),
    "timers": Clocks("clocks", put_timers, f"SELECT {_DUE} + {_RUNG}"),
    "steps": Clocks("clocks", put_steps, "SELECT COUNT(*) FROM enrolments WHERE state = 'live'"),
}
