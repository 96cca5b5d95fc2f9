"""A campaign planned and started as it was planned: what the command line and the API do alike."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from trinario import jsons
from trinario.campaign.against_event import AgainstEvent, against_event
from trinario.campaign.against_plan import AgainstPlan, against_plan
from trinario.campaign.forecast import Cost, DayLimit, Forecast
from trinario.campaign.report import Report
from trinario.jobs import campaign_desk
from trinario.jobs.campaign_budget import charging, over
from trinario.jobs.campaign_desk import CannotCampaign, Changed
from trinario.jobs.campaigning import next_slot
from trinario.jobs.foreseeing import foresee, mark_of, plan_id
from trinario.jobs.reporting import flows_of_campaign
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import Campaign, Every, On
from trinario.model.standing import NumberStanding
from trinario.ports import Store, TemplateState, Unit
from trinario.ports.campaigns import HELD, PAUSED, RUNNING, CampaignRun, CampaignSlot, KeptPlan

GOOD_FOR = timedelta(days=1)
"""How long a plan may be started."""

ROOM, FEW = 0.1, 10
"""By what share, and by how many people, the number of recipients may have changed since the plan was made."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign of the files, how it stands, its slots, and when it next goes."""

    campaign: Campaign
    run: CampaignRun | None
    slots: tuple[CampaignSlot, ...]
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What Meta said, asked before a plan: the `states` of templates on WhatsApp (None: nobody has asked, or it did not say why:
    `templates`); and why it did not tell the limit of numbers, by channel."""

    limits: Mapping[str, str] = field(default_factory=dict)
    templates: str = ""
    states: tuple[TemplateState, ...] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it was made: its id, what it foresees, and when it is over. `untold`: channels on which people are to be
    written to first and nobody knows yet how many of them a day; `unasked`: why Meta did not tell it just now, where it was
    asked: then what it said before counts, if it has. `templates_unasked`: the same of the state of templates.
    `next`: when it goes, None: at once, or when its event comes."""

    id: str
    campaign: Campaign
    forecast: Forecast
    made_at: datetime
    ends: datetime | None
    cost: Cost | None = None
    limit: DayLimit | None = None
    standings: tuple[NumberStanding, ...] = ()
    untold: tuple[str, ...] = ()
    unasked: Mapping[str, str] = field(default_factory=dict)
    templates_unasked: str = ""
    next: datetime | None = None

    def plain(self) -> dict[str, Any]:
        """What it foresees, as JSON data."""
        return {
            **self.forecast.plain(), "cost": self.cost.plain() if self.cost else None,
            "limit": self.limit.plain() if self.limit else None,
            "numbers": {one.channel: {"quality": one.quality or None, "percent_of_pace": one.bulk_share,
                                      "limit": one.most or None} for one in self.standings},
            "untold": [{"channel": name, "known_before": name not in self.untold, "why": self.unasked.get(name)}
                       for name in sorted({*self.untold, *self.unasked})],
            "templates_untold": self.templates_unasked or None,
        }  # fmt: skip


def listed(unit: Unit, bot: Bot, now: datetime) -> list[Standing]:
    """Every campaign of the files, by name, and those without a file that are not over."""
    runs = {run.name: run for run in unit.campaigns.runs()}
    left = {name: _without_file(run) for name, run in runs.items() if run.state in (RUNNING, PAUSED, HELD)}
    return [
        Standing(one, runs.get(name), tuple(unit.campaigns.slots_of(name)), next_slot(bot, one, now))
        for name, one in sorted({**left, **bot.campaigns}.items())
    ]


def known(unit: Unit, bot: Bot, name: str) -> Campaign | None:
    """The campaign of the files; one that was started and whose file is gone is a name with what became of it."""
    run = None if name in bot.campaigns else unit.campaigns.run_of(name)
    return _without_file(run) if run else bot.campaigns.get(name)


def _without_file(run: CampaignRun) -> Campaign:
    return Campaign(run.name, run.revision, title="(its file is gone)")


def reported(unit: Unit, bot: Bot, campaign: Campaign, now: datetime) -> tuple[Standing, Report]:
    """What became of a campaign so far."""
    slots = tuple(unit.campaigns.slots_of(campaign.name))
    goal = campaign.goal
    told = unit.campaigns.report(
        [slot.id for slot in slots], goal.name if goal else "", goal.within.elapsed if goal else timedelta()
    )
    told.flows = flows_of_campaign(unit, bot, campaign, [slot.id for slot in slots])
    run = unit.campaigns.run_of(campaign.name)
    told.plan = held_against(unit, campaign, run, told, [one.id for one in slots]) if run and slots else None
    return Standing(campaign, run, slots, next_slot(bot, campaign, now)), told


def held_against(
    unit: Unit, campaign: Campaign, run: CampaignRun, told: Report, slots: Collection[int]
) -> AgainstPlan | AgainstEvent | None:
    """What of its plan came true; None where that cannot be said: its plan is gone."""
    kept = unit.campaigns.plan_of(run.plan)
    if kept is None:
        return None
    id, made_at, body = kept.id, kept.made_at.isoformat(), jsons.loads(kept.body)
    if isinstance(campaign.schedule, On):
        return against_event(id, made_at, body, told.people, unit.campaigns.times(slots))
    return against_plan(id, made_at, body, told.fates)


async def foreseen(
    store: Store,
    world: World,
    campaign: Campaign,
    now: datetime,
    looked_at: Callable[[int], None] = lambda count: None,
    states: Sequence[TemplateState] | None = None,
) -> Forecast:
    """Ask about everybody of the segment, a chunk a transaction. `looked_at` hears how many it were; `states` as in Asked."""
    told = Forecast()
    reached: int | None = 0
    while reached is not None:
        reached = await store.read(partial(_chunk, world, campaign, reached, told, now, states))
        looked_at(told.segment)
    return told


def _chunk(
    world: World,
    campaign: Campaign,
    after: int,
    told: Forecast,
    now: datetime,
    states: Sequence[TemplateState] | None,
    unit: Unit,
) -> int | None:
    return foresee(unit, world, campaign, after, told, now, states)


async def plan(
    store: Store,
    world: World,
    campaign: Campaign,
    now: datetime,
    looked_at: Callable[[int], None] = lambda count: None,
    asked: Asked = Asked(),
) -> Plan:
    """Foresee what a campaign would do, and keep it: `start` asks for the id. `asked`: what Meta has just said."""
    told = await foreseen(store, world, campaign, now, looked_at, asked.states)
    standings = tuple(await store.read(lambda unit: unit.accounts.standings()))
    shares = {one.channel: one.bulk_share / 100 for one in standings}
    paces = {channel: adapter.pace * shares.get(channel, 1.0) for channel, adapter in world.adapters.items()}
    limit = told.limit(standings)
    ends = told.ends(paces, campaign.pace.per_second if campaign.pace else None, now, limit)
    mark = await store.read(lambda unit: mark_of(unit, world.bot(), campaign))
    cost = told.cost(world.bot().prices, charging(world.bot()), now.date())
    known = {one.channel for one in standings if one.most}
    first = {group.channel for group in told.going if group.window == "shut"}
    bound = first & charging(world.bot())
    untold, silent = (
        tuple(sorted(bound - known)),
        {name: asked.limits[name] for name in bound & asked.limits.keys()},
    )
    made = Plan(
        plan_id(mark, campaign.name, now),
        campaign,
        told,
        now,
        ends,
        cost,
        limit,
        standings,
        untold,
        silent,
        asked.templates if any(group.template for group in told.going) else "",
        next_slot(world.bot(), campaign, now),
    )
    body = jsons.dumps({**made.plain(), "samples": [], "ends": ends.isoformat() if ends else None})
    kept = KeptPlan(made.id, campaign.name, now, mark, told.recipients, body)
    await store.run(lambda unit: unit.campaigns.keep_plan(kept))
    return made


def over_budget(unit: Unit, bot: Bot, campaign: Campaign, forecast: Forecast, now: datetime) -> str:
    """Why it would cost too much, with what it has cost already; "" if it does not, or nobody can tell."""
    cost = forecast.cost(bot.prices, charging(bot), now.date())
    return over(unit, bot, campaign, cost.total, now) if cost else ""


def for_nobody(bot: Bot, campaign: Campaign, told: Forecast, now: datetime, nobody_yet: bool = False) -> str:
    """Why a campaign that nobody would get is not started; "" if somebody would, or if it makes sense all the same: it goes
    again and again, or answers an event. `nobody_yet`: it is known that nobody would get it now, and it goes later."""
    if told.anybody or isinstance(campaign.schedule, Every | On):
        return ""
    out = ", ".join(f"{reason} {count:,}" for reason, count in told.left_out.most_common())
    why = f"of {_people(told.segment)} of its segment nobody would get it now ({out})" if told.segment else (
        "nobody is of its segment now")  # fmt: skip
    if next_slot(bot, campaign, now) is None:
        return f"{why}: it would be over at once, and could not be started again"
    return (
        "" if nobody_yet else f"{why}: start it with --nobody-yet (API: nobody_yet) if that will be another at its time"
    )


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


async def start(
    store: Store, world: World, campaign: Campaign, planned: str, author: str, now: datetime, nobody_yet: bool = False
) -> Changed:
    """Start a campaign as it was planned, unless the world has changed since. `nobody_yet`: also if nobody would get it now."""
    bot, name = world.bot(), campaign.name
    kept = await store.read(lambda unit: unit.campaigns.plan_of(planned))
    if kept is None or kept.campaign != name:
        return CannotCampaign(
            f"there is no plan {planned} of campaign {name}: `trinario campaign plan {name}` makes one"
        )
    if now - kept.made_at > GOOD_FOR:
        return CannotCampaign(
            f"the plan {planned} is of {kept.made_at:%Y-%m-%d %H:%M} UTC: plan again, the world goes on"
        )
    if await store.read(lambda unit: mark_of(unit, bot, campaign)) != kept.mark:
        return CannotCampaign(f"files, rules or templates have changed since {planned} was made: look at a new plan")
    told = await foreseen(store, world, campaign, now)
    if why := await store.read(lambda unit: over_budget(unit, bot, campaign, told, now)):
        return CannotCampaign(f"{why}: make the segment smaller, or the budget larger")
    fresh = told.recipients
    if abs(fresh - kept.recipients) > max(FEW, ROOM * kept.recipients):
        was = f"{planned} was made for {_people(kept.recipients)}, and now it would be {fresh:,}"
        return CannotCampaign(f"{was}: look at a new plan")
    nobody = for_nobody(bot, campaign, told, now, nobody_yet)
    return await store.run(lambda unit: campaign_desk.start(unit, bot, name, planned, author, now, nobody))
