"""The types of one text or condition, from its names to what it gives; every clash on the way, with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from jinja2 import nodes

from trinario.authoring.value_mends import cast_of, is_span, mend_of
from trinario.authoring.value_operators import (
    ARITHMETIC,
    CALLED,
    EQUAL,
    FILTERS,
    HOLDS,
    METHODS,
    ORDERED,
    TESTS,
    Outcome,
    Takes,
    combined,
    filtered,
)
from trinario.authoring.value_types import (
    ANY,
    EMPTY,
    LIST,
    NUMBER,
    TEXT,
    YES_NO,
    Type,
    group,
    item_of,
    joined,
    of,
    of_value,
    part,
    several,
)
from trinario.expressions import Condition, Phrase, offset_of, path_of, walk

_ASKED = frozenset({"string", "number", "boolean", "true", "false", "mapping", "sequence"})
"""Tests that ask for the kind of a value; whoever asks knows what may come."""

_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}
_WORD = re.compile(r"\w+|'[^']*'|\"[^\"]*\"")
_LOOP = group(dict.fromkeys(("index", "index0", "length", "revindex"), NUMBER) | {"first": YES_NO, "last": YES_NO})


@dataclass(frozen=True, slots=True)
class Clash:
    """Kinds of values that do not go together, at `offset`. `certain`: whatever the values are; else for some."""

    code: str
    offset: int
    length: int
    message: str
    hint: str
    certain: bool


def typed_text(text: Phrase | Condition, names: Mapping[str, Type]) -> tuple[Type, list[Clash]]:
    """What the text gives, and its clashes in the order in which they are met. `names` are those of the scope."""
    if not text.tree.body:
        return TEXT, []
    typing = _Typing(text.source, text.tree)
    kind = typing.body(text.tree.body, names)
    whole = text.whole if isinstance(text, Phrase) else text
    return (kind if whole is not None else TEXT), typing.clashes


class _Typing:
    def __init__(self, source: str, tree: nodes.Template) -> None:
        self.source, self.clashes = source, list[Clash]()
        tests = tree.find_all(nodes.Test) if "is" in source else ()
        self._asked = {path_of(test.node) for test in tests if test.name in _ASKED}

    # what a text is made of

    def body(self, parts: list[nodes.Node], names: Mapping[str, Type]) -> Type:
        """Blocks and expressions, one after another; the type of the last expression."""
        last = TEXT
        for one in parts:
            match one:
                case nodes.Output(nodes=several_nodes):
                    for inner in several_nodes:
                        last = self.of(inner, names) if not isinstance(inner, nodes.TemplateData) else TEXT
                case nodes.ExprStmt(node=inner):
                    last = self.of(inner, names)
                case nodes.If(test=test, body=body, elif_=others, else_=rest):
                    self.of(test, names)
                    self.body([*body, *others, *rest], names)
                case nodes.For():
                    self._loop(one, names)
                case _:
                    pass
        return last

    def _loop(self, node: nodes.For, names: Mapping[str, Type]) -> None:
        whole = self.of(node.iter, names)
        self._needs(Takes(LIST.kinds | {"mapping"}), whole, node.iter, "`for` goes over a list")
        bound = {name.name: ANY for name in walk(node.target) if isinstance(name, nodes.Name)}
        if isinstance(node.target, nodes.Name):
            bound = {node.target.name: item_of(whole)}
        inner = {**names, **bound, "loop": _LOOP}
        if node.test:
            self.of(node.test, inner)
        self.body(node.body, inner)
        self.body(node.else_, names)

    # expressions

    def of(self, node: nodes.Node, names: Mapping[str, Type]) -> Type:
        """The type of an expression."""
        kind = self._of(node, names)
        return ANY if self._asked and path_of(node) in self._asked else kind

    def _of(self, node: nodes.Node, names: Mapping[str, Type]) -> Type:
        inner = partial(self.of, names=names)
        match node:
            case nodes.Const(value=value):
                return of_value(value)
            case nodes.Name(name=name):
                return names.get(name, ANY)
            case nodes.Getattr(node=whole, attr=name):
                return part(inner(whole), name)
            case nodes.Getitem():
                return self._item(node, names)
            case nodes.Compare():
                return self._compare(node, names)
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                return joined([inner(left), inner(right)])
            case nodes.BinExpr():
                return self._binary(node, names)
            case nodes.Not(node=one):
                inner(one)
                return YES_NO
            case nodes.Neg(node=one) | nodes.Pos(node=one):
                return self._sign(node, inner(one))
            case nodes.CondExpr(test=test, expr1=then, expr2=other):
                inner(test)
                return joined([inner(then), inner(other) if other else EMPTY])
            case nodes.Filter() | nodes.Test() | nodes.Call():
                return self._named(node, names)
            case _:
                return self._made(node, names)

    def _made(self, node: nodes.Node, names: Mapping[str, Type]) -> Type:
        """Lists, mappings and joined texts, as they are written."""
        kinds = [self.of(child, names) for child in node.iter_child_nodes() if not isinstance(child, nodes.Pair)]
        match node:
            case nodes.List() | nodes.Tuple():
                return several(joined(kinds) if kinds else ANY)
            case nodes.Dict(items=pairs):
                made = [(pair.key, self.of(pair.value, names)) for pair in pairs]
                known = {key.value: kind for key, kind in made if isinstance(key, nodes.Const)}
                return group(known) if len(known) == len(made) and all(map(_is_text, known)) else of("mapping")
            case nodes.Concat():
                return TEXT
            case _:
                return ANY

    def _item(self, node: nodes.Getitem, names: Mapping[str, Type]) -> Type:
        whole = self.of(node.node, names)
        if isinstance(node.arg, nodes.Slice):
            self._needs(
                Takes(frozenset({"text", "list"})), whole, node.node, "only a text or a list has parts to cut out"
            )
            return whole
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return part(whole, node.arg.value)
        self.of(node.arg, names)
        return item_of(whole) if whole.kinds <= {"text", "list"} else ANY

    def _compare(self, node: nodes.Compare, names: Mapping[str, Type]) -> Type:
        left, before = self.of(node.expr, names), node.expr
        for operand in node.ops:
            right = self.of(operand.expr, names)
            pairs = HOLDS if operand.op in ("in", "notin") else EQUAL if operand.op in ("eq", "ne") else ORDERED
            found = combined(pairs, left, right)
            if found.clashes and not (pairs is EQUAL and found.fits):
                self._compared(operand.op, (before, operand.expr), (left, right), found)
            left, before = right, operand.expr
        return YES_NO

    def _compared(
        self, op: str, sides: tuple[nodes.Node, nodes.Node], kinds: tuple[Type, Type], found: Outcome
    ) -> None:  # fmt: skip
        sign, (left, right) = _SIGNS[op], kinds
        if op in ("in", "notin"):
            message = f"`{sign}` looks for {left.shown} in {right.shown}"
            hint = "right of it stands a list, as in ['a', 'b'], or for a text another text"
        else:
            never = ", so this is never true" if op == "eq" else ", so this is always true" if op == "ne" else ""
            message, hint = f"`{sign}` compares {left.shown} with {right.shown}{never}", mend_of(sides, kinds)
        self._clash("T120", sides, message, hint, certain=not found.fits)

    def _binary(self, node: nodes.BinExpr, names: Mapping[str, Type]) -> Type:
        left, right = self.of(node.left, names), self.of(node.right, names)
        found = combined(ARITHMETIC[type(node).__name__.lower()], left, right)
        if found.clashes:
            sides, sign = (node.left, node.right), node.operator
            hint = mend_of(sides, (left, right))
            if sign == "+" and not found.fits and "text" in left.kinds | right.kinds:
                hint = f"`~` joins texts with anything: {self._cut(node.left)} ~ {self._cut(node.right)}"
            message = f"`{sign}` does not go with {left.shown} and {right.shown}"
            self._clash("T120", sides, message, hint, certain=not found.fits)
        return found.type

    def _sign(self, node: nodes.Neg | nodes.Pos, kind: Type) -> Type:
        takes = frozenset({"number", "duration"}) if isinstance(node, nodes.Neg) else NUMBER.kinds
        self._needs(Takes(takes), kind, node.node, f"`{node.operator}` needs a number")
        return kind if kind.kinds <= takes else ANY

    def _named(self, node: nodes.Filter | nodes.Test | nodes.Call, names: Mapping[str, Type]) -> Type:
        arguments = [self.of(one, names) for one in node.args]
        arguments += [self.of(pair.value, names) for pair in node.kwargs]
        if isinstance(node, nodes.Call):
            return self._called(node, names)
        assert node.node is not None
        value = self.of(node.node, names)
        table, word = (FILTERS, "filter") if isinstance(node, nodes.Filter) else (TESTS, "test")
        if node.name in table:
            wants = self._wants(table[node.name])
            self._needs(table[node.name], value, node.node, f"{word} `{node.name}` takes {wants}")
        return filtered(node.name, value, arguments) if isinstance(node, nodes.Filter) else YES_NO

    def _called(self, node: nodes.Call, names: Mapping[str, Type]) -> Type:
        if isinstance(node.node, nodes.Name):
            if node.node.name in ("ago", "duration"):
                self._span(node.node.name, node.args)
            return CALLED.get(node.node.name, ANY)
        if not isinstance(node.node, nodes.Getattr) or node.node.attr not in METHODS:
            return ANY
        takes, whole = METHODS[node.node.attr], self.of(node.node.node, names)
        wants = self._wants(takes)
        self._needs(takes, whole, node.node.node, f"`{node.node.attr}()` belongs to {wants}")
        return takes.gives or ANY

    def _span(self, name: str, arguments: list[nodes.Expr]) -> None:
        """`ago('90d')`: a span of time that is written out can be read."""
        for one in arguments[:1]:
            if isinstance(one, nodes.Const) and not is_span(one.value):
                message = f"`{name}` takes a span of time, and this is none"
                self._clash("T121", (one, one), message, f"write {name}('2h')", certain=True)

    def _wants(self, takes: Takes) -> str:
        return of(*takes.kinds).shown

    # what is told

    def _needs(self, takes: Takes, kind: Type, node: nodes.Node, rule: str) -> None:
        wrong = kind.kinds - takes.kinds
        if not takes.kinds or kind.free or not wrong:
            return
        certain = wrong == kind.kinds
        shown = kind.shown if certain else of(*wrong).shown
        message = f"{rule}, and this {'is' if certain else 'may be'} {shown}"
        self._clash("T121", (node, node), message, cast_of(takes.kinds, wrong), certain=certain)

    def _clash(
        self, code: str, sides: tuple[nodes.Node, nodes.Node], message: str, hint: str, *, certain: bool
    ) -> None:  # fmt: skip
        start, end = min(map(_start, sides)), max(self._end(side) for side in sides)
        self.clashes.append(Clash(code, start, max(1, end - start), message, hint, certain))

    def _cut(self, node: nodes.Node) -> str:
        return self.source[_start(node) : self._end(node)]

    def _end(self, node: nodes.Node) -> int:
        """The character behind the last word of an expression."""
        last = max(_placed(node), key=offset_of)
        if isinstance(last, nodes.Getattr):
            found = self.source.find(last.attr, last.lineno)
            return found + len(last.attr) if found >= 0 else last.lineno
        word = _WORD.search(self.source, last.lineno)
        return word.end() if word else last.lineno


def _start(node: nodes.Node) -> int:
    return min(map(offset_of, _placed(node)))


def _placed(node: nodes.Node) -> list[nodes.Node]:
    """The parts of an expression of which the parser kept the place."""
    return [one for one in walk(node) if isinstance(one, nodes.Expr) and one.lineno is not None] or [
        nodes.Const(0, lineno=0)
    ]


def _is_text(key: object) -> bool:
    return isinstance(key, str)
