"""One chat: orders go to the real machine, and what comes of them is told."""

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from trinario import jsons
from trinario.authoring.load import LoadedBot
from trinario.authoring.near import mend
from trinario.authoring.outside_settings import outside_of
from trinario.jobs.reply import event as keep_event
from trinario.model.contact import Contact
from trinario.model.value import pack
from trinario.outside.http import HttpClient
from trinario.ports import Inward
from trinario.ports import Writes as Written
from trinario.testing.acquainted import acquainted
from trinario.testing.chat.orders import Asks, Order, Takes, TapsNumber, read_order
from trinario.testing.checking import channel_of
from trinario.testing.controlled import MovableClock
from trinario.testing.gestures import Gesture, door_of, gesture
from trinario.testing.people import HER, Cast
from trinario.testing.phone import Shown
from trinario.testing.scene import Broken, Scene
from trinario.testing.script import (
    Again,
    Answers,
    Decides,
    Elsewhere,
    Follows,
    Happens,
    Opens,
    Passes,
    Says,
    Sends,
    Stands,
    Starts,
    Stranger,
    Taps,
    TeamWrites,
    Thinks,
    Told,
    Turns,
    Types,
    Writes,
)
from trinario.testing.standing import Standing
from trinario.testing.worlds import Endless, Machine

BREATH = timedelta(seconds=10)
"""What passes on the clock after each thing done: bursts end, and a short `wait` between two messages is over."""

FAILED, REFUSED = 7, 8
"""Ranks of outbox rows that nobody got."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who chats: her name ("" is unknown), her language, and the phone in her hand."""

    channel: str
    name: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell besides messages. `kind`: note (how things go), fault (of a flow, or of ours), refused."""

    kind: str
    text: str


Heard = Shown | Remark | Asks
"""What a chat tells: a message on a phone, a remark, or a wish that the terminal fulfils."""


class Chat:
    """A person and a bot on the real machine. Raises Broken for a channel that the bot does not have."""

    def __init__(self, loaded: LoadedBot, who: Person, at: datetime) -> None:
        self.bot, self.clock = loaded.bot, MovableClock(at)
        cast = Cast(loaded.settings, self.clock)
        cast.phones.templates = loaded.bot.templates
        self._http = HttpClient(lambda: outside_of(loaded.parsed).hosts, local=_local())
        self.machine = Machine(loaded, self.clock, cast.phones, cast.echoes, self._http)
        her = cast.person(HER, "", who.name)
        self.scene = Scene(loaded.bot, self.machine, cast, her, her, her)
        her.channel = self._channel(who.channel)
        self._told = self._faults = 0
        self._lost: set[int] = set()
        if who.name or who.language:
            self._introduce(who)

    @property
    def channel(self) -> str:
        """The channel of the phone in her hand."""
        return self.scene.her.channel

    @property
    def standing(self) -> Standing:
        """How things stand in the database."""
        return Standing(self.machine, self.scene.cast, self.scene.her)

    async def begin(self, flow: str) -> list[Heard]:
        """Somebody begins a flow for her, who has just written."""
        contact = self._contact()
        now = self.clock.now()
        heard = replace(contact, last_heard={self.channel: now}, last_seen_at=now, channel=self.channel)
        self._write(heard)
        self.scene.her.begun.add(self.channel)
        return await self._outcome(Starts(0, flow, {}))

    async def hear(self, line: str) -> list[Heard]:
        """One typed line, and everything that came of it, in order. Never raises for what was typed."""
        try:
            order = read_order(line)
        except Broken as broken:
            return [Remark("fault", broken.reason)]
        if order is None or isinstance(order, Asks):
            return [] if order is None else [order]
        return await self._outcome(order)

    async def _outcome(self, order: Order) -> list[Heard]:
        """Do it, and collect what came of it."""
        found: list[Heard] = []
        try:
            remark = await self._do(order)
            found += [Remark("note", remark)] if remark else []
        except (Broken, Endless) as broken:
            found.append(Remark("fault", broken.reason if isinstance(broken, Broken) else str(broken)))
        shown = self.scene.cast.phones.shown
        found += [*shown[self._told :], *self._refusals(), *self._new_faults()]
        self._told = len(shown)
        return found or [Remark("note", self._silence())]

    def _silence(self) -> str:
        contact = self.standing.contact
        if contact is not None and contact.owner == "person":
            return "the bot says nothing: a person of the team has you"
        return "the bot says nothing"

    async def _do(self, order: Order) -> str:
        """Gives a remark on what was done, or ""."""
        match order:
            case Takes(channel=channel):
                self.scene.her.channel = self._channel(channel)
                return f"on {self.channel} now"
            case TapsNumber(number=number):
                await self._gesture(Taps(0, self._numbered(number)))
            case Follows():
                before = self.channel
                await self._gesture(order)
                return f"on {self.channel} now" if self.channel != before else ""
            case Writes() | Types() | Taps() | Opens() | Sends() | TeamWrites() | Told() | Elsewhere():
                await self._gesture(order)
            case Passes(span=span):
                assert span is not None, "a chat only knows spans"
                await self.machine.pass_until(self.clock.now() + span.elapsed)
                return f"it is {moment(self.clock.now())}"
            case Happens() | Starts():
                await self._outside(order)
            case Says() | Again() | Stands() | Stranger() | Turns() | Asks() | Answers() | Thinks() | Decides():
                raise AssertionError("a talk's own steps are no orders of a chat")
            case _:
                assert_never(order)
        return ""

    async def _gesture(self, act: Gesture) -> None:
        body = gesture(self.scene, act)
        await self.machine.hear(body, door_of(self.scene, act))
        await self._breathe()

    async def _breathe(self) -> None:
        """The machine comes to rest, then a breath passes; a longer burst is waited for."""
        await self.machine.work()
        await self.machine.pass_until(self.clock.now() + BREATH)
        session = self.standing.session
        if session is not None and session.live and session.wait and session.wait.burst_until:
            await self.machine.pass_until(session.wait.burst_until)

    def _numbered(self, number: int) -> str:
        """The title of an option of the newest message on this phone that has any."""
        shown = self.scene.cast.shown_to(self.scene.her, self.channel)
        newest = next((one for one in reversed(shown) if one.options), None)
        if newest is None:
            raise Broken(0, f"{self.channel} shows nothing to tap")
        if not 0 < number <= len(newest.options):
            raise Broken(0, f"there is no option {number}: the newest message has {len(newest.options)}")
        return newest.options[number - 1][1]

    async def _outside(self, order: Happens | Starts) -> None:
        contact, now = self._contact().id, self.clock.now()
        if isinstance(order, Happens):
            known = {trigger.value for flow in self.bot.flows.values() for trigger in flow.triggers
                     if trigger.kind == "event"} | set(self.bot.events)  # fmt: skip
            _named(order.name, known, "no flow knows the event")
            id = self.scene.cast.ids.next("")
            self.machine.store.run_now(lambda unit: keep_event(unit, contact, order.name, dict(order.data), id, now))
        else:
            _named(order.flow, self.bot.flows, "the bot has no flow")
            body = jsons.dumps({"flow": order.flow, "inputs": pack(dict(order.inputs))})
            wanted = Inward("", f"flow:{self.scene.cast.ids.next('')}", "flow", body, contact=contact)
            self.machine.store.run_now(lambda unit: unit.take_in([wanted], now))
        await self._breathe()

    # ---- who she is

    def _channel(self, name: str) -> str:
        found = channel_of(self.bot, name)
        if found is None:
            raise Broken(0, f'the bot has no channel "{name}": {mend(name, self.bot.channels)}')
        return found

    def _introduce(self, who: Person) -> None:
        first, _, last = who.name.partition(" ")
        contact = self._contact()
        self._write(replace(contact, first_name=first or None, last_name=last or None, language=who.language))

    def _contact(self) -> Contact:
        """Her contact, made on the channel in her hand when nothing was heard of her yet."""
        found = self.standing.contact
        if found is not None:
            return found
        return acquainted(self.machine, [self.scene.cast.identity(self.scene.her, self.channel)])

    def _write(self, contact: Contact) -> None:
        now = self.clock.now()
        self.machine.store.run_now(lambda unit: unit.write(Written(contacts={contact.id: contact}), now))

    # ---- what went wrong

    def _refusals(self) -> list[Remark]:
        """Messages that did not go, each once: refused by policy, or not taken by the platform."""
        sql = "SELECT id, channel, status, refusal, detail FROM outbox WHERE status IN (?, ?) ORDER BY id"
        rows = [row for row in self.machine.rows(sql, FAILED, REFUSED) if row[0] not in self._lost]
        self._lost.update(row[0] for row in rows)
        return [Remark("refused", _refused(*row[1:])) for row in rows]

    def _new_faults(self) -> list[Remark]:
        faults = self.machine.faults()
        fresh, self._faults = faults[self._faults :], len(faults)
        return [Remark("fault", fault) for fault in fresh]

    async def leave(self) -> None:
        """Give the connections to services back."""
        await self._http.close()

    def close(self) -> None:
        """Forget everything."""
        self.machine.close()


def _local() -> bool:
    """Whether flows may call this very machine, as for a bot that runs."""
    return os.environ.get("TRINARIO_HTTP_LOCAL", "").lower() in ("true", "1", "yes", "on")


def _refused(channel: str, status: int, refusal: str | None, detail: str | None) -> str:
    what = "was not sent" if status == REFUSED else "did not arrive"
    return f"a message to {channel} {what}: {detail or refusal or 'nobody says why'}"


def _named(name: str, known: Collection[str], what: str) -> None:
    if name not in known:
        raise Broken(0, f'{what} "{name}": {mend(name, sorted(known)) or "there is none"}')


def moment(at: datetime) -> str:
    """A moment as a chat tells it."""
    return f"{at:%a %Y-%m-%d %H:%M:%S} UTC"


def now() -> datetime:
    """The clock on the wall, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
