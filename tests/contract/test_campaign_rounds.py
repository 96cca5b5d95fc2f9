"""What a round of campaigns asks and does: nothing where none goes, little where nobody is due, a share for each."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import NOW, Desk, a_campaign, a_world
from tests.contract.test_schedules import contacts, rows
from trinario.campaign.as_flow import flows_of
from trinario.expressions import compile_condition
from trinario.jobs import campaign_desk
from trinario.jobs.campaign_desk import finish, start
from trinario.jobs.campaigning import EVENTS, fill, tick
from trinario.jobs.releasing import Forward, forward, release
from trinario.jobs.world import World
from trinario.model.campaign import Campaign, On
from trinario.store import campaigns
from trinario.store.bulk import fetch


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that campaigns ask of the database from now on."""
    ran: list[str] = []

    def seen(conn: Connection, sql: str, *values: Any) -> Any:
        ran.append(sql)
        return fetch(conn, sql, *values)

    monkeypatch.setattr(campaigns, "fetch", seen)
    return ran


def two(first: Campaign, second: Campaign) -> World:
    world = a_world(first)
    bot = world.bot()
    both = replace(
        bot, campaigns={one.name: one for one in (first, second)},
        messages={flow.name: flow for one in (first, second) for flow in flows_of(one)},
    )  # fmt: skip
    return World(lambda: both, world.adapters, world.random)


async def test_where_nothing_goes_a_round_is_one_question(store: AnyStore, asked: list[str]) -> None:
    await contacts(store, 6)
    desk = Desk(store, a_campaign())
    asked.clear()
    assert await store.run(lambda u: forward(u, desk.world, NOW, True)) == Forward()
    assert len(asked) == 1
    await desk.start()
    await desk.goes()
    await store.run(lambda u: finish(u, desk.bot, NOW))
    asked.clear()
    assert await store.run(lambda u: forward(u, desk.world, NOW, True)) == Forward()
    assert len(asked) == 1


async def test_slots_that_are_over_are_not_looked_at_any_more(store: AnyStore, asked: list[str]) -> None:
    """A campaign that goes every week for years asks no more than one of today."""
    await contacts(store, 6)
    desk = Desk(store, a_campaign(schedule=On("order.paid")))
    await desk.start()
    await store.run(lambda u: tick(u, desk.world, NOW))
    old = [("spring", f"2025-01-{day:02}T10:00", NOW, 0) for day in range(1, 30)]
    await store.run(lambda u: u.campaigns.open_slots(old, NOW))
    while await store.run(lambda u: fill(u, desk.world, NOW)):
        pass
    await desk.goes(100)
    await store.run(lambda u: finish(u, desk.bot, NOW))
    left = await store.run(lambda u: u.campaigns.open_ones(["spring"], NOW))
    assert [slot.campaign for slot in left] == ["spring"]  # the one that gathers those for whom an event comes
    assert (await rows(store, f"SELECT state FROM campaign_slots WHERE slot = '{EVENTS}'"))[0][0] == 1
    assert {row[0] for row in await rows(store, f"SELECT state FROM campaign_slots WHERE slot <> '{EVENTS}'")} == {4}
    asked.clear()
    await store.run(lambda u: forward(u, desk.world, NOW, False))
    assert len(asked) == 2  # how campaigns stand, and which slots are open


async def test_each_campaign_has_its_share_of_a_round(store: AnyStore) -> None:
    await contacts(store, 20)
    everybody = compile_condition("contact.id > 0")
    many = replace(a_campaign(segment=everybody), name="all", revision="r2")
    world = two(many, a_campaign())
    for name in ("all", "spring"):
        await store.run(lambda u, name=name: start(u, world.bot(), name, "p", "mia", NOW))  # type: ignore[misc]
    await store.run(lambda u: tick(u, world, NOW))
    while await store.run(lambda u: fill(u, world, NOW)):
        pass
    assert await store.run(lambda u: release(u, world, NOW, 8)) == 8
    sql = "SELECT s.campaign, COUNT(*) FROM recipients r JOIN campaign_slots s ON s.id = r.slot WHERE r.state = 1 GROUP BY s.campaign"
    assert {row[0]: row[1] for row in await rows(store, sql)} == {"all": 4, "spring": 4}
    for _ in range(4):
        await store.run(lambda u: release(u, world, NOW, 8))
    assert {row[0]: row[1] for row in await rows(store, sql)} == {
        "all": 20,
        "spring": 10,
    }  # what one leaves is the others'


async def test_messages_of_others_do_not_hold_a_campaign_up(store: AnyStore) -> None:
    """Only what is under way of its own counts: a channel that stands still stops nobody else's campaign."""
    await contacts(store, 6)
    desk = Desk(store, a_campaign())
    await desk.all_wrote()
    await desk.start()
    await desk.goes()
    slot = (await rows(store, "SELECT id FROM campaign_slots"))[0][0]
    waiting = len(await rows(store, "SELECT 1 FROM outbox WHERE status = 0"))
    assert await store.run(lambda u: u.campaigns.under_way([slot])) == waiting > 0
    assert await store.run(lambda u: u.campaigns.under_way([slot + 1])) == 0


async def test_whoever_still_waits_of_a_cancelled_campaign_is_withdrawn_in_time(
    store: AnyStore, monkeypatch: Any
) -> None:
    monkeypatch.setattr(campaign_desk, "CHUNK", 2)
    await contacts(store, 20)
    desk = Desk(store, a_campaign())
    await desk.start()
    await store.run(lambda u: tick(u, desk.world, NOW))
    while await store.run(lambda u: fill(u, desk.world, NOW)):
        pass
    await store.run(lambda u: campaign_desk.cancel(u, "spring", "mia", "", NOW))
    for _ in range(5):
        await store.run(lambda u: finish(u, desk.bot, NOW))
    assert await desk.fates() == {(4, "cancelled"): 10}
    assert await store.run(lambda u: u.campaigns.to_withdraw()) == []
