"""The sender: rows claimed, posted side by side, settled in batches with the next claim."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from trinario.jobs.deliver import HELD, claim, outcome, post, settle
from trinario.jobs.world import World
from trinario.model.channel import Identity
from trinario.model.outbox import NotSent, SendResult, Unknown
from trinario.ports import Claimed, Clock, Settled, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.sender")

SLOTS = 512
"""Sends under way at once."""

IDLE, PACED = 0.5, 0.05
"""Seconds between looks: when nothing is known to wait, and when more may wait than the pace let go."""

HOLD = timedelta(seconds=30)
"""How long a channel rests after trouble with its token or account."""

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
        self._courtesies: set[asyncio.Task[None]] = set()
        self._held: dict[str, datetime] = {}
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
        await self._land()

    async def _land(self) -> None:
        """Wait for what flies, and record it."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=25)
        await self._round(0)

    async def _round(self, free: int) -> bool:
        """Settle what came back and claim what may go, in one transaction. Gives whether anything was claimed."""
        results, self._results = self._results, []
        world, now = self._world(), self._clock.now()
        held = self._resting()

        def work(unit: Unit) -> list[Claimed]:
            if results:
                settle(unit, results, now)
            return claim(unit, world, free, self._run, now, held) if free > 0 else []

        try:
            claimed = await self._store.run(work)
        except BaseException:
            self._results = results + self._results
            raise
        if any(row.awaited for row, _, _ in results):
            self._woken()
        for row in claimed:
            task = asyncio.get_running_loop().create_task(self._send(world, row))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return bool(claimed)

    async def _send(self, world: World, row: Claimed) -> None:
        begun = asyncio.get_running_loop().time()
        try:
            result = await post(world, row, self._clock.now())
        except Exception as error:  # a fault of ours after the claim: it may be out or not
            log.exception("a send fails: %s", row.entry.key)
            result = Unknown(type(error).__name__)
        spent = asyncio.get_running_loop().time() - begun
        self._told(row.entry.identity.channel, result, spent)
        if isinstance(result, NotSent) and result.failure.action in HELD:
            self._rest(row.entry.identity.channel, result)
        self._results.append((row, result, outcome(row, result, self._clock.now(), world.tuning, self._chance)))
        self.bell.ring()

    def _rest(self, channel: str, result: NotSent) -> None:
        """Stop a channel whose token or account is refused, and say so once."""
        if channel not in self._resting():
            log.error(
                "channel %s rests for %s s: the platform answers %s (%s); see `trinario doctor`",
                channel, int(HOLD.total_seconds()), result.failure.code, result.failure.action,
            )  # fmt: skip
        self._held[channel] = self._clock.now() + HOLD

    def _resting(self) -> frozenset[str]:
        now = self._clock.now()
        self._held = {channel: until for channel, until in self._held.items() if until > now}
        return frozenset(self._held)

    def attend(self, seen: list[tuple[Identity, str]]) -> None:
        """Show people that they were read; best effort, never more than a few at once."""
        adapters = self._world().adapters
        for identity, message_id in seen:
            if len(self._courtesies) >= COURTESIES or identity.channel in self._held:
                return
            attend = adapters[identity.channel].attend(identity, message_id, False)
            task = asyncio.get_running_loop().create_task(attend)
            self._courtesies.add(task)
            task.add_done_callback(self._courtesies.discard)
