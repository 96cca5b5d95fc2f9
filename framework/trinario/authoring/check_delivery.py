"""Delivery plans: what a channel cannot tell, plans without a next channel, and copies that come after the window."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from trinario.authoring.finding import Findings
from trinario.authoring.near import listed
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.parse_messages import delivery
from trinario.model.channel import Limits
from trinario.model.delivery import LEVELS, Level
from trinario.model.flow import Ask, Delivery, Send

WINDOW = timedelta(hours=24)
"""How long the shortest window is open."""


def check_bot_delivery(bot: ParsedBot, limits: Mapping[str, Limits], found: Findings) -> None:
    """What bot.yaml says for all its flows."""
    own = delivery(bot.get("delivery"))
    if own is not None:
        _check(own, (own,), ("delivery",), "service", _tells(bot, limits), found)


def check_flow_delivery(parsed: ParsedFlow, bot: ParsedBot, limits: Mapping[str, Limits], found: Findings) -> None:
    """What a flow and its steps say, each at the place that says `escalate` or `stop_when`."""
    flow = parsed.flow
    if flow is None:
        return
    wide = delivery(bot.get("delivery")) or Delivery()
    for own, around, path in _places(parsed, wide):
        _check(own, around, path, flow.purpose, _tells(bot, limits), found)


def _places(parsed: ParsedFlow, wide: Delivery) -> Iterator[tuple[Delivery, tuple[Delivery, ...], tuple[str, ...]]]:
    flow = parsed.flow
    assert flow is not None, "it was read"
    around = (flow.delivery, wide) if flow.delivery else (wide,)
    if flow.delivery is not None:
        yield flow.delivery, around, ("delivery",)
    for step in flow.steps.values():
        if isinstance(step, Send | Ask) and step.delivery is not None:
            yield step.delivery, (step.delivery, *around), ("steps", step.name, "delivery")


def _tells(bot: ParsedBot, limits: Mapping[str, Limits]) -> Mapping[str, frozenset[str]]:
    return {one.id: limits[one.platform].receipts for one in bot.settings if one.platform in limits}


def _check(
    own: Delivery, around: tuple[Delivery, ...], path: tuple[str, ...], purpose: str,
    tells: Mapping[str, frozenset[str]], found: Findings,
) -> None:  # fmt: skip
    escalate = next((place.escalate for place in around if place.escalate), None)
    stop = next((place.stop_when for place in around if place.stop_when), None)
    if own.escalate is None and own.stop_when is None:
        return
    if escalate is None:
        found.fault("T166", found.node(*path, "stop_when"), "`stop_when` ends a plan that nothing begins",
                    "write escalate: {if_not: delivered, after: 5m}")  # fmt: skip
        return
    node = (*path, "escalate") if own.escalate else (*path, "stop_when")
    if stop is not None and LEVELS.index(stop) < LEVELS.index(escalate.if_not):
        found.fault("T166", found.node(*node), f"it is over when it is {stop}, and goes on until it is {escalate.if_not}",
                    f"write stop_when: {escalate.if_not}, or leave it out")  # fmt: skip
    order = next((place.order for place in around if place.order), None)
    if len(tells) < 2 or (order is not None and len(order) < 2):
        found.warn("T166", found.node(*node), "there is no other channel to go on to",
                   "name another one in `order`, or leave `escalate` out")  # fmt: skip
    if purpose == "marketing" and escalate.if_not != "sent":
        found.warn("T167", found.node(*node), "marketing goes on to the next channel only when the first has failed",
                   "it is never sent twice: leave it, or make the purpose service")  # fmt: skip
    later = {name: told for name, told in tells.items() if not order or name != order[-1]}  # behind the last is nobody
    _check_levels({escalate.if_not, stop or escalate.if_not}, later, node, found)
    if escalate.after.elapsed >= WINDOW and not any(place.template for place in around):
        found.warn("T168", found.node(*node), "when the next channel is tried, its window may be shut",
                   "give it `delivery.template`, or less time")  # fmt: skip


def _check_levels(
    levels: set[Level], tells: Mapping[str, frozenset[str]], path: tuple[str, ...], found: Findings
) -> None:
    for level in sorted(levels & {"delivered", "read"}):
        mute = [name for name, told in tells.items() if level not in told]
        if mute:
            found.warn("T165", found.node(*path), f"{listed(mute)} cannot tell that a message was {level}",
                       "there it counts when it was sent")  # fmt: skip
    if "read" in levels and (quiet := [name for name, told in tells.items() if {"delivered", "read"} <= told]):
        found.warn("T165", found.node(*path), f"on {listed(quiet)} people can switch off that they have read",
                   "who did gets the message on the next channel as well")  # fmt: skip
