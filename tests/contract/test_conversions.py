"""A conversion is told only while her yes stands: asked again when the call is about to be made."""

from datetime import timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_schedules import NOW, contacts, rows
from trinario.jobs.call import FAILED, agreed
from trinario.ports import CallOrder, Writes

REQUEST: dict[str, Any] = {"channel": "wa", "click": "Aff-1", "event": "Purchase", "at": 1, "id": "conversion:1"}


@pytest.mark.parametrize(
    ("consent", "goes"),
    [({"marketing": True}, 1), ({"marketing": False}, 0), ({"marketing": True, "marketing@wa": False}, 0)],
)
async def test_a_yes_that_was_taken_back_is_heeded(here: AnyStore, consent: dict[str, bool], goes: int) -> None:
    (anna,) = await contacts(here, 1, consent=consent)
    order = CallOrder(
        "conversion:1", anna.id, "", "shop.pay", "conversion", REQUEST, 10, 20, True, NOW + timedelta(days=1)
    )
    await here.run(lambda u: u.write(Writes(calls=[order]), NOW))
    claimed = await here.run(lambda u: agreed(u, u.calls.claim(5, 1, NOW), NOW, 1))
    ((status, reason),) = await rows(here, "SELECT status, reason FROM calls")
    assert len(claimed) == goes
    assert goes or (status == FAILED and "yes" in reason)


async def test_who_is_erased_is_not_told_of(here: AnyStore) -> None:
    order = CallOrder("conversion:2", 999, "", "shop.pay", "conversion", REQUEST, 10, 20, True, NOW + timedelta(days=1))
    await here.run(lambda u: u.write(Writes(calls=[order]), NOW))
    assert await here.run(lambda u: agreed(u, u.calls.claim(5, 1, NOW), NOW, 1)) == []
