"""When: calendar days against elapsed time, and what an expression means by a moment."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from trinario.errors import EvaluationError
from trinario.model.duration import Duration, localised
from trinario.model.zone import allowed as allowed
from trinario.model.zone import zone as zone
from trinario.model.zone import zone_of as zone_of


def before(moment: datetime, span: Duration | float, where: tzinfo = UTC) -> datetime:
    """`moment` moved back by a duration or by seconds. Raises EvaluationError at the ends of the calendar."""
    try:
        if isinstance(span, Duration):
            return span.before(moment, where)
        return moment - timedelta(seconds=span)
    except OverflowError:
        raise EvaluationError("this moment lies beyond the calendar") from None


def after(moment: datetime, span: Duration, where: tzinfo) -> datetime:
    """`moment` moved on by a duration whose days are calendar days in `where`."""
    return before(moment, -span, where)


def elapsed(moment: datetime, span: Duration | timedelta) -> datetime:
    """`moment` moved on with days of 24 hours, as in `timeout` and `expires`."""
    try:
        return (moment + (span.elapsed if isinstance(span, Duration) else span)).astimezone(UTC)
    except OverflowError:
        raise EvaluationError("this moment lies beyond the calendar") from None


def moment_of(value: object, where: tzinfo) -> datetime:
    """A moment (UTC) from what an expression gave: a date is its midnight, a time without zone is local."""
    if isinstance(value, str):
        value = _read(value)
    if isinstance(value, datetime):
        return (localised(value, where) if value.tzinfo is None else value).astimezone(UTC)
    if isinstance(value, date):
        return localised(datetime.combine(value, time()), where)
    raise EvaluationError("`until` needs a date or a date with time")


def _read(text: str) -> object:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise EvaluationError(f"`until` needs a date or a date with time, not {text[:40]!r}") from None


def known_zone(name: object) -> str:
    """`name` if it is a zone; raises EvaluationError."""
    if isinstance(name, str) and zone(name):
        return name
    raise EvaluationError(f"{str(name)[:40]!r} is no time zone")
