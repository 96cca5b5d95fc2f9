"""A bot's functions.py, read and never run: which functions it has, and what they take."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trinario.authoring.issue import Issue, Severity

CONTACT = "contact"
"""A parameter of this name is given the contact."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A function: the parameters that it takes by name, those that it needs, and whether it takes any others."""

    name: str
    takes: tuple[str, ...]
    needs: tuple[str, ...]
    any: bool
    line: int


def read_functions(data: bytes, file: str) -> tuple[Mapping[str, Signature], list[Issue]]:
    """The public functions at the top of a file; a file that is no Python has an issue and no function."""
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = str(getattr(error, "msg", None) or error)
        column = getattr(error, "offset", None) or 1
        return {}, [Issue("T052", file, line, column, column + 1, f"this is no Python: {reason}", "mend it there")]
    found: dict[str, Signature] = {}
    issues: list[Issue] = []
    for node in _functions(tree):
        made = _signature(node)
        if node.args.posonlyargs and any(arg.arg in made.needs for arg in node.args.posonlyargs):
            issues.append(Issue("T052", file, node.lineno, 1, 2, f'function "{node.name}" has parameters that cannot be named',
                                "take the `/` out", Severity.WARNING))  # fmt: skip
        found[node.name] = made
    return found, issues


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Signature:
    given = node.args
    placed = [arg.arg for arg in (*given.posonlyargs, *given.args)]
    free = set(placed[len(placed) - len(given.defaults) :]) if given.defaults else set()
    named = [arg.arg for arg in given.kwonlyargs]
    free |= {arg.arg for arg, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is not None}
    every = [name for name in (*placed, *named) if name != CONTACT]
    needs = tuple(name for name in every if name not in free)
    return Signature(node.name, tuple(every), needs, given.kwarg is not None, node.lineno)
