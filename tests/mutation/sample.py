"""Which of the engine's mutants are tried: a fixed share of each room, drawn by name, so that it stays when others come."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from zlib import crc32

CORE = ("advance", "command", "draft", "hear", "react", "stage", "tap", "trigger")
"""The files that hold the rules of the machine itself."""

SHARES = {"core": 4, "steps": 10, "answer": 30, "rest": 12}
"""One mutant in so many is tried."""


def room(mutant: str) -> str:
    """Of `trinario.engine.steps.ask.x_enter__mutmut_3`: `steps`; one of the keys of SHARES."""
    first = mutant.removeprefix("trinario.engine.").split(".")[0]
    return "core" if first in CORE else first if first in SHARES else "rest"


def drawn(mutants: Iterable[str], shares: dict[str, int] = SHARES) -> list[str]:
    """The sample, in the order given."""
    return [mutant for mutant in mutants if crc32(mutant.encode()) % shares[room(mutant)] == 0]


def judged(copy: Path) -> Iterator[tuple[str, int | None]]:
    """Every mutant of a copy, and with which code its tests ended: None untried, 0 all passed (it survived)."""
    for path in sorted((copy / "mutants" / "trinario" / "engine").rglob("*.meta")):
        yield from json.loads(path.read_text())["exit_code_by_key"].items()
