"""Where each thing that a segment asks of her lies, as SQL: its guards by kind, its emptiness, and how values compare."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from trinario.errors import EvaluationError
from trinario.expressions.operators import contains, equal, order
from trinario.model.value import Value

Verdict = bool | None
"""Of a value that is known already: true, false, or a fault (None)."""


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement with the values of its `?`."""

    text: str
    values: tuple[Value, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)


TRUE, FALSE, NULL, NOTHING = Sql("TRUE"), Sql("FALSE"), Sql("CAST(NULL AS boolean)"), Sql("")


def put(template: str, *pieces: Sql) -> Sql:
    """The template with the pieces in its `{}`, one after another."""
    return Sql(template.format(*(piece.text for piece in pieces)), tuple(v for piece in pieces for v in piece.values))


def either(*pieces: Sql) -> Sql:
    """At least one of them; FALSE without any."""
    several = [piece for piece in pieces if piece and piece != FALSE]
    if len(several) < 2:
        return several[0] if several else FALSE
    return put("(" + " OR ".join("{}" for _ in several) + ")", *several)


def both(*pieces: Sql) -> Sql:
    """Every one of them."""
    several = [piece for piece in pieces if piece and piece != TRUE]
    if len(several) < 2:
        return several[0] if several else TRUE
    return put("(" + " AND ".join("{}" for _ in several) + ")", *several)


def sure(verdict: Verdict) -> Sql:
    """A verdict as SQL."""
    return NULL if verdict is None else TRUE if verdict else FALSE


Against = Callable[[str, Value], Sql]
"""(sign, value) -> the comparison; of values of the piece's own kind only."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The value where it is of one kind: `guard` says that it is, `against` compares it, `text` is it where it is a text."""

    guard: Sql
    against: Against
    text: Sql = NOTHING


@dataclass(frozen=True, slots=True)
class Probe:
    """Something of her. `none`: it is empty; `missing`: nothing was saved, and it is `default`.

    `void` is what an empty value counts as (None: itself); with `strict` a value of no kind below is a fault even where
    only equality is asked; `odd` are those who must be looked at one by one.
    """

    kinds: Mapping[str, tuple[Piece, ...]]
    none: Sql
    missing: Sql = NOTHING
    default: Value = None
    void: Value = None
    strict: bool = False
    odd: Sql = NOTHING
    truth: Sql = NOTHING
    empty: Sql = NOTHING
    items: Callable[[Value], Sql | None] | None = None
    array: Sql = NOTHING
    groups: Sql = NOTHING


class Broken:
    """A value that cannot be worked out: the part of a date that is not there."""


BROKEN = Broken()
SIGNS = {"eq": "=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}


def kind_of(value: Value) -> str:
    """The kind by which a value is compared; "" for what nothing equals."""
    for kinds, word in _KINDS:
        if isinstance(value, kinds):
            return word
    return ""


_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((bool,), "yes_no"), ((str,), "text"), ((int, float, Decimal), "number"), ((datetime,), "datetime"),
    ((date,), "date"), ((time,), "time"), ((timedelta,), "duration"), ((list, tuple), "list"),
)  # fmt: skip


def judged(left: Value, sign: str, right: Value) -> Verdict:
    """What the expression itself says of two values."""
    if left is BROKEN:
        return None
    try:
        if sign == "eq":
            return equal(left, right)
        found = order(left, right)
    except EvaluationError:
        return None
    return found in {"lt": (-1,), "lteq": (-1, 0), "gt": (1,), "gteq": (1, 0)}[sign]


def held(whole: Value, part: Value) -> Verdict:
    """What `part in whole` says of two values."""
    try:
        return None if whole is BROKEN else contains(whole, part)
    except EvaluationError:
        return None


def json_number(value: Value) -> str:
    """A number as JSON has it, to the last digit."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return format(number, "f")


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment, exactly."""
    span = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def against_ms(column: Sql) -> Against:
    """Compares a column of milliseconds with an aware moment, whose microseconds may lie between two of them."""

    def against(sign: str, value: Value) -> Sql:
        if value.tzinfo is None:
            return FALSE if sign == "eq" else NULL
        whole, rest = divmod(micros(value), 1000)
        if sign == "eq":
            return FALSE if rest else put("{} = {}", column, Sql("?", (whole,)))
        if sign in ("lt", "gteq") and rest:  # ms < 5.3 is ms < 6, ms >= 5.3 is ms >= 6
            whole += 1
        return put(f"{{}} {SIGNS[sign]} {{}}", column, Sql("?", (whole,)))

    return against
