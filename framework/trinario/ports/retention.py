"""Forgetting what is old, as a transaction does it."""

from datetime import datetime
from typing import Protocol


class RetentionUnit(Protocol):
    """What a transaction forgets."""

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The parts that each key of `retention` in bot.yaml consists of, in the order in which they go."""

    def forget(self, part: str, after: int, before: datetime, limit: int) -> tuple[int, int | None]:
        """Look at the next `limit` rows of a part behind row `after`, and forget those older than `before` that nothing needs
        any more. Gives how many went, and the row that was reached (None: all that is old was looked at)."""

    def forget_slots(self, before: datetime, limit: int) -> int:
        """Forget slots of time tables that were over by then; gives how many."""
