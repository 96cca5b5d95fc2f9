"""What the database is told and asked of contacts who are one, and of those who may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trinario.model.merge import Before


@dataclass(frozen=True, slots=True)
class Merge:
    """Two contacts who are one, or were (`undone_at`). `ended`: sessions that were stopped by it, as JSON, by id; `left`: the
    enrolments that were; `timers` (key, kind, due in ms, data) those of the one taken (`shadowed`: the
    one kept had such ones herself); `mark`: the newest inbox row at that time."""

    kept: int
    taken: int
    at: datetime
    by: str
    reason: str
    evidence: Mapping[str, Any]
    before: Before
    ended: Mapping[str, Any] = field(default_factory=dict)
    left: tuple[int, ...] = ()
    mark: int = 0
    id: int = 0
    undone_at: datetime | None = None
    undone_by: str = ""
    undone_reason: str = ""
    timers: tuple[tuple[str, str, int, str], ...] = ()
    shadowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a contact is known by: kind phone (digits) or email (small letters), and the field that holds it."""

    kind: str
    value: str
    field: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two contacts who may be one, the smaller id first: the field `because` is equal. State: open, accepted, dismissed."""

    one: int
    two: int
    because: str
    state: str
    at: datetime
    by: str = ""
