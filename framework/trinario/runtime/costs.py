"""What messages cost, from the command line; the bot may be running meanwhile."""

from datetime import date
from pathlib import Path

from trinario.authoring.assemble import assemble
from trinario.errors import ConfigError
from trinario.jobs.costs import By, Costs, costs, this_month
from trinario.runtime import build
from trinario.runtime.campaigns import now_of
from trinario.runtime.settings import Settings
from trinario.runtime.versions import Database, read_disk


async def costs_of(
    settings: Settings, store: Database, folder: Path, since: date | None, until: date | None, by: tuple[By, ...]
) -> Costs:
    """Of the days from `since` to `until`, else of this month. Raises ConfigError for days that cannot be asked for."""
    bot = assemble(read_disk(folder).parsed, {}, build.LIMITS, build.WINDOWS)
    first, last = this_month(bot, await now_of(settings))
    since, until = since or min(first, until or first), until or last
    try:
        return await store.run(lambda unit: costs(unit, bot, since, until, by))
    except ValueError as error:
        raise ConfigError(str(error)) from error
