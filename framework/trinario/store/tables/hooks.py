"""The tables of webhooks that go out: how endpoints stand, and what each is to be told."""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import id_column, json_column, number_column, small_column, text_column

PENDING = text("status = 0")


class WebhookEndpointRow(SQLModel, table=True):
    """An endpoint of bot.yaml that was looked at. State: active, or disabled (`why`). `reached` says how far each source was
    read; `failing_since` is when it began to take nothing."""

    __tablename__ = "webhook_endpoints"
    name: str = Field(sa_column=text_column(key=True))
    state: str = Field(sa_column=text_column())
    why: str = Field(sa_column=text_column(default=""))
    reached: str = Field(sa_column=json_column("{}"))
    failing_since: int | None = Field(sa_column=number_column(null=True))
    changed_at: int = Field(sa_column=number_column())


class WebhookDeliveryRow(SQLModel, table=True):
    """A row of another table (`source`, `number`) that an endpoint is told of. Status: 0 waits, 3 taken, 7 given up. Nothing of
    what happened is kept here: it is read when it goes, and who was erased is not told of."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("webhook_deliveries_once", "endpoint", "source", "number", unique=True),
        Index("webhook_deliveries_pending", "endpoint", "not_before", sqlite_where=PENDING, postgresql_where=PENDING),
    )
    id: int = Field(sa_column=id_column())
    endpoint: str = Field(sa_column=text_column())
    source: str = Field(sa_column=text_column())
    number: int = Field(sa_column=number_column())
    status: int = Field(sa_column=small_column(0))
    attempts: int = Field(sa_column=small_column(0))
    not_before: int = Field(sa_column=number_column(default=0))
    detail: str | None = Field(sa_column=text_column(null=True))
    created_at: int = Field(sa_column=number_column())
    ended_at: int | None = Field(sa_column=number_column(null=True))
