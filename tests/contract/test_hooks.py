"""Webhooks that go out on every database: what happens is told once, from where it is kept anyway, whoever looks."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_schedules import contacts, rows
from trinario import jsons
from trinario.model.consent import RecordConsent
from trinario.model.hook import SOURCES
from trinario.model.session import Session
from trinario.ports import Inward, Said, Writes
from trinario.ports.hooks import DISABLED
from trinario.ports.passages import Passage
from trinario.store.hooks import LATE
from trinario.store.postgres import PostgresStore

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def everything(source: str, name: str) -> bool:
    return True


async def look(
    store: AnyStore, now: datetime = NOW, wants: Any = everything, endpoint: str = "crm", limit: int = 100
) -> int:
    return await store.run(lambda u: u.hooks.gather(endpoint, SOURCES, wants, limit, now))


async def happens(store: AnyStore, *names: str, contact: int | None = None) -> None:
    told = Writes(events=[(contact, name, NOW, jsons.dumps({"n": name})) for name in names])
    await store.run(lambda u: u.write(told, NOW))


async def due(store: AnyStore, now: datetime = NOW, most: int = 50) -> list[tuple[str, str, int]]:
    found = await store.run(lambda u: u.hooks.claim(["crm", "erp"], most, now + timedelta(minutes=2), now))
    return [(one.endpoint, one.source, one.attempts) for one in found]


async def test_who_is_seen_for_the_first_time_is_told_of_what_happens_from_now_on(store: AnyStore) -> None:
    await happens(store, "goal")
    assert await look(store) == 0
    await happens(store, "goal", "taken")
    assert await look(store) == 2 and await look(store) == 0
    assert await due(store) == [("crm", "history", 1)] * 2
    assert await due(store) == []
    assert await due(store, NOW + timedelta(minutes=3)) == [("crm", "history", 2)] * 2


async def test_every_source_is_read(store: AnyStore) -> None:
    (ana, *_) = await contacts(store, 1)
    await look(store)
    said = [Said(ana.id, "in", "contact", "messenger", NOW, "text", "Hello", "m1"),
            Said(ana.id, "out", "bot", "messenger", NOW, "text", "Hi", "m2")]  # fmt: skip
    consent = RecordConsent("marketing", "granted", "message", wording="News?", said="yes")
    await store.run(lambda u: u.write(Writes(said=said, consents=[(ana.id, consent, NOW)]), NOW))
    event = Inward("", "e1", "event", jsons.dumps({"name": "order.paid", "data": {"order": "7"}}), contact=ana.id)
    other = Inward("", "e2", "fate", jsons.dumps({"name": "no"}), contact=ana.id)
    await store.run(lambda u: u.take_in([event, other], NOW))
    await happens(store, "goal", contact=ana.id)
    session = Session("i9.1", ana.id, "lead", "r1", NOW)
    at = {"channel": "messenger", "language": "it"}
    way = [Passage("i9.1", "lead", step, NOW, "waits", False, "r1", 0, "", "messenger", "it") for step in ("", "ask")]
    ticket = (ana.id, "i9.1", "sales", "calls back", "high", NOW)
    await store.run(lambda u: u.write(Writes(sessions={"i9.1": session}, passages=way, tickets=[ticket]), NOW))
    bea = await store.run(lambda u: u.new_contact(NOW))
    assert await look(store) == 9
    found: dict[str, list[Any]] = {}
    said_of: dict[str, Any] = {}
    for source in SOURCES:
        numbers = [
            row[0] for row in await rows(store, f"SELECT number FROM webhook_deliveries WHERE source = '{source}'")
        ]
        known = await store.read(lambda u, source=source, numbers=numbers: u.hooks.read(source, numbers))  # type: ignore[misc]
        found[source] = sorted((one.name, one.contact, one.words) for one in known.values())
        said_of |= {one.name: one.data for one in known.values() if source in ("tickets", "ways")}
    assert found == {
        "history": [("goal", ana.id, "")], "messages": [("bot", ana.id, "Hi"), ("contact", ana.id, "Hello")],
        "consents": [("granted", ana.id, "")], "events": [("order.paid", ana.id, "")],
        "contacts": [("created", bea, "")], "tickets": [("opened", ana.id, "calls back")],
        "ways": [("started", ana.id, ""), ("step", ana.id, "")],
    }  # fmt: skip
    begun = {"flow": "lead", "session": "i9.1", "revision": "r1", **at}
    assert said_of["started"] == begun and said_of["step"] == {**begun, "step": "ask"}
    assert said_of["opened"] == {"ticket": 1, "team": "sales", "priority": "high", "session": "i9.1"}


async def test_only_what_is_wanted_is_written_down(store: AnyStore) -> None:
    await look(store)
    await happens(store, "goal", "taken", "goal")
    await look(store, wants=lambda source, name: name == "goal")
    assert (await rows(store, "SELECT COUNT(*) FROM webhook_deliveries"))[0][0] == 2


async def test_many_processes_write_each_once_and_a_chunk_at_a_time(store: AnyStore) -> None:
    await look(store)
    await happens(store, *[f"n{number}" for number in range(25)])

    async def process() -> None:
        for _ in range(6):
            await look(store, limit=7)

    await asyncio.gather(*(process() for _ in range(5)))
    assert (await rows(store, "SELECT COUNT(*) FROM webhook_deliveries"))[0][0] == 25
    taken = await asyncio.gather(*(due(store, most=5) for _ in range(5)))
    assert sum(map(len, taken)) == 25


async def test_a_row_that_is_committed_late_is_told_all_the_same(store: AnyStore) -> None:
    """PostgreSQL gives numbers before it commits: a smaller one may come after a larger was read."""
    await look(store)
    await happens(store, "first", "late", "third")
    numbers = [row[0] for row in await rows(store, "SELECT id FROM events ORDER BY id")]
    kept = (await rows(store, f"SELECT id, name, at, data FROM events WHERE id = {numbers[1]}"))[0]
    await store.run(lambda u: u.conn.exec_driver_sql(f"DELETE FROM events WHERE id = {numbers[1]}") and None)
    await look(store)
    insert = f"INSERT INTO events (id, name, at, data) VALUES ({kept[0]}, 'late', {kept[2]}, '{{}}')"
    await store.run(lambda u: u.conn.exec_driver_sql(insert) and None)
    for wait in (1, 2):
        await look(store, NOW + wait * LATE)
    there = (await rows(store, "SELECT COUNT(*) FROM webhook_deliveries"))[0][0]
    assert there == (3 if isinstance(store, PostgresStore) else 2)  # SQLite commits in the order of numbers


async def test_what_is_disabled_is_read_on_from_where_it_stood(store: AnyStore) -> None:
    await look(store)
    await happens(store, "one")
    await look(store)
    assert await store.run(lambda u: u.hooks.switch("crm", DISABLED, "410", NOW))
    assert not await store.run(lambda u: u.hooks.switch("crm", DISABLED, "410", NOW))
    await happens(store, "two")
    assert await look(store) == 0
    (state,) = await store.read(lambda u: u.hooks.states())
    assert (state.state, state.why, state.waiting) == ("disabled", "410", 1)
    await store.run(lambda u: u.hooks.switch("crm", "active", "", NOW))
    assert await look(store) == 1


async def test_one_is_disabled_before_it_was_ever_looked_at(store: AnyStore) -> None:
    assert await store.run(lambda u: u.hooks.switch("crm", DISABLED, "it moves", NOW))
    await happens(store, "meanwhile")
    assert await look(store) == 0 and await due(store) == []
    assert not await store.run(lambda u: u.hooks.switch("other", "active", "", NOW))
    assert [one.name for one in await store.read(lambda u: u.hooks.states())] == ["crm"]
    await store.run(lambda u: u.hooks.switch("crm", "active", "", NOW))
    assert await look(store) == 1 and await due(store) == [("crm", "history", 1)]


async def test_since_when_an_endpoint_takes_nothing(store: AnyStore) -> None:
    await look(store)
    assert await store.run(lambda u: u.hooks.stand("crm", False, "500", NOW)) == NOW
    assert await store.run(lambda u: u.hooks.stand("crm", False, "502", NOW + timedelta(hours=1))) == NOW
    assert await store.run(lambda u: u.hooks.stand("crm", True, "", NOW)) is None
    later = NOW + timedelta(hours=2)
    assert await store.run(lambda u: u.hooks.stand("crm", False, "500", later)) == later


async def test_what_happened_is_told_again_on_demand(store: AnyStore) -> None:
    await look(store)
    await happens(store, "goal", "taken")
    await look(store)
    (done, given_up) = [row[0] for row in await rows(store, "SELECT id FROM webhook_deliveries ORDER BY id")]
    await due(store)
    await store.run(lambda u: u.hooks.settle([done], [(given_up, "500")], NOW))
    assert await due(store, NOW + timedelta(days=1)) == []
    count = await store.run(lambda u: u.hooks.again("crm", "history", everything, NOW, NOW + timedelta(seconds=1)))
    assert count == 2 and await due(store, NOW + timedelta(seconds=1)) == [("crm", "history", 1)] * 2
    assert await store.run(lambda u: u.hooks.again("crm", "history", everything, NOW + timedelta(hours=1), NOW)) == 0


@pytest.mark.parametrize("sources", [["messages"], []])
async def test_a_source_that_nobody_wants_is_not_read(store: AnyStore, sources: list[str]) -> None:
    await look(store)
    await happens(store, "goal")
    assert await store.run(lambda u: u.hooks.gather("crm", sources, everything, 10, NOW)) == 0


async def test_who_is_disabled_is_told_nothing_until_enabled(store: AnyStore) -> None:
    await look(store)
    await happens(store, "one")
    await look(store)
    await store.run(lambda u: u.hooks.switch("crm", DISABLED, "410", NOW))
    assert await due(store) == []
    await store.run(lambda u: u.hooks.switch("crm", "active", "", NOW))
    assert await due(store) == [("crm", "history", 1)]


async def test_a_source_that_is_wanted_later_begins_then(store: AnyStore) -> None:
    async def wanted(*sources: str) -> int:
        return await store.run(lambda u: u.hooks.gather("crm", sources, everything, 10, NOW))

    await wanted("messages")
    await happens(store, "old")
    assert await wanted("messages") == 0 and await wanted("messages", "history") == 0
    await happens(store, "new")
    assert await wanted("messages", "history") == 1


async def test_the_number_of_an_erased_row_is_never_given_again(store: AnyStore) -> None:
    await look(store)
    await happens(store, "hers")
    await look(store)
    await store.run(lambda u: u.conn.exec_driver_sql("DELETE FROM events") and None)
    await happens(store, "anothers")
    assert await look(store) == 1
    numbers = await rows(store, "SELECT DISTINCT number FROM webhook_deliveries")
    assert len(numbers) == 2
