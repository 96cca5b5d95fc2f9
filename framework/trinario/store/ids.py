"""How platforms name a contact: who has an id now, and ids that change."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.country import country_of_identity
from trinario.store.bulk import execute, fetch
from trinario.store.moments import ms


def holders(conn: Connection, identities: Sequence[Identity]) -> list[int]:
    """The contacts that have any of these ids, each once."""
    found = []
    for one in identities:
        sql = "SELECT contact_id FROM identities WHERE value = ? AND channel = ? AND kind = ?"
        found += [row[0] for row in fetch(conn, sql, one.value, one.channel, one.kind)]
    return sorted(set(found))


def rekey(conn: Connection, contact: int, former: Sequence[Identity], present: Sequence[Identity]) -> None:
    """`former` are the contact's no more, `present` are, whoever had them; what waits to be sent goes there."""
    for one in present:
        moved = "UPDATE identities SET contact_id = ?, unreachable = NULL, unreachable_until = NULL WHERE value = ? AND channel = ? AND kind = ?"
        if not execute(conn, moved, contact, one.value, one.channel, one.kind):
            execute(
                conn,
                "INSERT INTO identities (contact_id, channel, kind, value, created_at, country)"
                " SELECT id, ?, ?, ?, created_at, ? FROM contacts WHERE id = ?",
                one.channel, one.kind, one.value, country_of_identity(one) or "", contact,
            )  # fmt: skip
    for one in former:
        _follow(conn, contact, one, present)
        gone = "DELETE FROM identities WHERE contact_id = ? AND value = ? AND channel = ? AND kind = ?"
        execute(conn, gone, contact, one.value, one.channel, one.kind)
        new = next((other for other in present if other.kind == one.kind), present[0])
        execute(
            conn,
            "UPDATE outbox SET kind = ?, value = ? WHERE contact_id = ? AND channel = ? AND value = ? AND (status = 0 OR"
            " (status = 9 AND key IN (SELECT r.key FROM merged_rows r WHERE r.name = 'outbox.waiting' AND r.merge IN"
            " (SELECT m.id FROM merges m WHERE m.kept = ?))))",
            new.kind, new.value, contact, one.channel, one.value, contact,
        )  # fmt: skip


def _follow(conn: Connection, contact: int, former: Identity, present: Sequence[Identity]) -> None:
    """An id that a merge moved goes on being known to it under its new name, and what was heard of the former one stays hers."""
    new = next((other for other in present if other.kind == former.kind), present[0])
    noted = (
        "INSERT INTO merged_rows (merge, name, key) SELECT r.merge, 'former', CAST(? AS TEXT) FROM merged_rows r"
        " WHERE r.name = 'identities' AND r.key = (SELECT CAST(o.id AS TEXT) FROM identities o WHERE"
        " o.contact_id = ? AND o.value = ? AND o.channel = ? AND o.kind = ?) ON CONFLICT DO NOTHING"
    )
    told = jsons.dumps([former.channel, former.kind, former.value])
    execute(conn, noted, told, contact, former.value, former.channel, former.kind)
    old = "(SELECT CAST(o.id AS TEXT) FROM identities o WHERE o.contact_id = ? AND o.value = ? AND o.channel = ? AND o.kind = ?)"
    its = "(SELECT CAST(n.id AS TEXT) FROM identities n WHERE n.value = ? AND n.channel = ? AND n.kind = ?)"
    hers, renamed = (
        (contact, former.value, former.channel, former.kind),
        (new.value, new.channel, new.kind),
    )
    known = f"SELECT k.merge FROM merged_rows k WHERE k.name = 'identities' AND k.key = {its}"
    sql = f"UPDATE merged_rows SET key = {its} WHERE name = 'identities' AND key = {old} AND merge NOT IN ({known})"
    execute(conn, sql, *renamed, *hers, *renamed)
    execute(conn, f"DELETE FROM merged_rows WHERE name = 'identities' AND key = {old}", *hers)  # both had been moved


def unreachable(conn: Connection, contact: int, now: datetime) -> dict[Identity, str]:
    """The identities of a contact that cannot be reached now, and why."""
    sql = (
        "SELECT channel, kind, value, unreachable FROM identities WHERE contact_id = ? AND unreachable IS NOT NULL"
        " AND (unreachable_until IS NULL OR unreachable_until > ?)"
    )
    return {Identity(*row[:3]): row[3] for row in fetch(conn, sql, contact, ms(now))}
