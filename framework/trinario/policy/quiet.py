"""Quiet hours: the next moment outside of them, on both nights on which the clocks change too."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from trinario.model.duration import localised

Span = tuple[int, int]
"""Minutes since midnight; over midnight when the second is not later than the first."""

STRETCHES = 16
"""Quiet stretches that may follow each other without a pause; more of them leave no hour at all."""


def next_allowed(moment: datetime, quiet: Iterable[Span], where: tzinfo) -> datetime | None:
    """The first moment from `moment` on that no quiet stretch covers, in UTC; None: they cover the whole day."""
    spans, at = tuple(quiet), moment.astimezone(UTC)
    for _ in range(STRETCHES):
        ends = [end for span in spans if (end := _over(at, span, where)) is not None]
        if not ends:
            return at
        at = max(ends)
    return None


def _over(moment: datetime, span: Span, where: tzinfo) -> datetime | None:
    """When the quiet stretch around the moment is over; None: there is none around it."""
    today = moment.astimezone(where).date()
    for day in (today - timedelta(days=1), today):
        begins, ends = _stretch(day, span, where)
        if begins <= moment < ends:
            return ends
    return None


def _stretch(day: date, span: Span, where: tzinfo) -> tuple[datetime, datetime]:
    """The stretch that begins on this day. An hour that comes twice is quiet until it has gone by for the second time."""
    begin, end = span
    length = (end - begin) % (24 * 60) or 24 * 60
    opens = datetime.combine(day, time()) + timedelta(minutes=begin)
    over = opens + timedelta(minutes=length)
    return localised(opens, where), max(localised(over, where), over.replace(tzinfo=where, fold=1).astimezone(UTC))
