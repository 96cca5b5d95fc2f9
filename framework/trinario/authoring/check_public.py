"""What comments, menus and ice breakers need: a channel that has such, a comment to answer, titles that fit."""

from collections.abc import Iterable, Mapping

from trinario.authoring.finding import Findings
from trinario.authoring.near import listed
from trinario.authoring.nodes import Node
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.model.channel import Limits
from trinario.model.flow import Call, CommentReply, Flow, PrivateReply, Start, Trigger

_ARRIVALS = (
    "comment", "menu", "story_reply", "story_mention", "order", "product", "reaction", "edited", "deleted",
)  # fmt: skip
"""What not every platform has; the limits of each say whether it does. An ice breaker can be typed anywhere."""

_TITLES = {"ice_breaker": 80, "menu": 30}
"""Longest titles, in code points (platform facts 4)."""

_MOST = {"ice_breaker": 4, "menu": 20}


def check_public(flows: Mapping[str, ParsedFlow], bot: ParsedBot, limits: Mapping[str, Limits]) -> list[Findings]:
    """T110, T111 and T117 over all flows that the bot lists."""
    used = [one for one in flows.values() if one.flow is not None and one.notes is not None and bot.lists(one.name)]
    commented = _commented([one.flow for one in used if one.flow is not None])
    shown: dict[str, int] = {}
    findings = []
    for parsed in used:
        assert parsed.flow is not None
        assert parsed.notes is not None
        found = Findings(parsed.notes)
        findings.append(found)
        for number, trigger in enumerate(parsed.flow.triggers):
            place = found.node("triggers", str(number))
            _check_place(trigger, bot, limits, place, found)
            _check_title(trigger, shown, place, found)
        for step in parsed.flow.steps.values():
            if isinstance(step, PrivateReply):
                _check_length(step, parsed.flow, bot, limits, found)
            if isinstance(step, CommentReply) and parsed.flow.name not in commented:
                found.fault("T117", found.step_key(step.name), f'"{step.name}" answers a comment, and none begins this flow',
                            "begin the flow with - comment: [win], or say it with `send`")  # fmt: skip
    return findings


def _check_length(
    step: PrivateReply, flow: Flow, bot: ParsedBot, limits: Mapping[str, Limits], found: Findings
) -> None:
    """Only one message is allowed, so that words are not cut in two here: what is too long would not go at all."""
    room = {
        one.platform: limits[one.platform]
        for one in bot.settings
        if one.platform in limits and limits[one.platform].comment
    }
    for message in step.messages:
        for words in (one.text for one in (message, *message.one_of) if one.text is not None):
            said = [words.phrase, *(table[words.key] for table in flow.words.values() if words.key in table)]
            text = max((one.constant or "" for one in said), key=len)
            narrow = {
                name: limit.text
                for name, limit in room.items()
                if (len(text.encode()) if limit.text_unit == "bytes" else len(text)) > limit.text
            }
            if narrow:
                where = listed([f"{name} ({most})" for name, most in narrow.items()])
                found.fault("T110", found.step_key(step.name), f'"{step.name}" is too long for one message on {where}, and a '
                            "private reply is one", f"make it {min(narrow.values())} at most, and say the rest once she has "
                            "answered")  # fmt: skip


def _commented(flows: Iterable[Flow]) -> set[str]:
    """The flows that a comment begins, or that one of those calls or starts."""
    leads = {flow.name: {s.flow for s in flow.steps.values() if isinstance(s, Call | Start)} for flow in flows}
    waiting = [flow.name for flow in flows if any(one.kind == "comment" for one in flow.triggers)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(leads.get(name, ()))
    return found


def _check_place(trigger: Trigger, bot: ParsedBot, limits: Mapping[str, Limits], place: Node, found: Findings) -> None:
    """Whether any channel of the bot, of those that the trigger names, has such a thing."""
    if trigger.kind not in _ARRIVALS:
        return
    wanted = [name for name, limit in limits.items() if trigger.kind in limit.arrivals]
    bound = [one for one in bot.settings if not trigger.channels or {one.id, one.platform} & trigger.channels]
    if not bound or any(one.platform in wanted for one in bound):
        return
    channels = listed([one.id for one in bound], last="nor")
    found.fault("T117", place, f"`{trigger.kind}` never comes from {channels}",
                f"it comes from {listed(wanted)}: give the bot such a channel, or bind the trigger to it")  # fmt: skip


def _check_title(trigger: Trigger, shown: dict[str, int], place: Node, found: Findings) -> None:
    """What stands in the menu or opens a chat is short, and there are few of them."""
    longest = _TITLES.get(trigger.kind)
    if longest is None:
        return
    for title in trigger.titles:
        if len(title) > longest:
            found.fault("T110", place, f'the title "{title}" has {len(title)} characters, too many for a '
                        f"{trigger.kind.replace('_', ' ')} ({longest})", f"make it {longest} at most")  # fmt: skip
    shown[trigger.kind] = shown.get(trigger.kind, 0) + 1
    if shown[trigger.kind] == _MOST[trigger.kind] + 1:
        found.warn("T111", place, f"there are more than {_MOST[trigger.kind]} triggers `{trigger.kind}`, and the platforms "
                   "show no more: it counts only when it is typed", "leave some of them out")  # fmt: skip
