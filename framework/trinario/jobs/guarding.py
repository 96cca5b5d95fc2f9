"""Somebody writes like no person does: what she writes is kept, the bot is silent for a while, and the team is told."""

from collections.abc import MutableSequence
from datetime import datetime

from trinario import jsons
from trinario.jobs.notices import tell
from trinario.jobs.takeover import take_over
from trinario.jobs.world import World
from trinario.model.contact import Contact
from trinario.model.effect import SendNotice
from trinario.ports import InboxEntry, Outgoing, Unit, Writes

NAME = "guard"
"""How it is called in the history of a contact."""


def pause(
    unit: Unit, world: World, contact: Contact, entry: InboxEntry, why: str, now: datetime, writes: Writes,
    ahead: MutableSequence[Outgoing],
) -> Contact:  # fmt: skip
    """The bot is silent until the pause is over or the team gives her back; the teams with an address hear of it."""
    bot = world.bot()
    until = now + bot.guard.pause
    writes.events.append((contact.id, NAME, now, jsons.dumps({"why": why, "until": until.isoformat()})))
    who = contact.name or f"contact {contact.id}"
    words = (
        f"{who} writes like a machine on {entry.channel}: {why}. Answers are paused until {until:%Y-%m-%d %H:%M} UTC."
    )
    if those := tuple(name for name, team in bot.teams.items() if team.notify):
        tell(world, contact, SendNotice(f"guard/{entry.id}", those, words), now, writes)
    return take_over(unit, contact, until, now, writes, ahead)
