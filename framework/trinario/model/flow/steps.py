"""Steps that talk, decide and wait; the other kinds stand beside this file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trinario.expressions import Condition, Phrase
from trinario.model.duration import Duration
from trinario.model.flow.said import Choice, ChoicesFrom, Delivery, FeedbackCard, Message, Remind, Words
from trinario.model.hours import Hours
from trinario.model.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBase:
    """What every step has. `exits` maps exit names to steps; `line` is 1-based in the flow's file."""

    name: str
    line: int = 0
    next: str | None = None
    condition: Condition | None = None
    counts: str | None = None
    exits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(StepBase):
    messages: tuple[Message, ...]
    typing: Duration | None = None
    reply: bool = False
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(StepBase):
    """`min` and `max` bound the answer, as `type` has it; a Phrase there is worked out when an answer comes.

    Of the type `otp`: `phone` is where the code goes, `template` what brings it, `expires` how long it holds.
    """

    messages: tuple[Message, ...]
    type: str = "text"
    choices: tuple[Choice, ...] | ChoicesFrom = ()
    save: str | None = None
    min: Value = None
    max: Value = None
    pattern: str | None = None
    error: Words | None = None
    retries: int = 2
    timeout: Duration | None = None
    default: Phrase | None = None
    skip_if_known: bool = False
    remind: Remind | None = None
    burst: Duration | None = None
    change: bool = False
    interrupt: bool = True
    button: Words | None = None
    reply: bool = False
    delivery: Delivery | None = None
    phone: Phrase | None = None
    template: str = ""
    expires: Duration | None = None
    feedback: FeedbackCard | None = None


@dataclass(frozen=True, slots=True)
class BranchCase:
    """One line of a branch; the last has no condition (else)."""

    condition: Condition | None
    next: str | None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(StepBase):
    cases: tuple[BranchCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(StepBase):
    """`values` maps dotted paths (vars.x, fields.y, contact.language) to phrases or plain values."""

    values: Mapping[str, Phrase | Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(StepBase):
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untag(StepBase):
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(StepBase):
    """Either `duration`, or `until` (a moment) moved by `offset`. `between` are minutes of the local day."""

    duration: Duration | None = None
    until: Condition | None = None
    offset: Duration | None = None
    offset_back: bool = False
    between: tuple[int, int] | None = None
    days: frozenset[int] = frozenset()
    zone: str | None = None
    late: Duration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(StepBase):
    flow: str
    inputs: Mapping[str, Phrase | Value] = field(default_factory=dict)
    save: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(StepBase):
    flow: str
    inputs: Mapping[str, Phrase | Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(StepBase):
    goal: str
    value: Phrase | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff(StepBase):
    """The contact goes to people; the bot steps back. `after` is the silence after which the bot comes back; `hours` take the
    place of those of the team."""

    team: str
    note: Phrase | None = None
    priority: str | None = None
    resume: Literal["next", "ask_again", "restart", "end"] = "end"
    after: Duration | None = None
    hours: Hours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchChannel(StepBase):
    """`confirm`: None is auto (ask when something personal is known)."""

    channels: tuple[str, ...]
    text: Words | None = None
    button: Words | None = None
    expires: Duration | None = None
    confirm: bool | None = None
