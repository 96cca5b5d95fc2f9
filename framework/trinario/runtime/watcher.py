"""Looks after what is served: files that change are read again, deployments are taken over, all without stopping.

A set of files that passes every check is swapped in whole; one that does not is told, and what is served stays.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from trinario.errors import ConfigError, FaultyFiles
from trinario.model.deployment import Deployment
from trinario.ports import Clock, Store
from trinario.runtime.bell import Bell
from trinario.runtime.current import newest_of
from trinario.runtime.keeper import BotKeeper, Trouble
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.process")

LOOK = 1.0
"""Seconds between two looks at the files and at what was deployed."""

SETTLED = 0.2
"""Seconds in which nothing changes before files are read: an editor that saves several of them is done by then."""

READ = (".yaml", ".yml", ".po")
"""Endings of files that are worth a look."""

Stamp = Mapping[str, tuple[int, int]]
"""Files by path, with when they were changed (nanoseconds) and how large they are."""


class Watcher:
    """One loop a process. `swapped` is called after the flows are others, `told` with every change of the state."""

    def __init__(
        self,
        keeper: BotKeeper,
        store: Store,
        clock: Clock,
        swapped: Callable[[], None],
        told: Callable[[BotKeeper], None],
    ) -> None:
        self.bell = Bell()
        self._keeper, self._store, self._clock = keeper, store, clock
        self._swapped, self._told = swapped, told
        self._seen: Stamp = stamp(keeper.folder)
        self._deployment = keeper.serving.id if keeper.serving else 0
        self._pinned = keeper.serving is not None and keeper.serving.pinned
        self._warned: tuple[str, ...] = ()

    async def run(self) -> None:
        """Look until the bell is closed."""
        self._told(self._keeper)
        if self._pinned:
            await self._name_others()
        while await self.bell.wait(LOOK):
            try:
                await self._look()
            except AWAY as error:
                log.warning("what is deployed cannot be looked up: %s", type(error).__name__)
            except Exception:
                log.exception("what is served cannot be looked after")

    async def _look(self) -> None:
        newest = await self._store.read(lambda unit: unit.versions.current())
        if newest != self._deployment:
            await self._deployed()
        if not self.bell.closed and await asyncio.to_thread(stamp, self._keeper.folder) != self._seen:
            await self._changed()

    # what was deployed

    async def _deployed(self) -> None:
        """The history has grown: by a deployment that all serve, or by what a process took from its disk."""
        newest = await newest_of(self._store)
        if newest is None:
            return
        if newest.pinned:
            await self._take_deployed(newest)
        elif self._pinned:
            log.info("deployments are over: serving the files again")
            await self._take_files()
        # not before it is served: what went wrong on the way is tried again at the next look
        self._pinned, self._deployment = newest.pinned, max(self._deployment, newest.id)

    async def _take_deployed(self, newest: Deployment) -> None:
        keeper = self._keeper
        try:
            loaded = await keeper.read_deployed(self._store, newest)
        except ConfigError as error:
            self._refused(error, f"deployment {newest.id} cannot be served here")
            return
        await keeper.take(self._store, loaded, self._clock.now(), newest)
        log.info("serving deployment %s, by %s", newest.id, newest.author)
        self._done()
        await self._name_others()

    # files

    async def _changed(self) -> None:
        """Wait until nothing changes any more; then read."""
        while (now := await asyncio.to_thread(stamp, self._keeper.folder)) != self._seen:
            self._seen = now
            await asyncio.sleep(SETTLED)
        try:
            await (self._name_others() if self._pinned else self._take_files())
        except Exception:
            self._seen = {}  # the database was away, or a file went while it was read: the next look reads again
            raise

    async def _take_files(self) -> None:
        keeper = self._keeper
        try:
            loaded = await asyncio.to_thread(keeper.read_files)
        except ConfigError as error:
            self._refused(error, "the files have errors: what was served stays")
            return
        if keeper.channels_changed(loaded):
            log.warning("bot.yaml has other channels now: they take effect when the process is started again")
        if await keeper.take(self._store, loaded, self._clock.now()):
            log.info("the files have changed: serving what they say now")
        elif keeper.trouble is None:
            log.info("the files were read again")
        self._done()

    async def _name_others(self) -> None:
        """Once something is deployed, files that say something else are named, and not served."""
        names = await asyncio.to_thread(self._others)
        if names and names != self._warned:
            log.warning("not served, because something else is deployed: %s (trinario deploy)", ", ".join(names))
        self._warned = names

    def _others(self) -> tuple[str, ...]:
        serving = self._keeper.serving
        try:
            loaded = self._keeper.read_files()
        except ConfigError:
            return ("files with errors",)
        here = {one.name: one.revision for one in loaded.sources}
        there = serving.revisions if serving else {}
        changed = [one.file for one in loaded.sources if there.get(one.name) != one.revision]
        return (*changed, *(f"{name} (has no file)" for name in sorted(set(there) - set(here))))

    def _refused(self, error: ConfigError, what: str) -> None:
        issues = error.issues if isinstance(error, FaultyFiles) else ()
        self._keeper.trouble = Trouble(str(error), len(issues) or 1)
        log.error("%s\n%s", what, error)
        self._told(self._keeper)

    def _done(self) -> None:
        if self._keeper.serving is not None:
            self._deployment = max(self._deployment, self._keeper.serving.id)
        self._told(self._keeper)
        self._swapped()


def stamp(folder: Path) -> Stamp:
    """Everything that a bot is read from: the files below its folder and below flows/."""
    found: dict[str, tuple[int, int]] = {}
    for root in (folder.parent.parent / "flows", folder):
        for place, folders, files in os.walk(root):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                if name.endswith(READ) and not name.startswith("."):
                    _stat(os.path.join(place, name), found)
    return found


def _stat(path: str, found: dict[str, tuple[int, int]]) -> None:
    try:
        known = os.stat(path)
    except OSError:  # gone between two looks
        return
    found[path] = (known.st_mtime_ns, known.st_size)
