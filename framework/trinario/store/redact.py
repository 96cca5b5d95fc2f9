"""What was taken back is forgotten, by her or by the team: the words of a message and of its edits, in thread and inbox."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.heard import Heard
from trinario.model.wire import heard_from_json, heard_to_json
from trinario.store import media
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import ms

DELETED = "[deleted]"
"""What stands in the thread in place of the words."""

STANDBY = "standby:"
"""Begins the ids of copies that come while another app has the thread."""

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


def team_edited(conn: Connection, contact: int, channel: str, name: str) -> bool:
    """A message of ours was written anew; the new words are a line of their own. Whether there is such a message."""
    ids = _ours(conn, contact, channel, name)
    where, values = among(conn, "id", ids)
    if ids:
        execute(conn, f"UPDATE messages SET altered = 1 WHERE altered = 0 AND {where}", *values)
    return bool(ids)


def team_deleted(conn: Connection, contact: int, channel: str, name: str, now: datetime) -> bool:
    """Somebody of the team took a message of ours back: its words are forgotten. Whether there is such a message."""
    ids = _ours(conn, contact, channel, name)
    if not ids:
        return False
    keys = fetch(conn, "SELECT key FROM outbox WHERE external_id = ? AND channel = ?", name, channel)
    for (key,) in keys:
        media.forget(conn, channel, key, ms(now))
    like = f"%{name}%"
    told = (
        "SELECT id, external_id, kind, body FROM inbox WHERE contact_id = ? AND channel = ? AND kind IN ('echo', 'news')"
        " AND (external_id IN (?, ?) OR body LIKE ?)"
    )
    for id, external_id, kind, body in fetch(conn, told, contact, channel, name, f"{STANDBY}{name}", like):
        row = jsons.loads(body)
        if kind == "news" and (row["name"] != "team_edited" or row["data"].get("mid") != name):
            continue
        if kind == "echo" and external_id.removeprefix(STANDBY) != name:
            continue
        bare = {**row, "data": {"mid": name}} if kind == "news" else {**row, "text": "", "media": []}
        execute(conn, "UPDATE inbox SET body = ?, raw = NULL WHERE id = ?", jsons.dumps(bare), id)
        sql = "SELECT id FROM messages WHERE contact_id = ? AND channel = ? AND external_id = ? AND direction = 'out'"
        media.forget(conn, channel, external_id, ms(now))
        ids += [found for (found,) in fetch(conn, sql, contact, channel, external_id)]
    where, values = among(conn, "id", ids)
    execute(conn, f"UPDATE messages SET text = '{DELETED}', altered = 2 WHERE {where}", *values)
    return True


def _ours(conn: Connection, contact: int, channel: str, name: str) -> list[int]:
    """The lines of the thread that show a message of ours."""
    sql = (
        "SELECT id FROM messages WHERE contact_id = ? AND channel = ? AND direction = 'out' AND (external_id IN (?, ?)"
        " OR outbox_key IN (SELECT o.key FROM outbox o WHERE o.external_id = ? AND o.channel = ?))"
    )
    found = fetch(conn, sql, contact, channel, name, f"{STANDBY}{name}", name, channel)
    return [id for (id,) in found]


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
