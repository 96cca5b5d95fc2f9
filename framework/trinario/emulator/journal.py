"""The journal: one JSON line per change of the world, appended as it happens and replayed at the start."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trinario.emulator.config import Json

try:
    import orjson
except ImportError:  # an interpreter without a wheel of it
    orjson = None  # type: ignore[assignment]


def compact(value: object) -> bytes:
    """One JSON line without its newline."""
    if orjson is not None:
        return orjson.dumps(value)
    return json.dumps(value, separators=(",", ":")).encode()


def parse(raw: bytes) -> Any:
    """Any JSON value. Raises ValueError, also for lone surrogates, which no channel can carry."""
    if orjson is not None:
        return orjson.loads(raw)
    content = json.loads(raw)
    json.dumps(content, ensure_ascii=False).encode("utf-8")
    return content


class Journal:
    """An append-only file; a line torn by a killed process is cut off when it is opened again."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._cut_torn_line()
        self._file = self.path.open("ab", buffering=0)

    def read(self) -> Iterator[Json]:
        """Every change so far, oldest first."""
        with self.path.open("rb") as lines:
            for line in lines:
                yield parse(line)

    def append(self, change: Json) -> None:
        """Handed to the operating system at once: the death of this process loses nothing."""
        self._file.write(compact(change) + b"\n")

    def close(self) -> None:
        self._file.close()

    def _cut_torn_line(self) -> None:
        self.path.touch()
        with self.path.open("rb+") as file:
            size = file.seek(0, 2)
            end = size
            while end > 0:
                start = max(0, end - 65_536)
                file.seek(start)
                newline = file.read(end - start).rfind(b"\n")
                if newline >= 0:
                    end = start + newline + 1
                    break
                end = start
            if end != size:
                file.truncate(end)
