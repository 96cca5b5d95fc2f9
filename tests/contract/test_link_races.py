"""One link and two phones at the same time: exactly one of them wins, on every database, and a word undoes it once."""

import asyncio
from pathlib import Path

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, psid
from trinario.jobs.link import link
from trinario.jobs.token import hash_of, make_code, plain_code
from trinario.jobs.world import World
from trinario.model.channel import Identity
from trinario.ports import InboxEntry, Token, Writes
from trinario.testing.controlled import MovableClock
from trinario.testing.people import Cast
from trinario.testing.run import load
from trinario.testing.worlds import Machine

DEMO = Path(__file__).parents[2] / "bots/demo"
ANA, BEN, EVE = (
    psid("ana"),
    Identity("whatsapp", "phone", "393330000001"),
    Identity("whatsapp", "phone", "393330000002"),
)


def demo() -> World:
    """A world with the demo bot in it."""
    loaded, clock = load(DEMO), MovableClock(NOW)
    cast = Cast(loaded.settings, clock)
    return Machine(loaded, clock, cast.phones, cast.echoes).world


async def rows(store: AnyStore, *names: str) -> list[InboxEntry]:
    """These messages, as rows that wait, in this order."""
    cases = await store.run(lambda u: u.claim_cases(50, NOW))
    found = {entry.external_id: entry for case in cases for entry in case.entries}
    return [found[name] for name in names]


async def settled(store: AnyStore, world: World, entries: list[InboxEntry]) -> None:
    """All of them at once; who finds a contact taken comes again."""

    async def one(entry: InboxEntry) -> None:
        while await store.run(lambda u: link(u, world, entry, NOW)) is None:
            await asyncio.sleep(0.005)

    await asyncio.gather(*map(one, entries))


async def offered(store: AnyStore, world: World) -> tuple[int, str]:
    """Ana, and the code that she was given."""
    await store.run(lambda u: u.take_in([heard(ANA, "hello")], NOW))
    (entry,) = await rows(store, "hello")
    code = make_code(world.random, "o1/whatsapp")
    hash = hash_of(world.random, plain_code(code))
    token = Token(hash, "o1", entry.contact, "i1.1", "to_whatsapp", "whatsapp", "messenger", False, later(600))
    await store.run(lambda u: u.write(Writes(tokens=[token], finished=[(1, entry.id, None)]), NOW))
    return entry.contact, code


async def test_raced_by_two_phones_exactly_one_wins(store: AnyStore) -> None:
    world = demo()
    ana, code = await offered(store, world)
    await store.run(lambda u: u.take_in([heard(BEN, "b", code), heard(EVE, "e", f"hi {code}")], NOW))
    await settled(store, world, await rows(store, "b", "e"))
    (hers,) = await store.run(lambda u: u.contacts([ana], NOW))
    assert len(set(hers.identities) & {BEN, EVE}) == 1
    assert len(await store.run(lambda u: u.merges.of(ana))) == 1
    named = [event["name"] for event in await store.run(lambda u: u.events(ana, 50))]
    assert named.count("identity_linked") == 1
    (loser,) = [case for case in await store.run(lambda u: u.claim_cases(50, NOW)) if case.entries]
    assert loser.contact.id != ana, "what the other one wrote is an ordinary message, and waits for its turn"


async def test_both_sides_say_unlink_at_the_same_time(store: AnyStore) -> None:
    world = demo()
    ana, code = await offered(store, world)
    await store.run(lambda u: u.take_in([heard(BEN, "b", code)], NOW))
    await settled(store, world, await rows(store, "b"))
    await store.run(lambda u: u.take_in([heard(ANA, "u1", "UNLINK"), heard(BEN, "u2", "unlink")], NOW))
    await settled(store, world, await rows(store, "u1", "u2"))
    (merge,) = await store.run(lambda u: u.merges.of(ana))
    assert merge.undone_at == NOW
    (hers,) = await store.run(lambda u: u.contacts([ana], NOW))
    (holder,) = await store.run(lambda u: u.contact_ids({"identity": ("whatsapp", BEN.value)}))
    assert hers.identities == (ANA,)
    assert holder == merge.taken


async def test_links_of_one_contact_are_void_together(store: AnyStore) -> None:
    world = demo()
    ana, code = await offered(store, world)
    assert await store.run(lambda u: u.void_tokens(ana, NOW)) == {"o1"}
    assert await store.run(lambda u: u.void_tokens(ana, NOW)) == set()
    found = await store.run(lambda u: u.find_tokens([hash_of(world.random, plain_code(code))]))
    assert [one.used_at for one in found.values()] == [NOW]
