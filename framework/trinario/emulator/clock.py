"""The emulator's movable clock, and the timetable of what it still has to do by that clock."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Callable
from datetime import UTC, datetime

from trinario.emulator.config import Json


class Clock:
    """Real time plus an offset in seconds; windows, statuses and webhooks all go by it."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Epoch seconds."""
        return time.time() + self.offset

    def view(self) -> Json:
        """`{now, iso, offset}`."""
        now = self.now()
        return {"now": now, "iso": datetime.fromtimestamp(now, UTC).isoformat(), "offset": self.offset}


def offset_for(iso: str) -> float:
    """The offset that makes the clock show this moment now. Raises ValueError."""
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() - time.time()


class Timetable:
    """Jobs that fall due at a moment of the movable clock; moving it forward makes them due at once."""

    def __init__(self, clock: Clock, run: Callable[[int, Json], None]) -> None:
        self._clock = clock
        self._run = run
        self._heap: list[tuple[float, int, Json]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for = 0.0
        self._stopped = False

    def add(self, number: int, due: float, job: Json) -> None:
        """Run `job` at `due` (epoch seconds); equal moments run in the order of `number`."""
        heapq.heappush(self._heap, (due, number, job))
        if self._timer is None or due < self._armed_for:
            self.poke()

    def clear(self) -> None:
        self._heap.clear()

    def poke(self) -> None:
        """Look at the clock again; call it after the clock was moved."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._stopped or not self._heap:
            return
        self._armed_for = self._heap[0][0]
        wait = max(0.0, self._armed_for - self._clock.now())
        self._timer = asyncio.get_running_loop().call_later(min(wait, 86_400.0), self._ring)

    def stop(self) -> None:
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()

    def _ring(self) -> None:
        self._timer = None
        now = self._clock.now()
        try:
            while self._heap and self._heap[0][0] <= now:
                _, number, job = heapq.heappop(self._heap)
                self._run(number, job)
        finally:
            self.poke()
