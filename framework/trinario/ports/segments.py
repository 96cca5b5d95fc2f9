"""Segments as the database answers them: who is certain, who has to be looked at, and what lies beside a contact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from trinario.campaign.segment import Question, Told
from trinario.model.contact import Contact

CHUNK = 2_000
"""Members that one transaction is given."""

SCANNED = 20_000
"""Contacts that one transaction looks through for them: some tens of milliseconds."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the contacts: (id, whether she is certain) of those that may be of the segment, up to `cursor`;
    `done`: there are no contacts beyond it."""

    ids: Sequence[tuple[int, bool]]
    cursor: int
    done: bool


class SegmentUnit(Protocol):
    """What a transaction does with segments."""

    def count(self, question: Question) -> int:
        """How many are certainly of it."""

    def doubtful(self, question: Question, after: int, limit: int) -> list[int]:
        """Contacts that must be looked at one by one, by id."""

    def find(self, question: Question, after: int, limit: int = CHUNK, scanned: int = SCANNED) -> Found:
        """Who is, or may be, of it, beyond a contact; at most `limit` of them, out of at most `scanned` contacts."""

    def draw(self, question: Question, seed: int, skip: int, limit: int) -> list[tuple[int, bool]]:
        """Some of them by lot, as in `find`; the same seed draws the same."""

    def among(self, question: Question, contacts: Sequence[int]) -> dict[int, bool]:
        """Which of these contacts are, or may be, of it; those who are not are left out."""

    def people(self, contacts: Sequence[int]) -> list[Contact]:
        """These contacts, in the order given; no lock is taken."""

    def facts(self, asked: Sequence[Told], question: Question, contacts: Sequence[int]) -> Mapping[int, set[Told]]:
        """Which of these facts hold of contacts."""
