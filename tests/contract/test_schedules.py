"""Time tables and triggers that are new: brought to everybody once, whatever dies and however many are at it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import heard, psid
from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.jobs import launch as launching
from trinario.jobs import reckon as reckoning
from trinario.jobs.launch import launch, tick
from trinario.jobs.reckon import reckon
from trinario.jobs.wake import ring_timers
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.flow import InputSpec
from trinario.ports import Writes
from trinario.runtime.chance import SecretChance
from trinario.store.bulk import fetch

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday; nine o'clock in Rome
HOURLY = '- {schedule: "0 * * * *", segment: "\'in\' in tags"}'
MORNING = '- {schedule: "0 10 * * 1", zone: contact, segment: "\'in\' in tags"}'
DATE = "- {date: fields.at, before: [1d, 2h]}"


def a_world(*triggers: str) -> World:
    lines = "\n".join(f"  {one}" for one in triggers)
    parsed = parse_flow(f"flow: f\ntriggers:\n{lines}\nsteps: {{s: {{send: Hi}}}}".encode(), "f.yaml")
    assert parsed.flow is not None, parsed.issues
    fields = {"at": InputSpec("datetime")}
    bot = Bot("t", "en", "Europe/Rome", {}, {"f": parsed.flow}, fields=fields)
    return World(lambda: bot, {}, SecretChance(b"k" * 32))


async def contacts(store: AnyStore, count: int, **changes: Any) -> list[Contact]:
    """So many contacts, every second one of them tagged `in`."""
    names = [psid(f"p{number:02}") for number in range(count)]
    await store.run(lambda u: u.take_in([heard(name, f"m{name.value}") for name in names], NOW))
    cases = await store.run(lambda u: u.claim_cases(1000, NOW))
    made = [
        replace(case.contact, tags=frozenset({"in"}) if number % 2 else frozenset(), last_seen_at=NOW, **changes)
        for number, case in enumerate(cases)
    ]
    done = [(1, case.entries[0].id, None) for case in cases]
    await store.run(lambda u: u.write(Writes(contacts={one.id: one for one in made}, finished=done), NOW))
    return made


async def rows(store: AnyStore, sql: str) -> list[tuple[Any, ...]]:
    return await store.run(lambda u: [tuple(row) for row in fetch(u.conn, sql)])


async def brought(store: AnyStore) -> list[int]:
    """Contacts of the rows that time tables made."""
    return [row[0] for row in await rows(store, "SELECT contact_id FROM inbox WHERE kind = 'trigger' ORDER BY id")]


async def all_of(store: AnyStore, world: World, now: datetime, job: Any = launch) -> int:
    count = 0
    while await store.run(lambda u: job(u, world, now)):
        count += 1
    return count


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "CHUNK", 7)
    monkeypatch.setattr(reckoning, "CHUNK", 7)


async def test_a_slot_is_brought_to_the_segment_once_in_chunks(store: AnyStore) -> None:
    people, world = await contacts(store, 30), a_world(HOURLY)
    hers = [one.id for one in people if "in" in one.tags]
    assert await store.run(lambda u: tick(u, world, NOW)) == 0, "what was before the table was new does not count"
    assert await store.run(lambda u: tick(u, world, NOW + timedelta(minutes=59))) == 0
    at = NOW + timedelta(hours=1)
    assert await store.run(lambda u: tick(u, world, at)) == 1
    assert await store.run(lambda u: tick(u, world, at)) == 0
    assert await all_of(store, world, at) == 5
    assert await brought(store) == hers
    assert await all_of(store, world, at) == 0


async def test_a_process_that_dies_in_the_middle_takes_nothing_along(store: AnyStore) -> None:
    people, world = await contacts(store, 30), a_world(HOURLY)
    await store.run(lambda u: tick(u, world, NOW))
    at = NOW + timedelta(hours=1)
    await store.run(lambda u: tick(u, world, at))
    await store.run(lambda u: launch(u, world, at))

    def dies(unit: Any) -> None:
        launch(unit, world, at)
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await store.run(dies)
    await all_of(store, world, at)
    assert await brought(store) == [one.id for one in people if "in" in one.tags]


async def test_several_schedulers_bring_it_once(store: AnyStore) -> None:
    people, world = await contacts(store, 30), a_world(HOURLY, MORNING)
    await store.run(lambda u: tick(u, world, NOW))
    at = NOW + timedelta(hours=1)
    opened = await asyncio.gather(*(store.run(lambda u: tick(u, world, at)) for _ in range(4)))
    assert sum(opened) == 1
    await asyncio.gather(*(all_of(store, world, at) for _ in range(4)))
    bodies = await rows(store, "SELECT contact_id, body FROM inbox WHERE kind = 'trigger'")
    keys = sorted((row[0], jsons.loads(row[1])["key"]) for row in bodies)
    hers = [one.id for one in people if "in" in one.tags]
    assert keys == sorted((id, key) for id in hers for key in ("schedule:0 * * * *", "schedule:0 10 * * 1"))


async def test_of_what_was_missed_the_last_counts_and_not_when_it_is_too_late(store: AnyStore) -> None:
    people, at = await contacts(store, 2), NOW + timedelta(hours=5, minutes=30)
    for name, triggers, slots, count in (
        ("any", HOURLY, 5, 1),
        ("late", '- {schedule: "5 * * * *", segment: "\'in\' in tags", late: skip after 10m}', 6, 0),
    ):
        world = a_world(triggers)
        await store.run(lambda u, w=world: tick(u, w, NOW))  # type: ignore[misc]
        assert await store.run(lambda u, w=world: tick(u, w, at)) == slots, name  # type: ignore[misc]
        before = len(await brought(store))
        await all_of(store, world, at)
        assert len(await brought(store)) - before == count, name
    assert await brought(store) == [people[1].id]


async def test_her_own_clock(store: AnyStore) -> None:
    people = await contacts(store, 8)
    zones = ["Europe/Rome", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"] * 2
    tagged = [replace(one, timezone=zone, tags=frozenset({"in"})) for one, zone in zip(people, zones, strict=True)]
    await store.run(lambda u: u.write(Writes(contacts={one.id: one for one in tagged}), NOW))
    world, found = a_world(MORNING), {}
    for minutes in range(0, 60 * 60, 30):
        at = NOW + timedelta(minutes=minutes)
        await store.run(lambda u, at=at: tick(u, world, at))  # type: ignore[misc]
        await all_of(store, world, at)
        for contact in await brought(store):
            found.setdefault(contact, at)
    ten = {zone: found.get(one.id) for one, zone in zip(people[:4], zones, strict=False)}
    # at eight in the morning (UTC) it was ten in Tokyo and on Kiritimati already
    assert ten == {"Europe/Rome": NOW + timedelta(hours=1), "America/New_York": NOW + timedelta(hours=7),
                   "Asia/Tokyo": None, "Pacific/Kiritimati": None}  # fmt: skip
    assert len(await brought(store)) == 4


async def test_a_date_that_is_new_is_reckoned_for_everybody_once(store: AnyStore) -> None:
    people = await contacts(store, 20)
    at = NOW + timedelta(days=3)
    dated = [replace(one, fields={"at": at} if number % 2 else {"at": NOW}) for number, one in enumerate(people)]
    await store.run(lambda u: u.write(Writes(contacts={one.id: one for one in dated}), NOW))
    set_by_a_turn = (f"date:f:date:fields.at:-2h:{people[1].id}", people[1].id, "trigger", NOW, "{}")
    await store.run(lambda u: u.write(Writes(timers=[set_by_a_turn]), NOW))
    world = a_world(DATE)
    assert await all_of(store, world, NOW, reckon) == 3
    timers = await rows(store, "SELECT contact_id, due_at FROM timers ORDER BY due_at, contact_id")
    hers = [one.id for one in dated[1::2]]
    day, hours = (int((at - span).timestamp() * 1000) for span in (timedelta(days=1), timedelta(hours=2)))
    kept = int(NOW.timestamp() * 1000)
    assert timers == [(people[1].id, kept), *((id, day) for id in hers), *((id, hours) for id in hers[1:])]
    assert await all_of(store, world, NOW, reckon) == 0
    assert await all_of(store, a_world("- {date: fields.at, after: [1d]}"), NOW, reckon) == 3


async def test_silence_that_is_new_is_reckoned_too(store: AnyStore) -> None:
    people = await contacts(store, 3)
    assert await all_of(store, a_world("- inactivity: 3d"), NOW + timedelta(days=1), reckon) == 1
    due = int((NOW + timedelta(days=3)).timestamp() * 1000)
    assert await rows(store, "SELECT contact_id, due_at FROM timers ORDER BY contact_id") == [
        (p.id, due) for p in people
    ]
    assert await store.run(lambda u: ring_timers(u, NOW + timedelta(days=3))) == 3
    assert len(await brought(store)) == 3


async def test_of_each_timer_the_last_word_of_a_batch_counts(store: AnyStore) -> None:
    (one,) = await contacts(store, 1)
    later = NOW + timedelta(hours=1)
    given = [("a", one.id, "trigger", NOW, "{}"), ("a", one.id, "trigger", later, "{}"), ("b", one.id, "trigger", NOW, "{}"),
             ("b", one.id, "trigger", None, "{}"), ("c", one.id, "trigger", None, "{}"), ("c", one.id, "trigger", NOW, "{}")]  # fmt: skip
    await store.run(lambda u: u.write(Writes(timers=given), NOW))  # type: ignore[arg-type]
    timers = await rows(store, "SELECT key, due_at FROM timers ORDER BY key")
    assert timers == [("a", int(later.timestamp() * 1000)), ("c", int(NOW.timestamp() * 1000))]


async def test_a_process_that_serves_other_flows_leaves_a_time_table_to_those_who_know_it(store: AnyStore) -> None:
    people, world, other = await contacts(store, 4), a_world(HOURLY), a_world("- message")
    await store.run(lambda u: tick(u, world, NOW))
    at = NOW + timedelta(hours=1)
    await store.run(lambda u: tick(u, world, at))
    assert await all_of(store, other, at) == 0
    await all_of(store, world, at)
    assert await brought(store) == [one.id for one in people if "in" in one.tags]


async def test_an_occurrence_whose_time_table_is_gone_is_put_away(store: AnyStore) -> None:
    await contacts(store, 4)
    world, other = a_world(HOURLY), a_world("- message")
    await store.run(lambda u: tick(u, world, NOW))
    await store.run(lambda u: tick(u, world, NOW + timedelta(hours=1)))
    assert await all_of(store, other, NOW + timedelta(hours=2, seconds=1)) == 1
    await all_of(store, world, NOW + timedelta(hours=2, seconds=1))
    assert await brought(store) == []
