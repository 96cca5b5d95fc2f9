"""The log: every Graph call, webhook attempt, violation and control call, numbered, and followed by whoever listens."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

from trinario.emulator.config import Json

KINDS = ("graph", "webhook", "violation", "control")
QUEUE_LIMIT = 10_000


class Log:
    """Entries `{n, at, kind, ...}`; the newest `keep` of them stay in memory, violations all; `sink` gets each as it comes."""

    def __init__(self, keep: int, record: Callable[[Json], None]) -> None:
        self.entries: deque[Json] = deque(maxlen=keep)
        self.violations: list[Json] = []
        self.last = 0
        self._record = record
        self._listeners: set[asyncio.Queue[Json]] = set()
        self.sink: Callable[[Json], None] | None = None

    def add(self, kind: str, at: float, content: Json) -> Json:
        """Number an entry, keep it, journal it and hand it to the listeners."""
        entry = {"n": self.last + 1, "at": at, "kind": kind, **content}
        self.restore(entry)
        self._record(entry)
        if self.sink is not None:
            self.sink(entry)
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(entry)
        return entry

    def restore(self, entry: Json) -> None:
        """Put an entry of the journal back in its place."""
        self.last = entry["n"]
        self.entries.append(entry)
        if entry["kind"] == "violation":
            self.violations.append(entry)

    def after(self, number: int, kind: str = "", limit: int = 0) -> list[Json]:
        """Entries above `number`, oldest first; of one kind, at most `limit` of them (0: all)."""
        found = (entry for entry in self._tail(number) if not kind or entry["kind"] == kind)
        return list(islice(found, limit) if limit else found)

    def listen(self) -> asyncio.Queue[Json]:
        """A queue that gets every entry from now on; the oldest are lost if it is not read."""
        queue: asyncio.Queue[Json] = asyncio.Queue(QUEUE_LIMIT)
        self._listeners.add(queue)
        return queue

    def close(self) -> None:
        """An empty entry tells the listeners that it is over."""
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait({})

    def leave(self, queue: asyncio.Queue[Json]) -> None:
        self._listeners.discard(queue)

    def _tail(self, number: int) -> Iterator[Json]:
        """Numbers have no gaps, so the place of the first entry is known without a search."""
        if not self.entries:
            return iter(())
        skip = max(0, number - self.entries[0]["n"] + 1)
        if skip < len(self.entries) // 2:
            return islice(self.entries, skip, None)
        newest = list(islice(reversed(self.entries), len(self.entries) - min(skip, len(self.entries))))
        return reversed(newest)
