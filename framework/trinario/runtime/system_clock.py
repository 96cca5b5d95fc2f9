"""What time it is by the machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """An aware moment in UTC."""
        return datetime.now(UTC)
