"""Campaigns from the command line: listed, planned, started, paused, reported; the bot may be running meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from trinario import jsons
from trinario.authoring.parse_bot import assemble
from trinario.campaign.forecast import Forecast
from trinario.campaign.report import Report
from trinario.errors import ConfigError
from trinario.jobs import campaign_desk
from trinario.jobs.campaign_desk import CannotCampaign, Changed
from trinario.jobs.campaigning import next_slot
from trinario.jobs.foreseeing import foresee, mark_of, plan_id
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import Campaign
from trinario.ports import Unit
from trinario.ports.campaigns import CampaignRun, CampaignSlot, KeptPlan
from trinario.runtime import build
from trinario.runtime.chance import SecretChance
from trinario.runtime.clock import EmulatorClock
from trinario.runtime.settings import Settings
from trinario.runtime.versions import Database, read_disk

GOOD_FOR = timedelta(days=1)
"""How long a plan may be started."""

ROOM, FEW = 0.1, 10
"""By what share, and by how many people, the number of recipients may have changed since the plan was made."""


class CannotBe(ConfigError):
    """What was asked of a campaign cannot be."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign of the files, how it stands, its slots, and when it next goes."""

    campaign: Campaign
    run: CampaignRun | None
    slots: tuple[CampaignSlot, ...]
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it was made: its id, what it foresees, and when it is over."""

    id: str
    campaign: Campaign
    forecast: Forecast
    made_at: datetime
    ends: datetime | None


def world_of(folder: Path, settings: Settings) -> World:
    """The bot as its files say, with what fits its messages. Raises ConfigError."""
    disk = read_disk(folder)
    bot = assemble(disk.parsed, disk.good, build.LIMITS, build.WINDOWS)
    adapters = build.adapters(disk.parsed.settings, build.graph_of(settings), _Nowhere())  # type: ignore[arg-type]
    return World(lambda: bot, adapters, SecretChance(settings.secret_key))


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

    def work(unit: Unit) -> list[Standing]:
        runs = {run.name: run for run in unit.campaigns.runs()}
        return [
            Standing(one, runs.get(name), tuple(unit.campaigns.slots_of(name)), next_slot(bot, one, now))
            for name, one in sorted(bot.campaigns.items())
        ]

    return await store.read(work)


async def plan(
    settings: Settings, store: Database, world: World, name: str, looked_at: Callable[[int], None] = lambda count: None
) -> Plan:
    """Ask about everybody of the segment, and keep what came of it. `looked_at` hears how far it is."""
    campaign, now = campaign_of(world.bot(), name), await now_of(settings)
    told, after = Forecast(), 0
    reached: int | None = 0
    while reached is not None:
        reached = await store.read(lambda unit, after=after: foresee(unit, world, campaign, after, told, now))  # type: ignore[misc]
        after = reached or after
        looked_at(told.segment)
    paces = {channel: adapter.pace for channel, adapter in world.adapters.items()}
    ends = told.ends(paces, campaign.pace.per_second if campaign.pace else None, now)
    mark = await store.read(lambda unit: mark_of(unit, world.bot(), campaign))
    id = plan_id(mark, name, now)
    body = jsons.dumps({**told.plain(), "samples": [], "ends": ends.isoformat() if ends else None})
    kept = KeptPlan(id, name, now, mark, told.recipients, body)
    await store.run(lambda unit: unit.campaigns.keep_plan(kept))
    return Plan(id, campaign, told, now, ends)


async def start(settings: Settings, store: Database, world: World, name: str, planned: str, author: str) -> CampaignRun:
    """Start a campaign as it was planned. Raises CannotBe when the world has changed since."""
    bot = world.bot()
    campaign, now = campaign_of(bot, name), await now_of(settings)
    kept = await store.read(lambda unit: unit.campaigns.plan_of(planned))
    if kept is None or kept.campaign != name:
        raise CannotBe(f"there is no plan {planned} of campaign {name}: `trinario campaign plan {name}` makes one")
    if now - kept.made_at > GOOD_FOR:
        raise CannotBe(f"the plan {planned} is of {kept.made_at:%Y-%m-%d %H:%M} UTC: plan again, the world goes on")
    if await store.read(lambda unit: mark_of(unit, bot, campaign)) != kept.mark:
        raise CannotBe(f"files, rules or templates have changed since {planned} was made: look at a new plan")
    fresh = (await plan(settings, store, world, name)).forecast.recipients
    if abs(fresh - kept.recipients) > max(FEW, ROOM * kept.recipients):
        raise CannotBe(
            f"{planned} was made for {kept.recipients:,} people, and now it would be {fresh:,}: look at a new plan"
        )
    return _done(await store.run(lambda unit: campaign_desk.start(unit, bot, name, planned, author, now)))


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
    """What became of a campaign so far."""
    campaign, now = campaign_of(bot, name), datetime.now(UTC)

    def work(unit: Unit) -> tuple[Standing, Report]:
        slots = tuple(unit.campaigns.slots_of(name))
        goal = campaign.goal
        told = unit.campaigns.report(
            [slot.id for slot in slots], goal.name if goal else "", goal.within.elapsed if goal else timedelta()
        )
        return Standing(campaign, unit.campaigns.run_of(name), slots, next_slot(bot, campaign, now)), told

    return await store.read(work)


def _done(changed: Changed) -> CampaignRun:
    if isinstance(changed, CannotCampaign):
        raise CannotBe(changed.why)
    return changed
