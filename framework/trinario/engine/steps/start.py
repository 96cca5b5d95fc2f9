"""The `start` step: another flow begins for good, in a session of its own; this one is done."""

from trinario.engine.draft import Draft
from trinario.engine.move import Leave, Move
from trinario.errors import EvaluationError
from trinario.model.flow import Start
from trinario.model.turn import Follow


def enter(step: Start, draft: Draft) -> Move:
    """Leaves; the reaction begins the flow."""
    if step.flow not in draft.bot.flows:
        raise EvaluationError(f"there is no flow {step.flow}")
    given = {name: draft.value(source) for name, source in step.inputs.items()}
    return Leave("done", f"started {step.flow}", Follow(step.flow, given))
