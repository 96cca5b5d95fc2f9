"""Types of values as expressions have them: which kinds a value may be of, what its parts are. Emptiness is no kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from trinario.authoring.near import listed
from trinario.authoring.spec.answers import ANSWERS
from trinario.expressions import Known


@dataclass(frozen=True, slots=True)
class Type:
    """A value is of one of `kinds`, or empty. `members` are the parts of a mapping (None: anybody's guess), `item`
    what a list holds. The kind `any` swallows all others."""

    kinds: frozenset[str]
    members: "Mapping[str, Type] | None" = None
    item: "Type | None" = None

    @property
    def free(self) -> bool:
        """Whether nothing can be said of it: of any kind, or always empty."""
        return not self.kinds or "any" in self.kinds

    @property
    def shown(self) -> str:
        """`a number`, `a text or a date`."""
        return listed(sorted(WORDS[kind] for kind in self.kinds), last="or") if self.kinds else "an empty value"


WORDS = {
    "any": "a value", "text": "a text", "number": "a number", "yes_no": "true or false", "date": "a date",
    "datetime": "a date with time", "time": "a time", "duration": "a span of time", "list": "a list",
    "mapping": "a group of values", "function": "something to call",
}  # fmt: skip


def of(*kinds: str) -> Type:
    """The type of values that may be of these kinds."""
    return Type(frozenset(kinds))


def group(members: Mapping[str, Type]) -> Type:
    """A mapping of which every part is known."""
    return Type(frozenset({"mapping"}), members)


def several(item: Type) -> Type:
    """A list of such values."""
    return Type(frozenset({"list"}), item=item)


ANY, EMPTY = of("any"), of()
TEXT, NUMBER, YES_NO, LIST, MAPPING = of("text"), of("number"), of("yes_no"), of("list"), of("mapping")
DATE, DATETIME, TIME, DURATION = of("date"), of("datetime"), of("time"), of("duration")
_DAY = dict.fromkeys(("year", "month", "day"), NUMBER)
_CLOCK = dict.fromkeys(("hour", "minute", "second"), NUMBER)
PARTS: dict[str, Mapping[str, Type]] = {
    "date": _DAY, "time": _CLOCK, "datetime": {**_DAY, **_CLOCK}, "duration": {"days": NUMBER, "seconds": NUMBER},
}  # fmt: skip
"""What can be reached of a moment or a span."""

MEDIA = group(dict.fromkeys(("kind", "id", "url", "mime_type", "filename", "file"), TEXT))
LOCATION = group({"latitude": NUMBER, "longitude": NUMBER, "name": TEXT, "address": TEXT})
_ORDER = group({"catalog": TEXT, "items": several(ANY), "total": ANY, "currency": TEXT, "note": TEXT})
_PERSON = group(dict.fromkeys(("name", "first_name", "last_name", "phone", "email"), TEXT))

_DECLARED = {
    "text": TEXT, "name": TEXT, "email": TEXT, "phone": TEXT, "url": TEXT, "number": NUMBER, "money": NUMBER,
    "yes_no": YES_NO, "date": DATE, "time": TIME, "datetime": DATETIME, "duration": DURATION, "list": LIST,
    "mapping": MAPPING, "image": MEDIA, "media": MEDIA, "location": LOCATION, "address": TEXT, "rating": NUMBER,
    "nps": NUMBER, "multi_choice": LIST, "video": MEDIA, "audio": MEDIA, "document": MEDIA, "contact": _PERSON,
    "order": _ORDER, "form": MAPPING, "otp": TEXT,
}  # fmt: skip


def declared(kind: str) -> Type:
    """The type of a field, variable or input that is declared as `kind`."""
    return _DECLARED.get(kind, ANY)


def answered(kind: str) -> Type:
    """The type of an answer to a question of the type `kind`."""
    return _DECLARED.get(kind) or declared(ANSWERS[kind].gives if kind in ANSWERS else "any")


def of_value(value: object) -> Type:
    """The type of a value that stands in a file."""
    if isinstance(value, Mapping):
        return group({str(key): of_value(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return several(joined(map(of_value, value)) if value else ANY)
    return next((kind for types, kind in _VALUES if isinstance(value, types)), EMPTY if value is None else ANY)


_VALUES: tuple[tuple[tuple[type, ...], Type], ...] = (
    ((bool,), YES_NO), ((str,), TEXT), ((int, Decimal), NUMBER), ((datetime,), DATETIME), ((date,), DATE),
    ((time,), TIME), ((timedelta,), DURATION),
)  # fmt: skip


def joined(types: Iterable[Type]) -> Type:
    """What a value is that comes from one of several places."""
    several_types = [one for one in types if one.kinds]
    if len(several_types) < 2:
        return several_types[0] if several_types else EMPTY
    kinds = frozenset().union(*(one.kinds for one in several_types))
    if "any" in kinds:
        return ANY
    groups = [one.members for one in several_types if "mapping" in one.kinds]
    items = [one.item for one in several_types if "list" in one.kinds]
    return Type(kinds, _merged(groups), joined(map(_certain, items)) if items else None)


def _merged(groups: list[Mapping[str, Type] | None]) -> Mapping[str, Type] | None:
    known = [one for one in groups if one is not None]
    if len(known) < len(groups) or not known:
        return None
    return {name: joined(one[name] for one in known if name in one) for one in known for name in one}


def _certain(item: Type | None) -> Type:
    return item if item is not None else ANY


def part(whole: Type, name: str) -> Type:
    """The type of `whole.name`; ANY where nothing is known, or nothing is there (which T031 tells)."""
    if whole.members is not None and whole.kinds == {"mapping"}:
        return whole.members.get(name, ANY)
    if len(whole.kinds) == 1:
        return PARTS.get(next(iter(whole.kinds)), {}).get(name, ANY)
    return ANY


def item_of(whole: Type) -> Type:
    """The type of what a list holds, of the keys of a mapping, of the letters of a text."""
    found = []
    for kind in whole.kinds:
        found.append(_certain(whole.item) if kind == "list" else TEXT if kind in ("mapping", "text") else ANY)
    return joined(found) if found else ANY


def known_of(kind: Type) -> Known:
    """What names may follow a value of this type."""
    if kind.free or "function" in kind.kinds:
        return Known() if kind.free else Known({})
    members: dict[str, Known] = {}
    for one in kind.kinds:
        if one == "mapping":
            if kind.members is None:
                return Known()
            members |= {name: known_of(inner) for name, inner in kind.members.items()}
        else:
            members |= dict.fromkeys(PARTS.get(one, ()), Known({}))
    return Known(members)
