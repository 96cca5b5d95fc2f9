"""The real machine between two people's phones and ours: quick to reset, and able to die between two commits."""

import asyncio
import json
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.soak.moments import Identity, Moment, Screens
from trinario.authoring.load import LoadedBot
from trinario.jobs.deliver import claim, post
from trinario.jobs.joining import Joined, by_team
from trinario.jobs.parting import Parted, undo
from trinario.jobs.reconcile import adopt_orphans
from trinario.jobs.reply import Replied, reply
from trinario.jobs.wake import wake
from trinario.model.session import Session
from trinario.model.session_json import session_from_json
from trinario.store.tables import METADATA
from trinario.testing import webhooks
from trinario.testing.controlled import MovableClock
from trinario.testing.people import Cast, Person
from trinario.testing.phone import Shown
from trinario.testing.run import load
from trinario.testing.worlds import Machine

NOON = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
CHANNELS = ("whatsapp", "messenger", "instagram")
PEOPLE = ("ana", "bob")
HOSTS = {"wa.me": "whatsapp", "m.me": "messenger", "ig.me": "instagram"}
SECOND_RUN = 2


@dataclass(frozen=True, slots=True)
class Row:
    """What the outbox knows of a message on a phone."""

    key: str
    purpose: str
    human: bool
    cause: str
    session: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the rules speak of, as it stands in the database. `sessions` are JSON, by id, with whose they are;
    `decided` numbers the newest message that was decided upon."""

    holders: dict[Identity, int]
    contacts: dict[int, tuple[Any, ...]]
    sessions: dict[str, tuple[int, str]]
    merges: dict[int, tuple[int, int, str, bool]]
    decided: int = 0

    def of(self, contact: int) -> dict[str, Session]:
        """The sessions of a contact."""
        return {
            id: session_from_json(json.loads(state)) for id, (whose, state) in self.sessions.items() if whose == contact
        }

    def whole(self, contact: int) -> int:
        """Who has everything of a contact now."""
        into: int | None = self.contacts[contact][-1] if contact in self.contacts else None
        return contact if into is None else self.whole(into)

    def consent(self, contact: int) -> bool | None:
        """Her word on marketing."""
        found: bool | None = json.loads(self.contacts[contact][1]).get("marketing")
        return found

    def owner(self, contact: int) -> str:
        """bot or person."""
        return str(self.contacts[contact][3])

    def people_have(self, contact: int, now: int) -> bool:
        """Whether people have her, and will at that time (milliseconds) still; who was joined to somebody nobody has."""
        owner, until, into = self.contacts[contact][3], self.contacts[contact][4], self.contacts[contact][-1]
        return owner == "person" and into is None and (until is None or until > now)


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link between channels that stands on a phone; `session` offered it."""

    target: str
    ref: str
    text: str
    session: str
    at: datetime


@cache
def loaded() -> LoadedBot:
    """The bot of the four flows."""
    return load(Path(__file__).parent / "project" / "bots" / "pair")


@dataclass
class Rig:
    """Two people with three phones each, and the machine. `late` holds echoes back until they are let go."""

    bot: LoadedBot = field(default_factory=loaded)
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    late: bool = False
    held: list[tuple[str, bytes]] = field(default_factory=list)
    lost: dict[str, Row] = field(default_factory=dict)
    told: list[tuple[str, bytes]] = field(default_factory=list)
    replies: int = 0

    def __post_init__(self) -> None:
        self.clock = MovableClock(NOON)
        self.cast = Cast(self.bot.settings, self.clock)
        self.screens = Screens(self.cast.phones, self.moment)
        self.machine = Machine(self.bot, self.clock, self.screens, self._echoes)
        self.blank = self.machine.image()
        self.people = {name: self.cast.person(name, "messenger") for name in PEOPLE}
        self.person_of = {identity: name for name in PEOPLE for identity in self.identities(name)}

    def reset(self) -> None:
        """As if nothing had ever happened."""
        self.machine.write_back(self.blank)
        self.clock.at, self.cast.ids.count, self.replies, self.late = NOON, 0, 0, False
        phones, told = self.cast.phones, self.machine.told
        for one in (
            phones.shown,
            phones.fresh,
            phones.seen,
            phones.refused,
            told.turns,
            told.dead,
            self.held,
            self.told,
        ):
            one.clear()
        self.lost.clear()
        self.screens.then.clear()
        for person in self.people.values():
            person.begun.clear()

    def close(self) -> None:
        """Forget everything."""
        self.machine.close()
        self.runner.close()

    def _echoes(self) -> list[tuple[str, bytes]]:
        told = self.cast.echoes()
        if not self.late:
            return told
        self.held += told
        return []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Have it done to its end."""
        return self.runner.get_loop().run_until_complete(work)

    # ---- who and where

    def identity(self, name: str, channel: str) -> Identity:
        """How a channel names a person."""
        return channel, self.people[name].ids[channel]

    def identities(self, name: str) -> list[Identity]:
        """Every name that channels have for a person."""
        return [self.identity(name, channel) for channel in CHANNELS]

    @property
    def shown(self) -> list[Shown]:
        """Everything on all phones, oldest first."""
        return self.cast.phones.shown

    def shown_to(self, identity: Identity) -> list[Shown]:
        """What is on one phone."""
        return [one for one in self.shown if self.identity(one.person, one.channel) == identity]

    def links(self) -> list[LinkShown]:
        """Every link between channels that is on a phone, oldest first."""
        return [link for one in self.shown for link in self._links_in(one)]

    def _links_in(self, shown: Shown) -> list[LinkShown]:
        found = []
        for address in shown.addresses:
            parts = urlsplit(address)
            query = parse_qs(parts.query)
            ref, text = (query.get("ref") or [""])[0], (query.get("text") or [""])[0]
            if (parts.hostname or "") in HOSTS and (ref or text):
                row = self.rows_of([shown]).get(shown.id)
                found.append(LinkShown(HOSTS[parts.hostname or ""], ref, text, row.session if row else "", shown.at))
        return found

    # ---- webhooks

    def writes(self, name: str, channel: str, text: str, quotes: str = "") -> bytes:
        """She writes a text, as a reply to a message perhaps."""
        line, id = self._line(name, channel)
        return webhooks.writes(line, id, self.clock.now(), text, quotes)

    def taps(self, shown: Shown, payload: str, title: str) -> bytes:
        """She taps an option of a message."""
        line, id = self._line(shown.person, shown.channel)
        return webhooks.taps(line, id, self.clock.now(), shown, payload, title)

    def follows(self, name: str, link: LinkShown, forwarded: bool) -> bytes:
        """A person follows a link, on the phone of hers that it leads to. Only WhatsApp tells that it was passed on."""
        first = link.target not in self.people[name].begun
        line, id = self._line(name, link.target)
        if link.target != "whatsapp":
            return webhooks.opens(line, id, self.clock.now(), link.ref, first)
        passed = {"context": {"forwarded": True}} if forwarded else {}
        return webhooks.whatsapp_message(
            line, id, self.clock.now(), {**passed, "type": "text", "text": {"body": link.text}}
        )

    def team_writes(self, name: str, channel: str, text: str) -> bytes:
        """A person of the team writes in Meta's own app."""
        line, id = self._line(name, channel)
        return webhooks.team(line, id, self.clock.now(), text)

    def fate(self, shown: Shown, status: str) -> bytes | None:
        """What became of a message; None where that platform does not tell it."""
        line = self.cast.line(self.people[shown.person], shown.channel)
        return webhooks.fate(line, self.clock.now(), shown, status, 131026)

    def _line(self, name: str, channel: str) -> tuple[webhooks.Line, str]:
        person: Person = self.people[name]
        person.begun.add(channel)
        return self.cast.line(person, channel), self.cast.ids.next(channel)

    def deliver(self, bodies: Sequence[tuple[str, bytes]], once: bool = False) -> None:
        """Webhooks (channel, body) that arrive together, and all the work that they make. `once`: they never come again."""

        async def hear() -> None:
            await asyncio.gather(*(self.machine.hear(body, channel) for channel, body in bodies))
            await self.machine.work()

        self.told += () if once else bodies
        self.clock.move(self.clock.now() + timedelta(milliseconds=1))  # as it does: platforms tell seconds, we see more
        self.run(hear())

    def let_go(self, backwards: bool) -> None:
        """The echoes that were held back come, in either order."""
        held, self.held, self.late = self.held, [], False
        self.deliver(held[::-1] if backwards else held)

    # ---- time, the team, death

    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.run(self.machine.pass_until(self.clock.now() + timedelta(minutes=minutes)))

    def reply(self, contact: int, text: str) -> Replied | None:
        """The team answers from its own screen."""
        self.replies += 1
        id, now = f"soak{self.replies}", self.clock.now()
        done = self.machine.store.run_now(lambda unit: reply(unit, self.machine.world, contact, text, None, id, now))
        self.run(self.machine.work())
        return done

    def merge(self, keep: int, take: int) -> bool:
        """The team joins two contacts, in a moment of its own."""
        now = self.in_a_moment()
        done = self.machine.store.run_now(lambda unit: by_team(unit, self.machine.bot, keep, take, "x", "same", now))
        self.run(self.machine.work())
        return isinstance(done, Joined)

    def unmerge(self, merge: int) -> bool:
        """The team parts them again, in a moment of its own."""
        now = self.in_a_moment()
        done = self.machine.store.run_now(lambda unit: undo(unit, merge, "team", "not she", now))
        self.run(self.machine.work())
        return isinstance(done, Parted)

    def in_a_moment(self) -> datetime:
        """The clock a moment later."""
        self.clock.move(self.clock.now() + timedelta(milliseconds=1))
        return self.clock.now()

    def die(self, bodies: Sequence[tuple[str, bytes]], posted: bool, minutes: int = 0) -> None:
        """After so long the process takes these in, wakes whom it has to, claims what is to be said, says it (`posted`) or
        not, and is killed; another begins."""

        async def last() -> None:
            self.clock.move(self.clock.now() + timedelta(minutes=minutes))
            for channel, body in bodies:
                await self.machine.hear(body, channel)
            await self.machine._take_in()
            now = self.clock.now()
            self.machine.store.run_now(lambda unit: wake(unit, self.machine.world, now))
            rows = self.machine.store.run_now(
                lambda unit: claim(unit, self.machine.world, dict.fromkeys(self.machine.adapters, 500), 1, now)
            )
            for row in rows if posted else ():
                before = len(self.shown)
                await post(self.machine.world, row, now)
                entry = row.entry
                known = Row(entry.key, entry.purpose, entry.human, "", row.session or "", entry.id)
                self.lost |= {one.id: known for one in self.shown[before:]}
            self.machine.store.run_now(lambda unit: adopt_orphans(unit, self.machine.world, SECOND_RUN, now))
            await self.machine.work()

        self.told += bodies
        self.run(last())

    # ---- what stands in the database

    def rows_of(self, shown: Sequence[Shown]) -> dict[str, Row]:
        """The outbox rows of messages, by the platform's id."""
        ids = [one.id for one in shown if one.id not in self.lost]
        marks = ", ".join("?" for _ in ids)
        sql = f"SELECT external_id, key, purpose, human, cause, session, id FROM outbox WHERE external_id IN ({marks})"
        rows = self.machine.rows(sql, *ids) if ids else []
        found = {
            id: Row(key, purpose, bool(human), cause, session or "", number)
            for id, key, purpose, human, cause, session, number in rows
        }
        return {**found, **{one.id: self.lost[one.id] for one in shown if one.id in self.lost}}

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row as it stands, by its table; but fates of messages that nobody knows yet, which may be kept twice."""
        names = (table.name for table in METADATA.sorted_tables if table.name != "receipts")
        return {name: self.machine.rows(f"SELECT * FROM {name} ORDER BY rowid") for name in names}

    def moment(self) -> Moment:
        """Who is whom now, and whose the sessions are."""
        rows = self.machine.rows
        return Moment(
            {(channel, value): id for channel, value, id in rows("SELECT channel, value, contact_id FROM identities")},
            dict(rows("SELECT id, contact_id FROM sessions")),
        )

    def picture(self) -> Picture:
        """How things stand now."""
        rows = self.machine.rows
        return Picture(
            {(channel, value): id for channel, value, id in rows("SELECT channel, value, contact_id FROM identities")},
            {row[0]: row[1:] for row in rows(
                "SELECT id, fields, consent, tags, owner, owner_until, pending_link, merged_into FROM contacts")},
            {id: (whose, state) for id, whose, state in rows("SELECT id, contact_id, state FROM sessions")},
            {id: (kept, taken, by, undone is not None) for id, kept, taken, by, undone in rows(
                'SELECT id, kept, taken, "by", undone_at FROM merges')},
            rows("SELECT COALESCE(MAX(id), 0) FROM outbox")[0][0],
        )  # fmt: skip
