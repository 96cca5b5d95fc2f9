"""Contacts joined by the team or by an import: once, whoever else is at it, and written in what the fields are known by."""

import asyncio
from dataclasses import replace
from typing import Any

from tests.contract.conftest import AnyStore
from tests.contract.people import BOT
from tests.contract.records import NOW
from tests.contract.test_merging import rows, three
from trinario.jobs import joining
from trinario.jobs.effects import carry_out
from trinario.jobs.joining import CannotJoin, Joined
from trinario.jobs.known import spelled
from trinario.jobs.world import Scene, World
from trinario.model.bot import Bot
from trinario.model.effect import ChangeContact
from trinario.model.flow import InputSpec
from trinario.model.turn import Reaction
from trinario.ports import Writes
from trinario.runtime.chance import SecretChance


async def test_of_many_who_join_the_same_two_one_does(store: AnyStore) -> None:
    who = await three(store)
    kept, taken = who["d"].id, who["b"].id

    async def join(n: int) -> Any:
        return await store.run(lambda u: joining.by_team(u, BOT, kept, taken, f"m{n}", "same voice", NOW, f"id{n}"))

    done = await asyncio.gather(*(join(n) for n in range(5)))
    assert sum(isinstance(one, Joined) for one in done) == 1
    assert all(one is None or isinstance(one, Joined | CannotJoin) for one in done)
    (first,) = (one for one in done if isinstance(one, Joined))
    again = await join(next(n for n, one in enumerate(done) if one is first))
    assert again.already and again.merge == first.merge
    assert await rows(store, "SELECT kept, taken FROM merges") == [(kept, taken)]


async def test_an_import_joins_whom_it_knows_by_one_key(store: AnyStore) -> None:
    who = await three(store)
    ids = sorted(one.id for one in who.values())
    done = await store.run(lambda u: joining.by_import(u, BOT, ids, ("customer", "C-7"), "people.csv", NOW))
    assert done is not None and [(one.kept, one.taken) for one in done] == [(ids[0], ids[1]), (ids[0], ids[2])]
    assert await store.run(lambda u: joining.by_import(u, BOT, ids, ("customer", "C-7"), "people.csv", NOW)) == []
    merge = await store.run(lambda u: u.merges.find(done[0].merge))
    assert merge is not None and (merge.by, merge.evidence) == (
        "import", {"key": "customer", "value": "C-7", "file": "people.csv"},
    )  # fmt: skip


async def test_a_turn_that_writes_a_number_looks_for_who_else_has_it(store: AnyStore) -> None:
    who = await three(store)
    fields = {"tel": InputSpec("phone"), "mail": InputSpec("email"), "city": InputSpec("text")}
    bot = Bot("b", "en", "UTC", {}, {}, fields=fields)
    world = World(lambda: bot, {}, SecretChance(b"key"))

    async def write(name: str, **values: str) -> list[Any]:
        contact = replace(who[name], fields={**who[name].fields, **values})
        writes = Writes()
        reaction = Reaction(contact, (), (ChangeContact(fields=values),))
        carry_out(world, reaction, Scene(NOW, {}), writes)
        await store.run(lambda u: u.write(writes, NOW))
        return list(await store.run(lambda u: u.merges.suggestions(None, "open", 10)))

    assert await write("a", tel="+39 333 1234567", mail="A@b.example") == []
    assert await write("b", city="Rome") == []
    (pair,) = await write("b", tel="+393331234567")
    assert {pair.one, pair.two} == {who["a"].id, who["b"].id} and pair.because == "tel"


def test_numbers_are_compared_by_digits_and_addresses_without_case() -> None:
    assert spelled("phone", "+39 333-123") == "39333123" and spelled("email", " A@B.example ") == "a@b.example"
