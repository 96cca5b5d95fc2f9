"""PostgreSQL: any number of processes; every work is a transaction of its own, run through asyncpg."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from trinario.store.unit import SqlUnit

T = TypeVar("T")

CHANNEL = "trinario_work"
"""NOTIFY channel that wakes other processes."""

COLLISIONS = ("40001", "40P01")
"""SQLSTATE of a serialization failure and of a deadlock: the same work may be tried again."""

TRIES = 5


def postgres_url(url: str) -> str:
    """The SQLAlchemy address of a `postgresql://` address."""
    for scheme in ("postgresql+asyncpg://", "postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+asyncpg://" + url[len(scheme) :]
    return url


AWAY = ("08", "53", "57", "25P03")
"""SQLSTATEs begin so: no connection, no resources, an operator or a crash of the server, a transaction that idled."""


DRIVERS = ("asyncpg", "sqlalchemy.dialects.postgresql.asyncpg")
"""Modules whose errors come bare where no statement runs: to connect, to hold a lock, to listen."""


def _sqlstate(error: BaseException) -> str:
    found = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(found, "sqlstate", None) or "")


@contextmanager
def _told_as_away() -> Iterator[None]:
    """The server cut us off, or cannot be had: a ConnectionError, so that nobody takes it for the fault of a row."""
    try:
        yield
    except Exception as error:
        cut = isinstance(error, PoolTimeout) or (isinstance(error, DBAPIError) and error.connection_invalidated)
        raw = type(error).__module__.startswith(DRIVERS) and not isinstance(error, DBAPIError)
        if cut or raw or _sqlstate(error).startswith(AWAY):
            raise ConnectionError(type(getattr(error, "orig", error)).__name__) from error
        raise


SETTINGS = {
    "application_name": "trinario",
    "idle_in_transaction_session_timeout": "30000",
    "enable_seqscan": "off",
    "jit": "off",
}
"""Of our connections. Everything that a transaction which writes asks for is found by an index; but where a table was small, or
the server has not counted its rows yet, it plans to read all of it, and keeps that plan while the table grows: in a new
database turns read the whole inbox and outbox again and again. Reports read whole tables, and say so in `read`."""


class PostgresStore:
    """The distributed engine: coordination is row locks, transactions and advisory locks of the server, nothing of ours."""

    parallel = True

    def __init__(self, url: str, pool: int = 8) -> None:
        self.engine: AsyncEngine = create_async_engine(
            postgres_url(url),
            json_deserializer=lambda text: text,  # rows of both databases look alike: JSON is text
            pool_size=pool,
            max_overflow=8,
            pool_pre_ping=False,
            hide_parameters=True,  # they hold what people wrote
            pool_recycle=1800,
            connect_args={"server_settings": SETTINGS},
        )
        self._listener: Any = None
        self._keeper: Any = None
        self._run: int | None = None
        self._woken: Callable[[], None] | None = None

    def waiting(self) -> int:
        """Nobody waits for a writer: each work has a connection of its own."""
        return 0

    async def run(
        self, work: Callable[[SqlUnit], T], *, first: bool = False, hastened: Callable[[], bool] = lambda: False
    ) -> T:
        """Run `work` in one transaction; a collision with another process is tried again."""
        for attempt in range(TRIES):
            try:
                with _told_as_away():
                    async with self.engine.begin() as conn:
                        return await conn.run_sync(lambda sync: work(SqlUnit(sync)))
            except DBAPIError as error:
                if _sqlstate(error) not in COLLISIONS or attempt == TRIES - 1:
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
        raise AssertionError("unreachable")

    async def read(self, work: Callable[[SqlUnit], T]) -> T:
        """Run work that only reads, also all of a table."""
        with _told_as_away():
            async with self.engine.connect() as conn:
                await conn.exec_driver_sql("SET LOCAL enable_seqscan = on")
                return await conn.run_sync(lambda sync: work(SqlUnit(sync)))

    async def hold(self, run: int) -> None:
        """Hold the advisory lock of a run as long as this process lives: its end frees the rows it was sending."""
        self._run = run
        self._keeper = await self._connection()
        await self._driver(self._keeper).execute("SELECT pg_advisory_lock($1::bigint)", run)

    async def listen(self, woken: Callable[[], None]) -> None:
        """Call `woken` when any process says that there is work."""
        self._woken = woken
        self._listener = await self._connection()
        await self._driver(self._listener).add_listener(CHANNEL, lambda *_: woken())

    async def renew(self) -> bool:
        """Take the lock and the ear anew if the server cut their connections; gives whether it did. Raises ConnectionError
        when the server cannot be had, or cuts the new ones as well: to be asked again."""
        renewed = False
        with _told_as_away():
            if self._run is not None and self._is_cut(self._keeper):
                await self.hold(self._run)
                renewed = True
            if self._woken is not None and self._is_cut(self._listener):
                await self.listen(self._woken)
                self._woken()
                renewed = True
        return renewed

    async def _connection(self) -> Any:
        """One of the pool's that the server has not cut."""
        while self._driver(raw := await self.engine.raw_connection()).is_closed():
            raw.invalidate()
        return raw

    def _is_cut(self, held: Any) -> bool:
        """Whether the server cut it: just now, or earlier and it could not be taken anew."""
        driver = self._driver(held) if held is not None else None
        if held is None or (driver is not None and not driver.is_closed()):
            return False
        if driver is not None:
            held.invalidate()
        return True

    async def notify(self) -> None:
        """Say to all processes that there is work."""
        async with self.engine.begin() as conn:
            await conn.exec_driver_sql(f"NOTIFY {CHANNEL}")

    async def close(self) -> None:
        """Give everything back."""
        for held in (self._listener, self._keeper):
            if held is not None and self._driver(held) is not None:
                held.invalidate()
        await self.engine.dispose()

    @staticmethod
    def _driver(raw: Any) -> Any:
        return raw.driver_connection
