"""The waker: sessions whose clock rang are moved, as fast as it goes while nobody writes; who does goes first."""

import asyncio
import logging
import time
from collections.abc import Callable

from trinario.jobs.receive import reason_of
from trinario.jobs.received import TurnLine
from trinario.jobs.wake import Woken, silence, wake
from trinario.jobs.world import World
from trinario.ports import Clock, Store
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.scheduler")

LEAST, MOST = 16, 96
"""Sessions of one transaction: halved when somebody writes meanwhile, doubled when nobody does."""

SPAN = 2.0
"""Seconds after which the rest of the sweep has its turn."""

CALM = 0.008
"""Seconds after somebody wrote in which nothing is moved: her turn, and its message, take about that long."""

PATIENCE = 0.04
"""How long at most who writes is given way: however many do, what is due gets on."""

LOOK = 0.001
"""Seconds between two looks whether somebody is still waiting."""


class Waker:
    """Sessions that are due. `work` is the worker's bell, which also tells when somebody wrote; `sent` the sender's."""

    def __init__(
        self,
        store: Store,
        world: Callable[[], World],
        clock: Clock,
        work: Bell,
        sent: Bell,
        told: Callable[[list[TurnLine], float], None],
    ) -> None:
        self._store, self._world, self._clock = store, world, clock
        self._work, self._sent, self._told = work, sent, told
        self._bite, self._disturbed = LEAST, False

    async def move(self) -> bool:
        """Move what is due, for some seconds at most; gives whether more may be. Around a session that breaks its bite, one
        at a time, and that one ends."""
        until, alone = time.monotonic() + SPAN, False
        while time.monotonic() < until:
            await self._give_way()
            try:
                if not await self._some(1 if alone else self._bite):
                    return False
            except AWAY:
                raise
            except Exception as error:
                log.exception("sessions that are due cannot be moved together")
                if alone:
                    await self._silence(reason_of(error))
                alone = True
        return True

    async def _some(self, bite: int) -> bool:
        """One transaction; gives whether there may be more."""
        world, now, self._disturbed = self._world(), self._clock.now(), False
        begun = time.monotonic()
        woken = await self._store.run(lambda unit: wake(unit, world, now, bite, self._pressed))
        self._ring(woken)
        disturbed = self._disturbed or self._work.heard > begun
        self._bite = max(LEAST, self._bite // 2) if disturbed else min(MOST, self._bite * 2)
        return woken.more

    def _ring(self, woken: Woken) -> None:
        """Who has to do with it hears of it."""
        if woken.lines:
            self._told(woken.lines, 0.0)
        if woken.outside:
            self._sent.ring()
        elif woken.said:
            self._sent.ring_here()
        if woken.let_in:
            self._work.ring()

    def _pressed(self) -> bool:
        """Whether somebody waits. Asked between two sessions, in whatever thread moves them: others get the interpreter."""
        time.sleep(0)
        pressed = self._store.pressed()
        self._disturbed = self._disturbed or pressed
        return pressed

    async def _give_way(self) -> None:
        """Wait until who wrote has her answer."""
        until = time.monotonic() + PATIENCE
        while (now := time.monotonic()) < until and (self._store.pressed() or now - self._work.heard < CALM):
            await asyncio.sleep(LOOK)

    async def _silence(self, reason: str) -> None:
        now = self._clock.now()
        await self._store.run(lambda unit: silence(unit, now, reason))
