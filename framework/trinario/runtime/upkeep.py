"""Asking and upgrading a database from the command line, with words for everything that may be in the way."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from trinario.errors import ConfigError
from trinario.runtime.settings import Settings
from trinario.store.deployments import history
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
    store = open_store(settings, pool=1)
    try:
        return await store.run(lambda unit: ask(unit.conn))
    except TROUBLE as error:
        raise unusable(settings, error) from error
    finally:
        await store.close()


async def is_pinned(settings: Settings) -> bool:
    """Whether something is deployed, so that files do not count. Raises ConfigError when that cannot be asked."""
    if await current_revision(settings) != HEAD:
        return False
    newest = await on_database(settings, lambda conn: history(conn, 1))
    return bool(newest) and newest[0].pinned


AnyStore = PostgresStore | SqliteStore

TROUBLE = (SQLAlchemyError, OSError, TimeoutError)
"""What a database that cannot be reached or used makes itself known by."""


def open_store(settings: Settings, pool: int = 8) -> AnyStore:
    """The store of these settings, not yet connected. Raises ConfigError when its driver is missing."""
    database = settings.database
    if database.kind == "postgresql":
        try:
            return PostgresStore(database.url, pool)
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"TRINARIO_DATABASE_URL names PostgreSQL, and its driver {error.name} is not installed: "
                "say pip install 'trinario[postgres]' (in a checkout: pip install -e '.[postgres]')"
            ) from error
    if database.path is None:
        raise ConfigError("a bot needs a database that outlives it: set TRINARIO_DATABASE_URL=sqlite:///FILE")
    return SqliteStore(str(database.path), settings.sqlite_synchronous)


def unusable(settings: Settings, error: BaseException) -> ConfigError:
    """The same trouble in words for an operator."""
    return ConfigError(f"TRINARIO_DATABASE_URL ({settings.database.shown}): {_reason(error)}")


def _reason(error: BaseException) -> str:
    """The driver's own words, without SQL and without a password."""
    told = error.__cause__ if isinstance(error, ConnectionError) and error.__cause__ else error
    origin = getattr(told, "orig", None) or told
    words = str(origin).partition("\n")[0].rpartition(">: ")[2]
    return words or type(origin).__name__
