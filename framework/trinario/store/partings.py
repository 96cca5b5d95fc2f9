"""Merges undone: the rows go back, and what happened meanwhile goes to whoever it happened to."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.session import Session
from trinario.ports import Merge
from trinario.store import passages
from trinario.store.bulk import among, execute, fetch
from trinario.store.merges import MOVED, WITHDRAWN, own, renamed, wind
from trinario.store.moments import moment, ms

OF_SESSIONS = ("calls", "consents", "draw_tickets", "enrolments", "link_tokens", "phone_codes", "tickets")
"""Those whose rows belong to a session as well (`session`)."""

GOES_ON = ("calls", "link_tokens", "phone_codes")
"""Those by which a session goes on: they are whose the session is, on whomever's word they were made."""

CHUNK = 500
"""Rows that are looked at or moved at a time."""


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
            wind(conn, [(key, kind, due, data)], 0, merge.taken)
            continue
        wound = renamed(key, merge.taken, holder)
        if execute(conn, "DELETE FROM timers WHERE key = ? AND contact_id = ? AND due_at = ?", wound, holder, due):
            wind(conn, [(key, kind, due, data)], 0, merge.taken)


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


def said_by_people(
    conn: Connection, holder: int, since: datetime
) -> tuple[set[tuple[str, str]], list[tuple[datetime, Identity]]]:
    """What people of the team have said to a contact: in the platforms' own apps (channel, external id), and by the API
    (when, to which identity), that since then and as far as policy let it go."""
    told = "SELECT channel, external_id FROM messages WHERE contact_id = ? AND author = 'person' AND external_id IS NOT NULL"
    echoes = {(channel, name) for channel, name in fetch(conn, told, holder)}
    sent = (
        "SELECT o.created_at, o.channel, o.kind, o.value FROM messages m JOIN outbox o ON o.key = m.outbox_key"
        " WHERE m.contact_id = ? AND m.author = 'person' AND o.created_at >= ? AND o.refusal IS NULL"
    )
    return echoes, [(moment(at), Identity(*named)) for at, *named in fetch(conn, sent, holder, ms(since))]


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
        sent = (
            "UPDATE outbox SET contact_id = ? WHERE contact_id = ? AND channel = ? AND kind = ? AND value = ?"
            " AND (refusal IS NULL OR refusal <> 'parted')"  # what `stray` withdrew is of whoever said it
        )
        execute(conn, sent, taken, holder, one.channel, one.kind, one.value)
        files = "UPDATE media SET contact_id = ? WHERE contact_id = ? AND channel = ? AND value = ?"
        execute(conn, files, taken, holder, one.channel, one.value)
    lines = (
        "UPDATE messages SET contact_id = ? WHERE contact_id = ? AND outbox_key IN"
        " (SELECT o.key FROM outbox o WHERE o.contact_id = ?)"
    )
    execute(conn, lines, taken, holder, taken)
    _give_begun(conn, holder, taken, {f"i{id}" for id, _, _ in rows}, at)
    for table in GOES_ON:
        for whose, other in ((taken, holder), (holder, taken)):
            hers = "SELECT s.id FROM sessions s WHERE s.contact_id = ?"
            sql = f"UPDATE {table} SET contact_id = ? WHERE contact_id = ? AND session IN ({hers})"
            execute(conn, sql, whose, other, whose)
    own(conn, taken)
    for table, key in MOVED.items():  # what is hers now is not brought by any merge that came later
        hers = f"SELECT CAST(t.{key} AS TEXT) FROM {table} t WHERE t.contact_id = ?"
        execute(
            conn, f"DELETE FROM merged_rows WHERE merge > ? AND name = '{table}' AND key IN ({hers})", merge.id, taken
        )
    for enrolment in merge.left:
        again = (
            "UPDATE enrolments SET state = 'live', out = 0, ended_at = NULL WHERE id = ? AND state = 'left' AND NOT EXISTS"
            " (SELECT 1 FROM enrolments e WHERE e.contact_id = ? AND e.state = 'live' AND e.sequence = enrolments.sequence)"
        )
        execute(conn, again, enrolment, taken)


def stray(
    conn: Connection, strange: Mapping[int, Collection[str]], since: datetime
) -> list[tuple[int, str, str, bool]]:
    """What nobody has sent yet is withdrawn, if a session of one of the two has said it to the other, or if it was said since
    they were one and there are words in it that the one who would read it may not know any more (`strange`, by contact):
    (whose the session is, key, session, whether the session waits for it)."""
    gone = "UPDATE outbox SET status = 9, refusal = 'parted', contact_id = ? WHERE key = ?"
    line = "UPDATE messages SET contact_id = ? WHERE contact_id = ? AND outbox_key = ?"
    rows = []
    for reader, words in strange.items():
        for key, session, awaited, whose, text in _unsaid(conn, reader, since):
            if whose != reader and whose in strange:
                execute(conn, gone, whose, key)
                execute(conn, line, whose, reader, key)
            elif any(_stands_in(word, text) for word in words):
                execute(conn, gone, reader, key)
            else:
                continue
            rows.append((whose, key, session, bool(awaited)))
    return rows


def close_offers(conn: Connection, pair: tuple[int, int], since: datetime, now: datetime) -> set[str]:
    """Links that nobody has followed yet open nothing any more, if their session has spoken to the other of the two since:
    it may be the other who has them, and would be taken for the one whose session it is. Gives their offers."""
    one, other = pair
    voided: set[str] = set()
    for whose, reader in ((one, other), (other, one)):
        open_ = (
            "contact_id = ? AND used_at IS NULL AND session IN"
            " (SELECT o.session FROM outbox o WHERE o.contact_id = ? AND o.created_at >= ? AND o.session IS NOT NULL)"
        )
        given = whose, reader, ms(since)
        voided |= {row[0] for row in fetch(conn, f"SELECT DISTINCT offer FROM link_tokens WHERE {open_}", *given)}
        execute(conn, f"UPDATE link_tokens SET used_at = ? WHERE {open_}", ms(now), *given)
    return voided


def _unsaid(conn: Connection, reader: int, since: datetime) -> list[tuple[str, str, bool, int, str]]:
    """What sessions say to a contact and is not sent yet, or may have to be sent again, as nobody knows whether it went:
    (key, session, awaited, whose the session is, the words as far as they were said since)."""
    sql = (
        "SELECT o.key, o.session, o.awaited, s.contact_id, CASE WHEN o.created_at < ? THEN '' ELSE COALESCE(m.text, '') END"
        " FROM outbox o JOIN sessions s"
        " ON s.id = o.session LEFT JOIN messages m ON m.outbox_key = o.key AND m.contact_id = o.contact_id"
        " WHERE o.contact_id = ? AND o.status IN (0, 2) ORDER BY o.id"
    )
    return [tuple(row) for row in fetch(conn, sql, ms(since), reader)]


def _stands_in(word: str, text: str) -> bool:
    """Whether a text holds a word, and not as a part of another one."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


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
    _give_answers(conn, holder, taken)
    rows = fetch(conn, "SELECT id, data FROM events WHERE contact_id = ? AND at >= ?", holder, at)
    told = [row[0] for row in rows if _is_of(row[1], set(begun), origins)]
    for part in _parts(told):
        where, values = among(conn, "id", part)
        execute(conn, f"UPDATE events SET contact_id = ? WHERE {where}", taken, *values)


def _give_answers(conn: Connection, holder: int, taken: int) -> None:
    """What is still to be told to sessions that are hers now: fates of messages, answers of calls."""
    sql = "SELECT id, body FROM inbox WHERE contact_id = ? AND status = 0 AND kind IN ('fate', 'called')"
    waiting = [(id, jsons.loads(body)["session"]) for id, body in fetch(conn, sql, holder)]
    hers = {row[0] for row in fetch(conn, "SELECT id FROM sessions WHERE contact_id = ?", taken)} if waiting else set()
    for id, session in waiting:
        if session in hers:
            execute(conn, "UPDATE inbox SET contact_id = ? WHERE id = ?", taken, id)


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


def tickets_before(conn: Connection, merge: int) -> set[int]:
    """The tickets that were open before a merge, of either of the two."""
    rows = fetch(conn, "SELECT key FROM merged_rows WHERE merge = ? AND name IN ('tickets', 'tickets.kept')", merge)
    return {int(row[0]) for row in rows}


def former_identities(conn: Connection, merge: int) -> list[Identity]:
    """Ids that a merge moved and that have changed since, as they were."""
    rows = fetch(conn, "SELECT key FROM merged_rows WHERE merge = ? AND name = 'former' ORDER BY key", merge)
    return [Identity(*jsons.loads(row[0])) for row in rows]


def resume(conn: Connection, merge: int, sessions: Mapping[str, Session]) -> None:
    """What these sessions had said and a merge has withdrawn is to be sent again; they are counted where they stand."""
    passages.reopen(conn, merge, sessions.values())
    where, values = among(conn, "session", sorted(sessions), "text")
    for table, key in WITHDRAWN.items():
        sql = (
            f"UPDATE {table} SET status = 0 WHERE status = 9 AND {where} AND {key} IN"
            f" (SELECT r.key FROM merged_rows r WHERE r.merge = ? AND r.name = '{table}.waiting')"
        )
        execute(conn, sql, *values, merge)
    execute(conn, "DELETE FROM merged_rows WHERE merge = ?", merge)
