"""Delivery plans, followed: what became of the copies is looked at, the next channel is tried, or the plan ends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.facts import facts_for
from trinario.jobs.outbound import exhausted, fate, say_to
from trinario.jobs.plans import Running, drop, keep
from trinario.jobs.world import Scene, World
from trinario.model.consent import MARKETING
from trinario.model.contact import Contact
from trinario.model.delivery import Copy
from trinario.model.effect import Say
from trinario.model.session import Session
from trinario.policy.plan import ESCALATED, HOLD, OUT, Escalate, Next, Over, Row, TakeBack, Tried, Wait, next_step
from trinario.policy.send import may_send, places
from trinario.policy.verdict import Defer, Refuse, Verdict
from trinario.ports import CopyRow, Unit, Writes

OWNED = timedelta(minutes=5)
"""How soon a plan is looked at again while a person of the team has the conversation."""

ANSWERED = "answered"
"""The refusal of copies that nobody needs any more."""


@dataclass(frozen=True, slots=True)
class Case:
    """One contact's plan in one turn: who she is and where her sessions stand."""

    unit: Unit
    world: World
    contact: Contact
    sessions: Mapping[str, Session]
    scene: Scene
    writes: Writes


def pursue(case: Case, running: Running) -> Running | None:
    """Look at a plan and do what is due; gives how it stands, None when it is over."""
    now = case.scene.now
    if case.contact.owner == "person" and not _settled(case, running):
        keep(case.writes, case.contact, running, now + OWNED)
        return running
    step = _next(case, running)
    if isinstance(step, TakeBack):
        case.unit.take_back(running.copies[-1].keys, ESCALATED)
        step = _next(case, running)
        step = Wait(now + HOLD) if isinstance(step, TakeBack) else step
    match step:
        case Wait(until=until):
            running = _told(case, running)
            keep(case.writes, case.contact, running, until)
            return running
        case Escalate(why=why):
            return _further(case, running, why)
        case Over(why=why, reached=reached):
            _end(case, running, why, "accepted" if reached else "")
            return None


def _next(case: Case, running: Running) -> Next:
    rows = case.unit.copies([key for copy in running.copies for key in copy.keys])
    tried = [_tried(case, running, copy, rows) for copy in running.copies]
    return next_step(running.plan, running.say.purpose, tried, _settled(case, running), case.scene.now)


def _tried(case: Case, running: Running, copy: Copy, rows: Mapping[str, CopyRow]) -> Tried:
    channel = case.world.bot().channels.get(copy.channel)
    known = [rows.get(key) for key in copy.keys]
    heard = case.contact.last_heard.get(copy.channel)
    return Tried(
        copy.channel,
        copy.since,
        tuple(Row(row.status, row.refusal, row.not_before) if row else Row("pending") for row in known),
        channel.limits.receipts if channel else frozenset(),
        heard is not None and any(row and row.sent_at and heard > row.sent_at for row in known),
    )


def _settled(case: Case, running: Running) -> str:
    """Why nobody needs the message any more; "" while it is wanted."""
    say = running.say
    session = case.sessions.get(say.session)
    if session is None:
        status = case.unit.session_status(say.session) if say.session else ""
    else:
        status = session.status
    if status == "stopped":
        return "the flow that said it was left"
    if not say.prompt:
        return ""
    if session is None or not session.live:
        return "the question is over"
    wait, number = session.wait, say.prompt.rpartition("/")[2]
    if wait is None or str(wait.number) != number:
        return "the question was answered"
    seen, began = case.contact.last_seen_at, running.copies[0].since
    return "she wrote meanwhile" if seen is not None and seen > began else ""


def _told(case: Case, running: Running) -> Running:
    """A session that waits to know whether it went hears it as soon as no other channel will be tried for time's sake."""
    if running.told or not running.say.awaited:
        return running
    if running.plan.escalates and running.say.purpose != MARKETING and running.plan.if_not != "sent":
        return running
    rows = case.unit.copies(running.copies[-1].keys)
    if len(rows) < len(running.copies[-1].keys) or any(row.status not in OUT for row in rows.values()):
        return running
    _tell_session(case, running, "accepted")
    return replace(running, told=True)


def _tell_session(case: Case, running: Running, outcome: str) -> None:
    told = fate(case.contact.id, f"{running.say.key}/plan/0", running.say.session, outcome, "exhausted")
    body = {**jsons.loads(told.body), "final": True}
    case.writes.inward.append(replace(told, body=jsons.dumps(body)))


# ---- the next channel


def _further(case: Case, running: Running, why: str) -> Running | None:
    """The next channel that policy lets take it; without one the plan is exhausted."""
    gone = {copy.channel for copy in running.copies}
    hers = [channel.id for channel in places(case.world.bot(), case.contact, running.say)]
    order = [name for name in hers if name not in gone and case.contact.identity_on(name)]
    if not running.plan.escalates or not order:
        _exhausted(case, running, why)
        return None
    say = replace(running.say, order=tuple(order), awaited=True, typing=0.0)
    verdict = _said(case, say, len(running.copies))
    if isinstance(verdict, Refuse):
        detail = verdict.refusal.detail or verdict.refusal.code
        _exhausted(case, running, f"{why}; {detail}")
        return None
    after = replace(
        running, copies=(*running.copies, copy_of(case.writes, say, verdict, len(running.copies), case.scene.now))
    )
    told = {
        "message": say.key,
        "from": running.copies[-1].channel,
        "to": after.copies[-1].channel,
        "why": why,
        "prompt": say.prompt,
    }
    case.writes.events.append((case.contact.id, "escalated", case.scene.now, jsons.dumps(told)))
    keep(case.writes, case.contact, after, after.copies[-1].since + running.plan.after)
    return after


def _said(case: Case, say: Say, number: int) -> Verdict:
    bot = case.world.bot()
    facts = facts_for(bot, case.contact, say, case.scene, case.writes, False)
    verdict = may_send(bot, case.contact, say, case.scene.now, facts)
    return say_to(case.world, case.contact, say, verdict, case.scene, case.writes, copy=number)


def copy_of(writes: Writes, say: Say, verdict: Verdict, number: int, now: datetime) -> Copy:
    """The copy whose rows have just been written."""
    prefix = f"{say.key}/{number}/"
    rows = [row for row in writes.outgoing if row.key.startswith(prefix)]
    since = verdict.until if isinstance(verdict, Defer) else now
    return Copy(number, rows[-1].channel, since, tuple(row.key for row in rows))


# ---- the end


def _end(case: Case, running: Running, why: str, outcome: str) -> None:
    """Nothing more is to be done: copies that nobody sends yet do not go."""
    say = running.say
    case.unit.take_back([key for copy in running.copies for key in copy.keys], ANSWERED)
    case.writes.outgoing[:] = [row for row in case.writes.outgoing if not row.key.startswith(f"{say.key}/")]
    told = {"message": say.key, "why": why, "channels": [copy.channel for copy in running.copies]}
    case.writes.events.append((case.contact.id, "plan_over", case.scene.now, jsons.dumps(told)))
    if outcome and say.awaited and not running.told:
        _tell_session(case, running, outcome)
    drop(case.writes, case.contact, running)


def _exhausted(case: Case, running: Running, why: str) -> None:
    """No channel is left. The session hears `failed` only if nothing is with her or on its way."""
    rows = case.unit.copies([key for copy in running.copies for key in copy.keys])
    out = any(row.status in OUT for row in rows.values())
    say, now = running.say, case.scene.now
    tried = [_line(copy, rows) for copy in running.copies]
    told = {"message": say.key, "why": why, "tried": tried}
    case.writes.events.append((case.contact.id, "exhausted", now, jsons.dumps(told)))
    if running.plan.notify:
        exhausted(case.world, case.contact, say, "; ".join([*tried, why]), now, case.writes)
    if say.awaited and not running.told:
        _tell_session(case, running, "accepted" if out else "failed")
    drop(case.writes, case.contact, running)


def _line(copy: Copy, rows: Mapping[str, CopyRow]) -> str:
    known = [row for key in copy.keys if (row := rows.get(key))]
    worst = next((row for row in known if row.status not in OUT), known[-1] if known else None)
    if worst is None:
        return copy.channel
    return f"{copy.channel} {worst.status}" + (f" ({worst.refusal})" if worst.refusal else "")
