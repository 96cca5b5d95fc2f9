"""The caller: calls to the outside claimed, made side by side, their answers settled with the next claim."""

import asyncio
import logging
from collections.abc import Callable

from trinario.jobs import profile
from trinario.jobs.call import Result, adopt, make, outcome, settle
from trinario.jobs.world import World
from trinario.ports import CallEntry, CallSettled, Clock, NotReturned, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.caller")

SLOTS = 64
"""Calls that are out at once."""

LANDING = 15.0
"""Seconds that calls have to come back when the process ends; those of longer patience are made again, or have failed."""

IDLE = 0.5
"""Seconds between looks when nothing is known to wait."""

SWEEP = 2.0
"""Seconds between two looks for calls of processes that died."""


class Caller:
    """Makes the calls that turns want made. `run` is the claim id of this process; `told` gets (kind, result, seconds)."""

    def __init__(
        self,
        store: Store,
        world: Callable[[], World],
        clock: Clock,
        run: int,
        chance: Callable[[], float],
        told: Callable[[str, Result, float], None],
        woken: Callable[[], None],
    ) -> None:
        self.bell = Bell()
        self._store, self._world, self._clock, self._run = store, world, clock, run
        self._chance, self._told, self._woken = chance, told, woken
        self._results: list[CallSettled] = []
        self._flying: set[asyncio.Task[None]] = set()
        self._in_hand: set[int] = set()
        self._in_doubt = False
        self._swept = 0.0
        self._profiles = 0
        self.healthy = True

    async def run(self) -> None:
        """Make calls until the bell is closed; then wait for those that are out."""
        while await self.bell.wait(IDLE):
            try:
                await self._sweep()
                while await self._round(SLOTS - len(self._flying)):
                    pass
                self.healthy = True
            except AWAY as error:
                self.healthy = False
                log.error("the database is away: %s", type(error).__name__)
                await asyncio.sleep(1.0)
            except Exception:  # a fault of ours must not end the loop while calls are out
                self.healthy = False
                log.exception("a round of calls fails")
                await asyncio.sleep(1.0)
        await self._land()

    async def _sweep(self) -> None:
        """Take over what dead processes had out, and fail what is too late; now and then."""
        begun = asyncio.get_running_loop().time()
        if begun - self._swept < SWEEP:
            return
        self._swept, now = begun, self._clock.now()
        if orphans := await self._store.run(lambda unit: adopt(unit, self._run, now)):
            log.warning("%s calls to the outside were out when a process ended", orphans)
            self._woken()

    async def _land(self) -> None:
        """Wait for the calls that are out, and record them; what is not back in time is left for the next process."""
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=LANDING)
            for task in late:
                task.cancel()
        for pause in (0.5, 1.0, 2.0, 0.0):
            try:
                await self._round(0)
                return
            except AWAY as error:
                log.error("the database is away, and answers are still to be recorded: %s", type(error).__name__)
                await asyncio.sleep(pause)

    async def _round(self, free: int) -> bool:
        """Settle what came back and claim what may go, in one transaction. Gives whether anything was claimed."""
        results, self._results = self._results, []
        now = self._clock.now()

        def work(unit: Unit) -> tuple[bool, list[CallEntry]]:
            if self._in_doubt:
                unit.unclaim_calls(self._run, self._in_hand)
            told = settle(unit, results, now, self._run) if results else False
            return told, unit.claim_calls(free, self._run, now) if free > 0 else []

        try:
            told, claimed = await self._store.run(work)
        except BaseException:
            self._results = results + self._results
            self._in_doubt = True  # the claim may stand, and we do not know of which rows
            raise
        self._in_doubt = False
        self._in_hand.difference_update(one.id for one in results)
        self._in_hand.update(call.id for call in claimed)
        if told:
            self._woken()
        for call in claimed:
            task = asyncio.get_running_loop().create_task(self._make(call))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return bool(claimed)

    async def _make(self, call: CallEntry) -> None:
        begun = asyncio.get_running_loop().time()
        result: Result
        try:
            result = await (self._profile(call) if call.kind == profile.KIND else make(self._world().outside, call))
        except Exception as error:  # a fault of ours: it may have been made or not
            log.exception("a call fails: %s", call.key)
            result = NotReturned(f"a fault of ours: {type(error).__name__}")
        self._told(call.kind, result, asyncio.get_running_loop().time() - begun)
        self._results.append(outcome(call, result, self._clock.now(), self._chance))
        self.bell.ring_here()

    async def _profile(self, call: CallEntry) -> Result:
        """Who somebody is; a few at once, the others come later."""
        if self._profiles >= profile.AT_ONCE:
            return NotReturned("others are asked about", again=True)
        self._profiles += 1
        try:
            return await profile.look_up(self._world(), call)
        finally:
            self._profiles -= 1
