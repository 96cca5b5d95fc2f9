"""How long what happened is kept."""

from dataclasses import dataclass
from datetime import timedelta

SHORTEST = {name: timedelta(days=31) for name in ("messages", "events", "steps")}
"""Caps, windows, repeated webhooks and goals look so far back; of the rest a day is enough."""

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """None: for good, or until the person is erased. `raw` are the bytes of webhooks, `strays` what came in and is nobody's,
    `calls` and `notices` those that are over, `events` the history, `steps` how people went through flows, `messages` what was
    said and heard, with its files."""

    raw: timedelta | None = timedelta(days=30)
    strays: timedelta | None = timedelta(days=90)
    calls: timedelta | None = None
    notices: timedelta | None = None
    events: timedelta | None = None
    steps: timedelta | None = None
    messages: timedelta | None = None

    def of(self, name: str) -> timedelta | None:
        """By the name of a key."""
        found: timedelta | None = getattr(self, name)
        return found


KEYS = ("raw", "strays", "calls", "notices", "events", "steps", "messages")
