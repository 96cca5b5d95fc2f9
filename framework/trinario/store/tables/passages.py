"""The table of ways: which steps sessions came to, and how they left them."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import id_column, number_column, text_column


class PassageRow(SQLModel, table=True):
    """A session at a step of a flow, once; step "" is the flow itself. `how` is the exit by which it left, or how it ended
    there; `waits` or `called` while it stands there. `arrived_at` is the first time, `left_at` the last, `took` the seconds between.
    Whose it is stands in `sessions` alone."""

    __tablename__ = "passages"
    __table_args__ = (
        Index("passages_once", "session", "flow", "step", unique=True),
        Index("passages_flow", "flow", "step", "how", "took", "arrived_at"),
        Index("passages_slot", "slot", "flow"),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(sa_column=id_column())
    session: str = Field(sa_column=text_column())
    flow: str = Field(sa_column=text_column())
    step: str = Field(sa_column=text_column())
    how: str = Field(sa_column=text_column())
    arrived_at: int = Field(sa_column=number_column())
    left_at: int | None = Field(sa_column=number_column(null=True))
    took: int = Field(sa_column=number_column(default=0))
    revision: str = Field(sa_column=text_column(default=""))
    slot: int | None = Field(sa_column=number_column(null=True))
    variant: str = Field(sa_column=text_column(default=""))
    channel: str = Field(sa_column=text_column(default=""))
    language: str = Field(sa_column=text_column(default=""))
