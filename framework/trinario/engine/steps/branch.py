"""The `branch` step: the first line whose condition holds says where to go."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.flow import Branch


def enter(step: Branch, draft: Draft) -> Move:
    """The exit is the category of the line, or its place among the lines (`else` for the last)."""
    for number, case in enumerate(step.cases, 1):
        if case.condition is None or case.condition.test(draft.scope):
            return Go(case.category or ("else" if case.condition is None else f"case {number}"), case.next)
    raise AssertionError("the last line of a branch is its `else`")
