"""What policy has to know of one message, looked up only where its answer can depend on it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from trinario.jobs.world import Scene
from trinario.model.bot import Bot
from trinario.model.consent import MARKETING
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Content, Template
from trinario.model.session import Session
from trinario.policy.cap import longest
from trinario.policy.facts import Facts, Push, TemplateFate, TemplateKey, template_key, turn_of
from trinario.policy.marketing import purpose_of, rules_for
from trinario.policy.reach import RESTS
from trinario.policy.send import content_for, places
from trinario.ports import Outgoing, TemplateState, Writes

BULK = 1
"""The priority of marketing that nobody has asked for."""

EXCHANGE = timedelta(minutes=15)
"""How long after her last message what a flow says still belongs to the exchange that she began."""

NONE: Mapping[TemplateKey, TemplateFate] = {}


def facts_for(bot: Bot, contact: Contact, say: Say, scene: Scene, writes: Writes, human: bool) -> Facts:
    """A plain message costs no query; marketing that comes out of the blue one, and so does a template per channel."""
    plain = say.template is None and not isinstance(say.content, Template) and not say.per_channel
    if plain and say.purpose != MARKETING:
        return Facts(scene.unreachable, human, scene.asked)
    named = [*_templates(bot, contact, say)]
    templates = fates(bot, scene, named) if named else NONE
    marketing = say.purpose == MARKETING or any(purpose_of(bot, "", one) == MARKETING for _, one in named)
    pushes: tuple[Push, ...] = ()
    if marketing and not (scene.asked or human):
        since = scene.now - max(longest(rules_for(bot, say.flow).caps), *RESTS.values(), timedelta())
        ahead = (push_of(row, scene) for row in (*scene.ahead, *writes.outgoing) if row.contact == contact.id)
        pushes = (*scene.pushes(contact.id, since), *(push for push in ahead if push))
    return Facts(scene.unreachable, human, scene.asked, pushes, templates)


def answers(contact: Contact, session: Session | None, now: datetime) -> bool:
    """Whether what this session says now still answers her: she wrote a moment ago, and not before it began."""
    seen = contact.last_seen_at
    return session is not None and seen is not None and session.started_at <= seen and now - seen <= EXCHANGE


def _templates(bot: Bot, contact: Contact, say: Say) -> Iterator[tuple[str, Template]]:
    """The templates that may go, and on which channels."""
    if say.template is None and not isinstance(say.content, Template) and not say.per_channel:
        return
    for channel in places(bot, contact, say):
        contents: tuple[Content | None, ...] = (content_for(channel, say), say.template)
        for content in contents if channel.limits.templates else ():
            if isinstance(content, Template) and content.goes_by(channel.limits.templates):
                yield channel.id, content


def fates(bot: Bot, scene: Scene, named: Sequence[tuple[str, Template]]) -> Mapping[TemplateKey, TemplateFate]:
    """What the platforms last said of these templates."""
    found: dict[TemplateKey, TemplateFate] = {}
    for channel in dict.fromkeys(name for name, _ in named):
        names = {template.name for where, template in named if where == channel}
        found.update(map(fate_of, scene.templates(channel, names)))
    return found


def fate_of(state: TemplateState) -> tuple[TemplateKey, TemplateFate]:
    """A state as policy reads it."""
    return template_key(state.channel, state.name, state.language), TemplateFate(
        state.status, state.until, state.reason, state.category
    )


def push_of(row: Outgoing, scene: Scene) -> Push | None:
    """What a row that is about to be written counts as; None: it is no marketing, or does not go."""
    if row.purpose != MARKETING or row.priority != BULK or (row.refusal and row.not_before is None):
        return None
    return Push(turn_of(row.key), row.not_before or scene.now, row.channel)
