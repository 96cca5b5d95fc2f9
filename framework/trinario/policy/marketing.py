"""What only marketing is asked: may she have it at all, and is this the hour for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity
from trinario.model.consent import MARKETING, OPTED_OUT, wants
from trinario.model.contact import Contact
from trinario.model.message import Content, Template
from trinario.model.outbox import Refusal
from trinario.model.policy import Rules, tighter
from trinario.model.zone import zone_of
from trinario.policy.cap import full
from trinario.policy.facts import Facts
from trinario.policy.market import ban_on
from trinario.policy.quiet import next_allowed
from trinario.policy.reach import RESTS
from trinario.policy.template import CATEGORY


@dataclass(frozen=True, slots=True)
class Offer:
    """One marketing message on one channel: `said` is the turn it is said in, `rules` what holds for it."""

    bot: Bot
    contact: Contact
    channel: Channel
    said: str
    rules: Rules
    now: datetime
    facts: Facts

    @property
    def unasked(self) -> bool:
        """Whether it comes out of the blue: what answers her is held back by no hour and no cap."""
        return not (self.facts.asked or self.facts.human)


def rules_for(bot: Bot, flow: str) -> Rules:
    """The bot's, tightened by those of the flow as it is today."""
    found = bot.named(flow)
    return tighter(bot.policy, found.policy if found else None)


def purpose_of(bot: Bot, purpose: str, content: Content | None) -> str:
    """What a message is for: a marketing template makes it marketing, whatever its flow says."""
    spec = bot.templates.get(content.name) if isinstance(content, Template) else None
    return MARKETING if spec is not None and spec.category == MARKETING else purpose


def forbidden(offer: Offer, identity: Identity, content: Content | None) -> Refusal | None:
    """Why it may not go to her there at any hour."""
    wanted = wants(offer.contact.consent, MARKETING, offer.channel.id)
    if wanted is False:
        return Refusal(OPTED_OUT, "she does not want marketing")
    if wanted is None and offer.rules.need(offer.channel.id, offer.channel.platform) == "opt_in":
        return Refusal("no_consent", "she has not said yes to marketing, and here it takes a yes")
    if not isinstance(content, Template):
        return None
    if ban := ban_on(offer.channel.platform, identity, offer.now):
        return Refusal("country", f"{ban.why}, since {ban.since}")
    spec = offer.bot.templates.get(content.name)
    if spec is not None and spec.category != MARKETING:
        return Refusal(CATEGORY, f"{content.name} is a template for {spec.category}, not for marketing")
    return None


def held(offer: Offer, since: datetime) -> Refusal | None:
    """Why it may not go at `since`; with `until` it may then. Of several things the one that holds it longest is told."""
    if not offer.unasked:
        return None
    owned, rested = _owned(offer, since), _rested(offer, since)
    for wait in (owned, rested):
        if wait is not None and wait.until is None:
            return wait
    last = _later(owned, rested, since)
    moment = (last.until if last else None) or since
    if hushed := _hushed(offer, moment):
        last = hushed
        if hushed.until is None:
            return hushed
        moment = hushed.until
    if taken := _taken(offer, moment):
        return taken
    late = offer.rules.late
    if late is not None and moment - offer.now > late:
        return Refusal("late", f"it would have to wait until {stamp(offer, moment)}, which is too late for it")
    return last


def _later(one: Refusal | None, other: Refusal | None, since: datetime) -> Refusal | None:
    """Of two that hold it the one that does so longer."""
    if one is None or other is None:
        return one or other
    return other if (other.until or since) > (one.until or since) else one


def _owned(offer: Offer, since: datetime) -> Refusal | None:
    contact = offer.contact
    if contact.owner == "bot":
        return None
    until = contact.owner_until
    if until is not None and until <= since:
        return None
    return Refusal("owner", "a person of the team has the conversation", until)


def _rested(offer: Offer, since: datetime) -> Refusal | None:
    """The rest that a platform wants after it has kept a message from her."""
    if not offer.facts.pushes:
        return None
    ends = [
        one.at + RESTS[one.fault]
        for one in offer.facts.pushes
        if one.fault in RESTS and one.channel == offer.channel.id
    ]
    if not ends or max(ends) <= since:
        return None
    hours = max(RESTS.values()) // timedelta(hours=1)
    return Refusal("rest", f"{offer.channel.id} kept marketing from her less than {hours} hours ago", max(ends))


def _hushed(offer: Offer, moment: datetime) -> Refusal | None:
    quiet = offer.rules.quiet
    if not quiet:
        return None
    until = next_allowed(moment, quiet, zone_of(offer.bot, offer.contact))
    if until == moment:
        return None
    if until is None:
        return Refusal("quiet_hours", "the quiet hours leave no hour of her day")
    return Refusal("quiet_hours", f"it is quiet where she is until {stamp(offer, until)}", until)


def _taken(offer: Offer, moment: datetime) -> Refusal | None:
    """A cap that is full then. It refuses: what is kept for later would only be too much later."""
    if not offer.rules.caps:
        return None
    found = full(offer.rules.caps, offer.facts.pushes, offer.said, moment)
    if found is None:
        return None
    cap, free = found
    return Refusal(
        "cap", f"she gets {cap.max} in {cap.per} at most, and has; there is place again at {stamp(offer, free)}"
    )


def stamp(offer: Offer, moment: datetime) -> str:
    """A moment by her own clock."""
    return f"{moment.astimezone(zone_of(offer.bot, offer.contact)):%Y-%m-%d %H:%M}"
