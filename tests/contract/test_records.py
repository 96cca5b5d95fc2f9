"""What a replay reads: sessions, rows that had their turn, and why an inbox alone does not tell all."""

from dataclasses import replace

from tests.contract.conftest import AnyStore
from tests.contract.people import merged
from tests.contract.records import NOW, heard, later, psid
from trinario.model.session import Session, Wait
from trinario.ports import Said, Writes

ANA, BEN = psid("ana"), psid("ben")


async def both(store: AnyStore) -> tuple[int, int]:
    await store.run(lambda u: u.take_in([heard(ANA, "a1"), heard(BEN, "b1"), heard(ANA, "a2"), heard(ANA, "a3")], NOW))
    ana, ben = await store.run(lambda u: u.claim_cases(10, NOW))
    status = {"a1": 1, "a2": 2, "a3": 3}
    rows = [(status[entry.external_id], entry.id, None) for entry in ana.entries]
    await store.run(lambda u: u.write(Writes(finished=rows), NOW))
    return ana.contact.id, ben.contact.id


async def test_rows_that_had_their_turn_in_order_and_no_others(store: AnyStore) -> None:
    ana, ben = await both(store)
    rows = await store.run(lambda u: u.worked_off(ana, 10))
    assert [(row.external_id, row.contact, row.received_at) for row in rows] == [("a1", ana, NOW), ("a3", ana, NOW)]
    assert [row.external_id for row in await store.run(lambda u: u.worked_off(ana, 1))] == ["a1"]
    assert await store.run(lambda u: u.worked_off(ben, 10)) == []


async def test_the_sessions_that_moved_last_ended_or_not(store: AnyStore) -> None:
    ana, ben = await both(store)
    waits = Session("s1", ana, "shop", "r1", NOW, wait=Wait("q", "ask", NOW))
    done = replace(waits, id="s2", contact=ben, status="done", wait=None)
    other = replace(waits, id="s3", flow="other")
    for number, session in enumerate((waits, done, other)):
        at = later(number)
        await store.run(lambda u, s=session, at=at: u.write(Writes(sessions={s.id: s}), at))
    assert await store.run(lambda u: u.latest_sessions(None, 2)) == [other, done]
    assert await store.run(lambda u: u.latest_sessions("shop", 9)) == [done, waits]


async def test_what_the_inbox_does_not_know(store: AnyStore) -> None:
    ana, ben = await both(store)
    assert await store.run(lambda u: u.foreign(ana)) == ""
    await store.run(lambda u: merged(u, ana, ben))
    assert "joined" in await store.run(lambda u: u.foreign(ana))
    said = Said(ana, "out", "person", "messenger", NOW, "text", "Hello, it is me")
    await store.run(lambda u: u.write(Writes(said=[said]), NOW))
    assert "people of the team" in await store.run(lambda u: u.foreign(ana))
