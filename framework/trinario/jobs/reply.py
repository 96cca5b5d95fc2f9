"""What people of the team and the outside put in by the API: replies, and events for a contact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trinario import jsons
from trinario.jobs.outbound import say_it
from trinario.jobs.takeover import person_wrote
from trinario.jobs.thread import take_back
from trinario.jobs.world import Scene, World
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Text
from trinario.model.value import pack
from trinario.ports import Inward, Unit, Writes


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply as it was written: its outbox key, and why it will not go ("" if it will); `again`: it was written before."""

    id: str
    refusal: str
    detail: str = ""
    again: bool = False


def reply(
    unit: Unit, world: World, contact: int, text: str, channel: str | None, id: str, now: datetime
) -> Replied | None:
    """Write a person's reply to the outbox, and have the bot step back; the same `id` twice is one. None: no such contact,
    or she is busy: try again."""
    cases = unit.lock_cases([contact], (), now)
    if not cases:
        return None
    if (known := unit.refusal_of(f"r{id}/0/0/0/0")) is not None:
        return Replied(f"r{id}/0/0/0/0", *known, again=True)
    case, writes = cases[0], Writes()
    say = Say(f"r{id}/0/0", Text(text), channel=channel, persona=_persona(unit, world, case.contact))
    say_it(world, case.contact, say, Scene(now, case.unreachable), writes, human=True)
    said = writes.outgoing[0]
    if not said.refusal:
        person_wrote(unit, world, case.contact, now, now, writes)
        before = Writes()
        take_back(world, case.contact, f"r{id}", before, only=said.channel)
        writes.outgoing[:0] = before.outgoing  # who answers here has to have the thread here
    unit.write(writes, now)
    return Replied(f"r{id}/0/0/0/0", said.refusal, said.detail)


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
