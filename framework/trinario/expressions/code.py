"""From a gated syntax tree to Python: every operator, filter, test, method and slice goes through a guard."""

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

_BINARY = {
    nodes.Add: "add", nodes.Sub: "subtract", nodes.Mul: "multiply", nodes.Div: "divide",
    nodes.FloorDiv: "floor_divide", nodes.Mod: "modulo", nodes.Pow: "power",
}  # fmt: skip

EACH = "$each"
"""Marks what a `{% for %}` walks over; no author can write this name."""


class GuardedCode(CodeGenerator):
    """Writes `context.<guard>(...)` where Jinja would write a bare Python operator; folds no constants."""

    def pull_dependencies(self, nodes: Any) -> None:
        """Filters and tests are called by name through the context; there is nothing to look up before."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if isinstance(node, nodes.TemplateData):
            return node.data
        raise nodes.Impossible

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("context.text(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")

    def visit_ExprStmt(self, node: nodes.ExprStmt, frame: Frame) -> None:
        self.writeline("yield ", node)
        self.visit(node.node, frame)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        cost = sum(1 for part in node.body for _ in part.find_all(nodes.Node))
        each = nodes.Filter(node.iter, EACH, [nodes.Const(cost)], [], None, None)
        super().visit_For(nodes.For(node.target, each, node.body, node.else_, node.test, False, lineno=0), frame)

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:
        if len(node.ops) == 1:
            self._single(node.expr, node.ops[0], frame)
            return
        self._guard("chain", frame, node.expr)
        for operand in node.ops:
            self.write(f", {operand.op!r}, ")
            self.visit(operand.expr, frame)
        self.write(")")

    def _single(self, left: nodes.Expr, operand: nodes.Operand, frame: Frame) -> None:
        sides = [side for side in (left, operand.expr) if not _is_none(side)]
        if operand.op in ("eq", "ne") and len(sides) < 2:
            # `x == none` asks for emptiness; any other comparison with an empty value is false
            self._guard(f"{operand.op}_none", frame, sides[0] if sides else left)
        else:
            self._guard("in_" if operand.op == "in" else operand.op, frame, left, operand.expr)
        self.write(")")

    def _guard(self, name: str, frame: Frame, *arguments: nodes.Node) -> None:
        self.write(f"context.{name}(")
        for number, argument in enumerate(arguments):
            self.write(", " if number else "")
            self.visit(argument, frame)

    def _binary(self, node: nodes.BinExpr, frame: Frame) -> None:
        self._guard(_BINARY[type(node)], frame, node.left, node.right)
        self.write(")")

    visit_Add = visit_Sub = visit_Mul = visit_Div = visit_FloorDiv = visit_Mod = visit_Pow = _binary

    def visit_Neg(self, node: nodes.UnaryExpr, frame: Frame) -> None:
        self._guard("negate", frame, node.node)
        self.write(")")

    def visit_Pos(self, node: nodes.UnaryExpr, frame: Frame) -> None:
        self._guard("number", frame, node.node)
        self.write(")")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self._guard("concat", frame, *node.nodes)
        self.write(")")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:
        self._guard("listed", frame, *node.items)
        self.write(")")

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:
        if node.ctx != "load":
            super().visit_Tuple(node, frame)
            return
        self._guard("listed", frame, *node.items)
        self.write(")")

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:
        self._guard("mapped", frame, *(side for pair in node.items for side in (pair.key, pair.value)))
        self.write(")")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        nothing = nodes.Const(None)
        part = node.arg
        self._guard("sliced", frame, node.node, *(side or nothing for side in (part.start, part.stop, part.step)))
        self.write(")")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if isinstance(node.node, nodes.Getattr):
            self._guard("method", frame, node.node.node, nodes.Const(node.node.attr))
        else:
            self._guard("called", frame, node.node)
        self.signature(node, frame)
        self.write(")")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:
        if node.name != EACH:
            self._named("filtered", node, frame)
            return
        assert node.node is not None
        self._guard("each", frame, node.node, node.args[0])
        self.write(")")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:
        self._named("tested", node, frame)

    def _named(self, guard: str, node: nodes.Filter | nodes.Test, frame: Frame) -> None:
        assert node.node is not None, "the gate lets no filter block through"
        self._guard(guard, frame, nodes.Const(node.name), node.node)
        self.signature(node, frame)
        self.write(")")


def _is_none(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and node.value is None
