"""Claimed rows that may not go yet: the pace of one person, of audio and video, and templates that the platform holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from trinario.jobs.world import World
from trinario.model.channel import Pace
from trinario.model.message import Media, Template
from trinario.ports import Claimed, Settled, TemplateState, Unit

PENDING, REFUSED = 0, 8

PAUSED, PACED = "template_paused", "pace"
"""Why a row waits."""

BAD = frozenset({"DISABLED", "REJECTED", "DELETED", "PENDING_DELETION", "ARCHIVED", "LOCKED"})
WAITS = timedelta(hours=1)
"""How long a row waits for a paused template when nobody says how long it is paused."""

ASKED_AT = 12
"""Messages ahead of her pace from which on the database is asked what other processes sent to her."""

MOST = 50_000
"""People whose pace one process remembers before it forgets those who have rested."""


class People:
    """How fast each person was written to lately: GCRA in memory, and out of the outbox where it matters."""

    def __init__(self) -> None:
        self._empty: dict[tuple[str, str], float] = {}

    def wait(self, unit: Unit, channel: str, value: str, pace: Pace, now: datetime) -> float:
        """Seconds until she may be written to; 0.0: now, and the message is counted."""
        at, whole = now.timestamp(), pace.burst * pace.person
        empty = min(max(self._empty.get((channel, value), 0.0), at), at + whole)
        if empty - at >= ASKED_AT * pace.person:
            empty = min(max(empty, self._told(unit, channel, value, pace, now)), at + whole)
        wait = empty + pace.person - (at + whole)
        if wait > 1e-6:
            self._empty[channel, value] = empty
            return wait
        if len(self._empty) >= MOST:
            self._empty = {key: until for key, until in self._empty.items() if until > at}
        self._empty[channel, value] = empty + pace.person
        return 0.0

    def _told(self, unit: Unit, channel: str, value: str, pace: Pace, now: datetime) -> float:
        """The same out of what was sent, whoever sent it."""
        since = now - timedelta(seconds=2 * pace.burst * pace.person)
        empty = 0.0
        for sent in unit.sent_lately(channel, value, since, 4 * pace.burst):
            empty = max(empty, sent.timestamp()) + pace.person
        return empty


def held_back(
    unit: Unit, world: World, rows: Sequence[Claimed], people: People, now: datetime
) -> tuple[list[Claimed], list[tuple[Claimed, Settled]]]:
    """Rows that may go, and what is recorded of the others; all of one channel."""
    channel = rows[0].entry.identity.channel
    pace = world.adapters[channel].limits.pace
    rows, held = _with_good_templates(unit, channel, rows, now)
    if pace.heavy:
        rows, late = _heavy(unit, channel, rows, pace.heavy, now)
        held += late
    if pace.person:
        rows, late = _paced(unit, channel, rows, pace, people, now)
        held += late
    return rows, held


def waits(row: Claimed, why: str, until: datetime) -> Settled:
    """The row, pending again until then; that is no try of it."""
    return Settled(row.entry.id, PENDING, refusal=why, not_before=until, attempts=row.entry.attempts)


Parted = tuple[list[Claimed], list[tuple[Claimed, Settled]]]


def _with_good_templates(unit: Unit, channel: str, rows: Sequence[Claimed], now: datetime) -> Parted:
    named = {row.entry.content.name for row in rows if isinstance(row.entry.content, Template)}
    states = {(one.name, _tag(one.language)): one for one in unit.template_states(channel, named)} if named else {}
    if not states:
        return list(rows), []
    good, held = [], []
    for row in rows:
        content = row.entry.content
        state = states.get((content.name, _tag(content.language))) if isinstance(content, Template) else None
        settled = _by_template(row, state, now) if state else None
        if settled is None:
            good.append(row)
        else:
            held.append((row, settled))
    return good, held


def _by_template(row: Claimed, state: TemplateState, now: datetime) -> Settled | None:
    """What a template's state means for a row; None: it may go."""
    if state.status == "PAUSED" and (state.until is None or state.until > now):
        return waits(row, PAUSED, state.until or now + WAITS)
    if state.status in BAD:
        detail = f"the template {state.name} is {state.status.lower()}" + (f": {state.reason}" if state.reason else "")
        return Settled(row.entry.id, REFUSED, refusal="template_disabled", detail=detail, attempts=row.entry.attempts)
    return None


def _tag(language: str) -> str:
    return language.replace("_", "-").lower()


def _heavy(unit: Unit, channel: str, rows: Sequence[Claimed], pace: float, now: datetime) -> Parted:
    """Audio and video have a pace of their own."""
    those = [
        row for row in rows if isinstance(row.entry.content, Media) and row.entry.content.kind in ("audio", "video")
    ]
    if not those:
        return list(rows), []
    late = those[unit.grant_heavy(channel, len(those), pace, now) :]
    ids = {row.entry.id for row in late}
    held = [(row, waits(row, PACED, now + timedelta(seconds=(n + 1) / pace))) for n, row in enumerate(late)]
    return [row for row in rows if row.entry.id not in ids], held


def _paced(unit: Unit, channel: str, rows: Sequence[Claimed], pace: Pace, people: People, now: datetime) -> Parted:
    """To one person no faster than the platform bears."""
    good, held = [], []
    for row in rows:
        seconds = people.wait(unit, channel, row.entry.identity.value, pace, now)
        if seconds:
            held.append((row, waits(row, PACED, now + timedelta(seconds=seconds))))
        else:
            good.append(row)
    return good, held
