"""How a flow is begun: by each of its triggers as a person or the outside pulls it, else by somebody's hand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trinario.model.bot import Bot
from trinario.model.channel import Channel
from trinario.model.flow import Flow, Trigger
from trinario.testing.explore.matching_text import fitting
from trinario.testing.explore.room import Opening
from trinario.testing.script import Act, Elsewhere, Happens, Opens, Starts, Writes

GREETING = "good morning to you"
SAMPLES: Mapping[str, Any] = {
    "text": "something", "number": Decimal(7), "money": Decimal(7), "yes_no": True, "email": "ana@example.org",
    "phone": "+393331234567", "url": "https://example.org/a", "any": "something", "name": "Ana",
}  # fmt: skip
"""A value of a declared type, for what the outside brings; of other types nothing is brought."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A first move, and what the bot knows before it."""

    opening: Opening
    acts: tuple[Act, ...]


def begins(bot: Bot, flow: Flow) -> list[Begin]:
    """Every way to begin this flow, the usual ones first; by hand when there is no other and nobody calls it."""
    found = [one for trigger in flow.triggers for one in _by(bot, trigger)]
    found += list(_by_bot(bot, flow))
    if not found and (flow.triggers or not _led_to(bot, flow)):
        first = next(iter(bot.channels))
        found.append(Begin(Opening(first, known=True), (Starts(0, flow.name, _inputs(flow)),)))
    return list({repr(one): one for one in found}.values())


def _by(bot: Bot, trigger: Trigger) -> Iterator[Begin]:
    channels = [one for one in bot.channels.values() if _hears(trigger, one)]
    if trigger.kind == "event":
        if channels and trigger.value:
            opening = Opening(channels[0].id, known=True)
            yield Begin(opening, (Happens(0, trigger.value, samples(bot, trigger.value), "event-1"),))
        return
    for channel in channels:
        yield from (Begin(Opening(channel.id), (act,)) for act in _acts(bot, trigger, channel))


BESIDE = ("comment", "story_reply", "story_mention", "ad", "ice_breaker", "menu", "form", "order", "product")
"""Triggers that she pulls beside writing."""


def _beside(trigger: Trigger, channel: Channel) -> Iterator[Act]:
    """A comment, an answer to a story, an ad ... with the first word that the trigger names."""
    word = next((word for words in trigger.words.values() for word in words), "")
    match trigger.kind:
        case "comment" if "comment" in channel.limits.arrivals:
            data = {"post": min(trigger.posts, default="p1"), "kind": min(trigger.media, default="feed")}
            yield Elsewhere(0, "comment", word or "Hello!", data)
        case "story_reply" | "story_mention" if trigger.kind in channel.limits.arrivals:
            yield Elsewhere(0, trigger.kind, (word or "Wow!") if trigger.kind == "story_reply" else "")
        case "ad" if "ad" in channel.limits.arrivals:
            yield Elsewhere(0, "ad", "Hello!", {"ad": word or "120226"})
        case "form" if "form" in channel.limits.arrivals:
            yield Elsewhere(0, "form", trigger.value or "form")
        case "order" if "order" in channel.limits.arrivals:
            yield Elsewhere(0, "order", "", {"items": ({"id": "item", "quantity": 2, "price": 50, "currency": "EUR"},)})
        case "product" if "product" in channel.limits.arrivals:
            yield Elsewhere(0, "product", "How much is it?", {"product": word or "item"})
        case "ice_breaker" | "menu" if trigger.kind == "ice_breaker" or "menu" in channel.limits.arrivals:
            yield Elsewhere(0, trigger.kind, trigger.value)
        case _:
            pass


def _hears(trigger: Trigger, channel: Channel) -> bool:
    return not trigger.channels or channel.id in trigger.channels or channel.platform in trigger.channels


def _acts(bot: Bot, trigger: Trigger, channel: Channel) -> Iterator[Act]:
    if trigger.kind == "keyword":
        for locale in dict.fromkeys([bot.locale, "", *trigger.words]):
            yield from (Writes(0, _typed(word, trigger.mode)) for word in trigger.words.get(locale, ())[:1])
    elif trigger.kind in BESIDE:
        yield from _beside(trigger, channel)
    elif trigger.kind in ("message", "new_contact"):
        yield Writes(0, GREETING)
    elif trigger.kind in ("referral", "get_started") and trigger.kind in channel.limits.arrivals:
        yield Opens(0, trigger.value or "spring" if trigger.kind == "referral" else "")


def _typed(word: str, mode: str) -> str:
    """What she types for a keyword; for a regular expression a text that it fits."""
    if mode != "regex":
        return word
    try:
        return next(fitting(word), word)
    except ValueError:
        return word


def _by_bot(bot: Bot, flow: Flow) -> Iterator[Begin]:
    """The flow of a pattern, or the one for whatever else is said."""
    channel = next(iter(bot.channels))
    if bot.default_flow == flow.name:
        yield Begin(Opening(channel), (Writes(0, GREETING),))
    for pattern in bot.patterns.values():
        words = [word for each in pattern.words.values() for word in each]
        if pattern.flow == flow.name and words:
            yield Begin(Opening(channel), (Writes(0, words[0]),))


def _led_to(bot: Bot, flow: Flow) -> bool:
    """Whether another flow, or the bot, goes on with this one."""
    named = {
        getattr(step, "flow", "") for one in bot.flows.values() if one.name != flow.name for step in one.steps.values()
    }
    return flow.name in named or flow.name in bot.handlers.values()


def samples(bot: Bot, event: str) -> dict[str, Any]:
    """Data of an event, as it is declared."""
    return {name: SAMPLES[kind] for name, kind in bot.events.get(event, {}).items() if kind in SAMPLES}


def _inputs(flow: Flow) -> dict[str, Any]:
    return {name: SAMPLES[one.type] for name, one in flow.inputs.items() if one.default is None and one.type in SAMPLES}
