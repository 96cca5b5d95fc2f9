"""The bot says that it is one: before the first message of a conversation, after a lapse, after a person."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from trinario.model.bot import Bot
from trinario.model.comment import comment_in
from trinario.model.contact import Contact
from trinario.model.country import country_of
from trinario.model.effect import Effect, OfferSwitch, Say
from trinario.model.message import Choices, PublicReply, Sign, Template, Text
from trinario.model.policy import Disclosure

DISCLOSED, TOOK_OVER = "*disclosed", "*took_over"
"""Marks of a contact: when the bot last said what it is, and when it last took over from a person."""

_INDEX = "0"
"""The messages of a turn are counted from 1: what goes before them is said in the same turn, and counts with it."""


def is_due(bot: Bot, contact: Contact, now: datetime) -> bool:
    """Whether she is to be told, with what is said to her now."""
    rules = bot.disclosure
    if rules is None or not _is_meant(rules, contact):
        return False
    told, taken = contact.marks.get(DISCLOSED), contact.marks.get(TOOK_OVER)
    if taken is not None and "takeover" in rules.when and (told is None or told < taken):
        return True
    if told is None:
        return "start" in rules.when
    return "lapse" in rules.when and now - told >= rules.after.elapsed


def took_over(bot: Bot, contact: Contact, now: datetime) -> Contact:
    """The contact, whom the bot has again from a person."""
    if bot.disclosure is None or "takeover" not in bot.disclosure.when:
        return contact
    return marked(contact, {**contact.marks, TOOK_OVER: now})


def disclosing(bot: Bot, contact: Contact, effects: list[Effect], words: str, now: datetime) -> Contact:
    """Puts the words before the first message that she can read as one of a conversation; gives the contact, marked."""
    for place, effect in enumerate(effects):
        said = effect.say if isinstance(effect, OfferSwitch) else effect
        if not isinstance(said, Say) or said.hushed or isinstance(said.content, PublicReply | Sign):
            continue
        if comment_in(said.reply_to):
            shown = _before(said, words)
            effects[place] = replace(effect, say=shown) if isinstance(effect, OfferSwitch) else shown
            return contact if shown is said else marked(contact, {**contact.marks, DISCLOSED: now})
        if isinstance(said.content, Template) or not _is_open(bot, contact, now):
            return contact  # a template's words are as they are approved; free ones come another time
        effects.insert(place, _alone(said, words))
        return marked(contact, {**contact.marks, DISCLOSED: now})
    return contact


def is_disclosure(key: str) -> bool:
    """Whether an outbox row (origin/number/index/copy/part) is one that says what the bot is."""
    return key.split("/")[-3:-2] == [_INDEX]


def undisclosed(contact: Contact) -> Contact:
    """The contact, to whom it could not be said after all."""
    return marked(contact, {name: at for name, at in contact.marks.items() if name != DISCLOSED})


def marked(contact: Contact, marks: Mapping[str, datetime]) -> Contact:
    """The contact with these marks."""
    return replace(contact, marks=marks)


def _alone(say: Say, words: str) -> Say:
    """A message of its own, that goes where the first one goes, and stays in when that is withdrawn."""
    key = f"{say.key.rpartition('/')[0]}/{_INDEX}"
    return Say(key, Text(words), say.session, say.flow, say.step, say.purpose, channel=say.channel, order=say.order)


def _before(say: Say, words: str) -> Say:
    """A private reply is one message: the words stand in it."""
    match say.content:
        case Text(text=text) | Choices(text=text):
            return replace(say, content=replace(say.content, text=f"{words}\n\n{text}"))
        case _:
            return say


def _is_open(bot: Bot, contact: Contact, now: datetime) -> bool:
    """Whether free words can be said where she last wrote."""
    channel, heard = bot.channels.get(contact.channel or ""), contact.last_heard.get(contact.channel or "")
    return channel is not None and heard is not None and now - heard < timedelta(seconds=channel.window.free)


def _is_meant(rules: Disclosure, contact: Contact) -> bool:
    country = country_of(contact) if rules.countries else None
    return country is None or country in rules.countries
