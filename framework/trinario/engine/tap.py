"""Taps: what a payload of ours means, whenever it comes and from whichever channel."""

from dataclasses import replace

from trinario.engine.stage import Stage
from trinario.model.event import MessageHeard
from trinario.model.flow import Ask
from trinario.model.message import Heard
from trinario.model.session import Offered, Prompt, Session


def tap(stage: Stage, heard: Heard) -> bool:
    """Takes a tap on something that a live session offered; False: it is not ours, or only its title counts."""
    name, _, place = heard.payload.partition("/")
    session = stage.sessions.get(name)
    number, _, index = place.partition("/")
    if session is None or not session.live or not (number.isdecimal() and index.isdecimal()):
        return False
    wait = session.wait
    if wait and wait.kind == "ask" and int(number) == wait.number and _option(wait.options, heard.payload):
        stage.advance(session, first=True)
        return True
    prompt = next((prompt for prompt in session.prompts if prompt.number == int(number)), None)
    option = _option(prompt.options, heard.payload) if prompt else None
    if prompt is None or option is None:
        return False
    return _pending_copy(stage, session, prompt, option, heard) or _late(stage, session, prompt, option)


def _option(options: tuple[Offered, ...], payload: str) -> Offered | None:
    return next((option for option in options if option.payload == payload), None)


def _pending_copy(stage: Stage, session: Session, prompt: Prompt, option: Offered, heard: Heard) -> bool:
    """The same question is pending anew: the tap on its earlier copy is the answer."""
    wait = session.wait
    if not wait or wait.kind != "ask" or (wait.step, session.flow) != (prompt.step, prompt.flow):
        return False
    same = next((other for other in wait.options if other.value == option.value), None)
    if same is None or not isinstance(stage.event, MessageHeard):
        return False
    stage.advance(session, replace(stage.event, heard=replace(heard, payload=same.payload)), first=True)
    return True


def _late(stage: Stage, session: Session, prompt: Prompt, option: Offered) -> bool:
    """A tap on a question that is over: a changed answer, or a word about what was chosen and the pending question."""
    flow = stage.bot.flow(session.flow, session.revision)
    step = flow.steps.get(prompt.step) if flow and flow.name == prompt.flow else None
    if isinstance(step, Ask) and step.change:
        stage.change(session, prompt, option)
        return True
    pending = stage.foreground
    if prompt.chosen:
        stage.say("late", chosen=prompt.chosen)
    elif pending is None:
        stage.say("cannot_handle")
    if pending is not None:
        stage.again(pending)
    return True
