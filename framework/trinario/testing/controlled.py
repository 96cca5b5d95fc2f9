"""A clock, ids and an environment that nothing but a test moves."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Supplied(Mapping[str, str]):
    """An environment in which no variable is missing: what is not set is a number of ten digits, fit for an id too."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return os.environ.get(name) or self._made.setdefault(name, f"{7_000_000_000 + len(self._made)}")

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


@dataclass(slots=True)
class MovableClock:
    """ports.Clock: it stands until it is moved, and never goes back."""

    at: datetime

    def now(self) -> datetime:
        """An aware moment in UTC."""
        return self.at

    def move(self, at: datetime) -> None:
        """Let it be that moment."""
        self.at = max(self.at, at)


@dataclass(slots=True)
class CountingIds:
    """Ids as the platforms give them, counted: wamid.1, m_2 ..."""

    count: int = 0

    def next(self, platform: str) -> str:
        """One that nothing had before."""
        self.count += 1
        return {"whatsapp": f"wamid.{self.count}", "telegram": str(self.count)}.get(platform, f"m_{self.count}")
