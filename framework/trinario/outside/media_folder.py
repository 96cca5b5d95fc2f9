"""Copies of people's files in a folder of this machine: written whole or not at all, on disk when we say so."""

import asyncio
import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from trinario.ports import Opened

_ID = re.compile(r"[0-9a-f]{32}")
STALE = 3600.0
"""Seconds after which a file on its way in belongs to nobody any more; no fetch takes so long."""

PRIVATE = 0o700


class FolderStore:
    """Implements ports.MediaStore below `root`: `<first two letters of the id>/<id>`. Files on their way lie in `incoming/`.

    The folder is made when something is first kept.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def spool(self) -> Path:
        """On the same disk as the copies, so that a file is moved there at once and whole."""
        return self._root / "incoming"

    async def put(self, id: str, file: Path, mime_type: str) -> None:
        """Move the file in; its bytes, its name and its folders are on disk when this returns."""
        await asyncio.to_thread(_put, file, self._path(id))

    async def remove(self, id: str) -> None:
        """Unlink the copy, if it is there."""
        await asyncio.to_thread(_remove, self._path(id))

    async def open(self, id: str) -> Opened | None:
        """The copy as a file."""
        path = self._path(id)
        stat = await asyncio.to_thread(_stat, path)
        return None if stat is None else Opened(path=path, size=stat.st_size)

    async def check(self) -> str:
        """Whether a file can be written, moved and removed here."""
        return await asyncio.to_thread(_try_out, self._root, self.spool)

    async def close(self) -> None:
        """Nothing is open."""

    def _path(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise ValueError(f"{id!r} is no name of a copy")
        return self._root / id[:2] / id


def prepare(spool: Path) -> None:
    """The folder for files on their way in."""
    spool.mkdir(mode=PRIVATE, parents=True, exist_ok=True)


def sweep(spool: Path, alone: bool) -> int:
    """Remove what processes that are gone have left on its way; gives how many. `alone`: nobody else works here."""
    if not spool.is_dir():
        return 0
    probe = spool / f".now-{os.getpid()}"
    probe.touch()
    now = probe.stat().st_mtime  # the clock of the disk, whichever machine that is
    probe.unlink()
    gone = 0
    for path in spool.iterdir():
        with contextlib.suppress(OSError):
            if alone or now - path.stat().st_mtime > STALE:
                path.unlink()
                gone += 1
    return gone


def discard(spool: Path, beginnings: Sequence[str]) -> None:
    """Remove files on their way whose names begin so: whoever wrote them is gone."""
    if not spool.is_dir():
        return
    for path in spool.iterdir():
        if path.name.startswith(tuple(beginnings)):
            path.unlink(missing_ok=True)


def _put(file: Path, target: Path) -> None:
    fresh = not target.parent.exists()
    target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    with file.open("rb") as written:
        os.fsync(written.fileno())
    file.chmod(0o600)
    file.replace(target)
    _sync(target.parent)
    if fresh:
        _sync(target.parent.parent)


def _sync(folder: Path) -> None:
    """A name is on disk when its folder is; systems that cannot do that for folders do without."""
    with contextlib.suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _sync(path.parent)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _try_out(root: Path, spool: Path) -> str:
    try:
        prepare(spool)
        file = spool / f".check-{os.getpid()}"
        file.write_bytes(b"trinario")
        moved = root / file.name
        _put(file, moved)
        whole = moved.read_bytes() == b"trinario"
        moved.unlink()
    except OSError as error:
        return f"{root} cannot be written: {error.strerror or type(error).__name__}"
    return "" if whole else f"{root} does not give back what is written to it"
