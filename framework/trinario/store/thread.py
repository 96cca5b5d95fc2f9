"""One person's thread over all channels, and the people whom the team has: who waits longest comes first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario.model.media import FILE_KINDS
from trinario.store.bulk import among, execute, fetch
from trinario.store.media import of_messages
from trinario.store.moments import moment_or_none

_NAMES = (
    "id", "direction", "author", "channel", "at", "kind", "text", "status", "refusal", "detail", "key", "name", "signed",
    "altered", "cause", "price",
)  # fmt: skip
READ = 6
"""The highest rank of a message that went or is on its way; above it are those that failed, were refused or withdrawn."""

_LINES = (
    "SELECT m.id, m.direction, m.author, m.channel, m.at, m.kind, m.text, o.status, o.refusal, o.detail, m.outbox_key,"
    " m.external_id, m.signed, m.altered, o.cause, o.price FROM messages m LEFT JOIN outbox o ON o.key = m.outbox_key"
    " WHERE m.contact_id = ?"
)


def thread(conn: Connection, contact: int, before: int, limit: int, after: int | None = None) -> list[dict[str, Any]]:
    """The thread of a contact, newest first: everything heard and said, with its fate. `before` and `after` are message ids
    that are not given themselves; with `after` those next to it are given.

    `key` is that of the outbox row, None for what was heard; `media` are the files that came with it; `origin` is the
    contact whose it was before a merge, None for her own.
    """
    if after is None:
        rows = fetch(conn, f"{_LINES} AND m.id < ? ORDER BY m.id DESC LIMIT ?", contact, before, limit)
    else:
        rows = fetch(conn, f"{_LINES} AND m.id > ? ORDER BY m.id LIMIT ?", contact, after, limit)[::-1]
    lines = [dict(zip(_NAMES, row, strict=True)) for row in rows]
    named = [(line["channel"], _named(line)) for line in lines if _named(line)]
    files, origins = of_messages(conn, named), _origins(conn, [line["id"] for line in lines])
    found = [(line, files.get((line["channel"], _named(line)), []), origins.get(line["id"])) for line in lines]
    return [
        {**{name: line[name] for name in line if name != "name"}, "media": media, "origin": origin}
        for line, media, origin in found
    ]


def _named(line: Mapping[str, Any]) -> str:
    """Under which message the files of a line are kept: that of the platform, or ours of what the team has sent; "": it
    has none."""
    if line["kind"] == "media":
        return line["name"] or ""
    return line["key"] or "" if line["author"] == "person" and line["kind"] in FILE_KINDS else ""


def _origins(conn: Connection, messages: Sequence[int]) -> dict[int, int]:
    """Whose messages were that a merge has brought: by their numbers, the contact who was taken; of several the first."""
    if not messages:
        return {}
    where, values = among(conn, "r.key", [str(one) for one in messages], "text")
    sql = (
        "SELECT r.key, m.taken FROM merged_rows r JOIN merges m ON m.id = r.merge AND m.undone_at IS NULL"
        f" WHERE r.name = 'messages' AND {where} ORDER BY m.id DESC"
    )
    return {int(key): taken for key, taken in fetch(conn, sql, *values)}


def waiting(
    conn: Connection, offset: int, limit: int, contact: int | None = None
) -> list[tuple[int, datetime | None, int]]:
    """The contacts whom people have, who waits longest first: (contact, since when she waits for them or None if nothing is
    unanswered, how many messages of hers nobody has answered or looked at). `contact` asks for that one alone.

    A person answers, and so does what the bot says of its own in a conversation; what it sends at other occasions while
    people have her, or may not send, does not.
    """
    one = "" if contact is None else " AND c.id = ?"
    sql = (
        "WITH hers AS (SELECT c.id, c.looked, COALESCE((SELECT m.id FROM messages m LEFT JOIN outbox o"
        " ON o.key = m.outbox_key WHERE m.contact_id = c.id AND m.direction = 'out'"
        f" AND (o.id IS NULL OR (o.status <= {READ} AND (m.author = 'person' OR o.purpose = 'service')))"
        " ORDER BY m.id DESC LIMIT 1), 0) AS answered,"
        " (SELECT MIN(t.opened_at) FROM tickets t WHERE t.contact_id = c.id AND t.closed_at IS NULL"
        " AND t.answered_at IS NULL) AS asked FROM contacts c WHERE c.owner = 'person' AND c.merged_into IS NULL"
        f"{one}), counted AS (SELECT h.id, h.asked, COALESCE(SUM(CASE WHEN m.id > h.looked THEN 1 ELSE 0 END), 0) AS unread,"
        " MIN(m.at) AS since FROM hers h LEFT JOIN messages m ON m.contact_id = h.id AND m.id > h.answered"
        " AND m.direction = 'in' GROUP BY h.id, h.asked),"
        " told AS (SELECT id, unread, CASE WHEN asked IS NULL OR asked > since THEN since ELSE asked END AS waits FROM counted)"
        " SELECT id, waits, unread FROM told ORDER BY CASE WHEN waits IS NULL THEN 1 ELSE 0 END, waits, id LIMIT ? OFFSET ?"
    )
    rows = fetch(conn, sql, *(() if contact is None else (contact,)), limit, offset)
    return [(id, moment_or_none(since), int(unread)) for id, since, unread in rows]


def look(conn: Connection, contact: int, message: int) -> None:
    """The team has read her thread up to this message; what was read stays read."""
    execute(conn, "UPDATE contacts SET looked = ? WHERE id = ? AND looked < ?", message, contact, message)
