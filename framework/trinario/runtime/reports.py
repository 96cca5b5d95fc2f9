"""Reports of flows and sequences from the command line."""

from datetime import datetime

from trinario.campaign.sequence_report import SequenceReport
from trinario.errors import ConfigError
from trinario.jobs import reporting
from trinario.jobs.reporting import FlowReport
from trinario.model.bot import Bot
from trinario.model.duration import parse_duration
from trinario.runtime import campaigns
from trinario.runtime.settings import Settings
from trinario.runtime.versions import Database


class NothingToTell(ConfigError):
    """What was asked for is not there."""


async def since_of(settings: Settings, words: str) -> datetime | None:
    """The moment that `30d`, `2026-10-01` or `all` means. Raises NothingToTell."""
    if words == "all":
        return None
    now = await campaigns.now_of(settings)
    try:
        return datetime.fromisoformat(words).replace(tzinfo=now.tzinfo)
    except ValueError:
        pass
    try:
        return now - parse_duration(words).elapsed
    except ValueError as error:
        raise NothingToTell(f"--since takes a time back (30d), a day (2026-10-01) or all: {error}") from error


async def flow(settings: Settings, store: Database, bot: Bot, name: str, since: str, by: str) -> FlowReport:
    """How far people came in a flow. Raises NothingToTell."""
    begun = await since_of(settings, since)
    told = await store.read(lambda unit: reporting.flow_report(unit, bot, name, begun, by))
    if told is None:
        raise NothingToTell(f"there is no flow {name}; there are: {', '.join(sorted(bot.flows)) or 'none'}")
    return told


async def sequence(settings: Settings, store: Database, bot: Bot, name: str, since: str) -> SequenceReport:
    """What became of a sequence. Raises NothingToTell."""
    begun, found = await since_of(settings, since), bot.sequences.get(name)
    if found is None:
        raise NothingToTell(f"there is no sequence {name}; there are: {', '.join(sorted(bot.sequences)) or 'none'}")
    return await store.read(lambda unit: reporting.sequence_report(unit, found, begun))
