"""What the API takes and gives, as pydantic models: they validate, and the OpenAPI document is made of them."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    Tag,
    WithJsonSchema,
    model_serializer,
)

from trinario.model.contact import Contact
from trinario.model.outbox import STATUS
from trinario.model.prices import told_of
from trinario.model.session import Session
from trinario.model.value import plain
from trinario.ports import MediaKept

LONGEST_TEXT = 20_000

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
_LINE = r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*"
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=rf"^{_LINE}[^\s\x00-\x1f]{_LINE}$")]
FieldName = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _comparable(value: JsonValue) -> JsonValue:
    """What a database can be asked for."""
    if value is None or isinstance(value, list | dict):
        raise ValueError("give a text, a number, true or false")
    if isinstance(value, int | float) and not abs(value) <= 2**53:
        raise ValueError("give a number that fits in 53 bits")
    if isinstance(value, str) and ("\0" in value or len(value) > LONGEST_TEXT):
        raise ValueError("give a text without NUL, of 20,000 characters at most")
    return value


_SCALAR = {"anyOf": [{"type": "string", "maxLength": 1000}, {"type": "number"}, {"type": "boolean"}]}
Scalar = Annotated[JsonValue, AfterValidator(_comparable), WithJsonSchema(_SCALAR)]
Id = Annotated[Name, BeforeValidator(_number_as_text)]


class Given(BaseModel):
    """The root of what comes in: a name that is not known is a fault, not a silence."""

    model_config = ConfigDict(extra="forbid")


class IdentityRef(Given):
    """How a channel names a contact."""

    channel: Name = Field(description="The channel's name in bot.yaml.")
    value: Name


class FieldRef(Given):
    """A contact field and its value; exactly one contact may have it."""

    name: FieldName
    value: Scalar


class ById(Given):
    """A contact by our id."""

    id: Id


class ByIdentity(Given):
    """A contact by how a channel names her."""

    identity: IdentityRef


class ByField(Given):
    """A contact by what is known of her."""

    field: FieldRef


def _way(given: Any) -> str | None:
    """Which of the three ways; the mark keeps the tag out of a fault's place."""
    if isinstance(given, Given):
        given = given.model_fields_set
    found = [name for name in ("id", "identity", "field") if name in given] if isinstance(given, dict | set) else []
    return f"<{found[0]}>" if len(found) == 1 else None


ContactRef = Annotated[
    Annotated[ById, Tag("<id>")] | Annotated[ByIdentity, Tag("<identity>")] | Annotated[ByField, Tag("<field>")],
    Discriminator(
        _way,
        custom_error_type="contact_reference",
        custom_error_message="give exactly one of id, identity {channel, value} and field {name, value}",
    ),
]
"""Whom an event is about."""


class EventGiven(Given):
    """Something that happened outside, for a contact."""

    event: Name = Field(description="The event's name, as in `triggers: - event: ...`.", examples=["cart.abandoned"])
    contact: ContactRef
    data: dict[str, JsonValue] = Field(default={}, description="What flows read as `event.NAME`.")
    id: Name | None = Field(default=None, description="Yours: the same id twice is one event. Made when left out.")


class ContactsAsked(BaseModel):
    """Which contacts: those known by an identity, or those whom people of the team have (who waits longest first)."""

    identity: Annotated[str, Field(max_length=401, pattern=r"^[^\x00-\x1f\x7f:]+:[^\x00-\x1f\x7f]+$")] | None = Field(
        default=None, description="`CHANNEL:VALUE`", examples=["messenger:24839573245810593"]
    )
    owner: Literal["person"] | None = Field(default=None, description="`person`: the inbox of the team.")
    limit: int = Field(default=50, ge=1, le=200, description="With `owner`: how many at most.")
    next: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")] | None = Field(
        default=None, description="With `owner`: the `next` of the page before."
    )


class PageAsked(BaseModel):
    """Which part of a thread."""

    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    next: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = Field(
        default=None, description="The `next` of the page before: older messages."
    )
    after: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = Field(
        default=None, description="The `newest` of an answer before: messages since then."
    )


class SomeAsked(BaseModel):
    """How much of a list."""

    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")


class IdentityShape(BaseModel):
    """One way to reach a contact."""

    channel: str
    kind: str = Field(description="phone, bsuid, psid, igsid ...")
    value: str
    last_heard_at: datetime | None


class Sparing(BaseModel):
    """The root of answers with parts that only some calls give: what nobody has set is left out."""

    @model_serializer(mode="wrap")
    def _spare(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        kept = {name for name, field in type(self).model_fields.items() if field.default is not None}
        return {name: one for name, one in written.items() if one is not None or name in kept | self.model_fields_set}


class ContactShape(Sparing):
    """A person."""

    id: str
    first_name: str | None
    last_name: str | None
    language: str | None
    timezone: str | None
    fields: dict[str, Any]
    tags: list[str]
    identities: list[IdentityShape]
    owner: Literal["bot", "person"]
    owner_until: datetime | None = Field(
        default=None, description="With `owner` person: when the bot comes back if they stay silent."
    )
    preferred_channel: str | None = Field(
        default=None, description="Where she wants to be written to, else where she answered last of several channels."
    )
    merged_from: str | None = Field(
        default=None, description="The id that was asked for, where that contact was merged into this one."
    )
    waiting_since: datetime | None = Field(
        default=None, description="In the inbox of the team: since when she waits; null: nothing of hers is unanswered."
    )
    unread: int | None = Field(
        default=None, description="In the inbox of the team: messages that nobody has answered or looked at."
    )


class ContactList(Sparing):
    """Contacts that were asked for; none when the identity is unknown. `next` is null at the end."""

    contacts: list[ContactShape]
    next: str | None = None


class MediaShape(BaseModel):
    """A file that came with a message; `GET /api/v1/media/{id}` gives it while `status` is stored."""

    id: str
    kind: str = Field(description="image, video, audio, document, sticker")
    mime_type: str
    filename: str
    size: int = Field(description="Bytes; 0 until it is stored.")
    status: str = Field(description="waiting, fetching, stored, failed, deleted (by the contact), expired")
    reason: str | None = Field(description="Why it is not there, or not yet.")


class PriceShape(BaseModel):
    """What the platform told of a message's cost; it is charged when it is delivered."""

    category: str = Field(description="marketing, utility, authentication, service ...")
    type: str = Field(description="The platform's word for how it is charged: regular, free_customer_service ...")
    charged: bool


class MessageShape(BaseModel):
    """One message of the thread. `status` and `refusal` are null for what was heard."""

    id: str
    direction: Literal["in", "out"]
    author: Literal["contact", "bot", "person"] = Field(description="Whose word it is.")
    by: str | None = Field(description="The name of the person of the team, where the API was told it.")
    flow: str | None = Field(description="The flow that says it; null for what no flow says.")
    step: str | None
    channel: str
    at: datetime
    kind: str = Field(description="text, media, choices, cards, template, edit, deleted, reaction, comment ...")
    text: str
    edited: bool = Field(description="It was written anew; the new words are a message of kind `edit`.")
    deleted: bool = Field(description="It was taken back; the words are gone.")
    status: str | None = Field(description=", ".join(STATUS.values()))
    refusal: str | None
    detail: str | None = Field(description="Why it did not go, in words.")
    price: PriceShape | None = Field(description="What the platform told of its cost; null while it has not.")
    merged_from: str | None = Field(description="The contact whose it was, where a merge has brought it.")
    media: list[MediaShape] = Field(description="The files that came with it.")


class AskedShape(BaseModel):
    """One channel of the walk."""

    channel: str
    answer: Literal["allow", "defer", "refuse"]
    code: str
    detail: str
    until: datetime | None


class WhyShape(BaseModel):
    """Why a message of ours went or not, why there and why not elsewhere. `walk` is empty where the first channel took it."""

    id: str
    channel: str
    status: str
    purpose: str
    step: str = Field(description="flow.step, empty for what no flow says.")
    refusal: str | None
    until: datetime | None = Field(description="It waits until then, and is asked again.")
    walk: list[AskedShape]
    sentences: list[str]


class MessageList(BaseModel):
    """Messages, newest first. `next` leads to the older ones, null at the end; `newest` to those that come later: ask with
    `after`, and again as long as `more` says that there were more than fit."""

    messages: list[MessageShape]
    next: str | None
    newest: str | None = None
    more: bool = Field(default=False, description="With `after`: there are more, newer than these.")


class SessionShape(BaseModel):
    """A contact's standing in a flow; `step` is where she is waited for."""

    id: str
    flow: str
    revision: str
    status: str
    step: str | None
    answers: dict[str, Any]
    vars: dict[str, Any]


class SessionList(BaseModel):
    """Sessions, newest first."""

    sessions: list[SessionShape]


class EventTaken(BaseModel):
    """The event is on disk. `duplicate`: its id was there before, and nothing happens twice."""

    id: str
    duplicate: bool


def contact_shape(contact: Contact, asked: int | None = None) -> ContactShape:
    """A contact as the outside reads her; `asked` is the id that she was asked for by."""
    identities = [
        IdentityShape(channel=i.channel, kind=i.kind, value=i.value, last_heard_at=contact.last_heard.get(i.channel))
        for i in contact.identities
    ]
    shape = ContactShape(
        id=str(contact.id),
        first_name=contact.first_name,
        last_name=contact.last_name,
        language=contact.language,
        timezone=contact.timezone,
        fields=plain(contact.fields),
        tags=sorted(contact.tags),
        identities=identities,
        owner=contact.owner,
        preferred_channel=contact.preferred,
        merged_from=str(asked) if asked not in (None, contact.id) else None,
    )
    return shape.model_copy(update={"owner_until": contact.owner_until}) if contact.owner == "person" else shape


def message_shape(row: dict[str, Any]) -> MessageShape:
    """A line of the thread as `Unit.thread` gives it."""
    status, (flow, _, step) = row["status"], (row["cause"] or "").partition(".")
    return MessageShape(
        id=row["key"] or str(row["id"]),
        direction=row["direction"],
        author=row["author"],
        by=row["signed"] or None,
        flow=flow or None,
        step=step or None,
        channel=row["channel"],
        at=datetime.fromtimestamp(row["at"] / 1000, UTC),
        kind=row["kind"],
        text=row["text"],
        edited=row["altered"] == 1,
        deleted=row["altered"] == 2,
        status=None if status is None else STATUS[status],
        refusal=row["refusal"] or None,
        detail=row["detail"] or None,
        price=price_shape(row["price"]) if row["price"] else None,
        merged_from=None if row["origin"] is None else str(row["origin"]),
        media=[media_shape(one) for one in row["media"]],
    )


def price_shape(kept: str) -> PriceShape:
    """A price as it is kept with a message."""
    told = told_of(kept)
    return PriceShape(category=told.category, type=told.kind, charged=told.charged)


def media_shape(kept: MediaKept) -> MediaShape:
    """A file as the outside reads of it."""
    return MediaShape(
        id=kept.id,
        kind=kept.kind,
        mime_type=kept.mime_type,
        filename=kept.filename,
        size=kept.size,
        status=kept.status,
        reason=kept.reason or None,
    )


def session_shape(session: Session) -> SessionShape:
    """A session as the outside reads it."""
    return SessionShape(
        id=session.id,
        flow=session.flow,
        revision=session.revision,
        status=session.status,
        step=session.wait.step if session.wait else None,
        answers=plain(session.answers),
        vars=plain(session.vars),
    )
