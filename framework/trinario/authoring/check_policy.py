"""Policy: a flow is never looser than its bot, an hour is left, and a bot that sends marketing says what it is."""

from collections.abc import Iterator
from datetime import UTC, datetime

from trinario.authoring.finding import Findings
from trinario.authoring.nodes import Node
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.parse_policy import rules
from trinario.model.policy import Cap, Rules, tighter
from trinario.policy.quiet import Span, next_allowed

A_DAY = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 24 * 60


def check_bot_policy(bot: ParsedBot, found: Findings) -> None:
    """What bot.yaml says by itself."""
    own = rules(bot.get("policy"))
    if own is not None:
        _check_hours(own, found)
    said = bot.get("disclosure")
    if said is not None and said.has("after") and said.has("when") and "lapse" not in said.get("when"):
        found.fault("T160", said.nodes["after"], "`after` is how long a lapse is, and `when` does not say lapse",
                    "add lapse to `when`, or leave `after` out")  # fmt: skip


def check_flow_policy(parsed: ParsedFlow, bot: ParsedBot, found: Findings) -> None:
    """What a flow says within its bot."""
    flow = parsed.flow
    if flow is None:
        return
    own = rules(bot.get("policy")) or Rules()
    if flow.policy is not None:
        for node, message, hint in _looser(flow.policy, own, found):
            found.fault("T161", node, message, hint)
        _check_hours(flow.policy, found)
        if own.quiet:
            _check_hours(Rules(tighter(own, flow.policy).quiet), found)
        if flow.purpose != "marketing":
            found.warn("T160", found.node("policy"), f"`policy` is about marketing, and this {found.what} is none",
                       "write purpose: marketing, or leave it out")  # fmt: skip
    if flow.purpose == "marketing" and bot.get("disclosure") is None:
        found.warn("T162", found.node("purpose"), "nobody tells her that a bot is writing",
                   f"write `disclosure: {{when: [start, takeover]}}` in {bot.file}")  # fmt: skip


def _check_hours(own: Rules, found: Findings) -> None:
    for number, cap in enumerate(own.caps):
        if not cap.per:
            found.fault("T160", found.node("policy", "cap", str(number), "per"), "nothing is in no time",
                        "write how long, like 1d")  # fmt: skip
    if own.quiet and next_allowed(A_DAY, own.quiet, UTC) is None:
        found.fault("T160", found.node("policy", "quiet_hours"), "the quiet hours leave no hour of the day",
                    "leave some of them out")  # fmt: skip


def _looser(flow: Rules, bot: Rules, found: Findings) -> Iterator[tuple[Node, str, str]]:
    """Where a flow would allow what its bot does not: place, what it is, what to do."""
    if flow.quiet and not _minutes(bot.quiet) <= _minutes(flow.quiet):
        text = ", ".join(map(_span, bot.quiet))
        yield (found.node("policy", "quiet_hours"), f"the bot is quiet at hours when this {found.what} is not: {text}",
               "cover them, or leave `quiet_hours` out")  # fmt: skip
    for number, cap in enumerate(flow.caps):
        if over := next((other for other in bot.caps if other != cap and other.implies(cap)), None):
            yield (found.node("policy", "cap", str(number)), f"{_cap(cap)} is more than the bot allows: {_cap(over)}",
                   "allow less, or leave it out")  # fmt: skip
    for name, need in flow.needs.items():
        if need == "opt_out" and "opt_in" in (bot.needs.get(name), bot.needs.get("")):
            yield (found.node("policy", "consent", name), "marketing takes a yes here, says the bot",
                   "leave `consent` out")  # fmt: skip
    if flow.late is not None and bot.late is not None and flow.late > bot.late:
        yield (found.node("policy", "late"), "the bot gives up earlier", "skip sooner, or leave `late` out")


def _minutes(spans: tuple[Span, ...]) -> set[int]:
    return {(begin + minute) % MINUTES for begin, end in spans for minute in range((end - begin) % MINUTES or MINUTES)}


def _span(span: Span) -> str:
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in span)


def _cap(cap: Cap) -> str:
    return f"{cap.max} in {cap.per}"
