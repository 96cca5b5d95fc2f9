"""The outbox: order per contact, pace, replies before bulk, fates that move up only, rows of dead processes."""

import asyncio

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, outgoing, psid
from trinario.model.failure import Failure
from trinario.model.heard import Receipt
from trinario.model.session import Session
from trinario.ports import Settled, Writes
from trinario.store import outbox
from trinario.store.bulk import fetch
from trinario.store.postgres import PostgresStore
from trinario.store.unit import SqlUnit

ANA, BEN = psid("ana"), psid("ben")


async def contacts(store: AnyStore) -> tuple[int, int]:
    await store.run(lambda u: u.take_in([heard(ANA, "a"), heard(BEN, "b")], NOW))
    first, second = await store.run(lambda u: u.claim_cases(10, NOW))
    return first.contact.id, second.contact.id


async def put(store: AnyStore, *rows: object) -> None:
    await store.run(lambda u: u.write(Writes(outgoing=list(rows)), NOW))  # type: ignore[arg-type]


async def claim(store: AnyStore, at: float = 0.0, limit: int = 100, pace: float = 300.0, run: int = 7) -> list[str]:
    rows = await store.run(lambda u: u.claim_outbox("messenger", limit, pace, run, later(at)))
    return [row.entry.key for row in rows]


async def statuses(store: AnyStore) -> dict[str, int]:
    sql = "SELECT key, status FROM outbox"
    return {r[0]: r[1] for r in await store.run(lambda u: u.conn.exec_driver_sql(sql).fetchall())}


async def ids(store: AnyStore) -> dict[str, int]:
    sql = "SELECT key, id FROM outbox"
    return {r[0]: r[1] for r in await store.run(lambda u: u.conn.exec_driver_sql(sql).fetchall())}


async def test_the_next_row_of_a_contact_goes_after_the_one_before(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    await put(store, outgoing("k1", ana, ANA), outgoing("k2", ana, ANA), outgoing("k3", ben, BEN))
    assert await claim(store) == ["k1", "k3"]
    assert await claim(store) == []
    known = await ids(store)
    await store.run(lambda u: u.settle([Settled(known["k1"], 3, external_id="x1", sent_at=NOW)], NOW))
    assert await claim(store) == ["k2"]


async def test_the_same_key_is_written_once(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await put(store, outgoing("k1", ana, ANA))
    assert len(await ids(store)) == 1


async def test_replies_overtake_bulk_also_for_the_same_person(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    await put(store, outgoing("bulk", ana, ANA, priority=1), outgoing("reply", ana, ANA), outgoing("r2", ben, BEN))
    assert await claim(store, limit=2) == ["reply", "r2"]


async def test_what_was_put_off_goes_when_its_time_has_come_replies_in_front(store: AnyStore) -> None:
    people = [psid(f"p{n}") for n in range(6)]
    await store.run(lambda u: u.take_in([heard(one, one.value) for one in people], NOW))
    ids_of = [case.contact.id for case in await store.run(lambda u: u.claim_cases(100, NOW))]
    night = {"refusal": "quiet", "not_before": later(10)}
    given = [{"priority": 1, **night}, night, {"priority": 1}, {}, {"priority": 1, **night}, night]
    await put(store, *(outgoing(f"k{n}", ids_of[n], people[n], **more) for n, more in enumerate(given)))
    assert await claim(store, at=9, limit=1) == ["k3"]
    assert await claim(store, at=10, limit=3) == ["k1", "k5", "k0"]
    assert await claim(store, at=10) == ["k2", "k4"]


async def test_whatever_waits_for_the_morning_is_not_looked_at(store: AnyStore) -> None:
    """The claim finds its rows by indexes in which those that are put off stand behind the moment."""

    def plan(unit: SqlUnit, sql: str, *values: object) -> str:
        if unit.conn.dialect.name == "sqlite":
            return str(fetch(unit.conn, f"EXPLAIN QUERY PLAN {sql}", *values))
        unit.conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return str(fetch(unit.conn, f"EXPLAIN {sql}", *values))

    ready = await store.run(lambda u: plan(u, outbox._READY, "messenger", 1, 1, 10))
    assert "outbox_ready" in ready
    due = await store.run(lambda u: plan(u, outbox._DUE, "messenger", 1, 1, 1, 10))
    assert "outbox_due" in due and "Seq Scan on outbox" not in due


async def test_a_row_that_waits_keeps_its_place(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA), outgoing("k2", ana, ANA))
    await claim(store)
    known = await ids(store)
    again = Settled(known["k1"], 0, refusal="2", not_before=later(5), attempts=1)
    await store.run(lambda u: u.settle([again], NOW, 7))
    assert await claim(store, at=1) == []
    assert await claim(store, at=5) == ["k1"]


async def test_the_pace_of_the_account_is_kept(store: AnyStore) -> None:
    people = [psid(f"p{n}") for n in range(40)]
    await store.run(lambda u: u.take_in([heard(p, p.value) for p in people], NOW))
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    rows = [outgoing(f"k{n}", case.contact.id, people[n]) for n, case in enumerate(cases)]
    await put(store, *rows)
    went = [len(await claim(store, at=tick / 10, pace=10.0)) for tick in range(30)]
    assert sum(went[:10]) <= 5 + 10 and sum(went) >= 5 + 28
    assert all(sum(went[start : start + 10]) <= 15 for start in range(20))


async def test_fates_move_up_only(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await claim(store)

    async def told(status: str) -> int:
        receipt = Receipt("messenger", status, NOW, message_id="x1", key="k1")
        await store.run(lambda u: u.apply_receipts([receipt], NOW))
        return (await statuses(store))["k1"]

    assert await told("delivered") == 5
    assert await told("sent") == 5
    known = await ids(store)
    await store.run(lambda u: u.settle([Settled(known["k1"], 3, external_id="x1", sent_at=NOW)], NOW))
    assert (await statuses(store))["k1"] == 5
    assert await told("read") == 6
    failed = Receipt("messenger", "failed", NOW, message_id="x1", key="k1", failure=Failure("drop", 131026))
    await store.run(lambda u: u.apply_receipts([failed], NOW))
    assert (await statuses(store))["k1"] == 6


async def test_a_receipt_that_comes_before_the_answer_is_applied_with_it(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await claim(store)
    await store.run(lambda u: u.apply_receipts([Receipt("messenger", "delivered", NOW, message_id="x1")], NOW))
    assert (await statuses(store))["k1"] == 1
    known = await ids(store)
    await store.run(lambda u: u.settle([Settled(known["k1"], 3, external_id="x1", sent_at=NOW)], NOW))
    assert (await statuses(store))["k1"] == 5


async def test_what_a_message_costs_is_kept_once_whenever_it_is_told(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA), outgoing("k2", ana, ANA))
    await claim(store)
    known = await ids(store)
    settled = [Settled(known[k], 3, external_id=f"x{k}", sent_at=NOW) for k in ("k1", "k2")]
    await store.run(lambda u: u.settle(settled, NOW))
    paid, free = "marketing/regular/PMP/billable", "referral_conversion/free_entry_point/PMP/free"
    told = [
        Receipt("messenger", "read", NOW, key="k1", message_id="xk1"),
        Receipt("messenger", "sent", NOW, key="k1", message_id="xk1", price=paid),
        Receipt("messenger", "sent", NOW, message_id="xk2", price=free, free_until=later(72 * 3600)),
    ]
    for receipt in told:
        await store.run(lambda u, r=receipt: u.apply_receipts([r], NOW))  # type: ignore[misc]
    await store.run(lambda u: u.apply_receipts([Receipt("messenger", "delivered", NOW, key="k1", price="other")], NOW))

    sql = "SELECT key, status, price, free_until FROM outbox ORDER BY key"
    rows = await store.run(lambda u: u.conn.exec_driver_sql(sql).fetchall())

    until = int(later(72 * 3600).timestamp() * 1000)
    assert [tuple(row) for row in rows] == [("k1", 6, paid, None), ("k2", 4, free, until)]


async def test_what_a_message_costs_is_kept_though_it_is_told_before_the_answer(store: AnyStore) -> None:
    """Neither the price nor the end of what is free is lost on the way; nor is the end of it that comes alone."""
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA), outgoing("k2", ana, ANA))
    await claim(store)
    known = await ids(store)
    early = [
        Receipt("messenger", "sent", NOW, message_id="x1", price="service/regular/PMP/billable"),
        Receipt("messenger", "sent", NOW, message_id="x1", free_until=later(60)),
        Receipt("messenger", "delivered", NOW, message_id="x1"),
    ]
    await store.run(lambda u: u.apply_receipts(early, NOW))
    settled = [Settled(known[f"k{n}"], 3, external_id=f"x{n}", sent_at=NOW) for n in (1, 2)]
    await store.run(lambda u: u.settle(settled, NOW))
    await store.run(lambda u: u.apply_receipts([Receipt("messenger", "read", NOW, message_id="x2")], NOW))
    for late in (Receipt("messenger", "sent", NOW, message_id="x2", free_until=later(60)),
                 Receipt("messenger", "sent", NOW, key="k2", free_until=later(90))):  # fmt: skip
        await store.run(lambda u, r=late: u.apply_receipts([r], NOW))  # type: ignore[misc]

    sql = "SELECT key, status, price, free_until FROM outbox ORDER BY key"
    rows = await store.run(lambda u: u.conn.exec_driver_sql(sql).fetchall())

    until = int(later(60).timestamp() * 1000)
    assert [tuple(row) for row in rows] == [("k1", 5, "service/regular/PMP/billable", until), ("k2", 6, None, until)]


async def test_a_watermark_moves_everything_before_it(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    await put(store, outgoing("k1", ana, ANA), outgoing("b1", ben, BEN))
    await claim(store)
    known = await ids(store)
    settled = [Settled(known[k], 3, external_id=f"x{k}", sent_at=NOW) for k in ("k1", "b1")]
    await store.run(lambda u: u.settle(settled, NOW))
    mark = Receipt("messenger", "read", NOW, identity=ANA, watermark=later(1))
    await store.run(lambda u: u.apply_receipts([mark], NOW))
    assert await statuses(store) == {"k1": 6, "b1": 3}


async def test_many_receipts_of_one_message_in_one_batch(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await claim(store)
    batch = [Receipt("messenger", s, NOW, message_id="x1", key="k1") for s in ("read", "sent", "delivered")]
    await store.run(lambda u: u.apply_receipts(batch, NOW))
    assert (await statuses(store))["k1"] == 6


async def test_a_late_failure_is_told_to_whom_waits_for_it(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA, awaited=True), outgoing("k2", ana, ANA))
    await claim(store)
    failure = Failure("unreachable", 131026, reason="undeliverable")
    failed = [Receipt("messenger", "failed", NOW, message_id="x1", key="k1", failure=failure)]
    assert await store.run(lambda u: u.apply_receipts(failed, NOW)) == [(ana, "k1", "", failure)]
    assert (await statuses(store))["k1"] == 7
    await store.run(lambda u: u.take_in([heard(ANA, "a2")], NOW))
    cases = await store.run(lambda u: u.claim_cases(10, NOW))
    assert next(c for c in cases if c.contact.id == ana).unreachable == {"messenger": "131026"}
    assert await claim(store) == ["k2"]


async def test_what_a_session_said_can_be_withdrawn_until_it_is_sending(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    await put(store, outgoing("k1", ana, ANA, session="s1"), outgoing("k2", ben, BEN, session="s2"))
    await claim(store, limit=1)
    await store.run(lambda u: u.write(Writes(withdrawn=["s1", "s2"]), NOW))
    assert await statuses(store) == {"k1": 1, "k2": 9}


async def test_an_unknown_row_holds_hers_and_is_overdue_in_its_time(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA, purpose="marketing"), outgoing("k2", ana, ANA))
    await claim(store)
    known = await ids(store)
    await store.run(lambda u: u.settle([Settled(known["k1"], 2, not_before=later(30), attempts=1)], NOW, 7))
    assert await claim(store, at=29) == []
    assert await store.run(lambda u: u.overdue_unknown(10, later(29))) == []
    (row,) = await store.run(lambda u: u.overdue_unknown(10, later(30)))
    assert row == (known["k1"], "k1", "marketing", 1, None, ana, "messenger")
    receipt = Receipt("messenger", "sent", NOW, message_id="x9", key="k1")
    await store.run(lambda u: u.apply_receipts([receipt], NOW))
    assert await store.run(lambda u: u.overdue_unknown(10, later(60))) == []
    assert await claim(store, at=31) == ["k2"]


async def test_rows_of_a_dead_process_become_unknown_and_those_of_a_live_one_do_not(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    await put(store, outgoing("k1", ana, ANA), outgoing("k2", ben, BEN))
    await claim(store, limit=1, run=7)
    assert await store.run(lambda u: u.orphan(7, later(30))) == 0
    if isinstance(store, PostgresStore):
        other = PostgresStore(store.engine.url.render_as_string(hide_password=False))
        await other.hold(7)
        assert await store.run(lambda u: u.orphan(8, later(30))) == 0
        await other.close()
        for _ in range(100):
            if freed := await store.run(lambda u: u.orphan(8, later(30))):
                break
            await asyncio.sleep(0.02)
        assert freed == 1
    else:
        assert await store.run(lambda u: u.orphan(8, later(30))) == 1
    assert await statuses(store) == {"k1": 2, "k2": 0}


async def test_two_senders_never_take_the_same_row_nor_two_of_one_contact(store: AnyStore) -> None:
    if not isinstance(store, PostgresStore):
        pytest.skip("SQLite has one writer by construction")
    people = [psid(f"p{n}") for n in range(30)]
    await store.run(lambda u: u.take_in([heard(p, p.value) for p in people], NOW))
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    rows = [outgoing(f"{n}/{i}", c.contact.id, people[n]) for i in range(2) for n, c in enumerate(cases)]
    await put(store, *rows)
    both_in = asyncio.Barrier(2)

    async def sender(run: int, channel: str) -> list[str]:
        async with store.engine.begin() as conn:
            claimed = await conn.run_sync(
                lambda sync: SqlUnit(sync).claim_outbox(channel, 15, 10_000.0, run, NOW) if run == 1 else []
            )
            await both_in.wait()
            return [row.entry.key for row in claimed]

    async def second() -> list[str]:
        await both_in.wait()
        return await claim(store, limit=100, pace=10_000.0, run=2)

    first, other = await asyncio.gather(sender(1, "messenger"), second())
    taken = first + other
    assert len(taken) == len(set(taken)) and len({key.split("/")[0] for key in taken}) == len(taken) == 30


async def test_sessions_that_are_over_and_have_something_to_say_yet(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(psid("ana"), "m1"), heard(psid("ben"), "m2")], NOW))
    ana, ben = await store.run(lambda u: [case.contact.id for case in u.claim_cases(10, NOW)])
    sessions = {
        name: Session(name, contact, "f", "r", NOW, status)
        for name, contact, status in (
            ("s1", ana, "done"),
            ("s2", ana, "waiting"),
            ("s3", ana, "done"),
            ("s4", ben, "done"),
        )
    }
    rows = [outgoing("k1", ana, psid("ana"), session="s1"), outgoing("k2", ana, psid("ana"), session="s2"), outgoing("k3", ben, psid("ana"), session="s4")]  # fmt: skip
    await store.run(lambda u: u.write(Writes(sessions=sessions, outgoing=rows), NOW))
    assert [one.id for one in await store.run(lambda u: u.unsent(ana))] == ["s1"]
    await store.run(lambda u: u.write(Writes(withdrawn=["s1"]), NOW))
    assert not await store.run(lambda u: u.unsent(ana))
