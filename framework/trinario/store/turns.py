"""A batch of turns, written with one statement a table."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.model.session_json import session_to_json
from trinario.model.value import legible, pack
from trinario.ports import Outgoing, Said, Token, Writes
from trinario.store import calls, known, media, passages, redact
from trinario.store.beyond import write_beyond
from trinario.store.bulk import Row, among, execute, insert, update
from trinario.store.campaigns import SqlCampaigns
from trinario.store.clicks import SqlClicks
from trinario.store.drips import SqlDrips
from trinario.store.intake import take_in
from trinario.store.moments import ms, ms_or_none
from trinario.store.tables import (
    ContactRow,
    EventRow,
    InboxRow,
    LinkGuessRow,
    LinkTokenRow,
    MessageRow,
    OutboxRow,
    SessionRow,
    TicketRow,
    TimerRow,
)
from trinario.store.tickets import answered

REFUSED, WITHDRAWN = 8, 9

_CONTACTS = update(
    ContactRow,
    "id",
    (
        "first_name", "last_name", "language", "timezone", "fields", "tags", "consent", "last_heard", "last_seen_at",
        "channel", "owner", "owner_until", "pending_link", "marks", "changed",
    ),
)  # fmt: skip
_SESSIONS = insert(
    SessionRow,
    ("id", "contact_id", "flow", "revision", "status", "step", "wake_at", "state", "updated_at"),
    "ON CONFLICT (id) DO UPDATE SET contact_id = excluded.contact_id, flow = excluded.flow, revision ="
    " excluded.revision, status = excluded.status, step = excluded.step, wake_at = excluded.wake_at, state ="
    " excluded.state, updated_at = excluded.updated_at",
)
_FINISHED = update(InboxRow, "id", ("status", "error"))
_SCRUBBED = update(InboxRow, "id", ("body", "raw"))
_ENRICHED = update(InboxRow, "id", ("body",))
_POSTPONED = update(InboxRow, "id", ("not_before", "tries"))
_SAID = insert(
    MessageRow,
    ("contact_id", "direction", "author", "channel", "at", "kind", "text", "external_id", "outbox_key", "signed"),
)
_OUTBOX = insert(
    OutboxRow,
    (
        "key", "contact_id", "channel", "kind", "value", "content", "purpose", "priority", "status", "refusal", "detail",
        "session", "cause", "awaited", "human", "reply_to", "typing", "prior", "created_at", "not_before", "why",
        "campaign",
    ),
    "ON CONFLICT DO NOTHING",
)  # fmt: skip
_TIMERS = insert(
    TimerRow,
    ("key", "contact_id", "kind", "due_at", "data"),
    "ON CONFLICT (key) DO UPDATE SET contact_id = excluded.contact_id, due_at = excluded.due_at, data = excluded.data",
)
_EVENTS = insert(EventRow, ("contact_id", "name", "at", "data"))
_TICKETS = insert(TicketRow, ("contact_id", "session", "team", "note", "priority", "opened_at"))
_TOKENS = insert(
    LinkTokenRow,
    ("hash", "offer", "contact_id", "session", "step", "target", "origin", "confirm", "created_at", "expires_at"),
    "ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at WHERE link_tokens.used_at IS NULL",
)
_GUESSES = insert(LinkGuessRow, ("sender", "at"))


def write(conn: Connection, writes: Writes, now: datetime) -> None:
    """Everything of a batch, in the transaction it was decided in."""
    at = ms(now)
    _CONTACTS.run(conn, [_contact(contact) for contact in writes.contacts.values()])
    _SESSIONS.run(conn, [_session(session, at) for session in writes.sessions.values()])
    if writes.withdrawn:
        where, values = among(conn, "session", writes.withdrawn, "text")
        execute(conn, f"UPDATE outbox SET status = {WITHDRAWN} WHERE status = 0 AND {where}", *values)
        calls.withdraw(conn, writes.withdrawn)
    calls.order(conn, writes.calls, at)
    _OUTBOX.run(conn, [_outgoing(row, at) for row in writes.outgoing])
    _SAID.run(conn, [_said(line) for line in writes.said])
    _set_timers(conn, writes)
    _EVENTS.run(conn, [(contact, name, ms(when), data) for contact, name, when, data in writes.events])
    _TICKETS.run(conn, [(*ticket[:5], ms(ticket[5])) for ticket in writes.tickets])
    answered(conn, writes.answered)
    _TOKENS.run(conn, [_token(token, at) for token in writes.tokens])
    _GUESSES.run(conn, [(sender, ms(when)) for sender, when in writes.guesses])
    media.order(conn, writes.media, at)
    media.take_back(conn, writes.taken_back, at)
    write_beyond(conn, writes, at)
    SqlCampaigns(conn).fated(writes.recipients, now)
    SqlDrips(conn).onward(writes.drips)
    SqlClicks(conn).keep(writes.links, now)
    passages.write(conn, writes.passages, writes.sessions.values(), at)
    known.keep(conn, writes.known, now)
    if writes.inward:
        take_in(conn, writes.inward, now)
    _POSTPONED.run(conn, [(ms(until), tries, id) for until, tries, id in writes.postponed])
    _SCRUBBED.run(conn, [(body, None, id) for id, body in writes.scrubbed])
    _ENRICHED.run(conn, [(body, id) for id, body in writes.enriched])
    _FINISHED.run(conn, [(status, error, id) for status, id, error in writes.finished])
    redact.mark_edited(conn, writes.edited)
    redact.take_back(conn, writes.taken_back)
    for contact, stop in writes.overtaken:
        calls.overtake(conn, contact, stop)
    if writes.let_in:
        calls.let_in(conn, writes.let_in)


def _set_timers(conn: Connection, writes: Writes) -> None:
    """Of each timer the last word counts: it is set, or it is off."""
    last = {timer[0]: timer for timer in writes.timers}
    if off := [key for key, timer in last.items() if timer[3] is None]:
        where, values = among(conn, "key", off, "text")
        execute(conn, f"DELETE FROM timers WHERE {where}", *values)
    set_ = [(key, contact, kind, ms(due), data) for key, contact, kind, due, data in last.values() if due is not None]
    _TIMERS.run(conn, set_)


def _contact(contact: Contact) -> Row:
    return (
        contact.first_name,
        contact.last_name,
        contact.language,
        contact.timezone,
        jsons.dumps(pack(contact.fields)) if contact.fields else "{}",
        jsons.dumps(sorted(contact.tags)) if contact.tags else "[]",
        jsons.dumps(dict(contact.consent)) if contact.consent else "{}",
        jsons.dumps({key: ms(at) for key, at in contact.last_heard.items()}),
        ms_or_none(contact.last_seen_at),
        contact.channel,
        contact.owner,
        ms_or_none(contact.owner_until),
        contact.pending_link,
        jsons.dumps({key: ms(at) for key, at in contact.marks.items()}) if contact.marks else "{}",
        jsons.dumps({key: ms(at) for key, at in contact.changed.items()}) if contact.changed else "{}",
        contact.id,
    )


def _session(session: Session, at: int) -> Row:
    return (
        session.id,
        session.contact,
        session.flow,
        session.revision,
        session.status,
        session.wait.step if session.wait else None,
        ms_or_none(session.wake_at),
        jsons.dumps(session_to_json(session)),
        at,
    )


def _said(line: Said) -> Row:
    return (
        line.contact, line.direction, line.author, line.channel, ms(line.at), line.kind, legible(line.text),
        line.external_id or None, line.outbox_key or None, line.signed or None,
    )  # fmt: skip


def _outgoing(row: Outgoing, at: int) -> Row:
    identity = row.identity
    return (
        row.key, row.contact, row.channel, identity.kind if identity else "", identity.value if identity else "",
        row.content, row.purpose, row.priority, REFUSED if row.refusal and row.not_before is None else 0, row.refusal or None, row.detail or None,
        row.session or None, row.cause, int(row.awaited), int(row.human), row.reply_to,
        row.typing, row.prior, at, ms_or_none(row.not_before) or 0, row.why or None, row.campaign or None,
    )  # fmt: skip


def _token(token: Token, at: int) -> tuple[Any, ...]:
    confirm = None if token.confirm is None else int(token.confirm)
    return (
        token.hash, token.offer, token.contact, token.session, token.step, token.target, token.origin, confirm, at,
        ms(token.expires_at),
    )  # fmt: skip
