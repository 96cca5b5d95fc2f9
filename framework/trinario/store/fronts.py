"""What we have put up on channels before a conversation."""

from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.ports import Opening
from trinario.store.bulk import fetch, insert
from trinario.store.moments import ms
from trinario.store.tables import FrontRow

_KEEP = insert(
    FrontRow, ("channel", "shown", "at"), "ON CONFLICT (channel) DO UPDATE SET shown = EXCLUDED.shown, at = EXCLUDED.at"
)


def keep(conn: Connection, channel: str, opening: Opening, now: datetime) -> None:
    """The newest counts."""
    shown = {
        "prompts": list(opening.prompts), "commands": dict(opening.commands), "greeting": dict(opening.greeting)
    }  # fmt: skip
    _KEEP.run(conn, [(channel, jsons.dumps(shown), ms(now))])


def find(conn: Connection, channel: str) -> Opening:
    """What we put up there last; nothing if we never did."""
    rows = fetch(conn, "SELECT shown FROM fronts WHERE channel = ?", channel)
    shown = jsons.loads(rows[0][0]) if rows else {}
    return Opening(tuple(shown.get("prompts", ())), dict(shown.get("commands", {})), dict(shown.get("greeting", {})))
