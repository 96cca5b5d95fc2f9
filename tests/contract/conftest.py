"""One suite, three databases: SQLite in memory, SQLite on disk, PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.migrated import Pool, in_memory, on_disk
from tests.postgres import Server
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import MemoryStore, SqliteStore

AnyStore = MemoryStore | SqliteStore | PostgresStore


@pytest.fixture(scope="session")
def _pool(postgres_server: Server) -> Pool:
    return Pool(postgres_server)


@pytest.fixture
def _address(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL database of this test alone."""
    with request.getfixturevalue("_pool").lent() as url:
        yield url


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyStore]:
    """An empty, migrated database of each kind in turn."""
    made: AnyStore
    if request.param == "memory":
        made = in_memory()
    elif request.param == "sqlite":
        made = on_disk(tmp_path / "test.db")
    else:
        made = PostgresStore(request.getfixturevalue("_address"))
    yield made
    await made.close()


@pytest.fixture
async def here() -> AsyncIterator[AnyStore]:
    """A database in memory alone, for what asks nothing that databases could answer differently."""
    made = in_memory()
    yield made
    await made.close()
