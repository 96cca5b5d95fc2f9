"""Numbers and dates as a language writes them. Babel's data is read on first use, then kept."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from trinario.errors import EvaluationError

if TYPE_CHECKING:
    from babel import Locale


@lru_cache(maxsize=128)
def _locale(name: str) -> "Locale":
    """The language called `name` (`it`, `pt_BR`, `pt-BR`), its parent when the region is unknown, else English."""
    from babel import Locale, UnknownLocaleError

    whole = name.replace("-", "_")
    for candidate in (whole, whole.split("_")[0]):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def number(value: Decimal, places: int | None, language: str) -> str:
    """`value` with the language's separators; `places=None` keeps the digits that are there."""
    from babel.numbers import format_decimal

    if places is None:
        return format_decimal(value.normalize(), locale=_locale(language), decimal_quantization=False)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(value, format=pattern, locale=_locale(language))


def moment(value: date | datetime | time, pattern: str, language: str) -> str:
    """`value` by one of the four named forms, or by a pattern of Unicode's date fields."""
    from babel.dates import format_date, format_datetime, format_time

    locale = _locale(language)
    try:
        if isinstance(value, datetime):
            return format_datetime(value, pattern, locale=locale)
        if isinstance(value, date):
            return format_date(value, pattern, locale=locale)
        return format_time(value, pattern, locale=locale)
    except (ValueError, KeyError, AttributeError, TypeError):
        raise EvaluationError(f"`date` does not know the pattern {pattern!r} for this value") from None


def moment_in(text: str) -> date | datetime | time:
    """The date, time or both that an ISO 8601 text holds: values that came as JSON are texts."""
    for kind in (date, datetime, time):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    raise EvaluationError("`date` needs a date, and this text is none")
