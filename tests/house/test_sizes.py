"""Sizes of files and functions: reported, and held only against the worst."""

import ast
import statistics
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "framework" / "trinario"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def _functions() -> list[tuple[int, str]]:
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append((length, f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}"))
    return sorted(found, reverse=True)


def test_the_sizes_of_the_house(record_property: object, capsys: object) -> None:
    functions = _functions()
    files = sorted(
        ((len(path.read_text().splitlines()), str(path.relative_to(PACKAGE))) for path in FILES), reverse=True
    )
    lengths = [length for length, _ in functions]
    print(f"\n{len(files)} files, median {statistics.median(n for n, _ in files):.0f} lines; longest:")
    print(*(f"  {count:4} {name}" for count, name in files[:8]), sep="\n")
    print(f"{len(functions)} functions, median {statistics.median(lengths):.0f} lines; longest:")
    print(*(f"  {count:4} {name}" for count, name in functions[:8]), sep="\n")
    assert statistics.median(lengths) <= 12
    assert sum(length <= 25 for length in lengths) / len(lengths) > 0.95
