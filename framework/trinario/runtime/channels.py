"""Channels from the command line: what is the matter with them, and going on; the bot may be running meanwhile."""

from datetime import UTC, datetime

from trinario.errors import ConfigError
from trinario.jobs.resume import resume
from trinario.ports import Trouble, Unit
from trinario.runtime.versions import Database


async def troubles_now(store: Database) -> list[Trouble]:
    """Channels that do not send as they could, by name."""
    now = datetime.now(UTC)
    return await store.run(lambda unit: unit.accounts.troubles(now))


async def resume_now(store: Database, channel: str, author: str) -> int:
    """Have a channel try at once; how many messages are due by that. Raises ConfigError for one that never had a trouble."""
    now = datetime.now(UTC)

    def work(unit: Unit) -> int | None:
        if channel not in {one.channel for one in unit.accounts.troubles(now)}:
            return None
        return resume(unit, channel, author, now)

    due = await store.run(work)
    if due is None:
        raise ConfigError(f"channel {channel!r} is in no trouble: `trinario channels list` shows those that are")
    return due
