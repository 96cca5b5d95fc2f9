"""What comes in to the engine. Every event carries when it happened and the origin its turn's keys derive from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trinario.model.message import Heard


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
    """Something happened outside (`order.paid`), told by the API or by another flow."""

    origin: str
    at: datetime
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


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
class OwnerReturned:
    """The people of the team are done, or silent for long enough: the bot has the contact again."""

    origin: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FlowWanted:
    """Somebody (an operator, a talk, a campaign) begins a flow for her."""

    origin: str
    at: datetime
    flow: str
    inputs: Mapping[str, Any] = field(default_factory=dict)


Event = MessageHeard | ClockRang | EventArrived | Switched | SwitchEnded | FateKnown | OwnerReturned | FlowWanted
