"""A bell that a loop waits for: rung by others, by the poll, or closed for good."""

import asyncio
from collections.abc import Callable


class Bell:
    """Many rings before a wait are one. `also` is called at every ring (to tell other processes)."""

    def __init__(self, also: Callable[[], None] | None = None) -> None:
        self._event = asyncio.Event()
        self._also = also
        self.closed = False

    def ring(self) -> None:
        """There is something to do."""
        self._event.set()
        if self._also is not None:
            self._also()

    def ring_here(self) -> None:
        """There is something to do, and others know already."""
        self._event.set()

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
