"""Which mutants the type checker refuses already: `make check` would not let them pass, no test need run."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

TELLING = frozenset(
    {"arg-type", "call-arg", "call-overload", "dict-item", "index", "list-item", "operator", "return", "return-value",
     "union-attr"}
)  # fmt: skip
"""Faults of the change itself; others (names defined twice) come of many versions of a function in one class."""

_MUTANT = re.compile(r"__mutmut_\d+$")
_Span = tuple[int, int, str]


def refused(copy: Path) -> set[str]:
    """The mutants of a copy in which mypy finds a fault."""
    command = [sys.executable, "-m", "mypy", "--config-file=", "--output", "json", "-p", "trinario.engine"]
    told = subprocess.run(command, cwd=copy / "mutants", stdout=subprocess.PIPE, text=True).stdout
    faults = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    spans = {file: list(_spans(copy / "mutants" / file)) for file in {fault["file"] for fault in faults}}
    found: set[str] = set()
    for fault in faults:
        if fault["severity"] == "error" and fault["code"] in TELLING:
            inside = [name for first, last, name in spans[fault["file"]] if first <= fault["line"] <= last]
            found.update(f"{fault['file'].removesuffix('.py').replace('/', '.')}.{name}" for name in inside)
    return {name.replace(".__init__.", ".") for name in found}


def _spans(path: Path) -> Iterator[_Span]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and _MUTANT.search(node.name):
            assert node.end_lineno is not None
            yield node.lineno, node.end_lineno, node.name
