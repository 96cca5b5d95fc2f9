"""Messages of campaigns that were refused for our own fault: counted, and taken back so that people have their turn once more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from trinario.ports.campaigns import BEGUN, STOPPED, WAITING
from trinario.store.bulk import among, execute, fetch, update
from trinario.store.moments import ms
from trinario.store.tables import RecipientRow
from trinario.store.tables.conversation import FAULTY

FILLED, OVER = 1, 4
"""States of slots: everybody is written down; nobody of it waits."""

CALLED_OFF = 9
"""The status of messages that were withdrawn."""

_AGAIN = update(RecipientRow, "id", ("state", "next_at", "reason", "at"))


def refused(conn: Connection, name: str, since: datetime) -> tuple[int, str]:
    """How many people's messages made since then we refused for their template's sake, and the words of one."""
    sql = (
        "SELECT COUNT(DISTINCT contact_id), MAX(COALESCE(detail, refusal)) FROM outbox WHERE campaign IN"
        f" (SELECT id FROM campaign_slots WHERE campaign = ?) AND {FAULTY} AND created_at >= ?"
    )
    count, why = fetch(conn, sql, name, ms(since))[0]
    return int(count), why or ""


def unsaid(conn: Connection, name: str, codes: Collection[str]) -> set[int]:
    """Contacts to whom everything that it said was refused for one of these reasons."""
    return {row[2] for row in _unsaid(conn, name, codes, False)}


def again(
    conn: Connection, name: str, codes: Collection[str], waiting: bool, now: datetime
) -> list[tuple[int, str, str]]:
    """Recipients who got nothing for one of these reasons wait once more; gives (contact, key, session) of what was said."""
    rows = _unsaid(conn, name, codes, waiting)
    if not rows:
        return []
    where, values = among(conn, "id", sorted(row[0] for row in rows))
    execute(conn, f"UPDATE outbox SET status = {CALLED_OFF} WHERE {where}", *values)
    slots, whom = sorted({row[1] for row in rows}), sorted({row[2] for row in rows})
    (mine, values), (hers, people) = among(conn, "slot", slots), among(conn, "contact_id", whom)
    pairs = {(row[1], row[2]) for row in rows}
    sql = f"SELECT id, slot, contact_id FROM recipients WHERE state = {BEGUN} AND {mine} AND {hers}"
    back = [id for id, slot, contact in fetch(conn, sql, *values, *people) if (slot, contact) in pairs]
    _AGAIN.run(conn, [(WAITING, ms(now), "again", ms(now), id) for id in back])
    where, values = among(conn, "id", slots)
    execute(conn, f"UPDATE campaign_slots SET state = {FILLED} WHERE state = {OVER} AND {where}", *values)
    return [(contact, key, session) for _, _, contact, key, session in rows]


def _unsaid(conn: Connection, name: str, codes: Collection[str], waiting: bool) -> list[tuple[int, int, int, str, str]]:
    """(id, slot, contact, key, session) of messages to people of whom no message of that slot has gone or may go."""
    where, values = among(conn, "o.refusal", sorted(codes), "text")
    stands = f" OR (o.status = 0 AND o.refusal = '{STOPPED}')" if waiting else ""
    but = f" AND NOT (g.status = 0 AND g.refusal = '{STOPPED}')" if waiting else ""
    sql = (
        "SELECT o.id, o.campaign, o.contact_id, o.key, COALESCE(o.session, '') FROM outbox o WHERE o.campaign IN"
        f" (SELECT id FROM campaign_slots WHERE campaign = ?) AND ((o.status IN (7, 8) AND {where}){stands})"
    )
    rows = fetch(conn, sql, name, *values)
    if not rows:
        return []
    whom, mine = among(conn, "g.contact_id", sorted({row[2] for row in rows}))
    good = (
        "SELECT DISTINCT g.campaign, g.contact_id FROM outbox g WHERE g.campaign IN"
        f" (SELECT id FROM campaign_slots WHERE campaign = ?) AND g.status BETWEEN 0 AND 6{but} AND {whom}"
    )
    had = {(row[0], row[1]) for row in fetch(conn, good, name, *mine)}
    return [(id, slot, who, key, session) for id, slot, who, key, session in rows if (slot, who) not in had]
