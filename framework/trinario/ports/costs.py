"""What messages cost, as a transaction counts it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Charge:
    """So many messages of one channel that were told the same `price` (as it is kept) and went to identities of one `kind`
    that begin alike (`start`). `arrived`: they were delivered, which is what a platform charges for."""

    channel: str
    kind: str
    start: str
    price: str
    arrived: bool
    count: int


class CostUnit(Protocol):
    """What a transaction asks of costs."""

    def charges(self, since: datetime, until: datetime) -> list[Charge]:
        """Messages sent from `since` on and before `until` of which the platform has told the cost."""
