"""The floors of the house: arrows run down, no circles, every file says what it is."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "framework" / "trinario"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
NOBODYS = {"utils.py", "helpers.py", "common.py", "base.py", "manager.py"}


def test_the_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("trinario", cache_dir=None)


def test_no_module_imports_itself_by_a_detour(graph: grimp.ImportGraph) -> None:
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert _circles(imports) == []


def test_no_room_imports_itself_by_a_detour(graph: grimp.ImportGraph) -> None:
    rooms: dict[str, set[str]] = {}
    for module in graph.modules:
        room = ".".join(module.split(".")[:2])
        targets = {".".join(other.split(".")[:2]) for other in graph.find_modules_directly_imported_by(module)}
        rooms.setdefault(room, set()).update(targets - {room, "trinario"})
    assert _circles(rooms) == []


def _circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Strongly connected groups of more than one."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in imports.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(5000)
    try:
        for node in sorted(imports):
            if node not in index:
                visit(node)
    finally:
        sys.setrecursionlimit(before)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_file_opens_with_a_line_that_says_what_it_is(path: Path) -> None:
    text = path.read_text()
    words = ast.get_docstring(ast.parse(text))
    assert words and words.splitlines()[0].strip(), "write one line that says what this file is"


def test_nobody_moves_into_a_room_for_everything() -> None:
    assert [str(path.relative_to(ROOT)) for path in FILES if path.name in NOBODYS] == []


def test_every_verb_has_its_file_and_its_golden() -> None:
    steps = {path.stem for path in (PACKAGE / "engine" / "steps").glob("*.py")} - {"__init__"}
    goldens = {path.stem for path in (ROOT / "tests" / "golden" / "steps").glob("*.yaml")}
    from trinario.model import flow

    verbs = {_snake(kind.__name__) for kind in flow.Step.__args__}
    assert verbs <= steps, "a verb without a file in engine/steps"
    assert verbs <= goldens, "a verb without a golden file in tests/golden/steps"


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
