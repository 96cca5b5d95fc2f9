"""The campaigner on every database: it does not rest while steps of sequences that have come wait for a place."""

import asyncio

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_drips import NOW, Garden, a_sequence, step
from tests.contract.test_schedules import contacts, rows
from trinario.jobs import drips
from trinario.jobs.receive import receive
from trinario.runtime import campaigner
from trinario.runtime.bell import Bell
from trinario.runtime.campaigner import Campaigner
from trinario.testing.controlled import MovableClock


async def test_steps_that_found_no_place_follow_without_a_rest(
    store: AnyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drips, "AT_ONCE", 2)
    monkeypatch.setattr(campaigner, "REST", 3600.0)
    garden = Garden(store, a_sequence(step("hello", 0, None)))
    await garden.enrol(*[one.id for one in await contacts(store, 5)])
    moving = Campaigner(store, lambda: garden.world, MovableClock(NOW), Bell())
    going = asyncio.create_task(moving.run())
    try:
        async with asyncio.timeout(20):
            for so_far in (2, 4, 5):
                while len(await rows(store, "SELECT id FROM inbox WHERE kind = 'drip'")) < so_far:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.2)  # some rounds in which there is no place
                await store.run(lambda unit: receive(unit, garden.world, NOW))
    finally:
        moving.bell.close()
        await going
    assert await garden.said() == ["hello"] * 5
