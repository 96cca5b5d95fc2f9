"""Campaigns by the clock on every database: ten zones, every change of the clocks of 2026, five schedulers at once whose clocks
jump and that die in the middle; each slot comes once for everybody."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import Desk, a_campaign
from tests.contract.test_schedules import contacts, rows
from trinario.jobs.campaigning import fill, tick
from trinario.model.campaign import At, Every
from trinario.store.moments import moment

ZONES = (
    "Europe/Rome", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Auckland",
    "Africa/Cairo", "Asia/Beirut", "Pacific/Chatham", "Asia/Kolkata",
)  # fmt: skip
"""Nine whose clocks change in 2026 (one by half an hour, one at a quarter to three), and one whose do not."""

CHANGES = (
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 4, 24), date(2026, 9, 6), date(2026, 9, 27),
    date(2026, 10, 4), date(2026, 10, 25), date(2026, 10, 30), date(2026, 11, 1),
)  # fmt: skip
"""The days of 2026 on which the clocks of any of them change."""

FIRST = timedelta(hours=14)
"""How much sooner than in UTC a day begins where it begins first."""


def at(day: date, zone: str) -> datetime:
    """Half past two on the wall, by Python alone: an hour that is skipped comes later, one that comes twice comes first."""
    return datetime(day.year, day.month, day.day, 2, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)


class Died(Exception):
    """A process, in the middle of a transaction."""


class Schedulers:
    """Five of them over one store, in the days around a change."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.chance = desk, random.Random(seed)

    async def look(self, now: datetime) -> None:
        """All look at once: clocks are up to three hours wrong, and one in five dies at what it does."""
        await asyncio.gather(*(self._one(now + self._wrong()) for _ in range(5)))

    def _wrong(self) -> timedelta:
        return timedelta(hours=self.chance.choice((0, 0, 0, -3, 3)))

    async def _one(self, now: datetime) -> None:
        for job in (tick, fill, fill):
            try:
                await self.desk.store.run(self._maybe(job, now))
            except Died:
                return

    def _maybe(self, job: Callable[..., Any], now: datetime) -> Callable[[Any], Any]:
        dies = self.chance.random() < 0.2

        def work(unit: Any) -> Any:
            done = job(unit, self.desk.world, now)
            if dies:
                raise Died
            return done

        return work

    async def end(self, now: datetime) -> None:
        """What was left by those that died is brought to its end by one that does not."""
        await self.desk.store.run(lambda u: tick(u, self.desk.world, now))
        while await self.desk.store.run(lambda u: fill(u, self.desk.world, now)):
            pass


async def around(
    store: AnyStore, change: date, campaign: Any
) -> tuple[Counter[tuple[str, datetime]], datetime, datetime]:
    """Everybody's slots from the day before a change to the day after it: (her zone, when) and how often it is there."""
    people = await contacts(store, len(ZONES))
    for who, zone in zip(people, ZONES, strict=True):
        sql = f"UPDATE contacts SET timezone = '{zone}', tags = '[\"in\"]' WHERE id = {who.id}"
        await store.run(lambda u, sql=sql: u.conn.exec_driver_sql(sql) and None)  # type: ignore[misc]
    desk = Desk(store, campaign)
    since = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=1)
    desk.now = since
    await desk.start()
    schedulers, end = Schedulers(desk, change.toordinal()), since + timedelta(days=3)
    for hours in range(0, 72, 9):
        await schedulers.look(since + timedelta(hours=hours))
    await schedulers.end(end)
    zone_of = {who.id: zone for who, zone in zip(people, ZONES, strict=True)}
    found = await rows(store, "SELECT contact_id, due_at FROM recipients")
    return Counter((zone_of[contact], moment(due)) for contact, due in found), since, end


def days(since: datetime, end: datetime) -> list[date]:
    return [(since + timedelta(days=n)).date() for n in range(-1, (end - since).days + 2)]


@pytest.mark.parametrize("change", CHANGES, ids=str)
async def test_a_time_table_by_her_clock(store: AnyStore, change: date) -> None:
    found, since, end = await around(store, change, a_campaign(schedule=Every("30 2 * * *", "contact")))
    opened = [
        day for day in days(since, end) if datetime(day.year, day.month, day.day, 2, 30, tzinfo=UTC) - FIRST <= end
    ]
    wanted = {(zone, at(day, zone)) for zone in ZONES for day in opened if at(day, zone) >= since}
    assert found == dict.fromkeys(wanted, 1)


@pytest.mark.parametrize("zone", ["Europe/Rome", "Australia/Lord_Howe", "Africa/Cairo"])
async def test_a_time_table_by_one_clock(store: AnyStore, zone: str) -> None:
    change = {
        "Europe/Rome": date(2026, 10, 25),
        "Australia/Lord_Howe": date(2026, 10, 4),
        "Africa/Cairo": date(2026, 4, 24),
    }[zone]
    found, since, end = await around(store, change, a_campaign(schedule=Every("30 2 * * *", zone)))
    wanted = {(hers, at(day, zone)) for hers in ZONES for day in days(since, end) if since < at(day, zone) <= end}
    assert found == dict.fromkeys(wanted, 1)


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5)], ids=str)
async def test_once_by_her_clock(store: AnyStore, change: date) -> None:
    local = datetime(change.year, change.month, change.day, 2, 30)
    found, _, _ = await around(store, change, a_campaign(schedule=At(local, "contact")))
    assert found == {(zone, at(change, zone)): 1 for zone in ZONES}
