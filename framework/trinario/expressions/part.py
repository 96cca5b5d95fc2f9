"""An expression cut out of a condition, as a condition of its own: for values that are the same for everybody."""

from jinja2 import nodes

from trinario.expressions.names import uses_of
from trinario.expressions.phrase import Condition


class Piece(Condition):
    """What stands at one node of a condition. Keeps the whole source, so that places and faults stay what they are."""

    __slots__ = ("node",)

    def __init__(self, whole: Condition, node: nodes.Expr) -> None:
        tree = nodes.Template([nodes.ExprStmt(node, lineno=0)], lineno=0)
        super().__init__(whole.source, tree, uses_of(tree, whole.source))
        self.node = node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Piece) and (other.source, other.node) == (self.source, self.node)

    def __hash__(self) -> int:
        return hash((Piece, self.source, repr(self.node)))


def piece_of(whole: Condition, node: nodes.Expr) -> Condition:
    """The expression that begins at `node` of an admitted condition."""
    return Piece(whole, node)
