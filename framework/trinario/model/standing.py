"""How a number of ours stands with its platform: what people make of it, and how many it may write to first in a day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNLIMITED = -1
"""There is no limit of people."""

BULK_SHARES: Mapping[str, int] = {"yellow": 50, "red": 10}
"""Percent of the pace at which campaigns go while people block or report a number; answers keep the whole pace."""

QUALITIES = ("green", "yellow", "red")

_TIER = re.compile(r"(?:TIER_)?([0-9]{1,9})(K?)")


@dataclass(frozen=True, slots=True)
class NumberStanding:
    """`quality` is green, yellow, red, "" while nobody knows; `most` how many people it may write to first within 24 hours
    (0: nobody knows, UNLIMITED: as many as it likes)."""

    channel: str
    quality: str = ""
    most: int = 0

    @property
    def bulk_share(self) -> int:
        """Percent of the pace that campaigns may use."""
        return BULK_SHARES.get(self.quality, 100)


def tier_of(told: Any) -> int:
    """The limit that a number, `TIER_250`, `TIER_2K` or `TIER_UNLIMITED` says; 0: none that we know (platform facts, 5.1)."""
    if isinstance(told, bool):
        return 0
    if isinstance(told, int | float):
        return UNLIMITED if told == -1 else max(0, min(int(told), 10**9))
    words = told.strip().upper() if isinstance(told, str) else ""
    if words.removeprefix("TIER_") == "UNLIMITED":
        return UNLIMITED
    found = _TIER.fullmatch(words)
    return int(found[1]) * (1000 if found[2] else 1) if found else 0


def quality_of(told: Any) -> str:
    """A rating as it is kept: `GREEN` is green; "" for what is none."""
    words = told.strip().lower() if isinstance(told, str) else ""
    return words if words in QUALITIES else ""
