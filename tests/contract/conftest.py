"""One suite, three databases: SQLite in memory, SQLite on disk, PostgreSQL."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from trinario.store.migrate import upgrade
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import MemoryStore, SqliteStore

_NUMBERS = itertools.count()

AnyStore = MemoryStore | SqliteStore | PostgresStore


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyStore]:
    """An empty, migrated database of each kind in turn."""
    made: Any
    if request.param == "memory":
        made = MemoryStore()
    elif request.param == "sqlite":
        made = SqliteStore(str(tmp_path / "test.db"))
    else:
        server = request.getfixturevalue("postgres_server")
        made = PostgresStore(server.database(f"contract_{next(_NUMBERS)}"))
    await made.run(lambda unit: upgrade(unit.conn))
    yield made
    await made.close()


@pytest.fixture
async def here() -> AsyncIterator[AnyStore]:
    """A database in memory alone, for what asks nothing that databases could answer differently."""
    made = MemoryStore()
    await made.run(lambda unit: upgrade(unit.conn))
    yield made
    await made.close()
