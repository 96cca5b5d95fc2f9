"""Marketing that people have not asked for: what went to whom lately, and the people whom more of it is about to go to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from trinario.policy.facts import Push, turn_of
from trinario.ports import Recipient
from trinario.store.bulk import among, fetch
from trinario.store.cases import identities_of, locked_now, people
from trinario.store.moments import moment, ms

FAILED = 7

LONGEST_WAIT = timedelta(days=8)
"""How long before it goes a message may have been said: what was said earlier than that before the stretch is not in it."""

Pushes = Mapping[int, Sequence[tuple[int, Push]]]

REACHED: Mapping[str, str] = {}
"""Nothing keeps us from somebody on any channel."""


def of(conn: Connection, contacts: Sequence[int], since: datetime, reserved: bool) -> Pushes:
    """By contact (outbox id, push) since then: what went or is going, what failed, and with `reserved` what waits."""
    where, values = among(conn, "contact_id", contacts)
    first, begins = 0 if reserved else 1, ms(since)
    sql = (
        "SELECT contact_id, id, key, channel, status, refusal, sent_at, not_before, created_at FROM outbox"
        f" WHERE {where} AND purpose = 'marketing' AND priority = 1 AND created_at >= ? AND status BETWEEN ? AND {FAILED}"
        " ORDER BY id"
    )
    found: dict[int, list[tuple[int, Push]]] = defaultdict(list)
    for contact, id, key, channel, status, refusal, sent, later, made in fetch(
        conn, sql, *values, ms(since - LONGEST_WAIT), first
    ):
        at = sent or max(later or 0, made)
        if at >= begins:
            fault = (refusal or "failed") if status == FAILED else ""
            found[contact].append((id, Push(turn_of(key), moment(at), channel, fault)))
    return found


def recipients(conn: Connection, contacts: Sequence[int], since: datetime, now: datetime) -> Mapping[int, Recipient]:
    """These people, locked; whoever is in a turn just now is left out, so that nothing is sent on what it changes."""
    locked = locked_now(conn, sorted(set(contacts)))
    if not locked:
        return {}
    pushes = of(conn, locked, since, reserved=False)
    identities, unreachable = identities_of(conn, locked, now)
    return {
        contact.id: Recipient(contact, unreachable.get(contact.id, REACHED), tuple(pushes.get(contact.id, ())))
        for contact in people(conn, locked, identities)
    }
