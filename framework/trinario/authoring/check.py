"""What is wrong with a project beyond single files: every proof there is, all issues at once."""

from collections.abc import Mapping
from datetime import datetime

from trinario.authoring.check_answers import check_answers
from trinario.authoring.check_bot_texts import check_bot_texts
from trinario.authoring.check_campaigns import check_campaigns
from trinario.authoring.check_commands import check_commands
from trinario.authoring.check_delivery import check_bot_delivery, check_flow_delivery
from trinario.authoring.check_handoff import check_handoffs
from trinario.authoring.check_limits import check_limits
from trinario.authoring.check_media import check_media, check_template_files
from trinario.authoring.check_migrations import check_migrations
from trinario.authoring.check_names import (
    Surroundings,
    check_inputs,
    check_listed,
    check_mentions,
    check_own_values,
    check_steps,
    slips,
)
from trinario.authoring.check_outside import check_outside
from trinario.authoring.check_paths import check_paths
from trinario.authoring.check_policy import check_bot_policy, check_flow_policy
from trinario.authoring.check_public import check_public
from trinario.authoring.check_reads import check_handed, check_reads
from trinario.authoring.check_rounds import check_rounds
from trinario.authoring.check_templates import check_templates
from trinario.authoring.check_texts import check_texts
from trinario.authoring.check_triggers import check_triggers
from trinario.authoring.check_types import check_types
from trinario.authoring.check_window import check_window
from trinario.authoring.check_words import check_words
from trinario.authoring.check_written import check_written
from trinario.authoring.finding import Findings
from trinario.authoring.issue import Issue
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.project import Project
from trinario.authoring.value_names import Names
from trinario.model.channel import Limits, Window


def check_bot(
    project: Project, limits: Mapping[str, Limits], windows: Mapping[str, Window] | None = None,
    now: datetime | None = None,
) -> tuple[Issue, ...]:  # fmt: skip
    """Everything that is wrong with a project, reading included: each issue once, in the order of places.

    A flow is checked by itself, and once more for every bot of the project that lists it. `limits` and `windows` are by
    platform; channels of a platform whose window is not given are left out of the window proof. `now` (aware) tells
    which times of campaigns are over; without it nothing is said of that.
    """
    issues = list(project.issues)
    for parsed in project.flows.values():
        used = any(bot.lists(parsed.name) for bot in project.bots.values())
        meant = not used and any(parsed.name in slips(bot, project.flows) for bot in project.bots.values())
        orphaned = project.whole and bool(project.bots) and not used and not meant
        issues += _alone(parsed, None if used else Names(None, project.flows), orphaned)
    for bot in project.bots.values():
        issues += _one_bot(bot, project.flows, limits, now)
        issues += check_window(bot, project.flows, windows or {})
    return tuple(sorted(dict.fromkeys(issues)))


def _alone(parsed: ParsedFlow, names: Names | None, orphaned: bool) -> list[Issue]:
    """What can be said of a flow whichever bot uses it; its texts too, by their `names`, where no bot does."""
    if parsed.notes is None:
        return []
    found = Findings(parsed.notes)
    check_steps(parsed, found)
    check_own_values(parsed, found)
    check_triggers(parsed, found)
    check_migrations(parsed, found)
    if parsed.flow is not None:
        check_paths(parsed.flow, found)
        check_rounds(parsed.flow, found)
        check_reads(parsed, found)
        check_written(parsed, found)
    if names is not None:
        check_texts(parsed, names, found)
        check_types(parsed, names, found)
    if orphaned and parsed.name:
        found.warn("T046", found.node("flow"), f'no bot lists flow "{parsed.name}", so nothing can begin it',
                   "add it to `flows` in a bot.yaml")  # fmt: skip
    return found.issues


def _one_bot(
    bot: ParsedBot, flows: Mapping[str, ParsedFlow], limits: Mapping[str, Limits], now: datetime | None
) -> list[Issue]:  # fmt: skip
    """What is wrong with one bot and with the flows that it lists, as it uses them."""
    if bot.notes is None or bot.record is None:
        return []
    around, names = Surroundings(bot, flows), Names(bot, flows)
    own = Findings(bot.notes)
    check_listed(bot, flows, own)
    check_mentions(bot.notes.mentions, around, own)
    check_templates(bot, "", own)
    check_bot_texts(names, own)
    check_bot_policy(bot, own)
    check_commands(bot, flows, own)
    check_bot_delivery(bot, limits, own)
    issues = own.issues + check_template_files(bot, limits)
    for parsed in flows.values():
        if bot.lists(parsed.name) and parsed.notes is not None:
            issues += _in_bot(parsed, around, names, limits)
    issues += check_campaigns(around, names, limits, now)
    for found in (*check_words(flows, bot), *check_public(flows, bot, limits)):
        issues += found.issues
    return issues


def _in_bot(
    parsed: ParsedFlow, around: Surroundings, names: Names, limits: Mapping[str, Limits]
) -> list[Issue]:  # fmt: skip
    assert parsed.notes is not None
    found = Findings(parsed.notes)
    check_mentions(parsed.notes.mentions, around, found)
    check_inputs(parsed, around, found)
    check_texts(parsed, names, found)
    check_types(parsed, names, found)
    check_handed(parsed, names, found)
    if parsed.flow is not None:
        check_limits(parsed.flow, around.bot, limits, found)
        check_answers(parsed.flow, around.bot, found)
        check_outside(parsed.flow, around.bot, found)
        check_templates(around.bot, parsed.flow.purpose, found)
        check_media(around.bot, limits, found)
        check_flow_policy(parsed, around.bot, found)
        check_flow_delivery(parsed, around.bot, limits, found)
        check_handoffs(parsed, around.bot, found)
    return found.issues
