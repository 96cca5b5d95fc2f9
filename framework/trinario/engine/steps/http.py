"""The `http` step: a request to a service, and the exit that the status of its answer leads to."""

from typing import Any

from trinario.engine.calling import (
    address_pieces,
    call_out,
    fitted,
    fitted_as_far,
    returned,
    saved,
    text_pieces,
    tree,
)
from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move, Stay
from trinario.errors import EvaluationError
from trinario.expressions import Phrase
from trinario.model.event import CallReturned
from trinario.model.flow import Http
from trinario.model.value import Value

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that mean the same when they come twice."""

NO_ANSWER: dict[str, Value] = {"status": None, "data": None, "headers": {}}
"""What the answer of the step is while, and when, the service says nothing."""


def enter(step: Http, draft: Draft) -> Move:
    """Works the request out and has it made."""
    saved(draft, step, NO_ANSWER)
    again = step.method in REPEATABLE or step.keyed is not False
    return call_out(draft, step, _request(step, draft), retries=step.retries if again else 0, again=again)


def _request(step: Http, draft: Draft) -> dict[str, Any]:
    request: dict[str, Any] = {"method": step.method, "url": address_pieces(draft, step.address)}
    if step.headers:
        request["headers"] = [[name, text_pieces(draft, pieces)] for name, pieces in step.headers.items()]
    if step.form == "text":
        request["text"] = text_pieces(draft, step.body)
    elif step.form == "form":
        request["form"] = [[name, text_pieces(draft, pieces)] for name, pieces in step.body.items()]
    elif step.form == "json":
        request["json"] = tree(draft, step.body)
    if isinstance(step.keyed, Phrase):
        key = step.keyed.render(draft.scope).strip()
        if not key:
            raise EvaluationError("the `idempotency_key` came out empty")
        request["key"] = key
    elif step.keyed:
        request["key"] = f"{draft.session.id}-{draft.session.turns}-{draft.number}-{step.name}"
    return request


def wake(step: Http, draft: Draft) -> Move:
    """The answer by its status: 2xx goes on, a named code where it leads, the others to their class, else `failed`."""
    answer = returned(draft, step)
    if isinstance(answer, Stay):
        return answer
    if answer.outcome != "answered" or answer.status is None:
        raise EvaluationError(f"{step.shown}: {answer.reason or 'no answer'}")
    good = 200 <= answer.status < 300
    name = f"answers.{step.name}.data"
    try:
        data = fitted(answer.data, step.returns, name) if good else fitted_as_far(answer.data, step.returns, name)
    except EvaluationError:
        _save(step, draft, answer, None)
        raise
    _save(step, draft, answer, data)
    return _exit(step, draft, answer.status)


def _save(step: Http, draft: Draft, answer: CallReturned, data: Value) -> None:
    saved(draft, step, {"status": answer.status, "data": data, "headers": dict(answer.headers)})


def _exit(step: Http, draft: Draft, status: int) -> Move:
    if draft.led(step, str(status)):
        return Go(str(status))
    if 200 <= status < 300:
        return Go()
    family = "client_error" if 400 <= status < 500 else "server_error" if status >= 500 else "failed"
    if family != "failed" and draft.led(step, family):
        return Go(family)
    raise EvaluationError(f"{step.shown} answered {status}")
