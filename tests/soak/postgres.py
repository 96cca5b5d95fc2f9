"""python -m tests.soak.postgres: the same stories on a PostgreSQL of their own; some hundreds, since each takes far longer there."""

import argparse
import asyncio
import contextlib
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from tests.migrated import EMPTY, Pool
from tests.postgres import start
from tests.soak import machine
from tests.soak.__main__ import play
from tests.soak.rig import Rig
from trinario.jobs.intake import Intake
from trinario.jobs.statuses import watched
from trinario.store.bulk import fetch
from trinario.store.postgres import PostgresStore
from trinario.store.unit import SqlUnit

CLEAN = EMPTY[EMPTY.index("DO $$") :].strip()
"""The one statement that empties every table that has a row, and has every sequence begin anew."""


class Beside:
    """A PostgresStore in a thread with a loop of its own, so that the machine, which works step by step, can wait for it."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.store = PostgresStore(url, pool=4)

    def run_now(self, work: Callable[[SqlUnit], Any]) -> Any:
        """Run `work` in one transaction, and wait for it."""
        return asyncio.run_coroutine_threadsafe(self.store.run(work), self._loop).result()

    async def run(self, work: Callable[[SqlUnit], Any], *, first: bool = False) -> Any:
        """The same, awaited."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.store.run(work), self._loop))

    read = run

    def close(self) -> None:
        """Give the connections back."""
        asyncio.run_coroutine_threadsafe(self.store.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)

    # as the machine asks its SQLite between two works

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> "Answer":
        """What the database answers to `?` SQL."""
        told = sql.replace("AND ? > 0", "AND CAST(? AS BIGINT) > 0")
        return Answer(self.run_now(lambda unit: [tuple(row) for row in fetch(unit.conn, told, *values)]))


class Answer(list[tuple[Any, ...]]):
    """Rows, asked for as of a cursor."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All."""
        return list(self)

    def fetchone(self) -> tuple[Any, ...]:
        """The first."""
        return self[0]


class OnPostgres(Rig):
    """The rig, whose machine works on a server."""

    def __init__(self, beside: Beside) -> None:
        self.beside = beside
        super().__init__()

    def __post_init__(self) -> None:
        super().__post_init__()
        one: Any = self.machine
        one.store = one._sqlite = self.beside
        one._intake = Intake(self.beside, self.clock, lambda: None, lambda: watched(one.bot), follows=lambda: True)
        one._load = lambda image: self.beside.run_now(lambda unit: unit.conn.exec_driver_sql(CLEAN))

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row as it stands, by its table, whatever order the server gives them in."""
        return {name: sorted(rows, key=repr) for name, rows in self._all().items()}

    def _all(self) -> dict[str, list[tuple[Any, ...]]]:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'receipts'"
        return {name: self.machine.rows(f"SELECT * FROM {name}") for (name,) in self.machine.rows(names)}


@contextlib.contextmanager
def on_postgres() -> Iterator[Beside]:
    """The stories of this process are played on a cluster of its own."""
    server = start()
    try:
        with Pool(server).lent() as url:
            beside = Beside(url)
            machine.rigs[:] = [OnPostgres(beside)]
            yield beside
            machine.rigs.clear()
            beside.close()
    finally:
        server.stop()


def main() -> int:
    """Play, and print the shortest story in which something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    begun = time.monotonic()
    with on_postgres():
        try:
            play(given.examples, given.steps, given.seed)
        except Exception:
            traceback.print_exc()
            print(f"seed {given.seed}")
            return 1
    took = time.monotonic() - begun
    print(f"{given.examples} stories of up to {given.steps} steps on PostgreSQL in {took:.0f} s: all as it should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
