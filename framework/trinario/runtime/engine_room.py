"""Everything of a running bot, opened in order and closed in reverse: store, doors, worker, sender, scheduler."""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web

from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.engine.index import index_of
from trinario.jobs.failed import Fallen
from trinario.jobs.intake import Intake
from trinario.jobs.planning import Asked
from trinario.jobs.reconcile import abandon, adopt_orphans, search_anew
from trinario.jobs.reply import event
from trinario.jobs.statuses import watched
from trinario.jobs.world import World
from trinario.outside.download import Downloader
from trinario.outside.http import HttpClient
from trinario.outside.stand_in import StandIn
from trinario.ports import Clock, Trouble
from trinario.runtime import build
from trinario.runtime.asking import ask_meta
from trinario.runtime.bell import Bell
from trinario.runtime.caller import Caller
from trinario.runtime.campaigner import Campaigner
from trinario.runtime.chance import SecretChance, new_id
from trinario.runtime.clock import EmulatorClock, SystemClock
from trinario.runtime.fetcher import Fetcher
from trinario.runtime.field_indexes import index_fields
from trinario.runtime.herald import Herald, hosts_of
from trinario.runtime.housekeeper import Housekeeper
from trinario.runtime.inspect import inspect
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.log import turn_lines
from trinario.runtime.loopback import is_loopback
from trinario.runtime.metrics import Metrics
from trinario.runtime.notifier import Notifier
from trinario.runtime.owner import own
from trinario.runtime.ratings import Ratings
from trinario.runtime.renewal import Renewal
from trinario.runtime.scheduler import Scheduler
from trinario.runtime.sender import Sender, tell_trouble
from trinario.runtime.settings import Settings
from trinario.runtime.shopfront import Front, Shopfront
from trinario.runtime.sweeper import Sweeper
from trinario.runtime.templates import take_states
from trinario.runtime.upkeep import TROUBLE, AnyStore, open_store, unusable
from trinario.runtime.watcher import Watcher
from trinario.runtime.webhooks import try_out
from trinario.runtime.worker import AWAY, Ears, Worker
from trinario.store.migrate import upgrade
from trinario.store.postgres import PostgresStore
from trinario.web.app import build_app
from trinario.web.doors import Doors

log = logging.getLogger("trinario.process")

RENEWAL = 0.5
"""Seconds between two looks whether the server still knows us."""


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


class EngineRoom:
    """A bot, running. `open`, then `application` for HTTP, `watch` until the end, `close`."""

    def __init__(
        self, keeper: BotKeeper, settings: Settings, session: ClientSession, roles: Roles, chance: random.Random
    ) -> None:
        self.keeper, self.settings, self.roles = keeper, settings, roles
        self.clock: Clock = EmulatorClock(settings.clock_url, session) if settings.clock_url else SystemClock()
        self.metrics = Metrics()
        self._owned = own(settings.sqlite_path) if settings.sqlite_path else None
        self.store: AnyStore = open_store(settings)
        self._session = session
        graph = build.graph_of(settings)
        transport = AiohttpTransport(session)
        self.adapters = build.adapters(keeper.settings, graph, transport)
        self._conversions = build.conversions(keeper.outside, keeper.settings, graph, transport)
        self.http: HttpClient | StandIn = HttpClient(lambda: self.keeper.outside.hosts, local=settings.http_local)
        if settings.stand_ins:
            self.http = StandIn(self.http, settings.stand_ins, lambda: self.keeper.outside.hosts)
        self.telling = HttpClient(lambda: hosts_of(keeper.webhooks), local=settings.http_local, redirects=0)
        self.files = build.files(keeper.media, settings.media_folder)
        self.download = Downloader(local=any(map(is_loopback, (graph.url, graph.telegram_url))))
        self.random = SecretChance(settings.secret_key)
        self.run_id = chance.getrandbits(62)
        self._chance = chance
        self._world = self._make_world()
        self.renewal = Renewal(self.store, self.clock, self.adapters, self.random, keeper.renew_after, tell_trouble)
        self.worker: Worker | None = None
        self.sender: Sender | None = None
        self.notifier: Notifier | None = None
        self.caller: Caller | None = None
        self.fetcher: Fetcher | None = None
        self.scheduler: Scheduler | None = None
        self.campaigner: Campaigner | None = None
        self.watcher: Watcher | None = None
        self.sweeper: Sweeper | None = None
        self.housekeeper: Housekeeper | None = None
        self.ratings: Ratings | None = None
        self.herald: Herald | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._shopfront = Shopfront(self.adapters.values, self._front, self.store, self.clock)
        self._notifying: asyncio.Task[None] | None = None

    def world(self) -> World:
        """The bot as it stands now, with all that jobs need."""
        return self._world

    def _make_world(self) -> World:
        return World(
            bot=lambda: self.keeper.bot,
            adapters=self.adapters,
            random=self.random,
            tuning=self.settings.tuning,
            read_marks=self.keeper.read_marks,
            profiled=self.keeper.profiled,
            recall=self.keeper.recall,
            outside=build.outside(self.keeper.outside, self.http, self._conversions),
            public_url=(self.settings.public_url or "").rstrip("/"),
        )

    async def open(self) -> None:
        """Migrate, recover, and begin to work."""
        if isinstance(self.clock, EmulatorClock):
            self.clock.moved = self._clock_moved
            await self.clock.start()
        try:
            await self.store.run(lambda unit: upgrade(unit.conn))
        except TROUBLE as error:
            raise unusable(self.settings, error) from error
        await self.keeper.open(self.store, self.clock.now())
        await index_fields(self.store, self.keeper.bot)
        if isinstance(self.store, PostgresStore):
            await self.store.hold(self.run_id)
            await self.store.listen(self._woken_by_others)
        await self.renewal.look(renews=False)  # before anything is sent with a token that is over
        now = self.clock.now()
        orphans = await self.store.run(lambda unit: adopt_orphans(unit, self._world, self.run_id, now))
        await self.attend()
        gone = await self.store.run(lambda unit: abandon(unit, self._world, now))
        if gone:
            log.warning("%s messages waited for channels that bot.yaml no longer has; they have failed", gone)
        if orphans:
            log.warning("%s messages were under way when a process ended; their fate is being looked for", orphans)
        self._begin()

    async def attend(self) -> None:
        """Messages of unknown fate get their time from now on: what the platform told meanwhile, nobody has heard."""
        now = self.clock.now()
        await self.store.run(lambda unit: search_anew(unit, self._world, now))

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        told = self._told
        self.sender = Sender(
            self.store, self.world, self.clock, self.run_id, self._chance.random, self.metrics.sent, self.wake_worker,
            self.files,
        )  # fmt: skip
        self.caller = Caller(
            self.store, self.world, self.clock, self.run_id, self._chance.random, self.metrics.called, self.wake_worker
        )
        self.fetcher = Fetcher(
            self.store,
            self.world,
            self.clock,
            self.run_id,
            self.files,
            self.download,
            lambda: build.media_rules(self.keeper.media),
            self._chance.random,
            self.metrics.fetched,
            alone=self.settings.sqlite_path is not None,
        )
        self.sender.bell = Bell(self._ring_the_outside, attended=self.roles.sender)
        ears = Ears(self.sender.bell, self.sender.attend, told, self.metrics.died)
        self.worker = Worker(self.store, self.world, self.clock, ears)
        if self.roles.worker:
            self._tasks.append(loop.create_task(self.worker.run(), name="worker"))
        if self.roles.sender:
            self._tasks.append(loop.create_task(self.sender.run(), name="sender"))
            self._tasks.append(loop.create_task(self.caller.run(), name="caller"))
            self._tasks.append(loop.create_task(self.fetcher.run(), name="fetcher"))
            self.notifier = Notifier(self.store, self.world, self.clock, self._session, self.settings.smtp)
            self._tasks.append(loop.create_task(self.notifier.run(), name="notifier"))
        if self.roles.scheduler:
            self.scheduler = Scheduler(
                self.store,
                self.world,
                self.clock,
                self.run_id,
                self.worker.bell,
                self.sender.bell,
                told,
                self._counted,
                lambda: self.keeper.serving,
            )
            self.scheduler.start()
            self.campaigner = Campaigner(self.store, self.world, self.clock, self.worker.bell)
            self._tasks.append(loop.create_task(self.campaigner.run(), name="campaigner"))
            self._tasks.append(loop.create_task(self._shopfront.run(), name="set-up"))
            self._tidy(loop)
        self._tasks.append(loop.create_task(self.renewal.run(self._renews), name="renewal"))
        self.watcher = Watcher(self.keeper, self.store, self.clock, self._swapped, self.metrics.serving)
        self._tasks.append(loop.create_task(self.watcher.run(), name="watcher"))
        if isinstance(self.store, PostgresStore):
            self._tasks.append(loop.create_task(self._stay_connected(self.store), name="connection"))
        self.renewal.bell.ring_here()
        self.worker.bell.ring_here()
        self.sender.bell.ring_here()
        self.caller.bell.ring_here()

    def _tidy(self, loop: asyncio.AbstractEventLoop) -> None:
        """What is old is forgotten, and what `housekeeping` says is done at its times."""
        self.sweeper = Sweeper(
            self.store, lambda: self.keeper.retention, self.clock, lambda: not self._by_table("retention")
        )
        works = {
            "retention": self.sweeper.walk,
            "tokens": lambda: self.renewal.look(True),
            "templates": lambda: take_states(self.keeper.folder, self.settings, self.store, self.clock.now()),
        }
        self.housekeeper = Housekeeper(self.store, lambda: self.keeper.housekeeping, self.clock, works)
        self.ratings = Ratings(self.store, self.adapters.values)
        self.herald = Herald(
            self.store, self.world, lambda: self.keeper.webhooks, self.clock, self.telling, self._chance
        )
        for part in (self.sweeper, self.housekeeper, self.ratings, self.herald):
            self._tasks.append(loop.create_task(part.run(), name=type(part).__name__.lower()))

    def _renews(self) -> bool:
        """Whether this process renews tokens as soon as they are due."""
        return self.roles.scheduler and not self._by_table("tokens")

    def _by_table(self, work: str) -> bool:
        """Whether `housekeeping` says when a work is done."""
        return work in self.keeper.housekeeping[0].lines

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
        keeper = self.keeper
        starters, menu = keeper.set_up_of(channel), keeper.menu_of(channel)
        tongues, commands = keeper.tongues_of(channel), keeper.commands_of(channel)
        return Front(starters, menu, keeper.bot.greeting, tongues, commands)

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

    def _clock_moved(self) -> None:
        """The emulator's clock jumped: what is due is due now."""
        for part in (self.sender, self.caller, self.fetcher, self.renewal, self.campaigner):
            if part is not None:
                part.bell.ring_here()

    def _told(self, lines: list[Any], seconds: float) -> None:
        self.metrics.turned(lines, seconds)
        turn_lines(lines, seconds)

    def wake_worker(self) -> None:
        """There is something in the inbox."""
        if self.worker is not None:
            self.worker.bell.ring(first=True)
        self._tell_others()

    def wake_sender(self) -> None:
        """There is something in the outbox."""
        if self.sender is not None:
            self.sender.bell.ring()
        self._tell_others()

    def _woken(self) -> None:
        self.wake_worker()
        if self.sender is not None:
            self.sender.bell.ring_here()

    def _woken_by_others(self) -> None:
        for part in (self.worker, self.sender, self.caller, self.fetcher):
            if part is not None:
                part.bell.ring_here(first=True)

    def _tell_others(self) -> None:
        """Processes that do only a part are woken by the server; one notice at a time, those between are one."""
        store = self.store
        if not isinstance(store, PostgresStore) or (self.roles.worker and self.roles.sender):
            return
        if self._notifying is None or self._notifying.done():
            self._notifying = asyncio.get_running_loop().create_task(store.notify())

    def _counted(self, counts: Mapping[str, int], troubles: list[Trouble]) -> None:
        self.metrics.waiting(counts)
        self.metrics.channels(self.adapters, troubles)

    def _fell(self, found: Fallen) -> None:
        """Messages that were taken and then failed are counted; of a channel in trouble operators hear."""
        for channel, failure in found.news:
            self.metrics.failed(channel, failure)
        tell_trouble(found.told)

    def application(self) -> web.Application:
        """The HTTP side."""
        intake = Intake(
            self.store, self.clock, self._woken, lambda: watched(self.keeper.bot), self._fell,
            lambda: index_of(self.keeper.bot).plans,
        )  # fmt: skip
        return build_app(
            Doors(
                inlets=build.inlets(self.keeper.settings),
                keep=intake.keep,
                store=self.store,
                world=self.world,
                clock=self.clock,
                woken=self._woken,
                api_token=self.settings.api_token,
                ready=self.ready,
                new_id=new_id,
                metrics=self.metrics.text,
                live=self.live,
                flows_refused=self.flows_refused,
                files=self.files,
                opened=build.opener(self.keeper.settings),
                public_url=self.settings.public_url or "",
                tally=self.metrics,
                webhooks=lambda: self.keeper.webhooks,
                try_webhook=lambda endpoint: try_out(self.settings, endpoint),
                ask_meta=self._ask_meta,
            )
        )

    async def _ask_meta(self) -> Asked:
        """What Meta says of our numbers and templates, for a plan."""
        return await ask_meta(self.keeper.folder, self.settings, self.store, self.adapters, self.clock.now())

    def live(self) -> bool:
        """Whether every loop of this process still runs."""
        return not any(task.done() for task in self._tasks)

    def flows_refused(self) -> int:
        """Issues that keep the newest flows from being served; 0: they are."""
        return self.keeper.trouble.issues if self.keeper.trouble else 0

    def trouble(self) -> str:
        """The same for people: the issues with their places; "" when there are none."""
        return self.keeper.trouble.text if self.keeper.trouble else ""

    async def ready(self) -> Mapping[str, bool]:
        """Named checks: the database answers, the loops are well."""

        def ask(unit: Any) -> bool:
            return unit.schedules.next_due(self.clock.now()) is not False

        try:
            database = await asyncio.wait_for(self.store.read(ask), 5.0)
        except Exception:
            database = False
        parts = {
            "worker": self.worker,
            "sender": self.sender,
            "caller": self.caller,
            "fetcher": self.fetcher,
            "scheduler": self.scheduler,
            "campaigner": self.campaigner,
        }
        return {"database": database, **{name: part.healthy for name, part in parts.items() if part is not None}}

    async def inspect(self, identities: list[tuple[str, str]]) -> dict[str, Any]:
        """What the bot knows of whoever has one of these identities (platform or channel, value)."""
        now, channels = self.clock.now(), self.keeper.bot.channels.values()
        named = [(c.id, value) for place, value in identities for c in channels if place in (c.id, c.platform)]
        return await self.store.read(lambda unit: inspect(unit, named, now))

    async def raise_event(self, contact: int, name: str, data: Mapping[str, Any]) -> bool:
        """Keep an event of the outside in a contact's inbox, as the API does. False: there is no such contact."""
        found = await self.store.read(lambda unit: unit.contact_ids({"id": contact}))
        if not found:
            return False
        now, id = self.clock.now(), new_id()
        await self.store.run(lambda unit: event(unit, found[0], name, dict(data), id, now))
        self._woken()
        return True

    async def watch(self, stop: asyncio.Event) -> bool:
        """Until `stop` is set or a loop dies; gives whether one died."""
        waiting = asyncio.get_running_loop().create_task(stop.wait())
        done, _ = await asyncio.wait([waiting, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        dead = [task for task in done if task is not waiting]
        for task in dead:
            log.error("the %s ended", task.get_name(), exc_info=task.exception())
        return bool(dead)

    async def close(self) -> None:
        """Drain: no new turns, what flies lands and is recorded."""
        if self.scheduler is not None:
            self.scheduler.stop()
        loops = (
            self.worker,
            self.sender,
            self.caller,
            self.fetcher,
            self.watcher,
            self.notifier,
            self.renewal,
            self.campaigner,
            self.sweeper,
            self.housekeeper,
            self.ratings,
            self.herald,
        )
        for part in loops:
            if part is not None:
                part.bell.close()
        await self._finish()
        if isinstance(self.clock, EmulatorClock):
            await self.clock.stop()
        await self.http.close()
        await self.telling.close()
        await self.download.close()
        await self.files.close()
        await self.store.close()
        if self._owned is not None:
            self._owned.close()

    async def _finish(self) -> None:
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


LANDING = 22
"""Seconds that the loops have to end: what flies lands, and is recorded."""
