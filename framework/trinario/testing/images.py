"""The database of a talk in memory, taken and put back as an image."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore


@lru_cache(maxsize=1)
def blank() -> bytes:
    """An empty database of ours; its tables are made once in a process."""
    store = MemoryStore()
    store.run_now(lambda unit: upgrade(unit.conn))
    image = image_of(store)
    store.engine.dispose()
    return image


def image_of(store: MemoryStore) -> bytes:
    """All of it, as SQLite serializes it."""
    with store.engine.connect() as conn:
        image: bytes = driver_of(conn).serialize()
    return image


def driver_of(conn: Connection) -> Any:
    """The connection of Python's own sqlite3, outside of any transaction."""
    conn.rollback()
    return conn.connection.dbapi_connection
