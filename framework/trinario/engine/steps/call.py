"""The `call` step: a flow inside this one, in a frame; what it returns is the answer of the step."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.engine.values import kept
from trinario.errors import EvaluationError
from trinario.model.flow import END, Call


def enter(step: Call, draft: Draft) -> Move:
    """Goes to the first step of the called flow."""
    flow = draft.bot.flows.get(step.flow)
    if flow is None:
        raise EvaluationError(f"there is no flow {step.flow}")
    given = {name: draft.value(source) for name, source in step.inputs.items()}
    draft.went(step.name, "called")
    draft.enter(flow, given)
    return Go("called", flow.first if flow.steps else END)


def come_back(draft: Draft) -> Move:
    """The called flow is over: its `returns` are worked out in it, and saved where it was called."""
    given = {name: kept(phrase.value(draft.scope)) for name, phrase in draft.flow.returns.items()}
    draft.come_back()
    step = draft.flow.steps.get(draft.step)
    if not isinstance(step, Call):
        raise EvaluationError(f"step {draft.step}, which called, is gone from flow {draft.flow.name}")
    draft.answer(step.name, given)
    if step.save:
        draft.write(step.save, given)
    return Go("next")
