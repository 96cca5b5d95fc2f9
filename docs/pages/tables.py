"""The page of tables and views, out of their classes."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import SQLModel

from docs.pages.lines import table_of
from trinario.store import tables
from trinario.store.views import VIEWS


def database() -> Iterator[str]:
    """The tables, out of their classes."""
    yield "# Database tables"
    yield "What is kept, and where. The tables are the same on SQLite and PostgreSQL; times are milliseconds since 1970 (`paces`:"
    yield from (
        "microseconds), JSON is text on SQLite and `jsonb` on PostgreSQL. Read them as you like; write through the API only.",
        "",
    )
    for mapped in SQLModel.__subclasses__():
        if mapped.__module__.startswith(tables.__name__):
            yield from _mapped(mapped)
    yield from _views()


def _views() -> Iterator[str]:
    """The views that tools may lean on."""
    yield from ("# Views for reports", "")
    yield "They keep their names and columns whatever becomes of the tables, for tools that draw charts: read these. Nobody's name, number or"
    yield "words stand in them. Moments are `timestamptz` on PostgreSQL and ISO 8601 text (UTC) on SQLite."
    for view in VIEWS:
        yield from ("", f"## {view.name}", "", view.says)
        yield from table_of(("column", "what it says"), [(f"`{name}`", says) for name, _, says in view.columns])


def _mapped(mapped: Any) -> Iterator[str]:
    table = mapped.__table__
    yield from (f"## {table.name}", "", " ".join(str(mapped.__doc__).split()))
    rows = []
    for column in table.columns:
        marks = [mark for mark, on in (("key", column.primary_key), ("may be empty", column.nullable)) if on]
        rows.append((f"`{column.name}`", str(column.type).lower(), ", ".join(marks)))
    yield from table_of(("column", "type", ""), rows)
