"""Draws on every database: drawn once, with the seed that was fixed before."""

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
    late = [(people[1].id, TakeTicket("spring", "00000"), NOW)]
    await store.run(lambda u: u.write(Writes(draws=late), NOW))
    again = await draws.draw(store, "spring", 3)
    assert [one.number for one, _ in again.winners] == [one.number for one, _ in drawn.winners]
    assert again.entrants == drawn.entrants
    with pytest.raises(draws.CannotDraw, match="say --winners 3"):
        await draws.draw(store, "spring", 4)
    checked = await draws.draw(store, "spring", 3, "another seed")
    assert checked.checked and checked.commitment == commitment("another seed")
