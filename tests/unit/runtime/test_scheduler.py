"""The scheduler's sweep: time tables, new triggers and timers come to the inbox, and the worker is rung."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.jobstores.memory import MemoryJobStore

from tests.contract.records import heard, psid
from tests.contract.test_schedules import DATE, HOURLY, a_world
from trinario.jobs.world import World
from trinario.ports import Writes
from trinario.runtime.bell import Bell
from trinario.runtime.scheduler import Scheduler
from trinario.store.bulk import fetch
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore
from trinario.testing.controlled import MovableClock

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class House:
    """A scheduler over a store in memory, swept by hand."""

    def __init__(self, world: World) -> None:
        self.store, self.clock, self.work = MemoryStore(), MovableClock(NOW), Bell()
        self.store.run_now(lambda unit: upgrade(unit.conn))
        self.scheduler = Scheduler(
            self.store,
            lambda: world,
            self.clock,
            1,
            self.work,
            Bell(),
            lambda lines, seconds: None,
            lambda counts: None,
        )

    def meet(self, count: int, **changes: object) -> None:
        """So many contacts who have all written."""
        who = [psid(f"p{number}") for number in range(count)]
        self.store.run_now(lambda unit: unit.take_in([heard(one, f"m{one.value}") for one in who], NOW))
        cases = self.store.run_now(lambda unit: unit.claim_cases(100, NOW))
        writes = Writes(finished=[(1, case.entries[0].id, None) for case in cases])
        for case in cases:
            writes.contacts[case.contact.id] = replace(case.contact, last_seen_at=NOW, **changes)  # type: ignore[arg-type]
        self.store.run_now(lambda unit: unit.write(writes, NOW))

    async def later(self, span: timedelta) -> int:
        """Time passes, one sweep; gives how many rows triggers have made by now."""
        self.clock.move(self.clock.now() + span)
        await self.scheduler.sweep()
        sql = "SELECT COUNT(*) FROM inbox WHERE kind = 'trigger'"
        return int(self.store.run_now(lambda unit: fetch(unit.conn, sql))[0][0])


async def test_a_time_table_is_swept() -> None:
    house = House(a_world(HOURLY))
    house.meet(5, tags=frozenset({"in"}))
    assert await house.later(timedelta(0)) == 0
    assert await house.later(timedelta(minutes=59)) == 0
    assert await house.later(timedelta(minutes=1)) == 5
    assert await house.later(timedelta(minutes=1)) == 5
    assert await house.later(timedelta(hours=1)) == 10
    assert house.scheduler.healthy


async def test_dates_and_silence_are_swept_and_ring() -> None:
    house = House(a_world(DATE, "- inactivity: 1d"))
    house.meet(3, fields={"at": NOW + timedelta(days=2)})
    assert await house.later(timedelta(hours=1)) == 0
    assert await house.later(timedelta(hours=23)) == 6, "silence, and the day before"
    assert await house.later(timedelta(hours=22)) == 9


async def test_where_nothing_is_timed_nothing_is_asked() -> None:
    house = House(a_world("- keyword: hi"))
    house.meet(1)
    assert await house.later(timedelta(days=9)) == 0
    assert house.store.run_now(lambda unit: list(fetch(unit.conn, "SELECT 1 FROM reckonings"))) == []


async def test_a_sweep_that_the_end_breaks_off_is_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house, under_way = House(a_world(HOURLY)), asyncio.Event()

    async def slow(work: Any) -> None:
        under_way.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(house.store, "run", slow)
    with caplog.at_level(logging.WARNING):
        house.scheduler.start()
        await asyncio.wait_for(under_way.wait(), 20)
        house.scheduler.stop()
        await asyncio.sleep(0.1)
    assert [record.getMessage() for record in caplog.records] == []


async def test_the_bell_skips_nothing_and_keeps_nothing() -> None:
    """APScheduler's own grace of a second leaves campaigns out in silence, and a store of jobs that is shared rings twice."""
    house = House(a_world(HOURLY))
    house.scheduler.start()
    rings = house.scheduler._rings
    jobs = rings.get_jobs()
    assert [(one.misfire_grace_time, one.coalesce, one.max_instances) for one in jobs] == [(None, True, 1)] * 2
    assert {type(one) for one in rings._jobstores.values()} == {MemoryJobStore}
    house.scheduler.stop()
