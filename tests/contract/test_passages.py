"""How far people come in flows, on every database: each way through is counted once, whoever falls silent where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.contract.conftest import AnyStore
from tests.contract.records import psid
from tests.contract.test_campaigns import a_world
from tests.contract.test_schedules import rows
from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.campaign.funnel import Funnel
from trinario.jobs.receive import receive
from trinario.jobs.wake import wake
from trinario.jobs.world import World
from trinario.model.campaign import Campaign
from trinario.model.heard import Heard
from trinario.model.wire import heard_to_json
from trinario.ports import Inward, Writes

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

LEAD = b"""
flow: lead
triggers: [{keyword: lead}]
expires: 2h
steps:
  hello: {send: Hello}
  name: {ask: "Your name?", type: text}
  taste: {call: taste}
  mail:
    ask: "Your address?"
    timeout: 30m
    on_timeout: end
  thanks: {send: Thanks}
"""
TASTE = b"""
flow: taste
expires: 2h
steps:
  colour: {ask: "Which colour?", type: text}
"""


class Shop:
    """A store, a bot with a flow that calls another, and people who write."""

    def __init__(self, store: AnyStore) -> None:
        parsed = [parse_flow(LEAD, "lead.yaml"), parse_flow(TASTE, "taste.yaml")]
        flows = {one.flow.name: one.flow for one in parsed if one.flow is not None}
        assert len(flows) == 2, [one.issues for one in parsed]
        world = a_world(Campaign("none", "r"))
        bot = replace(world.bot(), campaigns={}, messages={}, flows=flows)
        self.store, self.now, self.count = store, NOW, 0
        self.world = World(lambda: bot, world.adapters, world.random)
        self.steps = list(flows["lead"].steps)

    async def says(self, who: str, text: str, minutes: float = 0) -> None:
        self.now += timedelta(minutes=minutes)
        self.count += 1
        item = Heard(psid(who), f"m{self.count}", self.now, "text", text=text)
        row = Inward("messenger", f"m{self.count}", "heard", jsons.dumps(heard_to_json(item)), b"{}", (psid(who),))
        await self.store.run(lambda u: u.take_in([row], self.now))
        await self.goes()

    async def goes(self) -> None:
        while (await self.store.run(lambda u: receive(u, self.world, self.now))).rows:
            pass
        while (await self.store.run(lambda u: wake(u, self.world, self.now))).more:
            pass

    async def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        await self.goes()

    async def funnel(self, flow: str = "lead", **more: Any) -> Funnel:
        found = await self.store.read(lambda u: u.passages.funnel(flow, more.pop("since", None), **more))
        found.steps = tuple(self.steps)
        return found


async def test_everybody_is_where_she_has_come_to(store: AnyStore) -> None:
    shop = Shop(store)
    for who in ("ana", "bea", "carla", "dora"):
        await shop.says(who, "lead")
    for who in ("ana", "bea", "carla"):
        await shop.says(who, who, 1)
    for who in ("ana", "bea"):
        await shop.says(who, "red", 1)
    await shop.says("ana", "ana@x.example", 5)
    told = await shop.funnel()
    whole = told.whole()
    assert (whole.reached, whole.ways["done"], whole.of(["waits"])) == (4, 1, 3)
    stops = {stop.step: stop for stop in told.in_order()}
    assert [stops[name].reached for name in shop.steps] == [4, 4, 3, 2, 1]
    assert [stops[name].left for name in shop.steps] == [4, 3, 2, 1, 1]
    assert stops["name"].of(["answered"]) == 3 and stops["name"].of(["waits"]) == 1
    assert stops["taste"].of(["called"]) == 1 and stops["hello"].median == 0
    assert 60 <= (stops["name"].median or 0) <= 180
    inner = await shop.funnel("taste")
    assert (inner.whole().reached, inner.whole().ways["done"]) == (3, 2)
    await shop.later(hours=3)  # bea is asked for her address no longer; carla and dora have fallen silent
    told = await shop.funnel()
    stops = {stop.step: stop for stop in told.in_order()}
    assert (told.whole().ways["done"], told.whole().dropped) == (1, 3)
    assert stops["mail"].timed_out == 1 == stops["mail"].dropped
    assert stops["name"].dropped == 1 and not any(stop.of(["waits", "called"]) for stop in stops.values())
    assert (await shop.funnel("taste")).whole().dropped == 1
    assert await rows(store, "SELECT COUNT(*) FROM passages WHERE left_at IS NULL") == [(0,)]
    assert await rows(store, "SELECT COUNT(*) FROM passages WHERE took < 0 OR left_at < arrived_at") == [(0,)]


async def test_a_funnel_of_some_days_of_one_channel_and_of_people_who_are_stopped(store: AnyStore) -> None:
    shop = Shop(store)
    await shop.says("ana", "lead")
    await shop.later(days=2)
    since = shop.now
    await shop.says("bea", "lead")
    assert (await shop.funnel(since=since)).whole().reached == 1
    parts = await shop.funnel(by="channel")
    assert parts.groups == ["messenger"] and parts.whole("messenger").reached == 2
    assert (await shop.funnel(by="language")).groups == ["en"]
    assert (await shop.funnel(slots=[7])).whole().reached == 0
    (case,) = await store.run(lambda u: u.sessions(2, 10))
    ended = replace(case, status="stopped", wait=None)
    await store.run(lambda u: u.write(Writes(sessions={ended.id: ended}), shop.now))
    told = await shop.funnel(since=since)
    stop = {one.step: one for one in told.in_order()}["name"]
    assert dict(stop.ways) == {"stopped/end": 1} and told.whole().dropped == 1


async def test_what_steps_said_is_counted_by_people(store: AnyStore) -> None:
    shop = Shop(store)
    for who in ("ana", "bea"):
        await shop.says(who, "lead")
    at = int(shop.now.timestamp() * 1000)
    for contact, status in ((1, 6), (2, 8)):
        sql = f"UPDATE outbox SET status = {status}, sent_at = {at}, refusal = {'NULL' if status < 7 else chr(39) + 'cap' + chr(39)} WHERE contact_id = {contact}"
        await store.run(lambda u, sql=sql: u.conn.exec_driver_sql(sql) and None)
    await shop.says("ana", "Ana", 1)
    (hello,) = await store.read(lambda u: u.passages.told(["lead.hello"], None))
    assert (hello.cause, hello.channel, hello.refused) == ("lead.hello", "messenger", {"cap": 1})
    wanted = {"sent": 1, "delivered": 1, "read": 1, "answered": 1, "clicked": 0, "opted_out": 0, "converted": 0}
    assert hello.counts == wanted
    assert await store.read(lambda u: u.passages.told(["lead.hello"], shop.now)) == []


async def test_the_questions_are_answered_by_indexes(store: AnyStore) -> None:
    sqlite = type(store).__name__ != "PostgresStore"
    funnel = "SELECT step, how, COUNT(*) FROM passages WHERE flow = 'lead' AND arrived_at >= 5 GROUP BY step, how"
    said = "SELECT contact_id FROM outbox WHERE cause IN ('lead.hello') AND created_at >= 5"
    for sql, index in ((funnel, "passages_flow"), (said, "outbox_cause")):
        if sqlite:
            plan = await rows(store, f"EXPLAIN QUERY PLAN {sql}")
        else:
            await store.run(lambda u: u.conn.exec_driver_sql("SET LOCAL enable_seqscan = off") and None)
            plan = await _plan(store, sql)
        assert index in str(plan), plan
    if sqlite:
        assert "COVERING" in str(await rows(store, f"EXPLAIN QUERY PLAN {funnel}"))


async def _plan(store: AnyStore, sql: str) -> list[Any]:
    def ask(unit: Any) -> list[Any]:
        unit.conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [tuple(row) for row in unit.conn.exec_driver_sql(f"EXPLAIN {sql}")]

    return await store.run(ask)
