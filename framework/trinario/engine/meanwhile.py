"""What comes for the bot while people have her: kept, and heeded when it has her again, so that nobody asks or tells twice.

Of what she does only that counts which can be meant for nobody but the bot: a tap on a button of the pending question, and a
field of hers that somebody has filled in since. What she writes to people is said to people. Besides that the outside
answers, and tells what became of messages.
"""

from dataclasses import replace

from trinario.engine.answer import Good
from trinario.engine.stage import Stage
from trinario.engine.values import kept_all
from trinario.model.channel import Identity
from trinario.model.event import CallReturned, FateKnown, MessageHeard
from trinario.model.flow import Ask
from trinario.model.heard import Heard
from trinario.model.session import Session, Wait


def keep(stage: Stage, heard: Heard) -> None:
    """The tap on a button of a pending question is its answer; of several the last counts."""
    name, _, place = heard.payload.partition("/")
    session, number = stage.sessions.get(name), place.partition("/")[0]
    wait = session.wait if session and session.live else None
    if session is None or wait is None or wait.kind != "ask" or number != str(wait.number):
        return
    if any(option.payload == heard.payload for option in wait.options):
        came = {"payload": heard.payload, "text": heard.text, "channel": heard.identity.channel}
        stage.change_wait(session, replace(wait, came=came))


def heed(stage: Stage, session: Session) -> bool:
    """The pending question was answered meanwhile: the session goes on with that. False: it is to be put again."""
    wait = session.wait
    if wait is None or wait.kind != "ask":
        return False
    if wait.came is not None:
        came, fresh = dict(wait.came), replace(wait, came=None)
        tap = _heard(stage, str(came["text"]), str(came["channel"]), str(came["payload"]))
        stage.advance(stage.change_wait(session, fresh), tap, first=True)
        return True
    return _filled_in(stage, session, wait)


def keep_fate(stage: Stage, session: Session, key: str, outcome: str) -> None:
    """What became of an awaited message; of each message the first news counts."""
    wait = session.wait
    if wait and wait.kind == "sent" and key in wait.keys and key not in dict(wait.fates):
        stage.change_wait(session, replace(wait, fates=(*wait.fates, (key, outcome))))


def heed_fates(stage: Stage) -> None:
    """What became of awaited messages moves the sessions that wait for it."""
    for session in stage.live:
        wait = session.wait
        for key, outcome in wait.fates if wait else ():
            present = stage.sessions[session.id]
            if present.live and present.wait and key in present.wait.keys:
                stage.advance(present, FateKnown(stage.event.origin, stage.event.at, present.id, key, outcome))


def keep_answer(stage: Stage, session: Session, event: CallReturned) -> None:
    """What the outside answered."""
    wait = session.wait
    if wait and wait.kind == "call" and event.key in wait.keys and wait.came is None:
        came = {"outcome": event.outcome, "status": event.status, "data": event.data,
                "headers": dict(event.headers), "reason": event.reason}  # fmt: skip
        stage.change_wait(session, replace(wait, came=kept_all(came)))


def heed_answers(stage: Stage) -> None:
    """What the outside answered moves the sessions that wait for it."""
    for session in stage.live:
        wait = session.wait
        if wait and wait.kind == "call" and wait.came is not None:
            came = dict(wait.came)
            status = None if came["status"] is None else int(came.pop("status"))
            told = CallReturned(stage.event.origin, stage.event.at, session.id, wait.keys[0], str(came["outcome"]),
                                status, came["data"], came["headers"], str(came["reason"]))  # fmt: skip
            stage.advance(session, told)


def _filled_in(stage: Stage, session: Session, wait: Wait) -> bool:
    """Somebody has written the field to which the answer is saved."""
    flow = stage.bot.flow(session.flow, session.revision)
    step = flow.steps.get(wait.step) if flow else None
    if not isinstance(step, Ask) or not (step.save or "").startswith("fields.") or step.type == "otp":
        return False
    name = (step.save or "").removeprefix("fields.")
    value, at = stage.contact.fields.get(name), stage.contact.changed.get(name)
    if value in (None, "", []) or at is None or at <= wait.since:
        return False
    option = next((one for one in wait.options if one.value == value), None)
    if wait.options and option is None:
        return False
    if option is not None:
        stage.advance(session, _heard(stage, option.title, "", option.payload), first=True)
    else:
        stage.advance(session, _heard(stage, str(value)), first=True, reading=Good(value, str(value)))
    return True


def _heard(stage: Stage, text: str, channel: str = "", payload: str = "") -> MessageHeard:
    who = Identity(channel or stage.contact.channel or "", "", "")
    kind = "tap" if payload else "text"
    return MessageHeard(stage.event.origin, stage.event.at, Heard(who, "", stage.event.at, kind, text, payload))
