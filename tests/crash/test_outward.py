"""kill -9 while calls are out: each is counted once by the service, answered once to her, and her order is kept."""

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.counter import CountingService
from tests.crash.rig import processes, size_of
from tests.crash.size import Size
from tests.crash.storm import ENVIRON, Query, Storm
from tests.postgres import Server

OUTWARD = Path(__file__).parent / "outward" / "bots" / "outward"
SMALL = Size(kills=3, webhooks=40, contacts=10, copies=0.1, lost=0.0)
LARGE = Size(kills=60, webhooks=600, contacts=100, lost=0.03)
_NUMBERS = itertools.count()
HERS = "SELECT COUNT(*) FROM calls WHERE kind <> 'profile'"
"""Calls of flows; who somebody is, the platform is asked besides."""

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(params=["small", pytest.param("large", marks=pytest.mark.crash)])
def size(request: pytest.FixtureRequest) -> Size:
    """Small in the suite; large when it is asked for."""
    return size_of(request, SMALL, LARGE)


@pytest.fixture
def service() -> Iterator[CountingService]:
    """The service, up."""
    made = CountingService()
    yield made
    made.close()


def _rage(tmp_path: Path, size: Size, url: str, count: int, query: Query, service: CountingService) -> None:
    """A storm over so many processes; then what the service counted is held against what was answered."""
    environ = {**ENVIRON, "COUNTER": service.place, "TRINARIO_HTTP_LOCAL": "true"}
    with processes(tmp_path, url, count, OUTWARD, environ) as (meta, bots):
        storm = Storm(meta, bots, size, query)
        faults = storm.run()
        print(f"\n{size}\n{storm.summary}\ncalls: {len(service.asked)}, requests: {service.asked.total()}")
        assert not any(storm.summary.faults.values()), "\n".join([str(size), *faults])
        assert not meta.violations()
    answered = storm.summary.webhooks
    assert len(service.asked) == len(service.numbers) == answered, "every call counts once"
    assert query(HERS) == query(f"{HERS} AND status = 2") == answered
    assert query("SELECT COUNT(*) FROM consents") == answered, "one entry of the ledger a turn"
    assert query("SELECT COUNT(*) FROM inbox WHERE kind = 'event'") == answered, "one event a turn"
    assert query("SELECT COUNT(*) FROM inbox WHERE status = 2") == 0, "an inbox row died"


def test_on_sqlite(tmp_path: Path, size: Size, service: CountingService) -> None:
    file = tmp_path / "bot.db"

    def query(sql: str) -> int:
        with sqlite3.connect(file, timeout=10) as conn:
            return int(conn.execute(sql).fetchone()[0])

    _rage(tmp_path, size, f"sqlite:///{file}", 1, query, service)


@pytest.mark.crash
def test_on_postgresql(tmp_path: Path, size: Size, service: CountingService, postgres_server: Server) -> None:
    name = f"outward_{next(_NUMBERS)}"
    url = postgres_server.database(name)
    _rage(tmp_path, size, url, 2, lambda sql: int(postgres_server.psql(sql, name)), service)
