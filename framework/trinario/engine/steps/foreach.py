"""The `foreach` step: its steps once for every item of a list, one round after another, over as many turns as it takes."""

from collections.abc import Mapping

from trinario.engine.draft import Draft
from trinario.engine.limits import LOOP_CHARACTERS
from trinario.engine.move import Go, Move
from trinario.engine.values import kept
from trinario.errors import EvaluationError
from trinario.expressions.printing import describe
from trinario.model.flow import Foreach
from trinario.model.session import Loop
from trinario.model.value import Value

ROUND = "round"
"""The exit into the first step of the next round; nobody leads it elsewhere."""


def enter(step: Foreach, draft: Draft) -> Move:
    """Begins the next round, or goes on behind the last. The list is worked out once, when the first one begins."""
    if draft.going_round:
        done, left, around = draft.loops[-1].number, draft.loops[-1].left, draft.loops[:-1]
    else:
        done, left, around = 0, _items(step, draft), draft.loops
    draft.answer(step.name, done)
    if not left:
        draft.loops = around
        return Go()
    name, number = step.variables
    draft.write(f"vars.{name}", left[0])
    draft.write(f"vars.{number}", done + 1)
    draft.loops = (*around, Loop(step.name, done + 1, draft.asked, left[1:]))
    return Go(ROUND, step.steps[0])


def _items(step: Foreach, draft: Draft) -> tuple[Value, ...]:
    """The items of this loop; what is beyond `max` is left out, and the operator told. Nothing is an empty list."""
    found = kept(step.items.value(draft.scope))
    if found is None:
        return ()
    if not isinstance(found, list):
        raise EvaluationError(f"foreach goes over a list, and {step.items.source} is {describe(found)}")
    items = tuple(found[: step.most])
    if _size(items) > LOOP_CHARACTERS:
        raise EvaluationError(
            f"the list {step.items.source} is too large to go through: take only what is needed of it"
        )
    if len(found) > step.most:
        draft.report(f"{len(found) - step.most} of {len(found)} items are left out: max is {step.most}")
    return items


def _size(value: Value) -> int:
    """About how many characters a value takes where it is kept."""
    if isinstance(value, Mapping):
        return sum(len(key) + _size(item) for key, item in value.items()) + 2
    if isinstance(value, list | tuple):
        return sum(map(_size, value)) + 2
    return len(value) if isinstance(value, str) else 8
