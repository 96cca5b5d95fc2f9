"""Segments asked of the database: counted, drawn by lot, and found one stretch of contacts after another."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from trinario.campaign.segment import Question, Segment, Standing, Told
from trinario.model.contact import Contact
from trinario.ports.segments import CHUNK, SCANNED, Found
from trinario.store import cases
from trinario.store.bulk import among, fetch
from trinario.store.segment_probe import Sql, both, either, put
from trinario.store.segment_sql import Asked, spelled_for

_HERSELF = Sql("c.merged_into IS NULL")


class SqlSegments:
    """Implements `ports.SegmentUnit` on a Connection inside its transaction."""

    __slots__ = ("conn",)

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def _asked(self, question: Question) -> Asked:
        return Asked(question, spelled_for(self.conn))

    def _rows(self, sql: Sql) -> Sequence[Sequence[int]]:
        rows: Sequence[Sequence[int]] = fetch(self.conn, sql.text, *sql.values)
        return rows

    def count(self, question: Question) -> int:
        asked = self._asked(question)
        where = both(_HERSELF, asked.holds, _certain(asked))
        return int(self._rows(put("SELECT COUNT(*) FROM contacts c WHERE {}", where))[0][0])

    def doubtful(self, question: Question, after: int, limit: int) -> list[int]:
        asked = self._asked(question)
        if asked.doubtful.text == "FALSE":
            return []
        where = both(_HERSELF, Sql("c.id > ?", (after,)), asked.doubtful)
        return [
            row[0]
            for row in self._rows(put(f"SELECT c.id FROM contacts c WHERE {{}} ORDER BY c.id LIMIT {limit:d}", where))
        ]

    def find(self, question: Question, after: int, limit: int = CHUNK, scanned: int = SCANNED) -> Found:
        sql = f"SELECT MAX(id), COUNT(*) FROM (SELECT id FROM contacts WHERE id > ? ORDER BY id LIMIT {scanned:d}) t"
        last, looked = fetch(self.conn, sql, after)[0]
        if last is None:
            return Found((), after, done=True)
        within = Sql("c.id > ? AND c.id <= ?", (after, last))
        found = self._some(question, within, f"ORDER BY c.id LIMIT {limit:d}")
        full = len(found) == limit
        return Found(found, found[-1][0] if full else last, done=not full and looked < scanned)

    def draw(self, question: Question, seed: int, skip: int, limit: int) -> list[tuple[int, bool]]:
        times = seed * 48271 % 2147483646 + 1
        drawn = f"(c.id % 2147483647 * {times:d} % 2147483647)"
        lot = f"{drawn} * {drawn} % 2147483647"
        return self._some(question, Sql("TRUE"), f"ORDER BY {lot}, c.id LIMIT {limit:d} OFFSET {skip:d}")

    def among(self, question: Question, contacts: Sequence[int]) -> dict[int, bool]:
        if not contacts:
            return {}
        where, values = among(self.conn, "c.id", list(contacts))
        return dict(self._some(question, Sql(where, values), "ORDER BY c.id"))

    def _some(self, question: Question, within: Sql, tail: str) -> list[tuple[int, bool]]:
        asked = self._asked(question)
        doubtful = asked.doubtful.text != "FALSE"
        where = both(_HERSELF, within, either(asked.holds, asked.doubtful))
        mark = put("({}) IS NOT TRUE", asked.doubtful) if doubtful else Sql("TRUE")
        rows = self._rows(put(f"SELECT c.id, {{}} FROM contacts c WHERE {{}} {tail}", mark, where))
        return [(row[0], bool(row[1])) for row in rows]

    def people(self, contacts: Sequence[int]) -> list[Contact]:
        return cases.people(self.conn, contacts)

    def facts(self, asked: Sequence[Told], question: Question, contacts: Sequence[int]) -> dict[int, set[Told]]:
        found: dict[int, set[Told]] = defaultdict(set)
        for told in asked:
            segment = Segment(question.segment.condition, Standing(*told))
            one = Question(segment, question.now)
            for contact in self.among(one, contacts):
                found[contact].add(told)
        return found


def _certain(asked: Asked) -> Sql:
    return Sql("TRUE") if asked.doubtful.text == "FALSE" else put("({}) IS NOT TRUE", asked.doubtful)
