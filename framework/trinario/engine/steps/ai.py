"""The `ai` step: a language model sorts, reads or writes; whatever goes wrong goes where `fallback` leads."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trinario.engine.calling import call_out, fitted_as_far, returned, saved
from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move, Stay
from trinario.errors import EvaluationError
from trinario.model.flow import Ai
from trinario.model.value import Value


def enter(step: Ai, draft: Draft) -> Move:
    """Has the model asked; a bot without one takes the fallback at once."""
    saved(draft, step, _nothing(step))
    if not draft.bot.ai:
        raise EvaluationError("bot.yaml has no `ai`, so the fallback is taken")
    request: dict[str, Any] = {"task": step.task, "text": step.text.render(draft.scope)}
    if step.prompt is not None:
        request["prompt"] = step.prompt.render(draft.scope)
    if step.labels:
        request["labels"] = list(step.labels)
    if step.wanted:
        request["wanted"] = dict(step.wanted)
    return call_out(draft, step, request, retries=step.retries, again=True)


def _nothing(step: Ai) -> Value:
    """What the answer of the step is while, and when, the model says nothing."""
    if step.task == "generate":
        return {"text": None}
    if step.task == "classify":
        return {"label": None, "confidence": None}
    return {"data": dict.fromkeys(step.wanted), "confidence": None}


def wake(step: Ai, draft: Draft) -> Move:
    """A label is an exit by its name; what is less certain than wanted is `low_confidence`."""
    answer = returned(draft, step)
    if isinstance(answer, Stay):
        return answer
    if answer.outcome != "answered" or not isinstance(answer.data, Mapping):
        raise EvaluationError(f"the model: {answer.reason or 'it gave nothing'}")
    if step.task == "generate":
        return _generated(step, draft, answer.data)
    sure = _certainty(answer.data.get("confidence"))
    exit = "next"
    if step.task == "classify":
        label = str(answer.data.get("label", "")).strip()
        if label not in step.labels:
            raise EvaluationError(f"the model gave {label[:40]!r}, which is no label of the step")
        exit, made = label, {"label": label, "confidence": sure}
    else:
        found = fitted_as_far(answer.data.get("data"), step.wanted, f"answers.{step.name}.data")
        made = {"data": {name: found.get(name) for name in step.wanted}, "confidence": sure}
    saved(draft, step, made)
    if step.confidence is not None and sure < step.confidence:
        return Go("low_confidence")
    return Go(exit)


def _generated(step: Ai, draft: Draft, data: Mapping[str, Value]) -> Move:
    text = str(data.get("text") or "").strip()
    if not text:
        raise EvaluationError("the model wrote nothing")
    saved(draft, step, {"text": text})
    return Go()


def _certainty(value: Value) -> Decimal:
    """How sure the model is, from 0 to 1; one that does not say so is not sure."""
    if isinstance(value, Decimal) and Decimal(0) <= value <= Decimal(1):
        return value
    return Decimal(0)
