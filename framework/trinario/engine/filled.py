"""Forms: whose question the token belongs to that comes back with what she filled in."""

from trinario.engine.elsewhere import form_data
from trinario.engine.rounds import of_this_round
from trinario.engine.say_doing import MARK
from trinario.engine.stage import Stage
from trinario.model.heard import Heard


def fill(stage: Stage, heard: Heard) -> bool:
    """Takes a form that a question of a live session put to her; False: its token is none of ours.

    One that is sent again, or late, is told to be so: its question is over, and the pending one comes again.
    """
    name, _, place = str(form_data(heard).get("flow_token") or "").partition("/")
    number, _, mark = place.partition("/")
    session = stage.sessions.get(name)
    if session is None or not session.live or mark != MARK or not number.isdecimal():
        return False
    wait = session.wait
    prompt = next((one for one in session.prompts if one.number == int(number)), None)
    if prompt is None:
        return False
    flow = stage.bot.flow(session.flow, session.revision)
    same = wait is not None and wait.kind == "ask" and (wait.step, session.flow) == (prompt.step, prompt.flow)
    if same and flow and of_this_round(session, flow, prompt):
        stage.advance(session, first=True)
        return True
    pending = stage.foreground
    stage.say("late", chosen=prompt.chosen or heard.text)
    if pending is not None:
        stage.again(pending)
    return True
