"""What came in and was not understood, or was given up: kept, and to be seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

StrayKind = Literal["unsupported", "dead"]


@dataclass(frozen=True, slots=True)
class Stray:
    """One row of the inbox. `what` it is in a word; `reason` why it was given up; `body` what was read of it, `raw` the bytes
    that came (None: forgotten by now)."""

    id: int
    channel: str
    what: str
    at: datetime
    contact: int | None
    reason: str
    body: str
    raw: bytes | None


class StrayUnit(Protocol):
    """What a transaction asks of strays."""

    def newest(self, kind: StrayKind, before: int, limit: int) -> list[Stray]:
        """Those before row `before`, the newest first: `unsupported` was not understood, `dead` failed again and again."""

    def count(self) -> dict[str, int]:
        """How many there are of each kind."""
