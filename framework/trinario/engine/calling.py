"""What the steps that ask the outside share: the request as plain data, the wait for its answer, its types."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from trinario.engine.draft import Draft, sleep
from trinario.engine.limits import BACK_OFF_MOST, CALL_MARGIN
from trinario.engine.move import Move, Stay
from trinario.engine.values import kept, typed
from trinario.errors import EvaluationError
from trinario.expressions import Phrase
from trinario.model.effect import CallOut
from trinario.model.event import CallReturned, ClockRang
from trinario.model.flow import Ai, Function, Http, Returns, Secret
from trinario.model.flow.outside import Pieces
from trinario.model.session import Wait
from trinario.model.value import Value, pack

Asking = Http | Function | Ai

NOT_IN_TIME = "no answer came in time"


def call_out(draft: Draft, step: Asking, request: Mapping[str, Any], *, retries: int = 0, again: bool = False) -> Move:
    """Has the call made, and waits for its answer. `again`: it may be made more than once without harm."""
    seconds = step.timeout.elapsed.total_seconds()
    until = draft.event.at + longest(seconds, retries)
    key = f"{draft.event.origin}/{draft.number}/call"
    kind = type(step).__name__.lower()
    draft.effects.append(
        CallOut(key, draft.session.id, draft.flow.name, step.name, kind, request, seconds, retries, again, until)
    )
    return Stay(Wait(step.name, "call", draft.event.at, draft.asked, until=until, keys=(key,)))


def longest(seconds: float, retries: int) -> timedelta:
    """How long a call may take with all its tries; what is not there by then will not be waited for."""
    return timedelta(seconds=(retries + 1) * seconds + retries * BACK_OFF_MOST) + CALL_MARGIN


def returned(draft: Draft, step: Asking) -> CallReturned | Stay:
    """The answer that is waited for, or the move of a session that goes on waiting.

    Raises EvaluationError when there will be none: the caller takes the `failed` exit.
    """
    wait = draft.wait or sleep(step.name, draft)
    match draft.event:
        case CallReturned(key=key) if key in wait.keys:
            return draft.event
        case ClockRang(at=at) if wait.until is not None and wait.until <= at:
            raise EvaluationError(NOT_IN_TIME)
        case _:
            return Stay(wait)


def saved(draft: Draft, step: Asking, value: Value) -> None:
    """The answer of the step, also where its author wants it."""
    draft.answer(step.name, value)
    if step.save:
        draft.write(step.save, value)


# ---- requests as data


def text_pieces(draft: Draft, pieces: Pieces) -> list[Any]:
    """The parts of a text: words as they are, secrets by name."""
    return [_named(one) if isinstance(one, Secret) else _rendered(draft, one) for one in pieces]


def address_pieces(draft: Draft, pieces: Pieces) -> list[Any]:
    """As `text_pieces`; a value that stands behind the host is quoted, so that it cannot say more than one value."""
    made: list[Any] = []
    before = ""
    for one in pieces:
        if isinstance(one, Secret):
            made.append(_named(one))
            continue
        words = _rendered(draft, one)
        if isinstance(one, Phrase) and "/" in before.partition("://")[2]:
            if words in (".", ".."):
                raise EvaluationError("a value of the address is a way out of its path")
            words = quote(words, safe="~")
        before += words
        made.append(words)
    return made


def tree(draft: Draft, body: Any) -> list[Any]:
    """A tree of the author's as marked data: what came from people can never be taken for a mark.

    `["v", value]` a value, `["p", pieces]` a text with secrets, `["o", {...}]` and `["l", [...]]` of such.
    """
    if isinstance(body, tuple):
        return ["p", text_pieces(draft, body)]
    if isinstance(body, Mapping):
        return ["o", {key: tree(draft, item) for key, item in body.items()}]
    if isinstance(body, list):
        return ["l", [tree(draft, item) for item in body]]
    return ["v", pack(draft.value(body))]


def _named(secret: Secret) -> dict[str, str]:
    return {"secret": secret.name}


def _rendered(draft: Draft, piece: str | Phrase) -> str:
    return piece.render(draft.scope) if isinstance(piece, Phrase) else piece


# ---- answers by their declared types


def fitted(value: Value, returns: Returns, name: str) -> Value:
    """`value` by its declared types. Raises EvaluationError when it is of another kind."""
    if isinstance(returns, str):
        return _fitted_one(value, returns, name)
    if value is None:
        return dict.fromkeys(returns)
    if not isinstance(value, Mapping):
        raise EvaluationError(f"{name} is no group of values, as `returns` says")
    return {**value, **{key: _fitted_one(value.get(key), kind, f"{name}.{key}") for key, kind in returns.items()}}


def fitted_as_far(value: Value, returns: Returns, name: str) -> Value:
    """As `fitted`, for an answer that says that something went wrong: what does not fit is empty."""
    try:
        if isinstance(returns, str) or not isinstance(value, Mapping):
            return fitted(value, returns, name)
    except EvaluationError:
        return None if isinstance(returns, str) else dict.fromkeys(returns)
    return {**value, **{key: fitted_as_far(value.get(key), kind, f"{name}.{key}") for key, kind in returns.items()}}


_CONTAINERS: dict[str, type] = {"list": list, "mapping": Mapping}


def _fitted_one(value: Value, kind: str, name: str) -> Value:
    if value is None or kind == "any":
        return value
    wanted = _CONTAINERS.get(kind)
    if wanted is not None and not isinstance(value, wanted):
        raise EvaluationError(f"{name} is no {kind}, as `returns` says")
    if wanted is None and isinstance(value, list | Mapping):
        raise EvaluationError(f"{name} is no {kind}, as `returns` says")
    return kept(typed(value, kind, name))
