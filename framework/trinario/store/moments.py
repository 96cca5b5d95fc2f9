"""Moments as the tables keep them: whole milliseconds since 1970."""

from datetime import UTC, datetime


def ms(moment: datetime) -> int:
    """An aware moment in milliseconds."""
    return round(moment.timestamp() * 1000)


def ms_or_none(moment: datetime | None) -> int | None:
    """As `ms`; None stays None."""
    return None if moment is None else round(moment.timestamp() * 1000)


def moment(value: int) -> datetime:
    """The aware moment (UTC) that milliseconds mean."""
    return datetime.fromtimestamp(value / 1000, UTC)


def moment_or_none(value: int | None) -> datetime | None:
    """As `moment`; None stays None."""
    return None if value is None else datetime.fromtimestamp(value / 1000, UTC)
