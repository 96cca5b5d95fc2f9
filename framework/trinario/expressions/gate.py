"""The gate: which parts of Jinja's grammar, which filters, tests and methods an author may use, and how much of it."""

import difflib
import inspect
from collections.abc import Iterable, Iterator
from decimal import Decimal

from jinja2 import nodes

from trinario.errors import PhraseError
from trinario.expressions.filters import FILTERS
from trinario.expressions.limits import DEPTH, DIGITS, NODES
from trinario.expressions.names import path_of
from trinario.expressions.predicates import PREDICATES
from trinario.expressions.reach import METHODS

_ALLOWED = (
    nodes.Template, nodes.ExprStmt, nodes.Output, nodes.TemplateData, nodes.If, nodes.For,
    nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Call, nodes.Keyword,
    nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Pos,
    nodes.Concat, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair,
)  # fmt: skip

_REFUSED: dict[type[nodes.Node], tuple[str, str]] = {
    nodes.Assign: ("`{% set %}` is not available in a text", "use a `set` step before"),
    nodes.AssignBlock: ("`{% set %}` is not available in a text", "use a `set` step before"),
    nodes.With: ("`{% with %}` is not available in a text", "use a `set` step before"),
}


def admit(tree: nodes.Template, source: str) -> None:
    """Raises PhraseError for anything an author may not use; fills in what the author leaves out.

    After it, code can be made of the tree without a further fault.
    """
    for count, (node, depth) in enumerate(_walk(tree)):
        if count > NODES:
            raise PhraseError("this is too much for one text", source, hint="compute parts in a `set` step before")
        if depth > DEPTH:
            raise PhraseError("nested too deeply", source, hint="compute parts of it in a `set` step before")
        if not isinstance(node, _ALLOWED):
            what, hint = _REFUSED.get(type(node), ("this is not available in a text", "there are {% if %}, {% for %}"))
            raise PhraseError(what, source, node.lineno, hint=hint)
        _admit_one(node, source)


def _walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Every node with its depth, without recursion: a hostile tree must not exhaust the stack."""
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in node.iter_child_nodes())


def _admit_one(node: nodes.Node, source: str) -> None:
    match node:
        case nodes.Filter():
            _admit_filter(node, source)
        case nodes.Test():
            _admit_test(node, source)
        case nodes.Call():
            _admit_call(node, source)
        case nodes.For(recursive=True):
            raise PhraseError("a `for` cannot be recursive", source, node.lineno)
        case nodes.Const():
            _admit_literal(node, source)
        case nodes.Name(ctx="store", name="loop"):
            raise PhraseError("`loop` is taken", source, node.lineno, 4, hint="give the item another name")
        case nodes.CondExpr(expr2=None):
            # `x if y` without `else` is an empty value when y is false
            node.expr2 = nodes.Const(None, lineno=node.lineno)
        case _:
            pass


def _admit_filter(node: nodes.Filter, source: str) -> None:
    _in_list("filter", node.name, FILTERS, source, node.lineno)
    assert node.node is not None, "`{% filter %}`, whose filter has no value, is refused before its parts are looked at"
    if node.name == "label" and not node.args and (path := path_of(node.node)):
        node.args = [nodes.Const(".".join(path), lineno=node.lineno)]
    if node.name == "date" and not all(isinstance(argument, nodes.Const) for argument in node.args):
        raise PhraseError("the pattern of `date` is not a plain text", source, node.lineno, hint="write date('d MMM')")
    _arguments(node, FILTERS[node.name], 2, source)


def _admit_test(node: nodes.Test, source: str) -> None:
    _in_list("test", node.name, PREDICATES, source, node.lineno)
    _arguments(node, PREDICATES[node.name], 1, source)


def _arguments(node: nodes.Filter | nodes.Test, function: object, before: int, source: str) -> None:
    """Their number and names fit the function, of which the run supplies the first `before`."""
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        raise PhraseError("`*` and `**` are not available in a text", source, node.lineno)
    try:
        named = {pair.key: None for pair in node.kwargs}
        inspect.signature(function).bind(*([None] * (before + len(node.args))), **named)  # type: ignore[arg-type]
    except TypeError as error:
        raise PhraseError(f"`{node.name}`: {error}", source, node.lineno, len(node.name)) from None


def _admit_call(node: nodes.Call, source: str) -> None:
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        raise PhraseError("`*` and `**` are not available in a text", source, node.lineno)
    if isinstance(node.node, nodes.Getattr):
        name = node.node.attr
        hint = f"`| {name}` is a filter" if name in FILTERS else ""
        _in_list("method", name, METHODS, source, source.find(name, node.node.lineno), hint)
    elif not isinstance(node.node, nodes.Name):
        raise PhraseError("only names can be called", source, node.lineno)


def _in_list(kind: str, name: str, table: Iterable[str], source: str, offset: int, hint: str = "") -> None:
    if name in table:
        return
    close = difflib.get_close_matches(name[:60], list(table), 1, 0.6)
    known = ", ".join(sorted(table))
    hint = hint or (f"did you mean `{close[0]}`?" if close else f"there are {known}")
    raise PhraseError(f"no {kind} is called `{name[:60]}`", source, max(0, offset), len(name), hint)


def _admit_literal(node: nodes.Const, source: str) -> None:
    value = node.value
    if isinstance(value, int) and abs(value) >= 10**DIGITS:
        raise PhraseError("a number too large", source, node.lineno)
    if isinstance(value, Decimal) and value and not -DIGITS <= value.adjusted() < DIGITS:
        raise PhraseError("a number too large or too small", source, node.lineno)
