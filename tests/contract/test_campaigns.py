"""Campaigns on every database: each recipient once, whatever is paused, busy, late, merged, or at it at the same time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_schedules import contacts, rows
from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.campaign.as_flow import flows_of
from trinario.campaign.forecast import Forecast, Group
from trinario.engine.index import index_of
from trinario.expressions import compile_condition
from trinario.jobs import campaigning, foreseeing
from trinario.jobs.campaign_desk import CannotCampaign, cancel, finish, pause, resume, start, unmoved
from trinario.jobs.campaign_hold import look
from trinario.jobs.campaigning import fill, tick
from trinario.jobs.deliver import claim
from trinario.jobs.foreseeing import foresee
from trinario.jobs.hold import People
from trinario.jobs.joining import Joined, by_team
from trinario.jobs.receive import receive
from trinario.jobs.releasing import ASKED_AGAIN, release
from trinario.jobs.world import World
from trinario.model.bot import Bot, Team
from trinario.model.campaign import At, Campaign, Every, On, Pace, Side, Variants
from trinario.model.channel import Channel
from trinario.model.consent import RecordConsent
from trinario.model.duration import parse_duration
from trinario.model.flow.said import Delivery, Escalate
from trinario.model.policy import Rules
from trinario.ports import Inward, Said, Writes
from trinario.ports.campaigns import CampaignRun
from trinario.runtime import build
from trinario.runtime.chance import SecretChance
from trinario.store import step_reports

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Rome."""

TAGGED = compile_condition("'in' in tags")


def messages(text: str) -> Any:
    parsed = parse_flow(f"flow: f\nsteps: {{s: {{send: {jsons.dumps(text)}}}}}".encode(), "f.yaml")
    assert parsed.flow is not None, parsed.issues
    return parsed.flow.steps["s"].messages  # type: ignore[union-attr]


def a_campaign(**changes: Any) -> Campaign:
    given = {"purpose": "service", "segment": TAGGED, "messages": messages("Spring!"), **changes}
    return Campaign("spring", "r1", **given)


def a_world(campaign: Campaign, **changes: Any) -> World:
    settings = build.ChannelSettings("messenger", "messenger", {"page_id": "1", "access_token": "t"})
    graph = build.Graph("http://127.0.0.1:1", "http://127.0.0.1:1", "v25.0")
    channel = Channel("messenger", "messenger", build.LIMITS["messenger"], build.WINDOWS["messenger"])
    adapters = build.adapters((settings,), graph, None)  # type: ignore[arg-type]
    bot = replace(
        Bot("t", "en", "Europe/Rome", {"messenger": channel}, {}), campaigns={campaign.name: campaign},
        messages={flow.name: flow for flow in flows_of(campaign)}, **changes,
    )  # fmt: skip
    return World(lambda: bot, adapters, SecretChance(b"k" * 32))


class Desk:
    """A store with people, one campaign, and the jobs, driven by hand."""

    def __init__(self, store: AnyStore, campaign: Campaign, **changes: Any) -> None:
        self.store, self.world, self.now = store, a_world(campaign, **changes), NOW

    async def all_wrote(self) -> None:
        """Everybody has just written: the window is open."""
        told = jsons.dumps({"messenger": int(NOW.timestamp() * 1000)})
        sql = f"UPDATE contacts SET last_heard = '{told}'"
        await self.store.run(lambda u: u.conn.exec_driver_sql(sql) and None)

    @property
    def bot(self) -> Bot:
        return self.world.bot()

    async def start(self) -> CampaignRun:
        run = await self.store.run(lambda u: start(u, self.bot, "spring", "p1", "mia", self.now))
        assert isinstance(run, CampaignRun), run
        return run

    async def goes(self, rounds: int = 30) -> None:
        """Everything that can happen without the clock."""
        await self.store.run(lambda u: tick(u, self.world, self.now))
        while await self.store.run(lambda u: fill(u, self.world, self.now)):
            pass
        for _ in range(rounds):
            dealt = await self.store.run(lambda u: release(u, self.world, self.now, 5))
            took = await self.store.run(lambda u: receive(u, self.world, self.now))
            if not dealt and not took.rows:
                return

    async def said(self) -> list[int]:
        """Contacts to whom something was said, in order."""
        return [row[0] for row in await rows(self.store, "SELECT contact_id FROM outbox ORDER BY id")]

    async def fates(self) -> dict[tuple[int, str], int]:
        sql = "SELECT state, reason, COUNT(*) FROM recipients GROUP BY state, reason"
        return {(row[0], row[1]): row[2] for row in await rows(self.store, sql)}

    async def state(self) -> str:
        return str((await rows(self.store, "SELECT state FROM campaigns"))[0][0])


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigning, "CHUNK", 7)


async def test_everybody_of_the_segment_gets_it_once(store: AnyStore) -> None:
    people = await contacts(store, 30)
    desk = Desk(store, a_campaign())
    await desk.goes()
    assert await desk.said() == []  # nobody has started it
    await desk.start()
    await desk.goes()
    hers = [one.id for one in people if "in" in one.tags]
    assert sorted(await desk.said()) == hers
    assert await desk.fates() == {(2, ""): 15}
    assert {row[0] for row in await rows(store, "SELECT campaign FROM outbox")} == {1}
    assert await store.run(lambda u: finish(u, desk.bot, desk.now)) == ["spring"]
    assert await desk.state() == "done"
    await desk.goes()
    assert len(await desk.said()) == 15
    again = await store.run(lambda u: start(u, desk.bot, "spring", "p2", "mia", desk.now))
    assert isinstance(again, CannotCampaign) and "gone out already" in again.why


async def test_many_processes_at_once_write_and_let_in_each_recipient_once(store: AnyStore) -> None:
    people = await contacts(store, 40)
    desk = Desk(store, a_campaign())
    await desk.start()

    async def process() -> None:
        await desk.goes(60)

    await asyncio.gather(*(process() for _ in range(5)))
    await desk.goes(60)
    assert sorted(await desk.said()) == [one.id for one in people if "in" in one.tags]


async def test_a_paused_campaign_says_nothing_and_goes_on_where_it_stood(store: AnyStore) -> None:
    await contacts(store, 20)
    desk = Desk(store, a_campaign())
    await desk.all_wrote()
    await desk.start()
    await desk.goes(1)  # five are let in, and their messages wait to be sent
    assert len(await desk.said()) == 5
    await store.run(lambda u: pause(u, "spring", "mia", "a wrong price", desk.now))
    await desk.goes()
    assert len(await desk.said()) == 5
    pace = {"messenger": 50}
    assert await store.run(lambda u: claim(u, desk.world, pace, 7, desk.now, People())) == []
    await store.run(lambda u: resume(u, "spring", "mia", desk.now))
    rest = await store.run(lambda u: claim(u, desk.world, pace, 7, desk.now + timedelta(seconds=1), People()))
    assert len(rest) == 5
    await desk.goes()
    assert len(await desk.said()) == 10


async def test_a_cancelled_campaign_is_over_for_who_has_not_had_it(store: AnyStore) -> None:
    await contacts(store, 20)
    desk = Desk(store, a_campaign())
    await desk.all_wrote()
    await desk.start()
    await desk.goes(1)
    await store.run(lambda u: cancel(u, "spring", "mia", "", desk.now))
    await desk.goes()
    assert await store.run(lambda u: claim(u, desk.world, {"messenger": 50}, 7, desk.now, People())) == []
    assert {row[0] for row in await rows(store, "SELECT refusal FROM outbox WHERE status = 8")} == {"cancelled"}
    assert await desk.fates() == {(2, ""): 5, (4, "cancelled"): 5}
    refused = await store.run(lambda u: resume(u, "spring", "mia", desk.now))
    assert isinstance(refused, CannotCampaign) and "cancelled" in refused.why


async def test_a_pace_of_its_own(store: AnyStore) -> None:
    await contacts(store, 40)
    desk = Desk(store, a_campaign(pace=Pace(4)))
    await desk.start()
    begun = []
    for quarter in range(17):
        desk.now = NOW + timedelta(seconds=quarter / 4)
        await desk.goes()
        begun.append(len(await desk.said()))
    assert begun == [2 + quarter for quarter in range(17)]  # half a second's burst, then the pace


async def test_her_own_clock(store: AnyStore) -> None:
    await contacts(store, 4, timezone="Europe/Rome")
    campaign = a_campaign(segment=None, schedule=At(datetime(2026, 3, 2, 12, 0), "contact"))
    desk = Desk(store, campaign)
    await rows(store, "SELECT 1")
    far = "UPDATE contacts SET timezone = '{}' WHERE id IN (SELECT id FROM contacts ORDER BY id LIMIT 1 OFFSET {})"
    for number, zone in enumerate(("Asia/Tokyo", "America/New_York")):
        await store.run(lambda u, z=zone, n=number: u.conn.exec_driver_sql(far.format(z, n)) and None)
    await desk.start()
    spoken = {}
    for hour in range(0, 12):
        desk.now = NOW + timedelta(hours=hour)
        await desk.goes()
        spoken[hour] = len(await desk.said())
    # Tokyo: noon was at 3 UTC, six hours ago: at once. Rome: 11 UTC. New York: 17 UTC
    assert [spoken[hour] for hour in (0, 1, 2, 7, 8)] == [1, 1, 3, 3, 4]


async def test_what_is_too_late_is_left_out(store: AnyStore) -> None:
    await contacts(store, 4, timezone="Asia/Tokyo")
    schedule = At(datetime(2026, 3, 2, 12, 0), "contact")
    desk = Desk(store, a_campaign(schedule=schedule, late=parse_duration("3h")))
    await desk.start()
    await desk.goes()
    assert await desk.said() == [] and await desk.fates() == {(3, "late"): 2}


async def test_a_time_table_goes_once_a_slot_whatever_was_missed(store: AnyStore) -> None:
    await contacts(store, 4)
    desk = Desk(store, a_campaign(schedule=Every("0 * * * *")))
    await desk.start()
    await desk.goes()
    assert await desk.said() == []
    desk.now = NOW + timedelta(hours=5, minutes=10)
    await desk.goes()
    assert len(await desk.said()) == 2  # of five slots that were missed the last
    desk.now += timedelta(hours=1)
    await desk.goes()
    await desk.goes()
    assert len(await desk.said()) == 4


async def test_variants_and_holdout_are_drawn_by_contact(store: AnyStore) -> None:
    people = await contacts(store, 60)
    variants = Variants("spring", (Side("a", 1, messages("A")), Side("b", 1, messages("B"))), 1)
    desk = Desk(store, a_campaign(variants=variants))
    await desk.start()
    await desk.goes(40)
    found = await rows(store, "SELECT contact_id, variant, state, reason FROM recipients ORDER BY contact_id")
    assert len(found) == 30 and {row[1] for row in found} == {"a", "b", "holdout"}
    assert all((row[1] == "holdout") == ((row[2], row[3]) == (3, "holdout")) for row in found)
    said = {row[0]: jsons.loads(row[1])["text"] for row in await rows(store, "SELECT contact_id, content FROM outbox")}
    assert said == {row[0]: row[1].upper() for row in found if row[1] != "holdout"}
    assert len(people) == 60


async def test_exclude_and_segment_are_asked_again_in_her_turn(store: AnyStore) -> None:
    people = await contacts(store, 8)
    desk = Desk(store, a_campaign(exclude=(compile_condition("'vip' in tags"),)))
    await desk.start()
    await store.run(lambda u: tick(u, desk.world, desk.now))
    while await store.run(lambda u: fill(u, desk.world, desk.now)):
        pass
    hers = [one for one in people if "in" in one.tags]
    vip, gone = replace(hers[0], tags=frozenset({"in", "vip"})), replace(hers[1], tags=frozenset())
    await store.run(lambda u: u.write(Writes(contacts={vip.id: vip, gone.id: gone}), desk.now))
    await desk.goes()
    assert await desk.fates() == {(2, ""): 2, (3, "exclude 1"): 1, (3, "segment"): 1}


@pytest.mark.parametrize(("if_busy", "first", "fate"), [
    ("defer", 0, (0, "busy")), ("skip", 0, (3, "busy")), ("interrupt", 2, (2, "")),
])  # fmt: skip
async def test_who_is_in_a_conversation(store: AnyStore, if_busy: Any, first: int, fate: tuple[int, str]) -> None:
    (ana, *_) = await contacts(store, 1)
    ana = replace(ana, tags=frozenset({"in"}), last_heard={"messenger": NOW})
    desk = Desk(store, a_campaign(if_busy=if_busy))
    asking = parse_flow(b"flow: q\nsteps: {s: {ask: Well?}}", "q.yaml").flow
    assert asking is not None
    world = desk.world
    bot = replace(world.bot(), flows={"q": asking})
    desk.world = World(lambda: bot, world.adapters, world.random)
    body = jsons.dumps({"flow": "q", "inputs": {}})
    await store.run(lambda u: u.write(Writes(contacts={ana.id: ana}), NOW))
    await store.run(lambda u: u.take_in([Inward("", "wanted:1", "flow", body, contact=ana.id)], NOW))
    await desk.goes()
    assert len(await desk.said()) == 1
    await desk.start()
    await desk.goes()
    assert len(await desk.said()) == 1 + first
    assert await desk.fates() == {fate: 1}
    if if_busy == "defer":
        desk.now = NOW + ASKED_AGAIN
        await store.run(
            lambda u: (
                u.conn.exec_driver_sql(
                    "UPDATE sessions SET status = 'done', state = REPLACE(state, '\"waiting\"', '\"done\"')"
                )
                and None
            )
        )
        await desk.goes()
        assert len(await desk.said()) == 2 and await desk.fates() == {(2, ""): 1}


async def test_two_who_became_one_get_it_once(store: AnyStore) -> None:
    people = await contacts(store, 4)
    desk = Desk(store, a_campaign())
    await desk.start()
    await store.run(lambda u: tick(u, desk.world, desk.now))
    while await store.run(lambda u: fill(u, desk.world, desk.now)):
        pass
    one, two = (person for person in people if "in" in person.tags)
    done = await store.run(lambda u: by_team(u, desk.bot, one.id, two.id, "mia", "same voice", desk.now))
    assert isinstance(done, Joined)
    await desk.goes()
    assert await desk.said() == [one.id]
    assert await desk.fates() == {(2, ""): 1, (3, "double"): 1}


async def test_an_event_brings_it_once_an_event(store: AnyStore) -> None:
    people = await contacts(store, 3)
    schedule = On("cart.abandoned", compile_condition("event.total > 10"))
    desk = Desk(store, a_campaign(schedule=schedule), events={"cart.abandoned": {"total": "number"}})
    hers = next(one for one in people if "in" in one.tags)

    async def happens(name: str, total: int, whom: int = hers.id) -> None:
        body = jsons.dumps({"name": "cart.abandoned", "data": {"total": total}})
        await store.run(lambda u: u.take_in([Inward("", name, "event", body, contact=whom)], desk.now))
        await desk.goes()

    await happens("before", 50)
    await desk.start()
    await happens("one", 50)
    await happens("one", 50)
    await happens("small", 5)
    await happens("hers not", 50, next(one.id for one in people if "in" not in one.tags))
    await happens("two", 60)
    assert await desk.said() == [hers.id, hers.id]
    await store.run(lambda u: pause(u, "spring", "mia", "", desk.now))
    await happens("while it is paused", 70)
    assert len(await desk.said()) == 2
    await store.run(lambda u: resume(u, "spring", "mia", desk.now))
    await desk.goes()
    assert len(await desk.said()) == 3


async def test_a_locked_account_holds_it_and_it_goes_on_when_that_is_over(store: AnyStore) -> None:
    await contacts(store, 12)
    team = Team("sales", notify=("mailto:sales@shop.example",))
    desk = Desk(store, a_campaign(), teams={"sales": team})
    await desk.all_wrote()
    await desk.start()
    await desk.goes(1)
    await store.run(lambda u: u.accounts.trouble("messenger", "368", "blocked for policy violations", desk.now))
    held = await store.run(lambda u: look(u, desk.world, desk.now))
    assert held == [("spring", "messenger refuses everything: 368 blocked for policy violations")]
    assert await store.run(lambda u: look(u, desk.world, desk.now)) == []
    await desk.goes()
    assert len(await desk.said()) == 5 and await desk.state() == "held"
    told = await rows(store, "SELECT address, text FROM notices")
    assert [row[0] for row in told] == ["mailto:sales@shop.example"] and "is held: messenger" in told[0][1]
    await store.run(lambda u: u.accounts.well("messenger"))
    assert await store.run(lambda u: look(u, desk.world, desk.now)) == [("spring", "")]
    await desk.goes()
    assert len(await desk.said()) == 6


async def foreseen(store: AnyStore, desk: Desk) -> Forecast:
    told, after = Forecast(), 0
    reached: int | None = 0
    while reached is not None:
        reached = await store.read(
            lambda u, a=after: foresee(u, desk.world, desk.bot.campaigns["spring"], a, told, desk.now)
        )
        after = reached or after
    return told


async def test_a_plan_foresees_what_then_happens(store: AnyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreseeing, "CHUNK", 7)
    people = await contacts(store, 24, language="it")
    variants = Variants("spring", (Side("a", 1), Side("b", 1)), 1)
    exclude = (compile_condition("'vip' in tags"),)
    desk = Desk(store, a_campaign(variants=variants, exclude=exclude, messages=messages("Ciao {{ contact.id }}")))
    await desk.all_wrote()
    hers = [one for one in people if "in" in one.tags]
    heard = {"messenger": NOW}
    changed = [replace(hers[0], tags=frozenset({"in", "vip"}), last_heard=heard), replace(hers[3], last_heard={}),
               replace(hers[2], owner="person", last_heard=heard)]  # fmt: skip
    await store.run(lambda u: u.write(Writes(contacts={one.id: one for one in changed}), NOW))
    told = await foreseen(store, desk)
    assert await rows(store, "SELECT COUNT(*) FROM outbox") == [(0,)]
    await desk.start()
    await desk.goes(40)
    assert told.segment == 12
    went = await rows(store, "SELECT COUNT(*) FROM outbox WHERE refusal IS NULL")
    waits = await rows(store, "SELECT COUNT(*) FROM recipients WHERE state = 0")
    assert told.recipients == went[0][0] + waits[0][0] and told.busy <= 1
    fates = await desk.fates()
    assert told.left_out["exclude 1"] == fates[3, "exclude 1"] == 1
    assert told.left_out["holdout"] == fates.get((3, "holdout"), 0)
    refused = await rows(store, "SELECT refusal, COUNT(*) FROM outbox WHERE refusal IS NOT NULL GROUP BY refusal")
    assert {code: told.left_out[code] for code, _ in refused} == dict(refused)
    assert set(told.going) == {Group("messenger", "open", "it", "not asked")}
    assert all(text.startswith("Ciao ") for text in told.samples["messenger", "it"])


async def test_a_report_counts_people_by_what_became_of_them(store: AnyStore) -> None:
    people = await contacts(store, 16, language="it")
    desk = Desk(store, a_campaign())
    await desk.all_wrote()
    await desk.start()
    await desk.goes()
    hers = [one.id for one in people if "in" in one.tags]
    at, later = int(NOW.timestamp() * 1000), int((NOW + timedelta(hours=1)).timestamp() * 1000)
    fates = dict(zip(hers, (3, 4, 5, 6, 6, 7, 8, 3), strict=True))
    for contact, status in fates.items():
        sql = f"UPDATE outbox SET status = {status}, sent_at = {at}, refusal = {'NULL' if status < 7 else chr(39) + 'x' + chr(39)} WHERE contact_id = {contact}"
        await store.run(lambda u, sql=sql: u.conn.exec_driver_sql(sql) and None)
    moment = NOW + timedelta(hours=1)
    bought = jsons.dumps({"goal": "order_paid"})
    said = [Said(contact, "in", "contact", "messenger", moment, "text", "thanks") for contact in hers[3:5]]
    stop = (hers[4], RecordConsent("marketing", "withdrawn", "keyword"), moment)
    writes = Writes(
        said=said, consents=[stop], events=[(hers[3], "goal", moment, bought), (hers[0], "order_paid", moment, "{}")]
    )
    await store.run(lambda u: u.write(writes, moment))
    told = await store.read(lambda u: u.campaigns.report([1], "order_paid", timedelta(days=1)))
    assert (told.recipients, told.waiting, told.refused) == (8, 0, {"x": 2})
    (line,) = told.lines
    assert (line.channel, line.language) == ("messenger", "it")
    assert line.counts == {
        "sent": 6,
        "delivered": 3,
        "read": 2,
        "answered": 2,
        "clicked": 0,
        "opted_out": 1,
        "converted": 2,
    }
    none = await store.read(lambda u: u.campaigns.report([1], "order_paid", timedelta(minutes=1)))
    assert none.total("converted") == 0 and later
    stops = [
        (one, RecordConsent("marketing", "withdrawn", "stop_word", said="STOP"), moment) for one in (hers[2], hers[3])
    ]
    words = [Said(one, "in", "contact", "messenger", moment, "text", "STOP") for one in (hers[2], hers[3])]
    await store.run(lambda u: u.write(Writes(said=words, consents=stops), moment))
    told = await store.read(lambda u: u.campaigns.report([1], "order_paid", timedelta(days=1)))
    assert (told.total("answered"), told.total("opted_out")) == (2, 3)  # who only said stop has not answered
    (cause,) = {row[0] for row in await rows(store, "SELECT DISTINCT cause FROM outbox")}
    steps = await store.read(lambda u: step_reports.told(u.conn, [cause], None, "order_paid", timedelta(days=1)))
    assert [(one.counts["answered"], one.counts["opted_out"]) for one in steps] == [(2, 3)]


async def test_what_interrupts_comes_before_the_question_that_is_put_again(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    desk = Desk(store, a_campaign(if_busy="interrupt", purpose="marketing", segment=None))
    asking = parse_flow(b"flow: q\nsteps: {s: {ask: Well?}}", "q.yaml").flow
    assert asking is not None
    bot = replace(desk.world.bot(), flows={"q": asking})
    desk.world = World(lambda: bot, desk.world.adapters, desk.world.random)
    told = jsons.dumps({"flow": "q", "inputs": {}})
    yes = replace(ana, consent={"marketing": True}, last_heard={"messenger": NOW})
    await store.run(lambda u: u.write(Writes(contacts={ana.id: yes}), NOW))
    await store.run(lambda u: u.take_in([Inward("", "wanted:1", "flow", told, contact=ana.id)], NOW))
    await desk.goes()
    await desk.start()
    await desk.goes()
    went: list[str] = []
    for _ in range(4):
        found = await store.run(lambda u: claim(u, desk.world, {"messenger": 50}, 7, desk.now, People()))
        went += [row.entry.content.text for row in found]  # type: ignore[union-attr]
        await store.run(lambda u: u.conn.exec_driver_sql("UPDATE outbox SET status = 3 WHERE status = 1") and None)
    assert went[:2] == ["Well?", "Spring!"] and went[-1] == "Well?"


@pytest.mark.parametrize(("consent", "hour", "fate"), [
    ({"marketing": False}, 9, (3, "opted_out")), ({"marketing": True}, 21, (0, "quiet_hours")),
    ({"marketing": True}, 9, (2, "")),
])  # fmt: skip
async def test_a_question_is_put_aside_for_words_and_not_for_a_refusal(
    store: AnyStore, consent: dict[str, bool], hour: int, fate: tuple[int, str]
) -> None:
    (ana, *_) = await contacts(store, 1)
    night = Rules(quiet=((1260, 540),))
    desk = Desk(store, a_campaign(if_busy="interrupt", purpose="marketing", segment=None), policy=night)
    desk.now = NOW.replace(hour=hour)
    asking = parse_flow(b"flow: q\nsteps: {s: {ask: Well?}}", "q.yaml").flow
    assert asking is not None
    bot = replace(desk.world.bot(), flows={"q": asking})
    desk.world = World(lambda: bot, desk.world.adapters, desk.world.random)
    told = jsons.dumps({"flow": "q", "inputs": {}})
    her = replace(ana, consent=consent, last_heard={"messenger": desk.now}, timezone="Europe/Rome")
    await store.run(lambda u: u.write(Writes(contacts={her.id: her}), NOW))
    await store.run(lambda u: u.take_in([Inward("", "wanted:1", "flow", told, contact=her.id)], NOW))
    await desk.goes()
    assert await desk.said() == [her.id]
    await desk.start()
    await desk.goes()
    assert await desk.fates() == {fate: 1}
    assert len(await desk.said()) == (3 if fate[0] == 2 else 1)  # else nothing was said, and the question not put again
    if fate[0] == 0:
        desk.now = NOW + timedelta(hours=23)  # eight in the morning, UTC: nine in Rome
        await desk.goes()
        assert await desk.fates() == {(2, ""): 1}


def test_a_campaign_s_plan_of_delivery_is_followed() -> None:
    escalate = Delivery(escalate=Escalate("delivered", parse_duration("5m")))
    assert not index_of(a_world(a_campaign()).bot()).plans
    assert index_of(a_world(a_campaign(delivery=escalate)).bot()).plans


async def test_an_event_s_campaign_that_was_cancelled_can_be_started_again(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    desk = Desk(store, a_campaign(schedule=On("cart.abandoned"), segment=None), events={"cart.abandoned": {}})

    async def happens(name: str) -> None:
        body = jsons.dumps({"name": "cart.abandoned", "data": {}})
        await store.run(lambda u: u.take_in([Inward("", name, "event", body, contact=ana.id)], desk.now))
        await desk.goes()

    await desk.start()
    await happens("one")
    await store.run(lambda u: cancel(u, "spring", "mia", "", desk.now))
    await happens("two")
    assert len(await desk.said()) == 1
    await desk.start()
    await happens("three")
    assert len(await desk.said()) == 2


async def test_what_people_did_meanwhile_is_not_written_over(store: AnyStore) -> None:
    await contacts(store, 2)
    desk = Desk(store, a_campaign())
    seen = await desk.start()
    assert await store.run(lambda u: unmoved(u, seen))
    await store.run(lambda u: cancel(u, "spring", "mia", "", desk.now))
    assert not await store.run(lambda u: unmoved(u, seen))


async def test_whoever_was_busy_for_months_stops_no_campaign(store: AnyStore) -> None:
    people = await contacts(store, 2)
    desk = Desk(store, a_campaign())
    await desk.start()
    await store.run(lambda u: tick(u, desk.world, desk.now))
    await store.run(lambda u: fill(u, desk.world, desk.now))
    await store.run(lambda u: u.conn.exec_driver_sql("UPDATE recipients SET tries = 32767") and None)
    assert await rows(store, "SELECT DISTINCT tries FROM recipients") == [(32767,)]
    await desk.goes()
    assert len(await desk.said()) == sum("in" in one.tags for one in people) == 1
