"""Questions that are answered while people have her: kept, and heeded when the bot has her again, so that nobody asks twice.

Only what can be meant for nobody but the bot counts: a tap on a button of the pending question, and a field of hers that
somebody has filled in since. What she writes to people is said to people.
"""

from dataclasses import replace

from trinario.engine.answer import Good
from trinario.engine.stage import Stage
from trinario.model.channel import Identity
from trinario.model.event import MessageHeard
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
