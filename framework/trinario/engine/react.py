"""One event for one contact: who takes it, what moves, what begins. The door of the engine."""

from typing import assert_never

from trinario.engine import trigger
from trinario.engine.hear import hear
from trinario.engine.leave import holding, left_by_event
from trinario.engine.stage import Stage
from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.effect import Report
from trinario.model.event import (
    ClockRang,
    Event,
    EventArrived,
    FateKnown,
    FlowWanted,
    MessageHeard,
    OwnerReturned,
    Switched,
    SwitchEnded,
)
from trinario.model.flow import Handoff
from trinario.model.session import Session
from trinario.model.turn import Reaction, Standing


def react(bot: Bot, standing: Standing, event: Event) -> Reaction:
    """Answers one event. Pure: the same bot, standing and event give the same reaction. Never raises.

    The contact of `standing` is as the event finds her: `channel`, `last_heard` and `last_seen_at` already tell of a
    message that was heard, `identities` of a link that was followed.
    """
    stage = Stage(bot, standing, event)
    stage.leave()
    match event:
        case MessageHeard():
            hear(stage, event)
        case ClockRang(session=session):
            _told(stage, session)
        case FateKnown():
            _fate(stage, event)
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
        case _:
            assert_never(event)
    return stage.reaction()


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
        stage.keep_fate(session, event.key, event.outcome)
    _told(stage, event.session)


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
    """An event from outside: sessions leave, flows begin."""
    left = [session for session in stage.live if _leaves(stage, session, event)]
    if left:
        stage.withdraw(left, f"left: event {event.name}")
    try:
        rules = trigger.of_event(stage.index, stage.scope(), event)
    except EvaluationError as fault:
        stage.do(Report("", "", f"trigger event {event.name}", str(fault)))
        rules = []
    values = trigger.values_of("event", event)
    for rule in rules:
        if_busy = rule.trigger.if_busy or "defer"
        if if_busy == "skip" and stage.foreground is not None:
            continue
        own = rule.trigger.if_busy or ""
        stage.begin(rule.flow, "event", values, if_busy=if_busy, own=own, held=_silent(stage))
    stage.handled = bool(left or rules)


def _leaves(stage: Stage, session: Session, event: EventArrived) -> bool:
    try:
        return left_by_event(stage.bot, session, holding(stage.bot, session, stage.contact, event), event)
    except EvaluationError as fault:
        stage.do(Report(session.id, session.flow, "exit_when", str(fault)))
        return False


def _returned(stage: Stage, event: OwnerReturned) -> None:
    """The bot has her again: the pending question once more, then what waited for the people, then what is overdue."""
    stage.give_back()
    if (pending := stage.foreground) is not None:
        stage.again(pending)
    for session in stage.live:
        if session.status == "waiting" and _at_handoff(stage, session):
            stage.advance(session)
    stage.heed_fates()
    for session in stage.live:
        if session.wake_at and session.wake_at <= event.at and not session.foreground:
            stage.advance(session, ClockRang(event.origin, event.at, session.id))


def _at_handoff(stage: Stage, session: Session) -> bool:
    flow = stage.bot.flow(session.flow, session.revision)
    return bool(flow and session.wait and isinstance(flow.steps.get(session.wait.step), Handoff))


def _wanted(stage: Stage, event: FlowWanted) -> None:
    """Somebody begins a flow for her; it gives way to a pending question."""
    flow = stage.bot.flows.get(event.flow)
    if flow is None:
        stage.do(Report("", event.flow, "", "there is no such flow"))
        stage.handled = False
        return
    values = {"text": "", "ref": "", "ad": ""}
    stage.begin(flow, "wanted", values, event.inputs, "defer", held=_silent(stage))
