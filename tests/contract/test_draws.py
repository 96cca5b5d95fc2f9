"""Draws on every database: drawn once, with the seed that was fixed before."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_schedules import NOW, contacts
from trinario.campaign.drawing import commitment, winners
from trinario.model.effect import TakeTicket
from trinario.ports import Writes
from trinario.runtime import draws


async def test_a_draw_from_its_commitment_to_its_check(store: AnyStore) -> None:
    with pytest.raises(draws.CannotDraw, match="nobody has a number in spring; draws with numbers: none"):
        await draws.draw(store, "spring", 3)
    people = await contacts(store, 20)
    given = [(one.id, TakeTicket("spring", f"{one.id:05}"), NOW) for one in people]
    given.append((people[0].id, TakeTicket("spring", "99999"), NOW))
    await store.run(lambda u: u.write(Writes(draws=given), NOW))
    fixed = await draws.commit(store, "spring")
    assert await draws.commit(store, "spring") == fixed  # said again it is the same
    drawn = await draws.draw(store, "spring", 3)
    assert drawn.commitment == commitment(fixed.seed) and drawn.seed == fixed.seed and drawn.tickets == 21
    tickets = await store.run(lambda u: u.draws.tickets("spring"))
    assert [one for one, _ in drawn.winners] == winners("spring", fixed.seed, tickets, 3)
    late = [(people[1].id, TakeTicket("spring", "00000"), datetime.now(UTC) + timedelta(seconds=1))]
    await store.run(lambda u: u.write(Writes(draws=late), NOW))
    again = await draws.draw(store, "spring", 3)
    assert [one.number for one, _ in again.winners] == [one.number for one, _ in drawn.winners]
    assert again.entrants == drawn.entrants and again.tickets == 21
    with pytest.raises(draws.CannotDraw, match="say --winners 3"):
        await draws.draw(store, "spring", 4)
    checked = await draws.draw(store, "spring", 3, "another seed")
    assert checked.checked and checked.commitment == commitment("another seed")
    same = await draws.draw(store, "spring", 3, fixed.seed)  # who came late is not in the check either
    assert (same.winners, same.entrants) == (drawn.winners, drawn.entrants)
    told = await draws.numbers(store, "spring")
    assert told.numbers == tuple(sorted(one.number for one in tickets)) and told.are_all
    await store.run(lambda u: u.conn.exec_driver_sql("DELETE FROM draw_tickets WHERE number = '99999'") and None)
    assert not (await draws.numbers(store, "spring")).are_all


async def test_what_was_not_fixed_before_is_not_called_so(store: AnyStore) -> None:
    people = await contacts(store, 3)
    for name in ("before", "never"):
        given = [(one.id, TakeTicket(name, f"{one.id:05}"), NOW) for one in people]
        await store.run(lambda u, given=given: u.write(Writes(draws=given), NOW))  # type: ignore[misc]
    fixed = await draws.commit(store, "before")
    await asyncio.sleep(0.005)
    assert (await draws.draw(store, "before", 1)).fixed_at == fixed.committed_at
    for _ in range(2):
        assert (await draws.draw(store, "never", 1)).fixed_at is None
    with pytest.raises(draws.CannotDraw, match="before \\(3\\), never \\(3\\)"):
        await draws.numbers(store, "summer")
