"""Round trips: rows claimed, each taken outside and back side by side, what came back settled with the next claim."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from trinario.ports import Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

IDLE = 0.5
"""Seconds between looks when nothing is known to wait."""

LANDING = 15.0
"""Seconds that what is out has to come back when the process ends; what is later is left for the next process."""

TROUBLED = 1.0
"""Seconds before the next look after a round that failed."""

Row = TypeVar("Row")
Back = TypeVar("Back")


class Crew(Protocol[Row, Back]):
    """What differs between those who make round trips."""

    async def prepare(self) -> None:
        """Before each look: what dead processes left."""
        ...

    def exchange(self, unit: Unit, back: Sequence[Back], free: int, stray: frozenset[int] | None) -> list[Row]:
        """In one transaction: settle what came back, claim what may go. `free` is how many may begin (0: none); `stray`,
        unless None: what was claimed for us and is not among these ids has to be given back."""
        ...

    def settled(self, back: Sequence[Back], claimed: Sequence[Row]) -> None:
        """That transaction stands."""
        ...

    async def go(self, row: Row) -> Back:
        """Take one row outside. Never raises."""
        ...

    def row_id(self, row: Row) -> int:
        """Its id."""
        ...

    def back_id(self, back: Back) -> int:
        """The id of the row that came back."""
        ...


class RoundTrips(Generic[Row, Back]):
    """The loop: at most `slots` out at once, `again` seconds after a round that claimed something."""

    def __init__(self, store: Store, crew: Crew[Row, Back], name: str, slots: int, again: float, *, loud: bool) -> None:
        """`loud`: a row that came back rings in other processes as well."""
        self.bell = Bell()
        self.healthy = True
        self._store, self._crew, self._slots, self._again, self._loud = store, crew, slots, again, loud
        self._log = logging.getLogger(f"trinario.{name}")
        self._back: list[Back] = []
        self._flying: set[asyncio.Task[None]] = set()
        self._in_hand: set[int] = set()
        self._in_doubt = False

    async def run(self) -> None:
        """Until the bell is closed; then wait for what is out, and record it."""
        pause = IDLE
        while await self.bell.wait(pause):
            try:
                await self._crew.prepare()
                pause = self._again if await self.round(self._slots - len(self._flying)) else IDLE
                self.healthy = True
            except AWAY as error:
                self.healthy = False
                self._log.error("the database is away: %s", type(error).__name__)
                await asyncio.sleep(TROUBLED)
            except Exception:  # a fault of ours must not end the loop while something is out
                self.healthy = False
                self._log.exception("a round fails")
                await asyncio.sleep(TROUBLED)
        await self._land()

    async def round(self, free: int) -> bool:
        """Settle what came back and claim what may go, in one transaction. Gives whether anything was claimed."""
        back, self._back = self._back, []
        stray = frozenset(self._in_hand) if self._in_doubt else None
        try:
            claimed = await self._store.run(lambda unit: self._crew.exchange(unit, back, max(free, 0), stray))
        except BaseException:
            self._back = back + self._back
            self._in_doubt = True  # the claim may stand, and we do not know of which rows
            raise
        self._in_doubt = False
        self._in_hand.difference_update(self._crew.back_id(one) for one in back)
        self._in_hand.update(self._crew.row_id(row) for row in claimed)
        self._crew.settled(back, claimed)
        for row in claimed:
            task = asyncio.get_running_loop().create_task(self._fly(row))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return bool(claimed)

    async def _fly(self, row: Row) -> None:
        back = await self._crew.go(row)
        self._back.append(back)  # asked for only now: a round may have put another list in its place meanwhile
        if self._loud:
            self.bell.ring()
        else:
            self.bell.ring_here()

    async def _land(self) -> None:
        """Wait for what is out, and record it."""
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=LANDING)
            for task in late:
                task.cancel()
        for pause in (0.5, 1.0, 2.0, 0.0):
            try:
                await self.round(0)
                return
            except AWAY as error:
                self._log.error("the database is away, and answers are still to be recorded: %s", type(error).__name__)
                await asyncio.sleep(pause)
