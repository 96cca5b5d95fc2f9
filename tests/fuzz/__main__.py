"""python -m tests.fuzz [--count 100000] [--seed N]: mutated webhooks through the real door; ends by itself, 1 if anything was wrong."""

import argparse
import asyncio
import sys
import time

from tests.fuzz.mutants import mutants
from tests.fuzz.rig import FuzzRig


def main() -> int:
    """Fire, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    return asyncio.run(_run(given.seed, given.count))


async def _run(seed: int, count: int) -> int:
    begun = time.monotonic()
    async with FuzzRig() as rig:
        tally = await rig.fire(mutants(seed, count))
    for fault in tally.faults[:20]:
        print(fault)
    answers = ", ".join(f"{number} x {status}" for status, number in sorted(tally.statuses.items()))
    print(f"seed {seed}: {tally.sent} webhooks in {time.monotonic() - begun:.0f} s: {answers};"
          f" {tally.intact} intact items, {len(tally.faults)} faults")  # fmt: skip
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
