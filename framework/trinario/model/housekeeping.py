"""When the bot tidies up, as bot.yaml says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

WORKS = ("retention", "tokens", "templates")

TOKENS_AT_LEAST = timedelta(days=30)
"""Tokens live sixty days: a table that comes more seldom would let one die."""


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """`lines`: a time table (cron) by the work that follows it; what has none goes its own way. `zone` "": the bot's."""

    lines: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
