"""Webhooks that go out: what happened is read from where it is kept anyway, and a row says that an endpoint is to be told.

On PostgreSQL a row with a smaller number may be committed after one with a larger: what was read is read once more half a
minute later, and a delivery is there once only.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from trinario import jsons
from trinario.ports.hooks import ACTIVE, DISABLED, STATES, Delivery, DeliveryLine, EndpointState, Happening
from trinario.store.bulk import among, execute, fetch, insert, update
from trinario.store.moments import moment, moment_or_none, ms
from trinario.store.tables import WebhookDeliveryRow, WebhookEndpointRow

LATE = timedelta(seconds=30)
"""How much later than its number a row may become visible."""

_AT_STEP = "CASE WHEN step = '' THEN 'started' ELSE 'step' END"

_TABLES = {
    "history": ("events", "name", ""),
    "messages": ("messages", "author", ""),
    "consents": ("consents", "state", ""),
    "events": ("inbox", "body", " AND kind = 'event'"),
    "contacts": ("contacts", "'created'", ""),
    "tickets": ("tickets", "'opened'", ""),
    "ways": ("passages", _AT_STEP, ""),
}
"""By source: the table, the column that says what it is, and which rows count."""

_READ = {
    "history": "SELECT id, name, contact_id, at, data FROM events",
    "messages": "SELECT id, author, contact_id, at, channel, kind, text, outbox_key, signed FROM messages",
    "consents": "SELECT id, state, contact_id, at, purpose, channel, evidence, version, expires_at FROM consents",
    "events": "SELECT id, '', contact_id, received_at, body FROM inbox",
    "contacts": "SELECT id, 'created', id, created_at FROM contacts",
    "tickets": "SELECT id, 'opened', contact_id, opened_at, team, priority, session, note FROM tickets",
    "ways": f"SELECT id, {_AT_STEP}, (SELECT s.contact_id FROM sessions s WHERE s.id = passages.session), arrived_at, flow, step,"
    " session, revision, channel, language, variant FROM passages",
}
_MOMENTS = {
    "history": "at", "messages": "at", "consents": "at", "events": "received_at", "contacts": "created_at",
    "tickets": "opened_at", "ways": "arrived_at",
}  # fmt: skip
_COLUMNS = {
    "contacts": (),
    "ways": ("flow", "step", "session", "revision", "channel", "language", "variant"),
}
"""What is told of rows whose columns are what is told; nothing of what is empty."""

_ENDPOINTS = insert(WebhookEndpointRow, ("name", "state", "reached", "changed_at"), "ON CONFLICT (name) DO NOTHING")
_DELIVERIES = insert(
    WebhookDeliveryRow,
    ("endpoint", "source", "number", "created_at"),
    "ON CONFLICT (endpoint, source, number) DO NOTHING",
)
_AGAIN = insert(
    WebhookDeliveryRow,
    ("endpoint", "source", "number", "created_at"),
    "ON CONFLICT (endpoint, source, number) DO UPDATE SET status = 0, attempts = 0, not_before = 0, detail = NULL,"
    " ended_at = NULL, created_at = EXCLUDED.created_at",
)
_SETTLED = update(WebhookDeliveryRow, "id", ("status", "detail", "ended_at"))
_LATER = update(WebhookDeliveryRow, "id", ("not_before", "detail"))

_WAITS, _TOLD, _GIVEN_UP = _STATUS = (0, 3, 7)
"""In the order of STATES."""

Wants = Callable[[str, str], bool]


class SqlHooks:
    """Implements `ports.hooks.HookUnit` on a connection."""

    __slots__ = ("_conn", "_skip", "_sqlite")

    def __init__(self, conn: Connection) -> None:
        self._conn, self._sqlite = conn, conn.dialect.name == "sqlite"
        self._skip = "" if self._sqlite else " FOR UPDATE SKIP LOCKED"

    # ---- what has happened

    def gather(self, endpoint: str, sources: Sequence[str], wants: Wants, limit: int, now: datetime) -> int:
        """Write down what has happened since the last look and is wanted."""
        sql = f"SELECT state, reached FROM webhook_endpoints WHERE name = ?{self._skip}"
        rows = fetch(self._conn, sql, endpoint)
        if not rows:
            self._begin(endpoint, now)
            return 0
        if rows[0][0] == DISABLED:
            return 0
        reached = rows[0][1] if isinstance(rows[0][1], dict) else jsons.loads(rows[0][1])
        before, looked = jsons.dumps(reached), 0
        for source in reached.keys() - set(sources):
            del reached[source]  # wanted later it begins then, and not with what is long past
        for source in sources:
            looked += self._onward(endpoint, source, wants, reached, limit, now)
        if (after := jsons.dumps(reached)) != before:
            execute(self._conn, "UPDATE webhook_endpoints SET reached = ? WHERE name = ?", after, endpoint)
        return looked

    def _begin(self, endpoint: str, now: datetime) -> None:
        """It is told of what happens from now on; one that is known stays as it is."""
        begun = {source: self._from_now(source, now) for source in _TABLES}
        _ENDPOINTS.run(self._conn, [(endpoint, ACTIVE, jsons.dumps(begun), ms(now))])

    def _from_now(self, source: str, now: datetime) -> list[int]:
        newest = self._newest(source)
        return [newest, newest, ms(now), newest]

    def _onward(
        self, endpoint: str, source: str, wants: Wants, reached: dict[str, list[int]], limit: int, now: datetime
    ) -> int:
        """Read on; and once more what was new half a minute ago. `reached`: [read twice up to, marked, when, read up to]."""
        low, mark, since, high = reached.get(source) or self._from_now(source, now)
        newest, looked = self._newest(source), 0
        if newest > high:
            high, looked = self._keep(endpoint, source, wants, high, newest, limit, now)
        if not self._sqlite and ms(now) - since >= LATE / timedelta(milliseconds=1):
            while low < mark:
                low, _ = self._keep(endpoint, source, wants, low, mark, limit, now)
            low, mark, since = mark, high, ms(now)
        reached[source] = [low, mark, since, high]
        return looked

    def _newest(self, source: str) -> int:
        return int(fetch(self._conn, f"SELECT COALESCE(MAX(id), 0) FROM {_TABLES[source][0]}")[0][0])

    def _keep(
        self, endpoint: str, source: str, wants: Wants, after: int, until: int, limit: int, now: datetime
    ) -> tuple[int, int]:
        """Deliveries for what is wanted of the next rows; gives how far that reaches, and how many were looked at."""
        table, name, more = _TABLES[source]
        sql = f"SELECT id, {name} FROM {table} WHERE id > ? AND id <= ?{more} ORDER BY id LIMIT ?"
        rows = fetch(self._conn, sql, after, until, limit)
        wanted = [(endpoint, source, id, ms(now)) for id, said in rows if wants(source, _name(source, said))]
        _DELIVERIES.run(self._conn, wanted)
        return (until if len(rows) < limit else rows[-1][0]), len(rows)

    def again(self, endpoint: str, source: str, wants: Wants, since: datetime, until: datetime) -> int:
        """Tell once more what happened from `since` on and before `until`."""
        table, name, more = _TABLES[source]
        at = _MOMENTS[source]
        sql = f"SELECT id, {name} FROM {table} WHERE {at} >= ? AND {at} < ?{more} ORDER BY id"
        rows = fetch(self._conn, sql, ms(since), ms(until))
        wanted = [(endpoint, source, id, ms(until)) for id, said in rows if wants(source, _name(source, said))]
        _AGAIN.run(self._conn, wanted)
        return len(wanted)

    def again_one(self, endpoint: str, source: str, number: int, now: datetime) -> bool:
        """Tell one piece of news once more."""
        sql = (
            "UPDATE webhook_deliveries SET status = 0, attempts = 0, not_before = 0, detail = NULL, ended_at = NULL,"
            " created_at = ? WHERE endpoint = ? AND source = ? AND number = ?"
        )
        return bool(execute(self._conn, sql, ms(now), endpoint, source, number))

    def deliveries(self, endpoint: str, state: str | None, before: int, limit: int) -> list[DeliveryLine]:
        """Of one endpoint, the newest first."""
        columns = "id, source, number, status, attempts, created_at, not_before, ended_at, detail"
        some = "" if state is None else " AND status = ?"
        sql = f"SELECT {columns} FROM webhook_deliveries WHERE endpoint = ? AND id < ?{some} ORDER BY id DESC LIMIT ?"
        rows = fetch(
            self._conn, sql, endpoint, before, *([] if state is None else [_STATUS[STATES.index(state)]]), limit
        )
        return [_line(row) for row in rows]

    def read(self, source: str, numbers: Sequence[int]) -> Mapping[int, Happening]:
        """Rows of a source; those that are erased or forgotten are missing."""
        if not numbers:
            return {}
        where, values = among(self._conn, "id", sorted(numbers))
        found = [_happening(source, row) for row in fetch(self._conn, f"{_READ[source]} WHERE {where}", *values)]
        return {one.number: one for one in found}

    # ---- on their way

    def claim(self, endpoints: Sequence[str], limit: int, until: datetime, now: datetime) -> list[Delivery]:
        """What is due for these; nobody else takes it until then."""
        found: list[Delivery] = []
        for endpoint in endpoints:
            due = (
                "SELECT id FROM webhook_deliveries WHERE status = 0 AND endpoint = ? AND not_before <= ? AND NOT EXISTS"
                " (SELECT 1 FROM webhook_endpoints e WHERE e.name = ? AND e.state = ?)"
                f" ORDER BY not_before, id LIMIT ?{self._skip}"
            )
            ids = [row[0] for row in fetch(self._conn, due, endpoint, ms(now), endpoint, DISABLED, limit)]
            if not ids:
                continue
            where, values = among(self._conn, "id", ids)
            sql = f"UPDATE webhook_deliveries SET attempts = attempts + 1, not_before = ? WHERE {where}"
            execute(self._conn, sql, ms(until), *values)
            columns = "id, endpoint, source, number, attempts, created_at"
            rows = fetch(self._conn, f"SELECT {columns} FROM webhook_deliveries WHERE {where} ORDER BY id", *values)
            found += [
                Delivery(id, name, source, number, tries, moment(at)) for id, name, source, number, tries, at in rows
            ]
        return found

    def settle(self, told: Sequence[int], given_up: Sequence[tuple[int, str]], now: datetime) -> None:
        """These were taken; those are not tried any more."""
        ended = [(_TOLD, None, ms(now), id) for id in told] + [
            (_GIVEN_UP, why[:300], ms(now), id) for id, why in given_up
        ]
        _SETTLED.run(self._conn, ended)

    def postpone(self, later: Sequence[tuple[int, datetime, str]]) -> None:
        """These are tried again."""
        _LATER.run(self._conn, [(ms(at), why[:300], id) for id, at, why in later])

    # ---- endpoints

    def stand(self, endpoint: str, well: bool, why: str, now: datetime) -> datetime | None:
        """An endpoint took something, or did not; gives since when it does not."""
        if well:
            sql = "UPDATE webhook_endpoints SET failing_since = NULL, why = '' WHERE name = ? AND failing_since IS NOT NULL"
            execute(self._conn, sql, endpoint)
            return None
        sql = "UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, ?), why = ? WHERE name = ?"
        execute(self._conn, sql, ms(now), why[:300], endpoint)
        rows = fetch(self._conn, "SELECT failing_since FROM webhook_endpoints WHERE name = ?", endpoint)
        return moment_or_none(rows[0][0]) if rows else None

    def switch(self, endpoint: str, state: str, why: str, now: datetime) -> bool:
        """Enable or disable an endpoint; gives whether that is new. One may be disabled before it was ever looked at."""
        if state == DISABLED:
            self._begin(endpoint, now)
        sql = (
            "UPDATE webhook_endpoints SET state = ?, why = ?, failing_since = NULL, changed_at = ?"
            " WHERE name = ? AND state <> ?"
        )
        return bool(execute(self._conn, sql, state, why[:300], ms(now), endpoint, state))

    def states(self) -> list[EndpointState]:
        """How the endpoints stand, by name."""
        counts: dict[tuple[str, int], int] = {}
        sql = "SELECT endpoint, status, COUNT(*) FROM webhook_deliveries GROUP BY endpoint, status"
        for endpoint, status, count in fetch(self._conn, sql):
            counts[endpoint, status] = count
        rows = fetch(self._conn, "SELECT name, state, why, failing_since FROM webhook_endpoints ORDER BY name")
        return [
            EndpointState(
                name,
                state,
                why,
                moment_or_none(since),
                *(counts.get((name, status), 0) for status in _STATUS),
            )
            for name, state, why, since in rows
        ]


def _name(source: str, said: Any) -> str:
    return str(jsons.loads(said).get("name", "")) if source == "events" else str(said)


def _line(row: Sequence[Any]) -> DeliveryLine:
    id, source, number, status, attempts, created, due, ended, why = row
    next_at = moment(max(due, created)) if status == _WAITS else None
    return DeliveryLine(
        id,
        source,
        number,
        STATES[_STATUS.index(status)],
        attempts,
        moment(created),
        next_at,
        moment_or_none(ended),
        why or "",
    )


def _happening(source: str, row: Sequence[Any]) -> Happening:
    number, name, contact, at, *rest = row
    if source == "messages":
        channel, kind, text, key, signed = rest
        data = {"id": number, "channel": channel, "kind": kind, "key": key, "by": signed}
        return Happening(number, name, contact, moment(at), {k: v for k, v in data.items() if v is not None}, text)
    if source == "consents":
        purpose, channel, evidence, version, expires = rest
        data = {"purpose": purpose, "channel": channel, "evidence": evidence, "version": version}
        if expires:
            data["expires_at"] = moment(expires).isoformat()
        return Happening(number, name, contact, moment(at), data)
    if source in _COLUMNS:
        told_of = {key: value for key, value in zip(_COLUMNS[source], rest, strict=True) if value}
        return Happening(number, name, contact, moment(at), told_of)
    if source == "tickets":
        team, priority, session, note = rest
        data = {"ticket": number, "team": team, "priority": priority, "session": session}
        return Happening(number, name, contact, moment(at), {k: v for k, v in data.items() if v}, note)
    told = rest[0] if isinstance(rest[0], dict) else jsons.loads(rest[0])
    if source == "events":
        return Happening(number, str(told.get("name", "")), contact, moment(at), dict(told.get("data") or {}))
    return Happening(number, name, contact, moment(at), told)
