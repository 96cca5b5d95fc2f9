"""The `function` step: Python of the bot's own, called with the inputs of the step."""

from typing import Any

from trinario.engine.calling import call_out, fitted, returned, saved
from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move, Stay
from trinario.errors import EvaluationError
from trinario.model.contact import Contact
from trinario.model.flow import Function
from trinario.model.value import pack


def enter(step: Function, draft: Draft) -> Move:
    """Works the inputs out and has the function called."""
    inputs = {name: pack(draft.value(source)) for name, source in step.inputs.items()}
    return call_out(draft, step, {"name": step.function, "with": inputs, "contact": _known(draft.contact)})


def _known(contact: Contact) -> dict[str, Any]:
    """The contact as a function reads her."""
    return {
        "id": contact.id, "first_name": contact.first_name, "last_name": contact.last_name, "name": contact.name,
        "language": contact.language, "timezone": contact.timezone, "fields": pack(contact.fields),
        "tags": sorted(contact.tags),
    }  # fmt: skip


def wake(step: Function, draft: Draft) -> Move:
    """What the function gave is the answer of the step."""
    answer = returned(draft, step)
    if isinstance(answer, Stay):
        return answer
    if answer.outcome != "answered":
        raise EvaluationError(f"function {step.function}: {answer.reason or 'it gave nothing'}")
    saved(draft, step, fitted(answer.data, step.returns, f"the result of {step.function}"))
    return Go()
