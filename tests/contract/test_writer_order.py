"""The writer of SQLite on disk: whose work goes first, whose is broken off, and that everybody is answered."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from trinario.store import sqlite
from trinario.store.sqlite import GROUP, SqliteStore
from trinario.store.unit import SqlUnit


class Writer:
    """A store whose writer can be held in the middle of a work; `done` is what it did, in order."""

    def __init__(self, path: Path) -> None:
        self.store = SqliteStore(str(path / "w.db"))
        self.done: list[str] = []
        self.asked: list[asyncio.Task[None]] = []

    async def ask(
        self, name: str, *, first: bool = False, hastened: bool = False, held: bool = False
    ) -> Callable[[], None]:
        """Queue a work; where it is `held`, wait until the writer is in it. Gives what lets the writer go on."""
        loop, begun, gate = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

        def work(_: object) -> None:
            self.done.append(name)
            if held:
                loop.call_soon_threadsafe(begun.set)
                gate.wait()

        run = self.store.run(work, first=first, hastened=lambda: hastened)
        self.asked.append(asyncio.create_task(run))
        await (begun.wait() if held else asyncio.sleep(0))
        return gate.set

    async def over(self) -> list[str]:
        """What was done, when everybody was answered."""
        await asyncio.gather(*self.asked)
        assert self.store.waiting() == 0
        await self.store.close()
        return self.done


async def test_who_is_first_overtakes_and_others_keep_their_order(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    go_on = await writer.ask("plug", held=True)
    for name in ("o1", "o2"):
        await writer.ask(name)
    await writer.ask("h", hastened=True)
    for name in ("f1", "f2"):
        await writer.ask(name, first=True)
    assert writer.store.waiting() == 2
    go_on()
    done = await writer.over()
    assert [name for name in done if name[0] in "fh"] == ["f1", "f2", "h"]
    assert [name for name in done if name[0] == "o"] == ["o1", "o2"]
    assert done.index("f2") < done.index("o1")


async def test_a_group_is_broken_off_for_who_is_first_and_goes_on_behind_her(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    plug = await writer.ask("plug", held=True)
    asked = asyncio.create_task(writer.ask("o1", held=True))
    await asyncio.sleep(0)
    for name in ("o2", "o3"):
        await writer.ask(name)
    plug()
    go_on = await asked
    await writer.ask("f", first=True)
    go_on()
    assert await writer.over() == ["plug", "o1", "f", "o2", "o3"]


async def test_who_is_first_behind_what_was_hastened_is_counted_once(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    plug = await writer.ask("plug", held=True)
    asked = asyncio.create_task(writer.ask("f0", first=True, held=True))
    await asyncio.sleep(0)
    for n in range(1, GROUP):
        await writer.ask(f"f{n}", first=True)
    await writer.ask("h", hastened=True)
    plug()
    go_on = await asked
    await writer.ask("late", first=True)
    go_on()
    assert (await writer.over())[-2:] == ["h", "late"]


async def test_however_many_are_first_one_that_has_starved_goes_with_every_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "STARVED", -1.0)
    writer = Writer(tmp_path)
    go_on = await writer.ask("plug", held=True)
    for name in ("o1", "o2"):
        await writer.ask(name)
    for n in range(2 * GROUP):
        await writer.ask(f"f{n}", first=True)
    go_on()
    done = await writer.over()
    assert [done.index("o1"), done.index("o2")] == [1 + GROUP, 2 + 2 * GROUP]


async def test_closing_finishes_what_waits(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    go_on = await writer.ask("plug", held=True)
    for n in range(GROUP + 1):
        await writer.ask(f"o{n}")
        await writer.ask(f"f{n}", first=True)
    closing = asyncio.create_task(writer.store.close())
    await asyncio.sleep(0)
    go_on()
    await closing
    await asyncio.gather(*writer.asked)
    assert len(writer.done) == 1 + 2 * (GROUP + 1) and writer.store.waiting() == 0


def fails(_: object) -> None:
    raise ValueError("no")


async def test_a_work_that_fails_waits_no_more(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    go_on = await writer.ask("plug", held=True)
    failing = [asyncio.create_task(writer.store.run(fails, first=True)) for _ in range(2)]
    await writer.ask("f", first=True)
    go_on()
    assert [type(one) for one in await asyncio.gather(*failing, return_exceptions=True)] == [ValueError, ValueError]
    with pytest.raises(ValueError, match="no"):
        await writer.store.run(fails, first=True)
    assert await writer.over() == ["plug", "f"]


async def test_nobody_waits_for_a_database_that_cannot_be_opened(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "missing" / "w.db"))
    with pytest.raises(Exception, match="unable to open"):
        await store.run(lambda _: None, first=True)
    assert store.waiting() == 0
    await store.close()


async def test_who_asks_after_closing_hears_so_at_once(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "w.db"))
    await store.close()
    with pytest.raises(ConnectionError, match="closed"):
        await asyncio.wait_for(store.run(lambda _: None, first=True), 5)
    assert store.waiting() == 0


@pytest.mark.parametrize("thrown", [SystemExit(3), KeyboardInterrupt(), StopIteration(), asyncio.CancelledError()])
@pytest.mark.parametrize("beside", [0, 1])
async def test_whatever_a_work_throws_is_told_and_the_writer_goes_on(
    tmp_path: Path, thrown: BaseException, beside: int
) -> None:
    def throws(_: object) -> None:
        raise thrown

    writer = Writer(tmp_path)
    go_on = await writer.ask("plug", held=True)
    failing = asyncio.create_task(writer.store.run(throws, first=True))
    await asyncio.sleep(0)
    for n in range(beside):
        await writer.ask(f"f{n}", first=True)
    go_on()
    with pytest.raises(RuntimeError, match=type(thrown).__name__):
        await asyncio.wait_for(failing, 5)
    await writer.ask("after")
    assert await writer.over() == ["plug", *(f"f{n}" for n in range(beside)), "after"]


async def test_what_cannot_tell_whether_it_is_awaited_is_done_all_the_same(tmp_path: Path) -> None:
    def cannot_tell() -> bool:
        raise ValueError("no")

    writer = Writer(tmp_path)
    go_on = await writer.ask("plug", held=True)
    asked = asyncio.create_task(writer.store.run(lambda _: "done", hastened=cannot_tell))
    await asyncio.sleep(0)
    await writer.ask("f", first=True)
    go_on()
    assert await asyncio.wait_for(asked, 5) == "done"
    assert await writer.over() == ["plug", "f"]


async def test_a_commit_that_fails_is_told_to_those_who_were_in_it(tmp_path: Path) -> None:
    """The group is broken off behind its first; the second was not in the commit that fails, and is done later."""
    writer = Writer(tmp_path)

    def breaks(unit: SqlUnit) -> None:
        for statement in (
            "PRAGMA defer_foreign_keys=ON",
            "CREATE TABLE child (it INTEGER PRIMARY KEY, of_it INTEGER REFERENCES child (it))",
            "INSERT INTO child VALUES (1, 2)",
        ):
            unit.conn.exec_driver_sql(statement)

    plug = await writer.ask("plug", held=True)
    failing = asyncio.create_task(writer.store.run(breaks))
    asked = asyncio.create_task(writer.ask("o1", held=True))
    await asyncio.sleep(0)
    await writer.ask("o2")
    plug()
    go_on = await asked
    await writer.ask("f", first=True)
    go_on()
    fates = await asyncio.gather(failing, *writer.asked, return_exceptions=True)
    told = [str(one).partition("\n")[0] for one in fates if one is not None]
    assert told == ["(sqlite3.IntegrityError) FOREIGN KEY constraint failed"] * 2
    assert writer.done == ["plug", "o1", "f", "o2"] and writer.store.waiting() == 0
    await writer.store.close()
