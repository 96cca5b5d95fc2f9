"""Short links of ours as they are kept, and what a transaction can do with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ShortLink:
    """An address of ours that leads to `url`, in one message (`key`) to one person. `campaign`: the slot that says it."""

    token: str
    url: str
    contact: int
    key: str
    channel: str
    campaign: int = 0


class ClickUnit(Protocol):
    """What a transaction does with short links."""

    def keep(self, links: Sequence[ShortLink], now: datetime) -> None:
        """Keep links; those that are there stay."""

    def click(self, token: str, now: datetime) -> ShortLink | None:
        """Somebody opened a link: it is counted. None: there is no such one."""

    def find(self, token: str) -> ShortLink | None:
        """A link, without counting."""
