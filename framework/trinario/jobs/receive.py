"""The inbox, worked off: for a batch of contacts, every row in order, one commit.

A row that raises costs itself only: it is tried again, and after three tries it is dead and her next rows go on.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from trinario import jsons
from trinario.engine.fold import fold
from trinario.engine.index import index_of
from trinario.engine.react import react
from trinario.errors import PoisonedRow
from trinario.jobs import about, beside, drips, escalate, guarding, plans, profile, releasing, texts, tickets
from trinario.jobs.arrival import Arrivals, sort_out
from trinario.jobs.code import without_code
from trinario.jobs.conversions import remember
from trinario.jobs.echoed import echoed
from trinario.jobs.effects import carry_out
from trinario.jobs.events import event_of, heard_of, origin_of
from trinario.jobs.facts import answers
from trinario.jobs.interrupting import in_vain
from trinario.jobs.leaving import leave, outrun
from trinario.jobs.occasions import invite
from trinario.jobs.outbound import say_it
from trinario.jobs.plans import Plans, Running, is_final, of_plan
from trinario.jobs.quoted import quoting
from trinario.jobs.received import ANSWER, DEAD, DONE, KEPT, UNSPOKEN, Received, TurnLine, meet, note
from trinario.jobs.takeover import by_hand
from trinario.jobs.thread import take_back
from trinario.jobs.unlink import says_unlink, undoable
from trinario.jobs.world import Scene, World, scene_of
from trinario.model.contact import PREFERS, Contact
from trinario.model.effect import CheckCode, Say
from trinario.model.event import CallReturned, Event, EventArrived, FateKnown, FlowWanted
from trinario.model.message import Heard, Text
from trinario.model.news import BLOCKED, UNBLOCKED
from trinario.model.session import Session, holds_until
from trinario.model.turn import Standing
from trinario.policy.verdict import Defer, Refuse
from trinario.ports import Case, InboxEntry, Unit, Writes

PATIENCE = timedelta(seconds=5)
"""How much longer than a call to the outside may take her messages wait for its answer, which lets them in."""

UNDATED = 86400.0
"""Seconds of 1970 below which a moment is none: the webhook named no time."""


def receive(
    unit: Unit, world: World, now: datetime, limit: int | None = None, pressed: Callable[[], bool] = lambda: False
) -> Received:
    """Take what is pending, at most `limit` rows, and work it off in this transaction. As soon as somebody waits for it
    (`pressed`), bulk that has not had its turn is left for the next one, but for the few that go beside people."""
    cases = unit.claim_cases(limit or world.tuning.batch, now, pressed())
    if not cases:
        return Received()
    world.acquaint(unit, cases)
    arrivals = sort_out(unit, world, cases, now)
    writes, received = Writes(), Received()
    if index_of(world.bot()).plans:
        received.plans = list(unit.open_plans([case.contact.id for case in cases]))
    writes.guesses.extend(arrivals.guesses)
    writes.events.extend(arrivals.events)
    alone, runs, all_bulk = limit == 1, releasing.Runs(unit), cases[0].bulk
    for place, case in enumerate(cases):
        if case.bulk and place and all_bulk and pressed():
            break
        received.first = received.first or not case.bulk
        _Desk(unit, world, case, now, writes, received, arrivals, runs).work(1 if alone else None)
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
    """One contact of a batch: her rows in order, her standing carried from one to the next."""

    def __init__(
        self,
        unit: Unit,
        world: World,
        case: Case,
        now: datetime,
        writes: Writes,
        received: Received,
        arrivals: Arrivals,
        runs: releasing.Runs,
    ) -> None:
        self.unit, self.world, self.case, self.now = unit, world, case, now
        self.batch, self.received, self.arrivals, self.runs = writes, received, arrivals, runs
        self.writes = Writes()
        self.contact: Contact = case.contact
        self.sessions: dict[str, Session] = {session.id: session for session in case.sessions}
        self.unreachable = dict(case.unreachable)
        self.holding = False
        self.plans = Plans(case, received.plans)

    def work(self, most: int | None = None) -> None:
        """Every row (at most so many) until one belongs to a linking or fails. A row is written whole or not at all."""
        for entry in self.case.entries[:most]:
            if (
                entry.id in self.arrivals.links
                or (self.contact.pending_link and self._spoken(entry))
                or self._two(entry)
                or self._unlinks(entry)
            ):
                self.received.links.append(entry)
                return
            if self._waits(entry):
                continue
            before = (self.contact, dict(self.sessions), dict(self.unreachable), dict(self.plans.now))
            self.writes = Writes()
            try:
                self._row(entry)
            except Exception as error:  # a fault of ours: it costs this row, not the batch
                self.contact, self.sessions, self.unreachable, self.plans.now = before
                reason = reason_of(error)
                if _count_try(self.batch, entry, reason, self.world, self.now):
                    self.received.dead.append((entry.id, reason))
                return
            self.batch.merge(self.writes)
            self.received.rows += 1

    def _waits(self, entry: InboxEntry) -> bool:
        """Whether what she says has to wait until a call to the outside is answered; a stop word does not.

        Once something waits, everything behind it does: all of it has its turn together, in order.
        """
        until = holds_until(self.sessions.values()) if self.contact.owner == "bot" else None
        self.holding = self.holding or until is not None
        if not self.holding or not self._spoken(entry):
            return False
        heard = self.arrivals.heard.get(entry.id) or heard_of(entry)
        if index_of(self.world.bot()).commands.get(fold(heard.text)) == "stop":
            self.batch.overtaken.append((self.contact.id, entry.id))
            return False
        self.batch.postponed.append((max(until or self.now, self.now) + PATIENCE, entry.tries, entry.id))
        self.received.rows += 1
        return True

    def _two(self, entry: InboxEntry) -> bool:
        """Whether a row says that another contact is she as well, or may prove it."""
        if entry.kind == "code":
            return True
        if entry.kind not in ("joined", "rekeyed"):
            return False
        return any(other != self.contact.id for other in self.unit.holders(beside.ids_of(entry)[1]))

    def _unlinks(self, entry: InboxEntry) -> bool:
        """Whether she says that a link of late was not hers. It is looked up only when she says the word."""
        if entry.kind != "heard" or len(self.contact.identities) < 2:
            return False
        heard = self.arrivals.heard.get(entry.id) or heard_of(entry)
        return (
            says_unlink(self.world.bot(), heard) and undoable(self.unit, self.contact.id, heard, self.now) is not None
        )

    def _spoken(self, entry: InboxEntry) -> bool:
        """Whether a row is something she says, and may answer a question."""
        heard = self.arrivals.heard.get(entry.id)
        return entry.kind == "heard" and not (heard and (heard.kind in UNSPOKEN | {"reaction"} or heard.standby))

    def _row(self, entry: InboxEntry) -> None:
        if entry.kind == "echo":
            ahead = self.batch.outgoing
            self.contact = echoed(self.unit, self.world, self.contact, entry, self.now, self.writes, ahead)
        elif entry.kind == "heard":
            self._heard(entry, self.arrivals.heard.get(entry.id) or heard_of(entry))
        elif entry.kind == "overtaken":
            self._overtaken(entry)
        elif entry.kind in beside.KINDS:
            self._beside(entry)
        elif entry.kind == releasing.KIND:
            self._campaign(entry)
        elif entry.kind == drips.KIND:
            self._drip(entry)
        elif entry.kind == plans.KIND or (entry.kind == "fate" and not is_final(entry)):
            self._planned(entry)
        else:
            self._react(entry, None, False)

    def _campaign(self, entry: InboxEntry) -> None:
        """A campaign comes to her: it begins, or it is written down why not, or it waits until she is free."""
        run = self.runs.of(entry)
        fate = releasing.weigh(self.unit, self.world.bot(), run, self.contact, self.sessions, entry, self.now)
        if fate is None and (verdict := self._in_vain(event_of(entry, False, None))):
            fate = releasing.kept_from(entry, verdict)
        if fate is not None:
            self.writes.finished.append((DONE, entry.id, fate.reason))
        else:
            self._react(entry, None, False)
            fate = releasing.begun(entry, list(self.writes.sessions.values()))
        self.writes.recipients.append(fate)

    def _drip(self, entry: InboxEntry) -> None:
        """A step of a sequence comes to her; whatever becomes of it, the next one follows."""
        step = drips.Step(self.unit, self.world.bot(), self.contact, self.sessions, entry, self.now)
        if step.flow and (verdict := self._in_vain(step.event(entry))):
            step.keep_from(verdict)
        if step.flow:
            self._react(entry, None, False, step.event(entry))
        else:
            self.writes.finished.append((DONE, entry.id, step.why))
        if step.onward is not None:
            self.writes.drips.append(step.onward)

    def _in_vain(self, event: Event) -> Defer | Refuse | None:
        """Why what would put her question aside cannot be said to her; asked only where a question is pending."""
        if not isinstance(event, FlowWanted) or event.if_busy != "interrupt":
            return None
        if not any(one.foreground for one in self.sessions.values()):
            return None
        scene = scene_of(self.unit, self.now, self.unreachable, ahead=self.batch.outgoing)
        return in_vain(self.world, self.contact, event, scene)

    def _planned(self, entry: InboxEntry) -> None:
        """The clock comes back to a delivery plan, or something became of a copy; without a plan a session is told."""
        running = self.plans.of(entry)
        if running is not None:
            self._pursue(running)
        elif entry.kind == "fate" and not self.plans.knew(entry):
            self._react(entry, None, False)
            return
        if entry.kind == "fate":
            self.writes.enriched.append(of_plan(entry))
        self.writes.finished.append((DONE, entry.id, plans.KIND))

    def _pursue(self, running: Running) -> None:
        scene = scene_of(self.unit, self.now, self.unreachable, ahead=self.batch.outgoing)
        case = escalate.Case(self.unit, self.world, self.contact, self.sessions, scene, self.writes)
        self.plans.now[running.key] = escalate.pursue(case, running)

    def _beside(self, entry: InboxEntry) -> None:
        """What is told of her, and no message: news, who has the thread, ids that change."""
        if entry.kind == "news":
            if not beside.news(self.unit, self.contact, entry, self.now, self.writes):
                return
            self._reach_told(entry)
        elif entry.kind == "handover":
            self.contact = beside.handover(self.unit, self.contact, entry, self.now, self.writes, self.batch.outgoing)
        elif entry.kind == "taken":
            self.contact = by_hand(self.unit, self.world, self.contact, entry, self.writes, self.batch.outgoing)
        elif entry.kind == "rekeyed":
            self.contact = beside.rekey(self.unit, self.contact, entry, self.writes)
        elif entry.kind == profile.KIND:
            self.contact = profile.learn(self.world, self.contact, entry, self.now, self.writes)
        self.writes.finished.append((DONE, entry.id, None))

    def _heard(self, entry: InboxEntry, heard: Heard) -> None:
        if heard.at.timestamp() < UNDATED:
            heard = replace(heard, at=entry.received_at)
        new = self.contact.last_seen_at is None
        if self.world.profiled and heard.kind not in UNSPOKEN and not self.contact.name:
            profile.ask_for(self.world, self.contact, heard, self.now, self.writes)
        self.contact = remember(self.world.bot(), meet(self.contact, heard), heard)
        self.writes.contacts[self.contact.id] = self.contact
        note(self.writes, self.contact, heard)
        if heard.kind == "comment":
            self._react(entry, heard, False)
            return
        if heard.kind in UNSPOKEN:
            self.contact = beside.preference(self.contact, entry, heard, self.writes)
            if about.listens(self.world.bot(), heard):
                self._react(entry, about.placed(self.unit, self.contact, entry, heard, self.writes), False)
            else:
                self.writes.finished.append((KEPT, entry.id, "unspoken"))
            return
        self._reached(heard.identity.channel)
        if heard.standby:
            self.writes.finished.append((KEPT, entry.id, "standby"))
            return
        if heard.identity.channel in self.world.read_marks and heard.kind != "reaction":
            self.received.seen.append((heard.identity, heard.external_id))
        if heard.kind == "reaction" and (
            about.listens(self.world.bot(), heard) or any(one.live for one in self.sessions.values())
        ):
            heard = about.placed(self.unit, self.contact, entry, heard, self.writes)
        if heard.context and index_of(self.world.bot()).plans:
            heard = quoting(self.unit, heard, self.sessions.values())
        if self.contact.owner == "bot" and heard.kind != "reaction":
            self._guard(entry, heard)
        if heard.payload.startswith(ANSWER):
            self._late(entry, heard)
        else:
            self._react(entry, heard, new)

    def _guard(self, entry: InboxEntry, heard: Heard) -> None:
        """Who writes like no person does is heard, and not answered for a while."""
        if why := self.world.counter.trips(self.world.bot().guard, self.contact.id, heard):
            self.contact = guarding.pause(
                self.unit, self.world, self.contact, entry, why, self.now, self.writes, self.batch.outgoing
            )

    def _overtaken(self, entry: InboxEntry) -> None:
        """She wrote it before a stop word that was heard first: it stands in her thread, and begins nothing any more."""
        heard = heard_of(entry)
        self.contact = meet(self.contact, heard)
        self.writes.contacts[self.contact.id] = self.contact
        note(self.writes, self.contact, heard)
        self.writes.finished.append((KEPT, entry.id, "overtaken"))

    def _late(self, entry: InboxEntry, heard: Heard) -> None:
        """A tap on the question whether to go on, after it was settled: a second one, or one that came too late."""
        if len({one.channel for one in self.contact.identities}) == 1:  # nobody joined her with anybody
            words = texts.pattern(self.world.bot(), self.contact, "switch.unavailable")
            say = Say(f"{origin_of(entry)}/link/0", Text(words), channel=entry.channel)
            say_it(self.world, self.contact, say, Scene(self.now, self.case.unreachable), self.writes)
        self.writes.finished.append((DONE, entry.id, "link"))

    def _reached(self, channel: str) -> None:
        """Who writes can be reached: what the platform said before is over."""
        if self.unreachable.pop(channel, None) is None:
            return
        for identity in self.contact.identities:
            if identity.channel == channel:
                self.unit.mark_unreachable(identity.channel, identity.value, None)

    def _reach_told(self, entry: InboxEntry) -> None:
        """She blocked us, or took it back, and the platform says so: the next message need not find out."""
        name = jsons.loads(entry.body)["name"]
        if name == BLOCKED:
            self.unreachable[entry.channel] = BLOCKED
            for identity in self.contact.identities:
                if identity.channel == entry.channel:
                    self.unit.mark_unreachable(identity.channel, identity.value, BLOCKED)
        elif name == UNBLOCKED:
            self._reached(entry.channel)

    def _react(self, entry: InboxEntry, heard: Heard | None, new: bool, told: Event | None = None) -> None:
        if heard is not None:
            self._prefer(heard)
        event = told or event_of(entry, new, heard)
        spoken = heard is not None and heard.kind not in UNSPOKEN
        written = (
            heard is not None and spoken and heard.kind != "reaction"
        )  # which is no message that could be answered
        prior = (heard.identity.channel, heard.external_id) if heard and written else ("", "")
        live = tuple(s for s in self.sessions.values() if s.live)
        standing = Standing(self.contact, live, self._copied(heard))
        if isinstance(event, EventArrived):
            self.writes.withdrawn += outrun(self.unit, self.world.bot(), self.contact, event, self.sessions.values())
            invite(self.unit, self.world.bot(), self.contact, event, self.now)
        reaction = react(self.world.bot(), standing, event)
        if self.world.bot().sequences:
            exits = drips.ended(self.world.bot(), self.contact, reaction.contact, event, self.now)
            leave(self.unit, self.world.bot(), self.contact, exits, self.sessions.values(), self.writes, self.now)
        if entry.kind == "owner" and self.contact.owner == "person" and reaction.contact.owner == "bot":
            self._thread_back(entry)
            tickets.returned(self.unit, self.contact.id, jsons.loads(entry.body).get("by", tickets.SILENCE), self.now)
        asked = heard is not None or answers(self.contact, self._moved_by(event), self.now)
        scene = scene_of(self.unit, self.now, self.unreachable, prior, asked, self.batch.outgoing)
        self.contact = carry_out(self.world, reaction, scene, self.writes)
        self.sessions.update((session.id, session) for session in reaction.sessions)
        self.received.turns.extend(
            TurnLine(self.contact.id, event.origin, turn.path, turn.session.flow, turn.session.id)
            for turn in reaction.turns
        )
        if heard is not None and any(isinstance(effect, CheckCode) for effect in reaction.effects):
            self.writes.scrubbed.append((entry.id, without_code(heard)))
        remark = "unspoken" if heard and not spoken else None
        self.writes.finished.append((DONE if reaction.handled else KEPT, entry.id, remark))
        if written:
            for running in self.plans.running():  # what she says may answer what other channels were still to bring
                self._pursue(running)

    def _prefer(self, heard: Heard) -> None:
        """She answers on one of the channels that had brought her the same: that is where she likes to be written to."""
        channel = heard.identity.channel
        several = [one for one in self.plans.running() if len({copy.channel for copy in one.copies}) > 1]
        if any(channel == copy.channel for one in several for copy in one.copies) or self._taps_copy(heard):
            marks = {**self.contact.marks, f"{PREFERS}{channel}": self.now}
            self.contact = replace(self.contact, marks=marks)

    def _taps_copy(self, heard: Heard) -> bool:
        """Whether she taps a question that several channels had brought, also once its plan is over."""
        if not heard.payload or not index_of(self.world.bot()).plans:
            return False
        session, prompt = heard.payload.partition("/")[0], heard.payload.rpartition("/")[0]
        return self.unit.copied(self.contact.id, session, prompt) is not None

    def _copied(self, heard: Heard | None) -> tuple[Session, ...]:
        """The session that is over and whose question she taps, if other channels had brought her copies of it."""
        if heard is None or not heard.payload or not index_of(self.world.bot()).plans:
            return ()
        name = heard.payload.partition("/")[0]
        known = self.sessions.get(name)
        if known is not None and known.live:
            return ()
        found = self.unit.copied(self.contact.id, name, heard.payload.rpartition("/")[0])
        return (known or found,) if found else ()

    def _thread_back(self, entry: InboxEntry) -> None:
        """The bot has her again: so has our app her thread, unless that is what brought her back."""
        if not entry.external_id.startswith("handover:"):
            take_back(self.world, self.contact, f"i{entry.id}", self.writes)

    def _moved_by(self, event: Event) -> Session | None:
        """The session to which the outside answers, if that is what happened."""
        return self.sessions.get(event.session) if isinstance(event, FateKnown | CallReturned) else None
