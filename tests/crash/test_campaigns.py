"""kill -9 while campaigns go: everybody has hers once, or it is told why not; nobody is forgotten, and no row lies."""

import itertools
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.crash.campaign_storm import CAMPAIGNS, CampaignStorm, Table
from tests.crash.rig import processes, size_of
from tests.crash.size import Size
from tests.crash.storm import Query
from tests.postgres import Server

CAMPAIGNING = Path(__file__).parent / "campaigning" / "bots" / "campaigning"
SMALL = Size(kills=2, webhooks=24, contacts=9, lost=0.04)
LARGE = Size(kills=80, webhooks=800, contacts=200)
_NUMBERS = itertools.count()

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(params=["small", pytest.param("large", marks=pytest.mark.crash)])
def size(request: pytest.FixtureRequest) -> Size:
    """Small in the suite; large when it is asked for."""
    return size_of(request, SMALL, LARGE)


def _rage(tmp_path: Path, size: Size, url: str, count: int, query: Query, table: Table) -> None:
    """A storm over so many processes, and the judgement of it."""
    with processes(tmp_path, url, count, CAMPAIGNING) as (meta, bots):
        storm = CampaignStorm(meta, bots, size, query, table)
        faults = storm.run()
        _is_right(storm, faults)
        assert not meta.violations()
    assert query("SELECT COUNT(*) FROM inbox WHERE status = 2") == 0, "an inbox row died"


def _is_right(storm: CampaignStorm, faults: Sequence[str]) -> None:
    orders, fates, size = storm.orders, storm.fates, storm.size
    told = f"{orders.given} commands, {orders.eaten} eaten, {orders.pauses} pauses"
    print(f"\n{size}\n{storm.summary}\ncampaigns: {told}\n{fates}")
    wrong = any(storm.summary.faults.values()) or any(fates.faults.values())
    assert not wrong, "\n".join([str(size), *faults, str(fates)])
    assert storm.summary.kills == size.kills and orders.pauses
    marketing = sum(rule.marketing for rule in CAMPAIGNS.values()) * size.contacts
    assert fates.unknown <= marketing / 4, "of marketing no more is unknown than what was killed or lost on its way"
    assert fates.once + fates.unknown + fates.withdrawn >= len(CAMPAIGNS) * size.contacts
    assert 0 < fates.withdrawn < size.contacts, "it was cancelled in the middle"


def test_on_sqlite(tmp_path: Path, size: Size) -> None:
    file = tmp_path / "bot.db"

    def table(sql: str) -> list[list[str]]:
        with sqlite3.connect(file, timeout=10) as conn:
            return [[str(value) for value in row] for row in conn.execute(sql)]

    _rage(tmp_path, size, f"sqlite:///{file}", 1, lambda sql: int(table(sql)[0][0]), table)


@pytest.mark.crash
def test_on_postgresql(tmp_path: Path, size: Size, postgres_server: Server) -> None:
    name = f"campaigns_{next(_NUMBERS)}"
    url = postgres_server.database(name)

    def table(sql: str) -> list[list[str]]:
        return [line.split("|") for line in postgres_server.psql(sql, name).splitlines()]

    _rage(tmp_path, size, url, 2, lambda sql: int(table(sql)[0][0]), table)
