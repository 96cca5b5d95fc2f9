"""Asking and upgrading a database from the command line, with words for everything that may be in the way."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from trinario.errors import ConfigError
from trinario.runtime.settings import Settings
from trinario.store.migrate import HEAD, current, upgrade
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import SqliteStore

__all__ = ["HEAD", "current_revision", "on_database", "upgrade_database"]

T = TypeVar("T")


async def upgrade_database(settings: Settings) -> tuple[bool, str]:
    """Bring the database to HEAD; gives whether anything changed, and the revision. Raises ConfigError."""
    if settings.sqlite_path is not None and not settings.sqlite_path.absolute().parent.is_dir():
        raise ConfigError(f"{settings.database.shown}: there is no folder {settings.sqlite_path.absolute().parent}")
    changed = await on_database(settings, upgrade)
    return changed, HEAD


async def current_revision(settings: Settings) -> str | None:
    """Where the database stands; None: it is empty, or not there yet. Raises ConfigError."""
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        return None
    return await on_database(settings, current)


async def on_database(settings: Settings, ask: Callable[[Connection], T]) -> T:
    """Run `ask` in one transaction. Raises ConfigError when the database cannot be reached or used."""
    path = settings.sqlite_path
    store: PostgresStore | SqliteStore
    store = PostgresStore(settings.database_url, pool=1) if path is None else SqliteStore(str(path))
    try:
        return await store.run(lambda unit: ask(unit.conn))
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise ConfigError(f"TRINARIO_DATABASE_URL ({settings.database.shown}): {_reason(error)}") from error
    finally:
        await store.close()


def _reason(error: Exception) -> str:
    """The driver's own words, without SQL and without a password."""
    origin = getattr(error, "orig", None) or error
    words = str(origin).partition("\n")[0].rpartition(">: ")[2]
    return words or type(origin).__name__
