"""Which day a text names: `31.12.2026`, `12/05`, `3 May`, `tomorrow`, `venerdì prossimo`, `in 3 days`, `the 15th`."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from trinario.engine.answer.calendar_words import (
    AGO,
    AHEAD,
    ARTICLES,
    FIRST,
    LAST,
    NEXT,
    THIS,
    UNITS,
    Calendar,
    calendar,
)
from trinario.engine.answer.plain import plain
from trinario.engine.answer.spoken import spoken

_MONTH_FIRST = frozenset({"US", "PH", "FM", "GU", "MH", "PW", "AS", "VI", "UM", "MP", "PR"})
_MONTH_FIRST_LANGUAGES = frozenset({"en", "ja", "zh", "ko", "hu", "lt", "fil"})
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?\.?")
_EIGHT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})(?:\s?[-/.]\s?(\d{4}|\d{2}))?\.?|(\d{1,2}) (\d{1,2}) (\d{4})")
_YEARS = range(1900, 2200)
_MOST_AHEAD = 40_000


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a date is read by: today on her wall, her language, whether her people write the month first."""

    today: date
    language: str
    month_first: bool

    @property
    def words(self) -> Calendar:
        return calendar(self.language)


def writes_month_first(locale: str, region: str | None) -> bool:
    """Whether 12/05 is the fifth of December: by her country, else the bot's, else as her language does mostly."""
    language, *rest = locale.replace("_", "-").split("-")
    own = next((part.upper() for part in rest if len(part) == 2), None)
    if language.lower() != "en":
        return language.lower() in _MONTH_FIRST_LANGUAGES
    country = own or region
    return country in _MONTH_FIRST if country else True


def days_in(text: str, by: Reckoning) -> list[date]:
    """The days that `text` can mean, the likeliest first; none when it names no day, or two."""
    body = plain(text).strip(" .,!?")
    if not body:
        return []
    try:
        return list(dict.fromkeys(_read(body, by)))
    except (ValueError, OverflowError):
        return []


def _read(body: str, by: Reckoning) -> Iterator[date]:
    if match := _YEAR_FIRST.fullmatch(body) or _EIGHT.fullmatch(body):
        yield from _dates(*map(int, match.groups()))
        return
    words = by.words.words(body)
    if not words or len(words) > 8:
        return
    if (days := by.words.phrases.get(" ".join(words))) is not None:
        yield by.today + timedelta(days=days)
        return
    weekday, rest = _weekday_apart(words, by)
    if weekday is not None and (not rest or all(word in NEXT | THIS | LAST for word in rest)):
        yield _on_weekday(weekday, frozenset(rest), by.today)
        return
    found = [*_numeric(" ".join(rest), by), *_named_month(rest, by), *_offset(body, by), *_day_alone(rest, by)]
    yield from found if weekday is None else (day for day in found if _agrees(day, weekday, rest, by))


def _agrees(day: date, weekday: int, words: list[str], by: Reckoning) -> bool:
    """`friday 13 march`: of a day without its year only the coming one counts, she would not name a past one so."""
    return day.weekday() == weekday and (day >= by.today or str(day.year)[-2:] in (word[-2:] for word in words[-1:]))


def _weekday_apart(words: list[str], by: Reckoning) -> tuple[int | None, list[str]]:
    """The day of the week that is named, and the other words. A name that is a month's too (`mar`) is one by itself only."""
    known, months = by.words.weekdays, by.words.months
    for index, word in enumerate(words):
        if word in known and not (word in months and any(other.isdecimal() for other in words)):
            return known[word], [*words[:index], *words[index + 1 :]]
    return None, words


def _on_weekday(weekday: int, said: frozenset[str], today: date) -> date:
    """The coming one; without `this` not today, with `last` the one before today."""
    if said & LAST and not said & NEXT:
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    if said & THIS:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _numeric(body: str, by: Reckoning) -> Iterator[date]:
    match = _NUMERIC.fullmatch(body)
    if match is None:
        return
    one, two, year = (int(part) if part else None for part in (match[1] or match[4], match[2] or match[5],
                                                               match[3] or match[6]))  # fmt: skip
    assert one is not None
    assert two is not None
    pairs = [(one, two), (two, one)] if by.month_first else [(two, one), (one, two)]
    short = len(match[3] or match[6] or "") == 2
    for month, day in pairs:
        yield from _of_year(year, short, month, day, by)


def _of_year(year: int | None, short: bool, month: int, day: int, by: Reckoning) -> Iterator[date]:
    """The day in the year that was said, or in the next year that has it, then in the last."""
    if year is None:
        yield from _nearest(month, day, by.today)
    elif short:
        near, far = 2000 + year, 1900 + year
        for one in (near, far) if near <= by.today.year + 20 else (far, near):
            yield from _dates(one, month, day)
    else:
        yield from _dates(year, month, day)


def _nearest(month: int, day: int, today: date) -> Iterator[date]:
    years = range(today.year - 8, today.year + 9)  # 29 February comes every eighth year at worst
    found = [one for year in years for one in _dates(year, month, day)]
    yield from [one for one in found if one >= today][:1]
    yield from [one for one in found if one < today][-1:]


def _dates(year: int, month: int, day: int) -> Iterator[date]:
    if year in _YEARS and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
        yield date(year, month, day)


def _named_month(words: list[str], by: Reckoning) -> Iterator[date]:
    """`3 May`, `May 3, 2026`, `primo maggio`, `vinte de março de 2027`."""
    at = [index for index, word in enumerate(words) if word in by.words.months]
    if len(at) != 1:
        return
    before, behind = words[: at[0]], words[at[0] + 1 :]
    month = by.words.months[words[at[0]]]
    year = behind[-1] if behind and behind[-1].isdecimal() and (len(behind[-1]) == 4 or (before and behind)) else ""
    behind = behind[:-1] if year else behind
    if bool(before) == bool(behind):
        return
    day = _day(before or behind, by)
    if day is not None and len(year) in (0, 2, 4):
        yield from _of_year(int(year) if year else None, len(year) == 2, month, day, by)


def _day(words: list[str], by: Reckoning) -> int | None:
    said = " ".join(words)
    if said.isdecimal() and len(said) <= 2:
        return int(said)
    return FIRST[said] if said in FIRST else spoken(by.language).get(said)


def _day_alone(words: list[str], by: Reckoning) -> Iterator[date]:
    """`the 15th`: the coming one, else that of the month before."""
    day = _day(words, by) if len(words) == 1 else None
    if day is None or not 1 <= day <= 31:
        return
    first = by.today.replace(day=1)
    months = [_moved(first, months=ahead) for ahead in (0, 1, 2, -1, -2)]
    found = [one for start in months for one in _dates(start.year, start.month, day)]
    yield from sorted((one for one in found if one >= by.today), key=lambda one: one)
    yield from sorted((one for one in found if one < by.today), reverse=True)


def _offset(body: str, by: Reckoning) -> Iterator[date]:
    """`in 3 days`, `tra una settimana`, `il y a deux mois`: a number, a unit, and which way."""
    words = re.findall(r"\d+|[^\W\d_]+", body)
    at = next((index for index, word in enumerate(words) if word in UNITS), None)
    if at is None or at == 0:
        return
    count = _count(words[at - 1], by)
    around = {*words[: at - 1], *words[at + 1 :]}
    back = bool(around) and around <= AGO
    if count is None or not around or not (back or around <= AHEAD | {"a", "de", "aqui"}):
        return
    number = -count if back else count
    if abs(number) <= _MOST_AHEAD:
        yield moved(by.today, UNITS[words[at]], number)


def _count(word: str, by: Reckoning) -> int | None:
    if word.isdecimal():
        return int(word) if len(word) <= 5 else None
    return 1 if word in ARTICLES else spoken(by.language).get(word)


def moved(day: date, unit: str, number: int) -> date:
    """`day` moved by so many days, weeks, months or years. Raises OverflowError or ValueError beyond the calendar."""
    if unit == "month":
        return _moved(day, number)
    if unit == "year":
        return _moved(day, 12 * number)
    return day + timedelta(days=number * (7 if unit == "week" else 1))


def _moved(day: date, months: int) -> date:
    """The same day of another month, or its last one."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
