"""The tables of the conversation: who she is, what came in, where she stands, what is said."""

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import id_column, json_column, number_column, small_column, text_column

OF_PEOPLE = text("owner = 'person'")


class ContactRow(SQLModel, table=True):
    """A person. Her row is the lock of a turn; `merged_into` points to the contact that has her identities now. `parted` 1:
    somebody who was merged into her has gone her own way again. `looked`: up to which message the team has read."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("contacts_people", "id", sqlite_where=OF_PEOPLE, postgresql_where=OF_PEOPLE),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(sa_column=id_column())
    created_at: int = Field(sa_column=number_column())
    first_name: str | None = Field(sa_column=text_column(null=True))
    last_name: str | None = Field(sa_column=text_column(null=True))
    language: str | None = Field(sa_column=text_column(null=True))
    timezone: str | None = Field(sa_column=text_column(null=True))
    fields: str = Field(sa_column=json_column("{}"))
    tags: str = Field(sa_column=json_column("[]"))
    consent: str = Field(sa_column=json_column("{}"))
    last_heard: str = Field(sa_column=json_column("{}"))
    last_seen_at: int | None = Field(sa_column=number_column(null=True))
    channel: str | None = Field(sa_column=text_column(null=True))
    owner: str = Field(sa_column=text_column(default="bot"))
    owner_until: int | None = Field(sa_column=number_column(null=True))
    pending_link: str | None = Field(sa_column=text_column(null=True))
    marks: str = Field(sa_column=json_column("{}"))
    changed: str = Field(sa_column=json_column("{}"))
    merged_into: int | None = Field(sa_column=number_column(null=True))
    parted: int = Field(sa_column=small_column(0))
    looked: int = Field(sa_column=number_column(default=0))


class IdentityRow(SQLModel, table=True):
    """How a channel names a contact; `unreachable` is the reason when the platform said that she cannot be reached,
    and `unreachable_until` when it is tried again (NULL: when she writes). `country` is what it tells of where she is."""

    __tablename__ = "identities"
    __table_args__ = (
        Index("identities_value", "value", "channel", "kind", unique=True),
        Index("identities_contact", "contact_id"),
    )
    id: int = Field(sa_column=id_column())
    contact_id: int = Field(sa_column=number_column())
    channel: str = Field(sa_column=text_column())
    kind: str = Field(sa_column=text_column())
    value: str = Field(sa_column=text_column())
    created_at: int = Field(sa_column=number_column())
    unreachable: str | None = Field(sa_column=text_column(null=True))
    unreachable_until: int | None = Field(sa_column=number_column(null=True))
    country: str = Field(sa_column=text_column(default=""))


PENDING = text("status = 0")


LATER = text("status = 0 AND not_before > 0")


STRAY = text("kind = 'unsupported'")


DEAD = text("status = 2")


class InboxRow(SQLModel, table=True):
    """What came in, in the order of `id` per contact. Status: 0 pending, 1 done, 2 dead, 3 kept (nobody took it).
    Priority 0: somebody waits for it, 1: one of very many (a campaign, a time table), which everything else overtakes."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("inbox_external", "external_id", "channel", unique=True),
        Index("inbox_contact", "contact_id", "id"),
        Index("inbox_pending", "priority", "id", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("inbox_pending_contact", "contact_id", "id", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("inbox_strays", "id", sqlite_where=STRAY, postgresql_where=STRAY),
        Index("inbox_dead", "id", sqlite_where=DEAD, postgresql_where=DEAD),
        Index("inbox_later", "not_before", sqlite_where=LATER, postgresql_where=LATER),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(sa_column=id_column())
    contact_id: int | None = Field(sa_column=number_column(null=True))
    channel: str = Field(sa_column=text_column())
    external_id: str = Field(sa_column=text_column())
    kind: str = Field(sa_column=text_column())
    body: str = Field(sa_column=text_column())
    raw: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    received_at: int = Field(sa_column=number_column())
    not_before: int = Field(sa_column=number_column(default=0))
    status: int = Field(sa_column=small_column(0))
    priority: int = Field(sa_column=small_column(0))
    tries: int = Field(sa_column=small_column(0))
    error: str | None = Field(sa_column=text_column(null=True))


LIVE = text("status IN ('waiting', 'aside')")


DUE = text("wake_at IS NOT NULL")


class SessionRow(SQLModel, table=True):
    """A contact's standing in a flow. `state` is the session as JSON; the columns beside it are for finding it."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("sessions_live", "contact_id", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("sessions_due", "wake_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("sessions_contact", "contact_id", "updated_at"),
    )
    id: str = Field(sa_column=text_column(key=True))
    contact_id: int = Field(sa_column=number_column())
    flow: str = Field(sa_column=text_column())
    revision: str = Field(sa_column=text_column())
    status: str = Field(sa_column=text_column())
    step: str | None = Field(sa_column=text_column(null=True))
    wake_at: int | None = Field(sa_column=number_column(null=True))
    state: str = Field(sa_column=text_column())
    updated_at: int = Field(sa_column=number_column())


class MessageRow(SQLModel, table=True):
    """Every message heard and said, with its channel. `author`: contact, bot or person (`signed` is the name of one who writes
    by the API); `outbox_key` leads to its fate. `altered`: 1 it was written anew, 2 it was taken back."""

    __tablename__ = "messages"
    __table_args__ = (Index("messages_contact", "contact_id", "id"), {"sqlite_autoincrement": True})
    id: int = Field(sa_column=id_column())
    contact_id: int = Field(sa_column=number_column())
    direction: str = Field(sa_column=text_column())
    author: str = Field(sa_column=text_column())
    channel: str = Field(sa_column=text_column())
    at: int = Field(sa_column=number_column())
    kind: str = Field(sa_column=text_column())
    text: str = Field(sa_column=text_column())
    external_id: str | None = Field(sa_column=text_column(null=True))
    outbox_key: str | None = Field(sa_column=text_column(null=True))
    signed: str | None = Field(sa_column=text_column(null=True))
    altered: int = Field(sa_column=small_column(0))


OPEN = text("status IN (0, 1, 2)")


WAITING = text("status = 0")


SENDING = text("status = 1")


UNKNOWN = text("status = 2")


PUSHED = text("purpose = 'marketing' AND priority = 1")


LAUNCHED = text("campaign IS NOT NULL")


READY = text("status = 0 AND not_before = 0")


GOING = text("status = 0 AND not_before = 0 AND campaign IS NOT NULL")


PRICED = text("price IS NOT NULL")


FAULTY = "status = 8 AND refusal IN ('template_disabled', 'template_category')"
"""Messages that we refused for their template's sake; in a question these words stand as they are, or the index is not found."""


class OutboxRow(SQLModel, table=True):
    """One row, one POST. Status is its rank: 0 pending, 1 sending, 2 unknown, 3 accepted, 4 sent, 5 delivered, 6 read,
    7 failed, 8 refused, 9 withdrawn."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_key", "key", unique=True),
        Index("outbox_external", "external_id"),
        Index("outbox_ready", "channel", "priority", "id", sqlite_where=READY, postgresql_where=READY),
        Index("outbox_due", "channel", "priority", "not_before", sqlite_where=LATER, postgresql_where=LATER),
        Index("outbox_open", "contact_id", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("outbox_sending", "run", sqlite_where=SENDING, postgresql_where=SENDING),
        Index("outbox_unknown", "not_before", sqlite_where=UNKNOWN, postgresql_where=UNKNOWN),
        Index("outbox_later", "not_before", sqlite_where=LATER, postgresql_where=LATER),
        Index("outbox_session", "session", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("outbox_identity", "value", "channel", "id"),
        Index("outbox_cause", "cause", "created_at"),
        Index("outbox_campaign", "campaign", "status", sqlite_where=LAUNCHED, postgresql_where=LAUNCHED),
        Index("outbox_faulty", "campaign", sqlite_where=text(FAULTY), postgresql_where=text(FAULTY)),
        Index("outbox_campaign_ready", "campaign", sqlite_where=GOING, postgresql_where=GOING),
        Index("outbox_pushes", "contact_id", "created_at", sqlite_where=PUSHED, postgresql_where=PUSHED),
        Index("outbox_priced", "sent_at", sqlite_where=PRICED, postgresql_where=PRICED),
    )
    id: int = Field(sa_column=id_column())
    key: str = Field(sa_column=text_column())
    contact_id: int = Field(sa_column=number_column())
    channel: str = Field(sa_column=text_column())
    kind: str = Field(sa_column=text_column())
    value: str = Field(sa_column=text_column())
    content: str = Field(sa_column=text_column())
    purpose: str = Field(sa_column=text_column())
    priority: int = Field(sa_column=small_column(0))
    status: int = Field(sa_column=small_column(0))
    refusal: str | None = Field(sa_column=text_column(null=True))
    detail: str | None = Field(sa_column=text_column(null=True))
    not_before: int = Field(sa_column=number_column(default=0))
    attempts: int = Field(sa_column=small_column(0))
    run: int | None = Field(sa_column=number_column(null=True))
    session: str | None = Field(sa_column=text_column(null=True))
    cause: str = Field(sa_column=text_column(default=""))
    awaited: int = Field(sa_column=small_column(0))
    human: int = Field(sa_column=small_column(0))
    reply_to: str = Field(sa_column=text_column(default=""))
    typing: int = Field(sa_column=number_column(default=0))
    prior: str = Field(sa_column=text_column(default=""))
    external_id: str | None = Field(sa_column=text_column(null=True))
    created_at: int = Field(sa_column=number_column())
    sent_at: int | None = Field(sa_column=number_column(null=True))
    why: str | None = Field(sa_column=text_column(null=True))
    campaign: int | None = Field(sa_column=number_column(null=True))
    price: str | None = Field(sa_column=text_column(null=True))
    free_until: int | None = Field(sa_column=number_column(null=True))


class ReceiptRow(SQLModel, table=True):
    """A fate told before we knew the message's id: applied when the id is recorded."""

    __tablename__ = "receipts"
    __table_args__ = (Index("receipts_message", "message_id", "channel"),)
    id: int = Field(sa_column=id_column())
    channel: str = Field(sa_column=text_column())
    message_id: str = Field(sa_column=text_column())
    status: int = Field(sa_column=small_column(0))
    at: int = Field(sa_column=number_column())
    price: str | None = Field(sa_column=text_column(null=True))
    free_until: int | None = Field(sa_column=number_column(null=True))


AWAITED, UNAWAITED = text("kind = 'owner'"), text("kind <> 'owner'")
"""Timers for which somebody may wait (the bot has her again), and those for which nobody does."""


class TimerRow(SQLModel, table=True):
    """What the clock owes a contact besides her sessions' own `wake_at` (the bot's return after people)."""

    __tablename__ = "timers"
    __table_args__ = (
        Index("timers_due", "due_at"),
        Index("timers_awaited", "due_at", sqlite_where=AWAITED, postgresql_where=AWAITED),
        Index("timers_contact", "contact_id"),
    )
    key: str = Field(sa_column=text_column(key=True))
    contact_id: int = Field(sa_column=number_column())
    kind: str = Field(sa_column=text_column())
    due_at: int = Field(sa_column=number_column())
    data: str = Field(sa_column=json_column("{}"))


class EventRow(SQLModel, table=True):
    """What happened to a contact: goals, faults, tags, links, events of the outside. Append-only."""

    __tablename__ = "events"
    __table_args__ = (
        Index("events_contact", "contact_id", "id"),
        Index("events_name", "name", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(sa_column=id_column())
    contact_id: int | None = Field(sa_column=number_column(null=True))
    name: str = Field(sa_column=text_column())
    at: int = Field(sa_column=number_column())
    data: str = Field(sa_column=json_column("{}"))


OPENED = text("closed_at IS NULL")


class TicketRow(SQLModel, table=True):
    """A contact given to people. `assignee` is who of the team has taken it ("": nobody), `answered_at` when a person first
    wrote to her, `closed_by` who or what closed it (`silence`, `thread`, or a name)."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("tickets_open", "team", "id", sqlite_where=OPENED, postgresql_where=OPENED),
        Index("tickets_contact", "contact_id", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(sa_column=id_column())
    contact_id: int = Field(sa_column=number_column())
    session: str = Field(sa_column=text_column())
    team: str = Field(sa_column=text_column())
    note: str = Field(sa_column=text_column(default=""))
    priority: str = Field(sa_column=text_column(default=""))
    assignee: str = Field(sa_column=text_column(default=""))
    opened_at: int = Field(sa_column=number_column())
    answered_at: int | None = Field(sa_column=number_column(null=True))
    closed_at: int | None = Field(sa_column=number_column(null=True))
    closed_by: str = Field(sa_column=text_column(default=""))
