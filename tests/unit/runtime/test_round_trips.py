"""Round trips: what is poisoned costs itself only, what is lost is found, and nothing that came back is forgotten."""

import asyncio
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from trinario.ports import Unit
from trinario.runtime import round_trips
from trinario.runtime.round_trips import RoundTrips

Back = tuple[int, str]


class Away(OSError):
    """The database does not answer."""


class Shelf:
    """A store of rows in memory: one transaction stands whole or not at all. `faults` are raised one after the other,
    before (or, "after", behind) the transaction."""

    def __init__(self, rows: int) -> None:
        self.waiting, self.out, self.done = list(range(1, rows + 1)), set[int](), dict[int, str]()
        self.faults: list[tuple[str, BaseException]] = []

    async def run(self, work: Callable[[Any], Any], *, first: bool = False, hastened: Any = None) -> Any:
        when, fault = self.faults.pop(0) if self.faults else ("", None)
        if fault is not None and when == "before":
            raise fault
        before = list(self.waiting), set(self.out), dict(self.done)
        try:
            answer = work(SimpleNamespace(shelf=self))
        except BaseException:
            self.waiting, self.out, self.done = before
            raise
        if fault is not None:
            raise fault
        return answer


class Gang:
    """A crew whose rows are numbers. `poison` cannot be settled, `stuck` not even set aside; `breaks` fail on their way."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.poison, self.stuck, self.breaks = set[int](), set[int](), set[int]()
        self.settles: list[list[Back]] = []
        self.weighed: list[int] = []
        self.told: list[Back] = []
        self.prepares = self.upset = 0
        self.hold = asyncio.Event()
        self.hold.set()

    async def prepare(self) -> None:
        self.prepares += 1
        if self.upset:
            raise ValueError("what dead processes left cannot be read")

    def exchange(self, unit: Unit, back: Sequence[Back], free: int, stray: frozenset[int] | None) -> list[int]:
        self.settles.append(list(back))
        shelf = self.shelf
        if stray is not None:
            shelf.waiting += sorted(shelf.out - stray)
            shelf.out &= stray
            back = [one for one in back if one[0] in shelf.out]
        for row, said in back:
            if row in self.poison:
                raise ValueError("poison")
            shelf.out.discard(row)
            shelf.done[row] = said
            self.weighed.append(row)
        claimed, shelf.waiting = shelf.waiting[:free], shelf.waiting[free:]
        shelf.out.update(claimed)
        return claimed

    def set_aside(self, unit: Unit, one: Back, fault: Exception) -> None:
        if one[0] in self.stuck:
            raise ValueError("stuck")
        self.shelf.out.discard(one[0])
        self.shelf.done[one[0]] = "aside"

    def settled(self, back: Sequence[Back], claimed: Sequence[int]) -> None:
        if self.upset:
            raise ValueError("nobody can be told")

    async def go(self, row: int) -> Back:
        await self.hold.wait()
        if row in self.breaks:
            raise ValueError("a fault of ours")
        return row, "well"

    def lost(self, row: int, fault: Exception) -> Back:
        return row, "lost"

    def tell(self, one: Back, seconds: float) -> None:
        self.told.append(one)
        if self.upset:
            raise ValueError("cannot be counted")

    def row_id(self, row: int) -> int:
        return row

    def back_id(self, back: Back) -> int:
        return back[0]


class Yard:
    """A shelf, a gang, and the loop between them."""

    def __init__(self, rows: int = 4, slots: int = 10) -> None:
        self.shelf = Shelf(rows)
        self.gang = Gang(self.shelf)
        self.trips: RoundTrips[int, Back, int] = RoundTrips(
            self.shelf,
            self.gang,
            "test",
            slots,
            0.0,
            landing=0.05,  # type: ignore[arg-type]
        )
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self.trips.run())
        self.trips.bell.ring()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():
                await asyncio.sleep(0)

    async def close(self) -> None:
        assert self._task is not None
        self.trips.bell.close()
        await asyncio.wait_for(self._task, 10)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_trips, "IDLE", 0.001)
    monkeypatch.setattr(round_trips, "TROUBLED", 0.001)
    monkeypatch.setattr(round_trips, "AT_THE_END", (0.0, 0.0))


async def test_everything_goes_and_is_settled_together() -> None:
    yard = Yard()
    yard.begin()
    await yard.until(lambda: len(yard.shelf.done) == 4)
    await yard.close()
    assert set(yard.shelf.done.values()) == {"well"} and yard.shelf.out == set() and len(yard.gang.told) == 4
    assert max(len(batch) for batch in yard.gang.settles) == 4


async def test_a_poisoned_result_costs_itself_only(caplog: pytest.LogCaptureFixture) -> None:
    yard = Yard(6, slots=3)
    yard.gang.poison = {2}
    yard.begin()
    await yard.until(lambda: len(yard.shelf.done) == 6)
    await yard.close()
    assert yard.shelf.done == {1: "well", 2: "aside", 3: "well", 4: "well", 5: "well", 6: "well"}
    assert "what came back of row 2 cannot be recorded, it is set aside" in caplog.text
    assert yard.trips.healthy


async def test_what_cannot_even_be_set_aside_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    """It is never given back as a claim that was lost: it may be with her already."""
    yard = Yard(6, slots=3)
    yard.gang.poison = yard.gang.stuck = {2}
    yard.begin()
    await yard.until(lambda: len(yard.shelf.done) == 5)
    await yard.close()
    assert yard.shelf.out == {2} and yard.shelf.waiting == [] and "stays as it is" in caplog.text


async def test_a_fault_on_the_way_is_recorded() -> None:
    yard = Yard()
    yard.gang.breaks = {3}
    yard.begin()
    await yard.until(lambda: len(yard.shelf.done) == 4)
    await yard.close()
    assert yard.shelf.done == {1: "well", 2: "well", 3: "lost", 4: "well"}


async def test_what_follows_from_a_round_keeps_nothing_from_going() -> None:
    """Neither those who prepare, nor those who are told, nor those who count."""
    yard = Yard()
    yard.gang.upset = 1
    yard.begin()
    await yard.until(lambda: len(yard.shelf.done) == 4)
    await yard.close()
    assert set(yard.shelf.done.values()) == {"well"} and yard.trips.healthy


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_exchange_of_which_nothing_is_known(when: str) -> None:
    """Its answer was lost. What it claimed is given back, what it settled is not weighed once more."""
    yard = Yard(6, slots=3)
    yard.gang.hold.clear()
    yard.begin()
    await yard.until(lambda: len(yard.shelf.out) == 3)
    yard.shelf.faults = [(when, Away()), (when, Away())]
    yard.gang.hold.set()
    await yard.until(lambda: len(yard.shelf.done) == 6)
    await yard.close()
    assert sorted(yard.gang.weighed) == [1, 2, 3, 4, 5, 6] and yard.shelf.out == set()


async def test_the_database_goes_away_among_single_ones() -> None:
    yard = Yard(3)
    yard.gang.poison, yard.gang.hold = {1}, asyncio.Event()
    yard.begin()
    await yard.until(lambda: len(yard.shelf.out) == 3)
    yard.gang.hold.set()
    await yard.until(lambda: len(yard.gang.told) == 3)
    yard.shelf.faults = [("before", Away())] * 3
    await yard.until(lambda: len(yard.shelf.done) == 3)
    await yard.close()
    assert yard.shelf.done == {1: "aside", 2: "well", 3: "well"}


async def test_what_came_back_last_is_recorded_even_if_one_of_it_is_poisoned() -> None:
    yard = Yard(3)
    yard.gang.poison = {2}
    yard.gang.hold.clear()
    yard.begin()
    await yard.until(lambda: len(yard.shelf.out) == 3)
    yard.gang.hold.set()
    await yard.close()
    assert yard.shelf.done == {1: "well", 2: "aside", 3: "well"}


async def test_what_comes_back_too_late_is_let_go_and_awaited() -> None:
    yard = Yard(2)
    yard.gang.hold.clear()
    yard.begin()
    await yard.until(lambda: len(yard.shelf.out) == 2)
    await yard.close()
    assert yard.shelf.out == {1, 2} and yard.trips._flying == set()  # the next process adopts them
