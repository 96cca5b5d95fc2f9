"""Arithmetic and comparison as an author expects them: decimal numbers, bounded results, emptiness is never an error.

A comparison with an empty value is false, so that its `not` is true; `!=` is the `not` of `==`.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from jinja2.runtime import Undefined

from trinario.errors import EvaluationError
from trinario.expressions.limits import DIGITS, EXPONENT, OUTPUT_CHARACTERS
from trinario.expressions.printing import describe, missing_reason

ARITHMETIC = Context(prec=DIGITS, traps=[InvalidOperation, DivisionByZero, Overflow], Emax=999, Emin=-999)
Number = int | Decimal


def known(value: object) -> Any:
    """`value`, unless its name stands for nothing: then EvaluationError."""
    if isinstance(value, Undefined):
        raise EvaluationError(missing_reason(value))
    return value


def number_of(value: object) -> Number:
    """`value` as an exact number; a text is none, whatever its characters."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float):
        value = Decimal(float.__repr__(value))
    if isinstance(value, Decimal) and value.is_finite():
        if value.adjusted() > 2 * DIGITS:
            raise EvaluationError(f"a number of more than {DIGITS} digits")
        return value
    raise EvaluationError(f"a number is needed here, not {describe(known(value))}")


def _checked(value: Number) -> Number:
    if abs(value) >= 10**DIGITS:
        raise EvaluationError(f"a number of more than {DIGITS} digits")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def add(left: object, right: object) -> object:
    if _is_number(left) and _is_number(right):
        one, two = number_of(left), number_of(right)
        whole = isinstance(one, int) and isinstance(two, int)
        return _checked(one + two if whole else ARITHMETIC.add(Decimal(one), Decimal(two)))
    if isinstance(left, str) and isinstance(right, str):
        return fitting(left, right)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        if len(left) + len(right) > OUTPUT_CHARACTERS:
            raise EvaluationError("the joined list is too long")
        return [*left, *right]
    if isinstance(left, timedelta) and isinstance(right, date):
        left, right = right, left
    if isinstance(left, date | timedelta) and isinstance(right, timedelta):
        return left + right
    hint = "; `~` joins texts with anything" if isinstance(left, str) or isinstance(right, str) else ""
    raise EvaluationError(f"{describe(known(left))} and {describe(known(right))} cannot be added{hint}")


def fitting(*pieces: str) -> str:
    """The pieces joined, if the result is short enough for a message."""
    if sum(map(len, pieces)) > OUTPUT_CHARACTERS:
        raise EvaluationError(f"the text grows longer than {OUTPUT_CHARACTERS:,} characters")
    return "".join(pieces)


def subtract(left: object, right: object) -> object:
    if isinstance(left, date) and isinstance(right, date | timedelta):
        return _apart(left, right)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left - right
    one, two = number_of(left), number_of(right)
    whole = isinstance(one, int) and isinstance(two, int)
    return _checked(one - two if whole else ARITHMETIC.subtract(Decimal(one), Decimal(two)))


def _apart(left: date, right: date | timedelta) -> object:
    try:
        return left - right
    except TypeError:
        raise EvaluationError("a date and a date with time, or times with and without zone, do not subtract") from None


def multiply(left: object, right: object) -> Number:
    one, two = _checked(number_of(left)), _checked(number_of(right))
    whole = isinstance(one, int) and isinstance(two, int)
    return _checked(one * two if whole else ARITHMETIC.multiply(Decimal(one), Decimal(two)))


def _divisor(right: object) -> Number:
    number = number_of(right)
    if number == 0:
        raise EvaluationError("division by zero")
    return _checked(number)


def divide(left: object, right: object) -> Number:
    return _checked(ARITHMETIC.divide(Decimal(_checked(number_of(left))), Decimal(_divisor(right))))


def floor_divide(left: object, right: object) -> Number:
    """Rounds towards minus infinity, for decimals too."""
    one, two = _checked(number_of(left)), _divisor(right)
    if isinstance(one, int) and isinstance(two, int):
        return one // two
    remainder = ARITHMETIC.subtract(Decimal(one), Decimal(modulo(one, two)))
    return _checked(ARITHMETIC.divide_int(remainder, Decimal(two)))


def modulo(left: object, right: object) -> Number:
    """Has the sign of the divisor, for decimals too."""
    one, two = _checked(number_of(left)), _divisor(right)
    if isinstance(one, int) and isinstance(two, int):
        return one % two
    rest, divisor = ARITHMETIC.remainder(Decimal(one), Decimal(two)), Decimal(two)
    return ARITHMETIC.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def power(left: object, right: object) -> Number:
    one, two = _checked(number_of(left)), number_of(right)
    if not -EXPONENT <= two <= EXPONENT:
        raise EvaluationError(f"a power of more than {EXPONENT}")
    if isinstance(one, int) and isinstance(two, int) and two >= 0:
        return _checked(one**two)
    return _checked(ARITHMETIC.power(Decimal(one), Decimal(two)))


def negate(value: object) -> object:
    if isinstance(value, timedelta):
        return -value
    number = number_of(value)
    return -number if isinstance(number, int) else ARITHMETIC.minus(number)


def equal(left: object, right: object) -> bool:
    """Exact within one kind; values of two kinds are never equal, and an empty value equals nothing."""
    if isinstance(left, str) and isinstance(right, str):
        return str.__eq__(left, right)
    if known(left) is None or known(right) is None:
        return False
    if _is_number(left) and _is_number(right):
        return number_of(left) == number_of(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, date | time | timedelta) and isinstance(right, date | time | timedelta):
        return left == right
    return _equal_groups(left, right)


def _equal_groups(left: object, right: object) -> bool:
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and list(left) == list(right)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return dict(left) == dict(right)
    if isinstance(left, set | frozenset) and isinstance(right, set | frozenset):
        return left == right
    return False


def order(left: object, right: object) -> int | None:
    """-1, 0 or 1; None when a side is empty. Raises EvaluationError for kinds that have no order between them."""
    if known(left) is None or known(right) is None:
        return None
    if _is_number(left) and _is_number(right):
        return _sign(number_of(left), number_of(right))
    if isinstance(left, str) and isinstance(right, str):
        return _sign(left, right)
    if isinstance(left, datetime) != isinstance(right, datetime):
        raise EvaluationError(_no_order(left, right))
    for kind in (date, time, timedelta):
        if isinstance(left, kind) and isinstance(right, kind):
            return _sign(left, right)
    raise EvaluationError(_no_order(left, right))


def _sign(left: Any, right: Any) -> int:
    try:
        return int(left > right) - int(left < right)
    except TypeError:
        raise EvaluationError("a time with a zone and one without cannot be compared") from None


def _no_order(left: object, right: object) -> str:
    return f"{describe(left)} and {describe(right)} cannot be compared"


def contains(container: object, item: object) -> bool:
    """`item in container`: part of a text, item of a list or set, key of a mapping; nothing is in an empty value."""
    if known(container) is None or known(item) is None:
        return False
    if isinstance(container, str):
        if not isinstance(item, str):
            raise EvaluationError(f"only a text can be in a text, not {describe(item)}")
        return item in container
    if isinstance(container, list | tuple):
        return any(equal(item, each) for each in container)
    if isinstance(container, Mapping | set | frozenset):
        return isinstance(item, str | int | Decimal | date) and item in container
    raise EvaluationError(f"{describe(container)} holds nothing, `in` needs a text or a list")
