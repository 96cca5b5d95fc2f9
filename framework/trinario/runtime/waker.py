"""The waker: sessions and timers whose time has come, as fast as it goes while nobody writes; who does goes first."""

import asyncio
import logging
import time
from collections.abc import Callable

from trinario.jobs.receive import reason_of
from trinario.jobs.received import TurnLine
from trinario.jobs.wake import Woken, ring_timers, silence, wake
from trinario.jobs.world import World
from trinario.ports import Clock, Store
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.scheduler")

LEAST, MOST = 16, 128
"""Sessions of one transaction."""

SHORT, LONG = 0.008, 0.05
"""Seconds that a transaction should take while people write to us, and while nobody does."""

ABOUT = 1.0
"""Seconds after somebody wrote in which somebody else is likely to."""

SPAN = 2.0
"""Seconds after which the rest of the sweep has its turn."""

CALM = 0.004
"""Seconds after what somebody wrote is kept in which nothing is moved: her turn, and its message, take about that long."""

PATIENCE = 0.04
"""How long at most who writes is given way: however many do, what is due gets on."""

REST = 0.2
"""Seconds between two looks at timers when there were none, or as many rows as may be pending."""

LOOK = 0.001
"""Seconds between two looks whether somebody is still waiting."""


class Waker:
    """What is due. `work` is the worker's bell, which also tells when somebody wrote; `sent` the sender's."""

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
        self._bite, self._rings_at = LEAST, 0.0

    async def move(self) -> bool:
        """Move what is due, for some seconds at most; gives whether more may be. Around a session that breaks its bite, one
        at a time, and that one ends."""
        until, alone, self._rings_at = time.monotonic() + SPAN, False, 0.0
        while time.monotonic() < until:
            await self._give_way()
            try:
                rang = await self._timers()
                if not await self._some(1 if alone else self._bite) and not rang:
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
        world, now, begun = self._world(), self._clock.now(), time.monotonic()
        woken = await self._store.run(lambda unit: wake(unit, world, now, bite, self._pressed))
        ended = time.monotonic()
        self._ring(woken)
        aim = SHORT if ended - self._work.heard < ABOUT else LONG
        fits = int(bite * aim / max(ended - begun, 0.001))
        self._bite = min(max(fits, LEAST, self._bite // 2), MOST, self._bite * 2)
        return woken.more

    async def _timers(self) -> bool:
        """Let timers ring; gives whether there may be more."""
        if (at := time.monotonic()) < self._rings_at:
            return False
        now, rang = self._clock.now(), 0
        try:
            rang = await self._store.run(lambda unit: ring_timers(unit, now))
        except AWAY:
            raise
        except Exception:
            log.exception("timers do not ring")
        if rang:
            self._work.ring()
        else:
            self._rings_at = at + REST
        return rang > 0

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
        return self._store.waiting() > 0

    async def _give_way(self) -> None:
        """Wait until who wrote has her answer."""
        until = time.monotonic() + PATIENCE
        while (now := time.monotonic()) < until and (self._store.waiting() or now - self._work.heard < CALM):
            await asyncio.sleep(LOOK)

    async def _silence(self, reason: str) -> None:
        now = self._clock.now()
        await self._store.run(lambda unit: silence(unit, now, reason))
