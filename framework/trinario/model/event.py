"""What comes in to the engine. Every event carries when it happened and the origin its turn's keys derive from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trinario.model.consent import RecordConsent
from trinario.model.effect import ChangeContact
from trinario.model.heard import Heard


@dataclass(frozen=True, slots=True)
class MessageHeard:
    """She did something on a channel. `new` says that nothing was ever heard of her before."""

    origin: str
    at: datetime
    heard: Heard
    new: bool = False


@dataclass(frozen=True, slots=True)
class ClockRang:
    """A session's `wake_at` has come."""

    origin: str
    at: datetime
    session: str


@dataclass(frozen=True, slots=True)
class EventArrived:
    """Something happened outside (`order.paid`), told by the API or by another flow.

    `hops` counts the flows and events that led to this one since she last wrote; 0: it came from outside.
    """

    origin: str
    at: datetime
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Switched:
    """A link was followed and her identity on `channel` is linked; `offer` names the wait that offered it."""

    origin: str
    at: datetime
    session: str
    offer: str
    channel: str


@dataclass(frozen=True, slots=True)
class SwitchEnded:
    """A link led nowhere. `outcome`: declined or unavailable."""

    origin: str
    at: datetime
    session: str
    offer: str
    outcome: str


@dataclass(frozen=True, slots=True)
class FateKnown:
    """A message that a session waits for was accepted, refused by policy, or failed."""

    origin: str
    at: datetime
    session: str
    key: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CallReturned:
    """A call to the outside is over. `outcome`: answered, or failed for `reason`; `status` and `headers` of HTTP only."""

    origin: str
    at: datetime
    session: str
    key: str
    outcome: str
    status: int | None = None
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnerReturned:
    """The people of the team are done, or silent for long enough: the bot has the contact again."""

    origin: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FlowWanted:
    """Somebody (an operator, a talk, a campaign) begins a flow for her.

    `campaign` is the number of the slot that brings it, 0 for none; `trigger` what the flow is told of it. With `if_busy`
    `interrupt` a pending question goes aside, else the flow gives way to it.
    """

    origin: str
    at: datetime
    flow: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    campaign: int = 0
    trigger: Mapping[str, Any] = field(default_factory=dict)
    if_busy: str = ""


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """Somebody outside (the API, an import, an operator) changes what is known of her: the change is made now."""

    origin: str
    at: datetime
    change: ChangeContact


@dataclass(frozen=True, slots=True)
class TriggerDue:
    """The time of a trigger has come for her: `key` names it within its flow, `due` is when it was to be.

    `offset` (of a `date`) is written as an author writes it: `-1d`, `2h`, `0s`.
    """

    origin: str
    at: datetime
    flow: str
    key: str
    due: datetime
    offset: str = ""


@dataclass(frozen=True, slots=True)
class StatusTold:
    """A message of ours came to `status` (sent, delivered, read, failed, refused); `flow` and `step` said it.

    `hops` counts the flows and events that led to this one since she last wrote.
    """

    origin: str
    at: datetime
    status: str
    flow: str
    step: str
    channel: str
    reason: str = ""
    hops: int = 0


@dataclass(frozen=True, slots=True)
class IdentityLinked:
    """An identity of hers on a further channel is known from now on."""

    origin: str
    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class ConsentTold:
    """The platform says what she allows: the entry is made now."""

    origin: str
    at: datetime
    entry: RecordConsent


@dataclass(frozen=True, slots=True)
class Redeployed:
    """A newer revision of its flow took the session over, and the step at which it stands has yet to begin."""

    origin: str
    at: datetime
    session: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What began a session was called off before it went out: unless she has answered in it by now, it is over."""

    origin: str
    at: datetime
    session: str
    reason: str


Event = (
    MessageHeard | ClockRang | EventArrived | Switched | SwitchEnded | FateKnown | OwnerReturned | FlowWanted
    | ContactChanged | TriggerDue | StatusTold | IdentityLinked | ConsentTold
    | Redeployed | CallReturned | Unsaid
)  # fmt: skip
