"""What the platforms say of message templates: approved, paused, disabled."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from trinario.policy.template import GOOD
from trinario.ports import TemplateState
from trinario.store.bulk import among, fetch, insert
from trinario.store.moments import moment, ms, ms_or_none
from trinario.store.outbox import release
from trinario.store.tables import TemplateStateRow

WAITS = "template_paused"
"""What stands in a row that waits for its template."""

_KEEP = insert(
    TemplateStateRow,
    ("channel", "name", "language", "status", "reason", "until", "at"),
    "ON CONFLICT (channel, name, language) DO UPDATE SET status = EXCLUDED.status, reason = EXCLUDED.reason,"
    " until = EXCLUDED.until, at = EXCLUDED.at",
)


_CATEGORY = insert(
    TemplateStateRow,
    ("channel", "name", "language", "status", "category", "at"),
    "ON CONFLICT (channel, name, language) DO UPDATE SET category = EXCLUDED.category, becomes = '', becomes_at = 0,"
    " at = EXCLUDED.at",
)

_BECOMES = insert(
    TemplateStateRow,
    ("channel", "name", "language", "status", "becomes", "becomes_at", "at"),
    "ON CONFLICT (channel, name, language) DO UPDATE SET becomes = EXCLUDED.becomes, becomes_at = EXCLUDED.becomes_at,"
    " at = EXCLUDED.at",
)

_QUALITY = insert(
    TemplateStateRow,
    ("channel", "name", "language", "status", "quality", "at"),
    "ON CONFLICT (channel, name, language) DO UPDATE SET quality = EXCLUDED.quality, at = EXCLUDED.at",
)


def note_category(conn: Connection, channel: str, name: str, language: str, category: str, now: datetime) -> None:
    """Keep the category that the platform has given a template; its state stays as it is."""
    _CATEGORY.run(conn, [(channel, name, language.replace("_", "-"), "APPROVED", category.lower(), ms(now))])


def note_becoming(
    conn: Connection, channel: str, name: str, language: str, category: str, when: datetime | None, now: datetime
) -> None:
    """Keep that the platform will give a template another category, and from when on if it says that."""
    row = (channel, name, language.replace("_", "-"), "APPROVED", category.lower(), ms_or_none(when) or 0, ms(now))
    _BECOMES.run(conn, [row])


def note_quality(conn: Connection, channel: str, name: str, language: str, quality: str, now: datetime) -> None:
    """Keep what people make of a template."""
    _QUALITY.run(conn, [(channel, name, language.replace("_", "-"), "APPROVED", quality.lower(), ms(now))])


def note(conn: Connection, state: TemplateState, now: datetime) -> None:
    """Keep what was said last; rows that waited for it are looked at anew when it is good again."""
    language = state.language.replace("_", "-")
    row = (state.channel, state.name, language, state.status, state.reason, ms_or_none(state.until) or 0, ms(now))
    _KEEP.run(conn, [row])
    if state.status in GOOD:
        release(conn, state.channel, WAITS)


def states(conn: Connection, channel: str, names: Collection[str]) -> list[TemplateState]:
    """What is known, by name and language; all of the channel's if none is named."""
    sql = (
        "SELECT channel, name, language, status, reason, until, at, category, becomes, becomes_at, quality"
        " FROM template_states WHERE channel = ?"
    )
    where, values = among(conn, "name", sorted(names), "text") if names else ("1 = 1", ())
    rows = fetch(conn, f"{sql} AND {where} ORDER BY name, language", channel, *values)
    return [_state(*row) for row in rows]


def _state(
    channel: str, name: str, language: str, status: str, reason: str, until: int, at: int, category: str, becomes: str,
    becomes_at: int, quality: str,
) -> TemplateState:  # fmt: skip
    held, changes = moment(until) if until else None, moment(becomes_at) if becomes_at else None
    return TemplateState(channel, name, language, status, reason, held, moment(at), category, becomes, changes, quality)
