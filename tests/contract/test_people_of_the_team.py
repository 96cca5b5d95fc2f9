"""People of the team: their tickets, what the bot had still to say, clocks that are put off, who waits for them."""

from dataclasses import replace
from datetime import datetime

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, outgoing, psid
from tests.contract.test_turns import a_session
from trinario.model.contact import TAKEN, Contact
from trinario.ports import Said, Settled, Writes

ANA, BEN = psid("ana"), psid("ben")


async def people(store: AnyStore) -> tuple[Contact, Contact]:
    await store.run(lambda u: u.take_in([heard(ANA, "a"), heard(BEN, "b")], NOW))
    first, second = await store.run(lambda u: u.claim_cases(10, NOW))
    ids = [(1, case.entries[0].id, None) for case in (first, second)]
    await store.run(lambda u: u.write(Writes(finished=ids), NOW))
    return first.contact, second.contact


async def write(store: AnyStore, writes: Writes) -> None:
    await store.run(lambda u: u.write(writes, NOW))


async def fates(store: AnyStore) -> dict[str, tuple[int, str | None]]:
    sql = "SELECT key, status, refusal FROM outbox"
    return {r[0]: (r[1], r[2]) for r in await store.run(lambda u: u.conn.exec_driver_sql(sql).fetchall())}


async def test_a_ticket_is_open_then_answered_then_closed(store: AnyStore) -> None:
    ana, ben = await people(store)
    asked = [(ana.id, "s1", "sales", "a lawn", "high", NOW), (ben.id, "s2", "care", "", "", later(5))]
    await write(store, Writes(contacts={ana.id: replace(ana, first_name="Ana", owner="person")}, tickets=asked))
    one, two = await store.read(lambda u: u.tickets.list(None, "waiting", None, None, 10))
    assert (one.team, one.note, one.priority, one.state, one.name, one.owner) == (
        "sales", "a lawn", "high", "open", "Ana", "person",
    )  # fmt: skip
    await write(store, Writes(answered=[(ana.id, later(9))]))
    await write(store, Writes(answered=[(ana.id, later(99))]))
    (answered,) = await store.read(lambda u: u.tickets.list(None, "answered", None, None, 10))
    assert (answered.id, answered.answered_at) == (one.id, later(9))
    await store.run(lambda u: u.tickets.assign(two.id, "rita"))
    assert [t.id for t in await store.read(lambda u: u.tickets.list(None, "open", "rita", None, 10))] == [two.id]
    await store.run(lambda u: u.tickets.close([one.id], "rita", later(20)))
    await store.run(lambda u: u.tickets.close([one.id], "sam", later(30)))
    (closed,) = await store.read(lambda u: u.tickets.list("sales", "closed", None, None, 10))
    assert (closed.state, closed.closed_by, closed.closed_at) == ("closed", "rita", later(20))
    assert await store.read(lambda u: u.tickets.of(ana.id)) == []
    assert [t.id for t in await store.read(lambda u: u.tickets.list(None, "all", None, None, 10))] == [two.id, one.id]
    assert [t.id for t in await store.read(lambda u: u.tickets.list(None, "all", None, two.id, 10))] == [one.id]
    assert await store.read(lambda u: u.team_of(ben.id)) == "care"
    await store.run(lambda u: u.tickets.give([two.id], ana.id))
    assert [t.id for t in await store.read(lambda u: u.tickets.of(ana.id))] == [two.id]


async def test_the_bots_answers_do_not_go_when_a_person_takes_over(store: AnyStore) -> None:
    ana, ben = await people(store)
    rows = [
        outgoing("answer", ana.id, ANA, awaited=True, session="s1"), outgoing("receipt", ana.id, ANA, purpose="transactional"),
        outgoing("by hand", ana.id, ANA, human=True), outgoing("offer", ana.id, ANA, purpose="marketing", priority=1),
        outgoing("r1/thread/0/0", ana.id, ANA), outgoing("tomorrow", ana.id, ANA, not_before=later(9999)),
        outgoing("bens", ben.id, BEN),
    ]  # fmt: skip
    await write(store, Writes(outgoing=rows))
    held = await store.run(lambda u: u.hold_back(ana.id, "owner"))
    assert sorted(held) == [("answer", "s1", True), ("tomorrow", "", False)]
    gone = {key for key, (status, why) in (await fates(store)).items() if (status, why) == (8, "owner")}
    assert gone == {"answer", "tomorrow"}


async def test_an_answer_that_was_on_its_way_when_a_person_took_over_is_not_tried_again(store: AnyStore) -> None:
    """The race: claimed, a person takes over, the platform wants it once more. At the next claim it is seen as taken."""
    ana, _ = await people(store)
    kinds = {"answer": {}, "receipt": {"purpose": "transactional"}, "by hand": {"human": True}}
    for number, (name, more) in enumerate(kinds.items()):
        at = [later(100 * number + second) for second in range(5)]
        row = outgoing(name, ana.id, ANA, **more)
        await store.run(lambda u, row=row, at=at: u.write(Writes(outgoing=[row]), at[0]))  # type: ignore[misc]
        assert await claimed_as_taken(store, at[0]) is False
        taken = replace(ana, owner="person", marks={TAKEN: at[1]})
        await store.run(lambda u, one=taken, at=at: u.write(Writes(contacts={ana.id: one}), at[1]))  # type: ignore[misc]
        assert await store.run(lambda u: u.hold_back(ana.id, "owner")) == []
        await settle(store, name, Settled(0, 0, attempts=1), at[2])
        assert await claimed_as_taken(store, at[3]) is (name == "answer")
        await settle(store, name, Settled(0, 3, external_id=name, sent_at=at[3]), at[4])


async def claimed_as_taken(store: AnyStore, at: datetime) -> bool:
    (claimed,) = await store.run(lambda u: u.claim_outbox("messenger", 9, 300.0, 7, at))
    return claimed.taken


async def settle(store: AnyStore, key: str, settled: Settled, at: datetime) -> None:
    sql = f"SELECT id FROM outbox WHERE key = '{key}'"
    id = await store.run(lambda u: u.conn.exec_driver_sql(sql).scalar())
    await store.run(lambda u: u.settle([replace(settled, id=id)], at, 7))


async def test_what_the_bot_said_as_it_handed_her_over_goes(store: AnyStore) -> None:
    ana, _ = await people(store)
    given = replace(ana, owner="person", marks={TAKEN: later(-60)})
    await write(store, Writes(contacts={ana.id: given}, outgoing=[outgoing("farewell", ana.id, ANA)]))
    (claimed,) = await store.run(lambda u: u.claim_outbox("messenger", 9, 300.0, 7, NOW))
    assert not claimed.taken


async def test_the_clocks_of_people_s_contacts_are_put_off_and_looked_at_no_more(store: AnyStore) -> None:
    ana, ben = await people(store)
    owned = {ana.id: replace(ana, owner="person")}
    theirs = {f"p{n}": a_session(ana.id, f"p{n}") for n in range(300)}
    await write(store, Writes(contacts=owned, sessions={**theirs, "b": a_session(ben.id, "b")}))
    (case,) = await store.run(lambda u: u.claim_due(5, later(60)))
    assert (case.contact.id, case.due) == (ben.id, ("b",))
    looked_at = f"SELECT COUNT(*) FROM sessions WHERE wake_at <= {int(later(600).timestamp() * 1000)}"
    assert await store.run(lambda u: u.conn.exec_driver_sql(looked_at).scalar()) == 1
    due = await store.run(lambda u: u.schedules.next_due(NOW))
    assert due == later(60)  # Ben's own


async def test_the_thread_goes_both_ways_and_says_whose_word_each_is(store: AnyStore) -> None:
    ana, _ = await people(store)
    lines = [Said(ana.id, "in", "contact", "messenger", later(n), "text", f"line {n}", f"x{n}") for n in range(4)]
    hers = Said(ana.id, "out", "person", "messenger", later(9), "text", "Rita here", outbox_key="k", signed="Rita")
    row = outgoing("k", ana.id, ANA, human=True, cause="")
    await write(store, Writes(said=[*lines, hers], outgoing=[row], edited=[(ana.id, "messenger", "x0")]))
    await write(store, Writes(taken_back=[(ana.id, "messenger", "x1")]))
    newest = await store.read(lambda u: u.thread(ana.id, 2**62, 2))
    assert [(one["text"], one["author"], one["signed"]) for one in newest] == [
        ("Rita here", "person", "Rita"), ("line 3", "contact", None),
    ]  # fmt: skip
    first = (await store.read(lambda u: u.thread(ana.id, 2**62, 9)))[-1]
    following = await store.read(lambda u: u.thread(ana.id, 2**62, 2, first["id"]))
    assert [one["text"] for one in following] == ["line 2", "line 1"]
    assert (first["altered"], following[1]["altered"]) == (1, 0)


async def test_who_waits_longest_for_people_comes_first(store: AnyStore) -> None:
    ana, ben = await people(store)
    owned = {one.id: replace(one, owner="person") for one in (ana, ben)}
    lines = [
        Said(ana.id, "in", "contact", "messenger", later(1), "text", "help"),
        Said(ben.id, "out", "person", "messenger", later(2), "text", "Rita here"),
        Said(ben.id, "in", "contact", "messenger", later(3), "text", "thanks"),
        Said(ben.id, "in", "contact", "messenger", later(4), "text", "and when?"),
        Said(ana.id, "out", "bot", "messenger", later(5), "text", "A colleague will answer"),
    ]
    await write(store, Writes(contacts=owned, said=lines))
    assert await store.read(lambda u: u.people_waiting(0, 9)) == [(ben.id, later(3), 2), (ana.id, None, 0)]
    await write(store, Writes(tickets=[(ana.id, "", "sales", "", "", later(2))]))
    assert await store.read(lambda u: u.people_waiting(0, 9)) == [(ana.id, later(2), 0), (ben.id, later(3), 2)]
    assert await store.read(lambda u: u.people_waiting(1, 1)) == [(ben.id, later(3), 2)]


async def test_unread_is_what_nobody_has_answered_or_looked_at(store: AnyStore) -> None:
    ana, ben = await people(store)
    hers = {ana.id: replace(ana, owner="person")}

    async def waits() -> tuple[datetime | None, int]:
        ((id, since, unread),) = await store.read(lambda u: u.people_waiting(0, 9, ana.id))
        assert id == ana.id and await store.read(lambda u: u.people_waiting(0, 9, ben.id)) == []
        return since, unread

    def heard_at(hour: int) -> Said:
        return Said(ana.id, "in", "contact", "messenger", later(hour), "text", f"at {hour}")

    def said(key: str, author: str = "bot") -> Said:
        return Said(ana.id, "out", author, "messenger", later(2), "text", key, outbox_key=key)  # type: ignore[arg-type]

    rows = [outgoing("answer", ana.id, ANA), outgoing("reminder", ana.id, ANA, purpose="transactional"),
            outgoing("held", ana.id, ANA, refusal="owner"), outgoing("shut", ana.id, ANA, refusal="window_closed", human=True)]  # fmt: skip
    lines = [heard_at(1), said("answer"), heard_at(3), said("reminder"), said("held"), said("shut", "person")]
    await write(store, Writes(contacts=hers, said=lines, outgoing=rows))
    assert await waits() == (
        later(3),
        1,
    )  # what the bot answered is not unread; what did not answer her changes nothing
    await write(store, Writes(said=[heard_at(4)]))
    newest = (await store.read(lambda u: u.thread(ana.id, 2**62, 1)))[0]["id"]
    await store.run(lambda u: u.look(ana.id, newest))
    assert await waits() == (later(3), 0)  # read, and she waits as before
    await store.run(lambda u: u.look(ana.id, 1))
    await write(store, Writes(contacts=hers, said=[heard_at(5)]))
    assert await waits() == (later(3), 1)
    await write(store, Writes(said=[Said(ana.id, "out", "person", "messenger", later(6), "text", "Rita here")]))
    assert await waits() == (None, 0)
