"""Bulk gets on beside people on every database, however many of them write."""

from tests.contract.conftest import AnyStore
from tests.contract.records import heard, psid
from tests.contract.test_drips import NOW, Garden, a_sequence, step
from tests.contract.test_schedules import contacts
from trinario.jobs.drips import bring_steps, reckon_steps
from trinario.jobs.receive import receive


async def test_every_batch_of_people_takes_one_of_bulk_along_whoever_waits(store: AnyStore) -> None:
    garden = Garden(store, a_sequence(step("hello", 0, None)))
    await garden.enrol(*[one.id for one in await contacts(store, 6)])
    await store.run(lambda u: reckon_steps(u, garden.world, NOW))
    assert await store.run(lambda u: bring_steps(u, garden.world, NOW)) == 6
    for n in range(3):
        await store.run(lambda u, n=n: u.take_in([heard(psid("talks"), f"m{n}")], NOW))  # type: ignore[misc]
        took = await store.run(lambda u: receive(u, garden.world, NOW, pressed=lambda: True))
        assert took.first and len(await garden.said()) == n + 1
    took = await store.run(lambda u: receive(u, garden.world, NOW, pressed=lambda: True))  # nobody but bulk
    assert not took.first and len(await garden.said()) == 4
