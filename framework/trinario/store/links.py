"""Link tokens, and wrong codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario.ports import Token
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import moment, moment_or_none, ms

_COLUMNS = "hash, offer, contact_id, session, step, target, origin, confirm, expires_at, used_at"


def find_tokens(conn: Connection, hashes: Sequence[str]) -> Mapping[str, Token]:
    """Tokens by hash, used and expired ones too."""
    if not hashes:
        return {}
    where, values = among(conn, "hash", hashes, "text")
    found = {}
    for row in fetch(conn, f"SELECT {_COLUMNS} FROM link_tokens WHERE {where}", *values):
        hash, offer, contact, session, step, target, origin, confirm, expires, used = row
        asked = None if confirm is None else bool(confirm)
        found[hash] = Token(
            hash, offer, contact, session, step, target, origin, asked, moment(expires), moment_or_none(used)
        )
    return found


def use_token(conn: Connection, hash: str, contact: int, now: datetime) -> bool:
    """Consume a token, and with it its siblings of the same offer. False: it was used already."""
    sql = (
        "UPDATE link_tokens SET used_at = ?, used_by = ? WHERE used_at IS NULL AND offer ="
        " (SELECT offer FROM link_tokens WHERE hash = ? AND used_at IS NULL)"
    )
    return execute(conn, sql, ms(now), contact, hash) > 0


def void_tokens(conn: Connection, contact: int, now: datetime) -> set[str]:
    """Links of a contact that nobody has followed yet open nothing any more; gives their offers."""
    live = "contact_id = ? AND used_at IS NULL AND expires_at > ?"
    rows = fetch(conn, f"SELECT DISTINCT offer FROM link_tokens WHERE {live}", contact, ms(now))
    execute(conn, f"UPDATE link_tokens SET used_at = ? WHERE {live}", ms(now), contact, ms(now))
    return {row[0] for row in rows}


def count_guesses(conn: Connection, sender: int, since: datetime) -> tuple[int, int]:
    """Wrong codes since then: of this sender, and in all."""
    mine = fetch(conn, "SELECT COUNT(*) FROM link_guesses WHERE sender = ? AND at > ?", sender, ms(since))
    total = fetch(conn, "SELECT COUNT(*) FROM link_guesses WHERE at > ?", ms(since))
    return mine[0][0], total[0][0]


LINKING = "link"
"""Error column of inbox rows that belonged to a linking: they do not make a stranger known."""


def is_stranger(conn: Connection, contact: int, but: Sequence[int]) -> bool:
    """Whether she never wrote anything but what belongs to a linking, and nothing was said or is known."""
    where, values = among(conn, "id", list(but) or [0])
    wrote = fetch(
        conn,
        f"SELECT 1 FROM inbox WHERE contact_id = ? AND kind = 'heard' AND status <> 0 AND COALESCE(error, '') NOT IN ('link', 'unspoken')"
        f" AND NOT ({where}) LIMIT 1",
        contact,
        *values,
    )
    begun = fetch(conn, "SELECT 1 FROM sessions WHERE contact_id = ? LIMIT 1", contact)
    return not wrote and not begun


def prune(conn: Connection, before: datetime) -> int:
    """Forget what was only of use for a while: wrong codes, and fates of messages that are not ours. Some at a time."""
    gone = 0
    for table in ("link_guesses", "receipts"):
        some = f"SELECT id FROM {table} WHERE at < ? ORDER BY id LIMIT 1000"
        gone += execute(conn, f"DELETE FROM {table} WHERE id IN ({some})", ms(before))
    return gone
