"""The `goal` step: counts something reached."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.effect import CountGoal
from trinario.model.flow import Goal


def enter(step: Goal, draft: Draft) -> Move:
    """One CountGoal with its value."""
    value = draft.value(step.value) if step.value else None
    draft.effects.append(
        CountGoal(step.goal, draft.session.id, draft.flow.name, step.name, value, step.currency or "")
    )  # fmt: skip
    return Go()
