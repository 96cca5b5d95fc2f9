"""A cap counts everything that nobody has asked for, whoever says it: campaigns, sequences, flows that an event begins."""

from dataclasses import replace
from datetime import timedelta

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import NOW, a_campaign, messages
from tests.contract.test_drips import Garden, a_sequence, step
from tests.contract.test_schedules import contacts, rows
from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.campaign.as_flow import flows_of, flows_of_sequence
from trinario.jobs.campaign_desk import start
from trinario.jobs.campaigning import fill, tick
from trinario.jobs.releasing import release
from trinario.jobs.world import World
from trinario.model.duration import Duration
from trinario.model.effect import ChangeEnrolment
from trinario.model.policy import Cap, Rules
from trinario.ports import Inward, Writes
from trinario.ports.campaigns import CampaignRun

FLOW = b"flow: basket\npurpose: marketing\ntriggers: [{event: cart.left}]\nsteps: {s: {send: Your basket is waiting.}}"


class Shop(Garden):
    """A campaign, a sequence and a flow that an event begins, all of them marketing, and one a day of it for each person."""

    def __init__(self, store: AnyStore, most: int) -> None:
        super().__init__(store, a_sequence(step("hello", 0, None)))
        parsed = parse_flow(FLOW, "flows/basket.yaml")
        assert parsed.flow is not None, parsed.issues
        campaign = a_campaign(purpose="marketing", messages=messages("Spring!"))
        sequence = replace(a_sequence(step("hello", 0, None)), purpose="marketing")
        flows = {flow.name: flow for flow in (*flows_of(campaign), *flows_of_sequence(sequence))}
        bot = replace(
            self.world.bot(), campaigns={"spring": campaign}, sequences={"tips": sequence}, messages=flows,
            flows={"basket": parsed.flow}, policy=Rules(caps=(Cap(most, Duration(1)),)),
        )  # fmt: skip
        self.world = World(lambda: bot, self.world.adapters, self.world.random)

    async def campaign(self, who: int) -> None:
        """The campaign has its turn."""
        run = await self.store.run(lambda u: start(u, self.world.bot(), "spring", "p1", "mia", self.now))
        assert isinstance(run, CampaignRun), run
        await self.store.run(lambda u: tick(u, self.world, self.now))
        while await self.store.run(lambda u: fill(u, self.world, self.now)):
            pass
        await self.store.run(lambda u: release(u, self.world, self.now, 9))

    async def sequence(self, who: int) -> None:
        """She is enrolled, and its first step comes at once."""
        joins = [(who, ChangeEnrolment("tips", True), self.now)]
        await self.store.run(lambda u: u.write(Writes(enrolments=joins), self.now))

    async def flow(self, who: int) -> None:
        """She leaves a basket behind."""
        body = jsons.dumps({"name": "cart.left", "data": {}})
        await self.store.run(
            lambda u: u.take_in([Inward("", f"event:{self.now}", "event", body, contact=who)], self.now)
        )


async def test_what_is_more_than_the_cap_is_refused_whoever_says_it(store: AnyStore) -> None:
    _, her = await contacts(store, 2, last_heard={"messenger": NOW + timedelta(hours=1)}, consent={"marketing": True})
    shop = Shop(store, most=1)
    for number, what in enumerate((shop.sequence, shop.campaign, shop.flow, shop.flow)):
        if number == 3:
            shop.now += timedelta(days=1, seconds=1)
        await what(her.id)
        await shop.goes()
    told = await rows(store, "SELECT COALESCE(refusal, '') FROM outbox WHERE purpose = 'marketing' ORDER BY id")
    assert [row[0] for row in told] == ["", "cap", "cap", ""]
