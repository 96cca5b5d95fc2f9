"""The tables, and nothing but: SQLModel declares, the other files speak SQL to them. Times are epoch milliseconds."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

NUMBER = BigInteger().with_variant(Integer, "sqlite")
JSON = Text().with_variant(JSONB(), "postgresql")


def _id() -> Column[int]:
    return Column(NUMBER, primary_key=True, autoincrement=True)


def _number(null: bool = False, default: int | None = None) -> Column[int]:
    return Column(NUMBER, nullable=null, server_default=None if default is None else text(str(default)))


def _small(default: int) -> Column[int]:
    return Column(SmallInteger, nullable=False, server_default=text(str(default)))


def _text(null: bool = False, default: str | None = None, key: bool = False) -> Column[str]:
    given = None if default is None else text(f"'{default}'")
    return Column(Text, nullable=null and not key, server_default=given, primary_key=key)


def _json(default: str) -> Column[str]:
    return Column(JSON, nullable=False, server_default=text(f"'{default}'"))


class ContactRow(SQLModel, table=True):
    """A person. Her row is the lock of a turn; `merged_into` points to the contact that has her identities now."""

    __tablename__ = "contacts"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(sa_column=_id())
    created_at: int = Field(sa_column=_number())
    first_name: str | None = Field(sa_column=_text(null=True))
    last_name: str | None = Field(sa_column=_text(null=True))
    language: str | None = Field(sa_column=_text(null=True))
    timezone: str | None = Field(sa_column=_text(null=True))
    fields: str = Field(sa_column=_json("{}"))
    tags: str = Field(sa_column=_json("[]"))
    consent: str = Field(sa_column=_json("{}"))
    last_heard: str = Field(sa_column=_json("{}"))
    last_seen_at: int | None = Field(sa_column=_number(null=True))
    channel: str | None = Field(sa_column=_text(null=True))
    owner: str = Field(sa_column=_text(default="bot"))
    owner_until: int | None = Field(sa_column=_number(null=True))
    pending_link: str | None = Field(sa_column=_text(null=True))
    marks: str = Field(sa_column=_json("{}"))
    merged_into: int | None = Field(sa_column=_number(null=True))


class IdentityRow(SQLModel, table=True):
    """How a channel names a contact; `unreachable` is the reason when the platform said that she cannot be reached."""

    __tablename__ = "identities"
    __table_args__ = (
        Index("identities_value", "value", "channel", "kind", unique=True),
        Index("identities_contact", "contact_id"),
    )
    id: int = Field(sa_column=_id())
    contact_id: int = Field(sa_column=_number())
    channel: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    value: str = Field(sa_column=_text())
    created_at: int = Field(sa_column=_number())
    unreachable: str | None = Field(sa_column=_text(null=True))


PENDING = text("status = 0")
LATER = text("status = 0 AND not_before > 0")


class InboxRow(SQLModel, table=True):
    """What came in, in the order of `id` per contact. Status: 0 pending, 1 done, 2 dead, 3 kept (nobody took it)."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("inbox_external", "external_id", "channel", unique=True),
        Index("inbox_contact", "contact_id", "id"),
        Index("inbox_pending", "id", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("inbox_pending_contact", "contact_id", "id", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("inbox_later", "not_before", sqlite_where=LATER, postgresql_where=LATER),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(sa_column=_id())
    contact_id: int | None = Field(sa_column=_number(null=True))
    channel: str = Field(sa_column=_text())
    external_id: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    body: str = Field(sa_column=_text())
    raw: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    received_at: int = Field(sa_column=_number())
    not_before: int = Field(sa_column=_number(default=0))
    status: int = Field(sa_column=_small(0))
    tries: int = Field(sa_column=_small(0))
    error: str | None = Field(sa_column=_text(null=True))


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
    id: str = Field(sa_column=_text(key=True))
    contact_id: int = Field(sa_column=_number())
    flow: str = Field(sa_column=_text())
    revision: str = Field(sa_column=_text())
    status: str = Field(sa_column=_text())
    step: str | None = Field(sa_column=_text(null=True))
    wake_at: int | None = Field(sa_column=_number(null=True))
    state: str = Field(sa_column=_text())
    updated_at: int = Field(sa_column=_number())


class MessageRow(SQLModel, table=True):
    """Every message heard and said, with its channel. `author`: contact, bot or person; `outbox_key` leads to its fate."""

    __tablename__ = "messages"
    __table_args__ = (Index("messages_contact", "contact_id", "id"),)
    id: int = Field(sa_column=_id())
    contact_id: int = Field(sa_column=_number())
    direction: str = Field(sa_column=_text())
    author: str = Field(sa_column=_text())
    channel: str = Field(sa_column=_text())
    at: int = Field(sa_column=_number())
    kind: str = Field(sa_column=_text())
    text: str = Field(sa_column=_text())
    external_id: str | None = Field(sa_column=_text(null=True))
    outbox_key: str | None = Field(sa_column=_text(null=True))


OPEN = text("status IN (0, 1, 2)")
WAITING = text("status = 0")
SENDING = text("status = 1")
UNKNOWN = text("status = 2")


class OutboxRow(SQLModel, table=True):
    """One row, one POST. Status is its rank: 0 pending, 1 sending, 2 unknown, 3 accepted, 4 sent, 5 delivered, 6 read,
    7 failed, 8 refused, 9 withdrawn."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_key", "key", unique=True),
        Index("outbox_external", "external_id"),
        Index("outbox_waiting", "channel", "priority", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("outbox_open", "contact_id", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("outbox_sending", "run", sqlite_where=SENDING, postgresql_where=SENDING),
        Index("outbox_unknown", "not_before", sqlite_where=UNKNOWN, postgresql_where=UNKNOWN),
        Index("outbox_later", "not_before", sqlite_where=LATER, postgresql_where=LATER),
        Index("outbox_session", "session", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("outbox_identity", "value", "channel", "id"),
    )
    id: int = Field(sa_column=_id())
    key: str = Field(sa_column=_text())
    contact_id: int = Field(sa_column=_number())
    channel: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    value: str = Field(sa_column=_text())
    content: str = Field(sa_column=_text())
    purpose: str = Field(sa_column=_text())
    priority: int = Field(sa_column=_small(0))
    status: int = Field(sa_column=_small(0))
    refusal: str | None = Field(sa_column=_text(null=True))
    detail: str | None = Field(sa_column=_text(null=True))
    not_before: int = Field(sa_column=_number(default=0))
    attempts: int = Field(sa_column=_small(0))
    run: int | None = Field(sa_column=_number(null=True))
    session: str | None = Field(sa_column=_text(null=True))
    cause: str = Field(sa_column=_text(default=""))
    awaited: int = Field(sa_column=_small(0))
    human: int = Field(sa_column=_small(0))
    reply_to: str = Field(sa_column=_text(default=""))
    typing: int = Field(sa_column=_number(default=0))
    prior: str = Field(sa_column=_text(default=""))
    external_id: str | None = Field(sa_column=_text(null=True))
    created_at: int = Field(sa_column=_number())
    sent_at: int | None = Field(sa_column=_number(null=True))


class CallRow(SQLModel, table=True):
    """A call to the outside that a session waits for. Status: 0 pending, 1 out, 2 answered, 3 failed, 9 withdrawn; `code`
    is the answer's status, `again` says that it may be made more than once. Its answer is in the inbox."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("calls_key", "key", unique=True),
        Index("calls_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("calls_later", "not_before", sqlite_where=LATER, postgresql_where=LATER),
        Index("calls_out", "run", sqlite_where=SENDING, postgresql_where=SENDING),
        Index("calls_session", "session", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("calls_contact", "contact_id", "id"),
    )
    id: int = Field(sa_column=_id())
    key: str = Field(sa_column=_text())
    contact_id: int = Field(sa_column=_number())
    session: str = Field(sa_column=_text())
    cause: str = Field(sa_column=_text(default=""))
    kind: str = Field(sa_column=_text())
    request: str = Field(sa_column=_text())
    timeout: int = Field(sa_column=_number())
    retries: int = Field(sa_column=_small(0))
    again: int = Field(sa_column=_small(0))
    until: int = Field(sa_column=_number())
    status: int = Field(sa_column=_small(0))
    attempts: int = Field(sa_column=_small(0))
    not_before: int = Field(sa_column=_number(default=0))
    run: int | None = Field(sa_column=_number(null=True))
    code: int | None = Field(sa_column=_number(null=True))
    reason: str | None = Field(sa_column=_text(null=True))
    created_at: int = Field(sa_column=_number())


class ReceiptRow(SQLModel, table=True):
    """A fate told before we knew the message's id: applied when the id is recorded."""

    __tablename__ = "receipts"
    __table_args__ = (Index("receipts_message", "message_id", "channel"),)
    id: int = Field(sa_column=_id())
    channel: str = Field(sa_column=_text())
    message_id: str = Field(sa_column=_text())
    status: int = Field(sa_column=_small(0))
    at: int = Field(sa_column=_number())


class TimerRow(SQLModel, table=True):
    """What the clock owes a contact besides her sessions' own `wake_at` (the bot's return after people)."""

    __tablename__ = "timers"
    __table_args__ = (Index("timers_due", "due_at"), Index("timers_contact", "contact_id"))
    key: str = Field(sa_column=_text(key=True))
    contact_id: int = Field(sa_column=_number())
    kind: str = Field(sa_column=_text())
    due_at: int = Field(sa_column=_number())
    data: str = Field(sa_column=_json("{}"))


UNFINISHED = text("state = 0")


class OccurrenceRow(SQLModel, table=True):
    """A time table's slot, a time on the wall: it comes once, whatever clocks and schedulers do.

    `cursor` is the last contact it was brought to; `state`: 0 under way, 1 done, 2 passed over (too late).
    """

    __tablename__ = "occurrences"
    __table_args__ = (Index("occurrences_open", "due_at", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),)
    name: str = Field(sa_column=_text(key=True))
    slot: str = Field(sa_column=_text(key=True))
    due_at: int = Field(sa_column=_number())
    since: int = Field(sa_column=_number(default=0))
    cursor: int = Field(sa_column=_number(default=0))
    state: int = Field(sa_column=_small(0))


class ReckoningRow(SQLModel, table=True):
    """How far something that is done once for a trigger has come: `reached` is a contact's id, or a moment."""

    __tablename__ = "reckonings"
    name: str = Field(sa_column=_text(key=True))
    reached: int = Field(sa_column=_number(default=0))
    since: int = Field(sa_column=_number())
    done: int = Field(sa_column=_small(0))


class EventRow(SQLModel, table=True):
    """What happened to a contact: goals, faults, tags, links, events of the outside. Append-only."""

    __tablename__ = "events"
    __table_args__ = (Index("events_contact", "contact_id", "id"), Index("events_name", "name", "id"))
    id: int = Field(sa_column=_id())
    contact_id: int | None = Field(sa_column=_number(null=True))
    name: str = Field(sa_column=_text())
    at: int = Field(sa_column=_number())
    data: str = Field(sa_column=_json("{}"))


OPENED = text("closed_at IS NULL")


class TicketRow(SQLModel, table=True):
    """A contact given to people."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("tickets_open", "team", "id", sqlite_where=OPENED, postgresql_where=OPENED),
        Index("tickets_contact", "contact_id", "id"),
    )
    id: int = Field(sa_column=_id())
    contact_id: int = Field(sa_column=_number())
    session: str = Field(sa_column=_text())
    team: str = Field(sa_column=_text())
    note: str = Field(sa_column=_text(default=""))
    priority: str = Field(sa_column=_text(default=""))
    opened_at: int = Field(sa_column=_number())
    closed_at: int | None = Field(sa_column=_number(null=True))


class LinkTokenRow(SQLModel, table=True):
    """A single-use way from one channel to another; only the hash of the token is kept."""

    __tablename__ = "link_tokens"
    __table_args__ = (Index("link_tokens_offer", "offer"),)
    hash: str = Field(sa_column=_text(key=True))
    offer: str = Field(sa_column=_text())
    contact_id: int = Field(sa_column=_number())
    session: str = Field(sa_column=_text())
    step: str = Field(sa_column=_text())
    target: str = Field(sa_column=_text())
    origin: str = Field(sa_column=_text())
    confirm: int | None = Field(sa_column=Column(SmallInteger, nullable=True))
    created_at: int = Field(sa_column=_number())
    expires_at: int = Field(sa_column=_number())
    used_at: int | None = Field(sa_column=_number(null=True))
    used_by: int | None = Field(sa_column=_number(null=True))


class LinkGuessRow(SQLModel, table=True):
    """A code that was well formed and meant nothing: counted per sender and in all."""

    __tablename__ = "link_guesses"
    __table_args__ = (Index("link_guesses_sender", "sender", "at"), Index("link_guesses_at", "at"))
    id: int = Field(sa_column=_id())
    sender: int = Field(sa_column=_number())
    at: int = Field(sa_column=_number())


class PhoneCodeRow(SQLModel, table=True):
    """A one-time code for a phone; only a keyed hash of it is kept. `kind` and `value` are the identity that it reached."""

    __tablename__ = "phone_codes"
    __table_args__ = (
        Index("phone_codes_number", "number", "created_at"),
        Index("phone_codes_contact", "contact_id", "created_at"),
        Index("phone_codes_created", "created_at"),
    )
    name: str = Field(sa_column=_text(key=True))
    contact_id: int = Field(sa_column=_number())
    session: str = Field(sa_column=_text())
    channel: str = Field(sa_column=_text())
    number: str = Field(sa_column=_text())
    hash: str = Field(sa_column=_text())
    created_at: int = Field(sa_column=_number())
    expires_at: int = Field(sa_column=_number())
    tries: int = Field(sa_column=_small(0))
    used_at: int | None = Field(sa_column=_number(null=True))
    kind: str | None = Field(sa_column=_text(null=True))
    value: str | None = Field(sa_column=_text(null=True))


class FlowRevisionRow(SQLModel, table=True):
    """A flow as it was deployed, with its translations: sessions finish on the revision they began on."""

    __tablename__ = "flow_revisions"
    name: str = Field(sa_column=_text(key=True))
    revision: str = Field(sa_column=_text(key=True))
    source: str = Field(sa_column=_text())
    words: str = Field(sa_column=_json("{}"))
    created_at: int = Field(sa_column=_number())


class DeploymentRow(SQLModel, table=True):
    """Which revision of each flow is current: the newest row. `manifest` maps flows to [revision, file]. `kind`: files (a
    process took what its disk has), deploy, rollback (to `source`). `moving` 1: waiting sessions of contacts beyond
    `after_contact` have yet to be moved."""

    __tablename__ = "deployments"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(sa_column=_id())
    at: int = Field(sa_column=_number())
    kind: str = Field(sa_column=_text())
    author: str = Field(sa_column=_text(default=""))
    manifest: str = Field(sa_column=_json("{}"))
    source: int | None = Field(sa_column=_number(null=True))
    moving: int = Field(sa_column=_small(0))
    after_contact: int = Field(sa_column=_number(default=0))


class ConsentRow(SQLModel, table=True):
    """The ledger of permissions, append-only: one row for each channel that an entry is about ("": every one)."""

    __tablename__ = "consents"
    __table_args__ = (Index("consents_contact", "contact_id", "id"),)
    id: int = Field(sa_column=_id())
    contact_id: int = Field(sa_column=_number())
    purpose: str = Field(sa_column=_text())
    channel: str = Field(sa_column=_text(default=""))
    state: str = Field(sa_column=_text())
    evidence: str = Field(sa_column=_text())
    wording: str = Field(sa_column=_text(default=""))
    version: str = Field(sa_column=_text(default=""))
    said: str = Field(sa_column=_text(default=""))
    session: str = Field(sa_column=_text(default=""))
    origin: str = Field(sa_column=_text(default=""))
    at: int = Field(sa_column=_number())
    expires_at: int | None = Field(sa_column=_number(null=True))


ENROLLED = text("state = 'live'")


class EnrolmentRow(SQLModel, table=True):
    """A contact in a sequence. State: live, done, left; `step` is the last step that she is past, `due_at` when the next
    one comes."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "enrolments_live", "contact_id", "sequence", unique=True, sqlite_where=ENROLLED, postgresql_where=ENROLLED
        ),
        Index("enrolments_due", "due_at", sqlite_where=ENROLLED, postgresql_where=ENROLLED),
        Index("enrolments_contact", "contact_id", "id"),
    )
    id: int = Field(sa_column=_id())
    contact_id: int = Field(sa_column=_number())
    sequence: str = Field(sa_column=_text())
    state: str = Field(sa_column=_text(default="live"))
    step: str = Field(sa_column=_text(default=""))
    due_at: int | None = Field(sa_column=_number(null=True))
    session: str = Field(sa_column=_text(default=""))
    enrolled_at: int = Field(sa_column=_number())
    ended_at: int | None = Field(sa_column=_number(null=True))


class NoticeRow(SQLModel, table=True):
    """Words for one address of the business. Status: 0 pending, 3 accepted, 7 failed; `data` is what a webhook is told."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("notices_key", "key", unique=True),
        Index("notices_pending", "not_before", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("notices_contact", "contact_id", "id"),
    )
    id: int = Field(sa_column=_id())
    key: str = Field(sa_column=_text())
    contact_id: int = Field(sa_column=_number())
    whom: str = Field(sa_column=_text())
    address: str = Field(sa_column=_text())
    text: str = Field(sa_column=_text())
    data: str = Field(sa_column=_json("{}"))
    status: int = Field(sa_column=_small(0))
    attempts: int = Field(sa_column=_small(0))
    not_before: int = Field(sa_column=_number(default=0))
    detail: str | None = Field(sa_column=_text(null=True))
    created_at: int = Field(sa_column=_number())
    ended_at: int | None = Field(sa_column=_number(null=True))


class DrawTicketRow(SQLModel, table=True):
    """A number in a draw. Two contacts that became one keep both numbers."""

    __tablename__ = "draw_tickets"
    __table_args__ = (
        Index("draw_tickets_number", "draw", "number", unique=True),
        Index("draw_tickets_contact", "contact_id"),
    )
    id: int = Field(sa_column=_id())
    draw: str = Field(sa_column=_text())
    number: str = Field(sa_column=_text())
    contact_id: int = Field(sa_column=_number())
    session: str = Field(sa_column=_text(default=""))
    at: int = Field(sa_column=_number())


class PaceRow(SQLModel, table=True):
    """What a channel account may send now: the moment (microseconds) at which its bucket is empty again (GCRA); from when
    to when it rests; until when it is slowed to a share (percent) of its pace, and until when marketing waits.

    `trouble` is the platform's code while its token or account is refused, `reason` its words, `since` when it began.
    """

    __tablename__ = "paces"
    channel: str = Field(sa_column=_text(key=True))
    empty_at: int = Field(sa_column=_number(default=0))
    rests_from: int = Field(sa_column=_number(default=0))
    rests_until: int = Field(sa_column=_number(default=0))
    slow_until: int = Field(sa_column=_number(default=0))
    share: int = Field(sa_column=_small(100))
    bulk_until: int = Field(sa_column=_number(default=0))
    trouble: str = Field(sa_column=_text(default=""))
    reason: str = Field(sa_column=_text(default=""))
    since: int = Field(sa_column=_number(default=0))


class TemplateStateRow(SQLModel, table=True):
    """What the platform last said of a template in a language: its status there, why, and until when it holds (0: until
    it says otherwise)."""

    __tablename__ = "template_states"
    channel: str = Field(sa_column=_text(key=True))
    name: str = Field(sa_column=_text(key=True))
    language: str = Field(sa_column=_text(key=True))
    status: str = Field(sa_column=_text())
    reason: str = Field(sa_column=_text(default=""))
    until: int = Field(sa_column=_number(default=0))
    at: int = Field(sa_column=_number())


class MediaUploadRow(SQLModel, table=True):
    """A file of media/ that an account of ours holds: the platform's id of it, and when that is of no use any more."""

    __tablename__ = "media_uploads"
    account: str = Field(sa_column=_text(key=True))
    digest: str = Field(sa_column=_text(key=True))
    kind: str = Field(sa_column=_text(key=True))
    external_id: str = Field(sa_column=_text())
    uploaded_at: int = Field(sa_column=_number())
    expires_at: int = Field(sa_column=_number())


METADATA = SQLModel.metadata
