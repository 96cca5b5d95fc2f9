"""Answers in time: `date`, `time`, and `datetime`, which reckons in her zone."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from trinario.engine.answer.clock import NOW, times_in
from trinario.engine.answer.day import Reckoning, days_in, writes_month_first
from trinario.engine.answer.plain import LONGEST, plain, word_set
from trinario.engine.answer.reading import Heeded, Reading, bounded
from trinario.engine.answer.span import span_in
from trinario.engine.answer.text import words_of
from trinario.model.duration import localised

_SPLITS = 10
_LATE = word_set("tonight stasera sera evening afternoon noche tarde noite abend soir apres")
_AHEAD = ("in ", "tra ", "fra ", "dentro de ", "en ", "dans ", "em ", "daqui a ")
_BACK = (" from now", " da adesso", " ab jetzt")


def read_date(heeded: Heeded) -> Reading:
    """A date within `min` and `max`; of those that it can mean, the likeliest that fits."""
    found = days_in(words_of(heeded), _reckoning(heeded))
    return _bounded(heeded, found, heeded.now.date(), "date")


def read_time(heeded: Heeded) -> Reading:
    """A time of the day, without a zone."""
    text = words_of(heeded)
    found = [heeded.now.time().replace(second=0, microsecond=0)] if plain(text).strip(" .!") in NOW else times_in(
        text, heeded.language
    )  # fmt: skip
    return bounded(found, heeded.step.min, heeded.step.max, "time")


def read_datetime(heeded: Heeded) -> Reading:
    """A moment with its offset in her zone; a time alone is the coming one, a date alone is not enough."""
    text = words_of(heeded)
    try:
        found = [] if len(text) > LONGEST else _moments(heeded, text)
    except OverflowError:
        found = []  # at the end of the calendar
    return _bounded(heeded, found, heeded.now, "datetime")


def _bounded(heeded: Heeded, found: list[Any], now: Any, error: str) -> Reading:
    """A day that is over is meant only where nothing else can be: "12 May" under `max: today`."""
    most = heeded.step.max
    past = most is not None and most <= now
    return bounded([*found[:1], *(one for one in found[1:] if past or one >= now)], heeded.step.min, most, error)


def _reckoning(heeded: Heeded) -> Reckoning:
    month_first = writes_month_first(heeded.locale, heeded.region)
    return Reckoning(heeded.now.date(), heeded.language, month_first)


def _moments(heeded: Heeded, text: str) -> list[datetime]:
    if (exact := _exact(heeded, text)) is not None:
        return [exact]
    by = _reckoning(heeded)
    times = times_in(text, heeded.language)
    if days_in(text, by) and (not times or any(sign in text for sign in "./-")):
        return []
    words = text.replace("\n", " ").split()
    if len(words) == 1 and "T" in text:
        words = text.split("T", 1)
    for at in range(min(len(words) - 1, _SPLITS), 0, -1):
        front, back = " ".join(words[:at]), " ".join(words[at:])
        for day, hour in ((front, back), (back, front)):
            days = days_in(day, by)
            if days and (found := times_in(_with_part(day, hour), heeded.language)):
                return _joined(heeded, days, found)
    return [_coming(heeded, one) for one in times]


def _with_part(day: str, hour: str) -> str:
    """`tonight` says something about the hour as well."""
    return f"{hour} pm" if _LATE & set(plain(day).replace("-", " ").split()) else hour


def _joined(heeded: Heeded, days: list[date], times: list[time]) -> list[datetime]:
    """Every day at every time; times first, they are the less doubtful."""
    return [_local(heeded, datetime.combine(day, one)) for day in days for one in times]


def _exact(heeded: Heeded, text: str) -> datetime | None:
    """ISO 8601 with an offset, `now`, `in two hours`."""
    body = plain(text).strip(" .!?")
    if body in NOW:
        return _moved(heeded, timedelta())
    for lead in _AHEAD:
        if body.startswith(lead) and (span := span_in(body.removeprefix(lead), heeded.language)) is not None:
            return _moved(heeded, span) if span < timedelta(days=1) else None
    for tail in _BACK:
        if body.endswith(tail) and (span := span_in(body.removesuffix(tail), heeded.language)) is not None:
            return _moved(heeded, span) if span < timedelta(days=1) else None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        return _local(heeded, moment) if ":" in text else None
    return _kept(moment)


def _moved(heeded: Heeded, span: timedelta) -> datetime | None:
    try:
        return _kept((heeded.now + span).astimezone(heeded.zone).replace(second=0, microsecond=0))
    except OverflowError:
        return None


def _coming(heeded: Heeded, when: time) -> datetime:
    """The next moment at which her clock shows that time."""
    today = _local(heeded, datetime.combine(heeded.now.date(), when))
    tomorrow = heeded.now.date() + timedelta(days=1)
    return today if today > heeded.now else _local(heeded, datetime.combine(tomorrow, when))


def _local(heeded: Heeded, naive: datetime) -> datetime:
    return _kept(localised(naive, heeded.zone).astimezone(heeded.zone))


def _kept(moment: datetime) -> datetime:
    """With a fixed offset: that is what comes back out of JSON."""
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()), fold=0)
