"""Answers that are numbers: digits of any script, signs of money around them, decimal comma by language."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from trinario.engine.answer.plain import digit, plain
from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.spoken import number_in_words
from trinario.engine.answer.text import seen, words_of
from trinario.engine.values import kept
from trinario.model.flow import Ask

_POINT = frozenset({"en", "zh", "ja", "ko", "th", "hi", "he", "ms", "bn", "ta", "te", "mr", "ur", "ga", "cy", "sw"})
"""Languages that write 1,000.5; the others write 1.000,5. Mexico and its neighbours follow the first."""

_POINT_REGIONS = frozenset({"es-mx", "es-us", "es-do", "es-gt", "es-hn", "es-ni", "es-pa", "es-pe", "es-pr", "es-sv"})
_GAPS = re.compile(r"(?<=\d)[\s'’_\u00a0\u202f](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)")
_MONEY = (
    r"(?:eur|euros?|usd|us\$|r\$|dollars?|dólares|gbp|pounds?|chf|francs?|franken|brl|reais|real|mxn|pesos?"
    r"|[$€£¥₹₽₺₩])"
)
_BEFORE, _BEHIND = re.compile(rf"^{_MONEY}\s*", re.IGNORECASE), re.compile(rf"\s*{_MONEY}?[.!]?$", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:[~≈]\s*|(?:about|around|circa|ca\.?|più o meno|approx\.?|ungefähr|etwa|rund|environ|à peu près|cerca de|unos|unas"
    r"|alrededor de|por volta de|mais ou menos|más o menos)\s+)(?=\S)|\s+(?:circa|about|ungefähr|environ|más o menos)$",
    re.IGNORECASE,
)
_LONGEST = 40


def read_number(heeded: Heeded) -> Reading:
    """A decimal within `min` and `max`; `12`, `1,5`, `€ 5.000`, `٥٠٠`, `5000 eur`, `about 20`, `twenty`."""
    text = seen(words_of(heeded))
    return within(number_in(heeded, text), text, heeded.step, "number")


def without_about(text: str) -> str:
    """`about 20` is 20: people know that they are asked for a number."""
    return _ABOUT.sub("", text) if len(text) <= _LONGEST else text


def number_in(heeded: Heeded, text: str) -> Iterator[Decimal]:
    """The numbers that `text` can be, the likeliest first; none when it is no number."""
    text = without_about(text)
    point = writes_point(heeded.locale)
    likely = parse_number(text, point)
    if likely is not None:
        yield likely
        if not text.isdecimal():
            other = parse_number(text, not point)
            yield from () if other is None else (other,)
    elif len(text) <= _LONGEST and (said := number_in_words(plain(text), heeded.language)) is not None:
        yield Decimal(said)


def within(candidates: Iterable[Decimal], text: str, step: Ask, error: str) -> Reading:
    """The likeliest of the numbers; where that is out of bounds, the other one that is not.

    "5.000" of somebody who writes commas elsewhere: the reading that fits the bounds is meant.
    """
    bad = Bad(error)
    for number in candidates:
        if _within(number, step):
            return Good(kept(number), text)
        bad = _outside(step)
    return bad


def _within(number: Decimal, step: Ask) -> bool:
    return (step.min is None or number >= step.min) and (step.max is None or number <= step.max)


def _outside(step: Ask) -> Bad:
    if step.min is not None and step.max is not None:
        return Bad("number_range", {"min": step.min, "max": step.max})
    return Bad("number_max", {"max": step.max}) if step.min is None else Bad("number_min", {"min": step.min})


def parse_number(text: str, point: bool) -> Decimal | None:
    """The one number that the text is; None when it is none, or more than one. `point`: 1.5 is one and a half."""
    if len(text) > _LONGEST:
        return None
    plain = _GAPS.sub("", "".join(map(digit, text.strip())))
    plain = _BEHIND.sub("", _BEFORE.sub("", plain))
    if not _NUMBER.fullmatch(plain):
        return None
    body = _decimal_point(plain.lstrip("+-"), point)
    return Decimal(("-" if plain[0] == "-" else "") + body) if body else None


def writes_point(locale: str) -> bool:
    """Whether people of this language write 1,000.5."""
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
