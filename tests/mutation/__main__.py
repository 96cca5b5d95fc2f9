"""Tries a sample of the engine's mutants in a copy of the tree: `python -m tests.mutation [--left] [--all] [MUTANT...]`."""

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.mutation.sample import SHARES, drawn, judged, room
from tests.mutation.types import refused

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "build" / "mutation"
FOLDERS = ("unit/engine", "golden")
SETTINGS = """
[tool.mutmut]
source_paths = ["trinario"]
only_mutate = ["trinario/engine/*"]
also_copy = ["tests"]
pytest_add_cli_args = ["-p", "no:randomly", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests/unit/engine"]
"""
FIRST = "trinario.engine.chance.x_draw__mutmut_1"
"""mutmut makes all mutants before it tries any: trying one makes them."""

SURVIVED = (0, 5, 33)
"""Exit codes of a mutant that nobody noticed: all tests passed, or there was none. A process that hangs is noticed."""


def main() -> None:
    given = _arguments()
    _copy(fresh=given.fresh)
    _mutmut([FIRST])
    every = [name for name, _ in judged(COPY)]
    chosen = given.mutants or (every if given.all else drawn(every))
    typed = refused(COPY)
    killed = {name for name, code in judged(COPY) if given.left and code is not None and code not in SURVIVED}
    _mutmut([name for name in chosen if name not in typed | killed], children=given.children)
    found = {name: "types" if name in typed else _fate(code) for name, code in judged(COPY) if name in set(chosen)}
    _tell(found, len(every))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("mutants", nargs="*", metavar="MUTANT", help="names; without them the sample")
    parser.add_argument("--all", action="store_true", help="every mutant of the engine (hours)")
    parser.add_argument("--left", action="store_true", help="what a test killed last time is not tried again")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs found")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="so many at a time")
    return parser.parse_args()


def _copy(*, fresh: bool) -> None:
    """The tree as mutmut wants it: the package at the root. What earlier runs found stays, unless `fresh`."""
    if fresh:
        shutil.rmtree(COPY, ignore_errors=True)
    for name in ("trinario", "tests"):
        shutil.rmtree(COPY / name, ignore_errors=True)
    shutil.copytree(ROOT / "framework" / "trinario", COPY / "trinario", ignore=shutil.ignore_patterns("__pycache__"))
    for name in FOLDERS:
        shutil.copytree(ROOT / "tests" / name, COPY / "tests" / name)
    for path in (ROOT / "tests").glob("*.py"):
        shutil.copy(path, COPY / "tests")
    (COPY / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text() + SETTINGS)
    (COPY / "mutants" / "trinario").mkdir(parents=True, exist_ok=True)


def _mutmut(names: Sequence[str], *, children: int = 1) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *names]
    always_the_same = {**os.environ, "CI": "1"}
    done = subprocess.run(
        command, cwd=COPY, env=always_the_same, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        print(done.stdout.replace("\r", "\n")[-3000:], file=sys.stderr)
        raise SystemExit(done.returncode)


def _tell(found: Mapping[str, str], of: int) -> None:
    """The table of rooms, and where to read what is left."""
    print(f"{len(found)} of {of} mutants\n")
    print("| room | mutants | refused by the types | killed by a test | left |\n|---|---|---|---|---|")
    for name in (*SHARES, "all"):
        fates = Counter(fate for mutant, fate in found.items() if name in ("all", room(mutant)))
        print(f"| {name} | {fates.total()} | {fates['types']} | {fates['killed']} | {fates['survived']} |")
    left = [mutant for mutant, fate in found.items() if fate not in ("killed", "types")]
    path = COPY / "survivors.diff"
    path.write_text("\n".join(_difference(mutant) for mutant in left))
    print(f"\n{len(left)} are left; what they change is in {path.relative_to(ROOT)}")


def _fate(code: int | None) -> str:
    if code is None:
        return "untried"
    return "survived" if code in SURVIVED else "killed"


def _difference(mutant: str) -> str:
    show = [sys.executable, "-m", "mutmut", "show", mutant]
    return subprocess.run(show, cwd=COPY, stdout=subprocess.PIPE, text=True).stdout


main()
