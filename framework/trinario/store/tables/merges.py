"""The tables of merges: which contact took which, on whose word, what was whose before, and who may be the same person."""

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import NUMBER, id_column, json_column, number_column, text_column


class MergeRow(SQLModel, table=True):
    """Two contacts who are one. `kept` has everything, `taken` points to it; `undone_at` NULL: it holds.

    `by` is webhook, token, code, team or import, `evidence` what proves it, `mark` the newest inbox row at that time.
    `before` holds both contacts and the united one as they were, and what was ended by it.
    """

    __tablename__ = "merges"
    __table_args__ = (Index("merges_kept", "kept"), Index("merges_taken", "taken"))
    id: int = Field(sa_column=id_column())
    kept: int = Field(sa_column=number_column())
    taken: int = Field(sa_column=number_column())
    at: int = Field(sa_column=number_column())
    by: str = Field(sa_column=text_column())
    reason: str = Field(sa_column=text_column(default=""))
    evidence: str = Field(sa_column=json_column("{}"))
    mark: int = Field(sa_column=number_column(default=0))
    before: str = Field(sa_column=json_column("{}"))
    undone_at: int | None = Field(sa_column=number_column(null=True))
    undone_by: str = Field(sa_column=text_column(default=""))
    undone_reason: str = Field(sa_column=text_column(default=""))


class MergedRowRow(SQLModel, table=True):
    """A row that a merge moved: its table and its key there."""

    __tablename__ = "merged_rows"
    __table_args__ = (Index("merged_rows_key", "name", "key"),)
    merge: int = Field(sa_column=Column(NUMBER, primary_key=True, autoincrement=False))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    key: str = Field(sa_column=Column(Text, primary_key=True))


class KnownByRow(SQLModel, table=True):
    """A phone number (its digits) or an address (in small letters) that a field of a contact holds."""

    __tablename__ = "known_by"
    __table_args__ = (Index("known_by_contact", "contact_id"),)
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True))
    contact_id: int = Field(sa_column=Column(NUMBER, primary_key=True, autoincrement=False))
    field: str = Field(sa_column=text_column())


class SuggestionRow(SQLModel, table=True):
    """Two contacts who may be one, the smaller id first; `because` names the field that is equal. State: open, accepted,
    dismissed; a pair that was dismissed is not suggested again."""

    __tablename__ = "suggestions"
    __table_args__ = (Index("suggestions_two", "two"),)
    one: int = Field(sa_column=Column(NUMBER, primary_key=True, autoincrement=False))
    two: int = Field(sa_column=Column(NUMBER, primary_key=True, autoincrement=False))
    because: str = Field(sa_column=text_column())
    state: str = Field(sa_column=text_column(default="open"))
    at: int = Field(sa_column=number_column())
    by: str = Field(sa_column=text_column(default=""))
