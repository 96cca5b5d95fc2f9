"""The caller: calls to the outside claimed, made side by side, their answers settled with the next claim."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence

from trinario.jobs.call import Result, adopt, agreed, make, outcome, settle
from trinario.jobs.world import World
from trinario.ports import CallEntry, CallSettled, Clock, NotReturned, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.round_trips import RoundTrips

log = logging.getLogger("trinario.caller")

SLOTS = 64
"""Calls that are out at once."""

LANE = 16
"""Calls to one host that are out at once: one that hangs leaves room for the others."""

AGAIN = 0.001
"""Seconds after a round that claimed something: there may be more."""

SWEEP = 2.0
"""Seconds between two looks for calls of processes that died."""

Back = tuple[CallEntry, CallSettled, Result]


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
        self._store, self._world, self._clock, self._run = store, world, clock, run
        self._chance, self._told, self._woken = chance, told, woken
        self._trips: RoundTrips[CallEntry, Back, int] = RoundTrips(store, self, "caller", SLOTS, AGAIN)
        self._busy: Counter[str] = Counter()
        self._full: dict[str, int] = {}
        self._news = False
        self._swept = 0.0

    @property
    def bell(self) -> Bell:
        """Rings when there is a call to make."""
        return self._trips.bell

    @property
    def healthy(self) -> bool:
        """Whether the last round went well."""
        return self._trips.healthy

    async def run(self) -> None:
        """Make calls until the bell is closed; then wait for those that are out."""
        await self._trips.run()

    async def prepare(self) -> None:
        """Take over what dead processes had out, and fail what is too late; now and then."""
        self._full, begun = dict(self._busy), asyncio.get_running_loop().time()
        if begun - self._swept < SWEEP:
            return
        self._swept, now = begun, self._clock.now()
        if orphans := await self._store.run(lambda unit: adopt(unit, self._run, now)):
            log.warning("%s calls to the outside were out when a process ended", orphans)
            self._woken()

    def exchange(self, unit: Unit, back: Sequence[Back], free: int, stray: frozenset[int] | None) -> list[CallEntry]:
        """Settle what came back, claim what may go: of each lane so many."""
        now = self._clock.now()
        if stray is not None:
            unit.calls.unclaim(self._run, stray)
        self._news = settle(unit, [one for _, one, _ in back], now, self._run) if back else False
        claimed = unit.calls.claim(free, self._run, now, self._full, LANE) if free else []
        return agreed(unit, claimed, now, self._run)

    def settled(self, back: Sequence[Back], claimed: Sequence[CallEntry]) -> None:
        """Whoever waits for an answer is woken."""
        self._busy.update(call.lane for call in claimed)
        if self._news:
            self._woken()

    def set_aside(self, unit: Unit, one: Back, fault: Exception) -> None:
        """Whoever waits for the answer hears that there is none to be had."""
        settle(unit, [self.lost(one[0], fault)[1]], self._clock.now(), self._run)
        self._woken()

    async def go(self, row: CallEntry) -> Back:
        """Make one call."""
        try:
            result = await make(self._world().outside, row)
        finally:
            self._leave(row.lane)
        return row, outcome(row, result, self._clock.now(), self._chance), result

    def lost(self, row: CallEntry, fault: Exception) -> Back:
        """It may have been made or not."""
        result = NotReturned(f"a fault of ours: {type(fault).__name__}")
        return row, outcome(row, result, self._clock.now(), float), result

    def tell(self, one: Back, seconds: float) -> None:
        """For the metrics."""
        self._told(one[0].kind, one[2], seconds)

    def _leave(self, lane: str) -> None:
        self._busy[lane] -= 1
        if not self._busy[lane]:
            del self._busy[lane]

    def row_id(self, row: CallEntry) -> int:
        """Its id."""
        return row.id

    def back_id(self, back: Back) -> int:
        """The id of the call that came back."""
        return back[0].id
