"""Draws as they are kept, and what a transaction can do with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trinario.campaign.drawing import Ticket


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: its seed, since when it is fixed, and, once it was drawn, the numbers that won and the digest of all."""

    name: str
    seed: str
    committed_at: datetime
    drawn_at: datetime | None = None
    winners: tuple[str, ...] = ()
    entrants: str = ""


class DrawUnit(Protocol):
    """What a transaction does with draws."""

    def tickets(self, name: str, until: datetime | None = None) -> Sequence[Ticket]:
        """The numbers of a draw, and whose each is; with `until` those that were given out by then."""

    def names(self) -> Sequence[tuple[str, int]]:
        """Every draw in which numbers were given out, with how many."""

    def commit(self, name: str, seed: str, now: datetime) -> Draw:
        """Keep the seed of a draw; one that is there stays. Gives the draw as it is kept."""

    def find(self, name: str) -> Draw | None:
        """A draw whose seed is kept."""

    def drawn(self, draw: Draw) -> bool:
        """Write who won; False: it was drawn already."""
