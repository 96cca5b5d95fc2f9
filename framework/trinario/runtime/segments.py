"""Segments from the command line: how many, and some of them by lot; the bot may be running meanwhile."""

from pathlib import Path

from trinario.authoring.assemble import assemble
from trinario.errors import ConfigError, PhraseError
from trinario.expressions import compile_condition
from trinario.jobs import segments
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.runtime import build
from trinario.runtime.campaigns import now_of
from trinario.runtime.settings import Settings
from trinario.runtime.versions import Database, read_disk


async def asked(
    settings: Settings, store: Database, folder: Path, where: str, size: int, seed: int
) -> tuple[int, list[Contact], tuple[str, ...]]:
    """How many contacts the expression is true of, some of them, and the fields it reads that have no index.

    Raises ConfigError for an expression that cannot be read, or cannot be asked of the database.
    """
    bot, now = bot_of(folder), await now_of(settings)
    try:
        one = segments.segment(bot, compile_condition(where))
    except PhraseError as error:
        raise ConfigError(pointed(error)) from error
    count = await store.read(lambda unit: segments.count(unit, bot, one, now))
    drawn = await store.read(lambda unit: segments.sample(unit, bot, one, size, seed, now)) if size else []
    bare = tuple(sorted(name for name in one.fields if not bot.fields[name].index))
    return count, drawn, bare


def bot_of(folder: Path) -> Bot:
    """The bot as its files say. Raises ConfigError."""
    return assemble(read_disk(folder).parsed, {}, build.LIMITS, build.WINDOWS)


def pointed(error: PhraseError) -> str:
    """The fault with its line, carets under what is meant, and how to mend it."""
    line = error.source.splitlines()[error.line - 1] if error.source else ""
    begin = max(0, error.column - 60)
    shown, before = line[begin : begin + 100], error.column - 1 - begin
    carets = "^" * max(1, min(error.length, len(shown) - before))
    hint = f"  {error.hint}" if error.hint else ""
    return f"{error.reason}\n    {shown}\n    {' ' * before}{carets}{hint}"
