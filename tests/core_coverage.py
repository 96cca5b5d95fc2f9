"""Branch coverage of the pure core by its own tests, package by package: `python -m tests.core_coverage [PYTEST...]`.

Fails where a package stays below LEAST, and names every line and branch that no test goes through.
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORE = ("model", "expressions", "engine", "policy", "campaign")
TESTS = (*(f"tests/unit/{name}" for name in CORE), "tests/unit/jobs", "tests/talks")
LEAST = 95.0
"""Per cent of the branches of each package."""

FOLDER = ROOT / "build" / "coverage"


def main() -> None:
    files = _measured(sys.argv[1:])
    low = [name for name, share in _table(files) if share < LEAST]
    for line in _gaps(files):
        print(line)
    if low:
        raise SystemExit(f"below {LEAST:g} % of the branches: {', '.join(low)}")


def _measured(more: list[str]) -> dict[str, Any]:
    """What coverage.py says of every file, by its name below framework/trinario."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    told, data = FOLDER / "core.json", f"--data-file={FOLDER / 'core.data'}"
    coverage = [sys.executable, "-m", "coverage"]
    tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS, *more]
    if subprocess.run([*coverage, "run", data, *tests], cwd=ROOT).returncode:
        raise SystemExit("a test fails")
    subprocess.run([*coverage, "json", data, "-q", "-o", str(told)], cwd=ROOT, check=True)
    return {name.split("trinario/", 1)[1]: file for name, file in json.loads(told.read_text())["files"].items()}


def _table(files: dict[str, Any]) -> Iterator[tuple[str, float]]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for name, file in files.items():
        found = file["summary"]
        counts = (found["covered_branches"], found["num_branches"], found["covered_lines"], found["num_statements"])
        sums[name.split("/")[0]] = [one + other for one, other in zip(sums[name.split("/")[0]], counts, strict=True)]
    print("\n| package | branches | lines |\n|---|---|---|")
    for name in CORE:
        ways, of_ways, lines, of_lines = sums[name]
        share = 100 * ways / of_ways if of_ways else 100.0
        print(f"| {name} | {share:.1f} % of {of_ways} | {100 * lines / of_lines:.1f} % of {of_lines} |")
        yield name, share


def _gaps(files: dict[str, Any]) -> Iterator[str]:
    """`engine/say.py: 90, 112, 89->91`: lines, and branches between lines that are gone through otherwise."""
    for name, file in sorted(files.items()):
        lines = set(file["missing_lines"])
        ways = [f"{one}->{'exit' if to < 0 else to}" for one, to in file["missing_branches"] if to not in lines]
        if lines or ways:
            yield f"{name}: {', '.join([*map(str, sorted(lines)), *ways])}"


if __name__ == "__main__":
    main()
