"""What a turn wants done in the world (a closed union), and the pure change of a contact."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.model.delivery import Plan
from trinario.model.message import Content, Template
from trinario.model.value import Value, Values


@dataclass(frozen=True, slots=True)
class Say:
    """One message to the person. `number/index` end its key; `per_channel` (channel or platform) says it otherwise there.

    `channel` forces a channel; `order` is the delivery order to walk (names, `current`, `preferred`); `template` is for
    a shut window. `prompt` is the payload prefix of the question it puts, "" for none. `hushed`: she has just said stop, and
    the confirmation was the last word. `reply_to` is what it answers: for a private reply what model/comment.py makes; `quotes`: it
    is shown as an answer to what she last wrote there. `plan` says what happens when it does not reach her. `campaign` is the
    slot of the campaign that says it, 0 for none.
    """

    key: str
    content: Content
    session: str = ""
    flow: str = ""
    step: str = ""
    purpose: str = "service"
    per_channel: Mapping[str, Content] = field(default_factory=dict)
    channel: str | None = None
    order: tuple[str, ...] | None = None
    template: Template | None = None
    prompt: str = ""
    awaited: bool = False
    typing: float = 0.0
    hushed: bool = False
    reply_to: str = ""
    persona: str = ""
    quotes: bool = False
    plan: Plan | None = None
    campaign: int = 0


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """New field values (None empties), tags, and attributes (`language`, `timezone`) of the contact."""

    fields: Values = field(default_factory=dict)
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """The contact goes to people: a ticket for `team`; the bot is silent until `until` (None: until it is closed).

    `key` makes the notice to the team one notice.
    """

    session: str
    team: str
    note: str = ""
    priority: str = ""
    until: datetime | None = None
    key: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class OfferSwitch:
    """Put a link to each of `targets` to her. `say` is the message without its links; `offer` names the wait.

    `button` titles the link; "" leaves the channel's own word. `confirm` None asks if something personal is known.
    """

    session: str
    step: str
    offer: str
    targets: tuple[str, ...]
    say: Say
    button: str
    expires_at: datetime
    confirm: bool | None = None


@dataclass(frozen=True, slots=True)
class SendCode:
    """Send a one-time code to a phone that is not known to be hers: `say` is the template that brings it, without the code.

    `phone` is E.164, `code` names the code. After `expires_at` it means nothing.
    """

    session: str
    code: str
    phone: str
    say: Say
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CheckCode:
    """She typed six digits for a code that was sent: what comes of it is told as `CallReturned` with this `key`."""

    session: str
    code: str
    key: str
    typed: str


@dataclass(frozen=True, slots=True)
class CountGoal:
    """A goal was reached."""

    name: str
    session: str
    flow: str
    step: str
    value: Value = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ChangeEnrolment:
    """She joins a sequence (`joins`), or leaves it, for the reason `why`; one that she is in, or not in, is left as it is.

    `rest`: who was in it before does not join until so long after that was over (timedelta.max: never).
    """

    sequence: str
    joins: bool
    session: str = ""
    why: str = ""
    rest: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class SendNotice:
    """Words for people of the business: `to` are teams and addresses (mailto:, https:). `key` makes it one notice."""

    key: str
    to: tuple[str, ...]
    text: str
    session: str = ""
    flow: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class RaiseEvent:
    """An event for the same contact, which comes after this turn. `hops`: events that led to this one, itself counted."""

    key: str
    name: str
    data: Values = field(default_factory=dict)
    hops: int = 1
    session: str = ""
    flow: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class TakeTicket:
    """Her number in a draw is given out."""

    draw: str
    number: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class CallOut:
    """A call to the outside: a service (`kind` http), a function of the bot, a language model (ai).

    `request` is plain data; one try takes at most `timeout` seconds, and `again` says that it may be made `retries` times
    more. After `until` nobody waits for its answer.
    """

    key: str
    session: str
    flow: str
    step: str
    kind: str
    request: Mapping[str, Any]
    timeout: float
    retries: int
    again: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class LetIn:
    """What she wrote while a call was out has its turn now."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """What these sessions said and is not out yet must not go out."""

    sessions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Something an operator should know: a fault in a flow, with the step and the reason."""

    session: str
    flow: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class SetTimer:
    """A trigger of `flow` comes for her at `due`; another timer of the same name is replaced."""

    name: str
    flow: str
    key: str
    due: datetime
    offset: str = ""


@dataclass(frozen=True, slots=True)
class ClearTimer:
    """The timer of that name is off."""

    name: str


Effect = (
    Say | ChangeContact | OpenTicket | OfferSwitch | CountGoal | Withdraw | Report
    | RecordConsent | ChangeEnrolment | SendNotice | RaiseEvent | TakeTicket
    | SetTimer | ClearTimer | CallOut | LetIn | SendCode | CheckCode
)  # fmt: skip


def changed(contact: Contact, change: ChangeContact) -> Contact:
    """The contact after the change; emptied fields are gone."""
    fields = {name: value for name, value in {**contact.fields, **change.fields}.items() if value is not None}
    tags = (contact.tags | frozenset(change.tags_added)) - frozenset(change.tags_removed)
    return replace(contact, fields=fields, tags=tags, **dict(change.attributes))
