"""Tries a sample of the engine's mutants in a copy of the tree: `python -m tests.mutation [--fresh] [--all] [MUTANT...]`."""

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.sample import SHARES, drawn, judged, room

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
SURVIVED, NO_TEST, KILLED = 0, (5, 33), (1, 3)
"""What pytest's exit codes say of a mutant; anything else is a process that hung or died, which is noticed as well."""


def main() -> None:
    given = _arguments()
    _copy(fresh=given.fresh)
    _mutmut(["trinario.engine.chance.*"])
    every = [name for name, _ in judged(COPY)]
    chosen = given.mutants or (every if given.all else drawn(every))
    _mutmut(chosen, children=given.children)
    fates = dict(judged(COPY))
    wanted = [name for name in fates if name in set(chosen)]
    _tell(wanted, fates, len(every))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("mutants", nargs="*", metavar="MUTANT", help="names; without them the sample")
    parser.add_argument("--all", action="store_true", help="every mutant of the engine (hours)")
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


def _tell(wanted: Sequence[str], fates: dict[str, int | None], of: int) -> None:
    print(
        f"{len(wanted)} of {of} mutants tried\n\n| room | tried | killed | no test | survived |\n|---|---|---|---|---|"
    )
    for name in SHARES:
        counts = Counter(_fate(fates[mutant]) for mutant in wanted if room(mutant) == name)
        print(f"| {name} | {counts.total()} | {counts['killed']} | {counts['no test']} | {counts['survived']} |")
    left = [mutant for mutant in wanted if _fate(fates[mutant]) != "killed"]
    path = COPY / "survivors.diff"
    path.write_text("\n".join(_difference(mutant) for mutant in left))
    print(f"\n{len(left)} are left; what they change is in {path.relative_to(ROOT)}")


def _fate(code: int | None) -> str:
    if code is None:
        return "untried"
    return "survived" if code == SURVIVED else "no test" if code in NO_TEST else "killed"


def _difference(mutant: str) -> str:
    show = [sys.executable, "-m", "mutmut", "show", mutant]
    return subprocess.run(show, cwd=COPY, stdout=subprocess.PIPE, text=True).stdout


main()
