"""Everything of a running bot, opened in order and closed in reverse: store, doors, worker, sender, scheduler."""

import asyncio
import logging
import random
from collections.abc import Mapping
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
from trinario.ports import Clock
from trinario.runtime import build
from trinario.runtime.asking import ask_meta
from trinario.runtime.chance import SecretChance, new_id
from trinario.runtime.clock import EmulatorClock, SystemClock
from trinario.runtime.field_indexes import index_fields
from trinario.runtime.herald import hosts_of
from trinario.runtime.inspect import inspect
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.loopback import is_loopback
from trinario.runtime.loops import Loops, Roles, Tools
from trinario.runtime.metrics import Metrics
from trinario.runtime.owner import own
from trinario.runtime.renewal import Renewal
from trinario.runtime.sender import tell_trouble
from trinario.runtime.settings import Settings
from trinario.runtime.upkeep import TROUBLE, AnyStore, open_store, unusable
from trinario.runtime.webhooks import try_out
from trinario.store.migrate import upgrade
from trinario.store.postgres import PostgresStore
from trinario.web.app import build_app
from trinario.web.doors import Doors

log = logging.getLogger("trinario.process")


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
        self.random = SecretChance(lambda: settings.secret_key)
        self.run_id = chance.getrandbits(62)
        self._world = self._make_world()
        self.renewal = Renewal(self.store, self.clock, self.adapters, self.random, keeper.renew_after, tell_trouble)
        self.loops = Loops(Tools(
            keeper, settings, roles, self.store, self.clock, self.world, self.adapters, self.files, self.download, session,
            self.telling, self.metrics, chance, self.run_id, self.renewal,
        ))  # fmt: skip

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
            self.clock.moved = self.loops.clock_moved
            await self.clock.start()
        try:
            await self.store.run(lambda unit: upgrade(unit.conn))
        except TROUBLE as error:
            raise unusable(self.settings, error) from error
        self.random.ready()  # where the database is none, no key is left beside it
        await self.keeper.open(self.store, self.clock.now())
        await index_fields(self.store, self.keeper.bot)
        if isinstance(self.store, PostgresStore):
            await self.store.hold(self.run_id)
            await self.store.listen(self.loops.woken_by_others)
        await self.renewal.look(renews=False)  # before anything is sent with a token that is over
        now = self.clock.now()
        orphans = await self.store.run(lambda unit: adopt_orphans(unit, self._world, self.run_id, now))
        await self.attend()
        gone = await self.store.run(lambda unit: abandon(unit, self._world, now))
        if gone:
            log.warning("%s messages waited for channels that bot.yaml no longer has; they have failed", gone)
        if orphans:
            log.warning("%s messages were under way when a process ended; their fate is being looked for", orphans)
        self.loops.begin()

    async def attend(self) -> None:
        """Messages of unknown fate get their time from now on: what the platform told meanwhile, nobody has heard."""
        now = self.clock.now()
        await self.store.run(lambda unit: search_anew(unit, self._world, now))

    def _fell(self, found: Fallen) -> None:
        """Messages that were taken and then failed are counted; of a channel in trouble operators hear."""
        for channel, failure in found.news:
            self.metrics.failed(channel, failure)
        tell_trouble(found.told)

    def application(self) -> web.Application:
        """The HTTP side."""
        intake = Intake(
            self.store, self.clock, self.loops.woken, lambda: watched(self.keeper.bot), self._fell,
            lambda: index_of(self.keeper.bot).plans,
        )  # fmt: skip
        return build_app(
            Doors(
                inlets=build.inlets(self.keeper.settings),
                keep=intake.keep,
                store=self.store,
                world=self.world,
                clock=self.clock,
                woken=self.loops.woken,
                api_token=self.settings.api_token,
                ready=self.ready,
                new_id=new_id,
                metrics=self.metrics.text,
                live=self.loops.live,
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
        return {"database": database, **self.loops.healthy()}

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
        self.loops.woken()
        return True

    async def watch(self, stop: asyncio.Event) -> bool:
        """Until `stop` is set or a loop dies; gives whether one died."""
        return await self.loops.watch(stop)

    async def close(self) -> None:
        """Drain: no new turns, what flies lands and is recorded."""
        await self.loops.close()
        if isinstance(self.clock, EmulatorClock):
            await self.clock.stop()
        await self.http.close()
        await self.telling.close()
        await self.download.close()
        await self.files.close()
        await self.store.close()
        if self._owned is not None:
            self._owned.close()
