"""What a condition says about the window: `channel.window_open`, `.platform`, `.name`, `trigger.kind`; with and, or, not."""

from collections.abc import Collection, Mapping

from jinja2 import nodes

from trinario.authoring.window_ages import Lattice, State
from trinario.expressions import Condition, path_of

OPEN, PLATFORM, NAME = ("channel", "window_open"), ("channel", "platform"), ("channel", "name")
KIND = ("trigger", "kind")


class Guard:
    """Narrows states by conditions. `platforms` are by channel."""

    def __init__(self, lattice: Lattice, platforms: Mapping[str, str]) -> None:
        self._lattice, self._platforms = lattice, platforms

    def narrowed(self, state: State, condition: Condition | None, holds: bool) -> State:
        """The cases in which the condition may come out so; None is a condition that always holds."""
        if condition is None:
            return state if holds else self._lattice.nothing
        if not any(path[0] == "channel" or path == KIND for path in condition.names):
            return state
        match condition.tree.body:
            case [nodes.ExprStmt(node=only)]:
                return self._on(state, only, holds)
            case _:
                return state

    def _on(self, state: State, node: nodes.Node, holds: bool) -> State:
        match node:
            case nodes.Not(node=inner):
                return self._on(state, inner, not holds)
            case nodes.And(left=left, right=right):
                return self._both(state, left, right, True) if holds else self._either(state, left, right, False)
            case nodes.Or(left=left, right=right):
                return self._either(state, left, right, True) if holds else self._both(state, left, right, False)
            case nodes.Const(value=value):
                return state if bool(value) == holds else self._lattice.nothing
            case nodes.Compare(expr=left, ops=[nodes.Operand(op=op, expr=right)]):
                return self._compared(state, left, op, right, holds)
            case nodes.Test(node=inner, name="true" | "false" as name) if inner and path_of(inner) == OPEN:
                return self._lattice.opened(state, holds == (name == "true"))
            case _ if path_of(node) == OPEN:
                return self._lattice.opened(state, holds)
            case _:
                return state

    def _both(self, state: State, left: nodes.Node, right: nodes.Node, holds: bool) -> State:
        return self._on(self._on(state, left, holds), right, holds)

    def _either(self, state: State, left: nodes.Node, right: nodes.Node, holds: bool) -> State:
        """The left side comes out so, or it does not and the right side does."""
        second = self._on(self._on(state, left, not holds), right, holds)
        return self._lattice.joined(self._on(state, left, holds), second)

    def _compared(self, state: State, left: nodes.Node, op: str, right: nodes.Node, holds: bool) -> State:
        if op in ("ne", "notin"):
            op, holds = {"ne": "eq", "notin": "in"}[op], not holds
        if op == "eq" and isinstance(left, nodes.Const):
            left, right = right, left
        path = path_of(left)
        if op == "eq" and path == OPEN and isinstance(right, nodes.Const) and isinstance(right.value, bool):
            return self._lattice.opened(state, holds == right.value)
        if path == KIND and _texts(op, right) == ("comment",):
            return self._lattice.commented(state, holds)
        if path not in (PLATFORM, NAME) or (wanted := _texts(op, right)) is None:
            return state
        shown = self._platforms if path == PLATFORM else {name: name for name in self._platforms}
        return self._lattice.where(state, lambda name: (shown.get(name) in wanted) == holds)


def _texts(op: str, node: nodes.Node) -> Collection[object] | None:
    """The constants that a text is compared with; None when they are not known."""
    match op, node:
        case "eq", nodes.Const(value=str(value)):
            return (value,)
        case "in", nodes.List(items=items) | nodes.Tuple(items=items):
            values = [item.value if isinstance(item, nodes.Const) else None for item in items]
            return values if all(isinstance(value, str) for value in values) else None
        case _:
            return None
