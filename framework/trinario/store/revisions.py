"""Flow revisions that sessions may still stand in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.session_json import session_from_json
from trinario.store.bulk import fetch, insert
from trinario.store.moments import ms
from trinario.store.tables import FlowRevisionRow

_KEEP = insert(
    FlowRevisionRow, ("name", "revision", "source", "words", "created_at"), "ON CONFLICT (name, revision) DO NOTHING"
)


def revisions(conn: Connection) -> list[tuple[str, str, str, str]]:
    """(name, revision, source, words as JSON) of revisions that live sessions stand in, and of callers on their stacks."""
    live = "status IN ('waiting', 'aside')"
    needed = {row[0] for row in fetch(conn, f"SELECT DISTINCT revision FROM sessions WHERE {live}")}
    called = f"SELECT state FROM sessions WHERE {live} AND state LIKE ?"
    for (state,) in fetch(conn, called, '%"stack":[[%'):
        needed |= {frame.revision for frame in session_from_json(jsons.loads(state)).stack}
    rows = fetch(conn, "SELECT name, revision, source, words FROM flow_revisions ORDER BY created_at")
    return [(r[0], r[1], r[2], r[3]) for r in rows if r[1] in needed]


def keep(conn: Connection, rows: Sequence[tuple[str, str, str, str]], now: datetime) -> None:
    """Store revisions that are not stored yet."""
    _KEEP.run(conn, [(*row, ms(now)) for row in rows])
