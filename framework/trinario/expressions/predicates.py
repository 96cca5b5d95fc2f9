"""The tests an author may write after `is`."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from jinja2.runtime import Undefined

from trinario.expressions.operators import known, modulo, number_of


def is_empty(value: object) -> bool:
    """Undefined, none, and a text, list or mapping with nothing in it; 0 and false are not empty."""
    if isinstance(value, Undefined) or value is None:
        return True
    return isinstance(value, str | list | tuple | Mapping | set | frozenset) and len(value) == 0


def _is_number(value: object) -> bool:
    return isinstance(known(value), int | float | Decimal) and not isinstance(value, bool)


def _divisible(value: object, divisor: object) -> bool:
    return modulo(number_of(value), number_of(divisor)) == 0


PREDICATES: dict[str, Callable[..., bool]] = {
    "defined": lambda value: not isinstance(value, Undefined),
    "undefined": lambda value: isinstance(value, Undefined),
    "none": lambda value: known(value) is None,
    "empty": is_empty,
    "string": lambda value: isinstance(known(value), str),
    "number": _is_number,
    "boolean": lambda value: isinstance(known(value), bool),
    "true": lambda value: known(value) is True,
    "false": lambda value: known(value) is False,
    "mapping": lambda value: isinstance(known(value), Mapping),
    "sequence": lambda value: isinstance(known(value), list | tuple),
    "even": lambda value: _divisible(value, 2),
    "odd": lambda value: not _divisible(value, 2),
    "divisibleby": _divisible,
}
