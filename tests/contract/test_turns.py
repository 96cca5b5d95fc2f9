"""What a batch of turns writes comes back as it was."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, psid
from trinario.model.contact import Contact
from trinario.model.session import Offered, Session, Wait
from trinario.ports import Said, Writes
from trinario.store.find import events

ANA = psid("ana")


async def a_contact(store: AnyStore) -> Contact:
    await store.run(lambda u: u.take_in([heard(ANA, "m1")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    await store.run(lambda u: u.write(Writes(finished=[(1, case.entries[0].id, None)]), NOW))
    return case.contact


def a_session(contact: int, id: str = "i1.1", **changes: object) -> Session:
    wait = Wait("colour", "ask", NOW, 1, until=later(60), options=(Offered("i1.1/1/0", "Rosso", "red", "Red"),))
    session = Session(
        id, contact, "welcome", "r1", NOW, wait=wait, answers={"n": Decimal("1.5"), "d": date(2026, 3, 1)}
    )
    return replace(session, **changes)  # type: ignore[arg-type]


async def test_a_contact_and_a_session_come_back_as_they_were(store: AnyStore) -> None:
    contact = replace(
        await a_contact(store), first_name="Ana", language="it", fields={"budget": Decimal("99.90"), "day": date(2026, 1, 2)},
        tags=frozenset({"vip", "new"}), consent={"marketing": False}, last_heard={"messenger": NOW}, last_seen_at=NOW,
        channel="messenger", owner="person", owner_until=later(9), pending_link="h", marks={"nps/event:order.delivered/": NOW},
    )  # fmt: skip
    session = a_session(contact.id)
    writes = Writes(contacts={contact.id: contact}, sessions={session.id: session})
    await store.run(lambda u: u.write(writes, NOW))
    await store.run(lambda u: u.take_in([heard(ANA, "m2")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    assert case.contact == contact
    assert case.sessions == (session,)


async def test_an_ended_session_is_not_loaded_but_told(store: AnyStore) -> None:
    contact = await a_contact(store)
    session = a_session(contact.id)
    await store.run(lambda u: u.write(Writes(sessions={session.id: session}), NOW))
    done = replace(session, status="done", wait=None)
    await store.run(lambda u: u.write(Writes(sessions={session.id: done}), later(1)))
    assert await store.run(lambda u: u.claim_due(10, later(1000))) == []
    assert await store.run(lambda u: u.sessions(contact.id, 10)) == [done]


async def test_a_session_is_due_when_its_time_has_come_and_nothing_is_pending(store: AnyStore) -> None:
    contact = await a_contact(store)
    session = a_session(contact.id)
    await store.run(lambda u: u.write(Writes(sessions={session.id: session}), NOW))
    assert await store.run(lambda u: u.schedules.next_due(NOW)) == later(60)
    assert await store.run(lambda u: u.claim_due(10, later(59))) == []
    (case,) = await store.run(lambda u: u.claim_due(10, later(60)))
    assert case.due == ("i1.1",) and case.sessions == (session,) and case.entries == ()
    await store.run(lambda u: u.take_in([heard(ANA, "m2")], NOW))
    assert await store.run(lambda u: u.claim_due(10, later(60))) == []


async def test_timers_are_taken_once_and_moved_by_their_key(store: AnyStore) -> None:
    contact = await a_contact(store)
    timer = (f"owner:{contact.id}", contact.id, "owner", later(10), "{}")
    await store.run(lambda u: u.write(Writes(timers=[timer]), NOW))
    await store.run(lambda u: u.write(Writes(timers=[(*timer[:3], later(20), "{}")]), NOW))
    assert await store.run(lambda u: u.claim_timers(10, later(10))) == []
    assert await store.run(lambda u: u.claim_timers(10, later(20))) == [(timer[0], contact.id, "owner", "{}")]
    assert await store.run(lambda u: u.claim_timers(10, later(20))) == []


async def test_the_thread_is_told_newest_first_in_pages(store: AnyStore) -> None:
    contact = await a_contact(store)
    lines = [Said(contact.id, "in", "contact", "messenger", later(n), "text", f"line {n}", f"x{n}") for n in range(5)]
    await store.run(lambda u: u.write(Writes(said=lines), NOW))
    page = await store.run(lambda u: u.thread(contact.id, 10**12, 2))
    assert [row["text"] for row in page] == ["line 4", "line 3"]
    rest = await store.run(lambda u: u.thread(contact.id, page[-1]["id"], 10))
    assert [row["text"] for row in rest] == ["line 2", "line 1", "line 0"]


async def test_events_and_tickets_are_kept(store: AnyStore) -> None:
    contact = await a_contact(store)
    writes = Writes(
        events=[(contact.id, "goal", NOW, '{"goal": "booked"}')],
        tickets=[(contact.id, "i1.1", "sales", "a note", "high", NOW)],
    )
    await store.run(lambda u: u.write(writes, NOW))
    (event,) = await store.run(lambda u: events(u.conn, contact.id, 10))
    assert event["name"] == "goal" and event["data"] == {"goal": "booked"}
    assert (await store.run(lambda u: u.counts()))["tickets_open"] == 1


async def test_contacts_are_found_by_identity_and_by_field(store: AnyStore) -> None:
    contact = replace(await a_contact(store), fields={"crm": "c-17"})
    await store.run(lambda u: u.write(Writes(contacts={contact.id: contact}), NOW))
    assert await store.run(lambda u: u.contact_ids({"identity": ("messenger", "ana")})) == [contact.id]
    assert await store.run(lambda u: u.contact_ids({"identity": ("messenger", "nobody")})) == []
    assert await store.run(lambda u: u.contact_ids({"field": ("crm", "c-17")})) == [contact.id]
    assert await store.run(lambda u: u.contact_ids({"id": contact.id})) == [contact.id]


async def test_revisions_of_live_sessions_are_kept(store: AnyStore) -> None:
    contact = await a_contact(store)
    rows = [("welcome", "r1", "flow: welcome", "{}"), ("welcome", "r0", "flow: welcome", "{}")]
    await store.run(lambda u: u.versions.keep(rows, NOW))
    await store.run(lambda u: u.versions.keep(rows, NOW))
    session = a_session(contact.id)
    await store.run(lambda u: u.write(Writes(sessions={session.id: session}), NOW))
    assert [row[:3] for row in await store.run(lambda u: u.versions.revisions())] == [
        ("welcome", "r1", "flow: welcome")
    ]


async def test_the_clock_leaves_a_contact_alone_whom_people_have(store: AnyStore) -> None:
    contact = replace(await a_contact(store), owner="person")
    session = a_session(contact.id)
    await store.run(lambda u: u.write(Writes(contacts={contact.id: contact}, sessions={session.id: session}), NOW))
    assert await store.run(lambda u: u.claim_due(10, later(60))) == []
    back = replace(contact, owner="bot")
    await store.run(lambda u: u.write(Writes(contacts={contact.id: back}, sessions={session.id: session}), NOW))
    (case,) = await store.run(lambda u: u.claim_due(10, later(60)))
    assert case.due == ("i1.1",)
