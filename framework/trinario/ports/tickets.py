"""Tickets: contacts who were given to people, as records and as what a transaction does with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

TicketState = Literal["open", "answered", "closed"]
TicketStates = Literal["open", "answered", "closed", "waiting", "all"]
"""What may be asked for: a state, `waiting` (open or answered), or all of them."""


@dataclass(frozen=True, slots=True)
class TicketKept:
    """A ticket as it is kept. `assignee` "": nobody has taken it; `closed_by` says who or what closed it."""

    id: int
    contact: int
    session: str
    team: str
    note: str
    priority: str
    assignee: str
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    name: str = ""
    owner: str = "bot"

    @property
    def state(self) -> TicketState:
        """`open` until a person of the team has written to her, then `answered`, then `closed`."""
        if self.closed_at is not None:
            return "closed"
        return "open" if self.answered_at is None else "answered"


class Tickets(Protocol):
    """What a transaction does with tickets."""

    def list(
        self, team: str | None, state: TicketStates, assignee: str | None, after: int | None, limit: int
    ) -> Sequence[TicketKept]:
        """Tickets behind one with the number `after`: those that wait with the oldest first, `closed` and `all` with the
        newest first."""

    def find(self, id: int) -> TicketKept | None:
        """A ticket by its number."""

    def of(self, contact: int) -> Sequence[TicketKept]:
        """The tickets of a contact that are not closed, oldest first."""

    def close(self, ids: Sequence[int], by: str, now: datetime) -> None:
        """Those of these that are not closed are closed."""

    def give(self, ids: Sequence[int], contact: int) -> None:
        """These are that contact's."""

    def assign(self, id: int, assignee: str) -> None:
        """Somebody of the team has it from now on; "" for nobody."""
