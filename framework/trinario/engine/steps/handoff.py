"""The `handoff` step: people take the contact over; what the flow does when they give her back."""

from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Go, Leave, Move, Stay
from trinario.engine.time import elapsed
from trinario.errors import EvaluationError
from trinario.model.effect import OpenTicket
from trinario.model.event import OwnerReturned
from trinario.model.flow import Handoff


def enter(step: Handoff, draft: Draft) -> Move:
    """Opens a ticket; the bot is silent from here on. `resume: end` leaves at once."""
    if step.team not in draft.bot.teams:
        if draft.led(step, "unavailable"):
            return Go("unavailable")
        raise EvaluationError(f"there is no team {step.team}")
    silence = step.after or draft.bot.handoff_return
    until = elapsed(draft.event.at, silence) if silence else None
    note = step.note.render(draft.scope) if step.note else ""
    draft.hand_over(OpenTicket(draft.session.id, step.team, note, step.priority or "", until, draft.deed()))
    if step.resume == "end":
        return Leave("done", f"handed to {step.team}")
    return Stay(sleep(step.name, draft))


def wake(step: Handoff, draft: Draft) -> Move:
    """The bot has her again: on with the flow, or back to the question that stood last."""
    if not isinstance(draft.event, OwnerReturned):
        return Stay(draft.wait or sleep(step.name, draft))
    if step.resume == "ask_again":
        asked = [p.step for p in draft.prompts if p.flow == draft.flow.name and p.step in draft.flow.steps]
        return Go("returned", asked[-1] if asked else None)
    return Go("returned")
