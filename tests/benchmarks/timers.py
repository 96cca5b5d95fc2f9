"""Very many sessions whose clock rings at once, while conversations go on: how many are moved a second, and the conversations'
p99 from webhook to reply, quiet and meanwhile.

python -m tests.benchmarks.timers [--sessions 20000] [--postgres] [--out FILE]
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from tests import postgres
from tests.benchmarks.campaign_load import QUIET, SLICE, TALKERS, WHOLE, Talk, percentile
from tests.benchmarks.rigs import NOW, Base, PostgresBase, SqliteBase, rig
from trinario import jsons
from trinario.engine.react import react
from trinario.model.contact import Contact
from trinario.model.event import FlowWanted
from trinario.model.session import Session, session_to_json
from trinario.model.turn import Standing
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.settings import Settings
from trinario.store.bulk import insert
from trinario.store.tables import SessionRow

BOT = Path(__file__).parent / "project" / "bots" / "bench"
PATIENCE, AT_A_TIME = 1800.0, 20_000

LOOK = 0.3
"""Seconds between two looks at how many are left."""


def waiting() -> Session:
    """A session that stands at its wait since a day."""
    keeper, then = BotKeeper(BOT, Settings()), datetime.now(UTC) - timedelta(days=1, minutes=1)
    contact = Contact(1, then)
    (session,) = react(keeper.bot, Standing(contact, ()), FlowWanted("bench", then, "reminder", {})).sessions
    return session


def put(base: Base, session: Session, count: int, due: int) -> None:
    """It, once for each contact."""
    body = session_to_json(session)
    columns = ("id", "contact_id", "flow", "revision", "status", "step", "wake_at", "state", "updated_at")

    def some(conn: Connection, first: int, last: int) -> None:
        rows = [
            (f"s{n}", n, session.flow, session.revision, "waiting", "later", due,
             jsons.dumps({**body, "id": f"s{n}", "contact": n}), NOW)
            for n in range(first, last)
        ]  # fmt: skip
        insert(SessionRow, columns).run(conn, rows)

    for first in range(1, count + 1, AT_A_TIME):
        base.work(lambda conn, a=first: some(conn, a, min(a + AT_A_TIME, count + 1)))


def left(base: Base) -> int:
    """Sessions whose clock has rung and that nobody has moved."""
    sql = f"SELECT COUNT(*) FROM sessions WHERE wake_at <= {int(time.time() * 1000)} AND id LIKE 's%' AND flow = 'reminder'"
    return int(
        base.look(
            lambda conn: conn.exec_driver_sql(sql.replace("%", "%%") if conn.dialect.name != "sqlite" else sql).scalar()
        )
    )


def measure(base: Base, count: int) -> dict[str, Any]:
    """Quiet, then with all of them due."""
    graph = rig(module="fast_graph")
    try:
        bot = rig("bot", WHOLE, env=base.env(TRINARIO_GRAPH_URL=f"http://127.0.0.1:{graph.port}"))
    except BaseException:
        graph.stop()
        raise
    talk, marks = Talk(count + 1, graph), list[tuple[float, int]]()
    try:
        talk.go(bot.port, SLICE)
        begun = time.perf_counter()
        talk.go(bot.port, QUIET)
        quiet = (begun, time.perf_counter())
        put(base, waiting(), count, NOW)
        begun, before = time.perf_counter(), left(base)
        while (rest := left(base)) and time.perf_counter() < begun + PATIENCE:
            talking = threading.Thread(target=talk.go, args=(bot.port, SLICE))
            talking.start()
            while talking.is_alive():
                if not marks or marks[-1][1]:  # until nobody is left
                    marks.append((time.perf_counter(), left(base)))
                talking.join(LOOK)
        ended = marks[-1][0] if marks else time.perf_counter()
        time.sleep(1)
        calm, busy = talk.latencies(*quiet), talk.latencies(begun, ended)
        per_second = (before - (marks[-1][1] if marks else rest)) / max(ended - begun, 0.001)
        return {
            "sessions": count, "found_due": before, "left": rest, "per_second": round(per_second),
            "minutes_for_a_million": round(1_000_000 / max(per_second, 0.1) / 60, 1),
            "quiet_p99_ms": percentile(calm, 0.99), "p99_ms": percentile(busy, 0.99), "worst_ms": percentile(busy, 1),
            "p99_ratio": round(percentile(busy, 0.99) / max(percentile(calm, 0.99), 0.1), 2), "memory_mb": round(bot.memory(), 1),
        }  # fmt: skip
    finally:
        bot.stop()
        graph.stop()


def main() -> int:
    """Measure and print; 1 if somebody was left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=20_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("build/timers.json"))
    given = parser.parse_args()
    server = postgres.start() if given.postgres else None
    with tempfile.TemporaryDirectory(prefix="trinario-timers-") as folder:
        base: Base = PostgresBase(server, "timers") if server else SqliteBase(Path(folder) / "timers.db")
        base.fill(given.sessions + TALKERS)
        try:
            told = measure(base, given.sessions)
        finally:
            base.close()
            if server:
                server.stop()
    print(json.dumps(told, indent=2))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(told, indent=2) + "\n")
    return int(told["left"] > 0)


if __name__ == "__main__":
    sys.exit(main())
