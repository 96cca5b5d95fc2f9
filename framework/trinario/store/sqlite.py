"""SQLite: one writer thread that groups what waits into one commit; in memory, the same without a thread."""

import asyncio
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from sqlite3 import OperationalError
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, StaticPool

from trinario.store.segment_sqlite import FUNCTIONS
from trinario.store.unit import SqlUnit

T = TypeVar("T")

log = logging.getLogger("trinario.store")

GROUP = 256
"""How many works share one commit at most."""

STARVED = 0.05
"""Seconds after which a work that need not be first goes with those that are."""


class _Work(NamedTuple):
    work: Callable[[SqlUnit], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    first: bool
    hastened: Callable[[], bool]
    asked: float


def sqlite_engine(path: str, synchronous: str = "FULL") -> Engine:
    """An engine on a file (or ":memory:") with the settings of the house: WAL, FULL, busy timeout, foreign keys."""
    memory = path == ":memory:"
    engine = create_engine(
        "sqlite://" if memory else f"sqlite:///{path}",
        poolclass=StaticPool if memory else NullPool,
        hide_parameters=True,  # they hold what people wrote
        connect_args={"check_same_thread": False, "timeout": 5.0, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for name, arguments, function in FUNCTIONS:
            connection.create_function(name, arguments, function, deterministic=True)
        cursor = connection.cursor()
        pragmas = [
            "busy_timeout=5000",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-16000",
            "secure_delete=FAST",
        ]
        if not memory:
            pragmas += ["journal_mode=WAL", f"synchronous={synchronous}", "wal_autocheckpoint=4000"]
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN" if conn.get_execution_options().get("reads") else "BEGIN IMMEDIATE")

    return engine


def scrub(path: str) -> bool:
    """Write the file anew without what was deleted, and empty its log; False: others are at it, and it stays as it is.

    What `secure_delete` leaves are pages that were let go of; on a file of some gigabytes this takes minutes.
    """
    engine = sqlite_engine(path)
    try:
        with engine.connect() as conn:
            raw = conn.connection.cursor()
            raw.execute("VACUUM")
            return bool(raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    except OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            return False
        raise
    finally:
        engine.dispose()


class MemoryStore:
    """SQLite in memory: every work runs at once, in the caller's thread. For talks and tests."""

    parallel = False

    def __init__(self) -> None:
        self.engine = sqlite_engine(":memory:")
        self._conn = self.engine.connect()  # there is but one, whoever asks

    async def run(
        self, work: Callable[[SqlUnit], T], *, first: bool = False, hastened: Callable[[], bool] = lambda: False
    ) -> T:
        """Run `work` in one transaction."""
        return self.run_now(work)

    def waiting(self) -> int:
        """Nobody waits."""
        return 0

    def run_now(self, work: Callable[[SqlUnit], T]) -> T:
        """As `run`, for callers that cannot await."""
        with self._conn.begin():
            return work(SqlUnit(self._conn))

    async def read(self, work: Callable[[SqlUnit], T]) -> T:
        """Run work that only reads."""
        return self.run_now(work)

    async def close(self) -> None:
        """Forget everything."""
        self.engine.dispose()


class SqliteStore:
    """SQLite on disk. Works are queued to one writer thread; those that wait together share one commit.

    Works that are to be first share theirs with nobody who could do without: the others come behind, and no more of them
    begin as soon as somebody waits.
    """

    parallel = False

    def __init__(self, path: str, synchronous: str = "FULL") -> None:
        self.engine = sqlite_engine(path, synchronous)
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._readers = asyncio.Semaphore(4)
        self._asked = self._done = 0  # works that are to be first: one counted by who asks, one by the writer
        self._firsts: deque[_Work] = deque()
        self._others: deque[_Work] = deque()
        self._open = True
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="trinario-writer", daemon=True)
        self._thread.start()

    async def run(
        self, work: Callable[[SqlUnit], T], *, first: bool = False, hastened: Callable[[], bool] = lambda: False
    ) -> T:
        """Run `work` in the writer's next transaction, in a savepoint of its own if it shares it; works that are to be
        `first` before the others. After `close` it raises ConnectionError."""
        if self._closed:
            raise ConnectionError("the store is closed: nothing is written any more")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._asked += first
        self._queue.put(_Work(work, loop, future, first, hastened, time.monotonic()))
        return await future

    def waiting(self) -> int:
        """How many works that are to be first are not committed."""
        return self._asked - self._done

    async def read(self, work: Callable[[SqlUnit], T]) -> T:
        """Run work that only reads, on a connection of its own, while the writer goes on."""
        async with self._readers:
            return await asyncio.to_thread(self._read, work)

    def _read(self, work: Callable[[SqlUnit], T]) -> T:
        with self.engine.connect().execution_options(reads=True) as conn:
            return work(SqlUnit(conn))

    async def close(self) -> None:
        """Finish what is queued and end the writer."""
        self._closed = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        self.engine.dispose()

    def _write(self) -> None:
        try:
            conn = self.engine.connect()
        except Exception as error:  # no database, not ours to read, on a full disk: whoever asks shall hear it
            while (group := self._group()) is not None:
                self._done += sum(item.first for item in group)
                for item in group:
                    _tell(item, error)
            return
        with conn:
            while (group := self._group()) is not None:
                outcomes = _commit(conn, group, self.waiting)
                self._done += sum(item.first for item in group[: len(outcomes)])
                for item in reversed(group[len(outcomes) :]):  # broken off: each in front of its own lane again
                    (self._firsts if item.first else self._others).appendleft(item)
                for item, outcome in zip(group, outcomes, strict=False):
                    _tell(item, outcome)

    def _group(self) -> list[_Work] | None:
        """The works that share the next commit, at least one; None: it is over."""
        while self._open and not (self._queue.empty() and (self._firsts or self._others)):
            item = self._queue.get()
            if item is None:
                self._open = False
            else:
                (self._firsts if item.first else self._others).append(item)
        others, self._others = self._others, deque()
        for item in others:
            (self._firsts if _hastened(item) else self._others).append(item)
        if not self._firsts:
            return _taken(self._others, GROUP) or None
        group = _taken(self._firsts, GROUP)
        if self._others and time.monotonic() - self._others[0].asked > STARVED:
            group.append(self._others.popleft())
        return group


def _hastened(item: _Work) -> bool:
    """Whether somebody waits for it meanwhile; what cannot tell is as patient as it was."""
    try:
        return item.hastened()
    except Exception:
        log.exception("it cannot be told whether somebody waits for a work")
        return False


def _taken(lane: deque[_Work], most: int) -> list[_Work]:
    return [lane.popleft() for _ in range(min(most, len(lane)))]


def _commit(conn: Connection, group: list[_Work], waiting: Callable[[], int]) -> list[Any]:
    """Run the works in one transaction; a work that raises costs itself only. Gives what became of them, in order: where
    somebody begins to wait for the writer, or the transaction ends in the middle, of not all of them."""
    outcomes: list[Any] = []
    begun = 0
    try:
        with conn.begin():
            if len(group) == 1:
                return [group[0].work(SqlUnit(conn))]
            for item in group:
                if begun and not group[0].first and waiting():  # what was hastened is done with soon
                    break
                begun += 1
                outcomes.append(_guarded(conn, item))
            return outcomes
    except BaseException as error:  # also what would end a thread: who waits shall hear it, and the next be served
        if _in_transaction(conn):  # a COMMIT that failed leaves it open, and nothing could begin any more
            conn.connection.rollback()
        return [error for _ in group[: begun or len(group)]]


def _guarded(conn: Connection, item: _Work) -> Any:
    outcome: Any
    try:
        with conn.begin_nested():
            outcome = item.work(SqlUnit(conn))
    except BaseException as error:
        outcome = error
    if not _in_transaction(conn):  # SQLite ended it by itself (a full disk): nobody's work is there
        raise outcome if isinstance(outcome, BaseException) else RuntimeError("SQLite ended the transaction")
    return outcome


def _in_transaction(conn: Connection) -> bool:
    return bool(conn.connection.driver_connection.in_transaction)  # type: ignore[union-attr]


def _bearable(error: BaseException) -> Exception:
    """What a future can carry to who waits, without ending the loop there."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    told = RuntimeError(f"a work ended with {type(error).__name__}: {error}")
    told.__cause__ = error
    return told


def _tell(item: _Work, outcome: Any) -> None:
    def tell() -> None:
        if item.future.done():
            return
        if isinstance(outcome, BaseException):
            item.future.set_exception(_bearable(outcome))
        else:
            item.future.set_result(outcome)

    try:
        item.loop.call_soon_threadsafe(tell)
    except RuntimeError:  # the loop is closed: nobody waits any more
        pass
