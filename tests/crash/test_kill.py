"""kill -9 at random moments: nothing lost, nothing done twice, her order kept, every reply sent once."""

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.balancer import Balancer
from tests.crash.size import SHORT, Size, diced, wanted, whole
from tests.crash.storm import ENVIRON, KNOBS, Storm
from tests.postgres import Server
from tests.processes import Bot, Meta, free_port

CRASH_BOT = Path(__file__).parent / "bot" / "bots" / "crash"
_NUMBERS = itertools.count()

pytestmark = pytest.mark.timeout(3600)

Child = Meta | Bot | Balancer


@pytest.fixture(params=["short", pytest.param("whole", marks=pytest.mark.crash)])
def size(request: pytest.FixtureRequest) -> Size:
    """Short in the suite; whole when it is asked for."""
    if request.param == "short":
        return diced(SHORT)
    if not wanted():
        pytest.skip("make crash runs it")
    return whole()


@pytest.fixture
def ended() -> Iterator[list[Child]]:
    """Whatever is put in here is ended after the test."""
    children: list[Child] = []
    yield children
    for child in reversed(children):
        child.stop() if isinstance(child, Balancer) else child.close()


def _rage(storm: Storm, meta: Meta, bots: list[Bot], capsys: pytest.CaptureFixture[str]) -> None:
    size, query = storm.size, storm.query
    meta.start()
    for bot in bots:
        bot.start()
    try:
        faults = storm.run()
    except BaseException:
        print(f"{size}\n" + "\n".join(f"--- {bot.log.stem}\n{bot.said()}" for bot in bots))
        raise
    with capsys.disabled():
        print(f"\n{size}\n{storm.summary}")
    logs = "\n".join(bot.said() for bot in bots)
    assert not any(storm.summary.faults.values()), "\n".join([str(size), *faults, logs])
    assert not meta.violations()
    assert storm.summary.kills == size.kills
    assert storm.summary.webhooks == size.webhooks
    assert query("SELECT COUNT(*) FROM inbox WHERE status = 2") == 0, "an inbox row died"


def test_on_sqlite(tmp_path: Path, size: Size, ended: list[Child], capsys: pytest.CaptureFixture[str]) -> None:
    file, port = tmp_path / "bot.db", free_port()
    meta = Meta(tmp_path, f"http://127.0.0.1:{port}", KNOBS)
    bot = Bot("bot", tmp_path, meta.url, f"sqlite:///{file}", CRASH_BOT, port, environ=ENVIRON)
    ended += [meta, bot]

    def query(sql: str) -> int:
        with sqlite3.connect(file, timeout=10) as conn:
            return int(conn.execute(sql).fetchone()[0])

    _rage(Storm(meta, [bot], size, query), meta, [bot], capsys)


def test_on_postgresql_with_two_processes(
    tmp_path: Path, size: Size, ended: list[Child], postgres_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"crash_{next(_NUMBERS)}"
    url, front = postgres_server.database(name), free_port()
    meta = Meta(tmp_path, f"http://127.0.0.1:{front}", KNOBS)
    bots = [Bot(f"bot{n}", tmp_path, meta.url, url, CRASH_BOT, environ=ENVIRON) for n in (1, 2)]
    balancer = Balancer([bot.port for bot in bots], front)
    balancer.start()
    ended += [meta, *bots, balancer]
    storm = Storm(meta, bots, size, lambda sql: int(postgres_server.psql(sql, name)))
    _rage(storm, meta, bots, capsys)
