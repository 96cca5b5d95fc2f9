"""Answers that are numbers: digits of any script, signs of money around them, decimal comma by language."""

import re
import unicodedata
from decimal import Decimal

from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.text import matches, words_of
from trinario.engine.values import kept

_POINT = frozenset({"en", "zh", "ja", "ko", "th", "hi", "he", "ms", "bn", "ta", "te", "mr", "ur", "ga", "cy", "sw"})
"""Languages that write 1,000.5; the others write 1.000,5. Mexico and its neighbours follow the first."""

_POINT_REGIONS = frozenset({"es-mx", "es-us", "es-do", "es-gt", "es-hn", "es-ni", "es-pa", "es-pe", "es-pr", "es-sv"})
_GAPS = re.compile(r"(?<=\d)[\s'’_\u00a0\u202f](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)")
_MONEY = r"(?:eur|euros?|usd|us\$|r\$|dollars?|dólares|gbp|pounds?|chf|francs?|franken|brl|reais|real|mxn|pesos?|[$€£¥₹₽₺₩])"
_BEFORE, _BEHIND = re.compile(rf"^{_MONEY}\s*", re.IGNORECASE), re.compile(rf"\s*{_MONEY}?[.!]?$", re.IGNORECASE)
_LONGEST = 40


def read_number(heeded: Heeded) -> Reading:
    """A decimal within `min` and `max`; `12`, `1,5`, `€ 5.000`, `٥٠٠`, `5000 eur`."""
    text = words_of(heeded)
    number = parse_number(text, heeded.locale) if len(text) <= _LONGEST else None
    step = heeded.step
    low, high = step.min, step.max
    if number is None or not matches(step.pattern, text):
        return Bad("number")
    if (low is None or number >= low) and (high is None or number <= high):
        return Good(kept(number), text)
    if low is not None and high is not None:
        return Bad("number_range", {"min": low, "max": high})
    return Bad("number_min", {"min": low}) if low is not None else Bad("number_max", {"max": high})


def parse_number(text: str, locale: str) -> Decimal | None:
    """The one number that the text is; None when it is none, or more than one."""
    plain = _GAPS.sub("", "".join(map(_digit, text.strip())))
    plain = _BEHIND.sub("", _BEFORE.sub("", plain))
    if not _NUMBER.fullmatch(plain):
        return None
    body = _decimal_point(plain.lstrip("+-"), _writes_point(locale))
    return Decimal(("-" if plain[0] == "-" else "") + body) if body else None


def _digit(letter: str) -> str:
    """A digit of any script as an ASCII one, dashes as minus, other scripts' separators as ours."""
    if letter.isascii():
        return letter
    if letter in "−–—":
        return "-"
    if letter in "٫，、":
        return ","
    if letter == "٬" or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return ""
    if letter == "．":
        return "."
    value = unicodedata.digit(letter, None)
    return letter if value is None else str(value)


def _writes_point(locale: str) -> bool:
    plain = locale.replace("_", "-").lower()
    return plain in _POINT_REGIONS or plain.split("-")[0] in _POINT


def _decimal_point(body: str, point: bool) -> str | None:
    """The digits with a decimal point only; None when the separators stand where none can stand."""
    marks = [letter for letter in body if letter in ".,"]
    if not marks:
        return body
    decimal = marks[-1] if len(set(marks)) == 2 else _single_mark(body, marks, "." if point else ",")
    whole, _, fraction = body.rpartition(decimal) if decimal else (body, "", "")
    thousands = set(marks) - {decimal}
    groups = re.split(r"[.,]", whole)
    if any(mark in fraction for mark in ".,") or (decimal and decimal in whole) or (decimal and not fraction):
        return None
    if len(groups) > 1 and (not thousands or not groups[0] or any(len(group) != 3 for group in groups[1:])):
        return None
    return "".join(groups) + ("." + fraction if fraction else "")


def _single_mark(body: str, marks: list[str], decimal: str) -> str:
    """The decimal mark of a number with one kind of mark; "" when it parts thousands."""
    mark = marks[0]
    if len(marks) > 1:
        return ""
    whole, _, rest = body.partition(mark)
    if len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0" and mark != decimal:
        return ""
    return mark
