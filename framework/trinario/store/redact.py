"""What she took back is forgotten: the words of a message and of its edits, in her thread and in the inbox."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.message import Heard
from trinario.model.wire import heard_from_json, heard_to_json
from trinario.store.bulk import execute, fetch

DELETED = "[deleted]"
"""What stands in the thread in place of the words."""

KEPT = 3
"""State of an inbox row that nobody took."""


def mark_edited(conn: Connection, messages: Sequence[tuple[int, str, str]]) -> None:
    """These of hers were written anew (contact, channel, platform's id); the new words are a line of their own."""
    for contact, channel, name in messages:
        sql = "UPDATE messages SET altered = 1 WHERE contact_id = ? AND channel = ? AND external_id = ? AND altered = 0"
        execute(conn, sql, contact, channel, name)


def take_back(conn: Connection, messages: Sequence[tuple[int, str, str]]) -> None:
    """Forget the words of (contact, channel, platform's id of the message). One that had no turn yet gets none."""
    for contact, channel, name in messages:
        for id, external_id, heard in _rows(conn, contact, channel, name):
            body = jsons.dumps(heard_to_json(replace(heard, text="", media=(), data={})))
            execute(conn, "UPDATE inbox SET body = ?, raw = NULL WHERE id = ?", body, id)
            execute(conn, f"UPDATE inbox SET status = {KEPT}, error = 'deleted' WHERE id = ? AND status = 0", id)
            execute(
                conn, f"UPDATE messages SET text = '{DELETED}', altered = 2 WHERE contact_id = ? AND channel = ?"
                " AND external_id = ? AND direction = 'in'", contact, channel, external_id,
            )  # fmt: skip


def _rows(conn: Connection, contact: int, channel: str, name: str) -> list[tuple[int, str, Heard]]:
    """The inbox rows of the message itself, and of what she changed in it; a row that cannot be read is left out."""
    sql = (
        "SELECT id, external_id, body FROM inbox WHERE contact_id = ? AND channel = ? AND kind = 'heard'"
        " AND (external_id = ? OR body LIKE ?)"
    )
    found = []
    for id, external_id, body in fetch(conn, sql, contact, channel, name, f"%{name}%"):
        try:
            heard = heard_from_json(jsons.loads(body))
        except (ValueError, KeyError, TypeError):
            continue
        if external_id == name or (heard.kind == "edit" and heard.context == name):
            found.append((id, external_id, heard))
    return found
