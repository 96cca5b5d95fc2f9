"""One statement for many rows: `executemany` on SQLite, `unnest` arrays on PostgreSQL, written from one description."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Integer, LargeBinary, SmallInteger, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

Row = tuple[Any, ...]


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a SQLModel class."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def pg_type(table: Table, column: str) -> str:
    """The PostgreSQL type of a column, as an array's element."""
    kind = table.c[column].type.dialect_impl(_POSTGRES)
    if isinstance(kind, JSONB):
        return "jsonb"
    if isinstance(kind, LargeBinary):
        return "bytea"
    if isinstance(kind, SmallInteger):
        return "smallint"
    return "bigint" if isinstance(kind, Integer) else "text"


_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Bulk:
    """A statement over rows of `columns`. `sqlite` and `pg` are its two spellings; in `pg`, `{rows}` is the row source. With
    `sqlite` "" the other one is good for both: one statement, which lets go of the interpreter once and not for each row."""

    model: type[SQLModel]
    columns: tuple[str, ...]
    sqlite: str
    pg: str

    @cached_property
    def _pg(self) -> str:
        table = table_of(self.model)
        kinds = [pg_type(table, column) for column in self.columns]
        arrays = ", ".join(f"${n}::{'text' if kind == 'jsonb' else kind}[]" for n, kind in enumerate(kinds, 1))
        names = ", ".join(self.columns)
        return self.pg.format(rows=f"unnest({arrays}) WITH ORDINALITY AS r({names}, n_)")

    def _joined(self, count: int) -> str:
        """The spelling of `pg` over so many rows, for SQLite."""
        names = ", ".join(f"column{n} AS {name}" for n, name in enumerate(self.columns, 1))
        holes = f"({', '.join('?' for _ in self.columns)})"
        return self.pg.format(rows=f"(SELECT {names} FROM (VALUES {', '.join([holes] * count)})) AS r")

    def run(self, conn: Connection, rows: Sequence[Row]) -> int:
        """Run it for all rows in order; gives how many rows of the table it touched."""
        if not rows:
            return 0
        if conn.dialect.name == "sqlite" and not self.sqlite:
            return execute(conn, self._joined(len(rows)), *(value for row in rows for value in row))
        if conn.dialect.name == "sqlite":
            return conn.exec_driver_sql(self.sqlite, list(rows)).rowcount
        return conn.exec_driver_sql(self._pg, tuple(list(column) for column in zip(*rows, strict=True))).rowcount


def insert(model: type[SQLModel], columns: Iterable[str], conflict: str = "") -> Bulk:
    """INSERT of rows; `conflict` is the ON CONFLICT clause, if any."""
    names = tuple(columns)
    table = table_of(model)
    listed = ", ".join(names)
    taken = ", ".join(f"r.{name}::jsonb" if pg_type(table, name) == "jsonb" else f"r.{name}" for name in names)
    holes = ", ".join("?" for _ in names)
    tail = f" {conflict}" if conflict else ""
    return Bulk(
        model,
        names,
        f"INSERT INTO {table.name} ({listed}) VALUES ({holes}){tail}",
        f"INSERT INTO {table.name} ({listed}) SELECT {taken} FROM {{rows}} ORDER BY r.n_{tail}",
    )


def update(model: type[SQLModel], key: str, columns: Iterable[str], where: str = "") -> Bulk:
    """UPDATE by `key`; rows are (values of `columns` ..., key). `where` narrows on the table's own columns, written `{t}name`."""
    names = tuple(columns)
    table = table_of(model)
    plain = ", ".join(f"{name} = ?" for name in names)
    cast = ", ".join(f"{name} = r.{name}{'::jsonb' if pg_type(table, name) == 'jsonb' else ''}" for name in names)
    tail = f" AND {where}" if where else ""
    return Bulk(
        model,
        (*names, key),
        f"UPDATE {table.name} SET {plain} WHERE {key} = ?{tail.format(t='')}",
        f"UPDATE {table.name} AS t SET {cast} FROM {{rows}} WHERE t.{key} = r.{key}{tail.format(t='t.')}",
    )


def fetch(conn: Connection, sql: str, *values: Any) -> Sequence[Any]:
    """Rows of a statement written with `?`; on PostgreSQL the marks become $1, $2 ..."""
    cursor = _by_driver(conn, sql, values)
    found: Sequence[Any] = (cursor or conn.exec_driver_sql(spelled(conn, sql), values)).fetchall()
    return found


def execute(conn: Connection, sql: str, *values: Any) -> int:
    """Run a statement written with `?`; gives the number of rows touched."""
    cursor = _by_driver(conn, sql, values)
    touched: int = (cursor or conn.exec_driver_sql(spelled(conn, sql), values)).rowcount
    return touched


def _by_driver(conn: Connection, sql: str, values: tuple[Any, ...]) -> Any:
    """SQLite's own cursor: what SQLAlchemy makes around its rows takes longer than most statements. None: by SQLAlchemy.

    A statement that fails has done nothing, and is run once more by SQLAlchemy, for the error that everybody awaits.
    """
    if conn.dialect.name != "sqlite" or not conn.in_transaction():
        return None
    try:
        return conn.connection.dbapi_connection.execute(sql, values)  # type: ignore[union-attr]
    except sqlite3.Error:
        return None


def spelled(conn: Connection, sql: str) -> str:
    """The statement in the driver's own placeholder style."""
    if conn.dialect.name == "sqlite":
        return sql
    known = _SPELLED.get(sql)
    if known is None:
        parts = sql.split("?")
        known = "".join(f"{part}${n}" for n, part in enumerate(parts[:-1], 1)) + parts[-1]
        _SPELLED[sql] = known
    return known


_SPELLED: dict[str, str] = {}


def among(conn: Connection, column: str, values: Sequence[Any], kind: str = "bigint") -> tuple[str, tuple[Any, ...]]:
    """`column IN (...)` for many values: one JSON array on SQLite, one array on PostgreSQL, so that plans are kept."""
    if conn.dialect.name == "sqlite":
        return f"{column} IN ({', '.join('?' for _ in values)})", tuple(values)
    return f"{column} = ANY(?::{kind}[])", (list(values),)
