"""The sender: rows claimed, posted side by side, settled in batches with the next claim."""

import asyncio
import logging
from collections.abc import Callable

from trinario.jobs.account import Scales, Told, code_of
from trinario.jobs.deliver import claim, outcome, post, settle
from trinario.jobs.hold import People
from trinario.jobs.statuses import watched
from trinario.jobs.world import World
from trinario.model.channel import Identity
from trinario.model.message import Media
from trinario.model.outbox import NotSent, SendResult, Unknown
from trinario.ports import Claimed, Clock, Settled, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.personas import Personas
from trinario.runtime.uploads import Uploads
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.sender")

SLOTS = 512
"""Sends under way at once."""

LANDING = 15.0
"""Seconds that sends under way have to come back when the process ends."""

IDLE, PACED = 0.5, 0.05
"""Seconds between looks: when nothing is known to wait, and when more may wait than the pace let go."""

COURTESIES = 64
"""Read marks under way at once; more are left out."""


class Sender:
    """Sends what is in the outbox. `run` is the claim id of this process; `told` gets (channel, result, seconds) of every one."""

    def __init__(
        self,
        store: Store,
        world: Callable[[], World],
        clock: Clock,
        run: int,
        chance: Callable[[], float],
        told: Callable[[str, SendResult, float], None],
        woken: Callable[[], None],
    ) -> None:
        self.bell = Bell()
        self._store, self._world, self._clock, self._run = store, world, clock, run
        self._chance, self._told, self._woken = chance, told, woken
        self._results: list[tuple[Claimed, SendResult, Settled]] = []
        self._flying: set[asyncio.Task[None]] = set()
        self._in_hand: set[int] = set()
        self._busy: dict[str, int] = {}
        self.paused = False
        self._in_doubt = False
        self._courtesies: set[asyncio.Task[None]] = set()
        self._people, self._uploads, self._personas = People(), Uploads(store, clock), Personas(store, clock)
        self._troubled: set[str] = set()
        self._scales = Scales()
        self.healthy = True

    async def run(self) -> None:
        """Send until the bell is closed; then finish what flies."""
        pause = IDLE
        while await self.bell.wait(pause):
            try:
                pause = PACED if await self._round(SLOTS - len(self._flying)) else IDLE
                self.healthy = True
            except AWAY as error:
                self.healthy = False
                log.error("the database is away: %s", type(error).__name__)
                await asyncio.sleep(1.0)
            except Exception:  # a fault of ours must not end the loop while sends are in the air
                self.healthy = False
                log.exception("a round of sending fails")
                await asyncio.sleep(1.0)
        await self._land()

    async def _land(self) -> None:
        """Wait for what flies, and record it."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=LANDING)
        for pause in (0.5, 1.0, 2.0, 0.0):
            try:
                await self._round(0)
                return
            except AWAY as error:
                log.error("the database is away, and results are still to be recorded: %s", type(error).__name__)
                await asyncio.sleep(pause)

    async def _round(self, free: int) -> bool:
        """Settle what came back and claim what may go, in one transaction. Gives whether anything was claimed."""
        results, self._results = self._results, []
        world, now = self._world(), self._clock.now()
        places = self._places(world, free)

        told = Told()

        def work(unit: Unit) -> list[Claimed]:
            if self._in_doubt:
                unit.unclaim(self._run, self._in_hand)
            if results:
                settle(unit, results, now, self._run, watched(self._world().bot()))
                for row, result, _ in results:
                    self._scales.weigh(unit, row, result, now, told)
            if free <= 0 or self.paused:
                return []
            return claim(unit, world, places, self._run, now, self._people)

        try:
            claimed = await self._store.run(work)
        except BaseException:
            self._results = results + self._results
            self._in_doubt = True  # the claim may stand, and we do not know of which rows
            raise
        self._in_doubt = False
        self._tell(told)
        self._in_hand.difference_update(row.entry.id for row, _, _ in results)
        self._in_hand.update(row.entry.id for row in claimed)
        if any(row.awaited for row, _, _ in results):
            self._woken()
        for row in claimed:
            task = asyncio.get_running_loop().create_task(self._send(world, row))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return bool(claimed)

    def _places(self, world: World, free: int) -> dict[str, int]:
        """How many sends each channel may begin: one that hangs leaves room for the others."""
        most = max(1, SLOTS - SLOTS // max(1, len(world.adapters)))
        return {name: min(free, max(0, most - self._busy.get(name, 0))) for name in world.adapters}

    async def _send(self, world: World, row: Claimed) -> None:
        begun, channel = asyncio.get_running_loop().time(), row.entry.identity.channel
        self._busy[channel] = self._busy.get(channel, 0) + 1
        try:
            if world.bot().personas:
                row = await self._personas.ready(world, row)
            media = isinstance(row.entry.content, Media)
            ready = await self._uploads.ready(world, row) if media else row
            result = ready if isinstance(ready, NotSent) else await post(world, ready, self._clock.now())
            if media:
                await self._uploads.went(world, row, result)
        except Exception as error:  # a fault of ours after the claim: it may be out or not
            log.exception("a send fails: %s", row.entry.key)
            result = Unknown(type(error).__name__)
        spent = asyncio.get_running_loop().time() - begun
        self._busy[channel] -= 1
        self._told(channel, result, spent)
        self._results.append((row, result, outcome(row, result, self._clock.now(), world.tuning, self._chance)))
        self.bell.ring()

    def _tell(self, told: Told) -> None:
        self._troubled.update(channel for channel, _ in told.troubled)
        self._troubled.difference_update(told.well)
        tell_trouble(told)

    def attend(self, seen: list[tuple[Identity, str]]) -> None:
        """Show people that they were read; best effort, never more than a few at once."""
        adapters = self._world().adapters
        for identity, message_id in seen:
            if len(self._courtesies) >= COURTESIES or identity.channel in self._troubled:
                return
            attend = adapters[identity.channel].attend(identity, message_id, False)
            task = asyncio.get_running_loop().create_task(attend)
            self._courtesies.add(task)
            task.add_done_callback(self._courtesies.discard)


def tell_trouble(told: Told) -> None:
    """Operators hear once that a channel stands still, and once that it goes on."""
    for channel, failure in told.troubled:
        log.error(
            "channel %s rests: the platform answers %s (%s); its messages wait, and one of them tries now and then;"
            " see `trinario doctor`", channel, code_of(failure), failure.action,
        )  # fmt: skip
    for channel in told.well:
        log.warning("channel %s is well again: a message went", channel)
