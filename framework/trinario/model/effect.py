"""What a turn wants done in the world (a closed union), and the pure change of a contact."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from trinario.model.contact import Contact
from trinario.model.message import Content, Template
from trinario.model.value import Value, Values


@dataclass(frozen=True, slots=True)
class Say:
    """One message to the person. `number/index` end its key; `per_channel` (channel or platform) says it otherwise there.

    `channel` forces a channel; `order` is the delivery order to walk (names, `current`, `preferred`); `template` is for
    a shut window. `prompt` is the payload prefix of the question it puts, "" for none.
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


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """New field values (None empties), tags, and attributes (`language`, `timezone`) of the contact."""

    fields: Values = field(default_factory=dict)
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    attributes: Mapping[str, Value] = field(default_factory=dict)
    consent: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """The contact goes to people: a ticket for `team`; the bot is silent until `until` (None: until it is closed)."""

    session: str
    team: str
    note: str = ""
    priority: str = ""
    until: datetime | None = None


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
class CountGoal:
    """A goal was reached."""

    name: str
    session: str
    flow: str
    step: str
    value: Value = None
    currency: str = ""


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


Effect = Say | ChangeContact | OpenTicket | OfferSwitch | CountGoal | Withdraw | Report


def changed(contact: Contact, change: ChangeContact) -> Contact:
    """The contact after the change; emptied fields are gone."""
    fields = {name: value for name, value in {**contact.fields, **change.fields}.items() if value is not None}
    tags = (contact.tags | frozenset(change.tags_added)) - frozenset(change.tags_removed)
    return replace(
        contact, fields=fields, tags=tags, consent={**contact.consent, **change.consent}, **dict(change.attributes)
    )
