"""Databases with our tables that stand ready: migrated once in a process, and as good as new for every test."""

import asyncio
import itertools
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

from tests.postgres import Server
from trinario.store.migrate import upgrade
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import MemoryStore, SqliteStore

SHAPE = """
SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
  SELECT concat_ws(' ', relkind, relname) AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', attrelid, attname, atttypid, attnotnull) FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
  UNION ALL SELECT concat_ws(' ', conrelid, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT version_num FROM alembic_version
) AS lines
"""
"""What must be as it was before a database serves another test: tables, columns, indexes, constraints, the revision."""

EMPTY = """
SET lock_timeout = '3s'; SET client_min_messages = warning;
DO $$ DECLARE one text; held boolean; full_ones text[] := '{}'; BEGIN
  FOR one IN SELECT quote_ident(tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || one || ')' INTO held;
    IF held THEN full_ones := full_ones || one; END IF;
  END LOOP;
  IF full_ones <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(full_ones, ', ') || ' CASCADE'; END IF;
  FOR one IN SELECT quote_ident(sequencename) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
    EXECUTE 'ALTER SEQUENCE ' || one || ' RESTART';
  END LOOP;
END $$
"""
"""Every row goes, and every sequence begins anew; a table that was written to has new files, as a new database has."""


def in_memory() -> MemoryStore:
    """An empty, migrated database in memory."""
    store = MemoryStore()
    _blank().backup(_driver(store))
    return store


def on_disk(path: Path) -> SqliteStore:
    """The same in a file that is not there yet."""
    path.write_bytes(_blank().serialize())
    return SqliteStore(str(path))


@lru_cache(maxsize=1)
def _blank() -> sqlite3.Connection:
    """Python's own connection to a database in memory whose tables are made."""
    store, blank = MemoryStore(), sqlite3.connect(":memory:", check_same_thread=False)
    store.run_now(lambda unit: upgrade(unit.conn))
    _driver(store).backup(blank)
    store.engine.dispose()
    return blank


def _driver(store: MemoryStore) -> Any:
    """Python's own connection, outside of any transaction."""
    with store.engine.connect() as conn:
        conn.rollback()
        return conn.connection.driver_connection


class Pool:
    """Migrated databases of a cluster: who has given one back in order leaves it to the next, empty."""

    def __init__(self, server: Server) -> None:
        self._server, self._numbers = server, itertools.count()
        self._free: list[tuple[str, str]] = []
        self._shape = ""

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of an empty, migrated database; nobody may be connected to it any more when it is given back."""
        name, url = self._free.pop() if self._free else self._new()
        yield url
        if self._is_as_new(name):
            self._free.append((name, url))

    def _new(self) -> tuple[str, str]:
        name = f"pool_{next(self._numbers)}"
        url = self._server.database(name)
        maker = threading.Thread(target=asyncio.run, args=(_migrate(url),))  # who asks may be in a loop
        maker.start()
        maker.join()
        self._shape = self._server.psql(SHAPE, name)
        return name, url

    def _is_as_new(self, name: str) -> bool:
        """Empty it; False: something else than rows changed, or somebody holds on to a table."""
        try:
            return self._server.psql(EMPTY + ";" + SHAPE, name) == self._shape
        except CalledProcessError:
            return False


async def _migrate(url: str) -> None:
    store = PostgresStore(url)
    try:
        await store.run(lambda unit: upgrade(unit.conn))
    finally:
        await store.close()
