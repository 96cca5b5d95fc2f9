"""Recorded sessions, played once more: first as they were, to see that the record leads there; then on other flows.

What a person did is in the inbox, row by row, and a turn is a pure function: so her whole history is played from its first
row, with the clock ringing in between. A session whose recorded end does not come out is not judged: it is counted, with
the reason. One that comes out is played again from the moment it began, alone on the other flows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from trinario import jsons
from trinario.engine.chance import short_id
from trinario.engine.limits import SESSION_ID_BYTES
from trinario.engine.migrate import renamed
from trinario.engine.react import react
from trinario.jobs.events import event_of, heard_of, origin_of
from trinario.jobs.plans import is_of_plan
from trinario.jobs.received import UNSPOKEN, meet
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.effect import Report, Say
from trinario.model.event import ClockRang, Event
from trinario.model.flow.triggers import OF_A_MESSAGE
from trinario.model.session import Session
from trinario.model.turn import Reaction, Standing
from trinario.model.wire_content import content_to_json, words_of
from trinario.ports import InboxEntry

Verdict = Literal["same", "words", "path", "fault", "unplayable"]
"""How a session comes out: the same; other words on the same way; another way; a fault; or it cannot be told."""

MOST_ROWS = 5_000
"""Rows of one person that are played at most."""

BEGUN = 5
"""Sessions that one row may have begun, as far as they are looked for."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One person's record. `contact` is as she was before anything happened; `rows` are worked off, in order; `sessions`
    as they stand now, by id, `moved` those that a deployment brought into another revision while they waited. `foreign`:
    why her record alone does not tell all, "" when it does."""

    contact: Contact
    rows: tuple[InboxEntry, ...]
    sessions: Mapping[str, Session]
    foreign: str = ""
    moved: frozenset[str] = frozenset()


@dataclass(slots=True)
class Trace:
    """What a session did: the (step, exit) pairs, what it said, and faults."""

    path: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one session. `detail` is the first thing that is different, or the reason."""

    session: str
    flow: str
    revision: str
    verdict: Verdict
    detail: str = ""


Bots = Callable[[InboxEntry, Mapping[str, str]], Bot]
"""The bot as it was when a row came; the mapping forces revisions of flows, by what is recorded."""


def replay(
    record: Recorded, wanted: Sequence[str], was: Bots, then: Callable[[Session], Bot], until: datetime
) -> list[Outcome]:
    """Judge these sessions of one person, on the bot that `then` gives for each."""
    known = [record.sessions[name] for name in wanted]
    reason = record.foreign or (f"more than {MOST_ROWS} rows" if len(record.rows) > MOST_ROWS else "")
    if reason:
        return [_outcome(session, "unplayable", reason) for session in known]
    try:
        played = _History(record, was, until)
    except Exception as error:  # whatever a record holds, it costs this person's sessions only
        return [_outcome(session, "unplayable", f"the record cannot be played: {error}") for session in known]
    return [_judge(played, session, then(session), until) for session in known]


def _outcome(session: Session, verdict: Verdict, detail: str = "") -> Outcome:
    root = session.stack[0] if session.stack else session
    return Outcome(session.id, root.flow, root.revision, verdict, detail)


class _Player:
    """A person and her live sessions while rows are played; keeps what each session did."""

    def __init__(self, contact: Contact, sessions: Mapping[str, Session]) -> None:
        self.contact, self.sessions = contact, dict(sessions)
        self.ended: dict[str, Session] = {}
        self.traces: dict[str, Trace] = {}

    def ring(self, bot: Callable[[], Bot], until: datetime) -> None:
        """Everything that is due by then, each at its moment."""
        while (session := self._due(until)) is not None:
            assert session.wake_at is not None, "it is due"
            self.react(bot(), ClockRang(f"{session.id}w{session.turns}", session.wake_at, session.id))
            if self.sessions.get(session.id) == session:
                return  # nothing moved it: people have her, or it stands aside

    def _due(self, until: datetime) -> Session | None:
        due = [s for s in self.sessions.values() if s.wake_at and s.wake_at <= until and self.contact.owner == "bot"]
        return min(due, key=lambda session: session.wake_at or until) if due else None

    def row(self, bot: Bot, row: InboxEntry) -> None:
        """One row as `jobs/receive` takes it."""
        if row.kind in ("echo", "code", "plan") or (row.kind == "fate" and is_of_plan(row)):
            return  # what came of a code or a plan is told by a row of its own
        heard, new = None, self.contact.last_seen_at is None
        if row.kind == "heard":
            heard = heard_of(row)
            self.contact = meet(self.contact, heard)
            if heard.kind in UNSPOKEN and heard.kind not in OF_A_MESSAGE:
                return
        self.react(bot, event_of(row, new, heard))

    def react(self, bot: Bot, event: Event) -> None:
        """One event, and what it does."""
        standing = Standing(self.contact, tuple(s for s in self.sessions.values() if s.live))
        self._keep(react(bot, standing, event))

    def _keep(self, reaction: Reaction) -> None:
        self.contact = reaction.contact
        for session in reaction.sessions:
            (self.sessions if session.live else self.ended)[session.id] = session
            if not session.live:
                self.sessions.pop(session.id, None)
        for turn in reaction.turns:
            self._trace(turn.session.id).path.extend(turn.path)
        for effect in reaction.effects:
            if isinstance(effect, Say) and effect.session:
                trace = self._trace(effect.session)
                trace.said.append(jsons.dumps(content_to_json(effect.content)))
                trace.words.append(words_of(effect.content))
            elif isinstance(effect, Report) and effect.session:
                self._trace(effect.session).faults.append(f"{effect.step}: {effect.reason}")

    def _trace(self, session: str) -> Trace:
        return self.traces.setdefault(session, Trace())

    def found(self, session: str) -> Session | None:
        """The session as it stands, or stood last."""
        return self.sessions.get(session) or self.ended.get(session)


@dataclass(frozen=True, slots=True)
class _Moment:
    """How everything stood before a row that began sessions: what is needed to go on from there."""

    number: int
    contact: Contact
    sessions: Mapping[str, Session]


class _History:
    """A person's whole record, played as it was."""

    def __init__(self, record: Recorded, was: Bots, until: datetime) -> None:
        self.record, self.was = record, was
        self.moments: dict[str, _Moment | None] = {}
        """None: a session that the clock began, between two rows"""
        self.player = player = _Player(record.contact, {})
        bot: Bot | None = None
        for number, row in enumerate(record.rows):
            if bot is not None:
                player.ring(lambda bot=bot: bot, row.received_at)  # type: ignore[misc]
                self.moments.update(dict.fromkeys(player.traces.keys() - self.moments.keys()))
            moment = _Moment(number, player.contact, dict(player.sessions))
            bot = was(row, self._begun(row))
            player.row(bot, row)
            for name in player.traces.keys() - self.moments.keys():
                self.moments[name] = moment
        if bot is not None:
            last = bot
            player.ring(lambda: last, until)

    def _begun(self, row: InboxEntry) -> dict[str, str]:
        """The revisions of the flows that this row began, as recorded."""
        ids = [short_id(f"{origin_of(row)}.{number}", SESSION_ID_BYTES) for number in range(1, BEGUN + 1)]
        found = [self.record.sessions[name] for name in ids if name in self.record.sessions]
        roots = [session.stack[0] if session.stack else session for session in found]
        return {root.flow: root.revision for root in roots}


def _judge(played: _History, session: Session, bot: Bot, until: datetime) -> Outcome:
    if session.id in played.record.moved:
        return _outcome(session, "unplayable", "it was moved into another revision while it waited")
    again, moment = played.player.found(session.id), played.moments.get(session.id)
    if again is None or moment is None:
        return _outcome(session, "unplayable", "nothing she did begins it: it began by the clock, a link or an import")
    if (why := _unlike(session, again)) and session.live == again.live:
        return _outcome(session, "unplayable", why)
    if why:
        return _outcome(session, "unplayable", f"the record leads to another end: {why}")
    forked = _forked(played, moment, session.id, bot, until)
    return _compared(session, played.player, forked, bot)


def _unlike(recorded: Session, again: Session) -> str:
    """Where a replayed session stands otherwise than the recorded one; "" when it does not."""
    if recorded.revision != again.revision:
        return "it ran on another revision than the record says"
    if recorded.status != again.status:
        return f"it is {recorded.status}, and would be {again.status}"
    step, other = (one.wait.step if one.wait else "" for one in (recorded, again))
    if step != other:
        return f"it stands at {step}, and would stand at {other}"
    if recorded.answers != again.answers or recorded.asked != again.asked:
        return "its answers are others: something from outside that is not in the record changed her"
    return ""


def _forked(played: _History, moment: _Moment, name: str, bot: Bot, until: datetime) -> _Player:
    """The same rows from the moment the session began, on the other bot, until it is over there."""
    player = _Player(moment.contact, moment.sessions)
    rows = played.record.rows[moment.number :]
    for number, row in enumerate(rows):
        if number:
            player.ring(lambda: bot, row.received_at)
            if name in player.ended:
                return player
        player.row(bot, row)
        if player.found(name) is None and not number:
            return player
    player.ring(lambda: bot, until)
    return player


def _compared(session: Session, before: _Player, after: _Player, bot: Bot) -> Outcome:
    old, new = before.traces[session.id], after.traces.get(session.id)
    if new is None:
        return _outcome(session, "path", "it does not begin")
    faults = new.faults[len(old.faults) :]
    if faults or (_failed(after, session.id) and not _failed(before, session.id)):
        return _outcome(session, "fault", faults[0] if faults else "it fails")
    names = dict(_renamed(session, bot))
    way = [(names.get(step, step), exit) for step, exit in old.path]
    if way != new.path:
        return _outcome(session, "path", _first(way, new.path))
    if old.said != new.said:
        one, other = _differing(old.words, new.words)
        return _outcome(session, "words", f"{one!r} -> {other!r}")
    return _outcome(session, "same")


def _failed(player: _Player, name: str) -> bool:
    found = player.found(name)
    return found is not None and found.status == "failed"


def _renamed(session: Session, bot: Bot) -> Iterator[tuple[str, str]]:
    """Old names of steps and the new ones, as `migrations` say."""
    root = session.stack[0] if session.stack else session
    old, new = bot.flow(root.flow, root.revision), bot.flows.get(root.flow)
    if old is not None and new is not None:
        yield from ((name, renamed(name, old, new)[0]) for name in old.steps if name not in new.steps)


def _first(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> str:
    """The first place at which two ways part."""
    for number in range(max(len(old), len(new))):
        one, other = (_place(way, number) for way in (old, new))
        if one != other:
            return f"{one}, now {other}"
    return ""


def _place(way: Sequence[tuple[str, str]], number: int) -> str:
    return " ".join(way[number]) if number < len(way) else "nothing"


def _differing(old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    for number in range(max(len(old), len(new))):
        one, other = (side[number] if number < len(side) else "" for side in (old, new))
        if one != other:
            return one, other
    return old[0] if old else "", "the same words with other parts"


def reset(contact: Contact) -> Contact:
    """Her as she was before anything was heard: what is known comes out of her record."""
    return replace(
        contact, identities=(), first_name=None, last_name=None, language=None, timezone=None, fields={}, tags=frozenset(),
        consent={}, last_heard={}, last_seen_at=None, channel=None, owner="bot", owner_until=None, pending_link=None,
    )  # fmt: skip
