"""The secret key: TRINARIO_SECRET_KEY, or one that is made once and kept beside the SQLite file."""

import os
import secrets
from pathlib import Path

from trinario.errors import ConfigError
from trinario.runtime.database import Database

ADVICE = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'


def secret_key(given: str | None, database: Database) -> bytes:
    """The key of this installation. Raises ConfigError when there is none and nowhere to keep one."""
    if given is not None:
        return given.encode()
    if database.path is None:
        raise ConfigError(
            "TRINARIO_SECRET_KEY is not set, and with PostgreSQL every process needs the same one: "
            f"set it to the outcome of {ADVICE}"
        )
    return _kept(key_file(database))


def key_file(database: Database) -> Path:
    """Where a key is kept: beside the SQLite file, under its name with `.key`."""
    assert database.path is not None
    return database.path.with_name(database.path.name + ".key")


def _kept(path: Path) -> bytes:
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise ConfigError(
            f"the secret key cannot be kept in {path} ({error.strerror}): make its directory writable, "
            "or set TRINARIO_SECRET_KEY"
        ) from error
    if len(key) < 32:
        raise ConfigError(f"{path} holds no key: put the one that was there back, or set TRINARIO_SECRET_KEY")
    return key


def _make(path: Path) -> None:
    """Write a new key whole or not at all; of two processes that do, both go on with the first's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_urlsafe(48).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
