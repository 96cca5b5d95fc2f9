"""A campaign comes to its end, whatever becomes of those who are on their way: each has a fate, and nobody holds it up."""

from datetime import timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import NOW, Desk, a_campaign, messages
from tests.contract.test_schedules import contacts, rows
from trinario.campaign.split import variant_of
from trinario.jobs import receive as receiving
from trinario.jobs.campaign_desk import STRAY_AFTER, finish
from trinario.jobs.campaigning import fill, tick
from trinario.jobs.joining import Joined, by_team
from trinario.jobs.parting import undo
from trinario.jobs.releasing import release
from trinario.model.campaign import HOLDOUT, Every, Side, Variants


class Way(Desk):
    """Four people of whom each is on her way into a turn."""

    async def let_in(self) -> list[int]:
        people = await contacts(self.store, 8)
        await self.all_wrote()
        await self.start()
        await self.store.run(lambda u: tick(u, self.world, self.now))
        while await self.store.run(lambda u: fill(u, self.world, self.now)):
            pass
        assert await self.store.run(lambda u: release(u, self.world, self.now, 9)) == 4
        assert await self.fates() == {(1, ""): 4}
        return [one.id for one in people if "in" in one.tags]

    async def done(self) -> bool:
        return await self.store.run(lambda u: finish(u, self.bot, self.now)) == ["spring"]


async def test_a_row_that_fails_again_and_again_is_left_out(here: AnyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    way = Way(here, a_campaign())
    first, *others = await way.let_in()
    weigh = receiving.releasing.weigh

    def faulty(unit: Any, bot: Any, run: Any, contact: Any, *rest: Any) -> Any:
        if contact.id == first:
            raise RuntimeError("a fault of ours")
        return weigh(unit, bot, run, contact, *rest)

    monkeypatch.setattr(receiving.releasing, "weigh", faulty)
    for _ in range(way.world.tuning.tries + 1):
        await way.goes()
        way.now += timedelta(minutes=30)
    assert await way.fates() == {(2, ""): 3, (3, "failed"): 1} and sorted(await way.said()) == others
    assert await way.done() and await way.state() == "done"


async def test_who_is_erased_on_her_way_is_forgotten(here: AnyStore) -> None:
    way = Way(here, a_campaign())
    first, *others = await way.let_in()
    await here.run(lambda u: u.privacy.erase([first]))
    await way.goes()
    assert sorted(await way.said()) == others and await way.fates() == {(2, ""): 3}
    assert await way.done()


@pytest.mark.parametrize("parts", [False, True])
async def test_who_becomes_another_on_her_way_and_perhaps_herself_again(here: AnyStore, parts: bool) -> None:
    """Two who became one get it once; parted again before their turn, each is she who she was."""
    way = Way(here, a_campaign())
    one, two, *_ = await way.let_in()
    done = await here.run(lambda u: by_team(u, way.bot, one, two, "mia", "same voice", way.now))
    assert isinstance(done, Joined)
    if parts:
        ((merge,),) = await rows(here, "SELECT id FROM merges")
        await here.run(lambda u: undo(u, merge, "mia", "another voice", way.now) and None)
    await way.goes()
    fates = await way.fates()
    assert sum(fates.values()) == 4 and not {state for state, _ in fates} & {0, 1}
    assert await way.done()


async def test_who_was_lost_on_her_way_is_left_out_in_time(store: AnyStore) -> None:
    """Nothing in the inbox brings it to her any more: no campaign waits for that for ever."""
    way = Way(store, a_campaign())
    first, *others = await way.let_in()
    await store.run(lambda u: u.conn.exec_driver_sql(f"DELETE FROM inbox WHERE contact_id = {first}") and None)
    assert not await way.done() and await way.fates() == {(1, ""): 4}, "not at once: it is being worked off"
    way.now = NOW + STRAY_AFTER + timedelta(seconds=1)
    await store.run(lambda u: finish(u, way.bot, way.now))
    assert await way.fates() == {(1, ""): 3, (3, "failed"): 1}, "those who are still to have their turn are not lost"
    await way.goes()
    assert sorted(await way.said()) == others and await way.done()
    assert (await rows(store, "SELECT reason FROM recipients WHERE state = 3")) == [("failed",)]


@pytest.mark.parametrize("keeps_the_held_out", [True, False])
async def test_who_is_held_out_under_one_of_her_names_stays_so(here: AnyStore, keeps_the_held_out: bool) -> None:
    """Two contacts turn out to be one person, of whom one was to get nothing: she gets nothing, and is counted there."""
    people = [one.id for one in await contacts(here, 60)]
    variants = Variants("spring", (Side("a", 1, messages("A")),), 1)
    way = Way(here, a_campaign(segment=None, variants=variants))
    await way.all_wrote()
    await way.start()
    await here.run(lambda u: tick(u, way.world, way.now))
    while await here.run(lambda u: fill(u, way.world, way.now)):
        pass
    held = next(one for one in people if variant_of(variants, one) == HOLDOUT)
    meant = next(one for one in people if variant_of(variants, one) == "a")
    keep, take = (held, meant) if keeps_the_held_out else (meant, held)
    await here.run(lambda u: by_team(u, way.bot, keep, take, "mia", "same voice", way.now) and None)
    await way.goes(60)
    assert keep not in await way.said() and take not in await way.said()
    sql = f"SELECT reason FROM recipients WHERE contact_id = {keep} ORDER BY reason"
    assert await rows(here, sql) == [("double",), ("holdout",)]
    assert await way.done()


async def test_who_changes_her_channel_keeps_her_lot(here: AnyStore) -> None:
    """The lot is of the person: on another channel, and in the next slot, it is the same."""
    people = [one.id for one in await contacts(here, 12)]
    variants = Variants("spring", (Side("a", 1, messages("A")), Side("b", 1, messages("B"))), 1)
    way = Way(here, a_campaign(segment=None, variants=variants, schedule=Every("0 * * * *")))
    await way.all_wrote()
    await way.start()
    for hour in (1, 2):
        way.now = NOW + timedelta(hours=hour)
        await way.goes(60)
        await here.run(lambda u: u.conn.exec_driver_sql("UPDATE identities SET value = value || 'x'") and None)
    found = await rows(here, "SELECT contact_id, slot, variant FROM recipients ORDER BY slot, contact_id")
    drawn = {slot: [row[2] for row in found if row[1] == slot] for slot in {row[1] for row in found}}
    assert len(drawn) == 2 and list(drawn.values())[0] == list(drawn.values())[1]
    assert list(drawn.values())[0] == [variant_of(variants, one) for one in people]


async def test_who_gets_two_slots_is_counted_in_each_and_once_as_a_person(here: AnyStore) -> None:
    """Recipients are counted by slot, and what people did by person: of two slots together she has answered once."""
    await contacts(here, 4)
    way = Way(here, a_campaign(schedule=Every("0 * * * *")))
    await way.all_wrote()
    await way.start()
    for hour in (1, 2):
        way.now = NOW + timedelta(hours=hour)
        await way.goes()
        at = int(way.now.timestamp() * 1000)
        sent = f"UPDATE outbox SET status = 3, sent_at = {at} WHERE status = 0"
        await here.run(lambda u, sql=sent: u.conn.exec_driver_sql(sql) and None)
    slots = [row[0] for row in await rows(here, "SELECT id FROM campaign_slots ORDER BY id")]
    each = [await here.read(lambda u, s=slot: u.campaigns.report([s], "", timedelta(days=1))) for slot in slots]
    both = await here.read(lambda u: u.campaigns.report(slots, "", timedelta(days=1)))
    assert [(one.recipients, one.total("sent")) for one in each] == [(2, 2), (2, 2)]
    assert (both.recipients, both.total("sent")) == (4, 2)
