"""Which of the questions that a session has put belong to the rounds of its loops in which it stands."""

from trinario.model.flow import Flow
from trinario.model.session import Prompt, Session


def of_this_round(session: Session, flow: Flow, prompt: Prompt) -> bool:
    """Whether an earlier question of `flow`, in which the session stands, is of the present rounds.

    One of an earlier round, or of a loop that is over, is not: its item is gone.
    """
    if prompt.number <= max((loop.since for frame in session.stack for loop in frame.loops), default=0):
        return False
    around = flow.inside.get(prompt.step)
    return around is None or any(loop.step == around and prompt.number > loop.since for loop in session.loops)


def beside(session: Session, flow: Flow, step: str) -> list[str]:
    """The steps of the questions put so far to which one can go back from `step`: those of its own round only."""
    return [
        prompt.step
        for prompt in session.prompts
        if prompt.flow == flow.name
        and flow.inside.get(prompt.step) == flow.inside.get(step)
        and of_this_round(session, flow, prompt)
    ]
