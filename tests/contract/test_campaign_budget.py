"""What a campaign may cost is asked as it goes: at every slot, at any pace, by what was really sent; then it is held, and told."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.contract.conftest import AnyStore
from tests.contract.test_campaign_plans import AMERICAN, UNWILLING, a_campaign, a_world, approved, people
from tests.contract.test_campaigns import NOW
from tests.contract.test_schedules import rows
from trinario.expressions import compile_condition
from trinario.jobs import planning
from trinario.jobs.campaign_budget import rations
from trinario.jobs.campaign_desk import CannotCampaign, finish, start
from trinario.jobs.campaign_hold import look
from trinario.jobs.campaigning import fill, tick
from trinario.jobs.receive import receive
from trinario.jobs.releasing import release
from trinario.jobs.world import World
from trinario.model.bot import Team
from trinario.model.campaign import Budget, Campaign, Every
from trinario.model.prices import PriceList, Prices
from trinario.ports.campaigns import CampaignRun

FIVE_CENTS = Prices("EUR", (PriceList(date(2026, 1, 1), {"IT": {"marketing": Decimal("0.05")}}, {}),))
TEAM = {"sales": Team("sales", notify=("mailto:sales@shop.example",))}
HELD = "its budget of 0.15 EUR is reached: 0.15 are spent, and one more costs up to 0.05"


class Till:
    """Four Italians, FRESH and RESTED who said yes to marketing, and a campaign that may cost so much; driven by hand."""

    def __init__(self, store: AnyStore, most: str, **changes: Any) -> None:
        self.store, self.now = store, NOW
        self.opens(a_campaign(budget=Budget(Decimal(most), "EUR"), **changes))

    def opens(self, campaign: Campaign, prices: Prices = FIVE_CENTS) -> None:
        """These are the files now."""
        world = a_world(campaign)
        bot = replace(world.bot(), prices=prices, teams=TEAM)
        self.world = World(lambda: bot, world.adapters, world.random)

    async def start(self) -> CampaignRun:
        run = await self.store.run(lambda u: start(u, self.world.bot(), "spring", "p1", "mia", self.now))
        assert isinstance(run, CampaignRun), run
        return run

    async def goes(self) -> list[tuple[str, str]]:
        """What happens without the clock; gives what was held or let go."""
        told: list[tuple[str, str]] = []
        for _ in range(12):
            await self.store.run(lambda u: tick(u, self.world, self.now))
            while await self.store.run(lambda u: fill(u, self.world, self.now)):
                pass
            told += await self.store.run(lambda u: look(u, self.world, self.now))
            await self.store.run(lambda u: release(u, self.world, self.now, 5))
            await self.store.run(lambda u: receive(u, self.world, self.now))
            await self.sent()
        return told

    async def sent(self, price: str | None = None) -> None:
        """Everything that is to go has gone; the platform has told this of its cost."""
        at = int(self.now.timestamp() * 1000)
        said = "NULL" if price is None else f"'{price}'"
        sql = f"UPDATE outbox SET status = 3, sent_at = {at}, price = {said} WHERE status = 0 AND not_before = 0"
        await self.store.run(lambda u: u.conn.exec_driver_sql(sql) and None)

    async def told(self, price: str) -> None:
        """The platform tells what all of them cost."""
        sql = f"UPDATE outbox SET status = 5, price = '{price}' WHERE status = 3"
        await self.store.run(lambda u: u.conn.exec_driver_sql(sql) and None)

    async def went(self) -> int:
        return int((await rows(self.store, "SELECT COUNT(*) FROM outbox WHERE status BETWEEN 3 AND 6"))[0][0])

    async def state(self) -> str:
        return str((await rows(self.store, "SELECT state FROM campaigns"))[0][0])


async def spent(store: AnyStore) -> Till:
    """Three had it for 0.15 EUR, and it is held."""
    await people(store)
    await approved(store)
    till = Till(store, "0.15")
    await till.start()
    await till.goes()
    return till


async def test_it_is_held_when_its_money_is_gone_and_the_team_hears_of_it(here: AnyStore) -> None:
    await people(here)
    await approved(here)
    till = Till(here, "0.15")
    await till.start()
    told = await till.goes()
    assert [(name, why.partition(";")[0]) for name, why in told] == [("spring", HELD)]
    assert await till.went() == 3 and await till.state() == "held"
    notices = await rows(here, "SELECT text FROM notices")
    assert len(notices) == 1 and "its budget of 0.15 EUR is reached" in notices[0][0]
    assert "by itself" not in notices[0][0]
    assert await till.goes() == [] and await till.went() == 3


async def test_what_the_platform_tells_counts_instead_of_the_dearest(store: AnyStore) -> None:
    """Of three that were reckoned as dear, two were free: two more go, and no third."""
    till = await spent(store)
    free = "UPDATE outbox SET price = 'marketing/free_entry_point/PMP/free' WHERE id IN (SELECT id FROM outbox WHERE status = 3 LIMIT 2)"
    await store.run(lambda u: u.conn.exec_driver_sql(free) and None)
    told = await till.goes()
    assert told[0] == ("spring", "") and await till.went() == 5


async def test_every_slot_of_a_time_table_spends_of_one_budget(here: AnyStore) -> None:
    await people(here)
    await approved(here)
    till = Till(here, "0.50", schedule=Every("0 10 * * *"))
    await till.start()
    for day in range(4):
        till.now = NOW + timedelta(days=day, minutes=1)
        await till.goes()
        await till.told("marketing/regular/PMP/billable")
    assert await till.went() == 10 and await till.state() == "held"


async def test_a_larger_budget_lets_the_others_have_it(here: AnyStore) -> None:
    till = await spent(here)
    before = await till.went()
    till.opens(replace(a_campaign(budget=Budget(Decimal("9"), "EUR")), revision="r2"))
    await till.start()
    await till.goes()
    assert await till.went() > before
    assert await here.run(lambda u: finish(u, till.world.bot(), till.now)) == ["spring"]


async def test_whose_last_recipient_was_paid_for_is_done_and_not_held(here: AnyStore) -> None:
    known = await people(here)
    await approved(here)
    willing = compile_condition(f"contact.id != {known[AMERICAN]} and contact.id != {known[UNWILLING]}")
    till = Till(here, "0.30", segment=willing)
    await till.start()
    assert await till.goes() == [] and await till.went() == 6
    assert await here.run(lambda u: finish(u, till.world.bot(), till.now)) == ["spring"]


async def test_what_it_has_cost_counts_when_it_is_started_once_more(here: AnyStore) -> None:
    till = await spent(here)
    dearer = replace(a_campaign(budget=Budget(Decimal("0.16"), "EUR")), revision="r2")
    till.opens(dearer)
    kept = await planning.plan(here, till.world, dearer, till.now)
    refused = await planning.start(here, till.world, dearer, kept.id, "mia", till.now)
    assert isinstance(refused, CannotCampaign)
    assert "beside the 0.15 that it has cost already, and its budget is 0.16" in refused.why


async def test_who_comes_back_from_a_conversation_is_paid_for_too(store: AnyStore) -> None:
    """Whoever was let in and had to wait is let in once more by the same count, and none goes beyond it."""
    await people(store)
    await approved(store)
    till = Till(store, "0.10")
    await till.start()
    await store.run(lambda u: u.conn.exec_driver_sql("UPDATE contacts SET owner = 'person'") and None)
    await till.goes()
    assert await till.went() == 0 and await till.state() == "running"
    await store.run(lambda u: u.conn.exec_driver_sql("UPDATE contacts SET owner = 'bot'") and None)
    till.now = datetime.fromtimestamp(NOW.timestamp() + 600, NOW.tzinfo)
    await till.goes()
    assert await till.went() == 2 and await till.state() == "held"


async def a_queue(store: AnyStore, most: str) -> Till:
    """Everybody of it is written down, and nobody let in."""
    known = await people(store)
    await approved(store)
    willing = compile_condition(f"contact.id != {known[AMERICAN]} and contact.id != {known[UNWILLING]}")
    till = Till(store, most, segment=willing)
    await till.start()
    await store.run(lambda u: tick(u, till.world, till.now))
    while await store.run(lambda u: fill(u, till.world, till.now)):
        pass
    return till


async def test_those_on_their_way_are_reckoned_with(here: AnyStore) -> None:
    """However often it is let in and counted before anybody has her turn: three can be paid for, and it is not held for them."""
    till = await a_queue(here, "0.15")
    for _ in range(3):
        assert await here.run(lambda u: look(u, till.world, till.now)) == []
        for _ in range(2):
            await here.run(lambda u: release(u, till.world, till.now, 2))
    assert await rows(here, "SELECT COUNT(*) FROM recipients WHERE state = 1") == [(3,)]
    await till.goes()
    assert await till.went() == 3 and await till.state() == "held"


async def test_what_was_counted_before_somebody_was_let_in_holds_all_the_same(store: AnyStore) -> None:
    """Two are let in between the count and its being written down: they are of the three, and not beside them."""
    till = await a_queue(store, "0.15")
    await store.run(lambda u: look(u, till.world, till.now))
    counted = await store.read(lambda u: rations(u, till.world.bot(), till.now))
    await store.run(lambda u: release(u, till.world, till.now, 2))
    await store.run(lambda u, counted=counted: look(u, till.world, till.now, counted))  # type: ignore[misc]
    await store.run(lambda u: release(u, till.world, till.now, 5))
    assert await rows(store, "SELECT COUNT(*) FROM recipients WHERE state = 1") == [(3,)]


async def test_held_for_its_money_it_stays_so_until_somebody_counts_again(here: AnyStore) -> None:
    till = await spent(here)
    assert await here.run(lambda u: look(u, till.world, till.now, {})) == [] and await till.state() == "held"
    await here.run(lambda u: u.conn.exec_driver_sql("UPDATE recipients SET state = 3 WHERE state = 0") and None)
    assert await here.run(lambda u: look(u, till.world, till.now)) == [("spring", "")], "nobody waits for its money"


async def test_however_many_are_at_it_at_once_it_never_costs_more(store: AnyStore) -> None:
    """Six who do as processes do, each work in a transaction of its own and the budget counted apart: nobody spends twice."""
    numbers = [f"39333111{n:04}" for n in range(60)]
    await people(store, *numbers)
    await approved(store)
    till = Till(store, "1.00")
    await till.start()

    async def process() -> None:
        for _ in range(25):
            counted = await store.read(lambda u: rations(u, till.world.bot(), till.now))
            await store.run(lambda u: tick(u, till.world, till.now))
            await store.run(lambda u: fill(u, till.world, till.now))
            await store.run(lambda u, counted=counted: look(u, till.world, till.now, counted))  # type: ignore[misc]
            await store.run(lambda u: release(u, till.world, till.now, 7))
            await store.run(lambda u: receive(u, till.world, till.now))
            await till.sent()

    await asyncio.gather(*(process() for _ in range(6)))
    assert await till.went() == 20 and await till.state() == "held"
    got = await rows(store, "SELECT COUNT(*), COUNT(DISTINCT contact_id) FROM outbox WHERE status BETWEEN 3 AND 6")
    assert tuple(got[0]) == (20, 20)
