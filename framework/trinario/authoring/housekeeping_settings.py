"""What bot.yaml says of when the bot tidies up."""

from datetime import UTC, datetime

from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.campaign.schedule import following, parse_cron
from trinario.model.housekeeping import TOKENS_AT_LEAST, WORKS, Housekeeping

_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def housekeeping_of(record: Record | None) -> Housekeeping:
    """The time tables of a bot.yaml that was read; none where it says nothing."""
    found: Record | None = record.get("housekeeping") if record is not None else None
    if found is None:
        return Housekeeping()
    return Housekeeping({name: str(found.get(name)) for name in WORKS if found.get(name)}, found.get("zone") or "")


def check_housekeeping(record: Record, notes: Notes) -> None:
    """T021: a token would die between two renewals."""
    found: Record | None = record.get("housekeeping")
    line = housekeeping_of(record).lines.get("tokens")
    if found is None or line is None:
        return
    first = following(parse_cron(line), _ANY_DAY, UTC)
    then = following(parse_cron(line), first, UTC) if first else None
    if first is None or then is None or then - first > TOKENS_AT_LEAST:
        notes.fault("T021", found.nodes["tokens"], "`tokens` comes too seldom: a token lives for sixty days",
                    'let it come every month at least, like "30 4 * * 1"')  # fmt: skip
