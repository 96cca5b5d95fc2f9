"""Kinds of columns, the same on both databases. Times are epoch milliseconds."""

from sqlalchemy import BigInteger, Column, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB

NUMBER = BigInteger().with_variant(Integer, "sqlite")


JSON = Text().with_variant(JSONB(), "postgresql")


def id_column() -> Column[int]:
    """The key of a row, counted up."""
    return Column(NUMBER, primary_key=True, autoincrement=True)


def number_column(null: bool = False, default: int | None = None) -> Column[int]:
    """A whole number of 64 bits."""
    return Column(NUMBER, nullable=null, server_default=None if default is None else text(str(default)))


def small_column(default: int) -> Column[int]:
    """A small whole number with its default."""
    return Column(SmallInteger, nullable=False, server_default=text(str(default)))


def text_column(null: bool = False, default: str | None = None, key: bool = False) -> Column[str]:
    """A text."""
    given = None if default is None else text(f"'{default}'")
    return Column(Text, nullable=null and not key, server_default=given, primary_key=key)


def json_column(default: str) -> Column[str]:
    """JSON as a text; JSONB on PostgreSQL."""
    return Column(JSON, nullable=False, server_default=text(f"'{default}'"))
