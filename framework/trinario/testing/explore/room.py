"""A conversation that can be kept and taken up again: the player of talks, and how things stand after each thing done."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from trinario.authoring.load import LoadedBot
from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.store.bulk import fetch
from trinario.store.unit import SqlUnit
from trinario.testing.phone import Shown
from trinario.testing.scene import Broken
from trinario.testing.script import Act, Known, Talk
from trinario.testing.talk import Player
from trinario.testing.worlds import Endless


@dataclass(frozen=True, slots=True)
class Opening:
    """Before anything is done: the phone in her hand, her language, whether the bot has just heard of her, and what
    the outside is like (`services.worlds`)."""

    channel: str
    language: str | None = None
    known: bool = False
    world: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How things stand. `said` are the messages on all phones so far, `refused` those that did not go: (why, flow.step,
    purpose); both and `faults` grow only.

    `due` is when the clock will do something next; `endless` what stopped a machine that answers itself.
    """

    at: datetime
    channel: str
    contact: Contact | None
    sessions: tuple[Session, ...]
    said: tuple[Shown, ...]
    refused: tuple[tuple[str, str, str], ...]
    faults: tuple[str, ...]
    due: datetime | None
    endless: str = ""

    @property
    def live(self) -> list[Session]:
        """What can still move."""
        return [session for session in self.sessions if session.live]

    @property
    def pending(self) -> Session | None:
        """The session whose question is pending."""
        return next((session for session in self.sessions if session.foreground), None)

    @property
    def with_people(self) -> bool:
        """Whether people of the team have her."""
        return self.contact is not None and self.contact.owner == "person"


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it was: the database packed, and what the phones and the player knew."""

    image: bytes
    state: tuple[Any, ...]
    look: Look


class Room:
    """One opening of a bot; `keep` and `back` cost far less than playing again."""

    def __init__(self, loaded: LoadedBot, opening: Opening, at: datetime) -> None:
        self.opening = opening
        known = Known(language=opening.language, channels=(opening.channel,) if opening.known else ())
        contact = known if opening.known or opening.language else None
        talk = Talk("", "", loaded.bot.name, contact, at, opening.channel, ())
        self.player = Player(talk, loaded)
        self.player.introduce()
        self.bot = loaded.bot
        self.start = self.keep()

    async def do(self, acts: Sequence[Act]) -> Look:
        """Things done one after another. Raises Broken for what cannot be done."""
        endless = ""
        for act in acts:
            try:
                await self.player.do(act)
            except Endless as fault:
                endless = str(fault)
                break
        return replace(self.look(), endless=endless)

    def look(self) -> Look:
        """How things stand now."""
        scene, machine = self.player.scene, self.player.machine
        contact, sessions, refused = machine.store.run_now(self._standing)
        return Look(
            at=machine.clock.now(), channel=scene.her.channel, contact=contact, sessions=sessions,
            said=tuple(scene.cast.phones.shown), refused=refused, faults=tuple(machine.faults()), due=machine.next_due(),
        )  # fmt: skip

    def _standing(self, unit: SqlUnit) -> tuple[Contact | None, tuple[Session, ...], tuple[tuple[str, str, str], ...]]:
        """Who she is where she writes; the sessions of everybody: until she has confirmed a link, she is two."""
        scene, machine = self.player.scene, self.player.machine
        identity = scene.cast.identity(scene.her, scene.her.channel)
        ids = unit.contact_ids({"identity": (identity.channel, identity.value)})
        contact = unit.contacts(ids, machine.clock.now())[0] if ids else None
        people = [row[0] for row in fetch(unit.conn, "SELECT DISTINCT contact_id FROM sessions ORDER BY contact_id")]
        refused = fetch(unit.conn, "SELECT refusal, cause, purpose FROM outbox WHERE status = 8 ORDER BY id")
        sessions = tuple(one for id in people for one in unit.sessions(id, 50))
        return contact, sessions, tuple((str(row[0]), str(row[1]), str(row[2])) for row in refused)

    def keep(self) -> Kept:
        """This moment, to come back to."""
        player = self.player
        cast, machine = player.scene.cast, player.machine
        people = {name: (one.channel, set(one.begun)) for name, one in cast.people.items()}
        state = (machine.clock.at, cast.ids.count, people, len(machine.told.turns), len(machine.told.dead), player.last)
        outside = {name: list(several) for name, several in machine.stubs.replies.items()}
        return Kept(zlib.compress(machine.image(), 1), (*state, outside), self.look())

    def back(self, kept: Kept) -> None:
        """To that moment."""
        player = self.player
        scene, cast, machine = player.scene, player.scene.cast, player.machine
        machine.write_back(zlib.decompress(kept.image))
        machine.clock.at, cast.ids.count, people, turns, dead, player.last, outside = kept.state
        machine.stubs.replies = {name: list(several) for name, several in outside.items()}
        machine.stubs.strange.clear()
        for name, (channel, begun) in people.items():
            cast.people[name].channel, cast.people[name].begun = channel, set(begun)
        cast.phones.shown[:], cast.phones.fresh[:] = kept.look.said, ()
        del machine.told.turns[turns:], machine.told.dead[dead:]
        scene.actor = player.next = scene.her

    def cause(self, shown: Shown) -> tuple[str, str]:
        """The flow and the step that said a message; blanks for the bot's own words."""
        rows = self.player.machine.rows("SELECT cause FROM outbox WHERE external_id = ?", shown.id)
        flow, _, step = str(rows[0][0] if rows else "").partition(".")
        return flow, step

    def close(self) -> None:
        """Forget everything."""
        self.player.machine.close()


__all__ = ["Broken", "Kept", "Look", "Opening", "Room"]
