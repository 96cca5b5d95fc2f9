"""May this message go, on which channel, as free words or as a template? Pure: the same answer for the same question."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity
from trinario.model.comment import PRIVATE_REPLY_WITHIN, comment_in
from trinario.model.consent import MARKETING, wants
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Content, PublicReply, Template
from trinario.model.outbox import Refusal
from trinario.policy.verdict import Allow, Refuse, Verdict
from trinario.policy.window import is_open

CURRENT, PREFERRED = "current", "preferred"


def may_send(
    bot: Bot,
    contact: Contact,
    say: Say,
    now: datetime,
    unreachable: Mapping[str, str] | None = None,
    human: bool = False,
) -> Verdict:
    """Walk the delivery order; the first channel that can take the message gets it. The first refusal is the one told."""
    if say.hushed:
        return Refuse(Refusal("last_word", "she said stop: the confirmation was the last word"), contact.channel or "")
    refused: Refuse | None = None
    for channel in places(bot, contact, say):
        verdict = _ask(channel, contact, say, now, unreachable or {}, human)
        if isinstance(verdict, Allow):
            return verdict
        refused = _weightier(refused, verdict)
    return refused or Refuse(Refusal("no_identity", "she has no identity on any channel of the delivery order"))


def may_send_code(bot: Bot, say: Say, number: Identity) -> Verdict:
    """May a one-time code go to a number that is not known to be hers? Nothing but the template that brings it may."""
    if say.hushed:
        return Refuse(Refusal("last_word", "she said stop: the confirmation was the last word"), number.channel)
    content = say.content
    spec = bot.templates.get(content.name) if isinstance(content, Template) else None
    if spec is None or spec.category != "authentication":
        return Refuse(Refusal("no_authentication", "only an authentication template goes to a number that is not hers yet"),
                      number.channel)  # fmt: skip
    if number.channel not in bot.channels or not bot.channels[number.channel].limits.templates:
        return Refuse(Refusal("no_channel", "codes go by WhatsApp, and the bot is not there"), number.channel)
    return Allow(number, content)


def places(bot: Bot, contact: Contact, say: Say) -> Iterator[Channel]:
    """The channels to try, in order, each once. `current` and `preferred` are where she last wrote."""
    order = (say.channel,) if say.channel else say.order or bot.delivery.order or (CURRENT, PREFERRED)
    names = [contact.channel or "" if name in (CURRENT, PREFERRED) else name for name in order]
    if not say.channel and say.order is None:
        names.extend(bot.channels)
    for name in dict.fromkeys(names):
        if name in bot.channels:
            yield bot.channels[name]


def _ask(
    channel: Channel, contact: Contact, say: Say, now: datetime, unreachable: Mapping[str, str], human: bool
) -> Verdict:
    identity = contact.identity_on(channel.id)
    if identity is None:
        return Refuse(Refusal("no_identity", f"she has no identity on {channel.id}"), channel.id)
    if channel.id in unreachable:
        return Refuse(Refusal("unreachable", f"{channel.id} says {unreachable[channel.id]}"), channel.id)
    if say.purpose == MARKETING and wants(contact.consent, MARKETING, channel.id) is False:
        return Refuse(Refusal("no_consent", "she does not want marketing"), channel.id)
    content = content_for(channel, say)
    if isinstance(content, PublicReply):
        return Allow(identity, content)
    if say.reply_to and (comment := comment_in(say.reply_to)):
        # a comment opens no window: it allows one message, and the engine has looked whether there was one
        late = Refusal("too_late", "the comment is seven days old or older")
        return Refuse(late, channel.id) if now - comment[1] >= PRIVATE_REPLY_WITHIN else Allow(identity, content)
    if is_open(channel, contact, now, human):
        return Allow(identity, content)
    template = content if isinstance(content, Template) else say.template
    if template and channel.limits.templates:
        return Allow(identity, template)
    return Refuse(Refusal("window_closed", f"the window of {channel.id} is shut"), channel.id)


def content_for(channel: Channel, say: Say) -> Content:
    """What is said on this channel: by its name, by its platform, else the common content."""
    return say.per_channel.get(channel.id) or say.per_channel.get(channel.platform) or say.content


_WEIGHT = {"no_identity": 0, "unreachable": 1, "window_closed": 2, "no_consent": 3, "too_late": 3}


def _weightier(first: Refuse | None, second: Refuse) -> Refuse:
    """The refusal that tells more: a shut window says more than an identity that she never had."""
    if first is None:
        return second
    return second if _WEIGHT[second.refusal.code] > _WEIGHT[first.refusal.code] else first
