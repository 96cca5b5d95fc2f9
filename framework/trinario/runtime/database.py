"""TRINARIO_DATABASE_URL, taken apart: which engine, which file or server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

_SERVERS = ("postgresql", "postgres", "postgresql+asyncpg")


@dataclass(frozen=True, slots=True)
class Database:
    """`path` is SQLite's file (as written, relative ones to the working directory), None on a server."""

    kind: Literal["sqlite", "postgresql"]
    url: str
    path: Path | None = None

    @property
    def shown(self) -> str:
        """The address without its password, for eyes and logs."""
        if self.kind == "sqlite":
            return self.url
        parts = urlsplit(self.url)
        where = f"{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
        return f"postgresql://{parts.username + '@' if parts.username else ''}{where}{parts.path}"

    @property
    def told(self) -> str:
        """Where it is, whole, for whoever looks into the wrong one; also that there is no such file."""
        if self.path is None:
            return self.shown
        return f"{self.path.absolute()}" + ("" if self.path.exists() else ", a file that is not there")


def parse_database(url: str) -> Database:
    """The database that an address names. Raises ValueError; its text is the mend."""
    scheme, found, rest = url.strip().partition("://")
    if scheme in _SERVERS and found:
        return _server(url.strip(), rest)
    if scheme != "sqlite" or not found or "?" in rest or "#" in rest:
        raise ValueError("must be sqlite:///FILE, sqlite:////ABSOLUTE/FILE or postgresql://USER:PASSWORD@HOST/NAME")
    if rest in ("", "/", "/:memory:"):
        raise ValueError("keeps nothing beyond the end of the process: name a file, like sqlite:///trinario.db")
    if not rest.startswith("/") or rest.endswith("/"):
        raise ValueError("names no file: write sqlite:///FILE with three slashes, or four before an absolute path")
    return Database("sqlite", url.strip(), Path(unquote(rest[1:])))


def _server(url: str, rest: str) -> Database:
    try:
        parts = urlsplit("postgresql://" + rest)
        named = bool(parts.path.strip("/")) and (parts.port or 1) > 0
    except ValueError:
        named = False
    if not named:
        raise ValueError("names no database: write postgresql://USER:PASSWORD@HOST/NAME")
    return Database("postgresql", url)
