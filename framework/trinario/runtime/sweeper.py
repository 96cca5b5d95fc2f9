"""The sweeper: what is not to be kept any longer goes, in small transactions with pauses between them."""

import asyncio
import logging
from collections.abc import Callable

from trinario.jobs.retention import Sweep, begin, sweep
from trinario.model.retention import Retention
from trinario.ports import Clock, Store
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.sweeper")

EVERY = 3600.0
"""Seconds between two walks."""

FIRST = 60.0
"""Seconds before the first one: a start has better things to do."""

PAUSE = 0.05
"""Seconds between two transactions, in which answers go first."""


class Sweeper:
    """Forgets by the rules of bot.yaml until its bell is closed."""

    def __init__(
        self, store: Store, rules: Callable[[], Retention], clock: Clock, by_itself: Callable[[], bool] = lambda: True
    ) -> None:
        """`by_itself` False: somebody else says when to walk."""
        self.bell, self._by_itself = Bell(), by_itself
        self._store, self._rules, self._clock, self._mark = store, rules, clock, Sweep()

    async def run(self) -> None:
        """Walk, wait, walk."""
        pause = FIRST
        while await self.bell.wait(pause):
            pause = EVERY
            if not self._by_itself():
                continue
            try:
                await self.walk()
            except AWAY as error:
                log.warning("what is old is forgotten later: %s", type(error).__name__)
            except Exception:
                log.exception("what is old cannot be forgotten")

    async def walk(self) -> None:
        """Once along everything that is old."""
        now, rules, mark = self._clock.now(), self._rules(), self._mark
        for part in await self._store.run(lambda unit: begin(unit, mark, now)):
            while not self.bell.closed and await self._store.run(
                lambda unit, part=part: sweep(unit, rules, mark, part, now)  # type: ignore[misc]
            ):
                await asyncio.sleep(PAUSE)
        if gone := {part: count for part, count in mark.gone.items() if count}:
            log.info(
                "forgotten, because bot.yaml keeps it no longer: %s", ", ".join(f"{n:,} {p}" for p, n in gone.items())
            )
