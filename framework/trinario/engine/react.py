"""One event for one contact: who takes it, what moves, what begins. The door of the engine."""

from functools import partial
from typing import assert_never

from trinario.engine import awaited, changes, consent, due, entry, foreground, meanwhile, trigger
from trinario.engine.hear import hear
from trinario.engine.index import Rule
from trinario.engine.leaving import leave, leave_by
from trinario.engine.stage import Stage
from trinario.engine.told import as_declared
from trinario.model.bot import Bot
from trinario.model.effect import Report
from trinario.model.event import (
    CallReturned,
    ClockRang,
    ConsentTold,
    ContactChanged,
    Event,
    EventArrived,
    FateKnown,
    FlowWanted,
    IdentityLinked,
    MessageHeard,
    OwnerReturned,
    Redeployed,
    StatusTold,
    Switched,
    SwitchEnded,
    TriggerDue,
    Unsaid,
)
from trinario.model.flow import Handoff
from trinario.model.session import Session
from trinario.model.turn import Reaction, Standing


def react(bot: Bot, standing: Standing, event: Event) -> Reaction:
    """Answers one event. Pure: the same bot, standing and event give the same reaction. Never raises.

    The contact of `standing` is as the event finds her: `channel`, `last_heard` and `last_seen_at` already tell of a
    message that was heard, `identities` of a link that was followed.
    """
    event, faults = as_declared(bot, event) if isinstance(event, EventArrived) else (event, ())
    stage = Stage(bot, standing, event)
    for fault in faults:
        stage.do(fault)
    leave(stage)
    match event:
        case MessageHeard():
            hear(stage, event)
            due.arm(stage)
        case ClockRang(session=session):
            _told(stage, session)
        case FateKnown():
            _fate(stage, event)
        case CallReturned():
            _answered(stage, event)
        case SwitchEnded(session=session):
            _told(stage, session, first=True)
        case Switched():
            _switched(stage, event)
        case EventArrived():
            _arrived(stage, event)
        case OwnerReturned():
            _returned(stage, event)
        case FlowWanted():
            _wanted(stage, event)
        case Redeployed(session=session):
            _redeployed(stage, session)
        case Unsaid(session=session, reason=reason):
            _unsaid(stage, session, reason)
        case ContactChanged(change=change):
            stage.do(change)
            stage.fields.update(change.fields)
        case TriggerDue():
            due.came(stage, event)
        case StatusTold():
            _status(stage, event)
        case ConsentTold(entry=said):
            stage.do(said)
        case IdentityLinked():
            _begun(stage, "identity_linked", "")
        case _:
            assert_never(event)
    return _settled(stage)


def _settled(stage: Stage) -> Reaction:
    """What the event led to, and what follows from that: triggers of changes, questions that stood aside."""
    event = stage.event
    consent.begin_flows(stage)
    if stage.index.watch is not None:
        told = SEEN if isinstance(event, MessageHeard) else frozenset[str]()
        if isinstance(event, MessageHeard) and event.new:
            told |= NEW
        leave(stage)
        changes.follow(stage, told)
    foreground.settle(stage)
    changes.follow(stage)
    consent.begin_flows(stage)
    return stage.reaction()


SEEN = frozenset({"contact.last_seen_at"})
NEW = frozenset({"contact.created_at", "contact.first_name", "contact.last_name", "contact.name", "contact.channel"})
"""What a message changes of a contact before the engine sees her."""


def _begun(stage: Stage, kind: str, value: str) -> bool:
    """Begins the flows of a kind of trigger, each once; they give way to a question that is pending."""
    rules = trigger.of_happening(stage.index, kind, value, partial(entry.fits, stage))
    for rule in rules:
        entry.begin(stage, rule, "defer")
    return bool(rules)


def _status(stage: Stage, event: StatusTold) -> None:
    """A message of ours came so far: what a flow said itself does not begin it.

    Flows that begin by statuses are heard only where they are named: two of them would begin each other for ever.
    """
    watching = {rule.flow.name for rule in stage.index.by_kind.get("message_status", ())}

    def fits(rule: Rule) -> bool:
        one = rule.trigger
        named = one.flow == event.flow or (not one.flow and event.flow not in watching)
        return named and one.step in ("", event.step) and rule.flow.name != event.flow and entry.fits(stage, rule)

    rules = trigger.of_happening(stage.index, "message_status", event.status, fits)
    for rule in rules:
        entry.begin(stage, rule, "defer")
    stage.handled = bool(rules)


def _silent(stage: Stage) -> bool:
    """People have the contact: the bot says nothing and no flow moves."""
    return stage.contact.owner == "person"


def _told(stage: Stage, name: str, *, first: bool = False) -> None:
    """Something happened that is meant for one session. What comes while people have her is done when they are."""
    session = stage.sessions.get(name)
    if session is None or not session.live:
        stage.handled = False
    elif not _silent(stage):
        stage.advance(session, first=first)


def _fate(stage: Stage, event: FateKnown) -> None:
    """What became of a message: nobody tells it twice, so it is kept while people have her."""
    session = stage.sessions.get(event.session)
    if session and _silent(stage):
        meanwhile.keep_fate(stage, session, event.key, event.outcome)
    _told(stage, event.session)


def _answered(stage: Stage, event: CallReturned) -> None:
    """The outside answered; nobody tells it twice, so it is kept while people have her. One that comes too late is told."""
    session = stage.sessions.get(event.session)
    wait = session.wait if session and session.live else None
    if session is None or wait is None or wait.kind != "call" or event.key not in wait.keys:
        stage.do(
            Report(
                event.session,
                session.flow if session else "",
                "",
                f"an answer of the outside came too late: {event.key}",
            )
        )
        stage.handled = False
    elif _silent(stage):
        meanwhile.keep_answer(stage, session, event)
    else:
        stage.advance(session)


def _switched(stage: Stage, event: Switched) -> None:
    """She came by the link: its step goes on; if it has been left meanwhile, whatever is pending is put here."""
    session = stage.sessions.get(event.session)
    if _silent(stage):
        return
    wait = session.wait if session and session.live else None
    if session and wait and wait.kind == "switch" and wait.offer == event.offer:
        stage.advance(session, first=True)
    elif (pending := stage.foreground) is not None:
        stage.again(pending)
    else:
        stage.say("switch.done")


def _arrived(stage: Stage, event: EventArrived) -> None:
    """An event from outside: sessions leave, those that wait for it go on, flows begin."""
    left = leave_by(stage, event)
    woken = awaited.wake(stage, event)
    begun = _begun(stage, "event", event.name)
    stage.handled = left or woken or begun


def _returned(stage: Stage, event: OwnerReturned) -> None:
    """The bot has her again: the pending question once more, then what waited for the people, then what is overdue."""
    stage.give_back()
    for session in stage.live:
        if not meanwhile.heed(stage, session) and session.foreground:
            stage.again(session)
    for session in stage.live:
        if session.status == "waiting" and _at_handoff(stage, session):
            stage.advance(session)
    meanwhile.heed_fates(stage)
    awaited.heed(stage)
    meanwhile.heed_answers(stage)
    for session in stage.live:
        if session.wake_at and session.wake_at <= event.at and not session.foreground:
            stage.advance(session, ClockRang(event.origin, event.at, session.id))
    if stage.index.by_kind.get("handoff_closed"):
        foreground.settle(stage)  # what waited for the people comes first
        _begun(stage, "handoff_closed", "")


def _redeployed(stage: Stage, name: str) -> None:
    """The step begins now, unless another question is pending or people have her: then it does when they are done."""
    session = stage.sessions.get(name)
    if session is not None and session.live and not _silent(stage):
        stage.again(session)


def _unsaid(stage: Stage, name: str, reason: str) -> None:
    """Nobody waits for the answer to a question that she never gets."""
    session = stage.sessions.get(name)
    if session is not None and session.live and not session.answers:
        stage.withdraw([session], reason)


def _at_handoff(stage: Stage, session: Session) -> bool:
    flow = stage.bot.flow(session.flow, session.revision)
    return bool(flow and session.wait and isinstance(flow.steps.get(session.wait.step), Handoff))


def _wanted(stage: Stage, event: FlowWanted) -> None:
    """Somebody begins a flow for her; it gives way to a pending question."""
    flow = stage.bot.named(event.flow)
    if flow is None:
        stage.do(Report("", event.flow, "", "there is no such flow"))
        stage.handled = False
        return
    if event.trigger:
        held, busy = _silent(stage), event.if_busy or "defer"
        stage.begin(flow, "campaign", event.trigger, event.inputs, busy, busy, held, campaign=event.campaign)
        return
    values = {"text": "", "ref": "", "ad": ""}
    stage.begin(flow, "wanted", values, event.inputs, "defer", held=_silent(stage))
