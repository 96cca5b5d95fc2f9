"""The fetcher: files that people sent, claimed, fetched side by side, kept, and removed when they are to be."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from trinario.jobs.account import Told
from trinario.jobs.media import LIVES, Accounts, Fetched, MediaRules, NotFetched, Result, fetched, outcome
from trinario.jobs.world import World
from trinario.outside.media_folder import discard, prepare, sweep
from trinario.ports import Clock, Download, MediaEntry, MediaSettled, MediaStore, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.sender import tell_trouble
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.fetcher")

SLOTS = 8
"""Files that are fetched at once."""

IDLE = 0.5
"""Seconds between looks when nothing is known to wait."""

SWEEP = 1.0
"""Seconds between two looks for what dead processes left, and for copies that are to be removed."""

LANDING = 10.0
"""Seconds that fetches have to end when the process does; those that take longer are begun anew by the next one."""

CHUNK = 100
"""Copies that are removed at a time."""

STUCK = timedelta(minutes=1)
"""How long a copy that could not be removed waits for the next try."""


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
        self.bell = Bell()
        self._store, self._world, self._clock, self._run = store, world, clock, run
        self._files, self._download, self._rules, self._chance = files, download, rules, chance
        self._told, self._alone = told, alone
        self._accounts = Accounts()
        self._results: list[tuple[MediaEntry, Result, MediaSettled]] = []
        self._flying: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()
        self._in_doubt = False
        self._swept: float | None = None
        self.healthy = True

    async def run(self) -> None:
        """Fetch until the bell is closed; then wait a little for what is under way."""
        await asyncio.to_thread(self._clean)
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
            except Exception:  # a fault of ours must not end the loop
                self.healthy = False
                log.exception("a round of files fails")
                await asyncio.sleep(1.0)
        await self._land()

    def _clean(self) -> None:
        try:
            if left := sweep(self._files.spool, self._alone):
                log.warning("%s files were on their way in when a process ended; they are fetched anew", left)
        except OSError as error:
            log.error("the folder %s cannot be looked through: %s", self._files.spool, error)

    async def _sweep(self) -> None:
        """What dead processes had in hand waits again, copies that are too old expire, and those to be removed are; now
        and then."""
        begun = asyncio.get_running_loop().time()
        if self._swept is not None and begun - self._swept < SWEEP:
            return
        self._swept, now, keep = begun, self._clock.now(), self._rules().keep

        def work(unit: Unit) -> tuple[list[int], list[str]]:
            lost = unit.orphan_media(self._run, LIVES)
            if keep is not None:
                unit.expire_media(now - keep, f"copies are kept for {keep.days or 1} days", CHUNK, now)
            return lost, unit.doomed_media(CHUNK, now)

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
        await self._store.run(lambda unit: unit.removed_media(gone, stuck, again))

    async def _land(self) -> None:
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=LANDING)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._round(0)
        except AWAY as error:
            log.error("the database is away, and files are fetched anew: %s", type(error).__name__)

    async def _round(self, free: int) -> bool:
        """Settle what was fetched and claim what is due, in one transaction. Gives whether anything was claimed."""
        results, self._results = self._results, []
        if free <= 0 and not results:
            return False
        now, told = self._clock.now(), Told()

        def work(unit: Unit) -> list[MediaEntry]:
            if self._in_doubt:
                unit.unclaim_media(self._run, self._in_hand)
            unit.settle_media([settled for _, _, settled in results], self._run, now)
            self._accounts.weigh(unit, {entry.channel: result for entry, result, _ in results}, now, told)
            return unit.claim_media(free, self._run, now) if free > 0 else []

        try:
            claimed = await self._store.run(work)
        except BaseException:
            self._results = results + self._results
            self._in_doubt = True  # the claim may stand, and we do not know of which rows
            raise
        self._in_doubt = False
        tell_trouble(told)
        self._in_hand.difference_update(entry.id for entry, _, _ in results)
        self._in_hand.update(entry.id for entry in claimed)
        for entry in claimed:
            task = asyncio.get_running_loop().create_task(self._fetch(entry))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return bool(claimed)

    async def _fetch(self, entry: MediaEntry) -> None:
        begun = asyncio.get_running_loop().time()
        into = self._files.spool / f"{self._run:x}-{entry.id}"
        result: Result
        try:
            await asyncio.to_thread(prepare, self._files.spool)
            source = self._world().adapters.get(entry.channel)
            result = await fetched(source, self._download, entry, self._rules(), into)
            if isinstance(result, Fetched):
                result = await self._kept(entry, result, into)
        except OSError as error:
            result = NotFetched(f"it cannot be written here ({error.strerror or type(error).__name__})", again=True)
        except Exception as error:  # a fault of ours: it is tried again, and not for ever
            log.exception("a file cannot be fetched: %s", entry.id)
            result = NotFetched(f"a fault of ours: {type(error).__name__}", again=True)
        finally:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(into.unlink, True)
        settled = outcome(entry, result, self._clock.now(), self._chance)
        self._say(entry, settled, asyncio.get_running_loop().time() - begun)
        self._results.append((entry, result, settled))
        self.bell.ring_here()

    async def _kept(self, entry: MediaEntry, result: Fetched, into: Path) -> Result:
        """The copy in the store. Without an answer nobody knows; its row is `held`, so that it is removed in the end."""
        try:
            await self._files.put(entry.id, into, result.mime_type)
        except OSError as error:
            log.error("a file cannot be kept: %s", error)
            return NotFetched(f"it could not be kept ({error.strerror or error})"[:200], again=True)
        return result

    def _say(self, entry: MediaEntry, settled: MediaSettled, seconds: float) -> None:
        if settled.status == "failed":
            log.warning("a file (%s on %s) is given up: %s", entry.kind, entry.channel, settled.reason)
        self._told(entry.channel, "again" if settled.status == "waiting" else settled.status, settled.size, seconds)
