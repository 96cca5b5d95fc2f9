"""Link tokens are used once, whoever races; what belongs to a stranger moves whole."""

import asyncio

from tests.contract.conftest import AnyStore
from tests.contract.people import BOT as NOBODYS
from tests.contract.records import NOW, heard, later, psid
from trinario.jobs.joining import by_team
from trinario.model.channel import Identity
from trinario.ports import Token, Writes

ANA = psid("ana")
IG = Identity("instagram", "igsid", "ana-ig")


def token(contact: int, hash: str = "h1", offer: str = "o1") -> Token:
    return Token(hash, offer, contact, "i1.1", "to_ig", "instagram", "messenger", None, later(60))


async def two(store: AnyStore) -> tuple[int, int]:
    await store.run(lambda u: u.take_in([heard(ANA, "a"), heard(IG, "b")], NOW))
    first, second = await store.run(lambda u: u.claim_cases(10, NOW))
    return first.contact.id, second.contact.id


async def test_a_token_is_found_by_its_hash_and_offered_again_without_harm(store: AnyStore) -> None:
    ana, _ = await two(store)
    for _ in range(2):
        await store.run(lambda u: u.write(Writes(tokens=[token(ana)]), NOW))
    assert await store.run(lambda u: u.find_tokens(["h1", "nothing"])) == {"h1": token(ana)}


async def test_of_many_who_use_it_one_wins_and_its_siblings_die_with_it(store: AnyStore) -> None:
    ana, other = await two(store)
    await store.run(lambda u: u.write(Writes(tokens=[token(ana), token(ana, "h2")]), NOW))
    hashes = ["h1", "h2", "h1", "h2", "h1"]
    won = await asyncio.gather(*(store.run(lambda u, h=h: u.use_token(h, other, NOW)) for h in hashes))
    assert sum(won) == 1
    used = await store.run(lambda u: u.find_tokens(["h1", "h2"]))
    assert all(found.used_at == NOW for found in used.values())


async def test_a_stranger_is_whom_we_heard_nothing_else_of(store: AnyStore) -> None:
    _, other = await two(store)
    cases = await store.run(lambda u: u.claim_cases(10, NOW))
    entry = next(c for c in cases if c.contact.id == other).entries[0].id
    assert await store.run(lambda u: u.is_stranger(other, [entry]))
    await store.run(lambda u: u.write(Writes(finished=[(1, entry, "link")]), NOW))
    assert await store.run(lambda u: u.is_stranger(other, []))
    await store.run(lambda u: u.write(Writes(finished=[(1, entry, None)]), NOW))
    assert not await store.run(lambda u: u.is_stranger(other, []))


async def test_everything_of_a_stranger_moves_and_what_comes_later_too(store: AnyStore) -> None:
    ana, other = await two(store)
    await store.run(lambda u: by_team(u, NOBODYS, ana, other, "mia", "same voice", NOW))
    await store.run(lambda u: u.take_in([heard(IG, "later")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    assert case.contact.id == ana and set(case.contact.identities) == {ANA, IG}
    assert [e.external_id for e in case.entries] == ["a", "b", "later"]
    assert await store.run(lambda u: u.contact_ids({"id": other})) == [ana]


async def test_guesses_are_counted_per_sender_and_in_all(store: AnyStore) -> None:
    ana, other = await two(store)
    await store.run(lambda u: u.write(Writes(guesses=[(ana, NOW), (ana, NOW), (other, NOW)]), NOW))
    assert await store.run(lambda u: u.count_guesses(ana, later(-1))) == (2, 3)
    assert await store.run(lambda u: u.count_guesses(ana, later(1))) == (0, 0)


async def test_contacts_are_locked_together_or_not_at_all(store: AnyStore) -> None:
    ana, other = await two(store)
    cases = await store.run(lambda u: u.lock_cases([other, ana], [], NOW))
    assert cases is not None and {case.contact.id for case in cases} == {ana, other}
    assert await store.run(lambda u: u.lock_cases([ana, 999_999], [], NOW)) is None
