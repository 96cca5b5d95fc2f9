"""How people call the channels of a bot, and the sentences by which they say where they want to be written to."""

from collections.abc import Iterator, Mapping

from trinario.engine.fold import fold
from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.channel import PLATFORM_WORDS, platform_name
from trinario.model.contact import Contact

PLACE = "{channel}"
"""Stands for a channel in the words of the pattern `prefer`."""


def named(bot: Bot, channel: str) -> str:
    """A channel as people call it."""
    return platform_name(bot.channels[channel].platform) if channel in bot.channels else channel


def channel_of(bot: Bot, contact: Contact, name: object) -> str | None:
    """The channel that a name means, in any writing: a channel's own, a platform's (that on which she is known first).

    None for an empty name. Raises EvaluationError where the bot has no such channel.
    """
    if name in (None, ""):
        return None
    told = _names(bot).get(fold(str(name)), [])
    if not told:
        raise EvaluationError(f"{str(name)[:40]!r} is no channel of this bot")
    return min(told, key=lambda one: contact.identity_on(one) is None)


def sentences(bot: Bot) -> Iterator[tuple[str, str]]:
    """Everything that says where she wants to be written to, folded, with the channel's name ("": where she writes)."""
    pattern = bot.patterns.get("prefer")
    names = tuple(_names(bot)) if pattern else ()
    for word in (word for words in pattern.words.values() for word in words) if pattern else ():
        if PLACE in word:
            yield from ((fold(word.replace(PLACE, name)), name) for name in names)
        else:
            yield fold(word), ""


def _names(bot: Bot) -> Mapping[str, list[str]]:
    """Channels by everything that they are called, folded; a channel's own name means no other one."""
    found: dict[str, list[str]] = {}
    for channel in bot.channels.values():
        for word in dict.fromkeys(map(fold, (channel.platform, *PLATFORM_WORDS.get(channel.platform, ())))):
            found.setdefault(word, []).append(channel.id)
    found |= {fold(channel): [channel] for channel in bot.channels}
    return found
