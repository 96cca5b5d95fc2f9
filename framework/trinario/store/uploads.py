"""Files of media/ that the platforms hold for us."""

from datetime import datetime

from sqlalchemy import Connection

from trinario.model.media import key_of
from trinario.ports import Uploaded
from trinario.store.bulk import execute, fetch, insert
from trinario.store.moments import moment, ms
from trinario.store.tables import MediaUploadRow

_KEEP = insert(
    MediaUploadRow,
    ("account", "digest", "kind", "external_id", "uploaded_at", "expires_at"),
    "ON CONFLICT (account, digest, kind) DO UPDATE SET external_id = EXCLUDED.external_id,"
    " uploaded_at = EXCLUDED.uploaded_at, expires_at = EXCLUDED.expires_at",
)


def keep(conn: Connection, upload: Uploaded, now: datetime) -> None:
    """The newest id of a file counts."""
    _KEEP.run(conn, [(upload.account, upload.digest, upload.kind, upload.external_id, ms(now), ms(upload.expires_at))])


def find(conn: Connection, account: str, digest: str, kind: str, now: datetime) -> Uploaded | None:
    """The id of a file that has not expired."""
    sql = (
        "SELECT external_id, expires_at FROM media_uploads WHERE account = ? AND digest = ? AND kind = ?"
        " AND expires_at > ?"
    )
    found = fetch(conn, sql, account, digest, kind, ms(now))
    return Uploaded(account, digest, kind, found[0][0], moment(found[0][1])) if found else None


def forget(conn: Connection, address: str) -> None:
    """The platforms' ids of this file are of no use any more: its next message uploads it again."""
    file = key_of(address)
    if file:
        execute(conn, "DELETE FROM media_uploads WHERE digest = ?", file)
