"""Marketing that nobody has asked for: what counts, who is locked, and that two senders never both take the last place."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, outgoing, psid
from tests.unit.jobs.test_receive import House
from trinario.jobs.deliver import claim
from trinario.jobs.hold import People
from trinario.jobs.world import World
from trinario.model.channel import Identity
from trinario.model.duration import Duration
from trinario.model.policy import Cap, Rules
from trinario.ports import Settled, Writes

ANA = psid("ana")
SINCE = NOW - timedelta(days=1)


def push(key: str, contact: int, who: Identity, **more: object) -> object:
    return outgoing(key, contact, who, purpose="marketing", priority=1, **more)


async def person(store: AnyStore, *who: Identity) -> int:
    await store.run(lambda u: u.take_in([heard(who[0], f"in {who[0].value}", also=who[1:])], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    finished = Writes(finished=[(1, case.entries[0].id, None)])
    spoken = {one.channel: NOW for one in who}
    finished.contacts[case.contact.id] = replace(case.contact, channel=who[0].channel, last_heard=spoken)
    await store.run(lambda u: u.write(finished, NOW))
    return case.contact.id


async def put(store: AnyStore, *rows: object) -> dict[str, int]:
    await store.run(lambda u: u.write(Writes(outgoing=list(rows)), NOW))  # type: ignore[arg-type]
    found = await store.run(lambda u: u.conn.exec_driver_sql("SELECT key, id FROM outbox").fetchall())
    return {row[0]: row[1] for row in found}


async def test_what_counts(store: AnyStore) -> None:
    ana = await person(store, ANA)
    ids = await put(
        store,
        push("o/1/1/0/0", ana, ANA), push("o/1/1/0/1", ana, ANA), push("o/2/1/0/0", ana, ANA, not_before=later(3600), refusal="quiet_hours"),
        push("o/3/1/0/0", ana, ANA, refusal="cap"), outgoing("o/4/1/0/0", ana, ANA), push("o/5/1/0/0", ana, ANA),
        outgoing("o/6/1/0/0", ana, ANA, purpose="marketing"),
    )  # fmt: skip
    rows = await store.run(lambda u: u.claim_outbox("messenger", 9, 300.0, 7, NOW))
    assert [(row.entry.key, row.pushed) for row in rows] == [("o/4/1/0/0", False), ("o/1/1/0/0", True)]
    failed = Settled(ids["o/5/1/0/0"], 7, refusal="131049")
    await store.run(lambda u: u.conn.exec_driver_sql("UPDATE outbox SET status = 1, run = 7 WHERE key = 'o/5/1/0/0'"))
    await store.run(lambda u: u.settle([failed], NOW, 7))
    pushes = await store.run(lambda u: u.pushes(ana, SINCE))
    assert [(one.said, one.at, one.fault) for one in pushes] == [
        ("o/1", NOW, ""), ("o/1", NOW, ""), ("o/2", later(3600), ""), ("o/5", NOW, "131049")
    ]  # fmt: skip
    assert await store.run(lambda u: u.pushes(ana, later(7200))) == []
    her = (await store.run(lambda u: u.recipients([ana], SINCE, NOW)))[ana]
    assert her.contact.id == ana and [one.said for _, one in her.pushes] == ["o/1", "o/5"], "what waits has not gone"


async def test_who_cannot_be_reached_is_tried_again_when_the_time_is_over(store: AnyStore) -> None:
    ana = await person(store, ANA)
    await store.run(lambda u: u.mark_unreachable("messenger", "ana", "551", later(60)))
    for seconds, known in ((59, {"messenger": "551"}), (60, {})):
        at = later(seconds)
        her = (await store.run(lambda u, at=at: u.recipients([ana], SINCE, at)))[ana]  # type: ignore[misc]
        assert her.unreachable == known
    await store.run(lambda u: u.mark_unreachable("messenger", "ana", "551"))
    far = NOW + timedelta(days=900)
    assert (await store.run(lambda u: u.recipients([ana], SINCE, far)))[ana].unreachable == {"messenger": "551"}


def capped() -> World:
    house = House()
    bot = replace(house.world.bot(), policy=Rules(caps=(Cap(1, Duration(1)),)))
    return replace(house.world, bot=lambda: bot)


async def test_two_senders_never_both_take_the_last_place(store: AnyStore) -> None:
    world, rows = capped(), []
    for number in range(8):
        who = (Identity("instagram", "igsid", f"p{number}"), Identity("whatsapp", "phone", f"39333000{number}"))
        id = await person(store, *who)
        rows += [push(f"o{number}/{n}/1/0/0", id, one) for n, one in enumerate(who)]
    await put(store, *rows)
    crowds = {"instagram": People(), "whatsapp": People()}
    for second in range(4):
        at = later(second * 2)
        await asyncio.gather(*(
            store.run(lambda u, name=name, run=run, at=at: claim(u, world, {name: 50}, run, at, crowds[name]))  # type: ignore[misc]
            for run, name in enumerate(crowds, 1)
        ))  # fmt: skip
    sql = "SELECT contact_id, status, refusal FROM outbox ORDER BY contact_id, status"
    found = [tuple(row) for row in await store.run(lambda u: u.conn.exec_driver_sql(sql).fetchall())]
    went = [row for row in found if row[1] == 1]
    assert len(went) == len({row[0] for row in went}) == 8
    assert {row[1:] for row in found if row[1] != 1} <= {(8, "cap"), (0, "pace"), (0, None)}
