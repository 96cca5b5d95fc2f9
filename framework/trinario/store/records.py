"""What was recorded of people and sessions, for playing it once more."""

from collections.abc import Sequence

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.session import Session
from trinario.model.session_json import session_from_json
from trinario.ports import InboxEntry
from trinario.store.bulk import fetch
from trinario.store.moments import moment

_ENTRY = "id, contact_id, channel, kind, external_id, body, tries, received_at"


def latest_sessions(conn: Connection, flow: str | None, limit: int) -> list[Session]:
    """The sessions that moved last, ended ones too; those in `flow` only, if one is named."""
    where, values = ("WHERE flow = ? ", (flow,)) if flow else ("", ())
    sql = f"SELECT state FROM sessions {where}ORDER BY updated_at DESC, id DESC LIMIT ?"
    return [session_from_json(jsons.loads(row[0])) for row in fetch(conn, sql, *values, limit)]


def worked_off(conn: Connection, contact: int, limit: int) -> list[InboxEntry]:
    """Rows of a contact that had their turn, the dead ones left out, oldest first."""
    sql = f"SELECT {_ENTRY} FROM inbox WHERE contact_id = ? AND status IN (1, 3) ORDER BY id LIMIT ?"
    return [_entry(row) for row in fetch(conn, sql, contact, limit)]


def _entry(row: Sequence[object]) -> InboxEntry:
    id, contact, channel, kind, external_id, body, tries, received = row
    return InboxEntry(int(str(id)), int(str(contact)), str(channel), str(kind), str(external_id), str(body),
                      int(str(tries)), moment(int(str(received))))  # fmt: skip


def foreign(conn: Connection, contact: int) -> str:
    """Why a contact's inbox alone does not tell what happened to her; "" when it does."""
    asked = {
        "people of the team wrote to her": "SELECT COUNT(*) FROM messages WHERE contact_id = ? AND author = 'person'",
        "she came by a link, or was joined with somebody": (
            "SELECT COUNT(*) FROM inbox WHERE contact_id = ? AND error = 'link'"
        ),
    }
    found = (reason for reason, sql in asked.items() if fetch(conn, sql, contact)[0][0])
    joined = fetch(conn, "SELECT COUNT(*) FROM contacts WHERE merged_into = ?", contact)[0][0]
    return next(found, "somebody was joined with her" if joined else "")
