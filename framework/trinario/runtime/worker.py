"""The worker: the inbox worked off in batches, halved around a row that breaks them; linkings, one by one."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import InterfaceError, OperationalError

from trinario.errors import PoisonedRow
from trinario.jobs.link import link
from trinario.jobs.receive import give_up, reason_of, receive
from trinario.jobs.received import Received, TurnLine
from trinario.jobs.world import World
from trinario.model.channel import Identity
from trinario.ports import Clock, InboxEntry, Lane, Store
from trinario.runtime.bell import Bell

log = logging.getLogger("trinario.worker")

POLL = 1.0
"""Seconds after which the inbox is looked at without being told (the safety net)."""

PASSED = 0.005
"""Seconds after which somebody is looked for again who was another's; each time that she still is, twice as many."""

AWAY = (OperationalError, InterfaceError, ConnectionError, OSError)
"""The database is away or busy: no row is to blame."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears of what was done: `sent` is rung when there may be something to send, `seen` told what she was read on, `told`
    the lines of turns and the seconds they took, `died` how many rows are dead."""

    sent: Bell
    seen: Callable[[list[tuple[Identity, str]]], None]
    told: Callable[[list[TurnLine], float], None]
    died: Callable[[int], None]


class Worker:
    """Turns of contacts. Where works run side by side, those of people and those of bulk are worked off beside each other."""

    def __init__(self, store: Store, world: Callable[[], World], clock: Clock, ears: Ears) -> None:
        if store.parallel:
            bulk = LaneWorker(store, world, clock, ears, Lane.BULK, Bell())
            people = LaneWorker(store, world, clock, ears, Lane.PEOPLE, Bell(behind=bulk.bell))
            self._lanes = [people, bulk]
        else:
            self._lanes = [LaneWorker(store, world, clock, ears, Lane.BOTH, Bell())]

    @property
    def bell(self) -> Bell:
        """Rings when there is something in the inbox."""
        return self._lanes[0].bell

    @property
    def healthy(self) -> bool:
        """Whether the last look of each lane went well."""
        return all(lane.healthy for lane in self._lanes)

    async def run(self) -> None:
        """Work until the bell is closed."""
        async with asyncio.TaskGroup() as lanes:  # where one dies the other ends as well
            for lane in self._lanes:
                lanes.create_task(lane.run())


class LaneWorker:
    """What works off one lane of the inbox."""

    def __init__(
        self, store: Store, world: Callable[[], World], clock: Clock, ears: Ears, lane: Lane, bell: Bell
    ) -> None:
        self.bell, self.healthy = bell, True
        self._store, self._world, self._clock, self._ears, self._lane = store, world, clock, ears, lane
        self._limit = world().tuning.batch

    async def run(self) -> None:
        """Work until the bell is closed."""
        pause = POLL
        while await self.bell.wait(pause):
            try:
                passed = await self._work_off()
                pause = min(pause * 2, POLL) if passed and pause < POLL else PASSED if passed else POLL
            except AWAY as error:
                self.healthy, pause = False, POLL
                log.error("the database is away: %s", type(error).__name__)
                await asyncio.sleep(1.0)
                self.bell.ring()

    async def _work_off(self) -> bool:
        """Batch after batch until nothing is pending; gives whether somebody was left who is another's just now."""
        while not self.bell.closed:
            begun = asyncio.get_running_loop().time()
            received = await self._batch()
            if received is None:
                continue
            self.healthy = True
            if received.turns:
                self._ears.told(received.turns, asyncio.get_running_loop().time() - begun)
            if received.dead:
                self._ears.died(len(received.dead))
            for row, reason in received.dead:
                log.error("inbox row %s is dead after %s tries: %s", row, self._world().tuning.tries, reason)
            if received.rows:
                sent = self._ears.sent
                ring = sent.ring if received.outside else sent.ring_here
                ring(first=received.first)
            if received.seen:
                self._ears.seen(received.seen)
            linked = await self._links(received)
            if not received.rows and not linked:
                return received.passed > 0 or bool(received.links)
        return False

    async def _batch(self) -> Received | None:
        """One transaction. None: the batch broke and is smaller next time."""
        world, now = self._world(), self._clock.now()
        first = self.bell.take_first()

        def pressed() -> bool:
            """Whether somebody else waits: bulk is left for later."""
            return self.bell.first or self._ears.sent.first or self._store.waiting() > first

        try:
            received = await self._store.run(
                lambda unit: receive(unit, world, now, self._limit, pressed, self._lane),
                first=first,
                hastened=lambda: self.bell.first,
            )
        except AWAY:
            raise
        except Exception as error:
            await self._shrink(error)
            return None
        self._limit = min(world.tuning.batch, self._limit * 2)
        return received

    async def _shrink(self, error: Exception) -> None:
        """Halve until the row stands alone; then count its try."""
        if self._limit > 1:
            self._limit //= 2
            log.warning("a batch failed and is halved to %s rows: %s", self._limit, type(error).__name__)
            return
        world, now = self._world(), self._clock.now()
        log.exception("an inbox row fails", exc_info=error)
        if isinstance(error, PoisonedRow):
            entry, reason = error.entry, error.reason
            await self._store.run(lambda unit: give_up(unit, entry, reason, world, now))
        else:
            await asyncio.sleep(1.0)  # no row is known to be guilty

    async def _links(self, received: Received) -> bool:
        """Work off linkings; gives whether any went through."""
        done = False
        for entry in received.links:
            linked = await self._link(entry)
            if linked is not None:
                done = True
                self._ears.told(linked, 0.0)
        if done:
            self._ears.sent.ring(first=True)
        return done

    async def _link(self, entry: InboxEntry) -> list[TurnLine] | None:
        """One linking in its own transaction; None: a contact is taken, it comes again."""
        world, now = self._world(), self._clock.now()
        try:
            return await self._store.run(lambda unit: link(unit, world, entry, now))
        except AWAY:
            raise
        except Exception as error:
            log.exception("a linking fails: inbox row %s", entry.id)
            reason = reason_of(error)
            await self._store.run(lambda unit: give_up(unit, entry, reason, world, now))
            return []
