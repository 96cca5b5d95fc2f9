"""A call that waits for a contact whose turn is running."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from trinario.ports import Unit
from trinario.web.api.problem import busy_contact
from trinario.web.doors import Doors

TRIES = 6
"""How often a call waits for a contact whose turn is running."""

T = TypeVar("T")


async def patient(doors: Doors, work: Callable[[Unit], T | None]) -> T:
    """What `work` gives, tried again while somebody is busy. Raises ProblemError."""
    for attempt in range(TRIES):
        done = await doors.store.run(work)
        if done is not None:
            return done
        await asyncio.sleep(0.02 * 2**attempt)
    raise busy_contact()
