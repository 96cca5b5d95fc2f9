"""What is old is forgotten: by the row's number, some rows at a time, and nothing that is still needed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from trinario.store.bulk import among, execute, fetch
from trinario.store.media import ERASED
from trinario.store.moments import ms

_LIVE = "SELECT 1 FROM sessions s WHERE s.status IN ('waiting', 'aside') AND s.id ="
_OPEN_PLAN = "SELECT 1 FROM timers w WHERE w.contact_id ="


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of `table`, whose age is `moment`; of these go those for which `over` holds. `blank`: only this of them goes."""

    table: str
    moment: str
    over: str
    blank: str = ""


_PARTS = {
    "raw": Part("inbox", "received_at", "raw IS NOT NULL AND status <> 0", "raw = NULL"),
    "strays": Part("inbox", "received_at", "contact_id IS NULL AND status <> 0"),
    "calls": Part("calls", "created_at", f"status IN (2, 3, 9) AND NOT EXISTS ({_LIVE} calls.session)"),
    "notices": Part("notices", "created_at", "status IN (3, 7)"),
    "webhooks": Part("webhook_deliveries", "created_at", "status IN (3, 7)"),
    # how two contacts became one, and by which right we write to somebody, is evidence
    "events": Part(
        "events",
        "at",
        "name NOT LIKE 'link%' AND name NOT LIKE 'contact%' AND name NOT LIKE '%proved%'"
        " AND name NOT IN ('identity_changed', 'optin', 'opted_out', 'consent', 'campaign')",
    ),
    # what campaigns began stays, as what they sent; who is under way may come to the same step again
    "steps": Part("passages", "arrived_at", f"slot IS NULL AND NOT EXISTS ({_LIVE} passages.session)"),
    "messages": Part(
        "messages", "at", "NOT EXISTS (SELECT 1 FROM outbox o WHERE o.key = messages.outbox_key AND o.status < 3)"
    ),
    # what campaigns sent stays: their reports count it
    "outbox": Part(
        "outbox",
        "created_at",
        f"status >= 3 AND campaign IS NULL AND NOT EXISTS ({_LIVE} outbox.session)"
        f" AND NOT EXISTS ({_OPEN_PLAN} outbox.contact_id)",
    ),
    # the last thing that she said tells that she is no stranger; a merge that can be undone goes by what was heard since
    "inbox": Part(
        "inbox",
        "received_at",
        "contact_id IS NOT NULL AND status <> 0 AND EXISTS (SELECT 1 FROM inbox n WHERE n.contact_id = inbox.contact_id"
        " AND n.id > inbox.id AND n.kind = 'heard') AND NOT EXISTS (SELECT 1 FROM merges m WHERE m.undone_at IS NULL"
        " AND m.kept = inbox.contact_id)",
    ),
}  # fmt: skip


class SqlRetention:
    """Implements `ports.retention.RetentionUnit` on a connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """A message goes before the row that it was sent by."""
        single = {name: (name,) for name in ("raw", "strays", "calls", "notices", "events", "steps")}
        return {**single, "raw": ("raw", "webhooks"), "messages": ("messages", "outbox", "inbox")}

    def forget(self, part: str, after: int, before: datetime, limit: int) -> tuple[int, int | None]:
        """One look along the primary key: no index of its own, and never more than `limit` rows."""
        one, until = _PARTS[part], ms(before)
        looked = f"SELECT id, {one.moment} FROM {one.table} WHERE id > ? ORDER BY id LIMIT ?"
        rows = fetch(self._conn, looked, after, limit)
        if not rows or rows[0][1] >= until:
            return 0, None
        last = rows[-1][0]
        where = f"id > ? AND id <= ? AND {one.moment} < ? AND {one.over}"
        if part == "messages":
            self._forget_files(where, after, last, until)
        what = f"UPDATE {one.table} SET {one.blank}" if one.blank else f"DELETE FROM {one.table}"
        gone = execute(self._conn, f"{what} WHERE {where}", after, last, until)
        return gone, last if len(rows) == limit else None

    def _forget_files(self, where: str, after: int, last: int, until: int) -> None:
        """The files that came with messages which go: their copies too, by the job that removes copies."""
        sql = f"SELECT DISTINCT external_id FROM messages WHERE {where} AND kind = 'media' AND external_id IS NOT NULL"
        if not (names := [row[0] for row in fetch(self._conn, sql, after, last, until)]):
            return
        found, values = among(self._conn, "message", names, "text")
        erased = (
            f"UPDATE media SET status = {ERASED}, value = '', message = '', source = '', url = '', filename = '', reason = '',"
            f" digest = '', not_before = 0 WHERE created_at < ? AND {found}"
        )
        execute(self._conn, erased, until, *values)
        execute(self._conn, f"DELETE FROM media WHERE status = {ERASED} AND held = 0 AND run IS NULL")

    def forget_slots(self, before: datetime, limit: int) -> int:
        """How far a time table has come is kept elsewhere."""
        some = "SELECT name, slot FROM occurrences WHERE state <> 0 AND due_at < ? ORDER BY due_at LIMIT ?"
        return execute(self._conn, f"DELETE FROM occurrences WHERE (name, slot) IN ({some})", ms(before), limit)
