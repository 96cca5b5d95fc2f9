"""What the steps that ask the outside leave in `answers`, as far as their authors declared it."""

from trinario.authoring.value_types import MAPPING, NUMBER, TEXT, Type, declared, group
from trinario.model.flow import Ai, Function, Http, Returns


def answer_of(step: Http | Function | Ai) -> Type:
    """The type of `answers.<step>`."""
    match step:
        case Http():
            return group({"status": NUMBER, "data": returned(step.returns), "headers": MAPPING})
        case Function():
            return returned(step.returns)
        case Ai(task="generate"):
            return group({"text": TEXT})
        case Ai(task="classify"):
            return group({"label": TEXT, "confidence": NUMBER})
        case Ai():
            return group({"data": returned(step.wanted), "confidence": NUMBER})


def returned(returns: Returns) -> Type:
    """The type of what comes back, as it was declared."""
    if isinstance(returns, str):
        return declared(returns)
    return group({name: declared(kind) for name, kind in returns.items()})
