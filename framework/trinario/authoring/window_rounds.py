"""The rounds of loops in which a step stands, for the walk through all flows."""

from collections.abc import Iterator
from math import prod

from trinario.authoring.window_trail import Node
from trinario.model.flow import Flow, Foreach

ROUNDS_TOLD = 400
"""Rounds of loops in each other that are told apart."""


def depth(flow: Flow, step: str) -> int:
    """How many loops are around a step."""
    return sum(1 for _ in flow.around(step))


def rounds_at(flow: Flow, node: Node, target: str) -> tuple[int, ...]:
    """The rounds in which a step stands that is come to from another one; a loop is left with its rounds."""
    if not flow.inside:
        return ()
    before, after = list(flow.around(node.step))[::-1], list(flow.around(target))[::-1]
    shared = sum(1 for one, other in zip(before, after, strict=False) if one == other)
    return node.rounds[:shared] + (1,) * (len(after) - shared)


def next_round(flow: Flow, node: Node, loop: Foreach) -> Node | None:
    """The first round of a loop, or the one after the round that is over; None: that was its last, by its `max`.

    Rounds that are too many to be told apart are as if there were no end to them.
    """
    outer = depth(flow, loop.name)
    several = (flow.steps[name] for name in (loop.name, *flow.around(loop.name)))
    told = prod(one.most for one in several if isinstance(one, Foreach)) <= ROUNDS_TOLD
    number = node.rounds[outer] + 1 if told and len(node.rounds) > outer else 1
    return Node(node.frames, node.flow, loop.steps[0], (*node.rounds[:outer], number)) if number <= loop.most else None


def sooner(node: Node) -> Iterator[Node]:
    """The same step in earlier rounds."""
    for place, number in enumerate(node.rounds):
        for one in range(1, number):
            yield node._replace(rounds=(*node.rounds[:place], one, *node.rounds[place + 1 :]))
