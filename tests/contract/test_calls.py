"""Calls to the outside in every database: ordered once, claimed once, settled by their run, taken over, let in."""

from datetime import timedelta

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, psid
from trinario.jobs.call import outcome
from trinario.ports import CallOrder, CallSettled, NotReturned, Unit, Writes
from trinario.store.bulk import fetch

ANA = psid("1")


def order(key: str, contact: int, *, again: bool = False, session: str = "s1") -> CallOrder:
    return CallOrder(key, contact, session, "f.s", "http", {"method": "GET"}, 5.0, 2, again, later(60))


async def contact_of(store: AnyStore) -> int:
    await store.run(lambda unit: unit.take_in([heard(ANA, "m1"), heard(ANA, "m2")], NOW))
    return (await store.run(lambda unit: unit.contact_ids({"identity": ("messenger", "1")})))[0]


async def test_a_call_is_made_once_and_settled_by_who_made_it(store: AnyStore) -> None:
    contact = await contact_of(store)
    orders = Writes(calls=[order("a", contact), order("b", contact), order("a", contact)])
    await store.run(lambda unit: unit.write(orders, NOW))
    claimed = await store.run(lambda unit: unit.calls.claim(10, 1, NOW))
    assert [(one.key, one.contact, one.timeout, one.retries, one.again, one.attempts) for one in claimed] == [
        ("a", contact, 5.0, 2, False, 0), ("b", contact, 5.0, 2, False, 0),
    ]  # fmt: skip
    assert not await store.run(lambda unit: unit.calls.claim(10, 2, NOW))
    done = [CallSettled(claimed[0].id, 2, 1, status_code=200), CallSettled(claimed[1].id, 0, 1, not_before=later(5))]
    assert await store.run(lambda unit: unit.calls.settle(done, 2)) == set()
    assert await store.run(lambda unit: unit.calls.settle(done, 1)) == {one.id for one in claimed}
    assert not await store.run(lambda unit: unit.calls.claim(10, 1, later(4)))
    assert await store.run(lambda unit: unit.schedules.next_due(NOW)) == later(5)
    again = await store.run(lambda unit: unit.calls.claim(10, 1, later(5)))
    assert [(one.key, one.attempts) for one in again] == [("b", 1)]


async def test_a_claim_that_was_lost_on_its_way_is_taken_back(store: AnyStore) -> None:
    contact = await contact_of(store)
    await store.run(lambda unit: unit.write(Writes(calls=[order("a", contact), order("b", contact)]), NOW))
    first, _ = await store.run(lambda unit: unit.calls.claim(10, 1, NOW))
    assert await store.run(lambda unit: unit.calls.unclaim(1, {first.id})) == 1
    assert [one.key for one in await store.run(lambda unit: unit.calls.claim(10, 1, NOW))] == ["b"]


async def test_calls_of_a_dead_process(store: AnyStore) -> None:
    contact = await contact_of(store)
    await store.run(lambda unit: unit.write(Writes(calls=[order("a", contact), order("b", contact, again=True)]), NOW))
    await store.run(lambda unit: unit.calls.claim(10, 1, NOW))
    assert not await store.run(lambda unit: unit.calls.orphan(1))
    lost = await store.run(lambda unit: unit.calls.orphan(2))
    assert sorted((one.key, one.again) for one in lost) == [("a", False), ("b", True)]
    assert [one.key for one in await store.run(lambda unit: unit.calls.claim(10, 2, NOW))] == ["b"]


async def test_a_call_that_ends_every_process_is_not_made_for_ever(store: AnyStore) -> None:
    contact = await contact_of(store)
    await store.run(lambda unit: unit.write(Writes(calls=[order("a", contact, again=True)]), NOW))
    for run in range(1, 14):
        await store.run(lambda unit, run=run: unit.calls.claim(10, run, NOW))  # type: ignore[misc]
        if any(not one.again for one in await store.run(lambda unit: unit.calls.orphan(99))):
            break
    assert run == 11
    assert not await store.run(lambda unit: unit.calls.claim(10, 99, NOW))


async def test_processes_that_end_use_up_no_retries(store: AnyStore) -> None:
    """The service was never heard: what it answers afterwards has all the tries that the flow gives it."""
    contact = await contact_of(store)
    await store.run(lambda unit: unit.write(Writes(calls=[order("a", contact, again=True)]), NOW))
    for run in range(1, 6):
        assert await store.run(lambda unit, run=run: unit.calls.claim(10, run, NOW))  # type: ignore[misc]
        await store.run(lambda unit: unit.calls.orphan(99))
    (call,) = await store.run(lambda unit: unit.calls.claim(10, 6, NOW))
    assert (call.attempts, call.retries) == (0, 2)
    again = outcome(call, NotReturned("the line broke", again=True), NOW, float)
    assert (again.status, again.attempts) == (0, 1)


async def test_answers_that_failed_use_up_no_lives(store: AnyStore) -> None:
    contact = await contact_of(store)
    await store.run(lambda unit: unit.write(Writes(calls=[order("a", contact, again=True)]), NOW))
    (call,) = await store.run(lambda unit: unit.calls.claim(10, 1, NOW))
    await store.run(lambda unit: unit.calls.settle([CallSettled(call.id, 0, 7, not_before=NOW)], 1))
    await store.run(lambda unit: unit.calls.claim(10, 1, NOW))
    (lost,) = await store.run(lambda unit: unit.calls.orphan(99))
    assert lost.again


async def test_what_was_out_when_a_process_ended_is_made_after_what_was_not(store: AnyStore) -> None:
    """Else the oldest would be out at every end of a process that dies young, and be given up for what it has not done."""
    contact = await contact_of(store)
    four = [order(key, contact, again=True) for key in "abcd"]
    await store.run(lambda unit: unit.write(Writes(calls=four), NOW))
    out = []
    for run in range(1, 7):
        claimed = await store.run(lambda unit, run=run: unit.calls.claim(2, run, NOW))  # type: ignore[misc]
        out.append("".join(sorted(one.key for one in claimed)))
        assert all(one.again for one in await store.run(lambda unit: unit.calls.orphan(99)))
    assert out == ["ab", "cd", "ab", "cd", "ab", "cd"]


async def test_what_is_too_late_or_withdrawn_is_not_made(store: AnyStore) -> None:
    contact = await contact_of(store)
    orders = Writes(calls=[order("a", contact), order("b", contact, session="s2")])
    await store.run(lambda unit: unit.write(orders, NOW))
    await store.run(lambda unit: unit.write(Writes(withdrawn=["s2"]), NOW))
    assert not await store.run(lambda unit: unit.calls.claim(10, 1, later(60)))
    assert [one.key for one in await store.run(lambda unit: unit.calls.late(later(60)))] == ["a"]
    assert not await store.run(lambda unit: unit.calls.late(later(60)))


async def test_what_waited_is_let_in_and_what_a_stop_word_overtook_is_marked(store: AnyStore) -> None:
    contact = await contact_of(store)
    (case,) = await store.run(lambda unit: unit.claim_cases(10, NOW))
    held = [(NOW + timedelta(seconds=60), 0, entry.id) for entry in case.entries]
    await store.run(lambda unit: unit.write(Writes(postponed=held), NOW))
    assert not await store.run(lambda unit: unit.claim_cases(10, NOW))
    stop = case.entries[1].id
    await store.run(lambda unit: unit.write(Writes(overtaken=[(contact, stop)]), NOW))
    await store.run(lambda unit: unit.write(Writes(let_in=[contact]), NOW))

    def kinds(unit: Unit) -> list[str]:
        return [row[0] for row in fetch(unit.conn, "SELECT kind FROM inbox WHERE not_before = 0 ORDER BY id")]  # type: ignore[attr-defined]

    assert await store.run(kinds) == ["overtaken", "heard"]


async def test_one_host_takes_no_more_than_its_share(store: AnyStore) -> None:
    contact = await contact_of(store)
    slow = [_to(f"slow{n}", contact, ["https://user@Slow.example:8443/a?b=", {"secret": "x"}]) for n in range(6)]
    rest = [_to("fast", contact, "https://fast.example/"), order("ai", contact)]
    await store.run(lambda unit: unit.write(Writes(calls=[*slow, *rest]), NOW))
    first = await store.run(lambda unit: unit.calls.claim(4, 1, NOW, {}, 2))
    assert [(one.key, one.lane) for one in first] == [
        ("slow0", "http slow.example:8443"), ("slow1", "http slow.example:8443"),
    ]  # fmt: skip
    busy = {"http slow.example:8443": 2}
    others = await store.run(lambda unit: unit.calls.claim(4, 1, NOW, busy, 2))
    assert [one.key for one in others] == ["fast", "ai"]
    assert not await store.run(lambda unit: unit.calls.claim(4, 1, NOW, busy, 2))
    freed = await store.run(lambda unit: unit.calls.claim(4, 1, NOW, {"http slow.example:8443": 1}, 2))
    assert [one.key for one in freed] == ["slow2"]


def _to(key: str, contact: int, url: object) -> CallOrder:
    return CallOrder(key, contact, "s1", "f.s", "http", {"method": "GET", "url": url}, 5.0, 2, True, later(60))
