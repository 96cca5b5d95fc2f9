"""The scheduler: APScheduler rings, the database knows what is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from trinario.engine.due import KINDS
from trinario.engine.index import index_of
from trinario.jobs.launch import launch, tick
from trinario.jobs.move import move
from trinario.jobs.passing import moving, pass_by
from trinario.jobs.received import TurnLine
from trinario.jobs.reckon import reckon
from trinario.jobs.reconcile import adopt_orphans, decide
from trinario.jobs.world import World
from trinario.model.deployment import Deployment
from trinario.ports import Clock, Store, Trouble
from trinario.runtime.bell import Bell
from trinario.runtime.waker import Waker
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.scheduler")

TICK = 0.5
"""Seconds between two sweeps; an idle one costs a few indexed look-ups."""

COUNT = 10.0
"""Seconds between two looks at what waits, for the metrics."""

KEPT = timedelta(days=1)
"""How long wrong codes, and fates of messages that are not ours, are kept."""

BATCHES = 50
"""Chunks of sessions that one sweep brings into a deployment at most."""

SWAPPING = 2.0
"""Seconds in which every process takes a deployment over, before sessions are moved into it."""


CHUNKS = 25
"""Chunks of contacts that one sweep brings a time table to at most."""


async def _broken_off(job: Callable[[], Awaitable[None]]) -> None:
    """A job that may be broken off by `stop`: that is an end as any other, and no error to be told."""
    with suppress(asyncio.CancelledError):
        await job()


class Scheduler:
    """Sweeps sessions and timers that are due, and rows whose answer was lost."""

    def __init__(
        self,
        store: Store,
        world: Callable[[], World],
        clock: Clock,
        run: int,
        work: Bell,
        sent: Bell,
        told: Callable[[list[TurnLine], float], None],
        counted: Callable[[dict[str, int], list[Trouble]], None],
        serving: Callable[[], Deployment | None] = lambda: None,
    ) -> None:
        self._store, self._world, self._clock, self._run = store, world, clock, run
        self._work, self._sent, self._told, self._counted = work, sent, told, counted
        self._serving, self._moved, self._met = serving, 0, (0, 0.0)
        self._waker = Waker(store, world, clock, work, sent, told)
        self._rings: Any = AsyncIOScheduler(timezone="UTC")
        self.healthy = True

    def start(self) -> None:
        """Begin to ring."""
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # a sweep of minutes is no reason to warn
        once = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        for job, seconds in ((self.sweep, TICK), (self.count, COUNT)):
            self._rings.add_job(_broken_off, "interval", seconds=seconds, args=[job], **once)
        self._rings.start()

    def stop(self) -> None:
        """Ring no more."""
        self._rings.shutdown(wait=False)

    async def sweep(self) -> None:
        """One look at everything that may be due, and at once another one while sessions are left."""
        while await self._look():
            pass

    async def _look(self) -> bool:
        """Every part once; gives whether sessions are left."""
        self.healthy, left = True, False
        for part in (
            self._tables,
            self._passing,
            self._waker.move,
            self._orphans,
            self._unknown,
            self._deployment,
        ):
            try:
                left = bool(await part()) or left
            except AWAY as error:
                self.healthy = False
                log.error("the database is away: %s", type(error).__name__)
                return False
            except Exception:
                log.exception("a part of the sweep fails")
        return left

    async def count(self) -> None:
        """Tell the metrics what waits, and forget what is of no use any more."""
        try:
            now = self._clock.now()
            self._counted(*await self._store.read(lambda unit: (unit.counts(), unit.accounts.troubles(now))))
            before = now - KEPT
            await self._store.run(lambda unit: unit.prune(before))
        except AWAY as error:
            log.warning("what waits cannot be counted: %s", type(error).__name__)

    async def _tables(self) -> None:
        """Time tables whose slot has come, and triggers that are new: some chunks of contacts, so that all have a turn."""
        world, now = self._world(), self._clock.now()
        if not any(index_of(world.bot()).by_kind.get(kind) for kind in KINDS):
            return
        await self._store.run(lambda unit: tick(unit, world, now))
        for job in (launch, reckon):
            for _ in range(CHUNKS):
                if not await self._store.run(lambda unit, job=job: job(unit, world, now)):  # type: ignore[misc]
                    break
                self._work.ring()

    async def _passing(self) -> None:
        """Segments that time moves people into or out of."""
        world, now = self._world(), self._clock.now()
        if not moving(world.bot()):
            return
        for _ in range(CHUNKS):
            if not await self._store.run(lambda unit: pass_by(unit, world, now)):
                break
            self._work.ring()

    async def _orphans(self) -> None:
        now = self._clock.now()
        await self._store.run(lambda unit: adopt_orphans(unit, self._world(), self._run, now))

    async def _unknown(self) -> None:
        now = self._clock.now()
        if await self._store.run(lambda unit: decide(unit, self._world(), now)):
            self._sent.ring()
            self._work.ring()

    async def _deployment(self) -> None:
        """Bring who waits into what was deployed, once every process had the time to serve it."""
        made = self._serving()
        if made is None or not made.moving or made.id == self._moved:
            return
        now = asyncio.get_running_loop().time()
        if self._met[0] != made.id:
            self._met = (made.id, now)
        if made.pinned and now - self._met[1] < SWAPPING:
            return
        for _ in range(BATCHES):
            if not await self._bring(made.id):
                self._moved = made.id
                return

    async def _bring(self, id: int) -> bool:
        """One chunk; gives whether there may be more."""
        world, now = self._world(), self._clock.now()
        brought = await self._store.run(lambda unit: move(unit, world, id, now))
        if brought.moved or brought.stayed:
            text = "deployment %s: %s sessions moved, %s stay on their revision"
            log.info(text, id, brought.moved, brought.stayed)
            self._told(brought.lines, 0.0)
            self._sent.ring()
        return brought.left
