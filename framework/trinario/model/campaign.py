"""Scheduled sending: campaigns that go to a segment, sequences that go on from the day somebody is enrolled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from trinario.expressions import Condition, Phrase
from trinario.model.duration import Duration
from trinario.model.flow.said import Delivery, Message
from trinario.model.flow.triggers import ExitWhen
from trinario.model.policy import Rules

CONTACT_ZONE = "contact"
"""The zone of a schedule that goes by the clock of every contact."""

HOLDOUT = "holdout"
"""The lot of those who get nothing, so that it can be seen what the others would have done anyway."""

IfBusy = Literal["defer", "skip", "interrupt"]


@dataclass(frozen=True, slots=True)
class At:
    """Once, at a time on the wall (naive). `zone`: a zone's name, `contact`, or "" for the bot's."""

    local: datetime
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Every:
    """By a time table of five parts, as `campaign.schedule` reads it; `zone` as in At."""

    cron: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class On:
    """For one contact whenever `event` comes for her, if `match` (an expression over `event`) holds."""

    event: str
    match: Condition | None = None


Schedule = At | Every | On


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `count` messages in `seconds`, over all channels of the campaign."""

    count: int
    seconds: int = 1

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.count / self.seconds

    def __str__(self) -> str:
        return f"{self.count}/{ {1: 's', 60: 'm', 3600: 'h', 86_400: 'd'}.get(self.seconds, f'{self.seconds}s') }"


A_WEEK = Duration(days=7)


@dataclass(frozen=True, slots=True)
class Aim:
    """What a campaign is for: the goal or event of that name, if it comes `within` this time after the message."""

    name: str
    within: Duration = A_WEEK


@dataclass(frozen=True, slots=True)
class Budget:
    """What it may cost at most, in a currency of ISO 4217."""

    max: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Side:
    """One variant: of all weights together, `weight` of so many contacts get it.

    What it does not say of `messages`, `flow` and `delivery` is said by the campaign or step that it is a variant of.
    """

    name: str
    weight: int
    messages: tuple[Message, ...] = ()
    flow: str | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Variants:
    """Sides and a holdout, whose weights sum to more than 0. `key` is what the lot is drawn by, together with the contact."""

    key: str
    sides: tuple[Side, ...]
    holdout: int = 0

    @property
    def weights(self) -> tuple[tuple[str, int], ...]:
        """Every lot with its weight, the holdout last and only if there is one."""
        held = ((HOLDOUT, self.holdout),) if self.holdout else ()
        return (*((side.name, side.weight) for side in self.sides), *held)

    def side(self, name: str) -> Side | None:
        """The side of that name; None for the holdout and for what is none."""
        return next((side for side in self.sides if side.name == name), None)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One message, or a flow, to everybody of whom `segment` is true (None: all contacts) and none of `exclude`.

    `schedule` None: as soon as it is started. It says `messages` or begins `flow`, unless a variant has its own.
    `channels` are those it may use (names or platforms; empty: all). `rules` are the quiet hours and caps of its own,
    tighter than the bot's; `late`: who could only be reached later than this gets nothing (None: it is sent whenever).
    `words` holds translations: locale -> key -> phrase. `revision` is a hash of what its author wrote.
    """

    name: str
    revision: str
    purpose: str = "marketing"
    title: str = ""
    segment: Condition | None = None
    exclude: tuple[Condition, ...] = ()
    schedule: Schedule | None = None
    messages: tuple[Message, ...] = ()
    flow: str | None = None
    channels: tuple[str, ...] = ()
    delivery: Delivery | None = None
    rules: Rules | None = None
    pace: Pace | None = None
    late: Duration | None = None
    if_busy: IfBusy = "defer"
    variants: Variants | None = None
    goal: Aim | None = None
    budget: Budget | None = None
    locale: str = "en"
    words: Mapping[str, Mapping[str, Phrase]] = field(default_factory=dict)
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class SequenceStep:
    """One message or flow of a sequence, `day` calendar days after the day of enrolment.

    `at`: minutes of the local day (None: the time of day of the enrolment). `days`: the days of the week on which it may
    come, Monday 0 (empty: all); one that it moves is moved to the next of them, and the later steps by as many days.
    `condition`: it is left out when this is false. `split`: who of them gets what.
    """

    name: str
    day: int
    at: int | None = None
    days: frozenset[int] = frozenset()
    condition: Condition | None = None
    messages: tuple[Message, ...] = ()
    flow: str | None = None
    delivery: Delivery | None = None
    split: Variants | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Sequence:
    """Messages that come one after another from the day on that somebody is enrolled, by a flow or by `segment`.

    Who comes into `segment` is enrolled by itself (None: nobody is). `zone`: a zone's name, `contact`, or "" for the
    bot's. `steps` keep the order of the file; their days never go back. `exit_when` ends it for her. `late`: a step that
    could only come later than this is left out (None: it comes whenever). `again`: who was in it before comes into it anew
    so long after that was over (None: never; a duration of nothing: at once). The rest as in a Campaign.
    """

    name: str
    revision: str
    steps: Mapping[str, SequenceStep]
    purpose: str = "marketing"
    title: str = ""
    zone: str = CONTACT_ZONE
    segment: Condition | None = None
    again: Duration | None = None
    exit_when: tuple[ExitWhen, ...] = ()
    channels: tuple[str, ...] = ()
    delivery: Delivery | None = None
    rules: Rules | None = None
    late: Duration | None = None
    if_busy: IfBusy = "defer"
    goal: Aim | None = None
    locale: str = "en"
    words: Mapping[str, Mapping[str, Phrase]] = field(default_factory=dict)
    file: str = ""
    line: int = 0
