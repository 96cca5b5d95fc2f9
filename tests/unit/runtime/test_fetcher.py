"""The fetcher over a real database and a real folder: kept, taken back, erased, expired, refused, killed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from trinario.jobs.media import MediaRules
from trinario.model.failure import Action, Failure
from trinario.model.media import media_name
from trinario.outside.media_folder import FolderStore, prepare
from trinario.ports import Downloaded, Located, MediaEntry, NotDownloaded, Unit, Writes
from trinario.runtime import fetcher
from trinario.runtime.fetcher import Fetcher
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

NOW = datetime(2026, 3, 1, tzinfo=UTC)
JPEG = b"\xff\xd8\xff a picture"


class Meta:
    """The adapter, the download and the clock."""

    media_hosts = ("x.example",)
    largest = 1000

    def __init__(self) -> None:
        self.moment, self.located = NOW, Located("https://x.example/1")
        self.got: Any = None
        self.hold = asyncio.Event()
        self.hold.set()
        self.under_way = asyncio.Event()

    def now(self) -> datetime:
        return self.moment

    async def locate(self, source: str, url: str) -> Located | Failure:
        return self.located

    async def fetch(
        self, located: Located, hosts: tuple[str, ...], into: Path, most: int, timeout: float
    ) -> Downloaded | NotDownloaded:
        into.write_bytes(JPEG)
        self.under_way.set()
        await self.hold.wait()
        return self.got or Downloaded(len(JPEG), sha256(JPEG).hexdigest(), JPEG)


class Room:
    """A fetcher at work."""

    def __init__(self, store: MemoryStore, folder: Path, keep: timedelta | None = None) -> None:
        self.store, self.meta, self.files = store, Meta(), FolderStore(folder)
        self.told: list[tuple[str, str, int]] = []
        world: Any = SimpleNamespace(adapters={"whatsapp": self.meta})
        self.fetcher = Fetcher(
            store, lambda: world, self.meta, 5, self.files, self.meta, lambda: MediaRules(keep=keep), lambda: 0.0,
            lambda channel, result, size, seconds: self.told.append((channel, result, size)), alone=True,
        )  # fmt: skip
        self._task = asyncio.get_running_loop().create_task(self.fetcher.run())

    async def order(self, message: str = "m") -> str:
        id = media_name("whatsapp", message, 0)
        entry = MediaEntry(id, 1, "whatsapp", "39", message, 0, "image", "100", "", "image/jpeg")
        await self.store.run(lambda unit: unit.write(Writes(media=[entry]), self.meta.now()))
        self.fetcher.bell.ring()
        return id

    async def until(self, found: Callable[[Unit], Any]) -> Any:
        """What a question gives as soon as it gives something."""
        async with asyncio.timeout(10):
            while not (answer := await self.store.read(found)):
                self.fetcher.bell.ring()
                await asyncio.sleep(0.005)
        return answer

    async def becomes(self, id: str, status: str) -> Any:
        return await self.until(lambda unit: (kept := unit.media.find(id)) and kept.status == status and kept)

    async def gone(self, id: str) -> None:
        held = f"SELECT COUNT(*) FROM media WHERE id = '{id}' AND held = 1"
        await self.until(lambda unit: not unit.conn.exec_driver_sql(held).scalar())
        assert not self.path(id).exists()

    def path(self, id: str) -> Path:
        return self.files._root / id[:2] / id

    async def close(self) -> None:
        self.meta.hold.set()
        self.fetcher.bell.close()
        await self._task


@pytest.fixture
async def store(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MemoryStore]:
    monkeypatch.setattr(fetcher, "SWEEP", 0.0)
    made = MemoryStore()
    await made.run(lambda unit: upgrade(unit.conn))
    yield made
    await made.close()


async def test_a_file_is_kept_and_counted(store: MemoryStore, tmp_path: Path) -> None:
    room = Room(store, tmp_path)
    id = await room.order()
    kept = await room.becomes(id, "stored")
    assert (kept.size, kept.mime_type, kept.digest) == (len(JPEG), "image/jpeg", sha256(JPEG).hexdigest())
    assert room.path(id).read_bytes() == JPEG and list(room.files.spool.iterdir()) == []
    assert room.told == [("whatsapp", "stored", len(JPEG))]
    await room.close()


async def test_she_deletes_it_while_it_is_fetched(store: MemoryStore, tmp_path: Path) -> None:
    room = Room(store, tmp_path)
    room.meta.hold.clear()
    id = await room.order()
    await room.meta.under_way.wait()
    await store.run(lambda unit: unit.write(Writes(taken_back=[(1, "whatsapp", "m")]), NOW))
    room.meta.hold.set()
    await room.gone(id)
    assert (await room.becomes(id, "deleted")).size == 0 and list(room.files.spool.iterdir()) == []
    await room.close()


async def test_she_is_erased(store: MemoryStore, tmp_path: Path) -> None:
    room = Room(store, tmp_path)
    id = await room.order()
    await room.becomes(id, "stored")
    await store.run(lambda unit: unit.media.erase(1))
    await room.gone(id)
    assert await store.read(lambda unit: unit.conn.exec_driver_sql("SELECT COUNT(*) FROM media").scalar()) == 0
    await room.close()


async def test_copies_are_kept_for_so_long(store: MemoryStore, tmp_path: Path) -> None:
    room = Room(store, tmp_path, keep=timedelta(days=30))
    id = await room.order()
    await room.becomes(id, "stored")
    room.meta.moment += timedelta(days=31)
    assert (await room.becomes(id, "expired")).reason == "copies are kept for 30 days"
    await room.gone(id)
    await room.close()


async def test_a_dead_token_is_the_channels_trouble_until_a_file_comes(store: MemoryStore, tmp_path: Path) -> None:
    room = Room(store, tmp_path)
    room.meta.located = Failure(Action.TOKEN, 190, reason="the token has expired", holds="channel")  # type: ignore[assignment]
    id = await room.order()
    troubles = await room.until(lambda unit: unit.accounts.troubles(NOW))
    assert (troubles[0].channel, troubles[0].code) == ("whatsapp", "190")
    assert (await room.becomes(id, "waiting")).reason == "the token has expired"
    room.meta.located = Located("https://x.example/1")
    room.meta.moment += timedelta(minutes=11)
    await room.becomes(id, "stored")
    assert not [one for one in await store.read(lambda unit: unit.accounts.troubles(room.meta.now())) if one.code]
    await room.close()


async def test_a_store_that_cannot_be_written(store: MemoryStore, tmp_path: Path) -> None:
    (tmp_path / "media").write_text("no folder")
    room = Room(store, tmp_path / "media")
    id = await room.order()
    kept = await room.until(lambda unit: (one := unit.media.find(id)) and one.reason and one)
    assert kept.status == "waiting" and kept.reason.startswith("it cannot be written here")
    assert room.fetcher.healthy
    (tmp_path / "media").unlink()
    room.meta.moment += timedelta(minutes=1)
    await room.becomes(id, "stored")
    await room.close()


async def test_what_a_killed_process_leaves(store: MemoryStore, tmp_path: Path) -> None:
    """Its row is fetched anew, its half file is removed; what ends every process is given up."""
    prepare(tmp_path / "incoming")
    half = tmp_path / "incoming" / "63-half"
    id = media_name("whatsapp", "m", 0)
    entry = MediaEntry(id, 1, "whatsapp", "39", "m", 0, "image", "100", "", "image/jpeg")
    await store.run(lambda unit: unit.write(Writes(media=[entry]), NOW))
    await store.run(lambda unit: unit.media.claim(1, 99, NOW))
    half.write_bytes(b"half")
    room = Room(store, tmp_path)
    await room.becomes(id, "stored")
    assert not half.exists()
    await room.close()


async def test_a_process_that_ends_finishes_what_is_under_way(store: MemoryStore, tmp_path: Path) -> None:
    room = Room(store, tmp_path)
    room.meta.hold.clear()
    id = await room.order()
    await room.meta.under_way.wait()
    await room.close()
    kept = await store.read(lambda unit: unit.media.find(id))
    assert kept is not None and kept.status == "stored"
