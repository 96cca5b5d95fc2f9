"""Flow revisions that sessions may still stand in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario.store.bulk import fetch, insert
from trinario.store.moments import ms
from trinario.store.tables import FlowRevisionRow

_KEEP = insert(
    FlowRevisionRow, ("name", "revision", "source", "words", "created_at"), "ON CONFLICT (name, revision) DO NOTHING"
)


def revisions(conn: Connection) -> list[tuple[str, str, str, str]]:
    """(name, revision, source, words as JSON) of revisions that live sessions stand in, and of callers on their stacks."""
    sql = (
        "SELECT name, revision, source, words FROM flow_revisions WHERE revision IN"
        " (SELECT revision FROM sessions WHERE status IN ('waiting', 'aside'))"
    )
    return [(r[0], r[1], r[2], r[3]) for r in fetch(conn, sql)]


def keep(conn: Connection, rows: Sequence[tuple[str, str, str, str]], now: datetime) -> None:
    """Store revisions that are not stored yet."""
    _KEEP.run(conn, [(*row, ms(now)) for row in rows])
