"""CPU that a piece of work costs, in seconds of a quiet machine: neighbours, clocks and collectors are taken out."""

import time
from collections.abc import Callable

TRIES = 5
"""The cheapest of so many counts."""

YARD_SECONDS = 0.015
"""What the yard below costs on a quiet machine of the year 2026, one core of two."""


def cost(work: Callable[[], object], bound: float) -> float:
    """The cheapest try, by the yard measured beside it; once one is below the bound, that is enough."""
    costs: list[float] = []
    while not costs or (costs[-1] >= bound and len(costs) < TRIES):
        costs.append(_spent(work) / max(1.0, _yard() / YARD_SECONDS))
    return min(costs)


def _spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _yard() -> float:
    """CPU of a fixed piece of plain Python."""
    return _spent(lambda: {str(number): number * number for number in range(100_000)})
