"""Cancelled and started again at once: who waited then gets nothing, however many they were, and whatever was on its way."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import NOW, Desk, a_campaign
from tests.contract.test_schedules import contacts, rows
from trinario import jsons
from trinario.jobs import campaign_desk
from trinario.jobs.campaign_desk import CHUNK, cancel, finish
from trinario.jobs.campaigning import EVENTS, fill, tick
from trinario.jobs.deliver import claim
from trinario.jobs.hold import People
from trinario.jobs.receive import receive
from trinario.jobs.releasing import release
from trinario.model.campaign import Campaign, Every, On
from trinario.ports import Inward
from trinario.store.postgres import PostgresStore
from trinario.store.unit import SqlUnit

WEEKLY = Every("0 10 * * 1")
CART = On("cart.abandoned")


def on_cart() -> Campaign:
    return a_campaign(schedule=CART, segment=None)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction withdraws two."""
    monkeypatch.setattr(campaign_desk, "CHUNK", 2)


async def carts(desk: Desk, count: int, name: str) -> None:
    """The event comes for the first so many contacts; nobody is let in."""
    body = jsons.dumps({"name": "cart.abandoned", "data": {}})
    whom = [row[0] for row in await rows(desk.store, f"SELECT id FROM contacts ORDER BY id LIMIT {count}")]
    told = [Inward("", f"{name}{who}", "event", body, contact=who) for who in whom]
    await desk.store.run(lambda u: u.take_in(told, desk.now))
    while (await desk.store.run(lambda u: receive(u, desk.world, desk.now))).rows:
        pass


async def written(desk: Desk) -> None:
    """The slot is open and everybody of it is written down; nobody is let in."""
    await desk.store.run(lambda u: tick(u, desk.world, desk.now))
    while await desk.store.run(lambda u: fill(u, desk.world, desk.now)):
        pass


async def again(desk: Desk) -> None:
    """Cancelled, and started again in the same moment."""
    await desk.store.run(lambda u: cancel(u, "spring", "mia", "", desk.now))
    await desk.start()


async def withdrawn(desk: Desk) -> None:
    """As often as it takes."""
    for _ in range(12):
        await desk.store.run(lambda u: finish(u, desk.bot, desk.now))


@pytest.mark.usefixtures("few_at_once")
async def test_who_waited_for_an_event_s_campaign_is_not_let_in_afterwards(store: AnyStore) -> None:
    await contacts(store, 12)
    desk = Desk(store, on_cart(), events={"cart.abandoned": {}})
    await desk.start()
    await carts(desk, 10, "before")
    await again(desk)
    await desk.goes()
    assert await desk.said() == []
    await carts(desk, 3, "after")
    await desk.goes()
    assert len(await desk.said()) == 3
    await withdrawn(desk)
    assert await desk.fates() == {(4, "cancelled"): 10, (2, ""): 3}
    open_ones = f"SELECT COUNT(*) FROM campaign_slots WHERE slot = '{EVENTS}' AND state = 1"
    assert (await rows(store, open_ones))[0][0] == 1


@pytest.mark.usefixtures("few_at_once")
async def test_nobody_waits_for_ever_for_a_slot_that_was_cancelled(store: AnyStore) -> None:
    await contacts(store, 20)
    desk = Desk(store, a_campaign(schedule=WEEKLY))
    desk.now = NOW - timedelta(minutes=1)
    await desk.start()
    desk.now = NOW
    await written(desk)
    desk.now += timedelta(minutes=1)
    await again(desk)
    await withdrawn(desk)
    assert await desk.fates() == {(4, "cancelled"): 10}
    desk.now += timedelta(days=7)
    await desk.goes()
    assert len(await desk.said()) == 10


async def test_more_than_one_transaction_takes(store: AnyStore) -> None:
    """As it is in life: some hundreds more than one transaction withdraws."""
    people = await contacts(store, 4)
    desk = Desk(store, on_cart(), events={"cart.abandoned": {}})
    await desk.start()
    count = CHUNK + 300
    body = jsons.dumps({"name": "cart.abandoned", "data": {}})
    told = [Inward("", f"many{n}", "event", body, contact=people[n % 4].id) for n in range(count)]
    await store.run(lambda u: u.take_in(told, desk.now))
    while (await store.run(lambda u: receive(u, desk.world, desk.now))).rows:
        pass
    assert await desk.fates() == {(0, ""): count}
    await again(desk)
    await desk.goes()
    assert await desk.said() == []
    await withdrawn(desk)
    assert await desk.fates() == {(4, "cancelled"): count}


async def test_who_was_on_her_way_then_is_not_let_in(store: AnyStore) -> None:
    await contacts(store, 20)
    desk = Desk(store, on_cart(), events={"cart.abandoned": {}})
    await desk.start()
    await carts(desk, 5, "before")
    assert await store.run(lambda u: release(u, desk.world, desk.now)) == 5
    await again(desk)
    await desk.goes()
    assert await desk.said() == []
    assert await desk.fates() == {(4, "cancelled"): 5}


async def test_what_was_said_and_not_sent_then_does_not_go(store: AnyStore) -> None:
    await contacts(store, 20)
    desk = Desk(store, a_campaign(schedule=WEEKLY))
    await desk.all_wrote()
    desk.now = NOW - timedelta(minutes=1)
    await desk.start()
    desk.now = NOW
    await desk.goes(1)
    assert len(await desk.said()) == 5
    desk.now += timedelta(minutes=1)
    await again(desk)
    assert await store.run(lambda u: claim(u, desk.world, {"messenger": 50}, 7, desk.now, People())) == []
    assert {row[0] for row in await rows(store, "SELECT refusal FROM outbox")} == {"cancelled"}


async def test_whoever_is_let_in_at_that_very_moment_is_not_withdrawn(store: AnyStore) -> None:
    """Another process lets her in while others are withdrawn: her turn decides what became of her."""
    if not isinstance(store, PostgresStore):
        pytest.skip("SQLite has one writer by construction")
    await contacts(store, 4)
    desk = Desk(store, on_cart(), events={"cart.abandoned": {}})
    await desk.start()
    await carts(desk, 3, "before")
    await store.run(lambda u: u.conn.exec_driver_sql("UPDATE campaigns SET state = 'cancelled'") and None)
    await store.run(lambda u: u.campaigns.withdraw("spring", 0, desk.now))  # its slot is cancelled, and all three wait
    (slot,) = (await rows(store, "SELECT id FROM campaign_slots"))[0]
    async with store.engine.begin() as conn:

        def let_in(sync: Connection) -> None:
            campaigns = SqlUnit(sync).campaigns
            campaigns.released(
                [replace(one, tries=1) for one in campaigns.claim_waiting([slot], 1, desk.now)], desk.now
            )

        await conn.run_sync(let_in)
        off = asyncio.ensure_future(store.run(lambda u: u.campaigns.withdraw("spring", 9, desk.now)))
        await asyncio.sleep(0.3)
        assert not off.done()
    assert await off == 2
    assert await desk.fates() == {(1, ""): 1, (4, "cancelled"): 2}
