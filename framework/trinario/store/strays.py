"""What came in and was not understood, or was given up; each kind by an index that holds nothing else."""

from sqlalchemy import Connection

from trinario import jsons
from trinario.ports.strays import Stray, StrayKind
from trinario.store.bulk import fetch
from trinario.store.moments import moment

_WHERE: dict[str, str] = {"unsupported": "kind = 'unsupported'", "dead": "status = 2"}


class SqlStrays:
    """Implements `ports.strays.StrayUnit` on a connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def newest(self, kind: StrayKind, before: int, limit: int) -> list[Stray]:
        """By the number of the row."""
        sql = (
            "SELECT id, channel, kind, received_at, contact_id, COALESCE(error, ''), body, raw FROM inbox"
            f" WHERE {_WHERE[kind]} AND id < ? ORDER BY id DESC LIMIT ?"
        )
        return [
            Stray(
                id, channel, _what(said, body), moment(at), contact, reason, body, None if raw is None else bytes(raw)
            )
            for id, channel, said, at, contact, reason, body, raw in fetch(self._conn, sql, before, limit)
        ]

    def count(self) -> dict[str, int]:
        """Both kinds."""
        return {
            kind: fetch(self._conn, f"SELECT COUNT(*) FROM inbox WHERE {where}")[0][0] for kind, where in _WHERE.items()
        }


def _what(kind: str, body: str) -> str:
    """Of what was not understood the word that says what it was, else the kind of the row."""
    try:
        read = jsons.loads(body)
    except ValueError:
        return kind
    what = read.get("what") if isinstance(read, dict) and kind == "unsupported" else None
    return str(what or kind)
