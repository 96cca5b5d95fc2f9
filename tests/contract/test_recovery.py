"""After a death or a lost commit: whose row it is, how long it is looked for, and who has to be told."""

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, outgoing, psid
from trinario.model.heard import Receipt
from trinario.ports import Inward, Settled, Writes

ANA = psid("ana")


async def _said(store: AnyStore, *keys: str, **changes: object) -> tuple[int, dict[str, int]]:
    """Ana's contact id, and the ids of rows for her by key."""
    await store.run(lambda u: u.take_in([heard(ANA, "a")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    rows = [outgoing(key, case.contact.id, ANA, **changes) for key in keys]
    await store.run(lambda u: u.write(Writes(outgoing=rows), NOW))
    sql = "SELECT key, id FROM outbox"
    found = await store.run(lambda u: u.conn.exec_driver_sql(sql).fetchall())
    return case.contact.id, {row[0]: row[1] for row in found}


async def _claim(store: AnyStore, at: float = 0.0, run: int = 7) -> list[str]:
    rows = await store.run(lambda u: u.claim_outbox("messenger", 10, 300.0, run, later(at)))
    return [row.entry.key for row in rows]


async def _status(store: AnyStore, key: str) -> tuple[int, int, str | None]:
    sql = f"SELECT status, attempts, detail FROM outbox WHERE key = '{key}'"
    row = await store.run(lambda u: u.conn.exec_driver_sql(sql).fetchone())
    assert row is not None
    return row[0], row[1], row[2]


async def test_a_claim_that_nobody_knows_of_is_given_back(store: AnyStore) -> None:
    _, known = await _said(store, "k1")
    assert await _claim(store) == ["k1"]
    assert await store.run(lambda u: u.unclaim(7, {known["k1"], 99})) == {known["k1"]}
    assert await store.run(lambda u: u.unclaim(8, {known["k1"]})) == set()
    assert await _claim(store) == []
    assert await store.run(lambda u: u.unclaim(7, set())) == set()
    assert await _claim(store) == ["k1"]


async def test_what_is_in_hand_and_settled_is_known(store: AnyStore) -> None:
    """After an exchange of which nobody knows whether it stands: what it settled is not weighed once more."""
    _, known = await _said(store, "k1")
    assert await _claim(store) == ["k1"]
    await store.run(lambda u: u.settle([Settled(known["k1"], 3, external_id="wamid.1", sent_at=NOW)], NOW, 7))
    assert await store.run(lambda u: u.unclaim(7, {known["k1"]})) == set()


async def test_a_row_of_a_dead_process_says_why_and_is_no_try(store: AnyStore) -> None:
    await _said(store, "k1")
    await _claim(store)
    assert await store.run(lambda u: u.orphan(8, later(30))) == 1
    assert await _status(store, "k1") == (2, 0, "the process ended while it was being sent")


async def test_a_start_gives_unknown_rows_their_time_again_unless_they_are_old(store: AnyStore) -> None:
    await _said(store, "k1")
    await _claim(store)
    await store.run(lambda u: u.orphan(8, later(30)))
    assert await store.run(lambda u: u.search_anew(later(130), later(1))) == 0
    assert await store.run(lambda u: u.search_anew(later(130), later(-1))) == 1
    assert await store.run(lambda u: u.overdue_unknown(10, later(129))) == []
    assert await store.run(lambda u: u.search_anew(later(100), later(-1))) == 0
    assert len(await store.run(lambda u: u.overdue_unknown(10, later(130)))) == 1


async def test_nothing_is_decided_while_an_echo_of_hers_waits_to_be_worked_off(store: AnyStore) -> None:
    ana, _ = await _said(store, "k1")
    await _claim(store)
    await store.run(lambda u: u.orphan(8, later(30)))
    await store.run(lambda u: u.take_in([Inward("messenger", "m-echo", "echo", "{}", contact=ana)], NOW))
    assert await store.run(lambda u: u.overdue_unknown(10, later(60))) == []
    await store.run(lambda u: u.conn.exec_driver_sql("UPDATE inbox SET status = 1") and None)
    assert len(await store.run(lambda u: u.overdue_unknown(10, later(60)))) == 1


async def test_an_echo_may_be_of_what_is_to_be_sent_once_more(store: AnyStore) -> None:
    ana, known = await _said(store, "k1", "k2")
    assert await store.run(lambda u: u.open_rows(ana, "messenger")) == []
    await _claim(store)
    await store.run(
        lambda u: u.settle([Settled(known["k1"], 2, detail="lost", not_before=later(5), attempts=1)], NOW, 7)
    )
    assert [row[2] for row in await store.run(lambda u: u.open_rows(ana, "messenger"))] == ["k1"]
    await store.run(lambda u: u.settle([Settled(known["k1"], 0, detail="sent again", attempts=1)], NOW, 7))
    assert [row[:3] for row in await store.run(lambda u: u.open_rows(ana, "messenger"))] == [(known["k1"], 0, "k1")]
    assert await store.run(lambda u: u.sent_again("messenger", "ana")) == []
    await store.run(lambda u: u.settle([Settled(known["k1"], 3, external_id="x1", sent_at=NOW)], NOW))
    assert await store.run(lambda u: u.open_rows(ana, "messenger")) == []
    assert len(await store.run(lambda u: u.sent_again("messenger", "ana"))) == 1


async def test_who_waits_for_a_message_is_found_by_its_key_until_it_is_accepted(store: AnyStore) -> None:
    ana, _ = await _said(store, "k1", awaited=True, session="s1")
    await _claim(store)
    assert await store.run(lambda u: u.awaited(["k1", "k9"])) == [(ana, "k1", "s1")]
    await store.run(lambda u: u.apply_receipts([Receipt("messenger", "sent", NOW, message_id="x", key="k1")], NOW))
    assert await store.run(lambda u: u.awaited(["k1"])) == []
    assert await store.run(lambda u: u.awaited([])) == []
