"""The inbox: nothing twice, nothing lost, order per contact, one worker a contact."""

import asyncio

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, psid
from trinario.model.channel import Identity
from trinario.ports import Inward, Writes
from trinario.store.cases import BESIDE, BULK
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import SqliteStore
from trinario.store.unit import SqlUnit

ANA, BEN = psid("ana"), psid("ben")


async def test_a_second_copy_is_dropped_in_one_batch_and_across(store: AnyStore) -> None:
    batch = [heard(ANA, "m1"), heard(ANA, "m1"), heard(BEN, "m2")]
    assert await store.run(lambda u: u.take_in(batch, NOW)) == 2
    assert await store.run(lambda u: u.take_in(batch, NOW)) == 0
    cases = await store.run(lambda u: u.claim_cases(10, NOW))
    assert [[e.external_id for e in case.entries] for case in cases] == [["m1"], ["m2"]]


async def test_the_same_id_on_another_channel_is_another_message(store: AnyStore) -> None:
    other = Identity("instagram", "igsid", "ana")
    assert await store.run(lambda u: u.take_in([heard(ANA, "m1"), heard(other, "m1")], NOW)) == 2


async def test_rows_of_a_contact_come_in_the_order_of_arrival(store: AnyStore) -> None:
    for number in range(5):
        await store.run(lambda u, n=number: u.take_in([heard(ANA, f"m{n}a"), heard(BEN, f"m{n}b")], NOW))
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    assert [[e.external_id for e in case.entries] for case in cases] == [
        [f"m{n}a" for n in range(5)],
        [f"m{n}b" for n in range(5)],
    ]


async def test_identities_seen_together_are_one_contact(store: AnyStore) -> None:
    phone, bsuid = Identity("whatsapp", "phone", "391"), Identity("whatsapp", "bsuid", "IT.1")
    await store.run(lambda u: u.take_in([heard(phone, "w1")], NOW))
    await store.run(lambda u: u.take_in([heard(phone, "w2", also=(bsuid,))], NOW))
    await store.run(lambda u: u.take_in([heard(bsuid, "w3")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    assert set(case.contact.identities) == {phone, bsuid}
    assert [e.external_id for e in case.entries] == ["w1", "w2", "w3"]


async def test_new_identities_seen_together_are_one_contact(store: AnyStore) -> None:
    phone, bsuid = Identity("whatsapp", "phone", "392"), Identity("whatsapp", "bsuid", "IT.2")
    await store.run(lambda u: u.take_in([heard(bsuid, "w1", also=(phone,)), heard(phone, "w2")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    assert set(case.contact.identities) == {phone, bsuid} and len(case.entries) == 2


async def test_what_nobody_understands_is_kept_and_bothers_nobody(store: AnyStore) -> None:
    odd = Inward("messenger", "x1", "unsupported", "{}", b'{"odd":true}')
    assert await store.run(lambda u: u.take_in([odd], NOW)) == 1
    assert await store.run(lambda u: u.claim_cases(10, NOW)) == []
    kept = await store.run(lambda u: u.conn.exec_driver_sql("SELECT raw, status FROM inbox").fetchall())
    assert [(bytes(raw), status) for raw, status in kept] == [(b'{"odd":true}', 3)]


async def test_a_finished_row_is_not_claimed_again_and_a_postponed_one_when_it_is_due(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "m1"), heard(ANA, "m2")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    first, second = case.entries
    writes = Writes(finished=[(1, first.id, None)], postponed=[(later(60), 1, second.id)])
    await store.run(lambda u: u.write(writes, NOW))
    assert await store.run(lambda u: u.claim_cases(10, NOW)) == []
    assert await store.run(lambda u: u.schedules.next_due(NOW)) == later(60)
    (case,) = await store.run(lambda u: u.claim_cases(10, later(60)))
    assert [(e.external_id, e.tries) for e in case.entries] == [("m2", 1)]


async def test_two_workers_never_have_the_same_contact(store: AnyStore) -> None:
    if not isinstance(store, PostgresStore):
        pytest.skip("SQLite has one writer by construction")
    people = [psid(f"p{n}") for n in range(20)]
    await store.run(lambda u: u.take_in([heard(p, f"{p.value}-{n}") for n in range(3) for p in people], NOW))
    both_in = asyncio.Barrier(2)

    async def worker() -> set[int]:
        async with store.engine.begin() as conn:
            # ten rows are ten people: whoever asks second has ten others to find
            cases = await conn.run_sync(lambda sync: SqlUnit(sync).claim_cases(10, NOW))
            await both_in.wait()
            assert all(len(case.entries) == 3 for case in cases)
            return {case.contact.id for case in cases}

    first, second = await asyncio.gather(worker(), worker())
    assert first and second and not first & second


async def test_two_processes_that_meet_a_stranger_at_once_make_one_contact(store: AnyStore) -> None:
    await asyncio.gather(
        *(store.run(lambda u, n=n: u.take_in([heard(ANA, f"m{n}"), heard(BEN, f"b{n}")], NOW)) for n in range(8))
    )
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    assert sorted(len(case.entries) for case in cases) == [8, 8]
    count = await store.run(lambda u: u.conn.exec_driver_sql("SELECT COUNT(*) FROM contacts").scalar())
    assert count == 2


async def test_a_work_that_raises_costs_only_itself(store: AnyStore) -> None:
    def broken(unit: SqlUnit) -> None:
        unit.take_in([heard(ANA, "lost")], NOW)
        raise RuntimeError("mine alone")

    works = [store.run(lambda u, n=n: u.take_in([heard(ANA, f"m{n}")], NOW)) for n in range(5)]
    results = await asyncio.gather(*works, store.run(broken), return_exceptions=True)
    assert results[:5] == [1] * 5 and isinstance(results[5], RuntimeError)
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    assert sorted(e.external_id for e in case.entries) == [f"m{n}" for n in range(5)]


async def test_what_is_committed_survives_the_process(store: AnyStore) -> None:
    if not isinstance(store, SqliteStore):
        pytest.skip("a file is needed")
    await store.run(lambda u: u.take_in([heard(ANA, "m1")], NOW))
    again = SqliteStore(str(store.engine.url.database))
    try:
        (case,) = await again.run(lambda u: u.claim_cases(10, NOW))
        assert case.entries[0].external_id == "m1"
    finally:
        await again.close()


def bulk(contact: int, name: str) -> Inward:
    return Inward("", name, "campaign", "{}", contact=contact, bulk=True)


async def test_what_somebody_waits_for_overtakes_bulk(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(psid(f"p{n:03}"), f"m{n}") for n in range(100)], NOW))
    people = [case.contact.id for case in await store.run(lambda u: u.claim_cases(100, NOW))]
    done = [(1, row, None) for row in range(1, 101)]
    await store.run(lambda u: u.write(Writes(finished=done), NOW))
    await store.run(lambda u: u.take_in([bulk(one, f"c{one}") for one in people[:90]], NOW))
    assert len(await store.run(lambda u: u.claim_cases(128, NOW))) == BULK
    await store.run(lambda u: u.take_in([heard(psid("p095"), "late"), heard(psid("p003"), "hers")], NOW))
    cases = await store.run(lambda u: u.claim_cases(128, NOW))
    assert [case.contact.id for case in cases[:2]] == [people[95], people[3]]
    assert [entry.external_id for entry in cases[1].entries] == [f"c{people[3]}", "hers"]  # her own rows stay in order
    assert [case.contact.id for case in cases[2:]] == [people[0]]  # and what waits longest goes on, one beside a few
    assert [case.bulk for case in cases] == [False, False, True]
    await store.run(lambda u: u.take_in([heard(psid(f"p{n:03}"), f"now{n}") for n in range(40, 52)], NOW))
    cases = await store.run(lambda u: u.claim_cases(128, NOW))
    assert [case.contact.id for case in cases if case.bulk] == people[: 14 // BESIDE]  # of p003 it is not bulk
    rows = [entry.id for case in cases if not case.bulk for entry in case.entries]
    await store.run(lambda u: u.write(Writes(finished=[(1, row, None) for row in rows]), NOW))
    cases = await store.run(lambda u: u.claim_cases(128, NOW, pressed=True))
    assert [case.contact.id for case in cases] == [people[0]]  # somebody waits: no more than keeps it going
    await store.run(lambda u: u.take_in([heard(psid("p095"), "late2")], NOW))
    assert [case.contact.id for case in await store.run(lambda u: u.claim_cases(1, NOW))] == [people[95]]
