"""T204: what the window proof finds, told at the step with the path that leads to it."""

from collections.abc import Mapping

from trinario.authoring.campaign_proof import provable
from trinario.authoring.finding import Findings
from trinario.authoring.issue import Issue
from trinario.authoring.near import listed
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.parse_campaign import ParsedCampaign
from trinario.authoring.parse_messages import delivery
from trinario.authoring.patterns import patterns
from trinario.authoring.window import Breach, prove_all
from trinario.authoring.window_walk import Around
from trinario.model.channel import Window
from trinario.model.flow import Delivery, PrivateReply

_MENDS = {
    "messages": "give it `delivery.template`, or branch on channel.window_open",
    "link": "give the flow `delivery.template`, or branch on channel.window_open",
    "private": "a comment allows one private reply: once she has answered, go on with `ask` and `send`",
    "reminder": "remind her sooner, while the window is open: a reminder cannot be a template",
}
_DEFERRED = "give it `delivery.template`, or put `if: channel.window_open` on this very step: it is asked again then"
_NO_COMMENT = "begin the flow with - comment: [win], and with nothing else, or say it with `ask`"
_COMMENTED = "a comment opens no window: say it with `private_reply`, or for everybody to read with `comment_reply`"
_UNANSWERED = "nothing more can be said before she answers the private reply: put `if: channel.window_open` on it"


def check_window(bot: ParsedBot, flows: Mapping[str, ParsedFlow], windows: Mapping[str, Window]) -> list[Issue]:
    """The breaches of all flows that the bot lists, as issues. `windows` are by platform.

    Flows with errors of their own are passed over: what is proved of half a flow may not hold of the whole.
    """
    used = {flow.flow.name: flow for flow in flows.values() if flow.flow is not None and bot.lists(flow.name)}
    sent = {flow.name: (flow, parsed) for parsed in bot.campaigns for flow in provable(parsed)}
    used |= {name: flow for name, (flow, _) in sent.items()}
    channels = {one.id: windows[one.platform] for one in bot.settings if one.platform in windows}
    if not channels or bot.notes is None or bot.notes.failed:
        return []
    proved = {name: parsed.flow for name, parsed in used.items() if parsed.flow is not None and parsed.flow.steps}
    return [
        _unreached(breach, *sent[breach.flow]) if breach.flow in sent else _issue(breach, used[breach.flow])
        for breach in prove_all(proved, channels, around_of(bot))
    ]


def _unreached(breach: Breach, part: ParsedFlow, parsed: ParsedCampaign) -> Issue:
    """A campaign or a step of a sequence, which comes when nobody has written."""
    assert part.notes is not None
    place = Findings(part.notes).step_key(breach.step).place
    what = f'{parsed.kind} "{parsed.name}"' if parsed.kind == "campaign" else f'step "{breach.step}"'
    hint = "give it `delivery.template`, or write channel.window_open into `segment`"
    if parsed.kind == "sequence":
        hint = "give it `delivery.template`, or `if: channel.window_open`"
    message = f"{what} may be sent with the window shut on {listed(breach.channels)}"
    why = "only who has written lately can be reached without a template"
    return part.notes.document.issue(place, "T204", f"{message}\n{why}", hint=hint)


def around_of(bot: ParsedBot) -> Around:
    """What the proof has to know of a bot.yaml without errors."""
    words = patterns(bot.get("patterns") or {}, bot.get("locale") or "en")
    return Around(
        platforms={one.id: one.platform for one in bot.settings},
        delivery=delivery(bot.get("delivery")) or Delivery(),
        handlers=bot.get("handlers") or {},
        default_flow=bot.get("default_flow"),
        patterns={word: pattern.flow for word, pattern in words.items() if pattern.flow},
    )


def _issue(breach: Breach, parsed: ParsedFlow) -> Issue:
    """The issue in the form of flow-language §5: what, the path and where it ends, the mends."""
    assert parsed.notes is not None
    place = Findings(parsed.notes).step_key(breach.step).place
    if breach.what == "private":
        message = f'the private reply "{breach.step}" may come where there is no comment left to answer'
        path = f"{' -> '.join(breach.path)}  ({place.file}:{place.line})"
        commented = any(trigger.kind == "comment" for trigger in parsed.flow.triggers) if parsed.flow else True
        return Issue.at(place, "T204", f"{message}\n{path}", hint=_MENDS["private"] if commented else _NO_COMMENT)
    what = {"reminder": "the reminder of ", "link": "the link of "}.get(breach.what, "")
    message = f'{what}"{breach.step}" may be sent with the window shut on {listed(breach.channels)}'
    path = f"{' -> '.join(breach.path)}  ({place.file}:{place.line})"
    return Issue.at(place, "T204", f"{message}\n{path}", hint=_hint(breach, parsed))


def _hint(breach: Breach, parsed: ParsedFlow) -> str:
    """How the breach is mended: by the way that leads to it."""
    if breach.what == "messages" and breach.path[0].startswith("comment"):
        steps = parsed.flow.steps if parsed.flow else {}
        private = {name for name, step in steps.items() if isinstance(step, PrivateReply)}
        if not private.intersection(breach.path[:-1]):  # else she answered it (its other ways say how they went)
            return _UNANSWERED if private else _COMMENTED
    return _DEFERRED if breach.deferred and breach.what != "reminder" else _MENDS[breach.what]
