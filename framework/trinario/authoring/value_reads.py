"""Which answers, variables and inputs a text reads, and what a condition that holds says of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes

from trinario.expressions import Condition, Path, Phrase, path_of

ROOMS = frozenset({"answers", "vars", "call"})
"""Where the values of a session are."""

_SETTLED = frozenset({"eq", "lt", "lteq", "gt", "gteq", "in"})
"""Comparisons that hold only if neither side is empty."""

_FILLED = frozenset({"string", "number", "boolean", "true", "false", "mapping", "sequence", "defined"})
_EMPTY = frozenset({"none", "empty", "undefined"})
_EASY = frozenset({"length", "join", "sum", "sort", "unique", "int", "decimal"})
"""Filters of which an author expects that they know what to do with nothing."""


@dataclass(frozen=True, slots=True)
class Read:
    """`answers.x` in a text. `soft`: an empty value has its own meaning there, as in a comparison."""

    path: Path
    offset: int
    length: int
    soft: bool


def reads(text: Phrase | Condition, *, tests: bool) -> tuple[Read, ...]:
    """What a text reads without asking first whether it is there. `tests`: whether the text is a yes or no."""
    if not any(use.path[0] in ROOMS for use in text.uses):
        return ()
    found: dict[tuple[Path, int], Read] = {}
    for read in _body(text.tree.body, frozenset(), text.source, tests):
        known = found.get((read.path, read.offset))
        if known is None or known.soft:
            found[read.path, read.offset] = read
    return tuple(found.values())


def _body(parts: list[nodes.Node], safe: frozenset[Path], source: str, tests: bool = False) -> Iterator[Read]:
    for one in parts:
        match one:
            case nodes.Output(nodes=inner):
                for node in inner:
                    yield from _of(node, safe, source)
            case nodes.ExprStmt(node=node):
                yield from _asked(node, safe, source) if tests else _of(node, safe, source)
            case nodes.If(test=test, body=body, elif_=others, else_=rest):
                yield from _asked(test, safe, source)
                yield from _body(body, safe | implied(test, True), source)
                yield from _body([*others, *rest], safe | implied(test, False), source)
            case nodes.For(iter=items, body=body, else_=rest):
                yield from _of(items, safe, source, soft=True)
                yield from _body([*body, *rest], safe, source)
            case _:
                pass


def _of(node: nodes.Node, safe: frozenset[Path], source: str, *, soft: bool = False) -> Iterator[Read]:
    """The reads of a value that is printed or worked with."""
    if path := path_of(node):
        if path[0] in ROOMS and len(path) > 1 and path[:2] not in safe:
            yield _read(path, node, source, soft=soft and len(path) == 2)
        return
    match node:
        case nodes.Or(left=left, right=right):
            yield from _asked(left, safe, source)
            yield from _of(right, safe | implied(left, False), source, soft=soft)
        case nodes.And(left=left, right=right):
            yield from _asked(left, safe, source)
            yield from _of(right, safe | implied(left, True), source, soft=soft)
        case nodes.CondExpr(test=test, expr1=then, expr2=other):
            yield from _asked(test, safe, source)
            yield from _of(then, safe | implied(test, True), source, soft=soft)
            yield from _of(other, safe | implied(test, False), source, soft=soft) if other else ()
        case nodes.Not(node=inner):
            yield from _asked(inner, safe, source)
        case nodes.Compare() | nodes.Filter() | nodes.Test():
            yield from _looked_at(node, safe, source, soft)
        case nodes.Call(node=nodes.Getattr(node=whole)):
            for part in (whole, *node.args):
                yield from _of(part, safe, source)
        case _:
            for child in node.iter_child_nodes():
                yield from _of(child, safe, source)


def _looked_at(
    node: nodes.Compare | nodes.Filter | nodes.Test, safe: frozenset[Path], source: str, soft: bool
) -> Iterator[Read]:  # fmt: skip
    if isinstance(node, nodes.Compare):
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        emptiness = any(isinstance(side, nodes.Const) and side.value is None for side in sides)
        for side in sides:
            if not (emptiness and path_of(side)):
                yield from _of(side, safe, source, soft=True)
        return
    inner = node.node
    guarded = node.name == "default" if isinstance(node, nodes.Filter) else node.name in _FILLED | _EMPTY
    if inner is not None and not (guarded and path_of(inner)):
        yield from _of(inner, safe, source, soft=soft or guarded or node.name in _EASY)
    for argument in node.args:
        yield from _of(argument, safe, source)


def _asked(node: nodes.Node, safe: frozenset[Path], source: str) -> Iterator[Read]:
    """The reads of a yes or no; whether something is there may be asked by its name alone."""
    path = path_of(node)
    if path and len(path) == 2:
        return
    match node:
        case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
            yield from _asked(left, safe, source)
            yield from _asked(right, safe | implied(left, isinstance(node, nodes.And)), source)
        case nodes.Not(node=inner):
            yield from _asked(inner, safe, source)
        case _:
            yield from _of(node, safe, source, soft=True)


def _read(path: Path, node: nodes.Node, source: str, *, soft: bool) -> Read:
    while not isinstance(node, nodes.Name):
        node = node.node  # type: ignore[attr-defined]
    whole = ".".join(path[:2])
    return Read(path[:2], node.lineno, len(whole if source.startswith(whole, node.lineno) else path[0]), soft)


def implied(node: nodes.Node, truth: bool) -> frozenset[Path]:
    """What cannot be empty when the condition holds (or, `truth` false, when it does not)."""
    nothing: frozenset[Path] = frozenset()
    if path := path_of(node):
        return frozenset({path[:2]}) if truth and path[0] in ROOMS and len(path) > 1 else nothing
    match node:
        case nodes.Not(node=inner):
            return implied(inner, not truth)
        case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
            one, two = implied(left, truth), implied(right, truth)
            return one | two if isinstance(node, nodes.And) is truth else one & two
        case nodes.Compare(expr=left, ops=[operand]):
            return _by_comparing(left, operand, truth)
        case nodes.Test(name=name, node=inner):
            return implied(inner, True) if name in (_FILLED if truth else _EMPTY) else nothing
        case _:
            return nothing


def _by_comparing(left: nodes.Node, operand: nodes.Operand, truth: bool) -> frozenset[Path]:
    sides = (left, operand.expr)
    emptiness = any(isinstance(side, nodes.Const) and side.value is None for side in sides)
    settled = operand.op in _SETTLED if truth else operand.op in ("ne", "notin")
    if settled is emptiness and operand.op in ("eq", "ne"):
        return frozenset()
    return implied(left, True) | implied(operand.expr, True) if settled or emptiness else frozenset()


def condition_says(condition: Condition | None, truth: bool) -> frozenset[Path]:
    """The same of a compiled condition; nothing where there is none."""
    if condition is None or not any(use.path[0] in ROOMS for use in condition.uses):
        return frozenset()
    match condition.tree.body:
        case [nodes.ExprStmt(node=node)]:
            return implied(node, truth)
        case _:
            return frozenset()
