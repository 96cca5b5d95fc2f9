"""The tables of erasure: that somebody was erased, and by what she is known again without being known."""

from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import number_column, text_column


class TombstoneRow(SQLModel, table=True):
    """A keyed hash of an id, a phone number or an address of somebody who was erased: an import passes over it."""

    __tablename__ = "tombstones"
    hash: str = Field(sa_column=text_column(key=True))
    at: int = Field(sa_column=number_column())


class ErasureRow(SQLModel, table=True):
    """That an erasure was asked for, and by whom: platform, team or api. Nothing in it leads to a person. `contacts` is how
    many contacts of ours it was, 0 when nobody was known."""

    __tablename__ = "erasures"
    code: str = Field(sa_column=text_column(key=True))
    asked_by: str = Field(sa_column=text_column())
    contacts: int = Field(sa_column=number_column(default=0))
    at: int = Field(sa_column=number_column())
