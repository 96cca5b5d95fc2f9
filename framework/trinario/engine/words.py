"""The bot's own words: which text of a pattern, and which translation of a flow's text, this contact reads."""

from functools import lru_cache

from trinario.expressions import Phrase
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.flow import Flow, Words

LAST_RESORT = "en"


@lru_cache(maxsize=512)
def languages(language: str | None) -> tuple[str, ...]:
    """The language itself and its base: `it-IT` -> (`it-IT`, `it`)."""
    if not language:
        return ()
    plain = language.replace("_", "-")
    base = plain.split("-")[0].lower()
    return tuple(dict.fromkeys((language, plain, base)))


def pattern_text(bot: Bot, contact: Contact, name: str) -> Phrase | None:
    """The text of a pattern in her language, its base, the bot's, English; None when there is no such pattern."""
    pattern = bot.patterns.get(name)
    if pattern is None or not pattern.texts:
        return None
    for language in (*languages(contact.language), *languages(bot.locale), LAST_RESORT):
        if language in pattern.texts:
            return pattern.texts[language]
    return next(iter(pattern.texts.values()))


def language_of(flow: Flow, contact: Contact) -> str:
    """The language in which this flow speaks to her."""
    for language in languages(contact.language):
        if language == flow.locale or language in flow.words:
            return language
    return flow.locale


def phrase_of(flow: Flow, contact: Contact, words: Words) -> Phrase:
    """A text in her language; what was not translated is said as it was written."""
    if not flow.words:
        return words.phrase
    for language in languages(contact.language):
        if language == flow.locale:
            break
        if (found := flow.words.get(language, {}).get(words.key)) is not None:
            return found
    return words.phrase
