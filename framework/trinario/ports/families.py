"""Families of statements of one transaction: files, calls, codes, versions, templates, time tables."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.deployment import Deployment
from trinario.ports.beside import CallEntry, CodeLimits, Occurrence, PhoneCode, Reckoning, Stored, TemplateState
from trinario.ports.media import MediaEntry, MediaKept, MediaSettled
from trinario.ports.records import CallSettled, Case


class MediaUnit(Protocol):
    """Files that people sent, in one transaction."""

    def claim(self, limit: int, run: int, now: datetime) -> list[MediaEntry]:
        """Take files that are to be fetched now, for this run."""

    def settle(self, settled: Sequence[MediaSettled], run: int, now: datetime) -> None:
        """Record what this run fetched; of what was deleted meanwhile the copy is removed."""

    def orphan(self, run: int, most: int) -> list[int]:
        """Files that dead runs were fetching wait again, or have failed after `most` tries; gives the run of each."""

    def unclaim(self, run: int, in_hand: Collection[str]) -> set[str]:
        """Files claimed for this run, all but those in hand, wait again; gives those in hand that are not settled."""

    def expire(self, before: datetime, reason: str, limit: int, now: datetime) -> int:
        """Copies made before then are to be removed; gives how many."""

    def doomed(self, limit: int, now: datetime) -> list[str]:
        """Ids whose copies are to be removed from the store now."""

    def removed(self, gone: Collection[str], stuck: Collection[str], again: datetime) -> None:
        """Copies that are gone; those that could not be removed are tried again then."""

    def find(self, id: str) -> MediaKept | None:
        """A file that somebody sent."""

    def promise(self, id: str, contact: int, until: datetime, now: datetime) -> None:
        """A copy is about to be made for this contact: if nothing is attached by that id until then, it is removed."""

    def attach(self, entry: MediaEntry, stored: MediaSettled, now: datetime) -> None:
        """A file that the team sends: its copy is in the store, and it stands beside the message with this key."""

    def of(self, contact: int, limit: int) -> list[MediaKept]:
        """Files that a contact sent, newest first."""

    def erase(self, contact: int) -> int:
        """Nothing is known of a contact's files any more, and their copies are removed from the store; gives how many."""


class CallUnit(Protocol):
    """Calls of the outside, in one transaction."""

    def claim(
        self, limit: int, run: int, now: datetime, busy: Mapping[str, int] | None = None, most: int = 0
    ) -> list[CallEntry]:
        """Take calls to the outside that are to be made now, for this run; of one lane only as many as are not `busy` and
        not more than `most` (0: any number)."""

    def settle(self, settled: Sequence[CallSettled], run: int) -> set[int]:
        """Record what became of calls; gives the ids of those that were still this run's."""

    def orphan(self, run: int) -> list[CallEntry]:
        """Calls of dead runs: pending again where that does no harm (`again`), else failed."""

    def late(self, now: datetime) -> list[CallEntry]:
        """Calls that nobody made in time fail; gives them."""

    def unclaim(self, run: int, in_hand: Collection[int]) -> int:
        """Calls claimed for this run, all but those in hand, are pending again; gives how many."""


class CodeUnit(Protocol):
    """One-time codes, in one transaction."""

    def open(self, code: PhoneCode, limits: CodeLimits, now: datetime) -> str:
        """Keep a one-time code that is to be sent; gives why it may not be, "" if it may."""

    def find(self, name: str) -> PhoneCode | None:
        """A one-time code by its name, used and expired ones too."""

    def reach(self, name: str, identity: Identity) -> None:
        """A code reached this identity, as the answer to its sending says."""

    def tried(self, name: str, used_at: datetime | None) -> None:
        """A code was tried; None: with other digits."""


class VersionUnit(Protocol):
    """Revisions and deployments, in one transaction."""

    def revisions(self) -> list[tuple[str, str, str, str]]:
        """Flow revisions that live sessions may still need: (name, revision, source, words as JSON)."""

    def keep(self, rows: Sequence[tuple[str, str, str, str]], now: datetime) -> None:
        """Store flow revisions that are not stored yet."""

    def stored(self, keys: Sequence[tuple[str, str]]) -> list[Stored]:
        """What is kept of these revisions (name, revision), as far as there is anything."""

    def alike(self, prefix: str) -> list[Stored]:
        """Revisions that begin so, newest first, at most 20."""

    def standing(self) -> list[tuple[str, str, str, int]]:
        """(flow, revision, step, live sessions there), those that wait for a called flow included."""

    def current(self) -> int:
        """The id of the newest deployment; 0: there is none."""

    def deployments(self, limit: int) -> list[Deployment]:
        """Deployments, newest first."""

    def deploy(self, made: Deployment, after: int) -> int | None:
        """Add to the history behind the deployment `after`; gives the id. None: another one is the newest by now."""

    def moved(self, id: int, cursor: int, moving: bool) -> None:
        """Contacts up to `cursor` have been looked at; `moving` False: all have."""

    def claim(self, current: Mapping[str, str], after: int, limit: int, now: datetime) -> tuple[list[Case], int | None]:
        """Lock contacts beyond `after` with a live session in another revision of these flows, or within a call.

        Gives the cases, and the last contact that was looked at; None: there is none left.
        """


class TemplateUnit(Protocol):
    """Templates as the platform has them, in one transaction."""

    def note(self, state: TemplateState, now: datetime) -> None:
        """What the platform says of a template; what waited for one that is good again may go."""

    def note_category(self, channel: str, name: str, language: str, category: str, now: datetime) -> None:
        """The platform has given a template another category."""

    def note_becoming(
        self, channel: str, name: str, language: str, category: str, when: datetime | None, now: datetime
    ) -> None:
        """Keep that the platform will give a template another category, and from when on if it says that."""

    def note_quality(self, channel: str, name: str, language: str, quality: str, now: datetime) -> None:
        """Keep what people make of a template."""

    def states(self, channel: str, names: Collection[str]) -> list[TemplateState]:
        """What is known of templates by name; all of the channel's if none is named."""


class ScheduleUnit(Protocol):
    """Time tables of flows, in one transaction."""

    def open(self, rows: Sequence[tuple[str, str, datetime, datetime, bool]]) -> int:
        """Slots that have come: (name, slot, due, since, passed over); those that are there stay. How many were new."""

    def claim(self, names: Sequence[str], now: datetime) -> Occurrence | None:
        """The oldest occurrence whose time has come and that nobody else is at, locked: of these time tables, or of one
        that nobody has served for an hour."""

    def move(self, one: Occurrence, cursor: int, done: bool) -> None:
        """The occurrence was brought to the contacts up to this id."""

    def reckonings(self, names: Sequence[str]) -> Mapping[str, Reckoning]:
        """How far these have come, by name; those never begun are left out."""

    def begin_reckonings(self, rows: Sequence[tuple[str, int, datetime]]) -> None:
        """Begin (name, reached, since); what has begun stays."""

    def claim_reckoning(self, names: Sequence[str]) -> Reckoning | None:
        """One of these that is not done and that nobody else is at, locked."""

    def move_reckoning(self, name: str, reached: int, done: bool) -> None:
        """It has come so far."""

    def contacts_after(self, cursor: int, limit: int) -> list[Contact]:
        """Contacts with ids above the cursor, in the order of their ids, with their identities."""

    def add_timers(self, rows: Sequence[tuple[str, int, str, datetime, str]]) -> None:
        """Set (key, contact, kind, due, data as JSON) unless they are set."""

    def next_due(self, now: datetime) -> datetime | None:
        """When the next timer, session or postponed row is due."""
