"""One runtime process owns a SQLite file: a lock beside it, held by the kernel as long as the process lives."""

import time
from pathlib import Path
from typing import IO

from trinario.errors import ConfigError

PATIENCE = 10.0
"""Seconds for which a process that is just ending is waited for."""


def own(database: Path) -> IO[str] | None:
    """Take the lock of a database file; it is free again when what this gives is closed, or the process dies.

    Raises ConfigError when another process keeps it. None on systems that have no such locks.
    """
    try:
        import fcntl
    except ImportError:
        return None
    path = database.with_name(f"{database.name}.lock")
    try:
        held = path.open("a+", encoding="ascii")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror}): make its directory writable") from error
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return held
        except BlockingIOError:
            if time.monotonic() > until:
                held.close()
                raise ConfigError(_taken(database)) from None
            time.sleep(0.05)


def _taken(database: Path) -> str:
    return (
        f"another trinario process works on {database}: end it first, or give this one a database of its own with "
        "TRINARIO_DATABASE_URL (several processes can share PostgreSQL)"
    )
