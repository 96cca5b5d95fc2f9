"""Hunts all thirty bugs and prints the table of docs/explanation/explore.md: `python -m tests.seeded`."""

import sys
import tempfile
from pathlib import Path

from tests.seeded.bugs import BUGS
from tests.seeded.hunt import by_play, found, write


def main() -> None:
    """The table, and what playing the good project costs."""
    with tempfile.TemporaryDirectory() as folder:
        good = by_play(write(Path(folder)), 30.0)
        assert good is not None and not good.evidence, "the good project has to come out clean"
        print(f"the good project: {good.moves} things tried in {good.seconds:.1f} s, nothing wrong\n", file=sys.stderr)
    print("| what the author did | found by |\n|---|---|")
    hits = 0
    for bug in BUGS:
        with tempfile.TemporaryDirectory() as folder:
            codes = found(Path(folder), bug)
        hits += bool(codes)
        how = ", ".join(f"`{code}`" for code in codes)
        played = any(code >= "T300" for code in codes if code.startswith("T"))
        print(f"| {bug.name} | {f'playing: {how}' if played else how or 'not found'} |")
    print(f"\n{hits} of {len(BUGS)} are found.")


main()
