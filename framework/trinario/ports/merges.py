"""What the database is told and asked of contacts who are one, and of those who may be."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from trinario.model.channel import Identity
from trinario.model.part import Before
from trinario.model.session import Session


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


class MergeUnit(Protocol):
    """Who became one and was parted again, in one transaction."""

    def add(self, merge: Merge) -> int:
        """Write a merge down; every row of `taken` goes to `kept`, and the list of them stays. Gives its id."""

    def end_doubled(self, kept: int, taken: int, now: datetime) -> list[int]:
        """Of two live enrolments in one sequence that of `taken` ends; gives the ids of those that did."""

    def add_unlink(self, merge: Merge, identity: Identity) -> int:
        """Write down that one identity of `kept` was never hers but of `taken`, who is new; undoing it parts them."""

    def undo(self, merge: Merge, holder: int, by: str, reason: str, now: datetime) -> None:
        """The rows that it moved go back from `holder`, who has them now."""

    def heard_since(self, holder: int, mark: int) -> Iterator[tuple[int, str, str, str, str, datetime]]:
        """What came in for a contact since: (id, channel, external id, kind, body, received), in order."""

    def give(
        self, merge: Merge, holder: int, rows: Sequence[tuple[int, str, str]], identities: Collection[Identity]
    ) -> None:
        """What happened on these identities since the merge, and what these inbox rows (id, channel, external id) led to,
        goes from `holder` to the one who was taken."""

    def withdraw_strays(
        self, strange: Mapping[int, Collection[str]], since: datetime
    ) -> list[tuple[int, str, str, bool]]:
        """What two who are parted would still read, and nobody sends yet, is withdrawn where the other's session says it,
        or it was said since they were one and words stand in it that are the other's (`strange`, by the contact who would
        read it): (whose the session is,
        outbox key, session, whether it waits for it)."""

    def close_offers(self, pair: tuple[int, int], since: datetime, now: datetime) -> set[str]:
        """Links to other channels that one of two who are parted was shown since they were one, in a session of the other's,
        open nothing any more; gives their offers."""

    def resume(self, merge: int, sessions: Mapping[str, Session]) -> None:
        """What these sessions (by id) had said and a merge has withdrawn, as it ended them, is to be sent again; they are
        counted where they stand."""

    def moved_identities(self, merge: int) -> list[Identity]:
        """The identities that a merge moved."""

    def tickets_before(self, merge: int) -> set[int]:
        """The tickets that were open before a merge, of either of the two, by number."""

    def suggestions(self, contact: int | None, state: str, limit: int) -> list[Suggestion]:
        """Pairs who may be one, newest first; of one contact, or of all. State: open, accepted, dismissed."""

    def known_kinds(self, contacts: Collection[int]) -> Mapping[str, str]:
        """The fields by which any of these contacts is known, with their types."""

    def settle_suggestion(self, pair: tuple[int, int], state: str, by: str, now: datetime) -> None:
        """A pair is dismissed, or accepted; it need not have been suggested."""

    def former_identities(self, merge: int) -> list[Identity]:
        """Ids that a merge moved and that have changed since, as they were."""

    def said_by_people(
        self, contact: int, since: datetime
    ) -> tuple[set[tuple[str, str]], list[tuple[datetime, Identity]]]:
        """What people of the team have said to a contact: in the platforms' own apps (channel, external id), and, since
        then, by the API (when, to which identity)."""

    def find(self, id: int) -> Merge | None:
        """A merge by its id."""

    def of(self, contact: int) -> list[Merge]:
        """The merges by which a contact took or was taken, undone ones too, newest first."""

    def later(self, merge: Merge, people: Collection[int]) -> list[Merge]:
        """The merges of these contacts that came after one, and hold."""

    def rewrite(self, merge: Merge) -> None:
        """Keep `before` anew."""
