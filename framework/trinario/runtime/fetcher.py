"""The fetcher: files that people sent, claimed, fetched side by side, kept, and removed when they are to be."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from trinario.jobs.account import Told
from trinario.jobs.media import LIVES, Accounts, Fetched, MediaRules, NotFetched, Result, fetched, outcome
from trinario.jobs.world import World
from trinario.outside.media_folder import discard, prepare, sweep
from trinario.ports import Clock, Download, MediaEntry, MediaSettled, MediaStore, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.round_trips import RoundTrips
from trinario.runtime.sender import tell_trouble

log = logging.getLogger("trinario.fetcher")

SLOTS = 8
"""Files that are fetched at once."""

SWEEP = 1.0
"""Seconds between two looks for what dead processes left, and for copies that are to be removed."""

LANDING = 10.0
"""Seconds that fetches have to end when the process does; those that take longer are begun anew by the next one."""

CHUNK = 100
"""Copies that are removed at a time."""

STUCK = timedelta(minutes=1)
"""How long a copy that could not be removed waits for the next try."""

Back = tuple[MediaEntry, Result, MediaSettled]


class Fetcher:
    """Fetches what turns want fetched. `run` is the claim id of this process, `alone`: no other process works on the store's
    spool; `told` gets (channel, stored, failed or again, bytes, seconds)."""

    def __init__(
        self,
        store: Store,
        world: Callable[[], World],
        clock: Clock,
        run: int,
        files: MediaStore,
        download: Download,
        rules: Callable[[], MediaRules],
        chance: Callable[[], float],
        told: Callable[[str, str, int, float], None],
        alone: bool,
    ) -> None:
        self._store, self._world, self._clock, self._run = store, world, clock, run
        self._files, self._download, self._rules, self._chance = files, download, rules, chance
        self._told, self._alone = told, alone
        self._trips: RoundTrips[MediaEntry, Back, str] = RoundTrips(store, self, "fetcher", SLOTS, 0.0, landing=LANDING)
        self._accounts, self._news = Accounts(), Told()
        self._swept: float | None = None

    @property
    def bell(self) -> Bell:
        """Rings when there is a file to fetch."""
        return self._trips.bell

    @property
    def healthy(self) -> bool:
        """Whether the last round went well."""
        return self._trips.healthy

    async def run(self) -> None:
        """Fetch until the bell is closed; then wait a little for what is under way."""
        await asyncio.to_thread(self._clean)
        await self._trips.run()

    def _clean(self) -> None:
        try:
            if left := sweep(self._files.spool, self._alone):
                log.warning("%s files were on their way in when a process ended; they are fetched anew", left)
        except OSError as error:
            log.error("the folder %s cannot be looked through: %s", self._files.spool, error)

    async def prepare(self) -> None:
        """What dead processes had in hand waits again, copies that are too old expire, and those to be removed are; now
        and then."""
        begun = asyncio.get_running_loop().time()
        if self._swept is not None and begun - self._swept < SWEEP:
            return
        self._swept, now, keep = begun, self._clock.now(), self._rules().keep

        def work(unit: Unit) -> tuple[list[int], list[str]]:
            lost = unit.media.orphan(self._run, LIVES)
            if keep is not None:
                unit.media.expire(now - keep, f"copies are kept for {keep.days or 1} days", CHUNK, now)
            return lost, unit.media.doomed(CHUNK, now)

        lost, doomed = await self._store.run(work)
        if lost:
            log.warning("%s files were being fetched when a process ended; they are fetched anew", len(lost))
            await asyncio.to_thread(discard, self._files.spool, [f"{run:x}-" for run in set(lost)])
        if doomed:
            await self._remove(doomed)

    async def _remove(self, doomed: list[str]) -> None:
        """Remove copies from the store, and then say so in the database: twice does no harm."""
        gone, stuck = [], []
        for id in doomed:
            try:
                await self._files.remove(id)
                gone.append(id)
            except OSError as error:
                stuck.append(id)
                log.error("a copy of a file cannot be removed: %s", error)
        again = self._clock.now() + STUCK
        await self._store.run(lambda unit: unit.media.removed(gone, stuck, again))

    def exchange(self, unit: Unit, back: Sequence[Back], free: int, stray: frozenset[str] | None) -> list[MediaEntry]:
        """Settle what was fetched, weigh what it means for its channel, claim what is due."""
        now, self._news = self._clock.now(), Told()
        if stray is not None:  # what was settled already is not weighed once more
            still = unit.media.unclaim(self._run, stray)
            back = [one for one in back if one[0].id in still]
        if back:
            unit.media.settle([settled for _, _, settled in back], self._run, now)
        self._accounts.weigh(unit, {entry.channel: result for entry, result, _ in back}, now, self._news)
        return unit.media.claim(free, self._run, now) if free else []

    def set_aside(self, unit: Unit, one: Back, fault: Exception) -> None:
        """The file is fetched once more, and not for ever; the copy that there may be is removed in the end."""
        unit.media.settle([self.lost(one[0], fault)[2]], self._run, self._clock.now())

    def settled(self, back: Sequence[Back], claimed: Sequence[MediaEntry]) -> None:
        """Operators hear of troubles."""
        self._accounts.stands()
        tell_trouble(self._news)

    async def go(self, row: MediaEntry) -> Back:
        """Fetch one file."""
        into = self._files.spool / f"{self._run:x}-{row.id}"
        result: Result
        try:
            await asyncio.to_thread(prepare, self._files.spool)
            source = self._world().adapters.get(row.channel)
            result = await fetched(source, self._download, row, self._rules(), into)
            if isinstance(result, Fetched):
                result = await self._kept(row, result, into)
        except OSError as error:
            result = NotFetched(f"it cannot be written here ({error.strerror or type(error).__name__})", again=True)
        finally:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(into.unlink, True)
        return row, result, outcome(row, result, self._clock.now(), self._chance)

    def lost(self, row: MediaEntry, fault: Exception) -> Back:
        """It is tried again, and not for ever."""
        result = NotFetched(f"a fault of ours: {type(fault).__name__}", again=True)
        return row, result, outcome(row, result, self._clock.now(), float)

    def tell(self, one: Back, seconds: float) -> None:
        """For the metrics; what is given up for the log as well."""
        entry, _, settled = one
        if settled.status == "failed":
            log.warning("a file (%s on %s) is given up: %s", entry.kind, entry.channel, settled.reason)
        self._told(entry.channel, "again" if settled.status == "waiting" else settled.status, settled.size, seconds)

    def row_id(self, row: MediaEntry) -> str:
        """Its id."""
        return row.id

    def back_id(self, back: Back) -> str:
        """The id of the file that came back."""
        return back[0].id

    async def _kept(self, entry: MediaEntry, result: Fetched, into: Path) -> Result:
        """The copy in the store. Without an answer nobody knows; its row is `held`, so that it is removed in the end."""
        try:
            await self._files.put(entry.id, into, result.mime_type)
        except OSError as error:
            log.error("a file cannot be kept: %s", error)
            return NotFetched(f"it could not be kept ({error.strerror or error})"[:200], again=True)
        return result
