"""Campaigns and sequences against their bot: whom, when and what for, and everything that is checked of a flow."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from trinario.authoring.check_answers import check_answers
from trinario.authoring.check_delivery import check_flow_delivery
from trinario.authoring.check_end_words import check_end_words
from trinario.authoring.check_enrolling import check_enrolling
from trinario.authoring.check_limits import check_limits
from trinario.authoring.check_media import check_media
from trinario.authoring.check_names import Surroundings, check_inputs, check_mentions
from trinario.authoring.check_policy import check_flow_policy
from trinario.authoring.check_reads import check_handed, check_reads
from trinario.authoring.check_segments import check_segments
from trinario.authoring.check_templates import check_templates
from trinario.authoring.check_texts import check_texts
from trinario.authoring.check_triggers import check_triggers
from trinario.authoring.check_types import check_types
from trinario.authoring.check_written import check_written
from trinario.authoring.finding import Findings
from trinario.authoring.issue import Issue
from trinario.authoring.near import mend, nearest
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.parse_campaign import ParsedCampaign
from trinario.authoring.value_names import Names
from trinario.campaign.schedule import first_skipped, parse_cron
from trinario.model.campaign import CONTACT_ZONE, At, Every
from trinario.model.channel import Limits
from trinario.model.duration import localised
from trinario.model.flow import Enroll, Goal

LAST_ZONE = timezone(timedelta(hours=-12))
"""Where a day is over last: what has passed there has passed for everybody."""


def check_campaigns(
    around: Surroundings, names: Names, limits: Mapping[str, Limits], now: datetime | None = None
) -> list[Issue]:
    """What is wrong with the campaigns and sequences of a bot. `now` (aware) tells which times are over; None: none is."""
    issues: list[Issue] = []
    seen: dict[str, ParsedCampaign] = {}
    for parsed in around.bot.campaigns:
        if parsed.notes is None:
            continue
        found = Findings(parsed.notes, what=parsed.kind or "campaign")
        other = seen.setdefault(parsed.name, parsed)
        if parsed.name and other is not parsed:
            found.fault("T017", found.node(parsed.kind), f'{other.kind} "{parsed.name}" is declared in {other.file} already',
                        "give one of them another name")  # fmt: skip
        _check_one(parsed, around, names, now, found)
        issues += found.issues
        for part in parsed.parts.values():
            issues += _part(part, parsed, around, names, limits)
    return issues


def _check_one(
    parsed: ParsedCampaign, around: Surroundings, names: Names, now: datetime | None, found: Findings
) -> None:  # fmt: skip
    """What is said of the file as a whole."""
    assert parsed.notes is not None
    check_mentions(parsed.notes.mentions, around, found)
    purpose = str(parsed.record.get("purpose") or "") if parsed.record else ""
    check_templates(around.bot, purpose, found)
    check_segments(parsed, around.bot, names, found)
    _check_goal(parsed, around, found)
    _check_budget(parsed, around.bot, found)
    _check_enrolled(parsed, around, found)
    check_enrolling(parsed, around, found)
    _check_purposes(parsed, purpose, around, found)
    check_end_words(parsed, around.bot, found)
    _check_often(parsed, found)
    if now is not None:
        _check_passed(parsed, around.bot, now, found)
        _check_skipped(parsed, around.bot, now, found)


def _part(
    part: ParsedFlow, parsed: ParsedCampaign, around: Surroundings, names: Names, limits: Mapping[str, Limits]
) -> list[Issue]:  # fmt: skip
    """One thing that is said, checked as the flow of one step that it is."""
    if part.notes is None:
        return []
    found = Findings(part.notes, what=parsed.kind)
    check_inputs(part, around, found)
    check_texts(part, names, found)
    check_types(part, names, found)
    check_handed(part, names, found)
    check_triggers(part, found)
    if part.flow is not None:
        check_reads(part, found)
        check_written(part, found)
        check_limits(part.flow, around.bot, limits, found)
        check_answers(part.flow, around.bot, found)
        check_media(around.bot, limits, found)
        check_flow_policy(part, around.bot, found)
        check_flow_delivery(part, around.bot, limits, found)
    return found.issues


# ---- what it is for


def _check_goal(parsed: ParsedCampaign, around: Surroundings, found: Findings) -> None:
    """T173: somebody counts it."""
    goal = parsed.record.get("goal") if parsed.record else None
    name = goal.get("name") if goal else None
    events = set(around.bot.get("events") or {})
    known = sorted({*goals_of(around), *events})
    if name is None or name in known or ("." in name and not events):
        return
    hint = mend(name, known) or f"write counts: {name} at the step of a flow that is the goal"
    found.warn("T173", found.node("goal", "name"), f'no flow counts "{name}", and no event is called so', hint)


def goals_of(around: Surroundings) -> Iterator[str]:
    """The goals that the flows of a bot count."""
    for flow in around.flows.values():
        if around.bot.lists(flow.name) and flow.flow is not None:
            for step in flow.flow.steps.values():
                yield from (one for one in (step.counts, step.goal if isinstance(step, Goal) else None) if one)


def _check_budget(parsed: ParsedCampaign, bot: ParsedBot, found: Findings) -> None:
    """T178: what a message costs is known, in the currency of the budget."""
    budget = getattr(parsed.made, "budget", None)
    if budget is None or bot.prices.issues:
        return
    if bot.prices.prices is None:
        found.warn("T178", found.node("budget"), "nobody knows what a message costs, so nothing is held",
                   f"write what your platforms charge into {bot.prices.file}")  # fmt: skip
    elif bot.prices.prices.currency != budget.currency:
        found.fault("T178", found.node("budget", "max"),
                    f"{bot.prices.file} is in {bot.prices.prices.currency}, and this is in {budget.currency}",
                    f"write the budget in {bot.prices.prices.currency}")  # fmt: skip


def _check_enrolled(parsed: ParsedCampaign, around: Surroundings, found: Findings) -> None:
    """T179: somebody comes into a sequence, by a flow or by its segment."""
    if parsed.kind != "sequence" or parsed.record is None or parsed.record.has("segment"):
        return
    steps = (step for flow in around.flows.values() if flow.flow for step in flow.flow.steps.values())
    broken = any(flow.flow is None and around.bot.lists(flow.name) for flow in around.flows.values())
    meant = {nearest(step.sequence, around.bot.sequences) for step in steps if isinstance(step, Enroll)}
    if not broken and parsed.name not in meant:
        found.warn("T179", found.node("sequence"), f'no flow enrolls anybody into "{parsed.name}"',
                   f"write enroll: {parsed.name} in a flow, or `segment` here")  # fmt: skip


def _check_purposes(parsed: ParsedCampaign, purpose: str, around: Surroundings, found: Findings) -> None:
    """T174: marketing begins flows for marketing, and nothing else does."""
    assert parsed.notes is not None
    for mention in parsed.notes.mentions:
        begun = around.flows.get(mention.name) if mention.kind == "flow" else None
        if begun is None or begun.flow is None or not purpose:
            continue
        if (purpose == "marketing") != (begun.flow.purpose == "marketing"):
            found.fault("T174", mention.scalar,
                        f'flow "{mention.name}" is for {begun.flow.purpose}, and the {parsed.kind} for {purpose}',
                        f"write purpose: {purpose} in {begun.file}, or purpose: {begun.flow.purpose} here")  # fmt: skip


# ---- when


def _check_passed(parsed: ParsedCampaign, bot: ParsedBot, now: datetime, found: Findings) -> None:
    """T170: a time that is over everywhere it could still come."""
    schedule = getattr(parsed.made, "schedule", None)
    if not isinstance(schedule, At):
        return
    zone = schedule.zone or str(bot.get("timezone") or "UTC")
    comes = localised(schedule.local, LAST_ZONE if zone == CONTACT_ZONE else ZoneInfo(zone))
    if comes < now:
        found.warn("T170", found.node("schedule", "at"),
                   f"{schedule.local:%Y-%m-%d %H:%M} is over, today is {now:%Y-%m-%d}",
                   "write a time to come; what was sent does not go again")  # fmt: skip


def _check_often(parsed: ParsedCampaign, found: Findings) -> None:
    """T184: a time table that brings the same to the same people several times an hour."""
    schedule = getattr(parsed.made, "schedule", None)
    if not isinstance(schedule, Every):
        return
    times = len(parse_cron(schedule.cron).minutes)
    if times > 1:
        found.warn("T184", found.node("schedule", "cron"),
                   f"it comes {times} times an hour, each time to everybody of the segment",
                   'write one minute and one hour, like "0 10 * * 1": Mondays at ten')  # fmt: skip


def _check_skipped(parsed: ParsedCampaign, bot: ParsedBot, now: datetime, found: Findings) -> None:
    """T185: a time on the wall that the clocks skip, once or within a year; for her own clock the bot's zone stands."""
    schedule = getattr(parsed.made, "schedule", None)
    if not isinstance(schedule, At | Every):
        return
    name = schedule.zone if schedule.zone not in ("", CONTACT_ZONE) else str(bot.get("timezone") or "UTC")
    clock = ZoneInfo(name)
    skipped = schedule.local if isinstance(schedule, At) else first_skipped(parse_cron(schedule.cron), now, clock)
    shown = localised(skipped, clock).astimezone(clock) if skipped else None
    if skipped is None or shown is None or shown.replace(tzinfo=None) == skipped:
        return
    found.warn("T185", found.node("schedule", "at" if isinstance(schedule, At) else "cron"),
               f"on {skipped:%Y-%m-%d} the clocks of {name} skip {skipped:%H:%M}: it comes at {shown:%H:%M} then",
               "that may be meant; else write a time outside of the night")  # fmt: skip
