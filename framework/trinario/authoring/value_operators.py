"""What operators, filters, tests and methods take and give: the same table as the engine's, over kinds of values."""

from collections.abc import Mapping
from dataclasses import dataclass

from trinario.authoring.value_types import (
    ANY,
    DATE,
    DATETIME,
    DURATION,
    LIST,
    NUMBER,
    TEXT,
    TIME,
    YES_NO,
    Type,
    item_of,
    joined,
    of,
    several,
)

Pairs = Mapping[tuple[str, str], str]

_MOVED = {(one, "duration"): one for one in ("date", "datetime", "duration")}
_NUMBERS: Pairs = {("number", "number"): "number"}
ARITHMETIC: Mapping[str, Pairs] = {
    "add": {
        **_NUMBERS, **_MOVED, **{(two, one): kind for (one, two), kind in _MOVED.items()}, ("text", "text"): "text",
        ("list", "list"): "list",
    },
    "sub": {**_NUMBERS, **_MOVED, ("date", "date"): "duration", ("datetime", "datetime"): "duration"},
    "mul": _NUMBERS, "div": _NUMBERS, "floordiv": _NUMBERS, "mod": _NUMBERS, "pow": _NUMBERS,
}  # fmt: skip
"""Operator -> the kinds left and right of it -> the kind of what it gives."""

_SAME = ("number", "text", "date", "datetime", "time", "duration")
ORDERED: Pairs = {(kind, kind): "yes_no" for kind in _SAME}
EQUAL: Pairs = {(kind, kind): "yes_no" for kind in (*_SAME, "yes_no", "list", "mapping", "function")}
HOLDS: Pairs = {
    **{(kind, container): "yes_no" for kind in (*_SAME, "yes_no", "list", "mapping") for container in ("list", "mapping")},
    ("text", "text"): "yes_no",
}  # fmt: skip
"""What can be in what: left of `in` and right of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operator gives; `fits` and `clashes` count the pairs of kinds that it takes, and that it does not."""

    type: Type
    fits: int
    clashes: int


def combined(pairs: Pairs, left: Type, right: Type) -> Outcome:
    """The operator on two types; `any` and always empty sides fit wherever one pair does."""
    ones, twos = (side.kinds if side.kinds else ANY.kinds for side in (left, right))
    given: set[str] = set()
    fits = clashes = 0
    for one in ones:
        for two in twos:
            found = {kind for (a, b), kind in pairs.items() if one in (a, "any") and two in (b, "any")}
            fits, clashes = (fits + 1, clashes) if found else (fits, clashes + 1)
            given |= found
    kind = of(*given) if len(given) == 1 or not (left.free or right.free) else ANY
    return Outcome(kind if given else ANY, fits, clashes)


@dataclass(frozen=True, slots=True)
class Takes:
    """What stands before a filter, test or method: `kinds` that it takes (none: all), `gives` when that is one type."""

    kinds: frozenset[str] = frozenset()
    gives: Type | None = None


def _takes(kinds: str, gives: Type | None) -> Takes:
    return Takes(frozenset(kinds.split()), gives)


_GROUPED, _MEASURED = "list mapping", "text list mapping"
FILTERS: Mapping[str, Takes] = {
    **dict.fromkeys(
        ("capitalize", "lower", "title", "trim", "upper", "replace", "truncate", "urlencode", "label"), Takes(gives=TEXT)
    ),
    "abs": _takes("number", NUMBER), "round": _takes("number", NUMBER), "number": _takes("number", TEXT),
    "int": _takes("number text", NUMBER), "decimal": _takes("number text", NUMBER),
    "date": _takes("text date datetime time", TEXT), "length": _takes(_MEASURED, NUMBER),
    "join": _takes(_GROUPED, TEXT), "first": _takes(_MEASURED, None), "last": _takes(_MEASURED, None),
    "max": _takes(_GROUPED, None), "min": _takes(_GROUPED, None), "sum": _takes(_GROUPED, NUMBER),
    "sort": _takes(_GROUPED, LIST), "unique": _takes(_GROUPED, LIST), "default": Takes(),
}  # fmt: skip

TESTS: Mapping[str, Takes] = {name: _takes("number", YES_NO) for name in ("even", "odd", "divisibleby")}

METHODS: Mapping[str, Takes] = {
    **dict.fromkeys(("strip", "upper", "lower", "title", "capitalize"), _takes("text", TEXT)),
    **dict.fromkeys(("startswith", "endswith", "isdigit"), _takes("text", YES_NO)),
    "split": _takes("text", several(TEXT)), "get": _takes("mapping", None), "keys": _takes("mapping", several(TEXT)),
    "values": _takes("mapping", LIST), "items": _takes("mapping", LIST), "count": _takes("text list", NUMBER),
    "isoformat": _takes("date datetime time", TEXT), "isoweekday": _takes("date datetime", NUMBER),
    "date": _takes("datetime", DATE), "time": _takes("datetime", TIME),
}  # fmt: skip


def filtered(name: str, value: Type, arguments: list[Type]) -> Type:
    """What `value | name(arguments)` gives."""
    fixed = FILTERS[name].gives
    if name == "default":
        return joined([value, *(arguments or [TEXT])]) if value.kinds else ANY
    if name in ("sort", "unique"):
        return several(item_of(value))
    if name in ("int", "decimal"):
        return joined([NUMBER, *arguments])
    return item_of(value) if fixed is None else fixed


CALLED = {
    "ago": DATETIME, "duration": DURATION,
    **dict.fromkeys(("wants", "window_open", "in_flow", "received", "enrolled", "reachable"), YES_NO),
}  # fmt: skip
"""What functions give."""
