"""Sequences on every database: each step once, whoever is at it; changed files, processes that were down, people who leave."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import a_world, messages
from tests.contract.test_schedules import contacts, rows
from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.campaign.as_flow import entrance_of, flows_of_sequence
from trinario.expressions import compile_condition
from trinario.jobs.deliver import claim
from trinario.jobs.drips import bring_steps, reckon_steps
from trinario.jobs.happenings import change, recorded
from trinario.jobs.hold import People
from trinario.jobs.joining import Joined, by_team
from trinario.jobs.parting import Parted, undo
from trinario.jobs.passing import pass_by
from trinario.jobs.receive import receive
from trinario.jobs.world import World
from trinario.model.campaign import Campaign, Sequence, SequenceStep, Side, Variants
from trinario.model.consent import RecordConsent
from trinario.model.duration import parse_duration
from trinario.model.effect import ChangeEnrolment
from trinario.model.flow import ExitWhen
from trinario.ports import Inward, Writes

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Rome."""


def step(name: str, day: int, at: int | None = 600, **more: Any) -> SequenceStep:
    return SequenceStep(name, day, at, messages=messages(name), **more)


def a_sequence(*steps: SequenceStep, revision: str = "r1", **more: Any) -> Sequence:
    given = steps or (step("hello", 0, None), step("one", 1), step("three", 3))
    return Sequence("tips", revision, {one.name: one for one in given}, purpose="service", **more)


class Garden:
    """A store with people in a sequence, and the jobs, driven by hand."""

    def __init__(self, store: AnyStore, sequence: Sequence) -> None:
        self.store, self.now = store, NOW
        self.plant(sequence)

    def plant(self, sequence: Sequence) -> None:
        """These are the files now."""
        world = a_world(Campaign("none", "r"))
        entrance = entrance_of(sequence)
        flows = {flow.name: flow for flow in (*flows_of_sequence(sequence), *([entrance] if entrance else ()))}
        bot = replace(world.bot(), campaigns={}, sequences={"tips": sequence}, messages=flows)
        self.world = World(lambda: bot, world.adapters, world.random)

    async def enrol(self, *people: int) -> None:
        joins = [(contact, ChangeEnrolment("tips", True), self.now) for contact in people]
        await self.store.run(lambda u: u.write(Writes(enrolments=joins), self.now))

    async def goes(self) -> None:
        """Everything that can happen without the clock."""
        for _ in range(40):
            moved = await self.store.run(lambda u: reckon_steps(u, self.world, self.now))
            moved += await self.store.run(lambda u: bring_steps(u, self.world, self.now))
            took = await self.store.run(lambda u: receive(u, self.world, self.now))
            if not moved and not took.rows:
                return

    async def days(self, count: int) -> None:
        """Hour after hour, so many days."""
        for _ in range(count * 24):
            self.now += timedelta(hours=1)
            await self.goes()

    async def said(self) -> list[str]:
        return [row[0].partition(".")[2] for row in await rows(self.store, "SELECT cause FROM outbox ORDER BY id")]

    async def state(self) -> list[tuple[str, str]]:
        found = await rows(self.store, "SELECT state, why FROM enrolments ORDER BY id")
        return [(row[0], row[1]) for row in found]


async def test_every_step_comes_at_its_hour_once(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1, timezone="Europe/Rome")
    garden = Garden(store, a_sequence())
    await garden.enrol(ana.id)
    await garden.goes()
    assert await garden.said() == ["hello"]
    garden.now = NOW + timedelta(hours=23, minutes=59)
    await garden.goes()
    assert await garden.said() == ["hello"]
    garden.now = NOW + timedelta(hours=24)
    await garden.goes()
    assert await garden.said() == ["hello", "one"]
    await garden.days(3)
    assert await garden.said() == ["hello", "one", "three"] and await garden.state() == [("done", "")]


async def test_a_process_that_was_down_over_ten_sends_once_when_it_is_back(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    garden = Garden(store, a_sequence())
    await garden.enrol(ana.id)
    garden.now = NOW + timedelta(days=2)
    await asyncio.gather(*(garden.goes() for _ in range(4)))
    assert await garden.said() == ["hello", "one"]


async def test_what_is_too_late_is_left_out_and_the_rest_goes_on(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    garden = Garden(store, a_sequence(late=parse_duration("3h")))
    await garden.enrol(ana.id)
    await garden.goes()
    garden.now = NOW + timedelta(days=2)
    await garden.goes()
    await garden.days(2)
    assert await garden.said() == ["hello", "three"]


async def test_an_edited_sequence_does_not_repeat_for_those_who_are_past(store: AnyStore) -> None:
    ana, bea = await contacts(store, 2)
    garden = Garden(store, a_sequence())
    await garden.enrol(ana.id)
    await garden.goes()
    await garden.days(1)
    assert await garden.said() == ["hello", "one"]
    changed = a_sequence(
        step("hello", 0, None), step("half", 0, 700), step("one", 1), step("two", 2), step("three", 3), revision="r2"
    )
    garden.plant(changed)
    await garden.enrol(bea.id)
    await garden.goes()
    await garden.days(4)
    by_person = await rows(store, "SELECT contact_id, cause FROM outbox ORDER BY id")
    hers = [cause.partition(".")[2] for contact, cause in by_person if contact == ana.id]
    assert hers == ["hello", "one", "two", "three"]
    theirs = [cause.partition(".")[2] for contact, cause in by_person if contact == bea.id]
    assert theirs == ["hello", "half", "one", "two", "three"]


async def test_who_becomes_a_customer_or_opts_out_leaves_at_once(store: AnyStore) -> None:
    ana, bea, cia, dea = await contacts(store, 4)
    exits = (ExitWhen("tag", "customer"), ExitWhen("opt_out", "marketing"), ExitWhen("event", "order.paid"))
    garden = Garden(store, a_sequence(exit_when=exits))
    await garden.enrol(ana.id, bea.id, cia.id, dea.id)
    await garden.goes()
    paid = Inward("", "paid", "event", jsons.dumps({"name": "order.paid", "data": {}}), contact=cia.id)
    no = recorded(bea.id, RecordConsent("marketing", "withdrawn", "operator"), "no")
    told = [change(ana.id, "c1", added=("customer",)), no, paid]
    await store.run(lambda u: u.take_in(told, garden.now))
    await garden.goes()
    states = [("left", "tag customer"), ("left", "opt_out marketing"), ("left", "event order.paid"), ("live", "")]
    assert await garden.state() == states
    await garden.days(1)
    assert (await garden.said()).count("one") == 1


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(("what", "purpose", "fate"), [
    ("event", "service", (9, "")), ("event", "marketing", (9, "")), ("tag", "marketing", (9, "")),
    ("no", "service", (9, "")), ("no", "marketing", (8, "opted_out")), ("another event", "marketing", (1, "")),
])  # fmt: skip
async def test_what_it_has_said_and_nobody_has_sent_goes_no_more_when_it_ends(
    store: AnyStore, what: str, purpose: Any, fate: tuple[int, str], last: bool
) -> None:
    """Made at night, for the morning: she pays before; also when that was the last step."""
    ana, bea = await contacts(store, 2, last_heard={"messenger": NOW}, consent={"marketing": True})
    exits = (ExitWhen("tag", "customer"), ExitWhen("opt_out", "marketing"), ExitWhen("event", "order.paid"))
    steps = (step("hello", 0, None),) if last else ()
    garden = Garden(store, replace(a_sequence(*steps, exit_when=exits), purpose=purpose))
    await garden.enrol(ana.id, bea.id)
    await garden.goes()
    assert await garden.said() == ["hello", "hello"]
    name = "order.paid" if what == "event" else "order.sent"
    told = {
        "tag": change(ana.id, "c1", added=("customer",)),
        "no": recorded(ana.id, RecordConsent("marketing", "withdrawn", "operator"), "no"),
    }.get(what) or Inward("", "paid", "event", jsons.dumps({"name": name, "data": {}}), contact=ana.id)
    await store.run(lambda u: u.take_in([told], garden.now))
    await garden.goes()
    await store.run(lambda u: claim(u, garden.world, {"messenger": 9}, 7, garden.now, People()))
    found = await rows(store, "SELECT contact_id, status, COALESCE(refusal, '') FROM outbox ORDER BY contact_id")
    assert found == [(ana.id, *fate), (bea.id, 1, "")]


async def test_conditions_and_conversations(store: AnyStore) -> None:
    ana, bea = await contacts(store, 2)
    only = step("one", 1, condition=compile_condition("'in' in tags"))
    garden = Garden(store, a_sequence(step("hello", 0, None), only, step("three", 3)))
    await garden.enrol(ana.id, bea.id)
    await garden.goes()
    busy = replace(bea, owner="person", owner_until=NOW + timedelta(hours=25))
    await store.run(lambda u: u.write(Writes(contacts={busy.id: busy}), NOW))
    garden.now = NOW + timedelta(hours=24)
    await garden.goes()
    assert "one" not in await garden.said()
    free = replace(busy, owner="bot", owner_until=None)
    await store.run(lambda u: u.write(Writes(contacts={free.id: free}), NOW))
    garden.now += timedelta(minutes=5)
    await garden.goes()
    found = await rows(store, "SELECT contact_id FROM outbox WHERE cause LIKE '%.one'")
    assert [row[0] for row in found] == [one.id for one in (ana, bea) if "in" in one.tags]


async def test_two_who_became_one_are_in_it_once(store: AnyStore) -> None:
    ana, bea = await contacts(store, 2)
    garden = Garden(store, a_sequence())
    await garden.enrol(ana.id, bea.id)
    await garden.goes()
    done = await store.run(lambda u: by_team(u, garden.world.bot(), ana.id, bea.id, "mia", "same voice", garden.now))
    assert isinstance(done, Joined)
    await garden.days(4)
    assert sorted(await garden.said()) == ["hello", "hello", "one", "three"]


@pytest.mark.parametrize("processes", [1, 5])
async def test_many_people_many_processes(store: AnyStore, processes: int) -> None:
    people = await contacts(store, 30)
    garden = Garden(store, a_sequence())
    await garden.enrol(*(one.id for one in people))
    for hours in (0, 24, 72):
        garden.now = NOW + timedelta(hours=hours)
        await asyncio.gather(*(garden.goes() for _ in range(processes)))
        await garden.goes()
    found = await rows(store, "SELECT contact_id, cause, COUNT(*) FROM outbox GROUP BY contact_id, cause")
    assert len(found) == 90 and {row[2] for row in found} == {1}


async def test_what_a_step_says_knows_its_variant(store: AnyStore) -> None:
    ana, bea, *_ = await contacts(store, 12)
    sides = (
        Side("tip", 1, messages("Variant {{ campaign.variant }}")),
        Side("offer", 1, messages("Variant {{ campaign.variant }}")),
    )
    garden = Garden(store, a_sequence(SequenceStep("week", 0, None, split=Variants("newsletter", sides))))
    await garden.enrol(*range(ana.id, bea.id + 11))
    await garden.goes()
    said = {jsons.loads(row[0])["text"] for row in await rows(store, "SELECT content FROM outbox")}
    assert said == {"Variant tip", "Variant offer"}


async def test_a_question_is_not_put_aside_for_a_step_that_does_not_go(store: AnyStore) -> None:
    (ana,) = await contacts(store, 1)
    sequence = replace(a_sequence(step("hello", 0, None)), purpose="marketing", if_busy="interrupt")
    garden = Garden(store, sequence)
    asking = parse_flow(b"flow: q\nsteps: {s: {ask: Well?}}", "q.yaml").flow
    assert asking is not None
    bot = replace(garden.world.bot(), flows={"q": asking})
    garden.world = World(lambda: bot, garden.world.adapters, garden.world.random)
    her = replace(ana, consent={"marketing": False}, last_heard={"messenger": NOW})
    await store.run(lambda u: u.write(Writes(contacts={her.id: her}), NOW))
    body = jsons.dumps({"flow": "q", "inputs": {}})
    await store.run(lambda u: u.take_in([Inward("", "wanted:1", "flow", body, contact=her.id)], NOW))
    await garden.goes()
    await garden.enrol(her.id)
    await garden.goes()
    found = await rows(store, "SELECT cause, refusal FROM outbox ORDER BY id")
    assert found == [("q.s", None)] and await garden.state() == [("done", "")]


async def test_who_comes_to_be_of_its_segment_is_enrolled_once_whatever_did_it(store: AnyStore) -> None:
    ana, bea, _ = await contacts(store, 3)
    garden = Garden(store, a_sequence(segment=compile_condition("'vip' in tags")))
    told = [change(who.id, f"c{who.id}-{n}", added=["vip"]) for who in (ana, bea) for n in range(2)]
    await store.run(lambda u: u.take_in(told, garden.now))
    await garden.goes()
    assert await garden.state() == [("live", ""), ("live", "")] and await garden.said() == ["hello", "hello"]
    await store.run(lambda u: u.take_in([change(ana.id, "out", removed=["vip"])], garden.now))
    await garden.days(1)
    assert await garden.said() == ["hello", "hello", "one", "one"]  # leaving the segment is no way out: `exit_when` is


async def test_whom_time_brings_into_its_segment_is_enrolled(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    garden = Garden(store, a_sequence(segment=compile_condition("contact.created_at < ago('2d')")))

    async def passes() -> None:
        while await store.run(lambda u: pass_by(u, garden.world, garden.now)):
            pass
        await garden.goes()

    await passes()
    assert await garden.state() == []
    for _ in range(3):
        garden.now += timedelta(days=1)
        await passes()
        await passes()
    assert await garden.state() == [("live", "")]


@pytest.mark.parametrize(("again", "days", "times"), [
    (None, 400, 1), ("30d", 20, 1), ("30d", 31, 2), ("0s", 1, 2),
])  # fmt: skip
async def test_who_comes_into_its_segment_once_more(here: AnyStore, again: str | None, days: int, times: int) -> None:
    """`again`: never, after 30 days, always; counted from the end of her last time, whether she saw it through or left."""
    (ana,) = await contacts(here, 1)
    span = parse_duration(again) if again else None
    only = a_sequence(step("hello", 0, None), segment=compile_condition("'vip' in tags"), again=span)
    garden = Garden(here, only)
    for turn in range(2):
        await here.run(lambda u, n=turn: u.take_in([change(ana.id, f"in{n}", added=["vip"])], garden.now) and None)
        await garden.goes()
        assert (await garden.state())[0] == ("done", "")
        await here.run(lambda u, n=turn: u.take_in([change(ana.id, f"out{n}", removed=["vip"])], garden.now) and None)
        await garden.goes()
        garden.now += timedelta(days=days)
    assert await garden.said() == ["hello"] * times


async def test_who_is_in_it_and_is_enrolled_once_more_stays_where_she_is(store: AnyStore) -> None:
    (ana,) = await contacts(store, 1)
    garden = Garden(store, a_sequence())
    for _ in range(3):
        await garden.enrol(ana.id)
        await garden.goes()
    assert await garden.said() == ["hello"] and await garden.state() == [("live", "")]
    leaves = [(ana.id, ChangeEnrolment("tips", False, why="she said so"), garden.now)]
    await store.run(lambda u: u.write(Writes(enrolments=leaves), garden.now))
    never = [(ana.id, ChangeEnrolment("tips", True, rest=timedelta.max), garden.now)]
    soon = [(ana.id, ChangeEnrolment("tips", True, rest=timedelta(days=30)), garden.now + timedelta(days=29))]
    due = [(ana.id, ChangeEnrolment("tips", True, rest=timedelta(days=30)), garden.now + timedelta(days=30))]
    for joins, count in ((never, 1), (soon, 1), (due, 2)):
        await store.run(lambda u, j=joins: u.write(Writes(enrolments=j), garden.now) and None)
        assert len(await garden.state()) == count


async def test_a_step_put_in_before_the_one_she_waits_for_repeats_nothing(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    garden = Garden(store, a_sequence())
    await garden.enrol(ana.id)
    await garden.goes()
    garden.now = NOW + timedelta(days=2, hours=12)
    await garden.goes()
    assert await garden.said() == ["hello", "one"]
    garden.plant(a_sequence(step("hello", 0, None), step("one", 1), step("two", 2), step("three", 3), revision="r2"))
    await garden.days(4)
    assert await garden.said() == ["hello", "one", "three"] and await garden.state() == [("done", "")]


async def test_late_counts_from_the_hour_of_the_step_however_often_she_was_busy(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    garden = Garden(store, a_sequence(late=parse_duration("3h")))
    await garden.enrol(ana.id)
    await garden.goes()
    busy = replace(ana, owner="person", owner_until=NOW + timedelta(days=9))
    await store.run(lambda u: u.write(Writes(contacts={busy.id: busy}), NOW))
    await garden.days(2)
    free = replace(busy, owner="bot", owner_until=None)
    await store.run(lambda u: u.write(Writes(contacts={free.id: free}), garden.now))
    await garden.days(2)
    assert await garden.said() == ["hello", "three"]


async def test_a_file_that_goes_while_steps_are_on_their_way_keeps_nobody_out_for_good(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    garden = Garden(store, a_sequence())
    await garden.enrol(ana.id)
    await store.run(lambda u: reckon_steps(u, garden.world, garden.now))
    await store.run(lambda u: bring_steps(u, garden.world, garden.now))
    bot = replace(garden.world.bot(), sequences={})
    garden.world = replace(garden.world, bot=lambda: bot)
    await garden.goes()
    assert await store.run(lambda u: u.drips.due_under_way()) == 0, "it takes a place from all other sequences for ever"
    garden.plant(a_sequence())
    await garden.goes()
    assert await garden.said() == ["hello"]


async def test_who_is_parted_again_goes_on_though_a_step_of_hers_was_on_its_way(store: AnyStore) -> None:
    ana, bea = await contacts(store, 2)
    garden = Garden(store, a_sequence())
    await garden.enrol(ana.id, bea.id)
    await garden.goes()
    garden.now = NOW + timedelta(days=1)
    await store.run(lambda u: bring_steps(u, garden.world, garden.now))
    done = await store.run(lambda u: by_team(u, garden.world.bot(), ana.id, bea.id, "mia", "same voice", garden.now))
    assert isinstance(done, Joined)
    await garden.goes()
    (merge,) = await rows(store, "SELECT id FROM merges")
    assert isinstance(await store.run(lambda u: undo(u, merge[0], "mia", "not she", garden.now)), Parted)
    await garden.days(3)
    assert await garden.state() == [("done", "")] * 2
    assert sorted(await garden.said()) == ["hello", "hello", "one", "one", "three", "three"]


async def test_a_file_that_changes_while_somebody_is_busy_brings_her_step_all_the_same(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    garden = Garden(store, a_sequence())
    await garden.enrol(ana.id)
    await garden.goes()
    busy = replace(ana, owner="person", owner_until=NOW + timedelta(days=9))
    await store.run(lambda u: u.write(Writes(contacts={busy.id: busy}), NOW))
    await garden.days(1)
    garden.plant(a_sequence(revision="r2", title="Tips"))
    await garden.days(1)
    free = replace(busy, owner="bot", owner_until=None)
    await store.run(lambda u: u.write(Writes(contacts={free.id: free}), garden.now))
    await garden.days(2)
    assert await garden.said() == ["hello", "one", "three"] and await garden.state() == [("done", "")]
