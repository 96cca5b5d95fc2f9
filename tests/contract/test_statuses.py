"""Receipts that bring something new to messages, told to flows that begin by it."""

from datetime import timedelta

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, outgoing, psid
from trinario import jsons
from trinario.jobs.statuses import told
from trinario.model.failure import Failure
from trinario.model.heard import Receipt
from trinario.ports import Settled, Writes

ANA = psid("ana")


async def a_message(store: AnyStore) -> int:
    """A message of flow `offer`, step `s`, accepted as `mid.1`; gives the contact."""
    await store.run(lambda u: u.take_in([heard(ANA, "m1")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    row = outgoing("i1/1/1/0/0", case.contact.id, ANA, cause="offer.s")
    await store.run(lambda u: u.write(Writes(outgoing=[row], finished=[(1, case.entries[0].id, None)]), NOW))
    (claimed,) = await store.run(lambda u: u.claim_outbox("messenger", 10, 100.0, 1, NOW))
    done = Settled(claimed.entry.id, 3, external_id="mid.1", sent_at=NOW)
    await store.run(lambda u: u.settle([done], NOW, 1))
    return case.contact.id


async def test_by_key_by_id_and_by_watermark(store: AnyStore) -> None:
    contact = await a_message(store)
    wanted = frozenset({"delivered", "read"})
    for receipt in (
        Receipt("messenger", "delivered", NOW, key="i1/1/1/0/0"),
        Receipt("messenger", "delivered", NOW, message_id="mid.1"),
        Receipt("messenger", "read", NOW, identity=ANA, watermark=later(5)),
    ):
        (entry,) = await store.run(lambda u, r=receipt: told(u, [r], wanted))  # type: ignore[misc]
        assert entry.contact == contact
        assert entry.external_id == f"status:i1/1/1:{receipt.status}"
        body = jsons.loads(entry.body)
        assert (body["flow"], body["step"], body["status"], body["channel"]) == (
            "offer",
            "s",
            receipt.status,
            "messenger",
        )


async def test_what_is_known_already_is_no_news(store: AnyStore) -> None:
    await a_message(store)
    read = Receipt("messenger", "read", NOW, message_id="mid.1")
    await store.run(lambda u: u.apply_receipts([read], NOW))
    wanted = frozenset({"sent", "delivered", "read", "failed"})
    for status in sorted(wanted):
        receipt = Receipt("messenger", status, NOW, message_id="mid.1", failure=Failure("drop", code=5))
        assert await store.run(lambda u, r=receipt: told(u, [r], wanted)) == []  # type: ignore[misc]


async def test_what_nobody_waits_for_is_not_asked(store: AnyStore) -> None:
    await a_message(store)
    old = Receipt("messenger", "read", NOW, identity=ANA, watermark=NOW - timedelta(days=1))
    wanted = frozenset({"read"})
    assert await store.run(lambda u: told(u, [old], wanted)) == []
    assert await store.run(lambda u: told(u, [Receipt("messenger", "read", NOW, message_id="mid.9")], wanted)) == []
    assert (
        await store.run(lambda u: told(u, [Receipt("messenger", "read", NOW, message_id="mid.1")], frozenset())) == []
    )


async def test_a_failure_says_its_code(store: AnyStore) -> None:
    await a_message(store)
    failed = Receipt("messenger", "failed", NOW, message_id="mid.1", failure=Failure("drop", code=551))
    (entry,) = await store.run(lambda u: told(u, [failed], frozenset({"failed"})))
    assert jsons.loads(entry.body)["reason"] == "551"


async def test_a_fate_that_comes_between_a_send_and_its_record_is_not_lost(store: AnyStore) -> None:
    """On a server neither transaction sees the other: the fate waits for a message that is recorded already."""
    await a_message(store)
    early = "INSERT INTO receipts (channel, message_id, status, at) VALUES ('messenger', 'mid.1', 6, 0)"
    other = "INSERT INTO receipts (channel, message_id, status, at) VALUES ('messenger', 'mid.9', 6, 0)"
    for sql in (early, other):
        await store.run(lambda u, sql=sql: u.conn.exec_driver_sql(sql))  # type: ignore[misc]
    await store.run(lambda u: u.prune(later(-3600)))
    assert await store.run(lambda u: [tuple(row) for row in u.conn.exec_driver_sql("SELECT status FROM outbox")]) == [
        (6,)
    ]
    left = await store.run(lambda u: [tuple(row) for row in u.conn.exec_driver_sql("SELECT message_id FROM receipts")])
    assert left in ([("mid.9",)], [])  # what nobody asks for goes with its age
