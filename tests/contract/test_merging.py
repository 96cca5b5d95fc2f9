"""Contacts who become one and are two again: what a merge moved goes back, what came since goes where it happened."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, outgoing
from trinario import jsons
from trinario.jobs import parting
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.effect import ChangeEnrolment
from trinario.model.part import Before
from trinario.model.session import Session, Wait
from trinario.ports import Inward, Known, Merge, Said, Token, Writes
from trinario.ports.beside import CallOrder
from trinario.store.merges import APART, MOVED
from trinario.store.postgres import PostgresStore
from trinario.store.tables import METADATA
from trinario.store.unit import SqlUnit

ANNA, BEA, DORA = (
    Identity("telegram", "telegram", "a"),
    Identity("instagram", "igsid", "b"),
    Identity("messenger", "psid", "d"),
)


async def three(store: AnyStore) -> dict[str, Contact]:
    """Three people who wrote once, by the id of each."""
    await store.run(lambda u: u.take_in([heard(one, f"m{one.value}") for one in (ANNA, BEA, DORA)], NOW))
    cases = await store.run(lambda u: u.claim_cases(10, NOW))
    return {case.contact.identities[0].value: case.contact for case in cases}


async def join(store: AnyStore, kept: Contact, taken: Contact, left: tuple[int, ...] = ()) -> Merge:
    """A merge as the database knows it."""
    made = Merge(kept.id, taken.id, NOW, "team", "", {}, Before(kept, taken, kept), {}, left)
    id = await store.run(lambda u: u.merges.add(made))
    found = await store.run(lambda u: u.merges.find(id))
    assert found is not None
    return found


async def rows(store: AnyStore, sql: str) -> list[tuple[Any, ...]]:
    return await store.run(lambda u: [tuple(row) for row in u.conn.exec_driver_sql(sql).fetchall()])


async def part(store: AnyStore, merge: Merge) -> None:
    done = await store.run(lambda u: parting.undo(u, merge.id, "team", "", NOW))
    assert isinstance(done, parting.Parted)


async def test_the_inner_one_of_two_merges_is_undone_first(store: AnyStore) -> None:
    who = await three(store)
    inner = await join(store, who["a"], who["b"])
    outer = await join(store, who["d"], who["a"])
    await part(store, inner)
    await part(store, outer)
    assert await rows(store, "SELECT id FROM contacts WHERE merged_into IS NOT NULL") == []
    owners = await rows(store, "SELECT value, contact_id FROM identities ORDER BY value")
    assert owners == [(name, who[name].id) for name in "abd"]


async def test_messages_of_two_channels_may_have_the_same_id(store: AnyStore) -> None:
    who = await three(store)
    merge = await join(store, who["d"], who["b"])
    await store.run(lambda u: u.take_in([heard(DORA, "5"), heard(BEA, "5")], NOW))
    lines = [
        Said(who["d"].id, "in", "contact", channel, NOW, "text", channel, "5") for channel in ("messenger", "instagram")
    ]
    await store.run(lambda u: u.write(Writes(said=lines), NOW))
    await part(store, merge)
    assert await rows(store, f"SELECT channel FROM messages WHERE contact_id = {who['b'].id}") == [("instagram",)]


async def test_what_the_kept_one_s_session_has_not_sent_yet_is_withdrawn(store: AnyStore) -> None:
    who = await three(store)
    merge = await join(store, who["d"], who["b"])
    session = Session("i1.1", who["d"].id, "f", "r", NOW)
    line = outgoing("i1.1/1/1/0", who["d"].id, BEA, session="i1.1", awaited=True)
    await store.run(lambda u: u.write(Writes(sessions={session.id: session}, outgoing=[line]), NOW))
    await part(store, merge)
    assert await rows(store, "SELECT contact_id, status, refusal FROM outbox") == [(who["d"].id, 9, "parted")]
    assert (who["d"].id, "fate") in await rows(store, "SELECT contact_id, kind FROM inbox")


async def test_only_what_was_said_since_may_hold_what_the_other_has_told(store: AnyStore) -> None:
    who = await three(store)
    kept = who["d"].id
    session = Session("i1.1", kept, "f", "r", NOW)

    async def asks(key: str, at: datetime) -> None:
        line = outgoing(key, kept, DORA, session="i1.1")
        said = Said(kept, "out", "bot", "messenger", at, "text", "Which colour? Red, Green", "", key)
        await store.run(lambda u: u.write(Writes(sessions={session.id: session}, outgoing=[line], said=[said]), at))

    await asks("before", NOW - timedelta(minutes=1))
    merge = await join(store, who["d"], replace(who["b"], fields={"colour": "Red"}))
    await asks("since", NOW)
    await part(store, merge)
    found = await rows(store, "SELECT key, status, refusal FROM outbox ORDER BY id")
    assert found == [("before", 0, None), ("since", 9, "parted")]


@pytest.mark.parametrize(("shown_to", "used"), [(BEA, False), (DORA, True)])
async def test_links_and_calls_go_with_their_session_and_what_the_other_was_shown_opens_nothing(
    store: AnyStore, shown_to: Identity, used: bool
) -> None:
    who = await three(store)
    kept, taken = who["d"].id, who["b"].id
    session = Session("i2.1", taken, "f", "r", NOW)
    await store.run(lambda u: u.write(Writes(sessions={session.id: session}), NOW))
    merge = await join(store, who["d"], who["b"])
    token = Token("h", "i2.1/3", kept, session.id, "to_wa", "whatsapp", "messenger", None, NOW + timedelta(hours=1))
    call = CallOrder("c", kept, session.id, "f.call", "http", {}, 5.0, 0, False, NOW + timedelta(minutes=1))
    link = outgoing("i2.1/3/1/0", kept, shown_to, session=session.id)
    writes = Writes(
        sessions={session.id: replace(session, contact=kept)}, outgoing=[link], tokens=[token], calls=[call]
    )
    await store.run(lambda u: u.write(writes, NOW))
    await part(store, merge)
    assert await rows(store, "SELECT contact_id, used_at IS NOT NULL FROM link_tokens") == [(taken, used)]
    assert await rows(store, "SELECT contact_id FROM calls") == [(taken,)]


async def test_who_enrolled_again_meanwhile_is_enrolled_once(store: AnyStore) -> None:
    who = await three(store)
    kept, taken = who["d"].id, who["b"].id

    async def enrol(contact: int, joins: bool = True, session: str = "") -> None:
        change = ChangeEnrolment("seq", joins, session)
        await store.run(lambda u: u.write(Writes(enrolments=[(contact, change, NOW)]), NOW))

    await enrol(kept)
    await enrol(taken)
    left = await store.run(lambda u: u.merges.end_doubled(kept, taken, NOW))
    merge = await join(store, who["d"], who["b"], tuple(left))
    await enrol(kept, joins=False)
    await store.run(lambda u: u.take_in([heard(BEA, "x")], NOW))
    ((newest,),) = await rows(store, "SELECT MAX(id) FROM inbox")
    await enrol(kept, session=f"i{newest}.1")
    begun = Session(f"i{newest}.1", kept, "f", "r", NOW, status="done")
    await store.run(lambda u: u.write(Writes(sessions={begun.id: begun}), NOW))
    await part(store, merge)
    live = await rows(store, "SELECT contact_id FROM enrolments WHERE state = 'live'")
    assert live == [(taken,)]


async def test_what_comes_in_while_they_are_parted_is_hers(store: AnyStore) -> None:
    if not isinstance(store, PostgresStore):
        pytest.skip("one writer at a time")
    who = await three(store)
    merge = await join(store, who["d"], who["b"])
    async with store.engine.begin() as conn:
        await conn.run_sync(lambda c: SqlUnit(c).lock_cases([who["d"].id], [], NOW))
        await conn.run_sync(lambda c: SqlUnit(c).merges.undo(merge, who["d"].id, "t", "", NOW))
        task = asyncio.create_task(store.run(lambda u: u.take_in([heard(BEA, "race")], NOW)))
        await _waits(store)
    await task
    assert await rows(store, "SELECT contact_id FROM inbox WHERE external_id = 'race'") == [(who["b"].id,)]


async def _waits(store: AnyStore) -> None:
    """Until somebody waits for the lock of a contact."""
    sql = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%'"
    for _ in range(500):
        if await rows(store, sql):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_whoever_is_busy_is_not_parted_now(store: AnyStore) -> None:
    if not isinstance(store, PostgresStore):
        pytest.skip("one writer at a time")
    who = await three(store)
    merge = await join(store, who["d"], who["b"])
    async with store.engine.begin() as conn:
        await conn.run_sync(lambda c: SqlUnit(c).lock_cases([who["d"].id], [], NOW))
        assert await store.run(lambda u: parting.undo(u, merge.id, "t", "", NOW)) is None
    await part(store, merge)
    again = await store.run(lambda u: parting.undo(u, merge.id, "t", "", NOW))
    assert isinstance(again, parting.CannotPart) and "was undone" in again.why
    missing = await store.run(lambda u: parting.undo(u, 999, "t", "", NOW))
    assert isinstance(missing, parting.CannotPart)


def test_every_table_that_knows_of_contacts_says_what_a_merge_does_with_it() -> None:
    whose = {"contact_id", "contact", "kept", "one", "sender"}
    known = {table.name for table in METADATA.sorted_tables if whose & {column.name for column in table.columns}}
    assert known | {"contacts"} == set(MOVED) | set(APART)
    for table, key in MOVED.items():
        assert key in METADATA.tables[table].columns and "contact_id" in METADATA.tables[table].columns


async def test_an_answer_that_comes_for_the_session_of_the_one_parted_is_told_to_her(store: AnyStore) -> None:
    who = await three(store)
    kept, taken = who["d"].id, who["b"].id
    waiting = Session("i1.1", taken, "f", "r", NOW, wait=Wait("s", "call", NOW))
    await store.run(lambda u: u.write(Writes(sessions={waiting.id: waiting}), NOW))
    merge = await join(store, who["d"], who["b"])
    told = Inward("", "called:1", "called", jsons.dumps({"session": waiting.id}), contact=kept)
    await store.run(lambda u: u.take_in([told], NOW))
    await part(store, merge)
    assert await rows(store, "SELECT contact_id FROM inbox WHERE kind = 'called'") == [(taken,)]


async def test_contacts_who_have_the_same_number_are_suggested_and_never_again_when_dismissed(store: AnyStore) -> None:
    who = await three(store)
    first, second, third = sorted(one.id for one in who.values())
    phone, address = Known("phone", "393331234567", "phone"), Known("email", "a@b.example", "email")

    async def know(contact: int, *known: Known) -> list[tuple[int, int, str]]:
        await store.run(lambda u: u.write(Writes(known={contact: known}), NOW))
        found = await store.run(lambda u: u.merges.suggestions(None, "open", 10))
        return sorted((one.one, one.two, one.because) for one in found)

    assert await know(first, phone) == []
    assert await know(second, phone, address) == [(first, second, "phone")]
    await store.run(lambda u: u.merges.settle_suggestion((second, first), "dismissed", "marta", NOW))
    assert await know(second, phone) == []
    assert await know(third, address) == [], "nobody has it any more"
    assert await store.run(lambda u: u.merges.known_kinds([second])) == {"phone": "phone"}
    await store.run(lambda u: u.take_in([heard(Identity("wa", "phone", "390001"), "w")], NOW))
    ((fourth,),) = await rows(store, "SELECT contact_id FROM identities WHERE value = '390001'")
    assert await know(third, Known("phone", "390001", "phone")) == [(third, fourth, "phone")]
    mine = await store.run(lambda u: u.merges.suggestions(first, "dismissed", 10))
    assert [one.by for one in mine] == ["marta"]
