"""Ids that change and ids that meet, on every database; and whatever webhooks hold can be kept there."""

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.people import BOT
from tests.contract.records import NOW, heard, later
from tests.fuzz.mutants import mutants
from tests.fuzz.rig import ACCOUNTS, SECRET
from trinario.channels.inlet import MetaInlet
from trinario.jobs import parting
from trinario.jobs.intake import Intake
from trinario.jobs.merging import join
from trinario.model.channel import Identity
from trinario.model.merge import Link
from trinario.ports import Writes
from trinario.runtime.clock import SystemClock
from trinario.store.unit import SqlUnit

PHONE, NEWER = Identity("whatsapp", "phone", "391"), Identity("whatsapp", "phone", "392")
SCOPED, RESCOPED = Identity("whatsapp", "bsuid", "IT.1"), Identity("whatsapp", "bsuid", "IT.2")


async def test_an_id_that_changes_stays_with_its_contact(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(PHONE, "w1", also=(SCOPED,))], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    await store.run(lambda u: u.rekey(case.contact.id, (PHONE, SCOPED), (NEWER, RESCOPED)))
    assert await store.run(lambda u: u.holders([PHONE, SCOPED])) == []
    assert await store.run(lambda u: u.holders([NEWER, RESCOPED])) == [case.contact.id]
    await store.run(lambda u: u.take_in([heard(NEWER, "w2")], NOW))
    (again,) = await store.run(lambda u: u.claim_cases(10, NOW))
    assert set(again.contact.identities) == {NEWER, RESCOPED}
    assert [entry.external_id for entry in again.entries] == ["w1", "w2"]


async def test_an_id_that_another_contact_has_is_taken_from_it(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(PHONE, "w1"), heard(NEWER, "w2")], NOW))
    (mine,) = await store.run(lambda u: u.holders([PHONE]))
    await store.run(lambda u: u.rekey(mine, (PHONE,), (NEWER,)))
    assert await store.run(lambda u: u.holders([NEWER])) == [mine]
    assert await store.run(lambda u: u.holders([PHONE])) == []


async def test_an_id_becomes_another_that_the_same_merge_moved(store: AnyStore) -> None:
    """She is told to be one with somebody who had both numbers; then the platform says that one became the other."""
    await store.run(lambda u: u.take_in([heard(SCOPED, "w1"), heard(PHONE, "w2", also=(NEWER,))], NOW))
    kept = await store.run(lambda u: u.holders([SCOPED]))
    taken = await store.run(lambda u: u.holders([PHONE]))

    def merged(unit: SqlUnit) -> int:
        found = unit.lock_cases(sorted([*kept, *taken]), (), NOW) or []
        cases = {case.contact.id: case for case in found}
        writes = Writes()
        join(unit, BOT, cases[kept[0]], cases[taken[0]], Link("team", {}, ""), writes, NOW)
        unit.write(writes, NOW)
        return unit.merges.of(kept[0])[0].id

    merge = await store.run(merged)
    await store.run(lambda u: u.rekey(kept[0], (PHONE,), (NEWER,)))
    assert await store.run(lambda u: u.holders([NEWER])) == kept
    assert await store.run(lambda u: u.holders([PHONE])) == []
    assert isinstance(await store.run(lambda u: parting.undo(u, merge, "team", "", later(60))), parting.Parted)
    assert await store.run(lambda u: u.holders([NEWER])) == taken


async def test_ids_of_two_contacts_seen_together_are_told_before_the_message(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(PHONE, "w1"), heard(SCOPED, "w2")], NOW))
    await store.run(lambda u: u.take_in([heard(PHONE, "w3", also=(SCOPED,))], NOW))
    await store.run(lambda u: u.take_in([heard(PHONE, "w3", also=(SCOPED,))], NOW))
    (hers,) = await store.run(lambda u: u.holders([SCOPED]))
    cases = {case.contact.id: case for case in await store.run(lambda u: u.claim_cases(10, NOW))}
    assert [(e.kind, e.external_id) for e in cases[hers].entries] == [
        ("heard", "w2"), ("joined", "joined:w3"), ("heard", "w3"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_webhooks_hold_can_be_kept(store: AnyStore, seed: int) -> None:
    inlet = MetaInlet(ACCOUNTS, [SECRET], ["v"])
    intake = Intake(store, SystemClock(), lambda: None)
    wanted: set[str] = set()
    for mutant in mutants(seed, 150):
        try:
            arrivals = inlet.decode(mutant.raw)
        except ValueError:
            continue
        await intake.keep(arrivals)
        wanted.update(mutant.intact)
    cases = await store.run(lambda u: u.claim_cases(10_000, NOW.replace(year=2099)))
    assert wanted - {entry.external_id for case in cases for entry in case.entries} == set()
