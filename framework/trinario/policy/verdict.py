"""What policy answers for one message: Allow, Defer or Refuse, each with the whole walk that led to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trinario.model.channel import Identity
from trinario.model.message import Content
from trinario.model.outbox import Refusal

Answer = Literal["allow", "defer", "refuse"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One channel of the walk: what it answered, and why; `until` is when it might answer otherwise."""

    channel: str
    answer: Answer
    code: str = ""
    detail: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    """It may go to this identity, in this form. `purpose` is what policy took it for: a marketing template is marketing,
    whatever its flow says. `walk` are the channels that were asked before, () if it was the first."""

    identity: Identity
    content: Content
    purpose: str = "service"
    walk: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Defer:
    """It may go, but not before `until`; then it is asked again. `content` is the form that is right then."""

    identity: Identity
    content: Content
    refusal: Refusal
    until: datetime
    purpose: str = "marketing"
    walk: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    """It may not go; `channel` is where it would have gone first, "" if nowhere."""

    refusal: Refusal
    channel: str = ""
    walk: tuple[Asked, ...] = ()


Verdict = Allow | Defer | Refuse
