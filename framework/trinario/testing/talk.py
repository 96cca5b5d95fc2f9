"""Plays a talk: does what it says, and holds what the bot says against what is listed."""

import time
from dataclasses import dataclass, replace
from datetime import UTC
from typing import assert_never

from trinario import jsons
from trinario.authoring.load import LoadedBot
from trinario.jobs.reply import event as keep_event
from trinario.jobs.reply import reply
from trinario.jobs.tickets import assign, close, give_back
from trinario.model.contact import Contact
from trinario.model.value import pack
from trinario.ports import Inward
from trinario.ports import Writes as Written
from trinario.testing.acquainted import acquainted
from trinario.testing.controlled import MovableClock
from trinario.testing.gestures import door_of, gesture
from trinario.testing.listening import listen, nothing_unlisted
from trinario.testing.people import HER, Cast
from trinario.testing.scene import Broken, Row, Scene
from trinario.testing.script import (
    Act,
    Again,
    Answers,
    Decides,
    Elsewhere,
    Follows,
    Happens,
    Known,
    Opens,
    Passes,
    Says,
    Sends,
    Stands,
    Starts,
    Stranger,
    Talk,
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


@dataclass(frozen=True, slots=True)
class Played:
    """How a talk went. `failure` is "" when it went as written; `line` is where in the file it did not.

    `turns` are (flow, (step, exit) pairs, her language then) for the coverage.
    """

    talk: Talk
    rows: tuple[Row, ...]
    failure: str
    line: int
    seconds: float
    turns: tuple[tuple[str, tuple[tuple[str, str], ...], str], ...]

    @property
    def passed(self) -> bool:
        """Whether it went as written."""
        return not self.failure


async def play(talk: Talk, loaded: LoadedBot) -> Played:
    """Play one talk from its beginning. Never raises for what the bot does."""
    begun = time.perf_counter()
    player = Player(talk, loaded)
    failure, line = "", 0
    try:
        await player.play()
    except Broken as broken:
        failure, line = broken.reason, broken.line
    except Endless as fault:
        failure, line = str(fault), player.line
    except Exception as fault:  # a fault of ours must not end the other talks
        failure, line = f"a fault of trinario itself: {type(fault).__name__}: {fault}", player.line
    machine = player.scene.machine
    tongues = [*player.tongues, *([""] * len(machine.told.turns))]
    turns = tuple((turn.flow, turn.path, tongue) for turn, tongue in zip(machine.told.turns, tongues, strict=False))
    machine.close()
    return Played(talk, tuple(player.scene.rows), failure, line, time.perf_counter() - begun, turns)


def _scene(talk: Talk, loaded: LoadedBot) -> Scene:
    clock = MovableClock(talk.at.astimezone(UTC))
    cast = Cast(loaded.settings, clock)
    cast.phones.templates = loaded.bot.templates
    machine = Machine(loaded, clock, cast.phones, cast.echoes)
    known = talk.contact
    profile = " ".join(filter(None, (known.first_name, known.last_name))) if known else ""
    her = cast.person(HER, "", profile)
    scene = Scene(loaded.bot, machine, cast, her, her, her)
    her.channel = scene.channel(talk.channel)
    return scene


class Player:
    """Goes through a talk. `line` is where in its file it is, `last` the last webhook, `faults` how many were told."""

    def __init__(self, talk: Talk, loaded: LoadedBot) -> None:
        self.talk, self.scene = talk, _scene(talk, loaded)
        self.machine = self.scene.machine
        self.next = self.scene.her
        self.last: tuple[bytes, str] | None = None
        self.line = self.faults = 0
        self.tongues: list[str] = []

    async def play(self) -> None:
        """Every step; at the end nothing may be left unlisted."""
        self.introduce()
        await self.machine.work()  # what she is known by may set timers: moments that lie ahead of her
        block: list[Says] = []
        for act in self.talk.acts:
            if isinstance(act, Says):
                block.append(act)
                continue
            await self._step(block, act)
            block = []
        self._listen(block)
        nothing_unlisted(self.scene, self.line)

    async def _step(self, block: list[Says], act: Act) -> None:
        self._listen(block)
        nothing_unlisted(self.scene, act.line)
        self.line = act.line
        await self.do(act)
        self._listen_for_tongues()
        self._no_fault(act.line)

    def _listen_for_tongues(self) -> None:
        """In which language each turn was spoken since the last look: that of the contact whom it was with."""
        fresh = self.machine.told.turns[len(self.tongues) :]
        if fresh:
            spoken = dict(self.machine.rows("SELECT id, language FROM contacts"))
            self.tongues.extend(spoken.get(turn.contact) or "" for turn in fresh)

    def _listen(self, block: list[Says]) -> None:
        if block:
            self.line = block[-1].line
            listen(self.scene, block)

    def _no_fault(self, line: int) -> None:
        """What operators are told of stands in the report; a row that died, or was refused, by a fault of ours fails the talk."""
        faults = self.machine.faults()
        self.scene.rows.extend(Row("note", "operator", "", fault) for fault in faults[self.faults :])
        self.faults = len(faults)
        if self.machine.stubs.strange:
            raise Broken(line, self.machine.stubs.strange[0])
        if refused := self.scene.cast.phones.refused:
            raise Broken(line, f"a fault of trinario itself: no platform takes this: {refused[0]}")
        if self.machine.told.dead:
            raise Broken(line, f"a fault of trinario itself: {self.machine.told.dead[0]}")

    # ---- before it begins

    def introduce(self) -> None:
        """What the talk says that the bot knows of her before it begins."""
        if self.talk.contact is not None:
            self._introduce(self.talk.contact)

    def _introduce(self, known: Known) -> None:
        """The bot knows her from before: on the channels that are named, and by what is named."""
        scene, now = self.scene, self.machine.clock.now()
        elsewhere = [scene.channel(name) for name in known.channels]
        contact = self._contact_on(list(dict.fromkeys([scene.her.channel, *elsewhere])))
        changed = replace(
            contact, first_name=known.first_name, last_name=known.last_name, language=known.language,
            timezone=known.timezone, fields=known.fields, tags=known.tags,
        )  # fmt: skip
        if elsewhere:
            heard = dict.fromkeys(elsewhere, now)
            changed = replace(changed, last_heard=heard, last_seen_at=now, channel=elsewhere[0])
            scene.her.begun.update(elsewhere)
        self.machine.store.run_now(lambda unit: unit.write(Written(contacts={contact.id: changed}), now))

    def _contact_on(self, channels: list[str]) -> Contact:
        """The actor's contact, made with an identity for each of the channels if there is none."""
        identities = [self.scene.cast.identity(self.scene.actor, channel) for channel in channels]
        return acquainted(self.machine, identities)

    # ---- what is done

    async def do(self, act: Act) -> None:
        """One thing that somebody does. Raises Broken for what cannot be done, Endless when the machine answers itself."""
        if isinstance(act, Stranger):
            self._call(act)
            return
        if isinstance(act, Passes):
            self.scene.actor = self.scene.her
        elif not isinstance(act, Stands | Again | Says | Answers | Thinks):
            self.scene.actor, self.next = self.next, self.scene.her
        match act:
            case TeamWrites(via="desk"):
                await self._desk(act)
            case Writes() | Taps() | Follows() | Opens() | Sends() | TeamWrites() | Told() | Elsewhere() | Types():
                body = gesture(self.scene, act)
                await self._hear(body, door_of(self.scene, act))
            case Decides():
                await self._decide(act)
            case Again():
                await self._again(act)
            case Passes():
                await self._pass(act)
            case Happens() | Starts():
                await self._outside(act)
            case Turns(channel=channel):
                self.scene.actor.channel = self.scene.channel(channel)
            case Answers(replies=replies):
                self.machine.stubs.answer(replies)
            case Thinks(replies=replies):
                self.machine.stubs.think(replies)
            case Stands():
                self._look(act)
            case Says():
                raise AssertionError("what is said is listened to in blocks")
            case _:
                assert_never(act)

    def _call(self, act: Stranger) -> None:
        """Somebody else does the next step."""
        scene = self.scene
        channel = scene.channel(act.channel) if act.channel else scene.her.channel
        scene.stranger = self.next = scene.cast.person(act.name or "stranger", channel, act.name)
        if act.channel:
            scene.stranger.channel = channel

    async def _hear(self, body: bytes, channel: str) -> None:
        self.last = body, channel
        await self.machine.hear(body, channel)
        await self.machine.work()

    async def _again(self, act: Again) -> None:
        if self.last is None:
            raise Broken(act.line, "there was no webhook yet that could come again")
        self.scene.happened("platform", "the same webhook once more")
        await self._hear(*self.last)

    async def _pass(self, act: Passes) -> None:
        now = self.machine.clock.now()
        until = act.until.astimezone(UTC) if act.until else now + act.span.elapsed if act.span else now
        if until < now:
            raise Broken(act.line, f"time does not go back: it is {now:%Y-%m-%d %H:%M:%S} UTC already")
        self.scene.happened("clock", f"{until - now} later: {until:%Y-%m-%d %H:%M:%S} UTC")
        await self.machine.pass_until(until)

    async def _outside(self, act: Happens | Starts) -> None:
        now = self.machine.clock.now()
        contact = self._contact_on([self.scene.actor.channel]).id
        if isinstance(act, Happens):
            data = dict(act.data)
            self.scene.happened("outside", f"event {act.name} {jsons.dumps(pack(data)) if data else ''}".strip())
            self.machine.store.run_now(lambda unit: keep_event(unit, contact, act.name, data, act.id, now))
        else:
            self.scene.happened("outside", f"start {act.flow}")
            body = jsons.dumps({"flow": act.flow, "inputs": pack(dict(act.inputs))})
            wanted = Inward("", f"flow:line-{act.line}", "flow", body, contact=contact)
            self.machine.store.run_now(lambda unit: unit.take_in([wanted], now))
        await self.machine.work()

    async def _desk(self, act: TeamWrites) -> None:
        """A reply from the desk. It is the team's message, not the bot's: nobody has to list it."""
        machine, scene, now = self.machine, self.scene, self.machine.clock.now()
        contact = self._contact_on([scene.her.channel]).id
        scene.happened("team", act.text, "desk")
        id = f"desk{act.line}"
        replied = machine.store.run_now(lambda unit: reply(unit, machine.world, contact, act.text, None, id, now))
        if replied is not None and replied.refusal:
            raise Broken(act.line, f"the reply of the team did not go: {replied.refusal}")
        await machine.work()
        scene.listed += len(scene.unlisted)

    async def _decide(self, act: Decides) -> None:
        """What somebody of the team decides at the desk: about her newest ticket, or about who has her."""
        machine, now, by = self.machine, self.machine.clock.now(), act.by or "team"
        contact = self._contact_on([self.scene.her.channel]).id
        self.scene.happened("team", f"{act.what} {act.by}".strip(), "desk")
        if act.what in ("close", "take"):
            open_ = machine.store.run_now(lambda unit: unit.tickets.of(contact))
            if not open_:
                raise Broken(act.line, "she has no ticket that is open")
            id, who = open_[-1].id, by if act.what == "take" else ""
            machine.store.run_now(lambda unit: assign(unit, id, who, by, now) if who else close(unit, id, by, now))
        elif act.what == "bot":
            row = give_back(f"talk:{act.line}:{now.timestamp()}", contact, by)
            machine.store.run_now(lambda unit: unit.take_in([row], now))
        else:
            row = Inward("", f"talk:{act.line}:{now.timestamp()}", "taken", jsons.dumps({"by": by}), contact=contact)
            machine.store.run_now(lambda unit: unit.take_in([row], now))
        await machine.work()

    def _look(self, act: Stands) -> None:
        differences = Standing(self.machine, self.scene.cast, self.scene.her).differences(act.wanted)
        if differences:
            line = act.lines.get(differences[0][0], act.line)
            raise Broken(line, "\n".join(text for _, text in differences))
