"""`${NAME}` in bot.yaml: values of the environment put into the tree before it is read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from trinario.authoring.issue import Issue
from trinario.authoring.nodes import Mapping as MappingNode
from trinario.authoring.nodes import Node, Scalar, Sequence

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

_ODD = re.compile(r"\$\{(?!\{)(?![A-Za-z_][A-Za-z0-9_]*\})[^}\s]*\}?")
"""What looks like a variable and is none; `${{` is a dollar before an expression."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A variable that is not set, and where it was asked for. `path` are the keys that lead there."""

    name: str
    line: int
    path: str


def substituted(node: Node, environ: Mapping[str, str]) -> tuple[Node, list[Missing]]:
    """The tree with every `${NAME}` replaced, and what could not be; an empty variable counts as not set."""
    missing: list[Missing] = []
    return _walked(node, environ, (), missing), missing


def odd_ones(node: Node) -> Iterator[tuple[Scalar, int, str]]:
    """Every `${...}` that names no variable: its scalar, where in its text it begins, and what it is."""
    if isinstance(node, Scalar):
        yield from ((node, match.start(), match[0]) for match in _ODD.finditer(node.text))
        return
    for item in node.items if isinstance(node, Sequence) else (item for _, item in node.pairs):
        yield from odd_ones(item)


def names_in(lines: Iterable[str]) -> set[str]:
    """Every variable that the lines of a file name."""
    return {match[1] for line in lines for match in _VARIABLE.finditer(line)}


def hidden(issues: Iterable[Issue], values: Mapping[str, str]) -> list[Issue]:
    """The issues as they were written, without what the environment put in: it may be a secret."""
    return [replace(issue, message=_hide(issue.message, values), hint=_hide(issue.hint, values)) for issue in issues]


def _hide(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(value, f"${{{name}}}") if len(value) > 2 else text
    return text


def _walked(node: Node, environ: Mapping[str, str], path: tuple[str, ...], missing: list[Missing]) -> Node:
    if isinstance(node, Scalar):
        return _filled(node, environ, path, missing)
    if isinstance(node, Sequence):
        items = (_walked(item, environ, (*path, str(number)), missing) for number, item in enumerate(node.items))
        return replace(node, items=tuple(items))
    pairs = ((key, _walked(item, environ, (*path, key.text), missing)) for key, item in node.pairs)
    return MappingNode(tuple(pairs), node.place)


def _filled(scalar: Scalar, environ: Mapping[str, str], path: tuple[str, ...], missing: list[Missing]) -> Scalar:
    def value(match: re.Match[str]) -> str:
        found = environ.get(match[1], "")
        if not found:
            missing.append(Missing(match[1], scalar.place.line, ".".join(path)))
        return found or match[0]

    if "${" not in scalar.text:
        return scalar
    return replace(scalar, text=_VARIABLE.sub(value, scalar.text))
