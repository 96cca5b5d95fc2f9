"""A bell that a loop waits for: rung by others, by the poll, or closed for good."""

import asyncio
import time
from collections.abc import Callable


class Bell:
    """Many rings before a wait are one. `also` is called at every ring (to tell other processes); `first`: somebody who wrote
    to us waits for what was rung for; it is forgotten where `attended` says that nobody here waits for the bell. What
    nobody waits for rings the bell `behind` as well, and the two are closed together."""

    def __init__(
        self, also: Callable[[], None] | None = None, *, attended: bool = True, behind: "Bell | None" = None
    ) -> None:
        self._event = asyncio.Event()
        self._also, self._attended, self._behind = also, attended, behind
        self.closed = self.first = False
        self.heard = 0.0  # when somebody last waited, by the monotonic clock

    def ring(self, *, first: bool = False) -> None:
        """There is something to do."""
        self.ring_here(first=first)
        if self._also is not None:
            self._also()

    def ring_here(self, *, first: bool = False) -> None:
        """There is something to do, and others know already."""
        if first:
            self.first, self.heard = self._attended, time.monotonic()
        elif self._behind is not None:
            self._behind.ring_here()
        self._event.set()

    def take_first(self) -> bool:
        """Whether somebody waits for it; from now on as if nobody did."""
        first, self.first = self.first, False
        return first

    async def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so long. False: it is closed."""
        if not self._event.is_set():
            try:
                await asyncio.wait_for(self._event.wait(), seconds)
            except TimeoutError:
                pass
        self._event.clear()
        return not self.closed

    def close(self) -> None:
        """No more work."""
        self.closed = True
        self._event.set()
        if self._behind is not None:
            self._behind.close()
