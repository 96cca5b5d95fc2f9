"""The filters an author may write after `|`. Each is `(run, value, ...)`; emptiness passes through unharmed."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol
from urllib.parse import quote

from trinario.errors import EvaluationError
from trinario.expressions import locales
from trinario.expressions.limits import DATE_PATTERN_CHARACTERS, OUTPUT_CHARACTERS
from trinario.expressions.operators import ARITHMETIC, add, fitting, known, number_of, order
from trinario.expressions.predicates import is_empty
from trinario.expressions.printing import describe, text_of

LOCALE = "$locale"
"""Key of the scope under which the language of the contact stands (`it`, `pt_BR`); no author can write it."""

LABELS = "$labels"
"""Key of the scope under which titles of choices stand: `{"answers.colour": {"red": "Rosso"}}`."""


class Work(Protocol):
    """What a filter may ask of the run it is part of."""

    @property
    def scope(self) -> Mapping[str, object]: ...
    def spend(self, cost: int) -> None: ...


def _text(value: object) -> str:
    return text_of(known(value))


def _default(run: Work, value: object, instead: object = "") -> object:
    return known(instead) if is_empty(value) else value


def _upper(run: Work, value: object) -> str:
    return _text(value).upper()


def _lower(run: Work, value: object) -> str:
    return _text(value).lower()


def _title(run: Work, value: object) -> str:
    run.spend(len(text := _text(value)) >> 3)
    return re.sub(r"[^\W\d_]+(['\u2019][^\W\d_]+)*", lambda word: word[0][:1].upper() + word[0][1:].lower(), text)


def _capitalize(run: Work, value: object) -> str:
    return _text(value)[:1].upper() + _text(value)[1:].lower()


def _trim(run: Work, value: object) -> str:
    return _text(value).strip()


def _length(run: Work, value: object) -> int:
    if known(value) is None:
        return 0
    if isinstance(value, str | list | tuple | Mapping | set | frozenset):
        return len(value)
    raise EvaluationError(f"{describe(value)} has no length")


def _items(value: object) -> list[object]:
    """A list of what `value` holds; an empty value holds nothing."""
    if known(value) is None:
        return []
    if isinstance(value, set | frozenset):
        return sorted(value, key=text_of)
    if isinstance(value, list | tuple | Mapping):
        return list(value)
    raise EvaluationError(f"a list is needed here, not {describe(value)}")


def _join(run: Work, value: object, separator: object = ", ") -> str:
    between, pieces = _text(separator), [_text(item) for item in _items(value)]
    run.spend(len(pieces))
    if len(between) * len(pieces) > OUTPUT_CHARACTERS:
        raise EvaluationError(f"the text grows longer than {OUTPUT_CHARACTERS:,} characters")
    return fitting(between.join(pieces))


def _first(run: Work, value: object) -> object:
    items = list(value[:1]) if isinstance(value, str) else _items(value)
    return items[0] if items else None


def _last(run: Work, value: object) -> object:
    items = list(value[-1:]) if isinstance(value, str) else _items(value)
    return items[-1] if items else None


def _replace(run: Work, value: object, old: object, new: object) -> str:
    text, gone, come = _text(value), _text(old), _text(new)
    if not gone:
        raise EvaluationError("`replace` needs something to look for")
    if len(text) + text.count(gone) * (len(come) - len(gone)) > max(OUTPUT_CHARACTERS, len(text)):
        raise EvaluationError(f"the text grows longer than {OUTPUT_CHARACTERS:,} characters")
    return text.replace(gone, come)


def _truncate(run: Work, value: object, length: object = 80, end: object = "…") -> str:
    text, most, tail = _text(value), max(0, int(number_of(length))), _text(end)
    if len(text) <= most:
        return text
    cut = text[: max(0, most - len(tail))]
    if " " in cut.strip() and not cut.endswith(" ") and text[len(cut)] != " ":
        cut = cut.rsplit(maxsplit=1)[0]
    return cut.rstrip() + tail


def _round(run: Work, value: object, places: object = 0) -> object:
    """Halves are rounded away from zero, as on a bill."""
    if known(value) is None:
        return None
    digits = int(number_of(places))
    if not 0 <= digits <= 12:
        raise EvaluationError("`round` takes 0 to 12 places")
    rounded = Decimal(number_of(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, ARITHMETIC)
    return int(rounded) if digits == 0 else rounded


def _number_in(value: object) -> int | Decimal | None:
    """A number, also one written in a text (`"12"`, `"1.5"`); None when there is none."""
    if isinstance(value, str):
        if not re.fullmatch(r"\s*[+-]?[0-9]{1,20}(\.[0-9]{1,20})?\s*", value):
            return None
        return Decimal(value.strip())
    return None if known(value) is None else number_of(value)


def _int(run: Work, value: object, instead: object = 0) -> object:
    number = _number_in(value)
    return known(instead) if number is None else int(number)


def _decimal(run: Work, value: object, instead: object = 0) -> object:
    number = _number_in(value)
    return known(instead) if number is None else number


def _abs(run: Work, value: object) -> object:
    return abs(number_of(value))


def _sum(run: Work, value: object) -> object:
    total: object = 0
    for item in _items(value):
        run.spend(2)
        total = add(number_of(total), number_of(item))
    return total


def _extreme(wanted: int) -> Callable[[Work, object], object]:
    def pick(run: Work, value: object) -> object:
        best: object = None
        for item in _items(value):
            run.spend(2)
            if best is None or order(item, best) == wanted:
                best = item
        return best

    return pick


def _sort(run: Work, value: object, reverse: object = False) -> list[object]:
    items = _items(value)
    run.spend(len(items) * 4)
    kinds = {str if isinstance(item, str) else Decimal for item in items}
    if len(kinds) > 1:
        raise EvaluationError("a list of texts and numbers cannot be sorted")
    if kinds == {str}:
        return sorted(items, key=_text, reverse=bool(known(reverse)))
    return sorted(items, key=number_of, reverse=bool(known(reverse)))


def _unique(run: Work, value: object) -> list[object]:
    items = _items(value)
    run.spend(len(items) * 2)
    return list({text_of(item): item for item in reversed(items)}.values())[::-1]


def _number(run: Work, value: object, places: object = None) -> str:
    """`1,234.5` or `1.234,5`, as the contact's language writes it; `number(2)` gives exactly two places."""
    if known(value) is None:
        return ""
    run.spend(100)
    digits = None if known(places) is None else int(number_of(places))
    if digits is not None and not 0 <= digits <= 12:
        raise EvaluationError("`number` takes 0 to 12 places")
    return locales.number(Decimal(number_of(value)), digits, _locale(run))


def _date(run: Work, value: object, pattern: object = "medium") -> str:
    """`short`, `medium`, `long`, `full`, or a pattern such as `d MMM`, in the contact's language."""
    if known(value) is None:
        return ""
    run.spend(100)
    form = _text(pattern)
    if len(form) > DATE_PATTERN_CHARACTERS:
        raise EvaluationError(f"a pattern of `date` has at most {DATE_PATTERN_CHARACTERS} characters")
    moment = locales.moment_in(value) if isinstance(value, str) else value
    if not isinstance(moment, date | datetime | time):
        raise EvaluationError(f"`date` needs a date, not {describe(value)}")
    return locales.moment(moment, form, _locale(run))


def _locale(run: Work) -> str:
    return str(run.scope.get(LOCALE) or "en")


def _label(run: Work, value: object, path: object = None) -> str:
    """The title of a choice for its value; the compiler hands in which answer it is. Else the value itself."""
    tables = run.scope.get(LABELS)
    titles = tables.get(path) if isinstance(tables, Mapping) and isinstance(path, str) else None
    if not isinstance(titles, Mapping):
        titles = {}
    chosen = value if isinstance(value, list | tuple) else [known(value)]
    return fitting(", ".join(text_of(titles.get(item, item) if isinstance(item, str) else item) for item in chosen))


def _urlencode(run: Work, value: object) -> str:
    run.spend(len(text := _text(value)) >> 2)
    return fitting(quote(text, safe="", errors="replace"))


FILTERS: dict[str, Callable[..., object]] = {
    "abs": _abs,
    "capitalize": _capitalize,
    "date": _date,
    "decimal": _decimal,
    "default": _default,
    "first": _first,
    "int": _int,
    "join": _join,
    "label": _label,
    "last": _last,
    "length": _length,
    "lower": _lower,
    "max": _extreme(1),
    "min": _extreme(-1),
    "number": _number,
    "replace": _replace,
    "round": _round,
    "sort": _sort,
    "sum": _sum,
    "title": _title,
    "trim": _trim,
    "truncate": _truncate,
    "unique": _unique,
    "upper": _upper,
    "urlencode": _urlencode,
}
"""Every filter there is. `label` gets the dotted path of the answer as its argument from the gate."""
