"""Indexes of contact fields that bot.yaml declares with `index: true`: made and dropped by name, in one transaction."""

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import Connection

from trinario.store.bulk import fetch
from trinario.store.segment_postgres import POSTGRES_NUMBER
from trinario.store.segment_sqlite import SQLITE_NUMBER

PREFIX = "contacts_field_"
LOCK = 7421904412
"""Advisory lock under which one process makes them on PostgreSQL."""

LONGEST = 60
"""PostgreSQL cuts longer names."""

WORDS = frozenset({"text", "name", "email", "phone", "url", "address"})
NUMBERS = frozenset({"number", "money", "rating", "nps"})

_SQLITE = {
    "text": "json_extract(fields, '$.\"{}\"')",
    "number": SQLITE_NUMBER,
    "yes_no": "json_extract(fields, '$.\"{}\"')",
    "date": 'json_extract(fields, \'$."{}"."$d"\')',
}
_POSTGRES = {
    "text": "((fields ->> '{}') COLLATE \"C\")",
    "number": POSTGRES_NUMBER,
    "yes_no": "(fields -> '{}')",
    "date": "((fields -> '{}' ->> '$d') COLLATE \"C\")",
    "list": "USING gin ((fields -> '{}') jsonb_path_ops)",
}


def shape_of(kind: str) -> str:
    """How values of a declared type are looked up: text, number, yes_no, date, list; "" for those that no index helps."""
    if kind in WORDS:
        return "text"
    if kind in NUMBERS:
        return "number"
    if kind in ("list", "multi_choice"):
        return "list"
    return kind if kind in ("yes_no", "date") else ""


def settle(conn: Connection, fields: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Make the indexes of these fields (name to declared type) and drop those of others; gives what was made and dropped.

    While one is made on PostgreSQL, contacts can be read but not written: some seconds for a million of them.
    """
    wanted = _wanted(conn, fields)
    if not wanted.keys() ^ _there(conn):
        return [], []
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    there = _there(conn)
    made, gone = sorted(wanted.keys() - there), sorted(there - wanted.keys())
    for name in gone:
        conn.exec_driver_sql(f'DROP INDEX IF EXISTS "{name}"')
    for name in made:
        conn.exec_driver_sql(f'CREATE INDEX "{name}" ON contacts {wanted[name]}')
    if made:
        conn.exec_driver_sql("ANALYZE contacts")
    return made, gone


def _wanted(conn: Connection, fields: Mapping[str, str]) -> dict[str, str]:
    """Name to definition."""
    sqlite = conn.dialect.name == "sqlite"
    found = {}
    for field, kind in fields.items():
        template = (_SQLITE if sqlite else _POSTGRES).get(shape := shape_of(kind))
        if template is not None and field.isidentifier() and field.isascii():
            body = template.format(field)
            found[_name(shape, field)] = body if body.startswith("USING") else f"({body})"
    return found


def _name(shape: str, field: str) -> str:
    name = f"{PREFIX}{shape}_{field}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 9]}_{sha256(name.encode()).hexdigest()[:8]}"


def _there(conn: Connection) -> set[str]:
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'contacts'"
        if conn.dialect.name == "sqlite"
        else "SELECT indexname FROM pg_indexes WHERE tablename = 'contacts' AND schemaname = current_schema()"
    )
    return {row[0] for row in fetch(conn, sql) if row[0].startswith(PREFIX)}
