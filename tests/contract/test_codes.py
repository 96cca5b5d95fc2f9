"""One-time codes: kept once, counted per number, contact and in all, tried, used, and moved with their contact."""

import asyncio
from dataclasses import replace
from datetime import datetime

from tests.contract.conftest import AnyStore
from tests.contract.people import merged
from tests.contract.records import NOW, heard, later, psid
from trinario.model.channel import Identity
from trinario.ports import CodeLimits, PhoneCode

ANA, WA = psid("ana"), Identity("whatsapp", "phone", "393331234567")
WIDE = CodeLimits(100, 100, 100, 100)


def code(name: str = "i1/1/1", contact: int = 1, number: str = WA.value) -> PhoneCode:
    return PhoneCode(name, contact, "s1", "whatsapp", number, "hash", later(600))


async def opened(store: AnyStore, one: PhoneCode, limits: CodeLimits, at: datetime = NOW) -> str:
    return await store.run(lambda u: u.codes.open(one, limits, at))


async def test_a_code_is_kept_once(store: AnyStore) -> None:
    for _ in range(2):
        assert await opened(store, code(), CodeLimits(1, 1, 1, 1)) == ""
    assert await store.run(lambda u: u.codes.find("i1/1/1")) == code()
    assert await store.run(lambda u: u.codes.find("nothing")) is None


async def test_codes_are_counted_for_a_number_a_contact_and_in_all(store: AnyStore) -> None:
    await opened(store, code("a"), WIDE)
    await opened(store, code("b"), WIDE, later(7000))
    now = later(7200)
    assert "this number" in await opened(store, code("c", 9), replace(WIDE, number_hour=1), now)
    assert "this number" in await opened(store, code("c", 9), replace(WIDE, number_day=2), now)
    assert "this contact" in await opened(store, code("c", 1, "39"), replace(WIDE, contact_hour=1), now)
    assert "all together" in await opened(store, code("c", 9, "39"), replace(WIDE, all_hour=1), now)
    assert await opened(store, code("c"), CodeLimits(2, 3, 2, 2), now) == ""


async def test_of_many_at_once_no_more_are_sent_than_may_be(store: AnyStore) -> None:
    limits = replace(WIDE, number_hour=3)
    told = await asyncio.gather(*(opened(store, code(f"c{n}", n), limits) for n in range(12)))
    assert told.count("") == 3


async def test_a_code_is_tried_reached_and_used(store: AnyStore) -> None:
    await opened(store, code(), WIDE)
    await store.run(lambda u: u.codes.tried("i1/1/1", None))
    await store.run(lambda u: u.codes.reach("i1/1/1", WA))
    await store.run(lambda u: u.codes.tried("i1/1/1", NOW))
    await store.run(lambda u: u.codes.tried("i1/1/1", later(5)))
    assert await store.run(lambda u: u.codes.find("i1/1/1")) == replace(code(), tries=3, used_at=NOW, reached=WA)


async def test_an_identity_is_given_to_one(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "a")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    assert await store.run(lambda u: u.add_identity(case.contact.id, WA, NOW))
    assert not await store.run(lambda u: u.add_identity(case.contact.id + 1, WA, NOW))
    assert await store.run(lambda u: u.contact_ids({"identity": ("whatsapp", WA.value)})) == [case.contact.id]


async def test_codes_go_with_a_contact_that_is_joined_and_are_forgotten_in_the_end(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "a"), heard(WA, "b")], NOW))
    first, second = await store.run(lambda u: u.claim_cases(10, NOW))
    await opened(store, code(contact=second.contact.id), WIDE)
    await store.run(lambda u: merged(u, first.contact.id, second.contact.id))
    found = await store.run(lambda u: u.codes.find("i1/1/1"))
    assert found is not None and found.contact == first.contact.id
    await store.run(lambda u: u.prune(later(1)))
    assert await store.run(lambda u: u.codes.find("i1/1/1")) is None
