"""People in sequences as they are kept, and what a transaction can do with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody in a sequence. `next` comes at `due` by the file of that `revision` ("": not reckoned yet); `progress` is what
    is behind her, as JSON data; `tries` counts how often the step was brought into a turn."""

    id: int
    contact: int
    sequence: str
    enrolled_at: datetime
    next: str = ""
    due: datetime | None = None
    revision: str = ""
    progress: Mapping[str, Any] | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Onward:
    """How far she is from now on. `due` None: nothing comes any more, and she is done, or has left because of `why`."""

    id: int
    revision: str = ""
    step: str = ""
    next: str = ""
    due: datetime | None = None
    progress: Mapping[str, Any] | None = None
    why: str = ""
    at: datetime | None = None
    again: bool = False
    """the same step once more, at `due`"""


class DripUnit(Protocol):
    """What a transaction does with people in sequences."""

    def unreckoned(self, revisions: Mapping[str, str], limit: int) -> Sequence[Enrolment]:
        """People of these sequences (name -> revision) whose next step was reckoned by another file, or not yet; locked."""

    def due(self, names: Collection[str], limit: int, now: datetime) -> Sequence[Enrolment]:
        """People of these sequences whose next step has come, locked, the first due in front."""

    def out(self, rows: Sequence[Enrolment]) -> None:
        """Their steps are on their way into a turn."""

    def onward(self, rows: Sequence[Onward]) -> None:
        """How far people are."""

    def of(self, contact: int) -> Sequence[Enrolment]:
        """The sequences in which somebody is."""

    def one(self, id: int) -> Enrolment | None:
        """An enrolment that is live, by its number."""

    def due_under_way(self) -> int:
        """How many steps are on their way into a turn; at most some thousands are counted."""
