"""python -m tests.soak [--examples 20000] [--steps 30]: many random stories; ends by itself, 1 if anything was wrong."""

import argparse
import sys
import time
import traceback

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.machine import Soak


def main() -> int:
    """Play, and print the shortest story in which something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--steps", type=int, default=30)
    given = parser.parse_args()
    begun = time.monotonic()
    how = settings(max_examples=given.examples, stateful_step_count=given.steps, deadline=None,
                   suppress_health_check=list(HealthCheck))  # fmt: skip
    try:
        run_state_machine_as_test(Soak, settings=how)
    except Exception:
        traceback.print_exc()
        return 1
    print(
        f"{given.examples} stories of up to {given.steps} steps in {time.monotonic() - begun:.0f} s: all as it should be"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
