"""What an import asks of the tables: holders of ids and fields, people made by the hundred, contacts held."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario.model.channel import Identity
from trinario.model.country import country_of_identity
from trinario.ports.imports import Held, Overtaken
from trinario.store import cases
from trinario.store.bulk import among, fetch, insert
from trinario.store.field_indexes import WORDS
from trinario.store.find import contact_ids
from trinario.store.moments import moment_or_none, ms
from trinario.store.tables import IdentityRow

_IDENTITIES = insert(
    IdentityRow, ("contact_id", "channel", "kind", "value", "created_at", "country"), "ON CONFLICT DO NOTHING"
)


class SqlImports:
    """Implements `ports.ImportUnit` on a Connection inside its transaction."""

    __slots__ = ("conn",)

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def holders(self, identities: Collection[Identity]) -> Mapping[Identity, int]:
        if not identities:
            return {}
        where, values = among(self.conn, "value", sorted({one.value for one in identities}), "text")
        rows = fetch(self.conn, f"SELECT channel, kind, value, contact_id FROM identities WHERE {where}", *values)
        found = {Identity(channel, kind, value): contact for channel, kind, value, contact in rows}
        return {one: found[one] for one in identities if one in found}

    def with_field(self, name: str, kind: str, values: Collection[Any]) -> Mapping[Any, Sequence[int]]:
        found: dict[Any, list[int]] = defaultdict(list)
        if not (kind in WORDS and name.isidentifier() and name.isascii()):
            return {value: contact_ids(self.conn, {"field": (name, value)}) for value in values}
        sqlite = self.conn.dialect.name == "sqlite"
        held = f"json_extract(fields, '$.\"{name}\"')" if sqlite else f"((fields ->> '{name}') COLLATE \"C\")"
        where, wanted = among(self.conn, held, sorted(values), "text")
        sql = f"SELECT {held}, id FROM contacts WHERE {where} AND merged_into IS NULL ORDER BY id"
        for value, contact in fetch(self.conn, sql, *wanted) if values else ():
            found[value].append(contact)
        return found

    def add(self, people: Sequence[tuple[int | None, Sequence[Identity]]], now: datetime) -> list[int]:
        fresh = iter(self._make(sum(contact is None for contact, _ in people), now))
        made = [next(fresh) if contact is None else contact for contact, _ in people]
        rows = [(id, one.channel, one.kind, one.value, ms(now), country_of_identity(one) or "")
                for id, (_, ids) in zip(made, people, strict=True) for one in ids]  # fmt: skip
        rows.sort(key=lambda row: (row[3], row[1], row[2]))  # as intake does: who makes the same two waits, and no more
        if _IDENTITIES.run(self.conn, rows) < len(rows):
            raise Overtaken
        return made

    def _make(self, count: int, now: datetime) -> list[int]:
        if not count:
            return []
        if self.conn.dialect.name == "sqlite":
            sql = "INSERT INTO contacts (created_at) VALUES (?)"
            return [self.conn.exec_driver_sql(sql, (ms(now),)).lastrowid for _ in range(count)]
        sql = "INSERT INTO contacts (created_at) SELECT ? FROM generate_series(1, ?) RETURNING id"
        return [row[0] for row in fetch(self.conn, sql, ms(now), count)]

    def hold(self, contacts: Collection[int]) -> Mapping[int, Held]:
        wanted = sorted(set(contacts))
        if not wanted:
            return {}
        if len(cases.hold(self.conn, wanted)) < len(wanted):
            raise Overtaken
        where, values = among(self.conn, "contact_id", wanted)
        busy = {row[0] for row in fetch(self.conn, f"SELECT contact_id FROM sessions WHERE {where} AND status IN"
                                                   " ('waiting', 'aside')", *values)}  # fmt: skip
        busy |= {
            row[0] for row in fetch(self.conn, f"SELECT contact_id FROM inbox WHERE {where} AND status = 0", *values)
        }
        no = "MAX(CASE WHEN state IN ('withdrawn', 'refused') THEN at END)"
        sql = f"SELECT contact_id, MAX(id), {no} FROM consents WHERE {where} GROUP BY contact_id"
        said = {row[0]: (row[1], moment_or_none(row[2])) for row in fetch(self.conn, sql, *values)}
        people = cases.people(self.conn, wanted)
        return {one.id: Held(one, one.id in busy, *said.get(one.id, (0, None))) for one in people}
