"""What an import asks of the database: who is known by what, people made, contacts held while they are changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from trinario.model.channel import Identity
from trinario.model.contact import Contact


class Overtaken(Exception):
    """Somebody else has made, or joined, one of these people meanwhile: the same work is to be done again."""


@dataclass(frozen=True, slots=True)
class Held:
    """A locked contact. `busy`: a session of hers is live, or something waits in her inbox. `mark` is the newest entry of
    her ledger, `no_at` when she last said no."""

    contact: Contact
    busy: bool = False
    mark: int = 0
    no_at: datetime | None = None


class ImportUnit(Protocol):
    """What a transaction does for an import."""

    def holders(self, identities: Collection[Identity]) -> Mapping[Identity, int]:
        """Whose these ids are."""

    def with_field(self, name: str, kind: str, values: Collection[Any]) -> Mapping[Any, Sequence[int]]:
        """Contacts in whom a field, of this declared type, has these values."""

    def add(self, people: Sequence[tuple[int | None, Sequence[Identity]]], now: datetime) -> list[int]:
        """Give ids to contacts, or to new ones (None); gives the contacts. Raises Overtaken."""

    def hold(self, contacts: Collection[int]) -> Mapping[int, Held]:
        """Lock contacts, in the order of their ids, waiting for turns under way. Raises Overtaken for one merged or gone."""
