"""The plan of a campaign: everybody of its segment is asked about as in her own turn, and nothing is written or sent."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, assert_never

from trinario.campaign.as_flow import campaign_flow_name, flows_of
from trinario.campaign.forecast import Forecast, Group
from trinario.campaign.split import variant_of
from trinario.engine.react import react
from trinario.jobs.campaign_desk import is_once
from trinario.jobs.campaign_faults import MENDED
from trinario.jobs.campaign_hold import templates_of
from trinario.jobs.campaigning import due_for, is_late, left_out, reached
from trinario.jobs.facts import fate_of
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import HOLDOUT, Campaign
from trinario.model.channel import Channel
from trinario.model.consent import MARKETING, wants
from trinario.model.contact import Contact
from trinario.model.country import country_of
from trinario.model.effect import Say
from trinario.model.event import FlowWanted
from trinario.model.message import Content, Template
from trinario.model.turn import Standing
from trinario.model.wire_content import words_of
from trinario.policy.cap import longest
from trinario.policy.facts import Facts, TemplateFate, TemplateKey, template_key
from trinario.policy.marketing import rules_for
from trinario.policy.reach import RESTS
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Defer, Refuse
from trinario.policy.window import is_open
from trinario.ports import TemplateState, Unit
from trinario.ports.campaigns import Addressee

CHUNK = 1000
"""People that one transaction looks at."""

NOT_KNOWN = "state not known"
"""How a template stands of which nobody has told anything."""

ANYTHING = 1
"""A slot's number, for turns that are never kept."""


def foresee(
    unit: Unit,
    world: World,
    campaign: Campaign,
    after: int,
    told: Forecast,
    now: datetime,
    states: Sequence[TemplateState] | None = None,
) -> int | None:
    """Ask about the next chunk of contacts; gives the last one, or None when there are no more. `states`: those of templates on
    WhatsApp as Meta has just shown them, all of them; None: it was not asked."""
    bot = world.bot()
    since = now - max(
        *(longest(rules_for(bot, flow.name).caps) for flow in flows_of(campaign)), *RESTS.values(), timedelta()
    )
    found = reached(unit, bot, campaign, after, CHUNK, now)
    templates = _templates(unit, bot, campaign, states) if found.people else _Templates({}, {}, "")
    ids = [one.id for one in found.people]
    out = left_out(unit, bot, campaign, ids, now)
    if is_once(campaign):  # what has begun already, and goes on as its file is now
        had = unit.campaigns.had_turn(campaign.name, ids)
        out |= dict.fromkeys(had - unit.campaigns.unsaid(campaign.name, MENDED) if had else had, "had")
    for her in unit.campaigns.addressees(found.people, since, now):
        _look(world, campaign, her, out.get(her.contact.id, ""), templates, told, now)
    return None if found.done else found.cursor


def _fates(unit: Unit, bot: Bot, campaign: Campaign) -> Mapping[TemplateKey, TemplateFate]:
    """What the platforms last said of the campaign's templates."""
    names = sorted(set(templates_of(campaign)))
    return {
        key: fate for channel in bot.channels if names for key, fate in map(fate_of, unit.templates.states(channel, names))
    }  # fmt: skip


class _Templates(NamedTuple):
    """How the campaign's templates stand: what is `kept` decides, as it does when they are sent; what Meta has just `shown` says
    more. `unknown`: how one stands of which neither tells."""

    kept: Mapping[TemplateKey, TemplateFate]
    shown: Mapping[TemplateKey, TemplateFate]
    unknown: str

    def of(self, channel: Channel, content: Template) -> str:
        """The state of one, in a word."""
        key = template_key(channel.id, content.name, content.language)
        fate = self.kept.get(key) or self.shown.get(key)
        return fate.status.lower() if fate else self.unknown if channel.platform == "whatsapp" else NOT_KNOWN


def _templates(unit: Unit, bot: Bot, campaign: Campaign, states: Sequence[TemplateState] | None) -> _Templates:
    names = set(templates_of(campaign))
    shown = dict(fate_of(one) for one in states or () if one.name in names)
    return _Templates(_fates(unit, bot, campaign), shown, NOT_KNOWN if states is None else "not at Meta")


def _look(
    world: World,
    campaign: Campaign,
    her: Addressee,
    out: str,
    templates: "_Templates",
    told: Forecast,
    now: datetime,
) -> None:
    """One person of the segment."""
    bot, contact = world.bot(), her.contact
    told.segment += 1
    variant = variant_of(campaign.variants, contact.id)
    due = due_for(bot, campaign, contact, now)
    late = "late" if is_late(campaign, due, now) else ""
    if why := out or (HOLDOUT if variant == HOLDOUT else "") or late:
        told.left_out[why] += 1
        return
    told.busy += her.busy
    moment = max(due, now)
    event = FlowWanted("plan", moment, campaign_flow_name(campaign.name, variant), {}, ANYTHING,
                       {"campaign": campaign.name, "variant": variant})  # fmt: skip
    free = contact  # it waits until they are done who have her
    if contact.owner != "bot" or contact.owner_until:
        free = replace(contact, owner="bot", owner_until=None)
    says = [one for one in react(bot, Standing(free, ()), event).effects if isinstance(one, Say)]
    if not says:
        told.silent += 1
        return
    told.due(moment)
    facts = Facts(her.unreachable, pushes=her.pushes, templates=templates.kept)
    verdict = may_send(bot, free, says[0], moment, facts)
    match verdict:
        case Allow(identity=identity, content=content) | Defer(identity=identity, content=content):
            if isinstance(verdict, Defer):
                told.deferred[verdict.refusal.code] += 1
            if variant:
                told.variants[variant] += 1
            told.messages += len(says)
            language = contact.language or bot.locale
            told.going[_group(bot, free, identity.channel, content, templates, moment)] += 1
            told.priced[identity.channel, _category(bot, content), country_of(contact) or ""] += 1
            if told.has_room(identity.channel, language):
                told.show(identity.channel, language, _shown(world, identity.channel, content))
        case Refuse(refusal=refusal):
            told.left_out[refusal.code] += 1
        case _:
            assert_never(verdict)


def _group(bot: Bot, contact: Contact, channel: str, content: Content, templates: _Templates, now: datetime) -> Group:
    """With whom she is counted."""
    said = {True: "yes", False: "no", None: "not asked"}[wants(contact.consent, MARKETING, channel)]
    window = "open" if is_open(bot.channels[channel], contact, now) else "shut"
    template = templates.of(bot.channels[channel], content) if isinstance(content, Template) else ""
    return Group(channel, window, contact.language or bot.locale, said, template)


def _category(bot: Bot, content: Content) -> str:
    """As what the platform charges it: the template's category, else service."""
    spec = bot.templates.get(content.name) if isinstance(content, Template) else None
    return spec.category if spec else "service"


def _shown(world: World, channel: str, content: Content) -> str:
    parts: Sequence[Content] = world.adapters[channel].fit(content)
    return "\n".join(map(words_of, parts))


def mark_of(unit: Unit, bot: Bot, campaign: Campaign) -> str:
    """Stands for everything that a plan was made on, people apart: files, rules, prices, templates as they stand."""
    sides = campaign.variants.sides if campaign.variants else ()
    begun = {campaign.flow, *(side.flow for side in sides)} - {None}
    revisions = sorted(flow.revision for name in begun if name and (flow := bot.named(name)))
    states = sorted((*key, fate.status, fate.category) for key, fate in _fates(unit, bot, campaign).items())
    told = (campaign.revision, revisions, repr(bot.policy), repr(bot.delivery), repr(bot.prices), sorted(bot.channels), states,
            sorted((name, repr(bot.templates.get(name))) for name in set(templates_of(campaign))))  # fmt: skip
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()


def plan_id(mark: str, campaign: str, now: datetime) -> str:
    """A name that a person can type: it stands for the plan."""
    digest = hashlib.blake2b(f"{campaign}\x1f{mark}\x1f{now.isoformat()}".encode(), digest_size=4).hexdigest()
    return f"{campaign}-{digest}"
