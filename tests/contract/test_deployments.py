"""The history of what was current, and who has yet to be moved, on every database."""

from dataclasses import replace

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, psid
from trinario.model.deployment import Deployment, Place
from trinario.model.session import Frame, Session, Wait
from trinario.ports import Stored, Writes

FIRST = Deployment(0, NOW, "files", "ana@desk", {"shop": Place("aaaa1111", "flows/shop.yaml")})


async def people(store: AnyStore, count: int) -> list[int]:
    names = [f"person{n}" for n in range(count)]
    await store.run(lambda u: u.take_in([heard(psid(name), name) for name in names], NOW))
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    done = [(1, entry.id, None) for case in cases for entry in case.entries]
    await store.run(lambda u: u.write(Writes(finished=done), NOW))
    return [case.contact.id for case in cases]


def standing(id: str, contact: int, flow: str, revision: str, step: str = "q", *stack: Frame) -> Session:
    return Session(id, contact, flow, revision, NOW, wait=Wait(step, "ask", NOW), stack=stack)


async def write(store: AnyStore, *sessions: Session) -> None:
    await store.run(lambda u: u.write(Writes(sessions={session.id: session for session in sessions}), NOW))


async def test_the_newest_row_is_current_and_only_one_can_come_behind_it(store: AnyStore) -> None:
    assert await store.run(lambda u: u.versions.current()) == 0
    first = await store.run(lambda u: u.versions.deploy(FIRST, 0))
    assert first is not None and await store.run(lambda u: u.versions.deploy(FIRST, 0)) is None
    made = replace(FIRST, kind="rollback", source=first, moving=True, at=later(5))
    second = await store.run(lambda u: u.versions.deploy(made, first))
    assert second is not None and second > first
    assert await store.run(lambda u: u.versions.current()) == second
    newest, oldest = await store.run(lambda u: u.versions.deployments(10))
    assert oldest == replace(FIRST, id=first) and not oldest.pinned
    assert newest == replace(made, id=second) and newest.pinned
    assert newest.manifest["shop"].file == "flows/shop.yaml" and newest.revisions == {"shop": "aaaa1111"}


async def test_how_far_the_moving_is_never_goes_back(store: AnyStore) -> None:
    id = await store.run(lambda u: u.versions.deploy(replace(FIRST, moving=True), 0)) or 0
    await store.run(lambda u: u.versions.moved(id, 40, True))
    await store.run(lambda u: u.versions.moved(id, 20, True))
    assert (await store.run(lambda u: u.versions.deployments(1)))[0].cursor == 40
    await store.run(lambda u: u.versions.moved(id, 40, False))
    assert not (await store.run(lambda u: u.versions.deployments(1)))[0].moving


async def test_who_stands_elsewhere_is_claimed_in_chunks(store: AnyStore) -> None:
    a, b, c, d, e = await people(store, 5)
    await write(
        store,
        standing("s1", a, "shop", "old"),
        standing("s2", b, "shop", "new"),
        standing("s3", c, "other", "old"),
        standing("s4", d, "inner", "x", "q", Frame("shop", "old", "call", {}, {}, {})),
        replace(standing("s5", e, "shop", "old"), status="done", wait=None),
    )
    cases, last = await store.run(lambda u: u.versions.claim({"shop": "new"}, 0, 1, NOW))
    assert [case.contact.id for case in cases] == [a] and last == a
    cases, last = await store.run(lambda u: u.versions.claim({"shop": "new"}, a, 10, NOW))
    assert [case.contact.id for case in cases] == [d] and last == d
    assert [session.id for session in cases[0].sessions] == ["s4"]
    assert await store.run(lambda u: u.versions.claim({"shop": "new"}, d, 10, NOW)) == ([], None)
    assert await store.run(lambda u: u.versions.claim({}, 0, 10, NOW)) == ([], None)


async def test_where_people_stand_is_counted_with_their_callers(store: AnyStore) -> None:
    a, b, c = await people(store, 3)
    frame = Frame("shop", "r1", "call", {}, {}, {})
    await write(
        store,
        standing("s1", a, "shop", "r1", "colour"),
        standing("s2", b, "shop", "r1", "colour"),
        standing("s3", c, "inner", "r2", "q", frame),
        replace(standing("s4", c, "shop", "r1", "colour"), status="done"),
    )
    found = await store.run(lambda u: u.versions.standing())
    assert found == [("inner", "r2", "q", 1), ("shop", "r1", "call", 1), ("shop", "r1", "colour", 2)]


async def test_what_is_kept_of_a_revision_is_found_by_name_and_by_its_beginning(store: AnyStore) -> None:
    rows = [("shop", "abc1", "flow: shop", '{"it": "msgid"}'), ("shop", "abd2", "flow: shop2", "{}")]
    await store.run(lambda u: u.versions.keep(rows, NOW))
    assert await store.run(lambda u: u.versions.stored([("shop", "abc1"), ("shop", "gone")])) == [
        Stored("shop", "abc1", "flow: shop", {"it": "msgid"})
    ]
    assert {one.revision for one in await store.run(lambda u: u.versions.alike("ab"))} == {"abc1", "abd2"}
    assert [one.revision for one in await store.run(lambda u: u.versions.alike("abd"))] == ["abd2"]
