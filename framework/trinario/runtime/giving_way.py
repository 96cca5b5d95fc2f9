"""On the event loop, messages of campaigns give way to answers: they go when nobody waits for one, a moment later at most."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MOST = 0.03
"""Seconds that a message of a campaign gives way at most: campaigns get on however many write."""

LOOK = 0.001
"""Seconds between two looks whether somebody waits still."""


class GivingWay:
    """Who waits is told by `waits`, and by answers that are on their way to the platform (`ahead`)."""

    def __init__(self, waits: Callable[[], bool]) -> None:
        self._waits, self._answers = waits, 0
        self._line = asyncio.Lock()

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """While this lasts, somebody's answer is on its way."""
        self._answers += 1
        try:
            yield
        finally:
            self._answers -= 1

    async def behind(self) -> None:
        """Return when nobody waits, after `MOST` seconds at the latest. Who came first goes first; one alone looks."""
        loop = asyncio.get_running_loop()
        until = loop.time() + MOST
        if not self._line.locked() and not self._busy():
            return
        async with self._line:
            while self._busy() and (rest := until - loop.time()) > 0:
                await asyncio.sleep(min(LOOK, rest))

    def _busy(self) -> bool:
        return self._answers > 0 or self._waits()
