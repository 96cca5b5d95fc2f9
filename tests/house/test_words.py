"""A word is chosen once: the glossary's other words are not names of ours. Nothing of a machine stands in a file."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "framework" / "trinario"

BANNED = {
    "subscriber": "Contact", "scenario": "Flow", "dialog": "Session", "dialogue": "Session", "broadcast": "Campaign",
    "audience": "Segment", "urn": "Identity", "gateway": "Adapter", "hsm": "Template", "mock": "Emulator",
    "fake": "Emulator", "blast": "Campaign",
}  # fmt: skip
"""Word of a name -> the word we chose. Words of the platforms' own wire are free in `channels/` and `emulator/`."""

FREE = ("channels", "emulator")


def _names(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def test_names_use_the_words_of_the_glossary() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}: we say {BANNED[word]}"
        for path in PACKAGE.rglob("*.py")
        if not any(part in FREE for part in path.parts)
        for line, name in _names(path)
        for word in _words(name)
        if word in BANNED
    ]
    assert found == []


def test_no_path_of_a_machine_and_no_address_of_a_registry_is_in_a_file() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    files = [name for name in listed.stdout.split("\0") if name] or [
        str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*") if path.is_file()
    ]
    home = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|opt/pypi)/")
    hosts = re.compile(r"files\.pythonhosted|pypi\.org/simple|registry\.npmjs")
    bad = []
    for name in files:
        path = ROOT / name
        if path.suffix in {".png", ".woff2", ".ico", ".pyc"} or not path.is_file() or path == Path(__file__):
            continue
        text = path.read_text(errors="replace")
        bad.extend(f"{name}: {found.group()}" for found in [*home.finditer(text), *hosts.finditer(text)])
    assert bad == []
