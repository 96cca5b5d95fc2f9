"""What stops a campaign from the outside: a locked account, a paused template. It is held, and goes on when that is over."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from trinario.campaign.as_flow import flows_of
from trinario.jobs.campaign_budget import REACHED, Ration, rations
from trinario.jobs.campaign_desk import hold, let_go, unmoved
from trinario.jobs.campaign_faults import pause_for, refused_here
from trinario.jobs.campaigning import agreed
from trinario.jobs.facts import fate_of
from trinario.jobs.notices import tell_teams
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import Campaign
from trinario.model.channel import Channel
from trinario.model.flow import Send
from trinario.policy.facts import TemplateFate
from trinario.policy.template import BAD, NOT_YET
from trinario.ports import Trouble, Unit
from trinario.ports.campaigns import HELD, RUNNING, CampaignRun


def look(
    unit: Unit, world: World, now: datetime, rationed: Mapping[str, Ration | None] | None = None
) -> list[tuple[str, str]]:
    """Hold what cannot go, let go what can again; gives (campaign, why it is held or "").

    `rationed` is what was read of budgets before, so that counting makes nobody wait; None: it is read here.
    """
    bot, changed = world.bot(), []
    runs = unit.campaigns.runs(RUNNING, HELD)
    troubles = {one.channel: one for one in unit.accounts.troubles(now)} if runs else {}
    rationed = rations(unit, bot, now) if rationed is None else rationed
    for run in runs:
        campaign = agreed(bot, run)
        why = _not_agreed(bot, run) if campaign is None else _why(unit, bot, campaign, troubles, now)
        if campaign is not None and not why:
            why = _spent(unit, run, rationed)
        if not why and run.state == RUNNING and (said := refused_here(unit, run)):
            if pause_for(unit, bot, run.name, said, now):
                changed.append((run.name, said))
            continue
        if _is_known(run, why, campaign is not None) or not unmoved(unit, run):
            continue
        if why:
            _tell(unit, bot, hold(unit, run, why, now), campaign is not None, now)
        else:
            let_go(unit, run, now)
        changed.append((run.name, why))
    return changed


def _is_known(run: CampaignRun, why: str, is_agreed: bool) -> bool:
    """Whether it stands as it is held, or goes on, for that already."""
    if run.state != HELD or not why:
        return bool(why) == (run.state == HELD)
    return run.why == why or (is_agreed and not run.why.startswith("its file"))


def _not_agreed(bot: Bot, run: CampaignRun) -> str:
    """Why what was started cannot go on as it was agreed to."""
    if run.name not in bot.campaigns:
        return "its file is gone; put it back as it was, or cancel it"
    return f"its file has changed since {run.plan or 'it was started'}; plan and start it as it is now, or cancel it"


def _why(unit: Unit, bot: Bot, campaign: Campaign, troubles: dict[str, Trouble], now: datetime) -> str:
    """Why nothing of it can go on any of its channels; "" when something can."""
    channels = list(channels_of(bot, campaign))
    said = [_stopped(channel.id, troubles.get(channel.id)) for channel in channels]
    said = [why or _template(unit, campaign, channel, now) for why, channel in zip(said, channels, strict=True)]
    return "; ".join(said) if said and all(said) else ""


def _spent(unit: Unit, run: CampaignRun, rationed: Mapping[str, Ration | None]) -> str:
    """Why its money holds it; as it was said last where nobody has counted again."""
    if run.name not in rationed:
        return run.why if run.state == HELD and run.why.startswith(REACHED) else ""
    if (ration := rationed[run.name]) is None:
        return ""
    unit.campaigns.allot(run.name, ration.most)
    return ration.why


def channels_of(bot: Bot, campaign: Campaign) -> Iterator[Channel]:
    """The channels that it may use."""
    order = campaign.delivery.order if campaign.delivery and campaign.delivery.order else campaign.channels
    named = set(order or ()) - {"current", "preferred"}
    for channel in bot.channels.values():
        if not named or {channel.id, channel.platform} & named or {"current", "preferred"} & set(order or ()):
            yield channel


def _stopped(channel: str, trouble: Trouble | None) -> str:
    if trouble is None or not trouble.code:
        return ""
    return f"{channel} refuses everything: {trouble.code} {trouble.reason}".rstrip()


def _template(unit: Unit, campaign: Campaign, channel: Channel, now: datetime) -> str:
    """Why the template that it says there does not go; a campaign that says free words has none."""
    names = sorted(set(templates_of(campaign)))
    if not names or not channel.limits.templates:
        return ""
    states = [fate_of(state) for state in unit.templates.states(channel.id, names)]
    bad = {key[1] for key, fate in states if _is_held(fate, now)} - {
        key[1] for key, fate in states if not _is_held(fate, now)
    }
    if set(names) - bad:
        return ""
    fate = next(fate for key, fate in states if key[1] == names[0])
    return (
        f"{channel.id} has the template {names[0]} as {fate.status.lower()}{f': {fate.reason}' if fate.reason else ''}"
    )


def _is_held(fate: TemplateFate, now: datetime) -> bool:
    if fate.status == "PAUSED":
        return fate.until is None or fate.until > now
    return fate.status in BAD or fate.status in NOT_YET


def templates_of(campaign: Campaign) -> Iterator[str]:
    """The templates that stand in its messages; those for a shut window too."""
    for flow in flows_of(campaign):
        for step in flow.steps.values():
            said = step.messages if isinstance(step, Send) else ()
            yield from (one.template.name for one in said if one.template is not None)
            own = step.delivery if isinstance(step, Send) else None
            if (delivery := own or flow.delivery) is not None and delivery.template is not None:
                yield delivery.template.name


def _tell(unit: Unit, bot: Bot, run: CampaignRun, by_itself: bool, now: datetime) -> None:
    """The teams with an address hear of it, once for every time it is held."""
    name = run.name
    end = "It goes on by itself when that is over." if by_itself and not run.why.startswith(REACHED) else ""
    words = f"Campaign {name} is held: {run.why}. {end}".rstrip()
    tell_teams(unit, bot, f"held:{name}", {"campaign": name}, words, now)
