"""Sequences: whose next step has come, what is said, and what comes after it; who leaves, and when a changed file counts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from trinario import jsons
from trinario.campaign.as_flow import sequence_of
from trinario.campaign.drip import Due, Progress, due_of, next_step
from trinario.campaign.split import variant_of
from trinario.engine.scope import Scope
from trinario.engine.time import elapsed, zone, zone_of
from trinario.errors import EvaluationError
from trinario.expressions import Condition
from trinario.jobs.releasing import ASKED_AGAIN, is_busy
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import CONTACT_ZONE, HOLDOUT, Sequence
from trinario.model.consent import ALL, MARKETING, wants
from trinario.model.contact import Contact
from trinario.model.effect import ChangeEnrolment
from trinario.model.event import Event, EventArrived, FlowWanted
from trinario.model.flow import ExitWhen
from trinario.model.session import Session
from trinario.policy.verdict import Defer, Refuse
from trinario.ports import InboxEntry, Inward, Unit
from trinario.ports.drips import Enrolment, Onward

KIND = "drip"
"""The kind of inbox row that brings a step to somebody."""

CHUNK = 500
"""People that one transaction reckons for."""

AFTER_A_FAULT = timedelta(hours=1)
"""When a step is tried again that could not be worked off."""

AT_ONCE = 128
"""Steps let into turns by one transaction."""


def reckon_steps(unit: Unit, world: World, now: datetime) -> int:
    """When the next step of people is, who are new or whose sequence has another file now; gives for how many."""
    bot = world.bot()
    found = unit.drips.unreckoned({name: one.revision for name, one in bot.sequences.items()}, CHUNK)
    people = {one.id: one for one in unit.contacts([row.contact for row in found], now)} if found else {}
    rows = []
    for row in found:
        sequence, contact = bot.sequences[row.sequence], people.get(row.contact)
        if contact is None:
            continue
        since = now if row.revision else None
        due = next_step(sequence, _progress(row), _zone(bot, sequence, contact), since, row.next)
        rows.append(_onward(row.id, sequence, _progress(row), due, now))
    unit.drips.onward(rows)
    return len(rows)


def bring_steps(unit: Unit, world: World, now: datetime) -> int:
    """Let the steps that have come into turns; gives how many."""
    places = AT_ONCE - unit.drips.due_under_way()
    rows = unit.drips.due(world.bot().sequences, places, now) if places > 0 and world.bot().sequences else []
    if rows:
        unit.drips.out(rows)
        unit.take_in([_inward(row) for row in rows], now)
    return len(rows)


def is_full(unit: Unit) -> bool:
    """Whether as many steps are on their way as may be: others that have come follow as soon as these have had their turns."""
    return unit.drips.due_under_way() >= AT_ONCE


def _inward(row: Enrolment) -> Inward:
    body = {
        "enrolment": row.id,
        "sequence": row.sequence,
        "step": row.next,
        "due": row.due.isoformat() if row.due else "",
    }
    return Inward(
        "", f"drip:{row.id}:{row.next}:{row.tries}:{body['due']}", KIND, jsons.dumps(body), contact=row.contact,
        bulk=True,
    )  # fmt: skip


def _zone(bot: Bot, sequence: Sequence, contact: Contact) -> tzinfo:
    if sequence.zone == CONTACT_ZONE:
        return zone_of(bot, contact)
    return zone(sequence.zone or bot.timezone) or UTC


def _progress(row: Enrolment) -> Progress:
    told = row.progress or {}
    return Progress(
        row.enrolled_at, tuple(told.get("done", ())), told.get("moved", 0), told.get("day", -1), told.get("minute", 0)
    )


def _kept(one: Progress) -> Mapping[str, Any]:
    return {"done": list(one.done), "moved": one.moved, "day": one.day, "minute": one.minute}


def _onward(id: int, sequence: Sequence, progress: Progress, due: Due | None, now: datetime) -> Onward:
    last = progress.done[-1] if progress.done else ""
    if due is None:
        return Onward(id, sequence.revision, last, progress=_kept(progress), at=now)
    kept = {
        **_kept(progress),
        "meant": due.comes.isoformat(),
    }  # `due` moves while she is busy, and `late` counts from this
    return Onward(id, sequence.revision, last, due.step, due.comes, kept)


# ---- in her turn


class Step:
    """One step that has come to somebody: `flow` is what begins ("" nothing), and `onward` how far she is afterwards."""

    def __init__(
        self, unit: Unit, bot: Bot, contact: Contact, sessions: Mapping[str, Session], entry: InboxEntry, now: datetime
    ) -> None:
        self.bot, self.contact, self.now = bot, contact, now
        data = jsons.loads(entry.body)
        self.row, self.sequence = unit.drips.one(data["enrolment"]), bot.sequences.get(data["sequence"])
        self.name, self.due = data["step"], datetime.fromisoformat(data["due"])
        self.flow, self.variant, self.why = "", "", ""
        self.onward: Onward | None = None
        if self.row is None or self.row.next != self.name:
            self.why = "gone"  # she has left, or the file has moved her on
        elif self.sequence is None:  # she waits for the file to come back, and takes no place on the way meanwhile
            self.why, self.onward = "gone", Onward(self.row.id, due=self.due, again=True)
        else:
            self.due = datetime.fromisoformat((self.row.progress or {}).get("meant", data["due"]))
            self._weigh(self.row, self.sequence, list(sessions.values()))

    def _weigh(self, row: Enrolment, sequence: Sequence, sessions: list[Session]) -> None:
        if why := leaves(self.bot, sequence, self.contact, self.now):
            self.why, self.onward = (
                why,
                Onward(row.id, sequence.revision, "", progress=row.progress, why=why, at=self.now),
            )
            return
        step = sequence.steps.get(self.name)
        if step is not None and is_busy(self.contact, sessions) and not self._late(sequence):
            if sequence.if_busy == "defer" or self.contact.owner == "person":
                self.why = "busy"
                self.onward = Onward(row.id, due=self.now + ASKED_AGAIN, again=True)
                return
            self.why = "busy" if sequence.if_busy == "skip" else ""
        if step is not None and not self.why:
            self.variant = variant_of(step.split, self.contact.id)
            self.why = self._skipped(sequence, step.condition)
            if not self.why:
                self.flow = "/".join(part for part in ("sequence", sequence.name, step.name, self.variant) if part)
        self._go_on(row, sequence)

    def _skipped(self, sequence: Sequence, condition: Condition | None) -> str:
        """Why the step says nothing to her; "" if it does."""
        if self._late(sequence):
            return "late"
        if self.variant == HOLDOUT:
            return HOLDOUT
        return (
            "" if condition is None or _holds(self.bot, condition, self.contact, FlowWanted("", self.now, "")) else "if"
        )

    def _late(self, sequence: Sequence) -> bool:
        return sequence.late is not None and self.now > elapsed(self.due, sequence.late)

    def _go_on(self, row: Enrolment, sequence: Sequence) -> None:
        """The step is behind her, whatever became of it: what comes then."""
        where, progress = _zone(self.bot, sequence, self.contact), _progress(row)
        came = due_of(self.name, sequence, progress, where)
        since = None if came else self.now  # it is not in the file any more: as for everybody whose file has changed
        reached = progress.after(came) if came else progress
        due = next_step(sequence, reached, where, since)
        self.onward = _onward(row.id, sequence, reached, due, self.now)

    def keep_from(self, verdict: Defer | Refuse) -> None:
        """The step would put a question of hers aside and say nothing: it is left out, or comes when it may."""
        self.flow, self.why = "", verdict.refusal.code
        if isinstance(verdict, Defer) and self.row is not None:
            self.onward = Onward(self.row.id, due=verdict.until, again=True)

    def event(self, entry: InboxEntry) -> FlowWanted:
        """What begins the step's flow."""
        told = {"campaign": self.sequence.name if self.sequence else "", "step": self.name, "variant": self.variant}
        busy = self.sequence.if_busy if self.sequence else "defer"
        return FlowWanted(f"i{entry.id}", self.now, self.flow, {}, 0, told, busy)


def lost(entry: InboxEntry, now: datetime) -> Onward:
    """A row that failed by a fault of ours, again and again: the step is tried later."""
    return Onward(jsons.loads(entry.body)["enrolment"], due=now + AFTER_A_FAULT, again=True)


# ---- leaving


def leaves(bot: Bot, sequence: Sequence, contact: Contact, now: datetime) -> str:
    """What holds now and ends the sequence for her; "" for nothing."""
    for one in sequence.exit_when:
        if one.kind == "opt_out" and _unwanted(contact, one.value):
            return f"opt_out {one.value}"
        if one.kind == "tag" and one.value in contact.tags and _matches(bot, one, contact, FlowWanted("", now, "")):
            return f"tag {one.value}"
        if one.kind == "when" and one.match is not None and _holds(bot, one.match, contact, FlowWanted("", now, "")):
            return one.match.source
    return ""


def _unwanted(contact: Contact, purpose: str) -> bool:
    return wants(contact.consent, purpose, "") is False or wants(contact.consent, ALL, "") is False


Exits = Mapping[str, str]
"""Sequences, each with what ends it for somebody."""


def ended(bot: Bot, before: Contact, contact: Contact, event: Event, now: datetime) -> Exits:
    """What ends for her by what has just happened, whether she is in it or not."""
    named = [one for one in bot.sequences.values() if one.exit_when]
    told = isinstance(event, EventArrived) and any(
        e.kind == "event" and e.value == event.name for s in named for e in s.exit_when
    )
    changed = before.tags != contact.tags or before.consent != contact.consent or before.fields != contact.fields
    if not named or not (told or changed):
        return {}
    whys = ((one.name, _left_by(bot, one, before, contact, event) or leaves(bot, one, contact, now)) for one in named)
    return {name: why for name, why in whys if why}


def left(unit: Unit, contact: int, exits: Exits, now: datetime) -> list[tuple[int, ChangeEnrolment, datetime]]:
    """The sequences among these that she is in, and leaves."""
    rows = unit.drips.of(contact) if exits else ()
    return [
        (contact, ChangeEnrolment(row.sequence, False, why=exits[row.sequence]), now)
        for row in rows
        if row.sequence in exits
    ]


def unsaid(bot: Bot, exits: Exits, sessions: Iterable[Session]) -> list[str]:
    """Those of the sessions that steps of these sequences have begun: what they said and nobody has sent yet does not go.

    Marketing of whom she has said no to is left to policy, which writes that down as the reason.
    """
    over = {
        name
        for name, why in exits.items()
        if not (why.startswith("opt_out") and bot.sequences[name].purpose == MARKETING)
    }
    return [one.id for one in sessions if sequence_of(one.flow) in over]


def _left_by(bot: Bot, sequence: Sequence, before: Contact, contact: Contact, event: Event) -> str:
    """The event or the changed field that ends it."""
    for one in sequence.exit_when:
        told = one.kind == "event" and isinstance(event, EventArrived) and event.name == one.value
        if told and _matches(bot, one, contact, event):
            return f"event {one.value}"
        if one.kind == "field":
            name = one.value.removeprefix("fields.")
            if before.fields.get(name) != contact.fields.get(name) and _matches(bot, one, contact, event):
                return one.value
    return ""


def _matches(bot: Bot, one: ExitWhen, contact: Contact, event: Event) -> bool:
    return one.match is None or _holds(bot, one.match, contact, event)


def _holds(bot: Bot, condition: Condition, contact: Contact, event: Event) -> bool:
    """Whether it is true of her; what cannot be worked out is not."""
    try:
        return bool(condition.test(Scope(bot, contact, event)))
    except EvaluationError:
        return False
