"""PostgreSQL cuts a process off, and cuts it off again while it comes back: its lock and its ear are there in the end."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator

import pytest

from tests.postgres import Server
from trinario.store.postgres import PostgresStore

RUN = 7
CUT = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"
LOCKS = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 7 AND database ="
_NUMBERS = itertools.count()


class Cut:
    """A store, its server, and how often it was woken."""

    def __init__(self, server: Server) -> None:
        self.server, self.name = server, f"cut_{next(_NUMBERS)}"
        self.store = PostgresStore(server.database(self.name))
        self.woken = 0

    def hears(self) -> None:
        self.woken += 1

    async def off(self) -> None:
        """Cut all connections, and wait until the client has noticed."""
        await asyncio.to_thread(self.server.psql, CUT.format(self.name))
        held = [self.store._keeper, self.store._listener]
        while not all(one.driver_connection is None or one.driver_connection.is_closed() for one in held):
            await asyncio.sleep(0.01)

    async def doors(self, open_: bool) -> None:
        """Whether the database takes connections."""
        await asyncio.to_thread(self.server.psql, f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS {open_}")

    async def locks(self) -> str:
        known = f"{LOCKS} (SELECT oid FROM pg_database WHERE datname = '{self.name}')"
        return str(await asyncio.to_thread(self.server.psql, known))


@pytest.fixture
async def cut(postgres_server: Server) -> AsyncIterator[Cut]:
    made = Cut(postgres_server)
    await made.store.hold(RUN)
    await made.store.listen(made.hears)
    yield made
    await made.store.close()


async def _heard(cut: Cut) -> None:
    before = cut.woken
    await cut.store.notify()
    while cut.woken == before:
        await asyncio.sleep(0.01)


async def test_nothing_is_renewed_while_nothing_is_cut(cut: Cut) -> None:
    assert not await cut.store.renew()
    await _heard(cut)
    assert await cut.locks() == "1"


async def test_both_come_back(cut: Cut) -> None:
    await cut.off()
    assert await cut.store.renew() and not await cut.store.renew()
    assert cut.woken == 1, "what was said meanwhile is looked for"
    await _heard(cut)
    assert await cut.locks() == "1"


async def test_a_server_that_lets_nobody_in_is_asked_again(cut: Cut) -> None:
    await cut.doors(False)
    await cut.off()
    for _ in range(3):
        with pytest.raises(ConnectionError):
            await cut.store.renew()
    await cut.doors(True)
    assert await cut.store.renew()
    await _heard(cut)
    assert await cut.locks() == "1"


async def test_cuts_while_it_comes_back_are_told_as_such(cut: Cut) -> None:
    """Whatever moment the next cut hits: either all is back, or a ConnectionError says to ask again."""
    for pause in (0.0, 0.002, 0.005, 0.01, 0.02):
        await cut.off()
        coming = asyncio.ensure_future(cut.store.renew())
        await asyncio.sleep(pause)
        await asyncio.to_thread(cut.server.psql, CUT.format(cut.name))
        await asyncio.wait([coming])
        error = coming.exception()
        assert error is None or isinstance(error, ConnectionError), repr(error)
    for _ in range(500):
        with contextlib.suppress(ConnectionError):
            await cut.store.renew()
        if await cut.locks() == "1":
            break
        await asyncio.sleep(0.01)
    assert await cut.locks() == "1"
    await _heard(cut)
