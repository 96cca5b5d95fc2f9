"""Which form of a word goes with a number, by language: the categories of Unicode's plural rules."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache

Rule = Callable[[Decimal, int, bool], str]
"""Gives a category for the absolute number, its whole part, and whether it has no fraction."""


def category_of(number: Decimal, language: str) -> str:
    """`zero`, `one`, `two`, `few`, `many` or `other`."""
    size = abs(number)
    whole = int(size)
    return _RULES.get(language.replace("_", "-").split("-")[0].lower(), _one_is_one)(size, whole, size == whole)


@cache
def forms_of(language: str) -> frozenset[str]:
    """Every category that numbers take in a language, `other` among them."""
    samples = (*map(Decimal, range(200)), Decimal("0.5"), Decimal("1.5"))
    return frozenset({"other", *(category_of(number, language) for number in samples)})


def _one_is_one(size: Decimal, whole: int, exact: bool) -> str:
    return "one" if exact and whole == 1 else "other"


def _below_two_is_one(size: Decimal, whole: int, exact: bool) -> str:
    return "one" if whole in (0, 1) else "other"


def _never(size: Decimal, whole: int, exact: bool) -> str:
    return "other"


def _slavic(size: Decimal, whole: int, exact: bool) -> str:
    if not exact:
        return "other"
    last, two = whole % 10, whole % 100
    if last == 1 and two != 11:
        return "one"
    return "few" if last in (2, 3, 4) and two not in (12, 13, 14) else "many"


def _polish(size: Decimal, whole: int, exact: bool) -> str:
    category = _slavic(size, whole, exact)
    return "many" if category == "one" and whole != 1 else category


def _czech(size: Decimal, whole: int, exact: bool) -> str:
    if not exact:
        return "many"
    return "one" if whole == 1 else "few" if whole in (2, 3, 4) else "other"


def _arabic(size: Decimal, whole: int, exact: bool) -> str:
    if not exact:
        return "other"
    if whole < 3:
        return ("zero", "one", "two")[whole]
    two = whole % 100
    return "few" if 3 <= two <= 10 else "many" if two >= 11 else "other"


def _romanian(size: Decimal, whole: int, exact: bool) -> str:
    if exact and whole == 1:
        return "one"
    return "few" if not exact or whole == 0 or 1 <= whole % 100 <= 19 else "other"


_RULES: dict[str, Rule] = {
    "fr": _below_two_is_one, "pt": _below_two_is_one, "hi": _below_two_is_one, "fa": _below_two_is_one,
    "ja": _never, "zh": _never, "ko": _never, "th": _never, "vi": _never, "id": _never, "ms": _never,
    "ru": _slavic, "uk": _slavic, "be": _slavic, "sr": _slavic, "hr": _slavic, "bs": _slavic,
    "pl": _polish, "cs": _czech, "sk": _czech, "ar": _arabic, "ro": _romanian,
}  # fmt: skip
