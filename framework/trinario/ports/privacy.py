"""What the database is told and asked when somebody is to be forgotten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Erasure:
    """That somebody was erased: `code` is what she can ask by, `asked_by` platform, team or api, `contacts` how many
    contacts of ours it was (0: nobody was known)."""

    code: str
    asked_by: str
    contacts: int
    at: datetime


class PrivacyUnit(Protocol):
    """What is known of somebody whole: taken out, and forgotten; in one transaction."""

    def family(self, contact: int) -> list[int]:
        """Every contact row that is the same person: what was merged into her, and into those; [] if there is none."""

    def erase(self, contacts: Sequence[int]) -> Mapping[str, int]:
        """Forget contacts, whole; gives how many rows of each table went. Copies of files go when they are removed."""

    def takeout(self, contacts: Sequence[int]) -> Mapping[str, list[dict[str, Any]]]:
        """Everything that is known of contacts: rows by table, times in epoch milliseconds."""

    def bury(self, hashes: Collection[str], now: datetime) -> None:
        """Keep keyed hashes by which somebody who was erased is known again."""

    def buried(self, hashes: Collection[str]) -> set[str]:
        """Which of these hashes are of somebody who was erased."""

    def keep(self, erasure: Erasure) -> None:
        """Keep that an erasure was done."""

    def find(self, code: str) -> Erasure | None:
        """An erasure by its code."""
