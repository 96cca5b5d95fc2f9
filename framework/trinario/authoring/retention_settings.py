"""What bot.yaml says of how long what happened is kept."""

from datetime import timedelta

from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.reader import Record
from trinario.model.duration import Duration
from trinario.model.retention import KEYS, Retention


def retention_of(parsed: ParsedBot | None) -> Retention:
    """The rules of a bot that was read; those that hold without any where it says nothing."""
    record: Record | None = parsed.get("retention") if parsed is not None else None
    if record is None:
        return Retention()
    return Retention(**{name: _kept(record.get(name)) for name in KEYS})


def _kept(value: Duration | str | None) -> timedelta | None:
    return value.elapsed if isinstance(value, Duration) else None
