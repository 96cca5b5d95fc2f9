"""The waker: everything that is due in few transactions, in small ones while somebody writes, around one that breaks."""

from datetime import timedelta

import pytest

from tests.contract.records import heard, psid
from tests.contract.test_due import WORLD, waiting
from tests.contract.test_schedules import NOW
from trinario.jobs import wake as waking
from trinario.jobs.received import TurnLine
from trinario.ports import Writes
from trinario.runtime.bell import Bell
from trinario.runtime.waker import LEAST, MOST, Waker
from trinario.store.bulk import fetch
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore
from trinario.testing.controlled import MovableClock


class Counted(MemoryStore):
    """A store that counts its transactions, and where somebody waits always or never."""

    def __init__(self, *, pressed: bool = False) -> None:
        super().__init__()
        self.works, self.waits = 0, pressed
        self.run_now(lambda unit: upgrade(unit.conn))

    async def run(self, work, **how):  # type: ignore[no-untyped-def]
        self.works += 1
        return await super().run(work, **how)

    def waiting(self) -> int:
        return self.waits

    def meet(self, count: int) -> None:
        """So many contacts, each with a session that is due."""
        self.run_now(lambda u: u.take_in([heard(psid(f"p{n}"), f"m{n}") for n in range(count)], NOW))
        cases = self.run_now(lambda u: u.claim_cases(count, NOW))
        writes = Writes(finished=[(1, case.entries[0].id, None) for case in cases])
        writes.sessions = {f"s{c.contact.id}": waiting(c.contact.id, f"s{c.contact.id}", NOW) for c in cases}
        self.run_now(lambda u: u.write(writes, NOW))

    def statuses(self) -> dict[str, int]:
        sql = "SELECT status, COUNT(*) FROM sessions GROUP BY status"
        return dict(self.run_now(lambda u: [tuple(row) for row in fetch(u.conn, sql)]))


def a_waker(store: MemoryStore, lines: list[TurnLine]) -> Waker:
    clock = MovableClock(NOW + timedelta(hours=1))
    return Waker(store, lambda: WORLD, clock, Bell(), Bell(), lambda moved, seconds: lines.extend(moved))


async def test_while_nobody_writes_bites_grow() -> None:
    store, lines = Counted(), list[TurnLine]()
    store.meet(400)
    while await a_waker(store, lines).move():
        pass
    assert len(lines) == 400 and store.statuses() == {"done": 400}
    assert store.works <= 4 + 400 // MOST + 2  # 16, 32, 64, 96 ... and one that finds nothing


async def test_however_many_write_what_is_due_gets_on() -> None:
    store, lines = Counted(pressed=True), list[TurnLine]()
    store.meet(2 * LEAST)
    while await a_waker(store, lines).move():
        pass
    assert len(lines) == 2 * LEAST
    assert store.works >= 2 * LEAST // waking.FEW


async def test_around_a_session_that_breaks_its_bite_the_others_are_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    store, lines, react = Counted(), list[TurnLine](), waking.react
    store.meet(5)

    def breaks(bot, standing, event):  # type: ignore[no-untyped-def]
        if event.session == "s3":
            raise RuntimeError("broken")
        return react(bot, standing, event)

    monkeypatch.setattr(waking, "react", breaks)
    while await a_waker(store, lines).move():
        pass
    assert store.statuses() == {"done": 4, "failed": 1}
    assert sorted(line.session for line in lines) == ["s1", "s2", "s4", "s5"]
