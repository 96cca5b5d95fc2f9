"""The table of the files that people send: what is to be fetched, what is kept, and what became of it."""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import number_column, small_column, text_column

DUE = text("status = 0")
OUT = text("run IS NOT NULL")
STORED = text("status = 2")
DOOMED = text("held = 1 AND status >= 3")


class MediaRow(SQLModel, table=True):
    """A file that came with a message. Status: 0 waiting, 1 fetching, 2 stored, 3 failed, 4 deleted by her, 5 expired,
    6 erased. `held` 1: a copy may be in the store under `id`. `run` is who fetches it; as long as it is set, the copy is not
    removed. `place` -1 stands for a message that was deleted before it was heard."""

    __tablename__ = "media"
    __table_args__ = (
        Index("media_due", "not_before", sqlite_where=DUE, postgresql_where=DUE),
        Index("media_out", "run", sqlite_where=OUT, postgresql_where=OUT),
        Index("media_stored", "ended_at", sqlite_where=STORED, postgresql_where=STORED),
        Index("media_doomed", "not_before", sqlite_where=DOOMED, postgresql_where=DOOMED),
        Index("media_message", "message", "channel"),
        Index("media_contact", "contact_id"),
    )
    id: str = Field(sa_column=text_column(key=True))
    contact_id: int = Field(sa_column=number_column())
    channel: str = Field(sa_column=text_column())
    value: str = Field(sa_column=text_column(default=""))
    message: str = Field(sa_column=text_column())
    place: int = Field(sa_column=small_column(0))
    kind: str = Field(sa_column=text_column(default=""))
    source: str = Field(sa_column=text_column(default=""))
    url: str = Field(sa_column=text_column(default=""))
    mime_type: str = Field(sa_column=text_column(default=""))
    filename: str = Field(sa_column=text_column(default=""))
    status: int = Field(sa_column=small_column(0))
    run: int | None = Field(sa_column=number_column(null=True))
    attempts: int = Field(sa_column=small_column(0))
    not_before: int = Field(sa_column=number_column(default=0))
    reason: str = Field(sa_column=text_column(default=""))
    held: int = Field(sa_column=small_column(0))
    size: int = Field(sa_column=number_column(default=0))
    digest: str = Field(sa_column=text_column(default=""))
    created_at: int = Field(sa_column=number_column())
    ended_at: int | None = Field(sa_column=number_column(null=True))
