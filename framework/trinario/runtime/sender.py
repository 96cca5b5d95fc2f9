"""The sender: rows claimed, posted side by side, settled in batches with the next claim."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence

from trinario.jobs.account import Scales, Told, code_of
from trinario.jobs.campaign_faults import stop
from trinario.jobs.deliver import ACCEPTED, claim, outcome, post, settle
from trinario.jobs.hold import People
from trinario.jobs.statuses import watched
from trinario.jobs.world import Tuning, World
from trinario.model.channel import Identity
from trinario.model.failure import Action, Failure
from trinario.model.message import ThreadControl, files_of
from trinario.model.outbox import NotSent, SendResult, Sent, Unknown
from trinario.ports import Claimed, Clock, MediaStore, Settled, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.giving_way import GivingWay
from trinario.runtime.personas import Personas
from trinario.runtime.round_trips import RoundTrips
from trinario.runtime.uploads import Uploads

log = logging.getLogger("trinario.sender")

SLOTS = 512
"""Sends under way at once."""

PACED = 0.05
"""Seconds between looks when more may wait than the pace let go."""

COURTESIES = 64
"""Read marks under way at once; more are left out."""

POLITE = 2.0
"""Seconds that the passing on of a thread waits for those of its person: they would be refused behind it."""

Back = tuple[Claimed, SendResult, Settled]


class Sender:
    """Sends what is in the outbox. `run` is the claim id of this process; `told` gets (channel, result, seconds) of every one."""

    def __init__(
        self,
        store: Store,
        world: Callable[[], World],
        clock: Clock,
        run: int,
        chance: Callable[[], float],
        told: Callable[[str, SendResult, float], None],
        woken: Callable[[], None],
        copies: MediaStore | None = None,
    ) -> None:
        self._store, self._world, self._clock, self._run = store, world, clock, run
        self._chance, self._told, self._woken = chance, told, woken
        self._trips: RoundTrips[Claimed, Back, int] = RoundTrips(store, self, "sender", SLOTS, PACED)
        self._busy: Counter[str] = Counter()
        self._places: dict[str, int] = {}
        self._news = Told()
        self._way = GivingWay(lambda: store.waiting() > 0 or self.bell.first)
        self.paused = False
        self._courtesies: dict[asyncio.Task[None], Identity] = {}
        self._people, self._uploads, self._personas = People(), Uploads(store, clock, copies), Personas(store, clock)
        self._troubled: set[str] = set()
        self._scales = Scales()

    @property
    def bell(self) -> Bell:
        """Rings when there is a message to send."""
        return self._trips.bell

    @bell.setter
    def bell(self, bell: Bell) -> None:
        self._trips.bell = bell

    @property
    def healthy(self) -> bool:
        """Whether the last round went well."""
        return self._trips.healthy

    async def run(self) -> None:
        """Send until the bell is closed; then finish what flies."""
        await self._trips.run()

    async def prepare(self) -> None:
        """How many sends each channel may have out: one that hangs leaves room for the others."""
        names = self._world().adapters
        most = max(1, SLOTS - SLOTS // max(1, len(names)))
        self._places = {name: max(0, most - self._busy[name]) for name in names}

    def exchange(self, unit: Unit, back: Sequence[Back], free: int, stray: frozenset[int] | None) -> list[Claimed]:
        """Settle what came back, weigh what it means for its channel, claim what may go."""
        world, now, self._news = self._world(), self._clock.now(), Told()
        if stray is not None:  # what was settled already is not weighed once more
            still = unit.unclaim(self._run, stray)
            back = [one for one in back if one[0].entry.id in still]
        if back:
            settle(unit, back, now, self._run, watched(world.bot()))
            for row, result, _ in back:
                self._scales.weigh(unit, row, result, now, self._news)
            stop(unit, world.bot(), self._news.stuck, now)
        if not free or self.paused:
            return []
        places = {name: min(free, most) for name, most in self._places.items() if name in world.adapters}
        return claim(unit, world, places, self._run, now, self._people)

    def set_aside(self, unit: Unit, one: Back, fault: Exception) -> None:
        """What went has gone, without the platform's id; of everything else the fate is open, and decided in time."""
        row, result, _ = one
        went = isinstance(result, Sent) and not row.awaited
        record = Settled(row.entry.id, ACCEPTED, sent_at=self._clock.now()) if went else self.lost(row, fault)[2]
        unit.settle([record], self._clock.now(), self._run)

    def settled(self, back: Sequence[Back], claimed: Sequence[Claimed]) -> None:
        """Operators hear of troubles, and who waits for the fate of a message is woken."""
        self._busy.update(row.entry.identity.channel for row in claimed)
        if any(row.awaited for row, _, _ in back):
            self._woken()
        self._tell(self._news)

    async def go(self, row: Claimed) -> Back:
        """Send one row."""
        try:
            world = self._world()
            if row.pushed:
                await self._way.behind()
                result = await self._send(world, row)
            else:
                with self._way.ahead():
                    result = await self._send(world, row)
        finally:
            self._busy[row.entry.identity.channel] -= 1
        return row, result, outcome(row, result, self._clock.now(), world.tuning, self._chance)

    async def _send(self, world: World, row: Claimed) -> SendResult:
        media = bool(files_of(row.entry.content))
        try:
            if isinstance(row.entry.content, ThreadControl):
                await self._polite(row.entry.identity)
            if world.bot().personas:
                row = await self._personas.ready(world, row)
            ready = await self._uploads.ready(world, row) if media else row
        except Exception as fault:  # nothing has gone yet
            log.exception("a message cannot be made ready: %s", row.entry.key)
            return NotSent(Failure(Action.RETRY, reason=f"it could not be made ready: {type(fault).__name__}"))
        result = ready if isinstance(ready, NotSent) else await post(world, ready, self._clock.now())
        if media:
            try:
                await self._uploads.went(world, row, result)
            except Exception:  # the message has its fate all the same; the next one uploads the file anew
                log.exception("what became of an upload cannot be kept: %s", row.entry.key)
        return result

    def lost(self, row: Claimed, fault: Exception) -> Back:
        """It may be out or not."""
        result = Unknown(type(fault).__name__)
        return row, result, outcome(row, result, self._clock.now(), Tuning(), float)

    def tell(self, one: Back, seconds: float) -> None:
        """For the metrics."""
        row, result, _ = one
        self._told(row.entry.identity.channel, result, seconds)

    def row_id(self, row: Claimed) -> int:
        """Its id."""
        return row.entry.id

    def back_id(self, back: Back) -> int:
        """The id of the row that came back."""
        return back[0].entry.id

    def _tell(self, told: Told) -> None:
        self._troubled.update(channel for channel, _ in told.troubled)
        self._troubled.difference_update(told.well)
        tell_trouble(told)

    def attend(self, seen: list[tuple[Identity, str]]) -> None:
        """Show people that they were read; best effort, never more than a few at once."""
        adapters = self._world().adapters
        for identity, message_id in seen:
            if len(self._courtesies) >= COURTESIES or identity.channel in self._troubled:
                return
            attend = adapters[identity.channel].attend(identity, message_id, False)
            task = asyncio.get_running_loop().create_task(attend)
            self._courtesies[task] = identity
            task.add_done_callback(self._courtesies.pop)

    async def _polite(self, identity: Identity) -> None:
        """Wait for the read marks of a person that are under way."""
        if marks := [task for task, whose in self._courtesies.items() if whose == identity]:
            await asyncio.wait(marks, timeout=POLITE)


def tell_trouble(told: Told) -> None:
    """Operators hear once that a channel stands still, and once that it goes on."""
    for channel, failure in told.troubled:
        log.error(
            "channel %s rests: the platform answers %s (%s); its messages wait, and one of them tries now and then;"
            " see `trinario doctor`", channel, code_of(failure), failure.action,
        )  # fmt: skip
    for channel in told.well:
        log.warning("channel %s is well again: a message went", channel)
