"""Steps whose deed lies beyond the conversation: sequences, notices, events, draws."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trinario.expressions import Phrase
from trinario.model.flow.steps import StepBase
from trinario.model.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Enroll(StepBase):
    sequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unenroll(StepBase):
    sequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify(StepBase):
    """`to` are teams of the bot and addresses (mailto:, https:)."""

    to: tuple[str, ...]
    note: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Emit(StepBase):
    """`data` maps names to phrases or plain values."""

    event: str
    data: Mapping[str, Phrase | Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(StepBase):
    draw: str
    save: str | None = None
