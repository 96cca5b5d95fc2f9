"""What the phones page asks of the bot's own process, and what a person can do there that is no message."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trinario.model.bot import Bot
from trinario.model.flow import Flow, Trigger

Inspect = Callable[[list[tuple[str, str]]], Awaitable[dict[str, Any]]]
RaiseEvent = Callable[[int, str, Mapping[str, Any]], Awaitable[bool]]

PLATFORMS = ("whatsapp", "messenger", "instagram")
WITH_POSTS = ("messenger", "instagram")
ANY_POST = "1"
"""The post under which people comment when no flow names one."""


@dataclass(frozen=True, slots=True)
class Backstage:
    """The bot behind the page.

    `inspect` gets every `(platform, value)` under which Meta knows the person on the screen, and answers what the bot
    knows: `{"contacts": [{id, first_name, language, identities: [{channel, kind, value}], owner, fields, tags,
    sessions: [{flow, status, step, answers}], files: [{id, kind, channel, status, reason, mime_type, filename, size}]}]}`. `title` is the name of the business in the phones' headers. `trouble`
    tells what is wrong with files that were changed, "" if nothing is. `platforms` are those that the bot has channels
    on. `bot` is what is served just now. `raise_event` keeps an event for a contact in the inbox; False: there is no
    such contact.
    """

    inspect: Inspect
    title: str = "The business"
    trouble: Callable[[], str] = lambda: ""
    platforms: tuple[str, ...] = PLATFORMS
    bot: Callable[[], Bot] | None = None
    raise_event: RaiseEvent | None = None

    def reacts_to(self) -> dict[str, Any]:
        """`{posts: [{id, title, words, platforms}], events: [{name, data: {name: type}}]}`, as the flows say now."""
        bot = self.bot() if self.bot else None
        if bot is None:
            return {"posts": [], "events": []}
        events = [{"name": name, "data": dict(types)} for name, types in bot.events.items()]
        return {"posts": _posts(bot), "events": events if self.raise_event else []}


def _posts(bot: Bot) -> list[dict[str, Any]]:
    """A post for every id that a trigger names; for one that listens under all of them, one that stands for all."""
    found: dict[str, dict[str, Any]] = {}
    listening = [(flow, one) for flow in bot.flows.values() for one in flow.triggers if one.kind == "comment"]
    for flow, trigger in sorted(listening, key=lambda pair: not pair[1].posts):
        for post in sorted(trigger.posts) or ([] if found else [ANY_POST]):
            found.setdefault(post, _post(bot, flow, trigger, post))
    return [one for one in found.values() if one["platforms"]]


def _post(bot: Bot, flow: Flow, trigger: Trigger, post: str) -> dict[str, Any]:
    channels = [bot.channels[name] for name in sorted(trigger.channels or bot.channels) if name in bot.channels]
    places = {channel.platform for channel in channels}
    words = trigger.words.get(bot.locale) or trigger.words.get("") or next(iter(trigger.words.values()), ())
    return {
        "id": post,
        "title": flow.title or flow.name,
        "words": list(words),
        "platforms": [name for name in WITH_POSTS if name in places],
    }
