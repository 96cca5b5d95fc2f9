"""Segments that time moves people into and out of: noticed once, whoever looks and however many are at it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import heard, psid
from tests.contract.test_schedules import NOW, a_world
from trinario.jobs import passing
from trinario.jobs.passing import pass_by
from trinario.jobs.receive import receive
from trinario.jobs.world import World
from trinario.model.contact import Contact
from trinario.ports import Writes
from trinario.store.bulk import fetch

QUIET = "- {segment: \"contact.last_seen_at < ago('30d')\"}"
LEFT = "- {segment: \"contact.last_seen_at > ago('30d')\", when: leave}"


async def _contacts(store: AnyStore, ages: list[timedelta], **changes: Any) -> list[Contact]:
    """One for each: how long ago she was last seen."""
    names = [psid(f"p{number:02}") for number in range(len(ages))]
    await store.run(lambda u: u.take_in([heard(name, f"m{name.value}") for name in names], NOW))
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    made = [
        replace(case.contact, last_seen_at=NOW - age, created_at=NOW - timedelta(days=300), **changes)
        for case, age in zip(cases, ages, strict=True)
    ]
    done = [(1, case.entries[0].id, None) for case in cases]
    await store.run(lambda u: u.write(Writes(contacts={one.id: one for one in made}, finished=done), NOW))
    return made


async def _look(store: AnyStore, world: World, after: timedelta) -> list[int]:
    """Everything that is to be done at that time; gives who has been brought so far."""
    for _ in range(20):
        if not await store.run(lambda u: pass_by(u, world, NOW + after)):
            break
    rows = await store.run(
        lambda u: fetch(u.conn, "SELECT contact_id FROM inbox WHERE kind = 'trigger' ORDER BY contact_id")
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize("trigger", [QUIET, LEFT])
async def test_time_moves_them_once(store: AnyStore, trigger: str) -> None:
    world = a_world(trigger)
    days = [timedelta(days=29, hours=23), timedelta(days=29, hours=12), timedelta(days=31), timedelta(days=3)]
    soon, later, _, _ = await _contacts(store, days)
    assert await _look(store, world, timedelta()) == []  # from now on
    assert await _look(store, world, timedelta(minutes=30)) == []
    assert await _look(store, world, timedelta(hours=2)) == [soon.id]
    assert await _look(store, world, timedelta(hours=3)) == [soon.id]
    assert await _look(store, world, timedelta(hours=20)) == [soon.id, later.id]
    await store.run(lambda u: receive(u, world, NOW + timedelta(hours=20)))
    begun = await store.run(lambda u: fetch(u.conn, "SELECT contact_id FROM sessions ORDER BY contact_id"))
    assert [row[0] for row in begun] == [soon.id, later.id]


async def test_many_in_chunks_and_by_several(store: AnyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "CHUNK", 3)
    world = a_world(QUIET)
    made = await _contacts(store, [timedelta(days=29, hours=23)] * 10)
    await _look(store, world, timedelta())
    await asyncio.gather(*(_look(store, world, timedelta(hours=2)) for _ in range(3)))
    assert await _look(store, world, timedelta(hours=2)) == [one.id for one in made]


async def test_who_has_written_meanwhile_is_left_alone(store: AnyStore) -> None:
    world = a_world(QUIET)
    (one,) = await _contacts(store, [timedelta(days=29, hours=23)])
    await _look(store, world, timedelta())
    seen = replace(one, last_seen_at=NOW + timedelta(minutes=50))
    await store.run(lambda u: u.write(Writes(contacts={seen.id: seen}), NOW))
    assert await _look(store, world, timedelta(hours=2)) == []


async def test_what_a_turn_changed_is_not_told_again(store: AnyStore) -> None:
    world = a_world('- {segment: "fields.at < now"}')
    (one,) = await _contacts(store, [timedelta()])
    await _look(store, world, timedelta())
    at = NOW + timedelta(minutes=10)
    changed = replace(one, fields={"at": at - timedelta(minutes=5)}, changed={"at": at})  # the turn itself followed it
    await store.run(lambda u: u.write(Writes(contacts={one.id: changed}), at))
    assert await _look(store, world, timedelta(hours=1)) == []
    changed = replace(one, fields={"at": NOW + timedelta(hours=2)}, changed={"at": at})
    await store.run(lambda u: u.write(Writes(contacts={one.id: changed}), at))
    assert await _look(store, world, timedelta(hours=3)) == [one.id]
