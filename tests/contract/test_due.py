"""Very many clocks that ring at once: each once, the first due in front, a contact's in order; who writes is given way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import heard, psid
from tests.contract.test_schedules import NOW, contacts, rows
from trinario.authoring.parse import parse_flow
from trinario.jobs.wake import FEW, Woken, ring_timers, wake
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.session import Session, Wait
from trinario.ports import Writes
from trinario.runtime.chance import SecretChance
from trinario.store import cases
from trinario.store.bulk import fetch


def a_world() -> World:
    """A bot with one flow: it waits, and says that it is over."""
    parsed = parse_flow(b"flow: f\nsteps: {later: {wait: 1h}, known: {tag: reminded}}", "f.yaml")
    assert parsed.flow is not None, parsed.issues
    bot = Bot("t", "en", "Europe/Rome", {}, {"f": parsed.flow})
    return World(lambda: bot, {}, SecretChance(b"k" * 32))


WORLD = a_world()
REVISION = WORLD.bot().flows["f"].revision


def waiting(contact: int, id: str, due: datetime) -> Session:
    return Session(id, contact, "f", REVISION, NOW, wait=Wait("later", "sleep", NOW, 1, until=due))


async def put(store: AnyStore, sessions: Sequence[Session], people: Sequence[Contact] = ()) -> None:
    writes = Writes(contacts={one.id: one for one in people}, sessions={one.id: one for one in sessions})
    await store.run(lambda u: u.write(writes, NOW))


async def woken(store: AnyStore, limit: int, now: datetime, *, pressed: bool = False) -> Woken:
    return await store.run(lambda u: wake(u, WORLD, now, limit, lambda: pressed))


async def left(store: AnyStore) -> set[str]:
    return {row[0] for row in await rows(store, "SELECT id FROM sessions WHERE status = 'waiting'")}


async def test_each_is_moved_once_and_the_first_due_in_front(store: AnyStore) -> None:
    people = await contacts(store, 12)
    moments = [NOW.replace(minute=59 - number) for number in range(12)]
    await put(store, [waiting(one.id, f"s{one.id}", due) for one, due in zip(people, moments, strict=True)])
    now, moved = NOW.replace(hour=9), list[str]()
    while (bite := await woken(store, 5, now)).more:
        moved += [line.session for line in bite.lines]
    assert moved == [f"s{one.id}" for one in reversed(people)]
    assert await left(store) == set()
    assert not bite.lines and not bite.said and not bite.let_in


async def test_who_waits_meanwhile_is_given_way_and_nobody_is_left_out(store: AnyStore) -> None:
    people = await contacts(store, 3 * FEW)
    await put(store, [waiting(one.id, f"s{one.id}", NOW) for one in people])
    now, moved = NOW.replace(hour=9), list[str]()
    while (bite := await woken(store, 100, now, pressed=True)).more:
        moved += [line.session for line in bite.lines]
        assert len(bite.lines) == FEW
    assert sorted(moved) == sorted(f"s{one.id}" for one in people)


async def test_what_a_contact_wrote_comes_before_her_clock(store: AnyStore) -> None:
    ana, ben = await contacts(store, 2)
    await put(store, [waiting(one.id, f"s{one.id}", NOW) for one in (ana, ben)])
    await store.run(lambda u: u.take_in([heard(psid("p00"), "now")], NOW))
    bite = await woken(store, 10, NOW)
    assert [line.session for line in bite.lines] == [f"s{ben.id}"]
    assert await left(store) == {f"s{ana.id}"}


async def test_behind_very_many_of_people_the_bots_are_found(store: AnyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction puts some of their clocks off and no more; the next goes on, and says so."""
    monkeypatch.setattr(cases, "MOST", 10)
    ana, ben = await contacts(store, 2)
    theirs = [waiting(ana.id, f"p{number}", NOW) for number in range(100)]
    await put(store, [*theirs, waiting(ben.id, "b", NOW.replace(minute=1))], [replace(ana, owner="person")])
    now, moved, asked = NOW.replace(hour=9), list[str](), 0
    overdue = f"SELECT COUNT(*) FROM sessions WHERE wake_at <= {int(now.timestamp() * 1000)}"
    while (bite := await woken(store, 5, now)).more:
        moved, asked = moved + [line.session for line in bite.lines], asked + 1
        assert (await rows(store, overdue))[0][0] >= 100 - asked * (5 + 3 * 10)
    assert moved == ["b"]
    assert await rows(store, overdue) == [(0,)]
    assert len(await left(store)) == 100  # theirs wait for people to be done


async def test_timers_that_nobody_waits_for_are_bulk_and_no_more_than_the_inbox_bears(
    store: AnyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "AHEAD", 6)
    people = await contacts(store, 12)
    first = [(f"t{one.id}", one.id, "trigger", NOW, "{}") for one in people]
    last = (f"owner:{people[0].id}", people[0].id, "owner", NOW.replace(minute=1), "{}")
    await store.run(lambda u: u.write(Writes(timers=[*first, last]), NOW))
    now = NOW.replace(hour=9)
    assert await store.run(lambda u: ring_timers(u, now, 4)) == 4
    bulk = "SELECT priority, kind FROM inbox WHERE status = 0 ORDER BY id"
    found = await rows(store, bulk)
    assert found == [(0, "owner"), (1, "trigger"), (1, "trigger"), (1, "trigger")]  # due last, and yet in front
    assert [await store.run(lambda u: ring_timers(u, now, 4)) for _ in range(2)] == [3, 0]
    while worked := await store.run(lambda u: u.claim_cases(100, now)):
        done = [(1, entry.id, None) for case in worked for entry in case.entries]
        await store.run(lambda u, done=done: u.write(Writes(finished=done), now))  # type: ignore[misc]
    assert [await store.run(lambda u: ring_timers(u, now, 4)) for _ in range(3)] == [4, 2, 0]
    assert len({row[0] for row in await rows(store, "SELECT external_id FROM inbox WHERE kind = 'trigger'")}) == 12


async def test_clocks_are_found_by_an_index(here: AnyStore) -> None:
    """Whatever is due is looked up: no table is walked through, nothing is sorted."""
    asked = [
        (cases._DUE, (1, 1, 9)),
        *(
            (f"SELECT key FROM timers WHERE {which} AND due_at <= ? ORDER BY due_at LIMIT ?", (1, 9))
            for which in (cases.AWAITED, cases.UNAWAITED)
        ),
        ("SELECT id FROM enrolments WHERE state = 'live' AND due_at <= ? AND out = 0 ORDER BY due_at, id LIMIT ?", (1, 9)),
    ]  # fmt: skip
    for sql, values in asked:
        plan = await here.run(
            lambda u, sql=sql, values=values: [row[3] for row in fetch(u.conn, f"EXPLAIN QUERY PLAN {sql}", *values)]  # type: ignore[misc]
        )
        assert not [line for line in plan if line.startswith("SCAN") or "TEMP B-TREE" in line], plan
