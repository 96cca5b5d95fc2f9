"""Figures of a report fit together, whatever has happened: every person has one end, and by channel, variant and language ends
sum to the whole. A plan is held against what became of the same people."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import outgoing, psid
from tests.contract.test_campaign_plans import AMERICAN, a_campaign, a_world, approved, people, plan
from tests.contract.test_campaigns import NOW, Desk
from tests.contract.test_schedules import contacts, rows
from trinario import jsons
from trinario.campaign.against_event import AgainstEvent
from trinario.campaign.against_plan import AgainstPlan
from trinario.campaign.report import STAGES, Report
from trinario.jobs import planning
from trinario.jobs.campaign_desk import cancel
from trinario.jobs.campaigning import fill, tick
from trinario.jobs.receive import receive
from trinario.jobs.releasing import release
from trinario.model.campaign import Every, On
from trinario.ports import Inward, Writes
from trinario.ports.campaigns import CampaignRun
from trinario.store import campaign_reports, step_reports

AT = int(NOW.timestamp() * 1000)
SLOTS = (1, 2)
REASONS = {
    0: ("", "busy"),
    1: ("",),
    2: ("",),
    3: ("exclude 1", "late", "holdout", "double", "segment"),
    4: ("cancelled",),
}
WENT, OPEN, REFUSED = range(3, 7), range(3), (7, 8)


class Place(NamedTuple):
    contact: int
    slot: int
    state: int
    reason: str
    variant: str


class Message(NamedTuple):
    id: int
    contact: int
    slot: int
    channel: str
    status: int
    refusal: str


class World(NamedTuple):
    """What somebody made up, and the contacts' languages."""

    places: list[Place]
    messages: list[Message]
    languages: dict[int, str]


async def made_up(store: AnyStore, seed: int) -> World:
    """People, their places in two slots, and messages of those who had their turn, in every mixture."""
    chance = Random(seed)
    known = [one.id for one in await contacts(store, 40)]
    languages = {one: chance.choice(("it", "en", "")) for one in known}
    places, wanted = [], []
    for contact in known:
        variant = chance.choice(("a", "b", "holdout"))
        for slot in SLOTS if chance.random() < 0.3 else (chance.choice(SLOTS),):
            state = 3 if variant == "holdout" else chance.choice((0, 1, 2, 2, 2, 2, 3, 4))
            reason = "holdout" if variant == "holdout" else chance.choice(REASONS[state])
            places.append(Place(contact, slot, state, reason, variant))
            for _ in range(chance.choice((0, 1, 1, 1, 2, 3)) if state == 2 else 0):
                wanted.append((contact, slot, chance.choice(("messenger", "whatsapp")), chance.randrange(10)))
    await _written(store, languages, places)
    return World(places, await _said(store, chance, wanted), languages)


async def _written(store: AnyStore, languages: dict[int, str], places: list[Place]) -> None:
    def work(unit: Any) -> None:
        for contact, language in languages.items():
            said = f"'{language}'" if language else "NULL"
            unit.conn.exec_driver_sql(f"UPDATE contacts SET language = {said} WHERE id = {contact}")
        for one in places:
            unit.conn.exec_driver_sql(
                "INSERT INTO recipients (slot, contact_id, planned_for, occasion, state, due_at, next_at, variant, reason, session, tries, at)"
                f" VALUES ({one.slot}, {one.contact}, {one.contact}, '', {one.state}, {AT}, {AT}, '{one.variant}', '{one.reason}', '', 0, {AT})"
            )

    await store.run(work)


async def _said(store: AnyStore, chance: Random, wanted: list[tuple[int, int, str, int]]) -> list[Message]:
    """The outbox, and what became of each row."""
    keys = [f"r/{number}/0/0/0" for number in range(len(wanted))]
    news = [outgoing(key, one[0], psid(f"x{one[0]}")) for key, one in zip(keys, wanted, strict=True)]
    await store.run(lambda u: u.write(Writes(outgoing=news), NOW))
    ids = {row[1]: row[0] for row in await rows(store, "SELECT id, key FROM outbox")}
    made = []
    for key, (contact, slot, channel, status) in zip(keys, wanted, strict=True):
        refusal = chance.choice(("cap", "131026", "opted_out")) if status in REFUSED else "cancelled" * (status == 9)
        made.append(Message(ids[key], contact, slot, channel, status, refusal))
    await store.run(lambda u: [u.conn.exec_driver_sql(
        f"UPDATE outbox SET channel = '{one.channel}', status = {one.status}, campaign = {one.slot}, cause = 'f.s',"
        f" refusal = {repr(one.refusal) if one.refusal else 'NULL'}, sent_at = {AT + one.id} WHERE id = {one.id}"
    ) for one in made] and None)  # fmt: skip
    return made


def reckoned(world: World) -> Counter[tuple[str, str, str]]:
    """(what, reason, channel) of everybody, one by one and in plain words."""
    found: Counter[tuple[str, str, str]] = Counter()
    for contact in {one.contact for one in world.places}:
        states = {one.state: one for one in world.places if one.contact == contact}
        said = [one for one in world.messages if one.contact == contact]
        went = [one for one in said if one.status in WENT]
        refused, back = [one for one in said if one.status in REFUSED], [one for one in said if one.status == 9]
        if went:
            found["sent", "", min(went, key=lambda one: (-one.status, one.id)).channel] += 1
        elif under := [one for one in said if one.status in OPEN]:
            found["waiting", "", min(under).channel] += 1
        elif states.keys() & {0, 1}:
            found["waiting", "", ""] += 1
        elif refused or back:
            last = max(refused or back)
            found["refused" if refused else "withdrawn", last.refusal, last.channel] += 1
        elif 2 in states:
            found["silent", "", ""] += 1
        else:
            hers = sorted(
                (one.state == 4, one.reason == "double", one.reason) for one in world.places if one.contact == contact
            )
            cancelled = all(one[0] or one[1] for one in hers) and any(one[0] for one in hers)
            found["withdrawn" if cancelled else "left_out", "cancelled" if cancelled else hers[0][2], ""] += 1
    return found


@pytest.mark.parametrize("seed", range(6))
async def test_everybody_has_one_end_and_parts_sum_to_the_whole(store: AnyStore, seed: int) -> None:
    world = await made_up(store, seed)
    told = await store.read(lambda u: u.campaigns.report(SLOTS, "", timedelta()))
    ends: Counter[tuple[str, str, str]] = Counter()
    for fate, count in told.fates.items():
        ends[fate.what, fate.reason, fate.channel] += count
    assert ends == reckoned(world)
    _fits(told, world)
    mine = {one.contact for one in world.messages if one.status in WENT}
    for refused in told.refusals:
        hers = {one.contact for one in world.messages if one.status in REFUSED
                and (one.channel, one.refusal) == (refused.channel, refused.reason)}  # fmt: skip
        assert (refused.people, refused.elsewhere) == (len(hers), len(hers & mine))
    assert bool(told.refusals) == any(one.status in REFUSED for one in world.messages)
    (steps,) = [await store.read(lambda u: step_reports.told(u.conn, ["f.s"], None, "", timedelta()))]
    by_channel = {name: told_of(told, "sent", channel=name) for name in ("messenger", "whatsapp")}
    assert {one.channel: 0 for one in steps} | _sent(steps) == by_channel


def _sent(steps: list[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in steps:
        found[one.channel] = found.get(one.channel, 0) + one.counts.get("sent", 0)
    return found


def told_of(told: Report, what: str, **of: str) -> int:
    """People of this end, of a channel, variant or language."""
    return sum(count for fate, count in told.fates.items()
               if fate.what == what and all(getattr(fate, name) == value for name, value in of.items()))  # fmt: skip


def _fits(told: Report, world: World) -> None:
    """sent + waiting + refused + left out + withdrawn + silent = people, and so in every part."""
    whole = {one.contact for one in world.places}
    plain = told.plain()
    assert told.people == len(whole) == plain["people"] and told.recipients == len(world.places)
    parts = (told.total("sent"), told.waiting, told.refused.total(), told.left_out.total(), told.became("silent"))
    assert sum(parts) == told.people
    assert sum(one["people"] for one in plain["fates"]) == plain["people"]
    assert told.drawn.total() == told.people
    for name in ("channel", "variant", "language"):
        by = Counter[str]()
        for fate, count in told.fates.items():
            by[getattr(fate, name)] += count
        assert by.total() == told.people
        for value in by:
            assert told_of(told, "sent", **{name: value}) == sum(
                line.counts["sent"] for line in told.lines if getattr(line, name) == value
            )
    by_language = Counter(world.languages[one] for one in whole)
    assert (
        Counter({one: sum(n for fate, n in told.fates.items() if fate.language == one) for one in by_language})
        == by_language
    )
    for line in told.lines:
        assert all(line.counts[stage] <= line.counts["sent"] for stage in STAGES)
        assert line.counts["read"] <= line.counts["delivered"]
    assert len(told.lines) == len({(one.variant, one.channel, one.language) for one in told.lines})


async def test_who_had_it_on_two_channels_counts_on_the_one_where_it_came_furthest(store: AnyStore) -> None:
    """Of channels alike on the one to which it went first; who was refused on one is told of both."""
    people = [one.id for one in await contacts(store, 3, language="it")]
    languages = dict.fromkeys(people, "it")
    await _written(store, languages, [Place(one, 1, 2, "", "") for one in people])
    fates = [(people[0], "whatsapp", 4), (people[0], "messenger", 6), (people[1], "whatsapp", 5), (people[1], "messenger", 5),
             (people[2], "messenger", 7), (people[2], "whatsapp", 5)]  # fmt: skip
    await _said(store, Random(1), [(one, 1, channel, status) for one, channel, status in fates])
    told = await store.read(lambda u: u.campaigns.report([1], "", timedelta()))
    assert [(one.channel, one.counts["sent"], one.counts["delivered"], one.counts["read"]) for one in told.lines] == [
        ("messenger", 1, 1, 1), ("whatsapp", 2, 2, 0),
    ]  # fmt: skip
    assert not told.refused and told.people == 3 == told.total("sent")
    (refused,) = told.refusals
    assert (refused.channel, refused.people, refused.elsewhere) == ("messenger", 1, 1)
    assert told.plain()["refused_by_channel"][0]["elsewhere"] == 1


async def test_a_lot_counts_who_was_not_reached_as_the_holdout_does(store: AnyStore) -> None:
    """What she did counts from when it came to her, or would have: not what she did before, nor too late."""
    known = [one.id for one in await contacts(store, 5)]
    places = [Place(one, 1, 2, "", "a") for one in known[:3]] + [
        Place(one, 1, 3, "holdout", "holdout") for one in known[3:]
    ]
    await _written(store, dict.fromkeys(known, "it"), places)
    await _said(
        store, Random(1), [(known[0], 1, "whatsapp", 4), (known[1], 1, "whatsapp", 8), (known[2], 1, "whatsapp", 4)]
    )
    soon, late, before = (NOW + timedelta(hours=hours) for hours in (1, 30, -1))
    came = [(known[0], soon), (known[1], soon), (known[2], late), (known[3], soon), (known[4], before)]
    events = [(one, "goal", at, '{"goal": "visit"}') for one, at in came]
    await store.run(lambda u: u.write(Writes(events=events), NOW))
    told = await store.read(lambda u: u.campaigns.report([1], "visit", timedelta(days=1)))
    assert (told.drawn["a"], told.converted["a"], told.total("converted")) == (3, 2, 1)
    assert (told.drawn["holdout"], told.converted["holdout"]) == (2, 1)


async def test_somebody_of_two_slots_is_drawn_once(here: AnyStore) -> None:
    """Else a split would look the more certain the more often the campaign goes."""
    known = [one.id for one in await contacts(here, 4)]
    places = [Place(one, slot, 2, "", "a") for one in known for slot in SLOTS]
    await _written(here, dict.fromkeys(known, "it"), places)
    told = await here.read(lambda u: u.campaigns.report(SLOTS, "", timedelta()))
    assert (told.drawn["a"], told.recipients, told.people) == (4, 8, 4)


async def test_a_report_reads_no_rows_of_other_campaigns_and_joins_no_two_sets(
    here: AnyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite takes what a question gives for a few rows, and would look through one of two sets for each row of the other."""
    await made_up(here, 1)
    asked: list[tuple[str, tuple[Any, ...]]] = []
    plainly = campaign_reports.fetch
    monkeypatch.setattr(
        campaign_reports, "fetch", lambda conn, sql, *values: asked.append((sql, values)) or plainly(conn, sql, *values)
    )
    await here.read(lambda u: u.campaigns.report(SLOTS, "visit", timedelta(days=1)))
    assert len(asked) == 2
    for sql, values in asked:
        plan = await here.read(
            lambda u, s=sql, v=values: [row[3] for row in plainly(u.conn, f"EXPLAIN QUERY PLAN {s}", *v)]
        )
        scans = [line for line in plan if line.startswith("SCAN")]
        assert all(line[5:] in "ufx" or line.startswith("SCAN (subquery") for line in scans), plan
        assert not any("AUTOMATIC" in line or "LEFT-JOIN" in line for line in plan), plan


# ---- the plan held against it


class Sent(Desk):
    """A campaign by WhatsApp, planned and started as it was planned."""

    def __init__(self, store: AnyStore, **changes: Any) -> None:
        self.store, self.now = store, NOW
        self.world = a_world(a_campaign(**changes))

    async def begins(self) -> None:
        made = await plan(self.store, self.world)
        run = await planning.start(self.store, self.world, self.bot.campaigns["spring"], made.id, "mia", NOW)
        assert isinstance(run, CampaignRun), run

    async def filled(self) -> None:
        await self.store.run(lambda u: tick(u, self.world, self.now))
        while await self.store.run(lambda u: fill(u, self.world, self.now)):
            pass

    async def turns(self, most: int) -> None:
        await self.store.run(lambda u: release(u, self.world, self.now, most))
        while (await self.store.run(lambda u: receive(u, self.world, self.now))).rows:
            pass
        went = f"UPDATE outbox SET status = 4, sent_at = {AT} WHERE status = 0 AND not_before = 0"
        await self.store.run(lambda u: u.conn.exec_driver_sql(went) and None)

    async def report(self) -> Report:
        _, told = await self.store.read(
            lambda u: planning.reported(u, self.bot, self.bot.campaigns["spring"], self.now)
        )
        return told


async def test_a_report_says_what_of_the_plan_came_true_and_why_the_rest_did_not(store: AnyStore) -> None:
    who = await people(store)
    await approved(store)
    desk = Sent(store)
    await desk.begins()
    await desk.filled()
    numbers = [number for number in who if number.startswith("39333000000")]
    stopped = who[numbers[0]]
    said = """UPDATE contacts SET consent = '{"marketing": false}'"""
    await store.run(lambda u: u.conn.exec_driver_sql(f"{said} WHERE id = {stopped}") and None)
    await desk.turns(20)
    await people(store, "393339999999")  # she has come since, and is not of this slot
    told = await desk.report()
    held = told.plan
    assert isinstance(held, AgainstPlan) and (held.segment, held.people, held.planned, held.went) == (8, 8, 6, 5)
    assert held.changed == (("opted_out", 1, 2),) and held.missing == 1 and held.newcomers == 0
    assert _adds_up(told)
    assert told.plain()["plan"]["reasons"] == [
        {"reason": "country", "planned": 1, "happened": 1, "more": 0},
        {"reason": "opted_out", "planned": 1, "happened": 2, "more": 1},
    ]


async def test_who_waits_and_who_was_called_off_is_told_of_the_plan_too(store: AnyStore) -> None:
    await people(store)
    await approved(store)
    desk = Sent(store)
    await desk.begins()
    await desk.filled()
    await desk.turns(3)
    told = await desk.report()
    assert isinstance(told.plan, AgainstPlan) and (told.plan.went, told.plan.waiting) == (2, 5) and _adds_up(told)
    await store.run(lambda u: cancel(u, "spring", "mia", "", desk.now))
    await store.run(lambda u: u.campaigns.withdraw("spring", 100, desk.now))
    told = await desk.report()
    assert (
        isinstance(told.plan, AgainstPlan) and {one.reason: one.happened for one in told.plan.changed}["cancelled"] == 5
    )
    assert _adds_up(told)


async def test_of_several_times_the_same_people_are_held_against_the_plan(here: AnyStore) -> None:
    await people(here)
    await approved(here)
    desk = Sent(here, schedule=Every("0 * * * *"))
    await desk.begins()
    for hour in (1, 2):
        desk.now = NOW + timedelta(hours=hour)
        await desk.filled()
        await desk.turns(20)
    told = await desk.report()
    assert told.recipients == 16 and isinstance(told.plan, AgainstPlan)
    assert (told.plan.people, told.plan.planned, told.plan.went) == (8, 6, 6) and _adds_up(told)


CART = On("cart.abandoned")


async def test_an_event_s_campaign_is_held_against_its_plan_by_shares_of_the_times_it_came(store: AnyStore) -> None:
    who = await people(store)
    await approved(store)
    desk = Sent(store, schedule=CART)
    await desk.begins()
    await desk.filled()
    stopped = who["393330000000"]

    async def comes(*numbers: str) -> None:
        desk.now += timedelta(hours=1)
        body = jsons.dumps({"name": CART.event, "data": {}})
        news = [Inward("", f"{CART.event}:{desk.now}:{one}", "event", body, contact=who[one]) for one in numbers]
        await store.run(lambda u: u.take_in(news, desk.now))
        await desk.turns(20)
        await desk.turns(20)

    await comes(*who)
    said = """UPDATE contacts SET consent = '{"marketing": false}'"""
    await store.run(lambda u: u.conn.exec_driver_sql(f"{said} WHERE id = {stopped}") and None)
    await comes("393330000000", "393330000001", AMERICAN)
    told = await desk.report()
    held = told.plan
    assert isinstance(held, AgainstEvent) and (held.segment, held.people, held.times) == (8, 8, 11)
    assert [tuple(one) for one in held.rates] == [
        ("sent", 6, 7), ("waiting", 0, 0), ("country", 1, 2), ("opted_out", 1, 2),
    ]  # fmt: skip
    assert sum(one.planned for one in held.rates) == held.segment
    assert sum(one.happened for one in held.rates) == held.times == told.recipients
    assert told.total("sent") == 6, "a person counts once, however often the event came for her"
    plain = told.plain()["plan"]
    assert plain["times"] == 11 and plain["rates"][0]["planned_share"] == 0.75 and plain["rates"][0]["share"] == 0.6364


@pytest.mark.parametrize("seed", range(3))
async def test_every_time_has_one_end_too(here: AnyStore, seed: int) -> None:
    """What was said belongs to the time in whose session it was said, also of several times of one person."""
    world = await made_up(here, seed)
    await here.run(lambda u: [u.conn.exec_driver_sql(sql) for sql in (
        "UPDATE recipients SET session = contact_id || '/' || slot WHERE state = 2",
        "UPDATE outbox SET session = contact_id || '/' || campaign",
    )] and None)  # fmt: skip
    found = await here.read(lambda u: u.campaigns.times(SLOTS))
    assert found.total() == len(world.places)
    went = {(one.contact, one.slot) for one in world.messages if one.status in WENT}
    assert sum(count for fate, count in found.items() if fate.what == "sent") == len(went)


@pytest.mark.parametrize("seed", range(4))
async def test_who_is_tried_on_the_next_channel_waits_until_that_is_over(store: AnyStore, seed: int) -> None:
    """A refusal is no end while the delivery plan goes on: its timer stands, or its turn is in the inbox. Figures fit all the same."""
    world, chance = await made_up(store, seed), Random(100 + seed)
    keys = {row[0]: row[1] for row in await rows(store, "SELECT id, key FROM outbox")}
    refused = [one for one in world.messages if one.status in REFUSED]
    under = {one.id: chance.choice(("timer", "rung", "news")) for one in refused if chance.random() < 0.5}
    for one in refused:
        if one.id in under:
            await _pursued(store, under[one.id], one.contact, keys[one.id])
    await _pursued(store, "timer", 1, "r/99999/0/0/0")
    now = [one._replace(status=0) if one.id in under else one for one in world.messages]
    told = await store.read(lambda u: u.campaigns.report(SLOTS, "", timedelta()))
    ends: Counter[tuple[str, str, str]] = Counter()
    for fate, count in told.fates.items():
        ends[fate.what, fate.reason, fate.channel] += count
    assert under and ends == reckoned(world._replace(messages=now))
    _fits(told, world)


async def _pursued(store: AnyStore, how: str, contact: int, key: str) -> None:
    """The delivery plan of a message goes on: its clock runs, has just rung, or there was news of a copy."""
    plan = f"plan:{key.rsplit('/', 2)[0]}"
    if how == "timer":
        later = NOW + timedelta(minutes=5)
        await store.run(lambda u: u.write(Writes(timers=[(plan, contact, "plan", later, "{}")]), NOW))
        return
    name = f"timer:{plan}:{AT}" if how == "rung" else f"plan:{key}:delivered"
    await store.run(lambda u: u.take_in([Inward("", name, "plan", "{}", contact=contact)], NOW))


def _adds_up(told: Report) -> bool:
    held = told.plan
    assert isinstance(held, AgainstPlan)
    more = sum(one.happened - one.planned for one in held.differences)
    return held.missing == held.waiting + more - held.newcomers and held.went == told.total("sent")
