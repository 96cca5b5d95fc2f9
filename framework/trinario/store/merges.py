"""Merges: every row of a contact goes to another one, and the list of them stays, so that they can go back."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.merge import Before, contact_from_json, contact_to_json
from trinario.ports import Merge
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import moment, moment_or_none, ms

MOVED: Mapping[str, str] = {
    "calls": "id", "consents": "id", "draw_tickets": "id", "enrolments": "id", "events": "id", "identities": "id",
    "inbox": "id", "link_tokens": "hash", "media": "id", "messages": "id", "notices": "id", "outbox": "id",
    "phone_codes": "name", "sessions": "id", "tickets": "id",
}  # fmt: skip
"""The tables whose rows belong to a contact (`contact_id`), and the key of each."""

OF_SESSIONS = ("calls", "consents", "draw_tickets", "enrolments", "link_tokens", "phone_codes", "tickets")
"""Those whose rows belong to a session as well (`session`)."""

APART = {
    "link_guesses": "whose guesses they were does not matter to anybody else",
    "timers": "their keys name the contact: those of the one taken are set aside, and wound anew for the one kept",
    "known_by": "written with the fields of both",
    "contacts": "point to who has them", "merges": "stay as they are", "suggestions": "stay as they are",
}  # fmt: skip
"""Tables that know of contacts and are treated otherwise."""

CHUNK = 500

Timer = tuple[str, str, int, str]

_COLUMNS = (
    "m.id, m.kept, m.taken, m.at, m.by, m.reason, m.evidence, m.mark, m.before, m.undone_at, m.undone_by,"
    " m.undone_reason, k.created_at, t.created_at"
)
_FROM = "FROM merges m JOIN contacts k ON k.id = m.kept JOIN contacts t ON t.id = m.taken"


# ---- becoming one


def add(conn: Connection, merge: Merge) -> int:
    """Write a merge down, and move every row of the one taken to the one kept. Gives its id."""
    mark = fetch(conn, "SELECT COALESCE(MAX(id), 0) FROM inbox WHERE contact_id IN (?, ?)", merge.kept, merge.taken)[0][
        0
    ]
    timers = _timers(conn, merge.taken)
    hers = {timer[0] for timer in _timers(conn, merge.kept)}
    shadowed = tuple(timer[0] for timer in timers if _renamed(timer[0], merge.taken, merge.kept) in hers)
    id = _insert(conn, replace(merge, mark=merge.mark or mark, timers=timers, shadowed=shadowed))
    _note_waiting(conn, id, sorted(merge.ended))
    for table, key in MOVED.items():
        _move(conn, id, table, key, merge.taken, merge.kept)
    _own(conn, merge.kept)
    _wind(conn, timers, merge.taken, merge.kept)
    _note(conn, id, "contacts", "SELECT CAST(id AS TEXT) FROM contacts WHERE merged_into = ?", merge.taken)
    pointed = "UPDATE contacts SET merged_into = ?, pending_link = NULL WHERE id = ? OR merged_into = ?"
    execute(conn, pointed, merge.kept, merge.taken, merge.taken)
    execute(
        conn, "UPDATE suggestions SET state = 'accepted' WHERE one = ? AND two = ?", *sorted((merge.kept, merge.taken))
    )
    return id


def _insert(conn: Connection, merge: Merge) -> int:
    sql = (
        "INSERT INTO merges (kept, taken, at, by, reason, evidence, mark, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " RETURNING id"
    )
    told = merge.kept, merge.taken, ms(merge.at), merge.by, merge.reason, jsons.dumps(dict(merge.evidence)), merge.mark
    id: int = fetch(conn, sql, *told, _before(merge))[0][0]
    return id


def _before(merge: Merge) -> str:
    both = {name: contact_to_json(getattr(merge.before, name)) for name in ("kept", "taken", "united")}
    more = {"ended": dict(merge.ended), "left": list(merge.left), "timers": [list(one) for one in merge.timers]}
    more["shadowed"] = list(merge.shadowed)
    return jsons.dumps({**both, **more})


def _timers(conn: Connection, contact: int) -> tuple[Timer, ...]:
    """What the clock owes a contact: (key, kind, due, data)."""
    rows = fetch(conn, "SELECT key, kind, due_at, data FROM timers WHERE contact_id = ? ORDER BY key", contact)
    return tuple(
        (key, kind, due, data if isinstance(data, str) else jsons.dumps(data)) for key, kind, due, data in rows
    )


def _wind(conn: Connection, timers: Iterable[Timer], source: int, target: int) -> None:
    """Timers of `source` are wound for `target`, whose own ones stay as they are."""
    execute(conn, "DELETE FROM timers WHERE contact_id = ?", source)
    sql = "INSERT INTO timers (key, contact_id, kind, due_at, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    data = "" if conn.dialect.name == "sqlite" else "::jsonb"
    for key, kind, due, told in timers:
        execute(conn, sql.replace("?)", f"?{data})"), _renamed(key, source, target), target, kind, due, told)


def _renamed(key: str, source: int, target: int) -> str:
    return ":".join(str(target) if part == str(source) else part for part in key.split(":"))


def _move(conn: Connection, merge: int, table: str, key: str, source: int, target: int) -> None:
    _note(conn, merge, table, f"SELECT CAST({key} AS TEXT) FROM {table} WHERE contact_id = ?", source)
    execute(conn, f"UPDATE {table} SET contact_id = ? WHERE contact_id = ?", target, source)


def _note(conn: Connection, merge: int, table: str, keys: str, value: int) -> None:
    """Keep the keys that a question gives."""
    keyed = f"SELECT CAST(? AS BIGINT), '{table}', k.key FROM ({keys}) AS k(key)"
    if conn.dialect.name == "sqlite":
        keyed = f"SELECT ?, '{table}', * FROM ({keys})"
    execute(conn, f"INSERT INTO merged_rows (merge, name, key) {keyed}", merge, value)


WITHDRAWN = {"outbox": "key", "calls": "key"}
"""What goes out and is withdrawn with its session: the table, and the key of it."""


def _note_waiting(conn: Connection, merge: int, sessions: Sequence[str]) -> None:
    """What these sessions have said or asked, and nobody sends yet; it is about to be withdrawn with them."""
    if not sessions:
        return
    where, values = among(conn, "session", sessions, "text")
    for table, key in WITHDRAWN.items():
        for (name,) in fetch(conn, f"SELECT {key} FROM {table} WHERE status = 0 AND {where}", *values):
            execute(
                conn, "INSERT INTO merged_rows (merge, name, key) VALUES (?, ?, ?)", merge, f"{table}.waiting", name
            )


def resume(conn: Connection, merge: int, sessions: Sequence[str]) -> None:
    """What these sessions had said and a merge has withdrawn is to be sent again."""
    where, values = among(conn, "session", sessions, "text")
    for table, key in WITHDRAWN.items():
        sql = (
            f"UPDATE {table} SET status = 0 WHERE status = 9 AND {where} AND {key} IN"
            f" (SELECT r.key FROM merged_rows r WHERE r.merge = ? AND r.name = '{table}.waiting')"
        )
        execute(conn, sql, *values, merge)
    execute(conn, "DELETE FROM merged_rows WHERE merge = ?", merge)


def _own(conn: Connection, contact: int) -> None:
    """What a session says of whose it is follows its row."""
    if conn.dialect.name == "sqlite":
        sql = "UPDATE sessions SET state = json_set(state, '$.contact', ?) WHERE contact_id = ? AND json_extract(state, '$.contact') <> ?"
        execute(conn, sql, contact, contact, contact)
        return
    sql = (
        "UPDATE sessions SET state = jsonb_set(state::jsonb, '{contact}', to_jsonb(?::bigint))::text"
        " WHERE contact_id = ? AND (state::jsonb ->> 'contact')::bigint <> ?"
    )
    execute(conn, sql, contact, contact, contact)


def doubled(conn: Connection, kept: int, taken: int, now: datetime) -> list[int]:
    """Of two live enrolments in one sequence that of the one taken ends; gives their ids."""
    sql = (
        "SELECT id FROM enrolments WHERE contact_id = ? AND state = 'live' AND sequence IN"
        " (SELECT sequence FROM enrolments WHERE contact_id = ? AND state = 'live')"
    )
    ids = [row[0] for row in fetch(conn, sql, taken, kept)]
    if ids:
        where, values = among(conn, "id", ids)
        execute(conn, f"UPDATE enrolments SET state = 'left', ended_at = ? WHERE {where}", ms(now), *values)
    return ids


def new_contact(conn: Connection, now: datetime) -> int:
    """Somebody of whom nothing is known."""
    made: int = fetch(conn, "INSERT INTO contacts (created_at) VALUES (?) RETURNING id", ms(now))[0][0]
    return made


def add_unlink(conn: Connection, merge: Merge, identity: Identity) -> int:
    """A merge of somebody new that has moved one identity, and whose time is the beginning."""
    id = _insert(conn, merge)
    keys = "INSERT INTO merged_rows (merge, name, key) SELECT CAST(? AS BIGINT), 'identities', CAST(id AS TEXT) FROM identities"
    where = " WHERE contact_id = ? AND channel = ? AND kind = ? AND value = ?"
    execute(conn, keys + where, id, merge.kept, identity.channel, identity.kind, identity.value)
    execute(conn, "UPDATE contacts SET merged_into = ? WHERE id = ?", merge.kept, merge.taken)
    return id


# ---- being two again


def undo(conn: Connection, merge: Merge, holder: int, by: str, reason: str, now: datetime) -> None:
    """The rows that it moved go back from whoever holds them now, and it does not count any more."""
    for table, key in MOVED.items():
        sql = (
            f"UPDATE {table} SET contact_id = ? WHERE contact_id = ? AND CAST({key} AS TEXT) IN"
            f" (SELECT r.key FROM merged_rows r WHERE r.merge = ? AND r.name = '{table}')"
        )
        execute(conn, sql, merge.taken, holder, merge.id)
    inner = "SELECT CAST(r.key AS BIGINT) FROM merged_rows r WHERE r.merge = ? AND r.name = 'contacts'"
    execute(conn, f"UPDATE contacts SET merged_into = ? WHERE id IN ({inner})", merge.taken, merge.id)
    execute(conn, "UPDATE contacts SET merged_into = NULL WHERE id = ?", merge.taken)
    execute(conn, "UPDATE contacts SET parted = 1 WHERE id = ?", holder)
    later = (
        "DELETE FROM merged_rows WHERE merge > ? AND EXISTS (SELECT 1 FROM merged_rows r WHERE r.merge = ?"
        " AND r.name = merged_rows.name AND r.key = merged_rows.key)"
    )
    execute(conn, later, merge.id, merge.id)
    herself = "DELETE FROM merged_rows WHERE merge > ? AND name = 'contacts' AND key = ?"
    execute(conn, herself, merge.id, str(merge.taken))
    execute(conn, "DELETE FROM merged_rows WHERE merge = ? AND name NOT LIKE '%.waiting'", merge.id)
    _rewind(conn, merge, holder)
    sql = "UPDATE merges SET undone_at = ?, undone_by = ?, undone_reason = ? WHERE id = ?"
    execute(conn, sql, ms(now), by, reason, merge.id)


def _rewind(conn: Connection, merge: Merge, holder: int) -> None:
    """Her timers are hers again, as far as they have not rung; of those wound for the holder by it nothing is left."""
    for key, kind, due, data in merge.timers:
        if key in merge.shadowed:  # the one kept had such a timer herself: this one has not run at all
            _wind(conn, [(key, kind, due, data)], 0, merge.taken)
            continue
        wound = _renamed(key, merge.taken, holder)
        if execute(conn, "DELETE FROM timers WHERE key = ? AND contact_id = ? AND due_at = ?", wound, holder, due):
            _wind(conn, [(key, kind, due, data)], 0, merge.taken)


def heard_since(conn: Connection, holder: int, mark: int) -> Iterator[tuple[int, str, str, str, str, datetime]]:
    """What came in for a contact since a merge: (id, channel, external id, kind, body, received), in order."""
    last = mark
    sql = (
        "SELECT id, channel, external_id, kind, body, received_at FROM inbox WHERE contact_id = ? AND id > ? ORDER BY id"
        f" LIMIT {CHUNK}"
    )
    while rows := fetch(conn, sql, holder, last):
        for row in rows:
            yield row[0], row[1], row[2], row[3], row[4], moment(row[5])
        last = rows[-1][0]


def give(
    conn: Connection, merge: Merge, holder: int, rows: Sequence[tuple[int, str, str]], identities: Collection[Identity]
) -> None:
    """What happened on these identities since, and what these inbox rows (id, channel, external id) led to, goes along."""
    taken, at = merge.taken, ms(merge.at)
    for part in _parts(rows):
        where, values = among(conn, "id", [id for id, _, _ in part])
        execute(conn, f"UPDATE inbox SET contact_id = ? WHERE contact_id = ? AND {where}", taken, holder, *values)
        for channel in sorted({channel for _, channel, _ in part}):
            where, values = among(conn, "external_id", [name for _, at_, name in part if at_ == channel], "text")
            lines = f"UPDATE messages SET contact_id = ? WHERE contact_id = ? AND outbox_key IS NULL AND channel = ? AND {where}"
            execute(conn, lines, taken, holder, channel, *values)
    for one in identities:
        sent = "UPDATE outbox SET contact_id = ? WHERE contact_id = ? AND channel = ? AND kind = ? AND value = ?"
        execute(conn, sent, taken, holder, one.channel, one.kind, one.value)
        files = "UPDATE media SET contact_id = ? WHERE contact_id = ? AND channel = ? AND value = ?"
        execute(conn, files, taken, holder, one.channel, one.value)
    lines = (
        "UPDATE messages SET contact_id = ? WHERE contact_id = ? AND outbox_key IN"
        " (SELECT o.key FROM outbox o WHERE o.contact_id = ?)"
    )
    execute(conn, lines, taken, holder, taken)
    _give_begun(conn, holder, taken, {f"i{id}" for id, _, _ in rows}, at)
    _own(conn, taken)
    for enrolment in merge.left:
        again = (
            "UPDATE enrolments SET state = 'live', ended_at = NULL WHERE id = ? AND state = 'left' AND NOT EXISTS"
            " (SELECT 1 FROM enrolments e WHERE e.contact_id = ? AND e.state = 'live' AND e.sequence = enrolments.sequence)"
        )
        execute(conn, again, enrolment, taken)


def stray(conn: Connection, holder: int, taken: int) -> list[tuple[str, str, bool]]:
    """What the sessions of `holder` have said to identities of the one who is parted from her, and nobody sends yet, is
    withdrawn: (key, session, whether the session waits for it)."""
    rows = fetch(
        conn,
        "SELECT o.key, o.session, o.awaited FROM outbox o JOIN sessions s ON s.id = o.session"
        " WHERE o.contact_id = ? AND o.status = 0 AND s.contact_id = ?",
        taken, holder,
    )  # fmt: skip
    gone = "UPDATE outbox SET status = 9, refusal = 'parted', contact_id = ? WHERE key = ?"
    for key, _, _ in rows:
        execute(conn, gone, holder, key)
    return [(key, session, bool(awaited)) for key, session, awaited in rows]


def _give_begun(conn: Connection, holder: int, taken: int, origins: Collection[str], at: int) -> None:
    """Sessions that these origins began, and what belongs to them; entries of the ledger that they made."""
    ids = [row[0] for row in fetch(conn, "SELECT id FROM sessions WHERE contact_id = ?", holder)]
    begun = [id for id in ids if id.partition(".")[0] in origins]
    for part in _parts(begun):
        where, values = among(conn, "id", part, "text")
        execute(conn, f"UPDATE sessions SET contact_id = ? WHERE contact_id = ? AND {where}", taken, holder, *values)
        where, values = among(conn, "session", part, "text")
        for table in OF_SESSIONS:
            execute(conn, f"UPDATE {table} SET contact_id = ? WHERE contact_id = ? AND {where}", taken, holder, *values)
    for part in _parts(sorted(origins)):
        where, values = among(conn, "origin", part, "text")
        execute(conn, f"UPDATE consents SET contact_id = ? WHERE contact_id = ? AND {where}", taken, holder, *values)
    rows = fetch(conn, "SELECT id, data FROM events WHERE contact_id = ? AND at >= ?", holder, at)
    told = [row[0] for row in rows if _is_of(row[1], set(begun), origins)]
    for part in _parts(told):
        where, values = among(conn, "id", part)
        execute(conn, f"UPDATE events SET contact_id = ? WHERE {where}", taken, *values)


def _is_of(data: Any, sessions: Collection[str], origins: Collection[str]) -> bool:
    """Whether an event tells of one of these sessions, or of one of these inbox rows."""
    told = jsons.loads(data) if isinstance(data, str) else data
    return told.get("session") in sessions or f"i{told.get('inbox', '')}" in origins


def _parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def moved_identities(conn: Connection, merge: int) -> list[Identity]:
    """The identities that a merge moved."""
    sql = (
        "SELECT i.channel, i.kind, i.value FROM identities i WHERE CAST(i.id AS TEXT) IN"
        " (SELECT r.key FROM merged_rows r WHERE r.merge = ? AND r.name = 'identities') ORDER BY i.id"
    )
    return [Identity(*row) for row in fetch(conn, sql, merge)]


def former_identities(conn: Connection, merge: int) -> list[Identity]:
    """Ids that a merge moved and that have changed since, as they were."""
    rows = fetch(conn, "SELECT key FROM merged_rows WHERE merge = ? AND name = 'former' ORDER BY key", merge)
    return [Identity(*jsons.loads(row[0])) for row in rows]


# ---- looking


def find(conn: Connection, id: int) -> Merge | None:
    """A merge by its id."""
    rows = fetch(conn, f"SELECT {_COLUMNS} {_FROM} WHERE m.id = ?", id)
    return _merge(rows[0]) if rows else None


def of_contact(conn: Connection, contact: int) -> list[Merge]:
    """The merges by which a contact took or was taken, those that were undone too, newest first."""
    rows = fetch(
        conn, f"SELECT {_COLUMNS} {_FROM} WHERE m.kept = ? OR m.taken = ? ORDER BY m.id DESC", contact, contact
    )
    return [_merge(row) for row in rows]


def later(conn: Connection, merge: Merge, people: Collection[int]) -> list[Merge]:
    """The merges among these contacts that came after one, and hold."""
    kept, values = among(conn, "m.kept", sorted(people))
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE {kept} AND m.id > ? AND m.undone_at IS NULL ORDER BY m.id"
    return [_merge(row) for row in fetch(conn, sql, *values, merge.id)]


def rewrite(conn: Connection, merge: Merge) -> None:
    """What a later merge knows of before no longer holds what an undone one had brought."""
    execute(conn, "UPDATE merges SET before = ? WHERE id = ?", _before(merge), merge.id)


def _merge(row: Sequence[Any]) -> Merge:
    (id, kept, taken, at, by, reason, evidence, mark, before, undone, undone_by, undone_reason, kept_at, taken_at) = row
    told = _data(before)
    ages = {"kept": (kept, kept_at), "taken": (taken, taken_at), "united": (kept, kept_at)}
    people = {name: contact_from_json(whom, moment(born), told[name]) for name, (whom, born) in ages.items()}
    return Merge(
        kept, taken, moment(at), by, reason, _data(evidence), Before(**people), told["ended"], tuple(told["left"]), mark,
        id, moment_or_none(undone), undone_by, undone_reason, tuple(tuple(one) for one in told.get("timers", ())),
        tuple(told.get("shadowed", ())),
    )  # fmt: skip


def _data(column: Any) -> Any:
    return jsons.loads(column) if isinstance(column, str) else column
