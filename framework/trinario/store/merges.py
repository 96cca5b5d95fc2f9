"""Merges: every row of a contact goes to another one, and the list of them stays, so that they can go back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.contact_json import contact_from_json, contact_to_json
from trinario.model.part import Before
from trinario.ports import Merge
from trinario.store.bulk import among, execute, fetch
from trinario.store.moments import moment, moment_or_none, ms

MOVED: Mapping[str, str] = {
    "calls": "id", "consents": "id", "draw_tickets": "id", "enrolments": "id", "events": "id", "identities": "id",
    "inbox": "id", "link_tokens": "hash", "media": "id", "messages": "id", "notices": "id", "outbox": "id",
    "phone_codes": "name", "recipients": "id", "sessions": "id", "short_links": "token", "tickets": "id",
}  # fmt: skip
"""The tables whose rows belong to a contact (`contact_id`), and the key of each."""

APART = {
    "link_guesses": "whose guesses they were does not matter to anybody else",
    "timers": "their keys name the contact: those of the one taken are set aside, and wound anew for the one kept",
    "known_by": "written with the fields of both",
    "contacts": "point to who has them", "merges": "stay as they are", "suggestions": "stay as they are",
}  # fmt: skip
"""Tables that know of contacts and are treated otherwise."""

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
    shadowed = tuple(timer[0] for timer in timers if renamed(timer[0], merge.taken, merge.kept) in hers)
    id = _insert(conn, replace(merge, mark=merge.mark or mark, timers=timers, shadowed=shadowed))
    _note_waiting(conn, id, sorted(merge.ended))
    open_now = "SELECT CAST(id AS TEXT) FROM tickets WHERE contact_id = ? AND closed_at IS NULL"
    _note(conn, id, "tickets.kept", open_now, merge.kept)
    for table, key in MOVED.items():
        _move(conn, id, table, key, merge.taken, merge.kept)
    own(conn, merge.kept)
    wind(conn, timers, merge.taken, merge.kept)
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


def wind(conn: Connection, timers: Iterable[Timer], source: int, target: int) -> None:
    """Timers of `source` are wound for `target`, whose own ones stay as they are."""
    execute(conn, "DELETE FROM timers WHERE contact_id = ?", source)
    sql = "INSERT INTO timers (key, contact_id, kind, due_at, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    data = "" if conn.dialect.name == "sqlite" else "::jsonb"
    for key, kind, due, told in timers:
        execute(conn, sql.replace("?)", f"?{data})"), renamed(key, source, target), target, kind, due, told)


def renamed(key: str, source: int, target: int) -> str:
    """The key of a timer as it is for somebody else."""
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


def own(conn: Connection, contact: int) -> None:
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
