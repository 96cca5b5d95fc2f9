"""Files that people send: what is to be fetched, where from, and where copies are kept."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from trinario.model.failure import Failure


@dataclass(frozen=True, slots=True)
class MediaEntry:
    """A file that is to be fetched. `id` is the name of our copy (model/media.py), `value` that of her identity on `channel`.

    `message` is the platform's id of the message it came with, `place` which of its files it is. `source` is the platform's
    id of the file, `url` an address that expires; `mime_type` and `filename` are what the platform says.
    """

    id: str
    contact: int
    channel: str
    value: str
    message: str
    place: int
    kind: str
    source: str = ""
    url: str = ""
    mime_type: str = ""
    filename: str = ""
    attempts: int = 0
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MediaSettled:
    """What became of a fetch: `status` waiting, stored or failed."""

    id: str
    status: str
    attempts: int
    reason: str = ""
    not_before: datetime | None = None
    size: int = 0
    digest: str = ""
    mime_type: str = ""


@dataclass(frozen=True, slots=True)
class MediaKept:
    """A file as it stands: `status` is waiting, fetching, stored, failed, deleted (by her) or expired; `reason` says why.

    `mime_type` is what it is, as far as its bytes tell; `size` in bytes; `digest` SHA-256 in hex.
    """

    id: str
    contact: int
    channel: str
    message: str
    kind: str
    status: str
    reason: str = ""
    mime_type: str = ""
    filename: str = ""
    size: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """Where the bytes are now. `headers` are for that host only; `digest` ("" unknown) is SHA-256 in hex, `size` 0 unknown."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    mime_type: str = ""
    digest: str = ""
    size: int = 0


@runtime_checkable
class MediaSource(Protocol):
    """An adapter whose platform hands out the files that people send."""

    @property
    def media_hosts(self) -> tuple[str, ...]:
        """The hosts that the platform keeps files on, like `cdn.example`, `*.cdn.example` or `127.0.0.1:9090`."""

    @property
    def largest(self) -> int:
        """Bytes of the largest file that the platform hands out."""

    async def locate(self, source: str, url: str) -> Located | Failure:
        """Ask where a file is. Never raises for anything the outside does."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """The bytes are in the file that was named. `head` are the first of them, `declared` the type the answer says."""

    size: int
    digest: str
    head: bytes
    declared: str = ""


@dataclass(frozen=True, slots=True)
class NotDownloaded:
    """Why there are no bytes. `again`: it may go better later; `status` of HTTP, 0 without one. `reason` holds no secret."""

    reason: str
    again: bool = False
    status: int = 0


class Download(Protocol):
    """A client that fetches files from allowed hosts only, and never from an address inside our own network."""

    async def fetch(
        self, located: Located, hosts: tuple[str, ...], into: Path, most: int, timeout: float
    ) -> Downloaded | NotDownloaded:
        """Fetch at most `most` bytes within `timeout` seconds. Never raises for anything the outside does."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A copy that can be read: a file on this machine, or its bytes as they come (`size` of them)."""

    path: Path | None = None
    chunks: AsyncIterator[bytes] | None = None
    size: int = 0


class MediaStore(Protocol):
    """Where copies are kept, by the ids of `MediaEntry`. Raises OSError when it cannot be reached or written."""

    @property
    def spool(self) -> Path:
        """A folder on this machine for files that are on their way in."""

    async def put(self, id: str, file: Path, mime_type: str) -> None:
        """Keep a copy of `file`, which may be gone afterwards; when this returns it is on disk. The same id again replaces it."""

    async def remove(self, id: str) -> None:
        """The copy is gone; it may not have been there."""

    async def open(self, id: str) -> Opened | None:
        """The copy; None: there is none."""

    async def check(self) -> str:
        """Why nothing can be kept here; "" if it can: a file was written, read and removed."""

    async def close(self) -> None:
        """Give back what is open."""
