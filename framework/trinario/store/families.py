"""The families of `ports/families.py` over a Connection."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.deployment import Deployment
from trinario.ports import (
    CallEntry,
    CallSettled,
    Case,
    CodeLimits,
    MediaEntry,
    MediaKept,
    MediaSettled,
    Occurrence,
    PhoneCode,
    Reckoning,
    Stored,
    TemplateState,
)
from trinario.store import calls, codes, deployments, find, media, revisions, schedules, templates


class SqlMedia:
    """Implements `ports.families.MediaUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def claim(self, limit: int, run: int, now: datetime) -> list[MediaEntry]:
        return media.claim(self._conn, limit, run, now)

    def settle(self, settled: Sequence[MediaSettled], run: int, now: datetime) -> None:
        media.settle(self._conn, settled, run, now)

    def orphan(self, run: int, most: int) -> list[int]:
        return media.orphan(self._conn, run, most)

    def unclaim(self, run: int, in_hand: Collection[str]) -> set[str]:
        return media.unclaim(self._conn, run, in_hand)

    def expire(self, before: datetime, reason: str, limit: int, now: datetime) -> int:
        return media.expire(self._conn, before, reason, limit, now)

    def doomed(self, limit: int, now: datetime) -> list[str]:
        return media.doomed(self._conn, limit, now)

    def removed(self, gone: Collection[str], stuck: Collection[str], again: datetime) -> None:
        media.removed(self._conn, gone, stuck, again)

    def find(self, id: str) -> MediaKept | None:
        return media.find(self._conn, id)

    def promise(self, id: str, contact: int, until: datetime, now: datetime) -> None:
        media.promise(self._conn, id, contact, until, now)

    def attach(self, entry: MediaEntry, stored: MediaSettled, now: datetime) -> None:
        media.attach(self._conn, entry, stored, now)

    def of(self, contact: int, limit: int) -> list[MediaKept]:
        return media.of_contact(self._conn, contact, limit)

    def erase(self, contact: int) -> int:
        return media.erase(self._conn, contact)


class SqlCalls:
    """Implements `ports.families.CallUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def claim(
        self, limit: int, run: int, now: datetime, busy: Mapping[str, int] | None = None, most: int = 0
    ) -> list[CallEntry]:
        return calls.claim(self._conn, limit, run, now, busy, most)

    def settle(self, settled: Sequence[CallSettled], run: int) -> set[int]:
        return calls.settle(self._conn, settled, run)

    def orphan(self, run: int) -> list[CallEntry]:
        return calls.orphan(self._conn, run)

    def late(self, now: datetime) -> list[CallEntry]:
        return calls.late(self._conn, now)

    def unclaim(self, run: int, in_hand: Collection[int]) -> int:
        return calls.unclaim(self._conn, run, in_hand)


class SqlCodes:
    """Implements `ports.families.CodeUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def open(self, code: PhoneCode, limits: CodeLimits, now: datetime) -> str:
        return codes.open_code(self._conn, code, limits, now)

    def find(self, name: str) -> PhoneCode | None:
        return codes.find_code(self._conn, name)

    def reach(self, name: str, identity: Identity) -> None:
        codes.reach_code(self._conn, name, identity)

    def tried(self, name: str, used_at: datetime | None) -> None:
        codes.try_code(self._conn, name, used_at)


class SqlVersions:
    """Implements `ports.families.VersionUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def revisions(self) -> list[tuple[str, str, str, str]]:
        return revisions.revisions(self._conn)

    def keep(self, rows: Sequence[tuple[str, str, str, str]], now: datetime) -> None:
        revisions.keep(self._conn, rows, now)

    def stored(self, keys: Sequence[tuple[str, str]]) -> list[Stored]:
        return deployments.stored(self._conn, keys)

    def alike(self, prefix: str) -> list[Stored]:
        return deployments.alike(self._conn, prefix)

    def standing(self) -> list[tuple[str, str, str, int]]:
        return deployments.standing(self._conn)

    def current(self) -> int:
        return deployments.current_id(self._conn)

    def deployments(self, limit: int) -> list[Deployment]:
        return deployments.history(self._conn, limit)

    def deploy(self, made: Deployment, after: int) -> int | None:
        return deployments.add(self._conn, made, after)

    def moved(self, id: int, cursor: int, moving: bool) -> None:
        deployments.moved(self._conn, id, cursor, moving)

    def claim(self, current: Mapping[str, str], after: int, limit: int, now: datetime) -> tuple[list[Case], int | None]:
        return deployments.claim_standing(self._conn, current, after, limit, now)


class SqlTemplates:
    """Implements `ports.families.TemplateUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def note(self, state: TemplateState, now: datetime) -> None:
        templates.note(self._conn, state, now)

    def note_category(self, channel: str, name: str, language: str, category: str, now: datetime) -> None:
        templates.note_category(self._conn, channel, name, language, category, now)

    def note_becoming(
        self, channel: str, name: str, language: str, category: str, when: datetime | None, now: datetime
    ) -> None:
        templates.note_becoming(self._conn, channel, name, language, category, when, now)

    def note_quality(self, channel: str, name: str, language: str, quality: str, now: datetime) -> None:
        templates.note_quality(self._conn, channel, name, language, quality, now)

    def states(self, channel: str, names: Collection[str]) -> list[TemplateState]:
        return templates.states(self._conn, channel, names)


class SqlSchedules:
    """Implements `ports.families.ScheduleUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def open(self, rows: Sequence[tuple[str, str, datetime, datetime, bool]]) -> int:
        return schedules.open_occurrences(self._conn, rows)

    def claim(self, names: Sequence[str], now: datetime) -> Occurrence | None:
        return schedules.claim_occurrence(self._conn, names, now)

    def move(self, one: Occurrence, cursor: int, done: bool) -> None:
        schedules.move_occurrence(self._conn, one, cursor, done)

    def reckonings(self, names: Sequence[str]) -> Mapping[str, Reckoning]:
        return schedules.reckonings(self._conn, names)

    def begin_reckonings(self, rows: Sequence[tuple[str, int, datetime]]) -> None:
        schedules.begin_reckonings(self._conn, rows)

    def claim_reckoning(self, names: Sequence[str]) -> Reckoning | None:
        return schedules.claim_reckoning(self._conn, names)

    def move_reckoning(self, name: str, reached: int, done: bool) -> None:
        schedules.move_reckoning(self._conn, name, reached, done)

    def contacts_after(self, cursor: int, limit: int) -> list[Contact]:
        return schedules.contacts_after(self._conn, cursor, limit)

    def add_timers(self, rows: Sequence[tuple[str, int, str, datetime, str]]) -> None:
        schedules.add_timers(self._conn, rows)

    def next_due(self, now: datetime) -> datetime | None:
        return find.next_due(self._conn, now)
