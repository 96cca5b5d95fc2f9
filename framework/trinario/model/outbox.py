"""One row, one POST: a message of ours on its way, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from trinario.model.channel import Identity
from trinario.model.failure import Failure
from trinario.model.message import Content

OutboxStatus = Literal["pending", "sending", "unknown", "accepted", "sent", "delivered", "read", "failed", "refused"]

RANK = {"pending": 0, "sending": 1, "unknown": 2, "accepted": 3, "sent": 4, "delivered": 5, "read": 6}
"""Fates move up only; `failed` and `refused` are ends, and a late `failed` does not undo `delivered`."""


STATUS: dict[int, str] = {rank: name for name, rank in RANK.items()} | {7: "failed", 8: "refused", 9: "withdrawn"}
"""What became of a message, by the number that the outbox keeps."""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One message to one identity. `key` is `origin/number/index/copy/part`; `seq` is the order among her rows.

    `typing` are milliseconds of a typing indicator before it; `prior` is what she last did on that channel (a message id).
    `persona` is who speaks: a name of bot.yaml, or right before it goes the platform's id; "": nobody in particular.
    `file` (name, bytes) goes along where the platform takes files with the message that shows them.
    """

    id: int
    key: str
    contact: int
    identity: Identity
    content: Content
    purpose: str = "service"
    attempts: int = 0
    human: bool = False
    reply_to: str = ""
    typing: int = 0
    prior: str = ""
    persona: str = ""
    file: tuple[str, bytes] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of an allowance is used, as the platform's answers tell: percent, and seconds until there is some again."""

    of: str
    percent: float
    regain: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it. `identity` is hers when the answer shows another id than the one we wrote to.

    `uploaded` is the platform's id of a file that went along: the next message needs only that.
    """

    external_id: str
    identity: Identity | None = None
    usage: Usage | None = None
    uploaded: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """The platform did not take it, for certain."""

    failure: Failure
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost: it may be with her or not."""

    reason: str = ""
    usage: Usage | None = None


SendResult = Sent | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why policy did not let a message go: a code (window_closed, no_identity, owner, consent ...) and words."""

    code: str
    detail: str = ""
    until: datetime | None = field(default=None)
