"""Processes under measurement: started, filled, read, ended."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection

from tests import postgres
from trinario.store.bulk import insert
from trinario.store.migrate import upgrade
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import sqlite_engine
from trinario.store.tables import ContactRow, IdentityRow, OutboxRow

HERE = Path(__file__).parent
NOW = int(time.time() * 1000)


@dataclass
class Rig:
    """A child process that serves on `port`."""

    process: subprocess.Popen[str]
    port: int
    started: float
    proc: psutil.Process = field(init=False)

    def __post_init__(self) -> None:
        self.proc = psutil.Process(self.process.pid)

    def cpu(self) -> float:
        """Seconds of CPU used so far."""
        times = self.proc.cpu_times()
        return times.user + times.system

    def loop_cpu(self) -> float:
        """Seconds of CPU that its first thread, the event loop's, used of these."""
        return next(one.user_time + one.system_time for one in self.proc.threads() if one.id == self.process.pid)

    def memory(self) -> float:
        """Resident MiB."""
        return self.proc.memory_info().rss / 2**20

    def stop(self) -> None:
        """End it and wait."""
        self.process.terminate()
        self.process.wait(60)


def rig(*arguments: str, env: Mapping[str, str] | None = None, module: str = "servers") -> Rig:
    """Start one of `servers.py`, or of another module beside it."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TRINARIO_LOG_LEVEL": "ERROR", **(env or {})},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{arguments} did not start")
    return Rig(process, int(json.loads(line)["port"]), time.perf_counter() - begun)


class Base:
    """A database that can be filled, asked how much is pending, and handed to a bot."""

    url: str

    def env(self, **more: str) -> dict[str, str]:
        """The environment of a bot on this database."""
        return {"TRINARIO_DATABASE_URL": self.url, "TRINARIO_SECRET_KEY": "k" * 40, **more}

    def work(self, work: Any) -> Any:
        """Run a function of a Connection in one transaction."""
        raise NotImplementedError

    def look(self, work: Any) -> Any:
        """Run a function of a Connection that only reads: it holds nobody up."""
        return self.work(work)

    def fill(self, contacts: int) -> None:
        """Make contacts with a Messenger identity each, heard of just now."""

        def make(conn: Connection, first: int, last: int) -> None:
            columns = ("id", "created_at", "last_heard", "last_seen_at", "channel")
            heard = json.dumps({"messenger": NOW, "whatsapp": NOW})
            insert(ContactRow, columns).run(conn, [(n, NOW, heard, NOW, "messenger") for n in range(first, last)])
            names = ("contact_id", "channel", "kind", "value", "created_at")
            insert(IdentityRow, names).run(
                conn, [(n, "messenger", "psid", f"9{n:015d}", NOW) for n in range(first, last)]
            )

        for first in range(1, contacts + 1, 20_000):
            self.work(lambda conn, a=first: make(conn, a, min(a + 20_000, contacts + 1)))
        self.work(self.settle_ids)

    def settle_ids(self, conn: Connection) -> None:
        """After rows with ids of ours: the next id is above them (SQLite knows by itself)."""
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('contacts', 'id'), (SELECT MAX(id) FROM contacts))"
            )
            conn.exec_driver_sql("ANALYZE")

    def sent(self, first: int, count: int) -> None:
        """Rows that were sent by WhatsApp and wait for their receipts."""
        columns = (
            "key", "contact_id", "channel", "kind", "value", "content", "purpose", "status", "external_id", "created_at",
            "sent_at",
        )  # fmt: skip
        rows = [
            (f"b{n}/1/0/0/0", n % 1000 + 1, "whatsapp", "phone", "39", "{}", "service", 3, f"wamid.{n}", NOW, NOW)
            for n in range(first, first + count)
        ]
        self.work(lambda conn: insert(OutboxRow, columns).run(conn, rows))

    def pending(self) -> int:
        """Inbox rows whose turn is still to come, and messages that are not out."""
        sql = "SELECT (SELECT COUNT(*) FROM inbox WHERE status = 0) + (SELECT COUNT(*) FROM outbox WHERE status IN (1, 2))"
        return int(self.work(lambda conn: conn.exec_driver_sql(sql).scalar()))

    def waiting(self) -> int:
        """Messages not yet claimed."""
        return int(
            self.work(lambda conn: conn.exec_driver_sql("SELECT COUNT(*) FROM outbox WHERE status = 0").scalar())
        )

    def close(self) -> None:
        """Give it back."""


class SqliteBase(Base):
    """SQLite on disk."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self.engine = sqlite_engine(str(path))
        self.work(upgrade)

    def work(self, work: Any) -> Any:
        with self.engine.begin() as conn:
            return work(conn)

    def look(self, work: Any) -> Any:
        with self.engine.connect().execution_options(reads=True) as conn:
            return work(conn)

    def close(self) -> None:
        self.engine.dispose()


class PostgresBase(Base):
    """PostgreSQL from the wheel."""

    def __init__(self, server: postgres.Server, name: str) -> None:
        import asyncio

        self.url = server.database(name)
        self.loop = asyncio.new_event_loop()
        self.store = PostgresStore(self.url, pool=2)
        self.work(upgrade)

    def work(self, work: Any) -> Any:
        return self.loop.run_until_complete(self.store.run(lambda unit: work(unit.conn)))

    def close(self) -> None:
        self.loop.run_until_complete(self.store.close())
        self.loop.close()
