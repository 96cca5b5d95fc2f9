"""The `handoff` step: people take the contact over; what the flow does when they give her back."""

from datetime import datetime

from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Go, Leave, Move, Stay
from trinario.engine.time import elapsed
from trinario.engine.time import zone as zone_named
from trinario.errors import EvaluationError
from trinario.model.bot import Bot, Team
from trinario.model.effect import OpenTicket
from trinario.model.event import OwnerReturned
from trinario.model.flow import Handoff
from trinario.model.hours import Hours
from trinario.model.turn import Follow


def enter(step: Handoff, draft: Draft) -> Move:
    """Opens a ticket; the bot is silent from here on. `resume: end` leaves at once."""
    team = draft.bot.teams.get(step.team)
    if team is None:
        if draft.led(step, "unavailable"):
            return Go("unavailable")
        raise EvaluationError(f"there is no team {step.team}")
    if not is_there(draft.bot, team, draft.event.at, step.hours):
        return Go("unavailable")
    silence = step.after or draft.bot.handoff_return
    until = elapsed(draft.event.at, silence) if silence else None
    note = step.note.render(draft.scope) if step.note else ""
    draft.hand_over(OpenTicket(draft.session.id, step.team, note, step.priority or "", until, draft.deed()))
    if step.resume == "end":
        return Leave("done", f"handed to {step.team}")
    return Stay(sleep(step.name, draft))


def is_there(bot: Bot, team: Team, moment: datetime, hours: Hours | None = None) -> bool:
    """Whether somebody of the team is at work, by its own clock; `hours` take the place of its own."""
    calendar = team.calendar
    where = zone_named(calendar.zone or bot.timezone) or zone_named("UTC")
    assert where is not None, "there is UTC"
    return calendar.is_open(moment, where, hours)


def wake(step: Handoff, draft: Draft) -> Move:
    """The bot has her again: on with the flow, from its beginning, or back to the question that stood last."""
    if not isinstance(draft.event, OwnerReturned):
        return Stay(draft.wait or sleep(step.name, draft))
    if step.resume == "restart":
        root = draft.stack[0] if draft.stack else None
        name, inputs = (root.flow, root.inputs) if root else (draft.flow.name, draft.inputs)
        return Leave("done", "begun anew", Follow(name, dict(inputs)))
    if step.resume == "ask_again":
        asked = [p.step for p in draft.prompts if p.flow == draft.flow.name and p.step in draft.flow.steps]
        return Go("returned", asked[-1] if asked else None)
    return Go("returned")
