"""What time it is: the machine's clock, or that of the emulator when it is followed."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import aiohttp

from trinario.runtime.system_clock import SystemClock

__all__ = ["EmulatorClock", "SystemClock"]

EVERY = 0.06
"""Seconds between two looks at the emulator's clock."""

PATIENCE = 0.5
"""Seconds between two looks while the emulator does not answer."""

TIMEOUT = aiohttp.ClientTimeout(total=2.0)

PATH = "/_emulator/clock"

_log = logging.getLogger("trinario.clock")


class EmulatorClock:
    """The machine's clock plus the offset that the emulator's clock has: `now` never waits, a task follows the offset.

    The session is its owner's. `moved` is called after every change, so that whoever sleeps until a moment can look
    again.
    """

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = url if urlsplit(url).path.strip("/") else url.rstrip("/") + PATH
        self._session = session
        self._offset = timedelta()
        self.moved: Callable[[], None] = _nobody
        self._task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """An aware moment in UTC."""
        return datetime.now(UTC) + self._offset

    async def start(self) -> None:
        """Look once, then keep following until `stop`."""
        await self._look()
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def stop(self) -> None:
        """Stop following; the offset stays."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _follow(self) -> None:
        reached = True
        while not self._session.closed:
            await asyncio.sleep(EVERY if reached else PATIENCE)
            reached = await self._look()

    async def _look(self) -> bool:
        """Ask the emulator once; gives whether it answered."""
        try:
            async with self._session.get(self._url, timeout=TIMEOUT) as response:
                offset = timedelta(seconds=float((await response.json())["offset"]))
        except _TROUBLE as error:
            _log.debug("the emulator's clock does not answer: %s", type(error).__name__)
            return False
        if offset != self._offset:
            self._offset = offset
            _log.info("the emulator's clock was moved: %+.0f seconds from the machine's", offset.total_seconds())
            self.moved()
        return True


_TROUBLE = (
    aiohttp.ClientError, TimeoutError, OSError, RuntimeError, ValueError, KeyError, TypeError, OverflowError,
)  # fmt: skip
"""What may come of asking: silence, a closed session, an answer that is none."""


def _nobody() -> None:
    pass
