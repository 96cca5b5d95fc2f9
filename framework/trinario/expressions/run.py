"""One rendering: the scope, the fuel that is left, and the guards that compiled code calls.

Stands where Jinja has its Context, but is made in a fraction of the time. The methods without docstring are what
their operator is in the language; every one charges fuel, so that a hostile text ends after a bounded time.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from jinja2.runtime import StrictUndefined
from jinja2.utils import missing

from trinario.errors import EvaluationError
from trinario.expressions import operators
from trinario.expressions.filters import FILTERS
from trinario.expressions.limits import FUEL
from trinario.expressions.predicates import PREDICATES
from trinario.expressions.printing import describe, text_of
from trinario.expressions.reach import METHODS

_CALLABLE = (FunctionType, BuiltinFunctionType, MethodType)


class Missing(StrictUndefined):
    """A name that stands for nothing: every use but `default` and `is defined` is an EvaluationError."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_obj is missing:
            return f"nothing is called `{self._undefined_name}`"
        whole = self._undefined_obj
        return f"{describe(whole)} has no `{self._undefined_name}`"


class Run:
    """What one call of `.render`, `.test` or `.value` works with. Not reusable."""

    __slots__ = ("fuel", "scope")

    def __init__(self, scope: Mapping[str, object]) -> None:
        self.scope = scope
        self.fuel = FUEL

    def resolve_or_missing(self, name: str) -> Any:
        return self.scope.get(name, missing)

    def spend(self, cost: int) -> None:
        """Takes `cost` units of fuel; EvaluationError when none is left."""
        self.fuel -= cost
        if self.fuel < 0:
            raise EvaluationError("this takes too long to work out")

    def weigh(self, value: object) -> None:
        """Charges for going over `value` once."""
        if isinstance(value, str):
            self.spend(1 + (len(value) >> 5))
        else:
            self.spend(1 + (len(value) if isinstance(value, list | tuple | Mapping | set | frozenset) else 0))

    def text(self, value: object) -> str:
        if type(value) is str:
            return value
        self.weigh(value)
        return text_of(value)

    def each(self, items: object, cost: int) -> list[object]:
        """What a `for` walks over; the whole loop is paid before it begins."""
        if operators.known(items) is None:
            return []
        if isinstance(items, Mapping):
            items = list(items)
        if not isinstance(items, list | tuple | set | frozenset):
            raise EvaluationError(f"`for` needs a list, not {describe(items)}")
        self.spend(len(items) * (cost + 1))
        return sorted(items, key=text_of) if isinstance(items, set | frozenset) else list(items)

    def filtered(self, name: str, value: object, *arguments: Any, **named: Any) -> object:
        self.weigh(value)
        try:
            return FILTERS[name](self, value, *arguments, **named)
        except (TypeError, ValueError, ArithmeticError, LookupError):
            raise EvaluationError(f"`{name}` cannot be used on {describe(operators.known(value))}") from None

    def tested(self, name: str, value: object, *arguments: Any) -> bool:
        self.weigh(value)
        return PREDICATES[name](value, *arguments)

    def method(self, whole: object, name: str, *arguments: Any, **named: Any) -> object:
        self.weigh(operators.known(whole))
        kinds, function = METHODS[name]
        if not isinstance(whole, kinds):
            raise EvaluationError(f"{describe(whole)} has no `{name}()`")
        result = function(whole, *map(operators.known, arguments), **named)
        self.weigh(result)
        return result

    def called(self, function: object, *arguments: Any, **named: Any) -> object:
        if not isinstance(operators.known(function), _CALLABLE):
            raise EvaluationError(f"{describe(function)} cannot be called")
        self.spend(10)
        checked = [operators.known(argument) for argument in arguments]
        plain: Callable[..., object] = function  # type: ignore[assignment]
        return plain(*checked, **{key: operators.known(value) for key, value in named.items()})

    def listed(self, *items: object) -> list[object]:
        return [operators.known(item) for item in items]

    def mapped(self, *sides: object) -> dict[object, object]:
        keys, values = sides[::2], sides[1::2]
        if not all(isinstance(key, str | int | Decimal) for key in map(operators.known, keys)):
            raise EvaluationError("the key of a mapping is a text or a number")
        return dict(zip(keys, map(operators.known, values), strict=True))

    def sliced(self, whole: object, *bounds: object) -> object:
        self.weigh(operators.known(whole))
        if not isinstance(whole, str | list | tuple):
            raise EvaluationError(f"{describe(whole)} has no parts to cut out")
        first, last, stride = (None if bound is None else _whole(bound) for bound in bounds)
        if stride == 0:
            raise EvaluationError("a step of 0 leads nowhere")
        return whole[first:last:stride]

    def concat(self, *values: object) -> str:
        return operators.fitting(*map(self.text, values))

    def _grown(self, value: Any) -> Any:
        self.weigh(value)
        return value

    def add(self, left: object, right: object) -> object:
        return self._grown(operators.add(left, right))

    def subtract(self, left: object, right: object) -> object:
        return self._grown(operators.subtract(left, right))

    def multiply(self, left: object, right: object) -> object:
        return self._grown(operators.multiply(left, right))

    def divide(self, left: object, right: object) -> object:
        return self._grown(operators.divide(left, right))

    def floor_divide(self, left: object, right: object) -> object:
        return self._grown(operators.floor_divide(left, right))

    def modulo(self, left: object, right: object) -> object:
        return self._grown(operators.modulo(left, right))

    def power(self, left: object, right: object) -> object:
        self.spend(50)
        return operators.power(left, right)

    def negate(self, value: object) -> object:
        return self._grown(operators.negate(value))

    def number(self, value: object) -> object:
        return self._grown(operators.number_of(value))

    def eq(self, left: object, right: object) -> bool:
        if type(left) is str and type(right) is str and len(left) < 1000:
            return left == right
        self.weigh(left)
        return operators.equal(left, right)

    def ne(self, left: object, right: object) -> bool:
        return not self.eq(left, right)

    def eq_none(self, value: object) -> bool:
        return operators.known(value) is None

    def ne_none(self, value: object) -> bool:
        return operators.known(value) is not None

    def lt(self, left: object, right: object) -> bool:
        return self._order(left, right) == -1

    def lteq(self, left: object, right: object) -> bool:
        return self._order(left, right) in (-1, 0)

    def gt(self, left: object, right: object) -> bool:
        return self._order(left, right) == 1

    def gteq(self, left: object, right: object) -> bool:
        return self._order(left, right) in (1, 0)

    def _order(self, left: object, right: object) -> int | None:
        if type(left) is int and type(right) is int:
            return (left > right) - (left < right)
        self.weigh(left)
        return operators.order(left, right)

    def in_(self, item: object, container: object) -> bool:
        self.weigh(container)
        return operators.contains(container, item)

    def notin(self, item: object, container: object) -> bool:
        return not self.in_(item, container)

    def chain(self, left: object, *steps: object) -> bool:
        """`1 < x <= 5`: every neighbour holds."""
        for sign, right in _pairs(steps):
            if not getattr(self, _SIGNS[sign])(left, right):
                return False
            left = right
        return True


_SIGNS = {sign: sign for sign in ("eq", "ne", "lt", "lteq", "gt", "gteq", "notin")} | {"in": "in_"}


def _pairs(steps: tuple[object, ...]) -> Iterator[tuple[str, object]]:
    for number in range(0, len(steps), 2):
        yield str(steps[number]), steps[number + 1]


def _whole(value: object) -> int:
    number = operators.number_of(value)
    if number != int(number) or not -(10**9) < number < 10**9:
        raise EvaluationError("a position is a whole number")
    return int(number)
