"""The loops of a running bot: begun by its roles, woken by each other and by other processes, ended together."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import ClientSession

from trinario.jobs.world import World
from trinario.outside.download import Downloader
from trinario.outside.http import HttpClient
from trinario.ports import Adapter, Clock, MediaStore, Trouble
from trinario.runtime import build
from trinario.runtime.bell import Bell
from trinario.runtime.caller import Caller
from trinario.runtime.campaigner import Campaigner
from trinario.runtime.fetcher import Fetcher
from trinario.runtime.herald import Herald
from trinario.runtime.housekeeper import Housekeeper
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.log import turn_lines
from trinario.runtime.metrics import Metrics
from trinario.runtime.notifier import Notifier
from trinario.runtime.ratings import Ratings
from trinario.runtime.renewal import Renewal
from trinario.runtime.scheduler import Scheduler
from trinario.runtime.sender import Sender
from trinario.runtime.settings import Settings
from trinario.runtime.shopfront import Front, Shopfront
from trinario.runtime.sweeper import Sweeper
from trinario.runtime.templates import take_states
from trinario.runtime.upkeep import AnyStore
from trinario.runtime.watcher import Watcher
from trinario.runtime.worker import AWAY, Ears, Worker
from trinario.store.postgres import PostgresStore

log = logging.getLogger("trinario.process")

RENEWAL = 0.5
"""Seconds between two looks whether the server still knows us."""

LANDING = 22
"""Seconds that the loops have to end: what flies lands, and is recorded."""


@dataclass(frozen=True, slots=True)
class Roles:
    """What this process does."""

    web: bool
    worker: bool
    sender: bool
    scheduler: bool

    @classmethod
    def of(cls, role: str) -> "Roles":
        """The roles that a name on the command line means."""
        return cls(*(role in ("all", name) for name in ("web", "worker", "sender", "scheduler")))


@dataclass(frozen=True, slots=True)
class Tools:
    """What the loops work with. `run` is the number of this process, `session` calls what the team is told by."""

    keeper: BotKeeper
    settings: Settings
    roles: Roles
    store: AnyStore
    clock: Clock
    world: Callable[[], World]
    adapters: Mapping[str, Adapter]
    files: MediaStore
    download: Downloader
    session: ClientSession
    telling: HttpClient
    metrics: Metrics
    chance: random.Random
    run: int
    renewal: Renewal


class Loop(Protocol):
    """What every one of them has."""

    @property
    def bell(self) -> Bell:
        """Wakes it, and ends it."""

    async def run(self) -> None:
        """Until the bell is closed."""


class Loops:
    """Those of one process. `begin`, then `watch` until one dies or the end comes, `close`."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.worker: Worker | None = None
        self.sender: Sender | None = None
        self.caller: Caller | None = None
        self.fetcher: Fetcher | None = None
        self.scheduler: Scheduler | None = None
        self.campaigner: Campaigner | None = None
        self._bells: list[Bell] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._shopfront = Shopfront(tools.adapters.values, self._front, tools.store, tools.clock)
        self._notifying: asyncio.Task[None] | None = None

    # ---- begun

    def begin(self) -> None:
        """All that the roles of this process ask for."""
        tools = self._tools
        self.sender, self.caller, self.fetcher = self._sender(), self._caller(), self._fetcher()
        self.sender.bell = Bell(self._ring_the_outside, attended=tools.roles.sender)
        ears = Ears(self.sender.bell, self.sender.attend, self._told, tools.metrics.died)
        self.worker = Worker(tools.store, tools.world, tools.clock, ears)
        if tools.roles.worker:
            self._add("worker", self.worker)
        if tools.roles.sender:
            self._add("sender", self.sender)
            self._add("caller", self.caller)
            self._add("fetcher", self.fetcher)
            self._add("notifier", Notifier(tools.store, tools.world, tools.clock, tools.session, tools.settings.smtp))
        if tools.roles.scheduler:
            self._schedule(self.worker, self.sender)
        self._bells.append(tools.renewal.bell)
        self._go("renewal", tools.renewal.run(self._renews))
        self._add("watcher", Watcher(tools.keeper, tools.store, tools.clock, self._swapped, tools.metrics.serving))
        if isinstance(tools.store, PostgresStore):
            self._go("connection", self._stay_connected(tools.store))
        for part in (tools.renewal, self.worker, self.sender, self.caller):
            part.bell.ring_here()

    def _add(self, name: str, loop: Loop) -> None:
        self._bells.append(loop.bell)
        self._go(name, loop.run())

    def _go(self, name: str, work: Any) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(work, name=name))

    def _sender(self) -> Sender:
        tools = self._tools
        return Sender(
            tools.store, tools.world, tools.clock, tools.run, tools.chance.random, tools.metrics.sent, self.wake_worker,
            tools.files,
        )  # fmt: skip

    def _caller(self) -> Caller:
        tools = self._tools
        return Caller(
            tools.store,
            tools.world,
            tools.clock,
            tools.run,
            tools.chance.random,
            tools.metrics.called,
            self.wake_worker,
        )

    def _fetcher(self) -> Fetcher:
        tools = self._tools
        return Fetcher(
            tools.store, tools.world, tools.clock, tools.run, tools.files, tools.download,
            lambda: build.media_rules(tools.keeper.media), tools.chance.random, tools.metrics.fetched,
            alone=tools.settings.sqlite_path is not None,
        )  # fmt: skip

    def _schedule(self, worker: Worker, sender: Sender) -> None:
        """What has its times."""
        tools = self._tools
        self.scheduler = Scheduler(
            tools.store, tools.world, tools.clock, tools.run, worker.bell, sender.bell, self._told, self._counted,
            lambda: tools.keeper.serving,
        )  # fmt: skip
        self.scheduler.start()
        self.campaigner = Campaigner(tools.store, tools.world, tools.clock, worker.bell)
        self._add("campaigner", self.campaigner)
        self._go("set-up", self._shopfront.run())
        self._tidy()

    def _tidy(self) -> None:
        """What is old is forgotten, and what `housekeeping` says is done at its times."""
        tools = self._tools
        sweeper = Sweeper(
            tools.store, lambda: tools.keeper.retention, tools.clock, lambda: not self._by_table("retention")
        )
        works = {
            "retention": sweeper.walk,
            "tokens": lambda: tools.renewal.look(True),
            "templates": lambda: take_states(tools.keeper.folder, tools.settings, tools.store, tools.clock.now()),
        }
        self._add("sweeper", sweeper)
        self._add("housekeeper", Housekeeper(tools.store, lambda: tools.keeper.housekeeping, tools.clock, works))
        self._add("ratings", Ratings(tools.store, tools.adapters.values))
        endpoints = lambda: tools.keeper.webhooks  # noqa: E731
        self._add("herald", Herald(tools.store, tools.world, endpoints, tools.clock, tools.telling, tools.chance))

    def _renews(self) -> bool:
        """Whether this process renews tokens as soon as they are due."""
        return self._tools.roles.scheduler and not self._by_table("tokens")

    def _by_table(self, work: str) -> bool:
        """Whether `housekeeping` says when a work is done."""
        return work in self._tools.keeper.housekeeping[0].lines

    async def _stay_connected(self, store: PostgresStore) -> None:
        """What this process holds on the server, the lock of its run and its ear, is taken again after a cut."""
        while True:
            await asyncio.sleep(RENEWAL)
            try:
                if await store.renew():
                    log.warning("the server had cut this process off; its lock and its ear are back")
            except AWAY as error:
                log.error("the database is away: %s", type(error).__name__)

    def _front(self, channel: str) -> Front:
        """What a channel should show before and beside a conversation."""
        keeper = self._tools.keeper
        starters, menu = keeper.set_up_of(channel), keeper.menu_of(channel)
        tongues, commands = keeper.tongues_of(channel), keeper.commands_of(channel)
        return Front(starters, menu, keeper.bot.greeting, tongues, commands)

    # ---- woken

    def wake_worker(self) -> None:
        """There is something in the inbox."""
        if self.worker is not None:
            self.worker.bell.ring(first=True)
        self._tell_others()

    def woken(self) -> None:
        """There is something in the inbox, and perhaps in the outbox."""
        self.wake_worker()
        if self.sender is not None:
            self.sender.bell.ring_here()

    def woken_by_others(self) -> None:
        """Another process says that there is work."""
        for part in (self.worker, self.sender, self.caller, self.fetcher):
            if part is not None:
                part.bell.ring_here(first=True)

    def clock_moved(self) -> None:
        """The emulator's clock jumped: what is due is due now."""
        for part in (self.sender, self.caller, self.fetcher, self._tools.renewal, self.campaigner):
            if part is not None:
                part.bell.ring_here()

    def _swapped(self) -> None:
        """Other flows are served from now on: what waited for them may go on, and menus may be others."""
        self._shopfront.changed()
        if self.worker is not None:
            self.worker.bell.ring_here()

    def _ring_the_outside(self) -> None:
        """A turn may want something of the outside."""
        for part in (self.caller, self.fetcher):
            if part is not None:
                part.bell.ring_here()

    def _tell_others(self) -> None:
        """Processes that do only a part are woken by the server; one notice at a time, those between are one."""
        store, roles = self._tools.store, self._tools.roles
        if not isinstance(store, PostgresStore) or (roles.worker and roles.sender):
            return
        if self._notifying is None or self._notifying.done():
            self._notifying = asyncio.get_running_loop().create_task(store.notify())

    # ---- told

    def _told(self, lines: list[Any], seconds: float) -> None:
        self._tools.metrics.turned(lines, seconds)
        turn_lines(lines, seconds)

    def _counted(self, counts: Mapping[str, int], troubles: list[Trouble]) -> None:
        self._tools.metrics.waiting(counts)
        self._tools.metrics.channels(self._tools.adapters, troubles)

    def healthy(self) -> dict[str, bool]:
        """Those that run, by name, and whether they are well."""
        parts = {
            "worker": self.worker, "sender": self.sender, "caller": self.caller, "fetcher": self.fetcher,
            "scheduler": self.scheduler, "campaigner": self.campaigner,
        }  # fmt: skip
        return {name: part.healthy for name, part in parts.items() if part is not None}

    def live(self) -> bool:
        """Whether every loop of this process still runs."""
        return not any(task.done() for task in self._tasks)

    async def watch(self, stop: asyncio.Event) -> bool:
        """Until `stop` is set or a loop dies; gives whether one died."""
        waiting = asyncio.get_running_loop().create_task(stop.wait())
        done, _ = await asyncio.wait([waiting, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        dead = [task for task in done if task is not waiting]
        for task in dead:
            log.error("the %s ended", task.get_name(), exc_info=task.exception())
        return bool(dead)

    # ---- ended

    async def close(self) -> None:
        """Drain: no new turns, what flies lands and is recorded."""
        if self.scheduler is not None:
            self.scheduler.stop()
        for bell in self._bells:
            bell.close()
        endings: list[asyncio.Task[Any]] = []
        for task in self._tasks:
            if task.get_name() in ("set-up", "connection"):
                task.cancel()
            endings.append(task)
        if self._notifying is not None:
            endings.append(self._notifying)
        if endings:
            _, late = await asyncio.wait(endings, timeout=LANDING)
            for task in late:
                log.error("the %s did not end in %s s", task.get_name(), LANDING)
                task.cancel()
