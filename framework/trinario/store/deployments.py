"""The history of what was current, and the sessions that a deployment has yet to move."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.deployment import Deployment, Place
from trinario.model.session_json import session_from_json
from trinario.ports import Case, Stored
from trinario.store.bulk import execute, fetch
from trinario.store.cases import hold, load
from trinario.store.moments import moment, ms

_COLUMNS = "id, at, kind, author, manifest, source, moving, after_contact"
_LIVE = "status IN ('waiting', 'aside')"
_CALLED = '%"stack":[[%'

WINDOW = 2_000
"""Contacts with live sessions that one look goes through, so that it is short however many there are."""

LOCK = 7421904412
"""Advisory lock under which one process after another adds to the history on PostgreSQL."""


def current_id(conn: Connection) -> int:
    """The newest deployment; 0: there is none."""
    return int(fetch(conn, "SELECT COALESCE(MAX(id), 0) FROM deployments")[0][0])


def history(conn: Connection, limit: int) -> list[Deployment]:
    """Deployments, newest first."""
    rows = fetch(conn, f"SELECT {_COLUMNS} FROM deployments ORDER BY id DESC LIMIT ?", limit)
    return [_deployment(row) for row in rows]


def _deployment(row: Sequence[object]) -> Deployment:
    id, at, kind, author, manifest, source, moving, after = row
    places = {name: Place(*place) for name, place in jsons.loads(str(manifest)).items()}
    return Deployment(int(str(id)), moment(int(str(at))), str(kind), str(author), places,
                      None if source is None else int(str(source)), bool(moving), int(str(after)))  # fmt: skip


def add(conn: Connection, made: Deployment, after: int) -> int | None:
    """Add to the history behind `after`; gives its id. None: another one is the newest by now."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    if current_id(conn) != after:
        return None
    manifest = jsons.dumps({name: list(place) for name, place in made.manifest.items()})
    cast = "" if conn.dialect.name == "sqlite" else "::jsonb"
    sql = (
        "INSERT INTO deployments (at, kind, author, manifest, source, moving, after_contact)"
        f" VALUES (?, ?, ?, ?{cast}, ?, ?, 0)"
    )
    execute(conn, sql, ms(made.at), made.kind, made.author, manifest, made.source, int(made.moving))
    return current_id(conn)


def moved(conn: Connection, id: int, cursor: int, moving: bool) -> None:
    """Contacts up to `cursor` have been looked at; `moving` False: all have."""
    sql = "UPDATE deployments SET after_contact = ?, moving = ? WHERE id = ? AND after_contact <= ?"
    execute(conn, sql, cursor, int(moving), id, cursor)


def claim_standing(
    conn: Connection, current: Mapping[str, str], after: int, limit: int, now: datetime
) -> tuple[list[Case], int | None]:
    """Lock contacts beyond `after` with a live session in another revision of these flows, or within a call.

    Gives the cases, and the last contact that was looked at; None: there is none left. Waits for turns under way.
    """
    sql = f"SELECT DISTINCT contact_id FROM sessions WHERE {_LIVE} AND contact_id > ? ORDER BY contact_id LIMIT ?"
    window = fetch(conn, f"SELECT MAX(contact_id) FROM ({sql}) w", after, WINDOW)[0][0] if current else None
    if window is None:
        return [], None
    elsewhere = " OR ".join("(flow = ? AND revision <> ?)" for _ in current)
    pairs = [part for pair in current.items() for part in pair]
    sql = (
        f"SELECT DISTINCT contact_id FROM sessions WHERE {_LIVE} AND contact_id > ? AND contact_id <= ?"
        f" AND ({elsewhere} OR state LIKE ?) ORDER BY contact_id LIMIT ?"
    )
    found = [int(row[0]) for row in fetch(conn, sql, after, window, *pairs, _CALLED, limit)]
    last = found[-1] if len(found) == limit else int(window)
    return load(conn, hold(conn, found), now, entries=()), last


def standing(conn: Connection) -> list[tuple[str, str, str, int]]:
    """(flow, revision, step, how many live sessions stand there), those that wait for a called flow included."""
    sql = (
        f"SELECT flow, revision, COALESCE(step, ''), COUNT(*) FROM sessions WHERE {_LIVE} GROUP BY flow, revision, step"
    )
    counts = Counter({(row[0], row[1], row[2]): int(row[3]) for row in fetch(conn, sql)})
    for (state,) in fetch(conn, f"SELECT state FROM sessions WHERE {_LIVE} AND state LIKE ?", _CALLED):
        counts.update((frame.flow, frame.revision, frame.step) for frame in session_from_json(jsons.loads(state)).stack)
    return [(*place, count) for place, count in sorted(counts.items())]


def stored(conn: Connection, keys: Sequence[tuple[str, str]]) -> list[Stored]:
    """What is kept of these revisions (name, revision), as far as there is anything."""
    sql = "SELECT name, revision, source, words FROM flow_revisions WHERE name = ? AND revision = ?"
    return [_stored(row) for key in keys for row in fetch(conn, sql, *key)]


def alike(conn: Connection, prefix: str) -> list[Stored]:
    """Revisions that begin so, newest first, at most 20."""
    sql = (
        "SELECT name, revision, source, words FROM flow_revisions WHERE substr(revision, 1, ?) = ?"
        " ORDER BY created_at DESC LIMIT 20"
    )
    return [_stored(row) for row in fetch(conn, sql, len(prefix), prefix)]


def _stored(row: Sequence[str]) -> Stored:
    return Stored(row[0], row[1], row[2], jsons.loads(row[3]))
