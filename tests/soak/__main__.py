"""python -m tests.soak [--examples 20000] [--steps 12] [--seed 1]: many random stories; ends by itself, 1 if anything was wrong."""

import argparse
import sys
import time
import traceback

import hypothesis.core
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.machine import Soak

PART = 1000
"""Stories that are drawn from one seed: then the next one, so that late stories are as new as early ones."""


def main() -> int:
    """Play, tell how far it is, and print the shortest story in which something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    begun = time.monotonic()
    for done in range(0, given.examples, PART):
        seed = given.seed + done // PART
        try:
            play(min(PART, given.examples - done), given.steps, seed)
        except Exception:
            traceback.print_exc()
            print(f"seed {seed}")
            return 1
        print(f"{min(done + PART, given.examples)} stories, the last by seed {seed}", flush=True)
    took = time.monotonic() - begun
    print(f"{given.examples} stories of up to {given.steps} steps in {took:.0f} s: all as it should be")
    return 0


def play(stories: int, steps: int, seed: int) -> None:
    hypothesis.core.global_force_seed = seed  # type: ignore[assignment]
    how = settings(max_examples=stories, stateful_step_count=steps, deadline=None, database=None,
                   suppress_health_check=list(HealthCheck))  # fmt: skip
    run_state_machine_as_test(Soak, settings=how)


if __name__ == "__main__":
    sys.exit(main())
