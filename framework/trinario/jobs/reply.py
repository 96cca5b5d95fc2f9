"""What people of the team and the outside put in by the API: replies, and events for a contact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from trinario import jsons
from trinario.engine.say_template import hydrated
from trinario.engine.time import zone_of
from trinario.engine.words import languages
from trinario.jobs.facts import facts_for
from trinario.jobs.outbound import say_it
from trinario.jobs.takeover import person_wrote
from trinario.jobs.thread import take_back
from trinario.jobs.world import Scene, World, scene_of
from trinario.model.bot import Bot
from trinario.model.consent import MARKETING
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Content, Template, Text
from trinario.model.template import TemplateSpec
from trinario.model.value import pack
from trinario.policy.send import may_send, places
from trinario.policy.verdict import Allow
from trinario.policy.why import unpacked
from trinario.ports import Case, Inward, Outgoing, Unit, Writes

OFFERED = 20
"""Templates that are named at most where free words may not go."""


@dataclass(frozen=True, slots=True)
class WouldGo:
    """A template that may go to her now, where free words may not: its places are to be filled."""

    name: str
    language: str
    channel: str
    category: str
    params: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply as it was written: its outbox key, and why it will not go ("" if it will); `again`: it was written before.

    `detail` says more of the refusal, or why it goes elsewhere than she wishes. `templates` are those that would go instead,
    where the windows are shut.
    """

    id: str
    refusal: str
    detail: str = ""
    again: bool = False
    channel: str = ""
    templates: tuple[WouldGo, ...] = ()


def reply(
    unit: Unit, world: World, contact: int, said: str | Content, channel: str | None, id: str, now: datetime,
    author: str = "",
) -> Replied | None:  # fmt: skip
    """Write a person's reply to the outbox, and have the bot step back; the same `id` twice is one. None: no such contact,
    or she is busy: try again. Where no `channel` is named it goes where she wishes to be written to, if it can."""
    cases = unit.lock_cases([contact], (), now)
    if not cases:
        return None
    if (known := unit.refusal_of(f"r{id}/0/0/0/0")) is not None:
        return Replied(f"r{id}/0/0/0/0", *known, again=True)
    case, writes = cases[0], Writes()
    content = Text(said) if isinstance(said, str) else said
    say = Say(f"r{id}/0/0", content, channel=channel, persona=_persona(unit, world, case.contact))
    say = as_wished(world.bot(), case.contact, say)
    scene = scene_of(unit, now, case.unreachable)
    say_it(world, case.contact, say, scene, writes, human=True)
    row = writes.outgoing[0]
    writes.said[:] = [replace(line, author="person", signed=author) for line in writes.said]
    offered: tuple[WouldGo, ...] = ()
    if not row.refusal:
        person_wrote(unit, world, case.contact, now, now, writes)
        before = Writes()
        take_back(world, case.contact, f"r{id}", before, only=row.channel)
        writes.outgoing[:0] = before.outgoing  # who answers here has to have the thread here
    elif row.refusal == "window_closed":
        offered = would_go(world, case, channel, scene)
    unit.write(writes, now)
    detail = row.detail if row.refusal else elsewhere(case.contact, row)
    return Replied(f"r{id}/0/0/0/0", row.refusal, detail, channel=row.channel, templates=offered)


def as_wished(bot: Bot, contact: Contact, say: Say) -> Say:
    """What a person says, on the channel that she wishes for before all others; a channel that was named stays."""
    if say.channel or contact.wished is None:
        return say
    return replace(say, order=(contact.wished, *(one.id for one in places(bot, contact, say))))


def elsewhere(contact: Contact, row: Outgoing) -> str:
    """Why a reply does not go where she wishes; "" if it does, or she wishes for nothing."""
    no = next((one for one in unpacked(row.why) if one.channel == contact.wished), None)
    return f"she wishes to be written to on {no.channel}, but {no.detail or no.code}" if no else ""


def would_go(world: World, case: Case, channel: str | None, scene: Scene) -> tuple[WouldGo, ...]:
    """The templates that policy would let go to her now, by name; none of them is marketing."""
    found: list[WouldGo] = []
    for spec in world.bot().templates.values():
        if spec.category == MARKETING or spec.category == "authentication" or len(found) == OFFERED:
            continue
        template = template_for(world.bot(), case.contact, spec, None, dict.fromkeys(spec.params, "-"))
        say = as_wished(world.bot(), case.contact, Say("would/0/0", template, channel=channel))
        verdict = may_send(
            world.bot(), case.contact, say, scene.now, facts_for(world.bot(), case.contact, say, scene, Writes(), True)
        )
        if isinstance(verdict, Allow):
            words = spec.languages[template.language].body
            found.append(
                WouldGo(spec.name, template.language, verdict.identity.channel, spec.category, spec.params, words)
            )
    return tuple(found)


def template_for(
    bot: Bot, contact: Contact, spec: TemplateSpec, language: str | None, params: Mapping[str, str]
) -> Template:
    """A declared template with these values, in the language asked for, else hers, else the bot's, else its first."""
    wanted = next(
        (name for name in _tongues(bot, contact, language) if name in spec.languages), next(iter(spec.languages))
    )
    values = {name: " ".join(value.split()) for name, value in params.items()}
    return hydrated(spec, wanted, values, bot.media, zone_of(bot, contact))


def _tongues(bot: Bot, contact: Contact, language: str | None) -> Iterator[str]:
    for name in (language, contact.language, bot.locale):
        yield from languages(name)


def _persona(unit: Unit, world: World, contact: Contact) -> str:
    """As whom the people are shown whose team has her, if that team has a face of its own."""
    teams = world.bot().teams
    if contact.owner != "person" or not any(team.persona for team in teams.values()):
        return ""
    team = teams.get(unit.team_of(contact.id) or "")
    return team.persona if team is not None else ""


def event(unit: Unit, contact: int, name: str, data: dict[str, Any], id: str, now: datetime) -> bool:
    """Keep an event for a contact in her inbox. False: the same id was kept before."""
    body = jsons.dumps({"name": name, "data": pack(data)})
    return unit.take_in([Inward("", f"event:{id}", "event", body, contact=contact)], now) > 0
