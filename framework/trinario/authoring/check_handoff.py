"""Handoffs to a team that is not always there: without a way for the other hours she would be met with silence."""

from trinario.authoring.finding import Findings
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.model.flow import Handoff


def check_handoffs(parsed: ParsedFlow, bot: ParsedBot, found: Findings) -> None:
    """Every handoff whose team has hours or holidays says what happens outside of them."""
    flow, teams = parsed.flow, bot.get("teams") or {}
    handlers = bot.get("handlers") or {}
    for step in flow.steps.values() if flow else ():
        if not isinstance(step, Handoff) or flow is None or "unavailable" in handlers:
            continue
        team = teams.get(step.team)
        timed = step.hours is not None or (team is not None and (team.get("hours") or team.get("holidays")))
        if timed and "unavailable" not in step.exits and flow.handler(step.name, "unavailable") is None:
            found.warn(
                "T127", found.node("steps", step.name, "handoff"),
                f'outside the hours of team "{step.team}" the flow ends here without a word',
                "write on_unavailable: and the step that says when somebody is there",
            )  # fmt: skip
