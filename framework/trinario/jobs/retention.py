"""What bot.yaml says not to keep any longer, forgotten some rows at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trinario.model.retention import KEYS, Retention
from trinario.ports import Unit

CHUNK = 500
"""Rows that one transaction looks at: a few milliseconds of the writer."""

SLOTS = timedelta(days=400)
"""How long slots of time tables are kept."""

OVER_AGAIN = timedelta(days=1)
"""After so long everything is looked at from the first row on: what was still needed then may not be any more."""


@dataclass(slots=True)
class Sweep:
    """How far the forgetting has come, by part. Lost with the process, which costs a walk along the tables."""

    reached: dict[str, int] = field(default_factory=dict)
    begun: datetime | None = None
    gone: dict[str, int] = field(default_factory=dict)


def sweep(unit: Unit, rules: Retention, mark: Sweep, part: str, now: datetime) -> bool:
    """Forget a chunk of a part; gives whether there may be more."""
    kept = rules.of(next(name for name, parts in unit.retention.parts.items() if part in parts))
    if kept is None:
        return False
    gone, reached = unit.retention.forget(part, mark.reached.get(part, 0), now - kept, CHUNK)
    mark.gone[part] = mark.gone.get(part, 0) + gone
    if reached is not None:
        mark.reached[part] = reached
    return reached is not None


def begin(unit: Unit, mark: Sweep, now: datetime) -> list[str]:
    """The parts of a walk, in their order; once a day from the first row on."""
    if mark.begun is None or now - mark.begun >= OVER_AGAIN:
        mark.begun, mark.reached = now, {}
    mark.gone = {}
    unit.retention.forget_slots(now - SLOTS, CHUNK)
    return [part for name in KEYS for part in unit.retention.parts[name]]


def in_words(rules: Retention) -> Mapping[str, str]:
    """How long what is kept, for people."""
    return {name: f"{kept.days:,} days" if (kept := rules.of(name)) else "for good" for name in KEYS}
