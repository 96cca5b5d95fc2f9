"""Calls of the API about campaigns: listed, planned, started, paused, resumed, cancelled, reported."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from trinario.jobs import campaign_desk, planning
from trinario.jobs.campaign_desk import CannotCampaign, Changed
from trinario.jobs.planning import Asked, Standing
from trinario.model.campaign import Campaign
from trinario.web.api.calls import Call
from trinario.web.api.problem import ProblemError
from trinario.web.doors import Doors


class SlotShape(BaseModel):
    """A time at which it goes: recipients written down, those of them left out, and those who have had their turn."""

    slot: str
    due: datetime
    recipients: int
    left_out: int
    released: int


class CampaignShape(BaseModel):
    """A campaign. `state`: not started, running, paused, held, done, cancelled."""

    name: str
    title: str = ""
    state: str
    why: str = Field(default="", description="What it is held for, or why somebody paused or cancelled it.")
    plan: str = ""
    started_at: datetime | None = None
    started_by: str = ""
    next: datetime | None = Field(default=None, description="When it next goes.")
    slots: list[SlotShape] = []


class CampaignList(BaseModel):
    """The campaigns of the bot's files, by name."""

    campaigns: list[CampaignShape]


class PlanShape(BaseModel):
    """What a campaign would do. `id` is what `start` asks for."""

    id: str
    campaign: str
    made_at: datetime
    ends: datetime | None = None
    forecast: dict[str, Any]


class StartGiven(BaseModel):
    """The plan that was looked at, and who starts it. `nobody_yet`: also if nobody would get it now, but at its time."""

    plan: str = Field(min_length=1, max_length=200)
    author: str = Field(default="api", max_length=200)
    nobody_yet: bool = False


class ChangeGiven(BaseModel):
    """Who changes it, and why."""

    author: str = Field(default="api", max_length=200)
    reason: str = Field(default="", max_length=500)


class ReportShape(BaseModel):
    """What became of a campaign, in counts of people."""

    campaign: CampaignShape
    report: dict[str, Any]


async def list_campaigns(doors: Doors, call: Call) -> CampaignList:
    """Every campaign of the files."""
    bot, now = doors.world().bot(), doors.clock.now()
    known = await doors.store.read(lambda unit: planning.listed(unit, bot, now))
    return CampaignList(campaigns=[_shape(one) for one in known])


async def plan_campaign(doors: Doors, call: Call) -> PlanShape:
    """Ask about everybody of the segment, and Meta how our numbers and templates stand; nothing is sent."""
    campaign, now = _named(doors, call), doors.clock.now()
    asked = await doors.ask_meta() if doors.ask_meta else Asked()
    made = await planning.plan(doors.store, doors.world(), campaign, now, asked=asked)
    return PlanShape(
        id=made.id, campaign=made.campaign.name, made_at=made.made_at, ends=made.ends, forecast=made.plain()
    )


async def start_campaign(doors: Doors, call: Call) -> CampaignShape:
    """Start it as it was planned."""
    given = call.given(StartGiven)
    campaign, now = _named(doors, call), doors.clock.now()
    changed = await planning.start(
        doors.store, doors.world(), campaign, given.plan, given.author, now, given.nobody_yet
    )
    return await _done(doors, campaign, changed)


async def pause_campaign(doors: Doors, call: Call) -> CampaignShape:
    """Nothing more of it goes."""
    given, campaign, now = call.given(ChangeGiven), await _started(doors, call), doors.clock.now()
    changed = await doors.store.run(
        lambda unit: campaign_desk.pause(unit, campaign.name, given.author, given.reason, now)
    )
    return await _done(doors, campaign, changed)


async def resume_campaign(doors: Doors, call: Call) -> CampaignShape:
    """It goes on where it stood."""
    given, campaign, now = call.given(ChangeGiven), await _started(doors, call), doors.clock.now()
    changed = await doors.store.run(lambda unit: campaign_desk.resume(unit, campaign.name, given.author, now))
    doors.woken()
    return await _done(doors, campaign, changed)


async def cancel_campaign(doors: Doors, call: Call) -> CampaignShape:
    """It is over for good."""
    given, campaign, now = call.given(ChangeGiven), await _started(doors, call), doors.clock.now()
    changed = await doors.store.run(
        lambda unit: campaign_desk.cancel(unit, campaign.name, given.author, given.reason, now)
    )
    return await _done(doors, campaign, changed)


async def report_campaign(doors: Doors, call: Call) -> ReportShape:
    """What became of it so far."""
    campaign, bot, now = await _started(doors, call), doors.world().bot(), doors.clock.now()
    one, told = await doors.store.read(lambda unit: planning.reported(unit, bot, campaign, now))
    weights = campaign.variants.weights if campaign.variants else ()
    return ReportShape(campaign=_shape(one), report=told.plain(weights))


def _named(doors: Doors, call: Call) -> Campaign:
    """The campaign of the path."""
    bot = doors.world().bot()
    found = bot.campaigns.get(call.id)
    if found is None:
        raise ProblemError(404, "unknown-campaign", "Unknown campaign", campaign_desk.unknown(bot, call.id))
    return found


async def _started(doors: Doors, call: Call) -> Campaign:
    """The campaign of the path; its file may be gone by now."""
    bot = doors.world().bot()
    return await doors.store.read(lambda unit: planning.known(unit, bot, call.id)) or _named(doors, call)


async def _done(doors: Doors, campaign: Campaign, changed: Changed) -> CampaignShape:
    if isinstance(changed, CannotCampaign):
        raise ProblemError(409, "not-possible", "Not possible with this campaign now", changed.why)
    bot, now = doors.world().bot(), doors.clock.now()
    known = await doors.store.read(lambda unit: planning.listed(unit, bot, now))
    cancelled = planning.Standing(campaign, changed, (), None)  # of one without a file the last is said
    return next((_shape(one) for one in known if one.campaign.name == campaign.name), _shape(cancelled))


def _shape(one: Standing) -> CampaignShape:
    slots = [
        SlotShape(slot=s.slot, due=s.due, recipients=s.recipients, left_out=s.left_out, released=s.released)
        for s in one.slots
    ]
    given = CampaignShape(
        name=one.campaign.name, title=one.campaign.title, state="not started", next=one.next, slots=slots
    )
    if one.run is None:
        return given
    told = {"state": one.run.state, "why": one.run.why, "plan": one.run.plan, "started_at": one.run.since,
            "started_by": one.run.started_by}  # fmt: skip
    return given.model_copy(update=told)
