"""A segment as a question to the database: a small closed tree, the same for SQLite and PostgreSQL.

A test is true, false, or a fault where the expression itself would be one; a fault at the top means: not of the segment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from trinario.expressions import Condition
from trinario.model.value import Value

Sign = Literal["eq", "lt", "lteq", "gt", "gteq"]

FLIPPED: Mapping[str, Sign] = {"eq": "eq", "lt": "gt", "lteq": "gteq", "gt": "lt", "gteq": "lteq"}
"""The sign that says the same with the sides changed over."""


# ---- what is looked at in her


@dataclass(frozen=True, slots=True)
class Field:
    """A declared contact field; `default` is what it is when nothing was saved."""

    name: str
    default: Value = None


@dataclass(frozen=True, slots=True)
class Trait:
    """Something of her that is no field: `language`, `last_heard` (of a channel), `wants` (a purpose, on a channel) ..."""

    name: str
    of: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A text in small letters. As a method it is a fault on an empty value; as a filter that is the empty text."""

    side: "Field | Trait"
    method: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """`year`, `month`, `day` ... of a field that is a date; a fault where there is none."""

    side: Field
    name: str


Side = Field | Trait | Lowered | Part


# ---- what it is held against


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that stands in the expression."""

    value: Value


@dataclass(frozen=True, slots=True)
class Given:
    """A value that is worked out when the question is asked: the number of one of the segment's `givens`."""

    number: int


Other = Fixed | Given


# ---- tests


@dataclass(frozen=True, slots=True)
class Sure:
    """True or false of everybody."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Depends:
    """True or false of everybody, by a value that is worked out when the question is asked."""

    on: Given


@dataclass(frozen=True, slots=True)
class Compared:
    """`left sign right`."""

    left: Side
    sign: Sign
    right: Other


@dataclass(frozen=True, slots=True)
class OneOf:
    """`left in [...]`."""

    left: Side
    among: tuple[Other, ...]


@dataclass(frozen=True, slots=True)
class AmongGiven:
    """`left in x`, where x is a list that is worked out."""

    left: Side
    among: Given


@dataclass(frozen=True, slots=True)
class Holding:
    """`part in whole`: part of a text, item of a list, key of a mapping."""

    whole: Side
    part: Other


@dataclass(frozen=True, slots=True)
class Begins:
    """`left.startswith(part)`, or with `ends` its end."""

    left: Side
    part: str
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """`left is none`; with `empty` also a text, list or mapping with nothing in it."""

    left: Side
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether it holds by itself: not empty, 0, false, or with nothing in it."""

    left: Side


@dataclass(frozen=True, slots=True)
class Tagged:
    """`tag in tags`; without a tag, whether there is any."""

    tag: Other | None


@dataclass(frozen=True, slots=True)
class HasChannel:
    """`channel in contact.channels`: an identity of hers is on that channel."""

    channel: Other


Fact = Literal["in_flow", "received", "enrolled", "reachable"]
"""What is asked by a function and lies beside the contact: sessions, campaigns, sequences, addresses that work."""

FACTS: tuple[Fact, ...] = ("in_flow", "received", "enrolled", "reachable")


Told = tuple[Fact, str, int]
"""A fact, whom or what it is asked of, and within how many seconds it must have come about (0: whenever)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`in_flow('booking')`, `received('spring')`, `received('spring', '30d')`, `enrolled('news')`, `reachable('whatsapp')`."""

    fact: Fact
    name: str
    within: int = 0


@dataclass(frozen=True, slots=True)
class All:
    """Every one, from the left."""

    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True)
class Any_:
    """At least one, from the left."""

    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True)
class No:
    """Not."""

    test: "Test"


Test = (
    Sure | Depends | Compared | OneOf | AmongGiven | Holding | Begins | Absent | Truth | Tagged | HasChannel | Standing
    | All | Any_ | No
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """A condition that the database can be asked. `fields` are those it reads; `facts` what it asks beside the contact."""

    condition: Condition
    test: Test
    givens: tuple[Condition, ...] = ()
    fields: frozenset[str] = frozenset()
    facts: frozenset[Told] = frozenset()


FAULT = object()
"""A value that could not be worked out."""


@dataclass(frozen=True, slots=True)
class Question:
    """A segment at a moment. `values` has for every given what it is worth: one value, or several where it depends on the
    clock of each contact, and is then certain for nobody between the least and the greatest of them. With `since` they
    hold for the time from then to now: whoever that time may have moved is doubtful."""

    segment: Segment
    now: datetime
    values: tuple[tuple[Value, ...], ...] = ()
    locale: str = ""
    platforms: Mapping[str, str] = field(default_factory=dict)
    windows: Mapping[str, int] = field(default_factory=dict)
    since: datetime | None = None
