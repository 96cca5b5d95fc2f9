"""Which names a text uses, where, and which of them nobody knows."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One place where a dotted name stands: `contact.first_name` is `("contact", "first_name")`.

    `offsets` has the character at which each part begins, from 0.
    """

    path: Path
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a name may stand for. `members=None`: anything may follow it; `{}`: nothing may. `kind` is for reports."""

    members: "Mapping[str, Known] | None" = None
    kind: str = "any"


@dataclass(frozen=True, slots=True, order=True)
class NameFault:
    """Part number `index` of `path` is unknown; it stands at `offset`. `suggestion` is the nearest known, or empty."""

    offset: int
    path: Path
    index: int
    suggestion: str
    choices: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path[self.index]

    @property
    def length(self) -> int:
        return len(self.name)

    @property
    def reason(self) -> str:
        if self.index == 0:
            return f"nothing is called `{self.name}`"
        return f"`{'.'.join(self.path[: self.index])}` has no `{self.name}`"

    @property
    def hint(self) -> str:
        if self.suggestion:
            return f"did you mean `{self.suggestion}`?"
        return f"there are {', '.join(self.choices[:12])}" if self.choices else "it has no parts"


def path_of(node: nodes.Node) -> Path | None:
    """`("a", "b")` for the node of `a.b` or `a['b']`; None for anything else. For names, types and SQL."""
    match node:
        case nodes.Name(name=name):
            return (name,)
        case nodes.Getattr(node=whole, attr=part) if before := path_of(whole):
            return (*before, part)
        case nodes.Getitem(node=whole, arg=nodes.Const(value=str(part))) if before := path_of(whole):
            return (*before, part)
        case _:
            return None


def walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """`node` and everything below it, in the order of the source."""
    yield node
    for child in node.iter_child_nodes():
        yield from walk(child)


def offset_of(node: nodes.Node) -> int:
    """The character of the source at which the node was read, from 0."""
    return node.lineno


def uses_of(tree: nodes.Node, source: str) -> tuple[Use, ...]:
    """Every dotted name in the tree, the longest form only, without the names that a `for` binds."""
    return tuple(sorted(set(_uses(tree, source, frozenset()))))


def _uses(node: nodes.Node, source: str, bound: frozenset[str]) -> Iterator[Use]:
    if isinstance(node, nodes.For):
        yield from _uses_of_loop(node, source, bound)
        return
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        # the method's own name is no attribute
        for part in (node.node.node, *node.args, *node.kwargs):
            yield from _uses(part, source, bound)
        return
    if path := path_of(node):
        if path[0] not in bound:
            yield Use(path, tuple(_offsets(node, source)))
        return
    for child in node.iter_child_nodes():
        yield from _uses(child, source, bound)


def _uses_of_loop(node: nodes.For, source: str, bound: frozenset[str]) -> Iterator[Use]:
    inner = bound | {"loop"} | {name.name for name in node.target.find_all(nodes.Name)}
    if isinstance(node.target, nodes.Name):
        inner |= {node.target.name}
    yield from _uses(node.iter, source, bound)
    for part in (*node.body, *([node.test] if node.test else [])):
        yield from _uses(part, source, inner)
    for part in node.else_:
        yield from _uses(part, source, bound)


def _offsets(node: nodes.Node, source: str) -> Iterator[int]:
    """Where each part of a path begins; the node of `.x` and `['x']` knows its dot or bracket."""
    if isinstance(node, nodes.Getattr):
        yield from _offsets(node.node, source)
        yield max(source.find(node.attr, node.lineno), node.lineno)
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        yield from _offsets(node.node, source)
        yield max(source.find(str(node.arg.value), node.arg.lineno), node.arg.lineno)
    else:
        yield node.lineno


def check_names(uses: Iterable[Use], known: Mapping[str, Known]) -> list[NameFault]:
    """The first unknown part of every use, in the order of the source."""
    faults = []
    for use in uses:
        members: Mapping[str, Known] | None = known
        for index, part in enumerate(use.path):
            if members is None:
                break
            if part not in members:
                close = difflib.get_close_matches(part, list(members), 1, 0.6)
                suggestion = close[0] if close else ""
                faults.append(NameFault(use.offsets[index], use.path, index, suggestion, tuple(sorted(members))))
                break
            members = members[part].members
    return sorted(faults)
