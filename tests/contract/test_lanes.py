"""People and bulk are worked off beside each other where works run side by side; where there is one writer, together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from tests.contract.conftest import AnyStore
from tests.contract.records import heard, psid
from tests.contract.test_drips import NOW, Garden, a_sequence, step
from tests.contract.test_schedules import contacts, rows
from trinario.jobs.drips import bring_steps, reckon_steps
from trinario.model.channel import Identity
from trinario.ports import Lane
from trinario.runtime import worker
from trinario.runtime.bell import Bell
from trinario.runtime.worker import Ears, Worker
from trinario.store.postgres import PostgresStore
from trinario.testing.controlled import MovableClock

PATIENCE = 20.0


async def a_garden(store: AnyStore, people: int = 1) -> tuple[Garden, list[Identity]]:
    """People to whom a step of a sequence has come."""
    garden = Garden(store, a_sequence(step("hello", 0, None)))
    those = await contacts(store, people)
    await garden.enrol(*[one.id for one in those])
    await store.run(lambda u: reckon_steps(u, garden.world, NOW))
    assert await store.run(lambda u: bring_steps(u, garden.world, NOW)) == people
    return garden, [one.identities[0] for one in those]


@asynccontextmanager
async def working(garden: Garden) -> AsyncIterator[Worker]:
    """A worker over the store that looks at the inbox only when it is told to."""
    ears = Ears(Bell(), lambda seen: None, lambda lines, seconds: None, lambda count: None)
    one = Worker(garden.store, lambda: garden.world, MovableClock(NOW), ears)
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        one.bell.close()
        await asyncio.wait_for(task, PATIENCE)


@asynccontextmanager
async def bulk_stands_still(store: PostgresStore) -> AsyncIterator[None]:
    """Steps of sequences cannot be written on, by a lock of somebody else, until this is over."""
    async with store.engine.begin() as conn:
        await conn.execute(text("LOCK TABLE enrolments IN SHARE MODE"))
        yield


async def until(store: AnyStore, sql: str, count: int) -> None:
    """Wait until so many rows are found."""
    async with asyncio.timeout(PATIENCE):
        while len(await rows(store, sql)) != count:
            await asyncio.sleep(0.01)


async def blocked(store: AnyStore) -> None:
    """Wait until a transaction of bulk stands in front of that lock."""
    sql = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'enrolments'::regclass"
    await until(store, sql, 1)


async def test_each_lane_takes_its_own(store: AnyStore) -> None:
    garden, _ = await a_garden(store, 3)
    await store.run(lambda u: u.take_in([heard(psid("talks"), "m1")], NOW))
    for lane, kinds in ((Lane.PEOPLE, ["heard"]), (Lane.BULK, ["drip"] * 3)):
        cases = await store.run(lambda u, lane=lane: u.claim_cases(10, NOW, lane=lane))  # type: ignore[misc]
        assert [entry.kind for case in cases for entry in case.entries] == kinds and cases.passed == 0
        assert all(case.bulk == (lane is Lane.BULK) for case in cases)


async def test_who_writes_does_not_wait_for_a_batch_of_bulk_that_stands_still(store: AnyStore) -> None:
    if not isinstance(store, PostgresStore):
        pytest.skip("SQLite has one writer by construction")
    garden, _ = await a_garden(store)
    heards = "SELECT id FROM inbox WHERE kind = 'heard' AND status <> 0"
    async with working(garden) as one:
        async with bulk_stands_still(store):
            one.bell.ring()
            await blocked(store)
            await store.run(lambda u: u.take_in([heard(psid("talks"), "m1")], NOW))
            one.bell.ring(first=True)
            await until(store, heards, 1)
            assert not await garden.said(), "the step came through though its batch stood still"
        await until(store, "SELECT id FROM inbox WHERE kind = 'drip' AND status <> 0", 1)
    assert await garden.said() == ["hello"]


async def test_who_is_held_by_somebody_has_her_turn_as_soon_as_she_is_free(
    store: AnyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(store, PostgresStore):
        pytest.skip("SQLite has one writer by construction")
    monkeypatch.setattr(worker, "POLL", 3600.0)
    garden, _ = await a_garden(store)
    await store.run(lambda u: u.take_in([heard(psid("talks"), "m1")], NOW))
    async with working(garden) as one:
        async with store.engine.begin() as conn:
            await conn.execute(text("SELECT id FROM contacts FOR NO KEY UPDATE"))
            one.bell.ring()
            await asyncio.sleep(0.1)  # they are looked for, and are another's
            assert len(await rows(store, "SELECT id FROM inbox WHERE status = 0")) == 2
        await until(store, "SELECT id FROM inbox WHERE status = 0", 0)
    assert await garden.said() == ["hello"]


async def test_everything_is_worked_off_whoever_is_told(store: AnyStore) -> None:
    garden, _ = await a_garden(store, 40)
    await store.run(lambda u: u.take_in([heard(psid(f"talks{n}"), f"m{n}") for n in range(20)], NOW))
    async with working(garden) as one:
        one.bell.ring()
        await until(store, "SELECT id FROM inbox WHERE status = 0", 0)
    assert await garden.said() == ["hello"] * 40
