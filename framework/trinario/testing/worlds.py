"""The real machine with a movable clock, counting ids and SQLite in memory: nothing sleeps, nothing is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from trinario import jsons
from trinario.authoring.load import LoadedBot
from trinario.authoring.outside_settings import outside_of
from trinario.channels.http.transport import Transport
from trinario.engine.due import KINDS
from trinario.engine.index import index_of
from trinario.jobs.call import adopt, make
from trinario.jobs.call import outcome as called_outcome
from trinario.jobs.call import settle as settle_calls
from trinario.jobs.deliver import claim, outcome, post, settle
from trinario.jobs.drips import bring_steps, reckon_steps
from trinario.jobs.flood import Counter
from trinario.jobs.intake import Intake
from trinario.jobs.launch import launch, next_slot, tick
from trinario.jobs.link import link
from trinario.jobs.passing import moving, pass_by
from trinario.jobs.receive import receive
from trinario.jobs.received import Received, TurnLine
from trinario.jobs.reckon import reckon
from trinario.jobs.reconcile import decide
from trinario.jobs.statuses import watched
from trinario.jobs.wake import ring_timers, wake
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.ports import Adapter, CallSettled, Http, Inlet
from trinario.runtime import build
from trinario.runtime.chance import SecretChance
from trinario.store.moments import moment, ms
from trinario.store.sqlite import MemoryStore
from trinario.testing.controlled import MovableClock
from trinario.testing.images import blank, driver_of, image_of
from trinario.testing.stubs import Stubs

PACE = Decimal(10**6)
"""Messages a second in a talk: its clock stands still, and pace is not what a talk is about."""

RUN = 1
"""The claim id of the talk's sender."""

MOST_ROUNDS = 10_000
"""Rounds of work that one thing done may cause; more means that the machine answers itself for ever."""


_DUE = """
SELECT MIN(at) FROM (
    SELECT MIN(wake_at) AS at FROM sessions WHERE wake_at > ? AND status IN ('waiting', 'aside')
    UNION ALL SELECT MIN(due_at) FROM timers WHERE due_at > ?
    UNION ALL SELECT MIN(due_at) FROM occurrences WHERE due_at > ? AND state = 0
    UNION ALL SELECT MIN(not_before) FROM outbox WHERE not_before > ? AND status IN (0, 2)
    UNION ALL SELECT MIN(not_before) FROM inbox WHERE not_before > ? AND status = 0
    UNION ALL SELECT MIN(not_before) FROM calls WHERE not_before > ? AND status = 0
    UNION ALL SELECT MIN(due_at) FROM enrolments WHERE due_at > ? AND state = 'live' AND out = 0
)
"""


_OWED = {
    "timers": "SELECT EXISTS (SELECT 1 FROM timers WHERE due_at <= ?)",
    "sessions": "SELECT EXISTS (SELECT 1 FROM sessions WHERE wake_at <= ?)",
    "unknown": "SELECT EXISTS (SELECT 1 FROM outbox WHERE status = 2 AND not_before <= ?)",
    "inbox": "SELECT EXISTS (SELECT 1 FROM inbox WHERE status = 0 AND not_before <= ?)",
    "outbox": "SELECT EXISTS (SELECT 1 FROM outbox WHERE status = 0 AND not_before <= ?)",
    "calls": "SELECT EXISTS (SELECT 1 FROM calls WHERE status IN (0, 1) AND ? > 0)",
}
"""Whether there is anything for a job to do: most rounds have nothing for most of them."""


class Endless(Exception):
    """The machine does not come to rest."""


@dataclass(slots=True)
class Told:
    """What the machine did, for the report: turns, rows that failed by a fault of ours."""

    turns: list[TurnLine] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)


class Machine:
    """A bot on the real jobs. `transport` is what its adapters send to, `echoes` the webhooks (channel, body) that sending causes.

    `http` makes the requests of its flows; without it `stubs` answer.
    """

    def __init__(
        self, loaded: LoadedBot, clock: MovableClock, transport: Transport, echoes: Callable[[], list[tuple[str, bytes]]],
        http: Http | None = None,
    ) -> None:  # fmt: skip
        self.bot: Bot = loaded.bot
        self.settings = tuple(replace(channel, values={**channel.values, "pace": PACE}) for channel in loaded.settings)
        self.clock, self._echoes = clock, echoes
        self.store = MemoryStore()
        self._load(blank())
        self._held = self.store.engine.raw_connection()  # the one there is: nobody else asks between two works
        self._sqlite: Any = self._held.dbapi_connection
        graph = build.Graph("https://graph.example", "https://instagram.example", "v25.0")
        self.adapters: Mapping[str, Adapter] = build.adapters(self.settings, graph, transport)
        doors = build.inlets(self.settings)
        self.inlets: Mapping[str, Inlet] = {one.id: doors[build.path_of(one)] for one in self.settings}
        self.outside = outside_of(loaded.parsed)
        self.stubs = Stubs(self.outside)
        self._out: list[tuple[datetime, CallSettled]] = []
        self.world = World(
            bot=lambda: self.bot, adapters=self.adapters, random=SecretChance(b"a talk's own secret, known to all"),
            read_marks=frozenset(self.adapters), outside=build.outside(self.outside, http or self.stubs),
        )  # fmt: skip
        self.told = Told()
        self._intake = Intake(
            self.store, self.clock, lambda: None, lambda: watched(self.bot), follows=lambda: index_of(self.bot).plans
        )

    async def hear(self, webhook: bytes, channel: str = "") -> None:
        """One webhook at the door of a channel (of the first one): decoded and kept as the door does it."""
        inlet = self.inlets[channel or next(iter(self.inlets))]
        await self._intake.keep(inlet.decode(webhook))

    async def work(self) -> None:
        """Do all that can be done now: what is due, what came in, what is to be sent."""
        now = self.clock.now()
        for _ in range(MOST_ROUNDS):
            self._look_at_clocks(now)
            if self._owes("timers", now):
                self.store.run_now(lambda unit: ring_timers(unit, now))
            owed = self._owes("sessions", now)
            lines = self.store.run_now(lambda unit: wake(unit, self.world, now)).lines if owed else []
            self.told.turns.extend(lines)
            if self._owes("unknown", now):
                self.store.run_now(lambda unit: decide(unit, self.world, now))
            dripped = self._drip(now)
            took, sent = await self._take_in(), await self._send()
            called = await self._call()
            echoes = self._echoes()
            for channel, body in echoes:
                await self.hear(body, channel)
            if not (lines or took or sent or echoes or called or dripped):
                return
        raise Endless("the machine does not come to rest: it answers itself")

    def _drip(self, now: datetime) -> bool:
        """Steps of sequences that have come; gives whether there were any."""
        if not self.bot.sequences:
            return False
        reckoned = self.store.run_now(lambda unit: reckon_steps(unit, self.world, now))
        return bool(self.store.run_now(lambda unit: bring_steps(unit, self.world, now)) or reckoned)

    def _owes(self, job: str, now: datetime) -> bool:
        return bool(self._sqlite.execute(_OWED[job], (ms(now),)).fetchone()[0])

    def _look_at_clocks(self, now: datetime) -> None:
        """Time tables whose slot has come, triggers that are new, timers that are due."""
        if any(index_of(self.bot).by_kind.get(kind) for kind in KINDS):
            self.store.run_now(lambda unit: tick(unit, self.world, now))
            for job in (launch, reckon):
                while self.store.run_now(lambda unit, job=job: job(unit, self.world, now)):  # type: ignore[misc]
                    pass
        if moving(self.bot):
            while self.store.run_now(lambda unit: pass_by(unit, self.world, now)):
                pass

    async def pass_until(self, at: datetime) -> None:
        """Let time pass, stopping wherever something is due."""
        while (due := self.next_due()) is not None and due <= at:
            self.clock.move(due)
            await self.work()
        self.clock.move(at)
        await self.work()

    async def _take_in(self) -> bool:
        """One batch of the inbox, and the linkings in it; gives whether there was anything."""
        now = self.clock.now()
        if not self._owes("inbox", now):
            return False
        received: Received = self.store.run_now(lambda unit: receive(unit, self.world, now))
        self.told.turns.extend(received.turns)
        self.told.dead.extend(reason for _, reason in received.dead)
        for identity, message_id in received.seen:
            await self.adapters[identity.channel].attend(identity, message_id, True)
        for entry in received.links:
            linked = self.store.run_now(lambda unit, e=entry: link(unit, self.world, e, now))  # type: ignore[misc]
            self.told.turns.extend(linked or ())
        return True

    async def _send(self) -> bool:
        """Everything that may go now; gives whether there was anything."""
        now, results = self.clock.now(), []
        if not self._owes("outbox", now):
            return False
        rows = self.store.run_now(lambda unit: claim(unit, self.world, dict.fromkeys(self.adapters, 500), RUN, now))
        for row in rows:
            result = await post(self.world, row, now)
            results.append((row, result, outcome(row, result, now, self.world.tuning, lambda: 0.5)))
        if results:
            self.store.run_now(lambda unit: settle(unit, results, now, RUN, watched(self.bot)))
        return bool(rows)

    async def _call(self) -> bool:
        """Every call to the outside that may be made now, and the answers that are there; whether there was any."""
        now = self.clock.now()
        if not self._out and not self._owes("calls", now):
            return False
        self.store.run_now(lambda unit: adopt(unit, RUN, now))
        calls = self.store.run_now(lambda unit: unit.calls.claim(500, RUN, now))
        for call in calls:
            result = await make(self.world.outside, call)
            at = now + self.stubs.taken()
            self._out.append((at, called_outcome(call, result, at, lambda: 1.0)))
        back = [settled for at, settled in self._out if at <= now]
        self._out = [(at, settled) for at, settled in self._out if at > now]
        if back:
            self.store.run_now(lambda unit: settle_calls(unit, back, now, RUN))
        return bool(calls or back)

    def next_due(self) -> datetime | None:
        """The next moment after now at which the clock owes something."""
        now = ms(self.clock.now())
        found = self.rows(_DUE, *(now,) * _DUE.count("?"))[0][0]
        due = [] if found is None else [moment(found)]
        due += [at for at, _ in self._out]
        slot = next_slot(self.bot, self.clock.now())
        return min((*due, slot) if slot else due, default=None)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database answers; nothing else is at work in it."""
        found: list[tuple[Any, ...]] = self._sqlite.execute(sql, values).fetchall()
        return found

    def faults(self) -> list[str]:
        """What operators were told: faults in flows, rows that failed by a fault of ours."""
        rows = self.rows("SELECT data FROM events WHERE name = 'fault' ORDER BY id")
        told = [jsons.loads(row[0]) for row in rows]
        return [f"{one['flow']}.{one['step']}: {one['reason']}" for one in told] + self.told.dead

    def image(self) -> bytes:
        """The database as it is now, for `write_back`."""
        return image_of(self.store)

    def write_back(self, image: bytes) -> None:
        """Make the database what it was when `image` was taken. How people wrote lately is not in it: that begins anew."""
        self._load(image)
        self.world = replace(self.world, counter=Counter())

    def _load(self, image: bytes) -> None:
        with self.store.engine.connect() as conn:
            driver_of(conn).deserialize(image)

    def close(self) -> None:
        """Forget everything."""
        self.store.engine.dispose()
