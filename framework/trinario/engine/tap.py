"""Taps: what a payload of ours means, whenever it comes and from whichever channel."""

from dataclasses import replace

from trinario.engine.pages import page_of
from trinario.engine.rounds import of_this_round
from trinario.engine.stage import Stage
from trinario.model.event import MessageHeard
from trinario.model.flow import Ask, OptIn
from trinario.model.heard import Heard
from trinario.model.session import Offered, Prompt, Session


def tap(stage: Stage, heard: Heard) -> bool:
    """Takes a tap on something that a live session offered; False: it is not ours, or only its title counts.

    One that is over counts if its question was brought on several channels.
    """
    name, _, place = heard.payload.partition("/")
    session = stage.sessions.get(name)
    number, _, index = place.partition("/")
    if number.isdecimal() and name in stage.over:
        return _other_copy(stage, stage.over[name], int(number))
    if session is None or not session.live or not number.isdecimal():
        return False
    if page_of(heard.payload) is not None:
        return _turn(stage, session, int(number))
    if not index.isdecimal():
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


def _other_copy(stage: Stage, session: Session, number: int) -> bool:
    """The session is over, and this is a copy of its question on another channel than the one on which she answered."""
    prompt = next((prompt for prompt in session.prompts if prompt.number == number), None)
    if prompt is None or not prompt.chosen:
        return False
    stage.say("late", chosen=prompt.chosen)
    if stage.foreground is not None:
        stage.again(stage.foreground)
    return True


def _turn(stage: Stage, session: Session, number: int) -> bool:
    """She turns the page of a question; of one that is over, the pending question comes again."""
    wait = session.wait
    prompt = next((prompt for prompt in session.prompts if prompt.number == number), None)
    if prompt is None:
        return False
    if wait and wait.kind == "ask" and (wait.step, session.flow) == (prompt.step, prompt.flow):
        stage.advance(session, first=True)
        return True
    pending = stage.foreground
    if prompt.chosen:
        stage.say("late", chosen=prompt.chosen)
    if pending is not None:
        stage.again(pending)
    return bool(prompt.chosen) or pending is not None


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
    flow = stage.bot.flow(session.flow, session.revision)
    if flow and not of_this_round(session, flow, prompt):
        return False
    if prompt.chosen and flow and isinstance(flow.steps.get(prompt.step), OptIn):
        return False  # the yes to the first question of a double opt-in is none to the second
    stage.advance(session, replace(stage.event, heard=replace(heard, payload=same.payload)), first=True)
    return True


def _late(stage: Stage, session: Session, prompt: Prompt, option: Offered) -> bool:
    """A tap on a question that is over: a changed answer, or a word about what was chosen and the pending question."""
    flow = stage.bot.flow(session.flow, session.revision)
    step = flow.steps.get(prompt.step) if flow and flow.name == prompt.flow else None
    if flow and isinstance(step, Ask) and step.change and of_this_round(session, flow, prompt):
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
