"""The ledger, enrolments, numbers of draws and notices, on every database."""

from datetime import timedelta
from typing import Any

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW
from trinario.model.consent import RecordConsent
from trinario.model.effect import ChangeEnrolment, TakeTicket
from trinario.ports import Notice, Writes
from trinario.store.bulk import fetch


async def rows(store: AnyStore, sql: str) -> list[tuple[Any, ...]]:
    return await store.run(lambda unit: [tuple(row) for row in fetch(unit.conn, sql)])


async def test_the_ledger_has_a_row_for_each_channel(store: AnyStore) -> None:
    both = RecordConsent(
        "marketing", "granted", "message", ("whatsapp", "messenger"), "May we?", "join@r1/ok", "yes", "s1"
    )
    every = RecordConsent("all", "withdrawn", "stop_word", said="stop", expires_at=NOW + timedelta(days=1))
    await store.run(lambda unit: unit.write(Writes(consents=[(1, both, NOW), (1, every, NOW)]), NOW))
    found = await rows(store, "SELECT channel, purpose, state, evidence, wording, said FROM consents ORDER BY id")
    assert found == [
        ("whatsapp", "marketing", "granted", "message", "May we?", "yes"),
        ("messenger", "marketing", "granted", "message", "May we?", "yes"),
        ("", "all", "withdrawn", "stop_word", "", "stop"),
    ]


async def test_a_contact_is_in_a_sequence_once_at_a_time(store: AnyStore) -> None:
    async def change(*joins: bool) -> None:
        changes = [(1, ChangeEnrolment("news", one, "s1"), NOW) for one in joins]
        await store.run(lambda unit: unit.write(Writes(enrolments=changes), NOW))

    await change(True, True)
    assert await rows(store, "SELECT state FROM enrolments ORDER BY id") == [("live",)]
    await change(False, False)
    assert await rows(store, "SELECT state, ended_at IS NULL FROM enrolments") in ([("left", 0)], [("left", False)])
    await change(False, True, False, True)
    assert await rows(store, "SELECT state FROM enrolments ORDER BY id") == [("left",), ("left",), ("live",)]


async def test_a_number_is_given_once(store: AnyStore) -> None:
    one, same = (1, TakeTicket("spring", "0000007"), NOW), (2, TakeTicket("spring", "0000007"), NOW)
    other = (1, TakeTicket("summer", "0000007"), NOW)
    await store.run(lambda unit: unit.write(Writes(draws=[one, same, other]), NOW))
    found = await rows(store, "SELECT draw, contact_id FROM draw_tickets ORDER BY id")
    assert found == [("spring", 1), ("summer", 1)]


async def test_notices_are_claimed_settled_and_tried_again(store: AnyStore) -> None:
    made = [Notice(f"k/{n}", 1, "care", "https://shop.example/hook", f"Text {n}", '{"n": 1}') for n in range(3)]
    failed = Notice("k/3", 1, "sales", "", "Text", failed="team sales has no `notify` in bot.yaml")
    await store.run(lambda unit: unit.write(Writes(notices=[*made, made[0], failed]), NOW))
    later = NOW + timedelta(minutes=2)
    taken = await store.run(lambda unit: unit.claim_notices(2, later, NOW))
    assert [(one.key, one.attempts, one.data, one.created_at) for one in taken] == [
        ("k/0", 1, taken[0].data, NOW),
        ("k/1", 1, taken[1].data, NOW),
    ]
    assert taken[0].data.replace(" ", "") == '{"n":1}'
    assert [one.key for one in await store.run(lambda unit: unit.claim_notices(5, later, NOW))] == ["k/2"]
    await store.run(lambda unit: unit.settle_notices([(taken[0].id, ""), (taken[1].id, "gone")], later))
    await store.run(lambda unit: unit.postpone_notices([(taken[0].id + 2, later, "busy")], later))
    found = await rows(store, "SELECT key, status, detail FROM notices ORDER BY key")
    assert found == [
        ("k/0", 3, None),
        ("k/1", 7, "gone"),
        ("k/2", 0, "busy"),
        ("k/3", 7, "team sales has no `notify` in bot.yaml"),
    ]
    assert [one.key for one in await store.run(lambda unit: unit.claim_notices(5, later, later))] == ["k/2"]
