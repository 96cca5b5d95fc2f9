"""What a hostile reader of the store found, each kept as a test."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.people import BOT as NOBODYS
from tests.contract.records import NOW, heard, later, outgoing, psid
from trinario.jobs.joining import by_team
from trinario.model.channel import Identity
from trinario.model.session import Frame, Session, Wait
from trinario.ports import Said, Settled, Token, Writes
from trinario.store.sqlite import SqliteStore
from trinario.store.unit import SqlUnit

ANA = psid("ana")
IG = Identity("instagram", "igsid", "ana-ig")


async def ana_of(store: AnyStore) -> int:
    await store.run(lambda u: u.take_in([heard(ANA, "a")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    await store.run(lambda u: u.write(Writes(finished=[(1, case.entries[0].id, None)]), NOW))
    return case.contact.id


async def one(store: AnyStore, sql: str) -> object:
    return await store.run(lambda u: u.conn.exec_driver_sql(sql).scalar())


async def test_a_full_disk_loses_nothing_that_was_told_kept(store: AnyStore) -> None:
    if not isinstance(store, SqliteStore):
        pytest.skip("it is SQLite that ends the transaction by itself")
    import asyncio

    await ana_of(store)

    def fill(unit: SqlUnit) -> None:
        pages = unit.conn.exec_driver_sql("PRAGMA page_count").scalar()
        unit.conn.exec_driver_sql(f"PRAGMA max_page_count = {int(pages or 0) + 12}")

    await store.run(fill)
    big = "x" * 9000
    works = [store.run(lambda u, n=n: u.take_in([heard(ANA, f"m{n}", big)], NOW)) for n in range(20)]
    told = await asyncio.gather(*works, return_exceptions=True)
    kept = await one(store, "SELECT COUNT(*) FROM inbox WHERE external_id LIKE 'm%'")
    assert sum(outcome == 1 for outcome in told) == kept
    assert any(isinstance(outcome, Exception) for outcome in told)


async def test_only_who_sends_a_row_may_say_that_it_was_not_sent(store: AnyStore) -> None:
    ana = await ana_of(store)
    await store.run(lambda u: u.write(Writes(outgoing=[outgoing("k1", ana, ANA)]), NOW))
    (row,) = await store.run(lambda u: u.claim_outbox("messenger", 5, 10.0, 2, NOW))
    stale = Settled(row.entry.id, 0, attempts=1)
    await store.run(lambda u: u.settle([stale], NOW, 1))
    assert await one(store, "SELECT status FROM outbox") == 1
    await store.run(lambda u: u.settle([stale], NOW, 2))
    assert await one(store, "SELECT status FROM outbox") == 0


async def test_messages_for_a_channel_that_is_gone_fail_and_hold_nothing_up(store: AnyStore) -> None:
    ana = await ana_of(store)
    gone = replace(ANA, channel="old")
    rows = [outgoing("k1", ana, gone, session="s1", awaited=True), outgoing("k2", ana, ANA)]
    await store.run(lambda u: u.write(Writes(outgoing=rows), NOW))
    assert await store.run(lambda u: u.claim_outbox("messenger", 5, 10.0, 1, NOW)) == []
    assert await store.run(lambda u: u.abandon(["messenger"])) == [(ana, "k1", "s1")]
    (claimed,) = await store.run(lambda u: u.claim_outbox("messenger", 5, 10.0, 1, NOW))
    assert claimed.entry.key == "k2"


async def test_a_row_that_waits_on_one_channel_does_not_mute_the_others(store: AnyStore) -> None:
    ana = await ana_of(store)
    await store.run(lambda u: u.write(Writes(outgoing=[outgoing("k1", ana, IG), outgoing("k2", ana, ANA)]), NOW))
    (row,) = await store.run(lambda u: u.claim_outbox("instagram", 5, 10.0, 1, NOW))
    await store.run(lambda u: u.settle([Settled(row.entry.id, 0, not_before=later(30))], NOW, 1))
    (other,) = await store.run(lambda u: u.claim_outbox("messenger", 5, 10.0, 1, later(1)))
    assert other.entry.key == "k2"


async def test_a_clock_that_is_set_back_mutes_no_channel(store: AnyStore) -> None:
    ana = await ana_of(store)
    await store.run(lambda u: u.write(Writes(outgoing=[outgoing("k1", ana, ANA), outgoing("k2", ana, ANA)]), NOW))
    ahead = NOW + timedelta(hours=25)
    (row,) = await store.run(lambda u: u.claim_outbox("messenger", 5, 1.0, 1, ahead))
    await store.run(lambda u: u.settle([Settled(row.entry.id, 3, external_id="x", sent_at=NOW)], NOW, 1))
    assert await store.run(lambda u: u.claim_outbox("messenger", 5, 1.0, 1, NOW)) == []
    assert await store.run(lambda u: u.claim_outbox("messenger", 5, 1.0, 1, later(2)))


async def test_a_message_that_cannot_be_read_fails_alone(store: AnyStore) -> None:
    ana = await ana_of(store)
    rows = [outgoing("k1", ana, ANA, content='{"k": "hologram"}'), outgoing("k2", ana, IG)]
    await store.run(lambda u: u.write(Writes(outgoing=rows), NOW))
    assert await store.run(lambda u: u.claim_outbox("messenger", 5, 10.0, 1, NOW)) == []
    assert await one(store, "SELECT refusal FROM outbox WHERE key = 'k1'") == "unreadable"
    assert len(await store.run(lambda u: u.claim_outbox("instagram", 5, 10.0, 1, NOW))) == 1


async def test_what_is_meant_for_a_merged_contact_reaches_the_one_she_is(store: AnyStore) -> None:
    ana = await ana_of(store)
    await store.run(lambda u: u.take_in([heard(IG, "b")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    other = case.contact.id
    timer = (f"owner:{other}", other, "owner", later(5), "{}")
    await store.run(lambda u: u.write(Writes(timers=[timer]), NOW))
    await store.run(lambda u: by_team(u, NOBODYS, ana, other, "mia", "same voice", NOW))
    assert [row[1] for row in await store.run(lambda u: u.claim_timers(5, later(5)))] == [ana]
    late = replace(heard(IG, "c"), contact=other, identities=())
    await store.run(lambda u: u.take_in([late], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    assert case.contact.id == ana and [e.external_id for e in case.entries] == ["b", "c"]


async def test_a_link_that_is_offered_again_lives_again_unless_it_was_used(store: AnyStore) -> None:
    ana = await ana_of(store)
    token = Token("h1", "o1", ana, "s1", "to_ig", "instagram", "messenger", None, later(60))
    for until in (60, 600):
        await store.run(lambda u, t=until: u.write(Writes(tokens=[replace(token, expires_at=later(t))]), NOW))
    assert (await store.run(lambda u: u.find_tokens(["h1"])))["h1"].expires_at == later(600)
    await store.run(lambda u: u.use_token("h1", ana, NOW))
    await store.run(lambda u: u.write(Writes(tokens=[replace(token, expires_at=later(900))]), NOW))
    found = (await store.run(lambda u: u.find_tokens(["h1"])))["h1"]
    assert found.expires_at == later(600) and found.used_at == NOW


async def test_the_revisions_of_callers_are_recalled(store: AnyStore) -> None:
    ana = await ana_of(store)
    rows = [("inner", "r2", "flow: inner", "{}"), ("outer", "r1", "flow: outer", "{}"), ("old", "r0", "x", "{}")]
    await store.run(lambda u: u.versions.keep(rows, NOW))
    frame = Frame("outer", "r1", "call", {}, {}, {})
    session = Session("s1", ana, "inner", "r2", NOW, wait=Wait("q", "ask", NOW), stack=(frame,))
    await store.run(lambda u: u.write(Writes(sessions={"s1": session}), NOW))
    assert sorted(row[1] for row in await store.run(lambda u: u.versions.revisions())) == ["r1", "r2"]


async def test_nul_and_lone_surrogates_are_written_as_something_legible(store: AnyStore) -> None:
    ana = await ana_of(store)
    (contact,) = await store.run(lambda u: u.contacts([ana], NOW))
    odd = "a\0b\ud800c"
    writes = Writes(
        contacts={ana: replace(contact, fields={"note": odd})},
        said=[Said(ana, "in", "contact", "messenger", NOW, "text", odd, "x1")],
    )
    await store.run(lambda u: u.write(writes, NOW))
    (contact,) = await store.run(lambda u: u.contacts([ana], NOW))
    assert contact.fields == {"note": "a\ufffdb\ufffdc"}
    assert (await store.run(lambda u: u.thread(ana, 10**12, 5)))[0]["text"] == "a\ufffdb\ufffdc"


async def test_what_is_of_no_use_any_more_is_forgotten(store: AnyStore) -> None:
    ana = await ana_of(store)
    await store.run(lambda u: u.write(Writes(guesses=[(ana, NOW), (ana, later(90))]), NOW))
    assert await store.run(lambda u: u.prune(later(60))) == 1
    assert await store.run(lambda u: u.count_guesses(ana, later(-1))) == (1, 1)
