"""What the triggers of flows put up on a channel: ice breakers and menu, in every language."""

from collections.abc import Mapping

from trinario.authoring.parse_arrivals import TITLED
from trinario.authoring.parse_bot import country_name
from trinario.channels.graph.place import GET_STARTED
from trinario.model.bot import Bot
from trinario.model.flow import Trigger
from trinario.ports import Tongues

ICE_BREAKERS = {
    "en": "Hello!", "it": "Ciao!", "es": "¡Hola!", "de": "Hallo!", "fr": "Bonjour !", "pt": "Olá!",
}  # fmt: skip
"""What a new thread offers to tap; a link's ref comes with that tap."""


def titled(bot: Bot, kind: str, channel: str, locale: str) -> Mapping[str, str]:
    """The titles that triggers of a kind put up on a channel, with what a tap brings, in the order of the flows."""
    return {one.title(locale): one.payload for one in titled_by(bot, kind, channel)}


def ice_breakers(bot: Bot, channel: str) -> Mapping[str, str]:
    """Those that flows name; a greeting in the bot's language if they name none."""
    greeting = ICE_BREAKERS.get(bot.locale.partition("_")[0], ICE_BREAKERS["en"])
    return titled(bot, "ice_breaker", channel, bot.locale) or {greeting: GET_STARTED}


def tongues(bot: Bot, channel: str) -> Tongues:
    """Ice breakers and menu of a channel in every language that any of them is in, but the bot's own."""
    shown = [one for kind in TITLED for one in titled_by(bot, kind, channel)]
    locales = {country_name(name): name for one in shown for name in one.words}
    return {
        name: (titled(bot, "ice_breaker", channel, locale), titled(bot, "menu", channel, locale))
        for name, locale in sorted(locales.items())
        if name and name != country_name(bot.locale)
    }


def titled_by(bot: Bot, kind: str, channel: str) -> list[Trigger]:
    """The triggers that put something up on a channel."""
    platform = bot.channels[channel].platform if channel in bot.channels else ""
    found = [one for flow in bot.flows.values() for one in flow.triggers if one.kind == kind]
    return [one for one in found if not one.channels or one.channels & {channel, platform}]
