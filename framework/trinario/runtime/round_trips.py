"""Round trips: rows claimed, each taken outside and back side by side, what came back settled with the next claim."""

import asyncio
import logging
from collections.abc import Hashable, Sequence
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

AT_THE_END = (0.5, 1.0, 2.0, 0.0)
"""Seconds between the tries to record what came back last, while the database is away."""

Row = TypeVar("Row")
Back = TypeVar("Back")
Id = TypeVar("Id", bound=Hashable)


class Crew(Protocol[Row, Back, Id]):
    """What differs between those who make round trips."""

    async def prepare(self) -> None:
        """Before each look: what dead processes left."""
        ...

    def exchange(self, unit: Unit, back: Sequence[Back], free: int, stray: frozenset[Id] | None) -> list[Row]:
        """In one transaction: settle what came back, claim what may go. `free` is how many may begin (0: none); `stray`,
        unless None: whether the last exchange stands is not known. What was claimed for us and is not among these ids has
        to be given back, and what came back may be settled already."""
        ...

    def set_aside(self, unit: Unit, one: Back, fault: Exception) -> None:
        """In one transaction: what came back cannot be settled; its row is left so that others decide of it."""
        ...

    def settled(self, back: Sequence[Back], claimed: Sequence[Row]) -> None:
        """That transaction stands."""
        ...

    async def go(self, row: Row) -> Back:
        """Take one row outside."""
        ...

    def lost(self, row: Row, fault: Exception) -> Back:
        """What is recorded of a row whose trip broke off by a fault of ours. Never raises."""
        ...

    def tell(self, one: Back, seconds: float) -> None:
        """For those who count: this came back, after so long."""
        ...

    def row_id(self, row: Row) -> Id:
        """Its id."""
        ...

    def back_id(self, back: Back) -> Id:
        """The id of the row that came back."""
        ...


class RoundTrips(Generic[Row, Back, Id]):
    """The loop: at most `slots` out at once, `again` seconds after a round that claimed something.

    A row that cannot be settled costs itself only: it is set aside; if even that fails it stays claimed, and is adopted as an
    orphan when this process has ended.
    """

    def __init__(
        self,
        store: Store,
        crew: Crew[Row, Back, Id],
        name: str,
        slots: int,
        again: float,
        *,
        landing: float = LANDING,
    ) -> None:
        self.bell = Bell()
        self.healthy = True
        self._store, self._crew, self._slots, self._again = store, crew, slots, again
        self._landing = landing
        self._log = logging.getLogger(f"trinario.{name}")
        self._back: list[Back] = []
        self._flying: set[asyncio.Task[None]] = set()
        self._in_hand: set[Id] = set()
        self._in_doubt = False

    async def run(self) -> None:
        """Until the bell is closed; then wait for what is out, and record it."""
        pause = IDLE
        while await self.bell.wait(pause):
            try:
                await self._prepare()
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

    async def _prepare(self) -> None:
        """A fault in it keeps nothing from being settled."""
        try:
            await self._crew.prepare()
        except AWAY:
            raise
        except Exception:
            self._log.exception("what comes before a round fails")

    async def round(self, free: int) -> bool:
        """Settle what came back and claim what may go, in one transaction. Gives whether anything was claimed."""
        back, self._back, first = self._back, [], self.bell.take_first()
        try:
            claimed = await self._exchange(back, max(free, 0), first)
        except AWAY:
            self._back = back + self._back
            raise
        except Exception:
            if not back:
                raise
            self._log.exception("what came back cannot be recorded together; one by one now")
            await self._one_by_one(back)
            return False
        except BaseException:
            self._back = back + self._back
            raise
        for row in claimed:
            task = asyncio.get_running_loop().create_task(self._fly(row))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return bool(claimed)

    async def _exchange(self, back: Sequence[Back], free: int, first: bool = False) -> Sequence[Row]:
        """One transaction, and what follows from it for us."""
        stray = frozenset(self._in_hand) if self._in_doubt else None
        try:
            claimed = await self._store.run(
                lambda unit: self._crew.exchange(unit, back, free, stray), first=first, hastened=lambda: self.bell.first
            )
        except BaseException:
            self._in_doubt = True  # the claim may stand, and we do not know of which rows
            raise
        self._in_doubt = False
        self._in_hand.difference_update(self._crew.back_id(one) for one in back)
        self._in_hand.update(self._crew.row_id(row) for row in claimed)
        try:
            self._crew.settled(back, claimed)
        except Exception:  # it stands all the same, and what was claimed has to go
            self._log.exception("what follows from a round fails")
        return claimed

    async def _one_by_one(self, back: Sequence[Back]) -> None:
        """Around what breaks its batch: each in a transaction of its own, and what cannot be settled is set aside."""
        for place, one in enumerate(back):
            try:
                await self._alone(one)
            except BaseException:  # the database is away, or the process ends: no row is to blame
                self._back = [*back[place:], *self._back]
                raise

    async def _alone(self, one: Back) -> None:
        try:
            await self._exchange([one], 0)
        except AWAY:
            raise
        except Exception as fault:
            await self._set_aside(one, fault)

    async def _set_aside(self, one: Back, fault: Exception) -> None:
        id = self._crew.back_id(one)
        try:
            await self._store.run(lambda unit: self._crew.set_aside(unit, one, fault))
        except AWAY:
            raise
        except Exception:  # it stays in hand, so that nobody takes it for a claim that was lost
            self._log.exception("row %s cannot even be set aside; it stays as it is until this process ends", id)
            return
        self._in_hand.discard(id)
        self._log.error("what came back of row %s cannot be recorded, it is set aside", id, exc_info=fault)

    async def _fly(self, row: Row) -> None:
        begun = asyncio.get_running_loop().time()
        try:
            back = await self._crew.go(row)
        except Exception as fault:  # a fault of ours after the claim
            self._log.exception("row %s breaks off on its way", self._crew.row_id(row))
            back = self._crew.lost(row, fault)
        self._back.append(back)  # asked for only now: a round may have put another list in its place meanwhile
        self.bell.ring_here()  # a row that came back is nothing that others wait for
        try:
            self._crew.tell(back, asyncio.get_running_loop().time() - begun)
        except Exception:
            self._log.exception("what came back of row %s cannot be counted", self._crew.row_id(row))

    async def _land(self) -> None:
        """Wait for what is out, and record it."""
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=self._landing)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for pause in AT_THE_END:
            try:
                await self.round(0)
                return
            except AWAY as error:
                self._log.error("the database is away, and answers are still to be recorded: %s", type(error).__name__)
                await asyncio.sleep(pause)
            except Exception:  # nothing came back, so nothing is lost
                self._log.exception("the last round fails")
                return
