"""Campaigns from the command line: listed, planned, started, paused, reported; the bot may be running meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from trinario.authoring.assemble import assemble
from trinario.authoring.printing import print_issues
from trinario.campaign.report import Report
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.http.transport import Transport
from trinario.errors import ConfigError, FaultyFiles
from trinario.jobs import campaign_desk, planning
from trinario.jobs.campaign_desk import CannotCampaign, Changed
from trinario.jobs.planning import Asked, Plan, Standing
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import Campaign
from trinario.ports.campaigns import CampaignRun
from trinario.runtime import build
from trinario.runtime.asking import ANSWER_SECONDS, CONNECT_SECONDS, ask_meta
from trinario.runtime.chance import SecretChance
from trinario.runtime.clock import EmulatorClock
from trinario.runtime.settings import Settings
from trinario.runtime.versions import Database, Disk, read_disk


class CannotBe(ConfigError):
    """What was asked of a campaign cannot be."""


def world_of(folder: Path, settings: Settings) -> World:
    """The bot as its files say, with what fits its messages. Raises ConfigError."""
    return _world(read_disk(folder), settings, _Nowhere())  # type: ignore[arg-type]


def sound_world_of(folder: Path, settings: Settings) -> World:
    """The bot as its files say, for what is to go out: files with errors are not served. Raises ConfigError."""
    return _world(_sound(folder), settings, _Nowhere())  # type: ignore[arg-type]


def faulty(folder: Path) -> list[str]:
    """The files of the bot that have errors."""
    return sorted({issue.file for issue in read_disk(folder).errors})


def _sound(folder: Path) -> Disk:
    """The files, as the process that runs the bot takes them: only without errors. Raises FaultyFiles."""
    disk = read_disk(folder)
    if disk.errors:
        told = f"the bot does not take files with errors, so nothing would go out:\n\n{print_issues(disk.errors)}"
        raise FaultyFiles(told, disk.errors)
    return disk


def _world(disk: Disk, settings: Settings, transport: Transport) -> World:
    bot = assemble(disk.parsed, disk.good, build.LIMITS, build.WINDOWS)
    adapters = build.adapters(disk.parsed.settings, build.graph_of(settings), transport)
    return World(lambda: bot, adapters, SecretChance(lambda: settings.secret_key))


class _Nowhere:
    """A transport for adapters that only fit."""


def campaign_of(bot: Bot, name: str) -> Campaign:
    """A campaign by its name. Raises CannotBe."""
    found = bot.campaigns.get(name)
    if found is None:
        raise CannotBe(campaign_desk.unknown(bot, name))
    return found


async def now_of(settings: Settings) -> datetime:
    """The time as the bot's process has it: the emulator's clock where that is followed."""
    if not settings.clock_url:
        return datetime.now(UTC)
    async with aiohttp.ClientSession() as session:
        clock = EmulatorClock(settings.clock_url, session)
        await clock.start()
        await clock.stop()
        return clock.now()


async def listed(store: Database, bot: Bot, now: datetime) -> list[Standing]:
    """Every campaign of the files, by name."""
    return await store.read(lambda unit: planning.listed(unit, bot, now))


async def plan(
    settings: Settings, store: Database, folder: Path, name: str, looked_at: Callable[[int], None] = lambda count: None
) -> Plan:
    """Ask about everybody of the segment, and Meta how our numbers stand; keep what came of it. `looked_at` hears how far it
    is. Raises CannotBe."""
    disk, now = _sound(folder), await now_of(settings)
    async with aiohttp.ClientSession() as session:
        world = _world(disk, settings, AiohttpTransport(session, CONNECT_SECONDS, ANSWER_SECONDS))
        campaign = campaign_of(world.bot(), name)
        asked = await _standing(disk, settings, store, world, now)
    return await planning.plan(store, world, campaign, now, looked_at, asked)


async def _standing(disk: Disk, settings: Settings, store: Database, world: World, now: datetime) -> Asked:
    """Ask Meta about our numbers and templates, and keep what it says."""
    if missing := sorted({one.name for one in disk.parsed.missing}):
        why = f"not asked, for {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set here"
        return Asked(dict.fromkeys(world.adapters, why), why)
    return await ask_meta(Path(disk.parsed.file).parent, settings, store, world.adapters, now)


async def start(
    settings: Settings, store: Database, world: World, name: str, planned: str, author: str, nobody_yet: bool = False
) -> CampaignRun:
    """Start a campaign as it was planned. Raises CannotBe when the world has changed since, or nobody would get it."""
    campaign, now = campaign_of(world.bot(), name), await now_of(settings)
    return _done(await planning.start(store, world, campaign, planned, author, now, nobody_yet))


async def pause(settings: Settings, store: Database, name: str, author: str, why: str) -> CampaignRun:
    """Nothing more of it goes."""
    now = await now_of(settings)
    return _done(await store.run(lambda unit: campaign_desk.pause(unit, name, author, why, now)))


async def resume(settings: Settings, store: Database, name: str, author: str) -> CampaignRun:
    """It goes on where it stood."""
    now = await now_of(settings)
    return _done(await store.run(lambda unit: campaign_desk.resume(unit, name, author, now)))


async def cancel(settings: Settings, store: Database, name: str, author: str, why: str) -> CampaignRun:
    """It is over for good."""
    now = await now_of(settings)
    return _done(await store.run(lambda unit: campaign_desk.cancel(unit, name, author, why, now)))


async def report(store: Database, bot: Bot, name: str) -> tuple[Standing, Report]:
    """What became of a campaign so far. Raises CannotBe."""
    campaign, now = await store.read(lambda unit: planning.known(unit, bot, name)), datetime.now(UTC)
    one = campaign or campaign_of(bot, name)
    return await store.read(lambda unit: planning.reported(unit, bot, one, now))


def _done(changed: Changed) -> CampaignRun:
    if isinstance(changed, CannotCampaign):
        raise CannotBe(changed.why)
    return changed
