"""The inbox, worked off: for a batch of contacts, every row in order, one commit.

A row that raises costs itself only: it is tried again, and after three tries it is dead and her next rows go on.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from trinario import jsons
from trinario.engine.fold import fold
from trinario.engine.index import index_of
from trinario.errors import PoisonedRow
from trinario.jobs import beside, drips, plans, profile, releasing
from trinario.jobs.arrival import sort_out
from trinario.jobs.echoed import echoed
from trinario.jobs.events import event_of, heard_of
from trinario.jobs.hearing import hear, overtaken, reached
from trinario.jobs.her import Her
from trinario.jobs.interrupting import in_vain
from trinario.jobs.plans import is_final, of_plan
from trinario.jobs.reacting import react_to
from trinario.jobs.received import DEAD, UNSPOKEN, Received
from trinario.jobs.takeover import by_hand
from trinario.jobs.unlink import says_unlink, undoable
from trinario.jobs.world import World
from trinario.model.event import Event, FlowWanted
from trinario.model.heard import Heard
from trinario.model.news import BLOCKED, UNBLOCKED
from trinario.model.session import holds_until
from trinario.policy.verdict import Defer, Refuse
from trinario.ports import InboxEntry, Lane, Unit, Writes

PATIENCE = timedelta(seconds=5)
"""How much longer than a call to the outside may take her messages wait for its answer, which lets them in."""


def receive(
    unit: Unit, world: World, now: datetime, limit: int | None = None, pressed: Callable[[], bool] = lambda: False,
    lane: Lane = Lane.BOTH,
) -> Received:  # fmt: skip
    """Take what is pending in a lane, at most `limit` rows, and work it off in this transaction. As soon as somebody waits
    for it (`pressed`), bulk that has not had its turn is left for the next one, but for the few that go beside people."""
    cases = unit.claim_cases(limit or world.tuning.batch, now, pressed(), lane)
    if not cases:
        return Received(passed=cases.passed)
    world.acquaint(unit, cases)
    arrivals = sort_out(unit, world, cases, now)
    writes, received = Writes(), Received(passed=cases.passed)
    if index_of(world.bot()).plans:
        received.plans = list(unit.open_plans([case.contact.id for case in cases]))
    writes.guesses.extend(arrivals.guesses)
    writes.events.extend(arrivals.events)
    alone, runs, all_bulk = limit == 1, releasing.Runs(unit), cases[0].bulk
    for place, case in enumerate(cases):
        if case.bulk and place and all_bulk and pressed():
            break
        received.first = received.first or not case.bulk
        her = Her(unit, world, case, now, writes, received, arrivals)
        _Desk(her, runs).work(1 if alone else None)
    try:
        unit.write(writes, now)
    except Exception as error:
        if alone:
            raise PoisonedRow(cases[0].entries[0], reason_of(error)) from error
        raise
    received.outside = bool(writes.calls or writes.let_in or writes.media or writes.taken_back)
    return received


def reason_of(error: Exception) -> str:
    """The kind of a fault and the first line of its words: what follows may quote what she wrote."""
    words = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return f"{type(error).__name__}: {words}"[:300]


def give_up(unit: Unit, entry: InboxEntry, error: str, world: World, now: datetime) -> None:
    """Count a try of a row that broke its batch alone; after the last it is dead."""
    writes = Writes()
    _count_try(writes, entry, error, world, now)
    unit.write(writes, now)


def _count_try(writes: Writes, entry: InboxEntry, error: str, world: World, now: datetime) -> bool:
    if entry.tries + 1 >= world.tuning.tries:
        writes.finished.append((DEAD, entry.id, error))
        if entry.kind == releasing.KIND:
            writes.recipients.append(releasing.lost(entry))
        elif entry.kind == drips.KIND:
            writes.drips.append(drips.lost(entry, now))
        return True
    writes.postponed.append((now, entry.tries + 1, entry.id))
    return False


class _Desk:
    """One contact of a batch: her rows in order, and where each of them belongs."""

    def __init__(self, her: Her, runs: releasing.Runs) -> None:
        self.her, self.runs = her, runs
        self.holding = False

    def work(self, most: int | None = None) -> None:
        """Every row (at most so many) until one belongs to a linking or fails. A row is written whole or not at all."""
        her = self.her
        for entry in her.case.entries[:most]:
            if self._is_linking(entry):
                her.received.links.append(entry)
                return
            if self._waits(entry):
                continue
            before = her.begin()
            try:
                self._row(entry)
            except Exception as error:  # a fault of ours: it costs this row, not the batch
                her.go_back(before)
                reason = reason_of(error)
                if _count_try(her.batch, entry, reason, her.world, her.now):
                    her.received.dead.append((entry.id, reason))
                return
            her.batch.merge(her.writes)
            her.received.rows += 1

    def _is_linking(self, entry: InboxEntry) -> bool:
        """Whether it joins or parts contacts, or waits until that is done."""
        her = self.her
        if entry.id in her.arrivals.links or (her.contact.pending_link and self._spoken(entry)):
            return True
        return self._two(entry) or self._unlinks(entry)

    def _waits(self, entry: InboxEntry) -> bool:
        """Whether what she says has to wait until a call to the outside is answered; a stop word does not.

        Once something waits, everything behind it does: all of it has its turn together, in order.
        """
        her = self.her
        until = holds_until(her.sessions.values()) if her.contact.owner == "bot" else None
        self.holding = self.holding or until is not None
        if not self.holding or not self._spoken(entry):
            return False
        if index_of(her.bot).commands.get(fold(self._heard(entry).text)) == "stop":
            her.batch.overtaken.append((her.contact.id, entry.id))
            return False
        her.batch.postponed.append((max(until or her.now, her.now) + PATIENCE, entry.tries, entry.id))
        her.received.rows += 1
        return True

    def _two(self, entry: InboxEntry) -> bool:
        """Whether a row says that another contact is she as well, or may prove it."""
        if entry.kind == "code":
            return True
        if entry.kind not in ("joined", "rekeyed"):
            return False
        return any(other != self.her.contact.id for other in self.her.unit.holders(beside.ids_of(entry)[1]))

    def _unlinks(self, entry: InboxEntry) -> bool:
        """Whether she says that a link of late was not hers. It is looked up only when she says the word."""
        her = self.her
        if entry.kind != "heard" or len(her.contact.identities) < 2:
            return False
        heard = self._heard(entry)
        return says_unlink(her.bot, heard) and undoable(her.unit, her.contact.id, heard, her.now) is not None

    def _spoken(self, entry: InboxEntry) -> bool:
        """Whether a row is something she says, and may answer a question."""
        heard = self.her.arrivals.heard.get(entry.id)
        return entry.kind == "heard" and not (heard and (heard.kind in UNSPOKEN | {"reaction"} or heard.standby))

    def _heard(self, entry: InboxEntry) -> Heard:
        return self.her.arrivals.heard.get(entry.id) or heard_of(entry)

    def _row(self, entry: InboxEntry) -> None:
        her = self.her
        if entry.kind == "echo":
            her.contact = echoed(her.unit, her.world, her.contact, entry, her.now, her.writes, her.batch.outgoing)
        elif entry.kind == "heard":
            hear(her, entry)
        elif entry.kind == "overtaken":
            overtaken(her, entry)
        elif entry.kind in beside.KINDS:
            self._beside(entry)
        elif entry.kind == releasing.KIND:
            self._campaign(entry)
        elif entry.kind == drips.KIND:
            self._drip(entry)
        elif entry.kind == plans.KIND or (entry.kind == "fate" and not is_final(entry)):
            self._planned(entry)
        else:
            react_to(her, entry)

    def _campaign(self, entry: InboxEntry) -> None:
        """A campaign comes to her: it begins, or it is written down why not, or it waits until she is free."""
        her, run = self.her, self.runs.of(entry)
        fate = releasing.weigh(her.unit, her.bot, run, her.contact, her.sessions, entry, her.now)
        if fate is None and (verdict := self._in_vain(event_of(entry, False, None))):
            fate = releasing.kept_from(entry, verdict)
        if fate is not None:
            her.done(entry, fate.reason)
        else:
            react_to(her, entry)
            fate = releasing.begun(entry, list(her.writes.sessions.values()))
        her.writes.recipients.append(fate)

    def _drip(self, entry: InboxEntry) -> None:
        """A step of a sequence comes to her; whatever becomes of it, the next one follows."""
        her = self.her
        step = drips.Step(her.unit, her.bot, her.contact, her.sessions, entry, her.now)
        if step.flow and (verdict := self._in_vain(step.event(entry))):
            step.keep_from(verdict)
        if step.flow:
            react_to(her, entry, told=step.event(entry))
        else:
            her.done(entry, step.why)
        if step.onward is not None:
            her.writes.drips.append(step.onward)

    def _in_vain(self, event: Event) -> Defer | Refuse | None:
        """Why what would put her question aside cannot be said to her; asked only where a question is pending."""
        if not isinstance(event, FlowWanted) or event.if_busy != "interrupt":
            return None
        if not any(one.foreground for one in self.her.sessions.values()):
            return None
        return in_vain(self.her.world, self.her.contact, event, self.her.scene())

    def _planned(self, entry: InboxEntry) -> None:
        """The clock comes back to a delivery plan, or something became of a copy; without a plan a session is told."""
        her = self.her
        running = her.plans.of(entry)
        if running is not None:
            her.pursue(running)
        elif entry.kind == "fate" and not her.plans.knew(entry):
            react_to(her, entry)
            return
        if entry.kind == "fate":
            her.writes.enriched.append(of_plan(entry))
        her.done(entry, plans.KIND)

    def _beside(self, entry: InboxEntry) -> None:
        """What is told of her, and no message: news, who has the thread, ids that change."""
        her, ahead = self.her, self.her.batch.outgoing
        if entry.kind == "news":
            if not beside.news(her.unit, her.contact, entry, her.now, her.writes):
                return
            self._reach_told(entry)
        elif entry.kind == "handover":
            her.contact = beside.handover(her.unit, her.contact, entry, her.now, her.writes, ahead)
        elif entry.kind == "taken":
            her.contact = by_hand(her.unit, her.world, her.contact, entry, her.writes, ahead)
        elif entry.kind == "rekeyed":
            her.contact = beside.rekey(her.unit, her.contact, entry, her.writes)
        elif entry.kind == profile.KIND:
            her.contact = profile.learn(her.world, her.contact, entry, her.now, her.writes)
        her.done(entry)

    def _reach_told(self, entry: InboxEntry) -> None:
        """She blocked us, or took it back, and the platform says so: the next message need not find out."""
        her, name = self.her, jsons.loads(entry.body)["name"]
        if name == BLOCKED:
            her.unreachable[entry.channel] = BLOCKED
            for identity in her.contact.identities:
                if identity.channel == entry.channel:
                    her.unit.mark_unreachable(identity.channel, identity.value, BLOCKED)
        elif name == UNBLOCKED:
            reached(her, entry.channel)
