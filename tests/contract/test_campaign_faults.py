"""A campaign whose messages are refused for our own fault stops after a few, not after all; mended, it reaches who was refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import heard
from tests.contract.test_campaign_plans import a_campaign, a_world, approved, phone
from tests.contract.test_campaigns import NOW
from tests.contract.test_schedules import rows
from trinario.channels.graph.failures import whatsapp_failure
from trinario.jobs import planning
from trinario.jobs.account import Scales, Told
from trinario.jobs.campaign_desk import cancel, finish, resume, start
from trinario.jobs.campaign_faults import stop
from trinario.jobs.campaign_hold import look
from trinario.jobs.campaigning import fill, tick
from trinario.jobs.deliver import claim, outcome, settle
from trinario.jobs.hold import People
from trinario.jobs.receive import receive
from trinario.jobs.releasing import release
from trinario.jobs.world import World
from trinario.model.bot import Team
from trinario.model.outbox import NotSent, SendResult, Sent
from trinario.ports import Claimed, TemplateState, Writes
from trinario.ports.campaigns import CampaignRun

TEAM = {"sales": Team("sales", notify=("mailto:sales@shop.example",))}
MANY = 20

Answer = Callable[[Claimed], SendResult]


def refused(code: int) -> Answer:
    return lambda row: NotSent(whatsapp_failure(code, "words of the platform", row.entry.attempts))


def taken(row: Claimed) -> SendResult:
    return Sent(f"wamid.{row.entry.key}")


class Post:
    """Twenty people who said yes to marketing, a campaign, and a sender whose platform answers as told; driven by hand."""

    def __init__(self, store: AnyStore, **changes: Any) -> None:
        self.store, self.now, self.scales, self.asked = store, NOW, Scales(), 0
        self.opens(**changes)

    def opens(self, revision: str = "r1", **changes: Any) -> None:
        world = a_world(replace(a_campaign(**changes), revision=revision))
        bot = replace(world.bot(), teams=TEAM)
        self.world = World(lambda: bot, world.adapters, world.random)

    async def people(self, language: str = "it") -> None:
        numbers = [f"39333000{n:04}" for n in range(MANY)]
        await self.store.run(lambda u: u.take_in([heard(phone(one), f"w{one}") for one in numbers], NOW))
        cases = await self.store.run(lambda u: u.claim_cases(1000, NOW))
        made = {
            case.contact.id: replace(case.contact, last_heard={}, consent={"marketing": True}, language=language)
            for case in cases
        }
        done = [(1, case.entries[0].id, None) for case in cases]
        await self.store.run(lambda u: u.write(Writes(contacts=made, finished=done), NOW))

    async def start(self, plan: str = "p1") -> None:
        run = await self.store.run(lambda u: start(u, self.world.bot(), "spring", plan, "mia", self.now))
        assert isinstance(run, CampaignRun), run

    async def resume(self) -> None:
        run = await self.store.run(lambda u: resume(u, "spring", "mia", self.now))
        assert isinstance(run, CampaignRun), run

    async def goes(self, answer: Answer, rounds: int = 12) -> None:
        for _ in range(rounds):
            await self.store.run(lambda u: tick(u, self.world, self.now))
            while await self.store.run(lambda u: fill(u, self.world, self.now)):
                pass
            await self.store.run(lambda u: release(u, self.world, self.now, 5))
            await self.store.run(lambda u: receive(u, self.world, self.now))
            await self.store.run(lambda u: self._exchange(u, answer))
            await self.store.run(lambda u: look(u, self.world, self.now))

    def _exchange(self, unit: Any, answer: Answer) -> None:
        """As the sender does, four rows at a time, until nothing may go."""
        while claimed := claim(unit, self.world, {"whatsapp": 4}, 7, self.now, People()):
            told = Told()
            back = []
            for row in claimed:
                self.asked += 1
                result = answer(row)
                back.append((row, result, outcome(row, result, self.now, self.world.tuning, lambda: 0.5)))
            settle(unit, back, self.now, 7)
            for row, result, _ in back:
                self.scales.weigh(unit, row, result, self.now, told)
            stop(unit, self.world.bot(), told.stuck, self.now)

    async def went(self) -> dict[int, int]:
        """How often something went to each."""
        sql = "SELECT contact_id, COUNT(*) FROM outbox WHERE status = 3 GROUP BY contact_id"
        return {row[0]: row[1] for row in await rows(self.store, sql)}

    async def stands(self) -> tuple[str, str]:
        ((state, why),) = await rows(self.store, "SELECT state, why FROM campaigns")
        return state, why


async def started(store: AnyStore) -> Post:
    """The template is approved and the campaign started; nothing of it has gone."""
    post = Post(store)
    await post.people()
    await approved(store)
    await post.start()
    return post


@pytest.mark.parametrize("code", [132000, 132001, 132012])
async def test_it_stops_after_a_few_and_reaches_all_once_it_is_mended(here: AnyStore, code: int) -> None:
    post = await started(here)
    await post.goes(refused(code))
    state, why = await post.stands()
    assert state == "paused" and why.startswith(
        f"its messages are refused: {code} words of the platform (template spring_2026"
    )
    assert 3 <= post.asked <= 4, "one batch of the sender, of which the third is too many"
    notices = await rows(here, "SELECT text FROM notices")
    assert len(notices) == 1 and "trinario campaign resume spring" in notices[0][0]
    await post.goes(refused(code))
    assert post.asked <= 4 and len(await rows(here, "SELECT 1 FROM notices")) == 1
    await post.resume()
    await post.goes(taken)
    went = await post.went()
    assert len(went) == MANY and set(went.values()) == {1}
    assert await here.run(lambda u: finish(u, post.world.bot(), post.now)) == ["spring"]
    told = await here.read(lambda u: u.campaigns.report([1], "", NOW - NOW))
    assert told.total("sent") == MANY and not told.refused


async def test_what_one_meets_among_many_stops_nothing(here: AnyStore) -> None:
    """Every third is refused for what is hers: those between say that the template is good."""
    post = await started(here)
    await post.goes(lambda row: refused(132000)(row) if row.entry.contact % 3 == 0 else taken(row))
    state, _ = await post.stands()
    assert state in ("running", "done") and len(await post.went()) == MANY - len(
        await rows(here, "SELECT 1 FROM outbox WHERE refusal = '132000'")
    )


async def test_those_refused_for_their_own_sake_are_not_asked_again(here: AnyStore) -> None:
    post = await started(here)
    first = {row[0] for row in await rows(here, "SELECT id FROM contacts ORDER BY id LIMIT 2")}
    await post.goes(lambda row: refused(131026 if row.entry.contact in first else 132001)(row))
    assert (await post.stands())[0] == "paused"
    await post.resume()
    await post.goes(taken)
    assert set(await post.went()).isdisjoint(first) and len(await post.went()) == MANY - 2


async def test_a_template_that_is_disabled_in_one_language_is_found_by_what_we_refuse(here: AnyStore) -> None:
    """Italian is disabled and English is not: nobody is asked, the Italians are refused here; three are enough."""
    post = Post(here)
    await post.people()
    await approved(here)
    gone = TemplateState("whatsapp", "spring_2026", "it", "DISABLED", "too many complaints")
    await here.run(lambda u: u.templates.note(gone, NOW))
    await post.start()
    await post.goes(taken)
    state, why = await post.stands()
    assert post.asked == 0 and state == "paused" and "the template spring_2026 is disabled: too many complaints" in why
    assert len(await rows(here, "SELECT 1 FROM outbox WHERE status = 8")) <= 5, "one round"
    await approved(here)
    await post.resume()
    await post.goes(taken)
    assert len(await post.went()) == MANY


async def test_a_template_disabled_as_it_goes_holds_it_and_those_refused_have_it_when_it_is_good(
    here: AnyStore,
) -> None:
    post = await started(here)
    await post.goes(refused(132016))
    assert post.asked <= 4 and (await post.stands())[0] in ("held", "paused")
    await approved(here)
    if (await post.stands())[0] == "paused":
        await post.resume()
    await post.goes(taken)
    assert len(await post.went()) == MANY


@pytest.mark.parametrize("code", [368, 131031, 131042, 132015])
async def test_a_locked_account_an_unpaid_bill_or_a_paused_template_holds_it_and_loses_nobody(
    here: AnyStore, code: int
) -> None:
    post = await started(here)
    await post.goes(refused(code), 4)
    state, _ = await post.stands()
    assert post.asked <= 6 and (state == "held" or code == 132015)
    assert await rows(here, "SELECT 1 FROM outbox WHERE status IN (7, 8)") == []
    await here.run(lambda u: u.accounts.well("whatsapp"))
    await approved(here)
    for hours in (1, 2, 4, 8):
        post.now = NOW.replace(hour=9 + hours)
        await post.goes(taken, 3)
    assert len(await post.went()) == MANY


async def test_words_that_were_mended_in_the_file_are_said_anew_to_who_was_refused_and_to_who_waits(
    store: AnyStore,
) -> None:
    post = await started(store)
    await post.goes(refused(132000))
    before = len(await rows(store, "SELECT 1 FROM outbox"))
    assert (await post.stands())[0] == "paused" and before > post.asked, "some were made and wait"
    post.opens("r2")
    kept = await planning.plan(store, post.world, post.world.bot().campaigns["spring"], post.now)
    assert kept.forecast.recipients >= MANY - before + post.asked, "those refused are counted among those to come"
    await post.start("p2")
    await post.goes(taken)
    assert len(await post.went()) == MANY and set((await post.went()).values()) == {1}
    old = await rows(store, f"SELECT status, COUNT(*) FROM outbox WHERE id <= {before} GROUP BY status")
    assert old == [(9, before)], "what was made with the fault went to nobody"


async def test_cancelled_after_it_was_refused_nobody_gets_it(here: AnyStore) -> None:
    post = await started(here)
    await post.goes(refused(132001))
    await here.run(lambda u: cancel(u, "spring", "mia", "", post.now))
    await post.goes(taken)
    assert await post.went() == {}


async def test_whom_any_part_of_it_reached_gets_nothing_of_it_again(here: AnyStore) -> None:
    post = await started(here)
    await post.goes(refused(132001))
    ((her,),) = await rows(here, "SELECT contact_id FROM outbox WHERE status = 7 ORDER BY id LIMIT 1")
    names = "contact_id, channel, kind, value, content, purpose, priority, created_at, campaign"
    part = f"INSERT INTO outbox (key, status, {names}) SELECT 'part', 3, {names} FROM outbox WHERE contact_id = {her}"
    await here.run(lambda u: u.conn.exec_driver_sql(part) and None)
    await post.resume()
    await post.goes(taken)
    assert (await post.went())[her] == 1 and len(await post.went()) == MANY
    assert await rows(here, f"SELECT COUNT(*) FROM outbox WHERE contact_id = {her}") == [(2,)]
