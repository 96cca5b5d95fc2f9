"""The tables beside the conversation: calls, links and codes, permission, notices, time tables, draws."""

from sqlalchemy import Column, Index, SmallInteger, text
from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import id_column, json_column, number_column, small_column, text_column
from trinario.store.tables.conversation import LATER, PENDING, SENDING, WAITING


class CallRow(SQLModel, table=True):
    """A call to the outside that a session waits for. Status: 0 pending, 1 out, 2 answered, 3 failed, 9 withdrawn; `code`
    is the answer's status, `again` says that it may be made more than once, `lane` whom it calls: the host, or the kind,
    `lives` how many processes ended while it was out. Its answer is in the inbox."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("calls_key", "key", unique=True),
        Index("calls_waiting", "lives", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("calls_created", "created_at"),
        Index("calls_later", "not_before", sqlite_where=LATER, postgresql_where=LATER),
        Index("calls_out", "run", sqlite_where=SENDING, postgresql_where=SENDING),
        Index("calls_session", "session", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("calls_contact", "contact_id", "id"),
    )
    id: int = Field(sa_column=id_column())
    key: str = Field(sa_column=text_column())
    contact_id: int = Field(sa_column=number_column())
    session: str = Field(sa_column=text_column())
    cause: str = Field(sa_column=text_column(default=""))
    kind: str = Field(sa_column=text_column())
    lane: str = Field(sa_column=text_column(default=""))
    request: str = Field(sa_column=text_column())
    timeout: int = Field(sa_column=number_column())
    retries: int = Field(sa_column=small_column(0))
    again: int = Field(sa_column=small_column(0))
    until: int = Field(sa_column=number_column())
    status: int = Field(sa_column=small_column(0))
    attempts: int = Field(sa_column=small_column(0))
    lives: int = Field(sa_column=small_column(0))
    not_before: int = Field(sa_column=number_column(default=0))
    run: int | None = Field(sa_column=number_column(null=True))
    code: int | None = Field(sa_column=number_column(null=True))
    reason: str | None = Field(sa_column=text_column(null=True))
    created_at: int = Field(sa_column=number_column())


UNFINISHED = text("state = 0")


class OccurrenceRow(SQLModel, table=True):
    """A time table's slot, a time on the wall: it comes once, whatever clocks and schedulers do.

    `cursor` is the last contact it was brought to; `state`: 0 under way, 1 done, 2 passed over (too late).
    """

    __tablename__ = "occurrences"
    __table_args__ = (Index("occurrences_open", "due_at", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),)
    name: str = Field(sa_column=text_column(key=True))
    slot: str = Field(sa_column=text_column(key=True))
    due_at: int = Field(sa_column=number_column())
    since: int = Field(sa_column=number_column(default=0))
    cursor: int = Field(sa_column=number_column(default=0))
    state: int = Field(sa_column=small_column(0))


class ReckoningRow(SQLModel, table=True):
    """How far something that is done once for a trigger has come: `reached` is a contact's id, or a moment."""

    __tablename__ = "reckonings"
    name: str = Field(sa_column=text_column(key=True))
    reached: int = Field(sa_column=number_column(default=0))
    since: int = Field(sa_column=number_column())
    done: int = Field(sa_column=small_column(0))


class LinkTokenRow(SQLModel, table=True):
    """A single-use way from one channel to another; only the hash of the token is kept."""

    __tablename__ = "link_tokens"
    __table_args__ = (Index("link_tokens_offer", "offer"),)
    hash: str = Field(sa_column=text_column(key=True))
    offer: str = Field(sa_column=text_column())
    contact_id: int = Field(sa_column=number_column())
    session: str = Field(sa_column=text_column())
    step: str = Field(sa_column=text_column())
    target: str = Field(sa_column=text_column())
    origin: str = Field(sa_column=text_column())
    confirm: int | None = Field(sa_column=Column(SmallInteger, nullable=True))
    created_at: int = Field(sa_column=number_column())
    expires_at: int = Field(sa_column=number_column())
    used_at: int | None = Field(sa_column=number_column(null=True))
    used_by: int | None = Field(sa_column=number_column(null=True))


class LinkGuessRow(SQLModel, table=True):
    """A code that was well formed and meant nothing: counted per sender and in all."""

    __tablename__ = "link_guesses"
    __table_args__ = (Index("link_guesses_sender", "sender", "at"), Index("link_guesses_at", "at"))
    id: int = Field(sa_column=id_column())
    sender: int = Field(sa_column=number_column())
    at: int = Field(sa_column=number_column())


class PhoneCodeRow(SQLModel, table=True):
    """A one-time code for a phone; only a keyed hash of it is kept. `kind` and `value` are the identity that it reached."""

    __tablename__ = "phone_codes"
    __table_args__ = (
        Index("phone_codes_number", "number", "created_at"),
        Index("phone_codes_contact", "contact_id", "created_at"),
        Index("phone_codes_created", "created_at"),
    )
    name: str = Field(sa_column=text_column(key=True))
    contact_id: int = Field(sa_column=number_column())
    session: str = Field(sa_column=text_column())
    channel: str = Field(sa_column=text_column())
    number: str = Field(sa_column=text_column())
    hash: str = Field(sa_column=text_column())
    created_at: int = Field(sa_column=number_column())
    expires_at: int = Field(sa_column=number_column())
    tries: int = Field(sa_column=small_column(0))
    used_at: int | None = Field(sa_column=number_column(null=True))
    kind: str | None = Field(sa_column=text_column(null=True))
    value: str | None = Field(sa_column=text_column(null=True))


class ConsentRow(SQLModel, table=True):
    """The ledger of permissions, append-only: one row for each channel that an entry is about ("": every one)."""

    __tablename__ = "consents"
    __table_args__ = (Index("consents_contact", "contact_id", "id"), {"sqlite_autoincrement": True})
    id: int = Field(sa_column=id_column())
    contact_id: int = Field(sa_column=number_column())
    purpose: str = Field(sa_column=text_column())
    channel: str = Field(sa_column=text_column(default=""))
    state: str = Field(sa_column=text_column())
    evidence: str = Field(sa_column=text_column())
    wording: str = Field(sa_column=text_column(default=""))
    version: str = Field(sa_column=text_column(default=""))
    said: str = Field(sa_column=text_column(default=""))
    session: str = Field(sa_column=text_column(default=""))
    origin: str = Field(sa_column=text_column(default=""))
    at: int = Field(sa_column=number_column())
    expires_at: int | None = Field(sa_column=number_column(null=True))


ENROLLED = text("state = 'live'")


OUT = text("state = 'live' AND out = 1")


class EnrolmentRow(SQLModel, table=True):
    """A contact in a sequence. State: live, done, left; `step` is the last step that she is past, `next` the one that comes
    at `due_at` by the file of that `revision` ("": not reckoned yet), `progress` what is behind her, `out` 1 while a step is
    on its way into a turn. `why` says what ended it."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "enrolments_live", "contact_id", "sequence", unique=True, sqlite_where=ENROLLED, postgresql_where=ENROLLED
        ),
        Index("enrolments_due", "due_at", sqlite_where=ENROLLED, postgresql_where=ENROLLED),
        Index("enrolments_out", "id", sqlite_where=OUT, postgresql_where=OUT),
        Index("enrolments_reckoned", "sequence", "revision", "id", sqlite_where=ENROLLED, postgresql_where=ENROLLED),
        Index("enrolments_contact", "contact_id", "id"),
        Index("enrolments_told", "sequence", "enrolled_at"),
    )
    id: int = Field(sa_column=id_column())
    contact_id: int = Field(sa_column=number_column())
    sequence: str = Field(sa_column=text_column())
    state: str = Field(sa_column=text_column(default="live"))
    step: str = Field(sa_column=text_column(default=""))
    due_at: int | None = Field(sa_column=number_column(null=True))
    next: str = Field(sa_column=text_column(default=""))
    revision: str = Field(sa_column=text_column(default=""))
    progress: str = Field(sa_column=json_column("{}"))
    out: int = Field(sa_column=small_column(0))
    tries: int = Field(sa_column=small_column(0))
    why: str = Field(sa_column=text_column(default=""))
    session: str = Field(sa_column=text_column(default=""))
    enrolled_at: int = Field(sa_column=number_column())
    ended_at: int | None = Field(sa_column=number_column(null=True))


class NoticeRow(SQLModel, table=True):
    """Words for one address of the business. Status: 0 pending, 3 accepted, 7 failed; `data` is what a webhook is told."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("notices_key", "key", unique=True),
        Index("notices_pending", "not_before", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("notices_contact", "contact_id", "id"),
    )
    id: int = Field(sa_column=id_column())
    key: str = Field(sa_column=text_column())
    contact_id: int = Field(sa_column=number_column())
    whom: str = Field(sa_column=text_column())
    address: str = Field(sa_column=text_column())
    text: str = Field(sa_column=text_column())
    data: str = Field(sa_column=json_column("{}"))
    status: int = Field(sa_column=small_column(0))
    attempts: int = Field(sa_column=small_column(0))
    not_before: int = Field(sa_column=number_column(default=0))
    detail: str | None = Field(sa_column=text_column(null=True))
    created_at: int = Field(sa_column=number_column())
    ended_at: int | None = Field(sa_column=number_column(null=True))


class DrawTicketRow(SQLModel, table=True):
    """A number in a draw. Two contacts that became one keep both numbers."""

    __tablename__ = "draw_tickets"
    __table_args__ = (
        Index("draw_tickets_number", "draw", "number", unique=True),
        Index("draw_tickets_contact", "contact_id"),
    )
    id: int = Field(sa_column=id_column())
    draw: str = Field(sa_column=text_column())
    number: str = Field(sa_column=text_column())
    contact_id: int = Field(sa_column=number_column())
    session: str = Field(sa_column=text_column(default=""))
    at: int = Field(sa_column=number_column())
