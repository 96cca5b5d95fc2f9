"""What people do with a campaign: they start it, pause it, let it go on, cancel it. The outside may hold it, and lets it go."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from trinario import jsons
from trinario.jobs.campaign_faults import anew
from trinario.jobs.campaigning import AT_ONCE, EVENTS, clock_of, is_late, slots
from trinario.model.bot import Bot
from trinario.model.campaign import CONTACT_ZONE, At, Campaign, On
from trinario.model.duration import localised
from trinario.ports import Unit, Writes
from trinario.ports.campaigns import CANCELLED, DONE, HELD, PAUSED, RUNNING, CampaignRun


@dataclass(frozen=True, slots=True)
class CannotCampaign:
    """Why it cannot be done, and how it can."""

    why: str


END_OF_DAYS = datetime(9000, 1, 1, tzinfo=UTC)

STRAY_AFTER = timedelta(hours=1)
"""How long somebody is on her way at least before it is asked whether anything still brings it to her."""

CHUNK = 2000
"""Recipients that one transaction withdraws."""

Changed = CampaignRun | CannotCampaign


def start(unit: Unit, bot: Bot, name: str, plan: str, by: str, now: datetime, nobody: str = "") -> Changed:
    """It counts from now on. One that was cancelled or is done is not started again for what it has been at. `nobody`: why there is
    no sense in starting it, for nobody would get it; one that goes on as its file is now may have come to its end so."""
    campaign = bot.campaigns.get(name)
    if campaign is None:
        return CannotCampaign(unknown(bot, name))
    unit.campaigns.make_run(name, now)  # of two who start it at the same moment the second finds it started
    run = unit.campaigns.run_of(name, lock=True)
    if run is not None and run.state in (RUNNING, PAUSED, HELD):
        if run.revision != campaign.revision:
            return _as_it_is_now(unit, bot, campaign, run, plan, by, now)
        how = "" if run.state == RUNNING else f": `trinario campaign resume {name}` lets it go on"
        return CannotCampaign(f"campaign {name} is {run.state} already{how}")
    fresh = CampaignRun(name, RUNNING, plan, campaign.revision, now, now, by, now, by)
    if why := _over(unit, bot, campaign, fresh, now) or nobody:
        return CannotCampaign(why)
    if isinstance(campaign.schedule, On):
        unit.campaigns.put_aside(name, EVENTS)
    return _keep(unit, fresh, "started", now)


def _as_it_is_now(
    unit: Unit, bot: Bot, campaign: Campaign, run: CampaignRun, plan: str, by: str, now: datetime
) -> Changed:
    """A campaign whose file has changed goes on with the file as it is: for those who have not had their turn."""
    known = {slot.slot for slot in unit.campaigns.slots_of(run.name)} if is_once(campaign) else set()
    if known and not known >= {slot for slot, _, _ in slots(bot, campaign, run, END_OF_DAYS)}:
        return CannotCampaign(
            f"campaign {run.name} has begun already, at another time than its file says now: cancel it, and give the new"
            " one another name"
        )
    anew(unit, run, True, now)
    unit.campaigns.let_go(run.name)
    fresh = replace(run, state=RUNNING, plan=plan, revision=campaign.revision, why="", changed_at=now, changed_by=by)
    return _keep(unit, fresh, "started as it is now", now)


def is_once(campaign: Campaign) -> bool:
    """Whether it goes once, and not again and again."""
    return isinstance(campaign.schedule, At | None)


def _over(unit: Unit, bot: Bot, campaign: Campaign, run: CampaignRun, now: datetime) -> str:
    """Why nobody would get anything by starting it; "" if somebody might."""
    name = campaign.name
    known = {slot.slot for slot in unit.campaigns.slots_of(name)}
    match campaign.schedule:
        case None if AT_ONCE in known:
            return f"campaign {name} has gone out already: give the file another name, or a schedule"
        case At(local=local, zone=zone):
            if local.isoformat(timespec="minutes") in known:
                return f"campaign {name} has had its slot of {local:%Y-%m-%d %H:%M} already: write another time in its file"
            if zone != CONTACT_ZONE and is_late(campaign, localised(local, clock_of(bot, zone)), now):
                return f"it is too late for campaign {name}: {local:%Y-%m-%d %H:%M} is longer ago than `late` allows"
    return ""


def pause(unit: Unit, name: str, by: str, why: str, now: datetime) -> Changed:
    """Nothing more of it goes, what waits to be sent neither."""
    return _move(unit, name, PAUSED, (RUNNING, HELD), by, why, now)


def resume(unit: Unit, name: str, by: str, now: datetime) -> Changed:
    """It goes on where it stood; who got nothing for a fault of ours has her turn once more."""
    found = _move(unit, name, RUNNING, (PAUSED, HELD), by, "", now)
    if isinstance(found, CampaignRun):
        anew(unit, found, False, now)
        unit.campaigns.let_go(name)
    return found


def cancel(unit: Unit, name: str, by: str, why: str, now: datetime) -> Changed:
    """It is over for good: who has not had it gets nothing."""
    found = _move(unit, name, CANCELLED, (RUNNING, PAUSED, HELD), by, why, now)
    if isinstance(found, CampaignRun):
        unit.campaigns.let_go(name)  # the sender finds them, and refuses them
        unit.campaigns.withdraw(name, CHUNK, now)
    return found


def hold(unit: Unit, run: CampaignRun, why: str, now: datetime) -> CampaignRun:
    """Something outside stops it, until that is over."""
    return _keep(unit, replace(run, state=HELD, why=why, changed_at=now, changed_by=""), "held", now)


def let_go(unit: Unit, run: CampaignRun, now: datetime) -> CampaignRun:
    """What had stopped it is over."""
    anew(unit, run, False, now)
    unit.campaigns.let_go(run.name)
    return _keep(unit, replace(run, state=RUNNING, why="", changed_at=now, changed_by=""), "let go", now)


def unmoved(unit: Unit, run: CampaignRun) -> bool:
    """Whether nobody has moved it since it was read; it is locked then: what people did meanwhile is not written over."""
    return unit.campaigns.run_of(run.name, lock=True) == run


def finish(unit: Unit, bot: Bot, now: datetime) -> list[str]:
    """Campaigns that go once are done when everybody has had her turn; of those cancelled, whoever waits is withdrawn."""
    done = []
    for name in unit.campaigns.to_withdraw():
        unit.campaigns.withdraw(name, CHUNK, now)
    unit.campaigns.strays(now - STRAY_AFTER, now)
    unit.campaigns.close_slots(EVENTS)
    for run in unit.campaigns.runs(RUNNING):
        campaign = bot.campaigns.get(run.name)
        if campaign is None or not _is_done(unit, bot, campaign, run, now):
            continue
        if unmoved(unit, run):
            _keep(unit, replace(run, state=DONE, changed_at=now, changed_by=""), "done", now)
            done.append(run.name)
    return done


def _is_done(unit: Unit, bot: Bot, campaign: Campaign, run: CampaignRun, now: datetime) -> bool:
    if not is_once(campaign):
        return False
    wanted = [slot for slot, _, _ in slots(bot, campaign, run, now)]
    known = {slot.slot: slot for slot in unit.campaigns.slots_of(run.name)}
    if not wanted or any(slot not in known or known[slot].state == 0 for slot in wanted):
        return False
    return not unit.campaigns.undone([slot.id for slot in known.values()])


def unknown(bot: Bot, name: str) -> str:
    """That there is no such campaign, and which there are."""
    there = ", ".join(sorted(bot.campaigns)) or "none: write one into campaigns/ beside bot.yaml"
    return f"there is no campaign {name}; there are: {there}"


def _move(unit: Unit, name: str, state: str, out_of: tuple[str, ...], by: str, why: str, now: datetime) -> Changed:
    run = unit.campaigns.run_of(name, lock=True)
    if run is None:
        return CannotCampaign(f"no campaign {name} was ever started: `trinario campaign list` shows which there are")
    if run.state not in out_of:
        return CannotCampaign(f"campaign {name} is {run.state}")
    return _keep(unit, replace(run, state=state, why=why, changed_at=now, changed_by=by), state, now)


def _keep(unit: Unit, run: CampaignRun, what: str, now: datetime) -> CampaignRun:
    """Write it, and that it was done, by whom and why."""
    unit.campaigns.keep_run(run)
    told = {"campaign": run.name, "what": what, "by": run.changed_by, "why": run.why, "plan": run.plan}
    unit.write(Writes(events=[(None, "campaign", now, jsons.dumps(told))]), now)
    return run
