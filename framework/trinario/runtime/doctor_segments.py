"""Segments that look through everybody: which fields they read without an index, and what to write for one."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from trinario.authoring.assemble import assemble
from trinario.errors import ConfigError, PhraseError
from trinario.expressions import Condition
from trinario.jobs.passing import moving
from trinario.jobs.segments import segment
from trinario.model.bot import Bot
from trinario.runtime import build
from trinario.runtime.finding import Finding
from trinario.runtime.settings import Settings
from trinario.runtime.upkeep import HEAD, current_revision, on_database
from trinario.runtime.versions import read_disk
from trinario.store.field_indexes import shape_of

MANY = 50_000
"""Contacts from which on looking through all of them is felt."""


async def slow_segments(folder: Path, settings: Settings) -> list[Finding]:
    """One finding for each field that would be worth an index; nothing for a bot or a database that cannot be read."""
    try:
        disk = read_disk(folder)
        bot = assemble(disk.parsed, disk.good, build.LIMITS, build.WINDOWS)
        if not any(True for _ in _asked(bot)):
            return []
        if settings.sqlite_path is not None and not settings.sqlite_path.exists():
            return []
        if await current_revision(settings) != HEAD:
            return []
        count = await on_database(settings, _contacts)
    except (ConfigError, SQLAlchemyError):
        return []  # the findings of the bot and of the database say why
    return list(_findings(bot, count, settings.sqlite_path is None)) if count >= MANY else []


def _findings(bot: Bot, count: int, lists: bool) -> Iterator[Finding]:
    for name, readers in sorted(unindexed(bot).items()):
        kind = bot.fields[name].type
        if shape_of(kind) == "list" and not lists:
            continue  # only PostgreSQL can look up what is in a list
        yield Finding(
            f"field {name}", "doubtful", f"{', '.join(readers)} reads it among {count:,} contacts without an index",
            f"write fields: {{{name}: {{type: {kind}, index: true}}}} in bot.yaml; the next start makes it",
        )  # fmt: skip


def unindexed(bot: Bot) -> dict[str, list[str]]:
    """Fields that segments read, that an index would help and that have none, with the campaigns, sequences and flows."""
    found: dict[str, list[str]] = {}
    for reader, condition in _asked(bot):
        try:
            fields = segment(bot, condition).fields
        except PhraseError:
            continue  # the check says so
        for name in sorted(fields):
            spec = bot.fields[name]
            if not spec.index and shape_of(spec.type) and reader not in found.setdefault(name, []):
                found[name].append(reader)
    return {name: readers for name, readers in found.items() if readers}


def _asked(bot: Bot) -> Iterator[tuple[str, Condition]]:
    for campaign in bot.campaigns.values():
        if campaign.segment is not None:
            yield f"campaign {campaign.name}", campaign.segment
    for sequence in bot.sequences.values():
        if sequence.segment is not None:
            yield f"sequence {sequence.name}", sequence.segment
    for rule in moving(bot).values():  # asked of everybody every five minutes
        assert rule.trigger.watched is not None, "a segment has its condition"
        yield f"flow {rule.flow.name}", rule.trigger.watched


def _contacts(conn: Connection) -> int:
    return int(conn.exec_driver_sql("SELECT COUNT(*) FROM contacts").scalar() or 0)
