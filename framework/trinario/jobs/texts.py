"""The bot's own words outside of flows: a pattern's text in her language."""

from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.contact import Contact


def languages(bot: Bot, contact: Contact) -> tuple[str, ...]:
    """Where to look for her words: her language, its base, the bot's locale, English."""
    mine = contact.language or bot.locale
    return tuple(dict.fromkeys([mine, mine.partition("_")[0].partition("-")[0], bot.locale, bot.locale[:2], "en"]))


def pattern(bot: Bot, contact: Contact, pattern: str, /, **scope: object) -> str:
    """The text of a pattern in her language; what cannot be rendered is said as its author wrote it."""
    found = bot.patterns.get(pattern)
    for language in languages(bot, contact) if found else ():
        phrase = found.texts.get(language) if found else None
        if phrase is not None:
            try:
                return phrase.render({"contact": contact, **scope})
            except EvaluationError:
                return phrase.source
    return ""


def words(bot: Bot, contact: Contact, name: str) -> frozenset[str]:
    """Every word that means a pattern, in any of the languages she may use, lower case."""
    found = bot.patterns.get(name)
    if found is None:
        return frozenset()
    return frozenset(word.casefold() for group in found.words.values() for word in group)
