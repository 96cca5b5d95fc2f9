"""May this message go, on which channel, as free words or as a template, and when? Pure: the same question, the same answer.

The channels of the delivery order are walked; the first that can take the message gets it. Every channel is asked the
same, in this order: does she have an identity there, can she be reached, may she have it at all (marketing: consent,
country, the kind of template), is this the hour (marketing that she has not asked for: a person of the team, the
platform's rest, quiet hours, caps), is the window open or is there a template, and is the template good.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity
from trinario.model.comment import PRIVATE_REPLY_WITHIN, comment_in
from trinario.model.consent import MARKETING
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Content, PublicReply, Template
from trinario.model.outbox import Refusal
from trinario.policy.facts import NOTHING, Facts
from trinario.policy.marketing import Offer, forbidden, held, purpose_of, rules_for
from trinario.policy.template import template_fault
from trinario.policy.verdict import Allow, Asked, Defer, Refuse, Verdict
from trinario.policy.window import is_card, is_open

CURRENT, PREFERRED = "current", "preferred"

LAST_WORD = Refusal("last_word", "she said stop: the confirmation was the last word")


def may_send(bot: Bot, contact: Contact, say: Say, now: datetime, facts: Facts = NOTHING) -> Verdict:
    """Walk the delivery order. Where no channel takes it now, the earliest that will later; else the weightiest refusal."""
    if say.hushed:
        return Refuse(LAST_WORD, contact.channel or "")
    walk: list[Asked] = []
    best: Defer | Refuse | None = None
    for channel in places(bot, contact, say):
        verdict = _ask(_Question(bot, contact, say, now, facts, channel))
        if isinstance(verdict, Allow):
            return replace(verdict, walk=(*walk, Asked(channel.id, "allow"))) if walk else verdict
        walk.append(_asked(channel, verdict))
        best = _better(best, verdict)
    if best is None:
        return Refuse(Refusal("no_identity", "she has no identity on any channel of the delivery order"))
    return replace(best, walk=tuple(walk))


def may_send_code(bot: Bot, say: Say, number: Identity) -> Verdict:
    """May a one-time code go to a number that is not known to be hers? Nothing but the template that brings it may."""
    if say.hushed:
        return Refuse(LAST_WORD, number.channel)
    content = say.content
    spec = bot.templates.get(content.name) if isinstance(content, Template) else None
    if spec is None or spec.category != "authentication":
        return Refuse(Refusal("no_authentication", "only an authentication template goes to a number that is not hers yet"),
                      number.channel)  # fmt: skip
    if number.channel not in bot.channels or bot.channels[number.channel].limits.templates != "whatsapp":
        return Refuse(Refusal("no_channel", "codes go by WhatsApp, and the bot is not there"), number.channel)
    return Allow(number, content)


def places(bot: Bot, contact: Contact, say: Say) -> Iterator[Channel]:
    """The channels to try, in order, each once. `current` is where she last wrote; `preferred` where she last answered
    what several channels had brought, and behind it where she last wrote."""
    given: set[str] = set()
    for name in _names(bot, contact, say):
        if name not in given and name in bot.channels:
            given.add(name)
            yield bot.channels[name]


def _names(bot: Bot, contact: Contact, say: Say) -> Iterator[str]:
    """One after the other: most messages take the first, and what she prefers has to be looked for."""
    order = (say.channel,) if say.channel else say.order or bot.delivery.order or (CURRENT, PREFERRED)
    for name in order:
        if name == PREFERRED:
            yield contact.preferred or ""
        yield (contact.channel or "") if name in (CURRENT, PREFERRED) else name
    if not say.channel and say.order is None:
        yield from bot.channels


def content_for(channel: Channel, say: Say) -> Content:
    """What is said on this channel: by its name, by its platform, else the common content."""
    if not say.per_channel:
        return say.content
    return say.per_channel.get(channel.id) or say.per_channel.get(channel.platform) or say.content


@dataclass(frozen=True, slots=True)
class _Question:
    """One channel that is asked for one message."""

    bot: Bot
    contact: Contact
    say: Say
    now: datetime
    facts: Facts
    channel: Channel

    @property
    def offer(self) -> Offer:
        """The same, of a message that is marketing."""
        said = self.say.key.rsplit("/", 1)[0]
        rules = rules_for(self.bot, self.say.flow)
        return Offer(self.bot, self.contact, self.channel, said, rules, self.now, self.facts)

    @property
    def beside(self) -> bool:
        """Whether it answers a comment, for which there is no window."""
        return isinstance(content_for(self.channel, self.say), PublicReply) or bool(comment_in(self.say.reply_to))

    def form(self, moment: datetime) -> Content | None:
        """As what it goes at that moment: free words, a template, or not at all."""
        content = content_for(self.channel, self.say)
        if is_open(self.channel, self.contact, moment, self.facts.human, is_card(content)):
            return content
        template = content if isinstance(content, Template) else self.say.template
        return template if template and template.goes_by(self.channel.limits.templates) else None


def _ask(question: _Question) -> Allow | Defer | Refuse:
    """What one channel answers."""
    channel, say = question.channel, question.say
    identity = question.contact.identity_on(channel.id)
    if identity is None:
        return Refuse(Refusal("no_identity", f"she has no identity on {channel.id}"), channel.id)
    if channel.id in question.facts.unreachable:
        return Refuse(Refusal("unreachable", f"{channel.id} says {question.facts.unreachable[channel.id]}"), channel.id)
    beside = question.beside
    form = content_for(channel, say) if beside else question.form(question.now)
    purpose = purpose_of(question.bot, say.purpose, form)
    offer = question.offer if purpose == MARKETING else None
    if offer is not None and (no := forbidden(offer, identity, form)):
        return Refuse(no, channel.id)
    return _below(question, identity, purpose) if beside else _now_or_then(question, identity, purpose, form, offer)


def _below(question: _Question, identity: Identity, purpose: str) -> Allow | Refuse:
    """An answer to a comment: it opens no window, and allows one message; the engine has looked whether there was one."""
    channel, comment = question.channel, comment_in(question.say.reply_to)
    if comment and question.now - comment[1] >= PRIVATE_REPLY_WITHIN:
        content = content_for(channel, question.say)
        if not isinstance(content, PublicReply):
            return Refuse(Refusal("too_late", "the comment is seven days old or older"), channel.id)
    return Allow(identity, content_for(channel, question.say), purpose)


def _now_or_then(
    question: _Question, identity: Identity, purpose: str, form: Content | None, offer: Offer | None
) -> Allow | Defer | Refuse:  # fmt: skip
    """In the form that is right when it goes; `form` is the one of now, `offer` is there when it is marketing."""
    channel = question.channel
    wait = held(offer, question.now) if offer is not None else None
    if wait is not None and wait.until is None:
        return Refuse(wait, channel.id)
    if wait is not None and wait.until is not None:
        form = question.form(wait.until)
    if form is None:
        then = " by then" if wait else ""
        return Refuse(Refusal("window_closed", f"the window of {channel.id} is shut{then}"), channel.id)
    moment = wait.until if wait and wait.until else question.now
    fault = template_fault(form, channel.id, question.facts, moment, question.bot.templates)
    if fault is not None and fault.until is not None and offer is not None:
        fault = held(offer, fault.until) or fault
    wait = fault or wait
    if wait is None:
        return Allow(identity, form, purpose)
    return Defer(identity, form, wait, wait.until, purpose) if wait.until else Refuse(wait, channel.id)


def _asked(channel: Channel, verdict: Defer | Refuse) -> Asked:
    """A line of the walk."""
    told = verdict.refusal
    return Asked(channel.id, "defer" if isinstance(verdict, Defer) else "refuse", told.code, told.detail, told.until)


_WEIGHT = {"no_identity": 0, "unreachable": 1, "window_closed": 2}
"""A shut window says more than an identity that she never had; whatever else was refused says more than both."""


def _better(best: Defer | Refuse | None, verdict: Defer | Refuse) -> Defer | Refuse:
    """A later hour before none, the earlier before the later; of refusals the one that tells more."""
    if best is None:
        return verdict
    if isinstance(best, Defer) or isinstance(verdict, Defer):
        if isinstance(best, Defer) and isinstance(verdict, Defer):
            return min(best, verdict, key=lambda one: one.until)
        return best if isinstance(best, Defer) else verdict
    return verdict if _weight(verdict) > _weight(best) else best


def _weight(verdict: Refuse) -> int:
    return _WEIGHT.get(verdict.refusal.code, 3)
