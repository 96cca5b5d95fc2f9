"""One suite for both stores: a folder of this machine, and a bucket of a real S3 server on loopback."""

import errno
import os
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from trinario.outside.media_folder import FolderStore, discard, prepare, sweep
from trinario.ports import MediaStore, Opened

ID, OTHER = "ab" + "0" * 30, "cd" + "1" * 30


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """An S3 server over HTTP, in a thread of its own."""
    server_module = pytest.importorskip("moto.server", reason="the S3 server of the tests (moto) is not installed")
    pytest.importorskip("aiobotocore", reason="the library that speaks S3 (aiobotocore) is not installed")
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, server_module.DomainDispatcherApplication(server_module.create_backend_app))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def bucket(server: str, spool: Path, **more: Any) -> Any:
    """A store in the bucket `people`."""
    from trinario.outside.media_s3 import S3Store

    given = {"endpoint": server, "prefix": "shop/", "access_key": "key", "secret_key": "very-secret", **more}
    return S3Store(spool, given.pop("bucket", "people"), **given)


@pytest.fixture(params=["folder", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MediaStore]:
    made: MediaStore
    if request.param == "folder":
        made = FolderStore(tmp_path / "media")
    else:
        made = bucket(request.getfixturevalue("s3_server"), tmp_path / "incoming")
        await (await made._opened()).create_bucket(Bucket="people")  # type: ignore[attr-defined]
    prepare(made.spool)
    yield made
    await made.close()


async def content(opened: Opened | None) -> bytes | None:
    """All of a copy."""
    if opened is None:
        return None
    if opened.path is not None:
        return opened.path.read_bytes()
    assert opened.chunks is not None
    return b"".join([piece async for piece in opened.chunks])


def incoming(store: MediaStore, data: bytes) -> Path:
    """A file on its way in."""
    file = store.spool / "1-x"
    file.write_bytes(data)
    return file


async def test_copies_come_and_go(store: MediaStore) -> None:
    big = os.urandom(300_000)
    assert await store.open(ID) is None
    await store.put(ID, incoming(store, b"one"), "image/jpeg")
    await store.put(OTHER, incoming(store, big), "video/mp4")
    opened = await store.open(ID)
    assert opened is not None and opened.size == 3 and await content(opened) == b"one"
    assert await content(await store.open(OTHER)) == big
    await store.put(ID, incoming(store, b"once more"), "image/jpeg")
    assert await content(await store.open(ID)) == b"once more"
    await store.remove(ID)
    await store.remove(ID)
    assert await store.open(ID) is None and await content(await store.open(OTHER)) == big
    assert await store.check() == ""


async def test_a_bucket_that_is_not_there(s3_server: str, tmp_path: Path) -> None:
    """What it says names no secret."""
    store = bucket(s3_server, tmp_path, bucket="nobodys")
    (tmp_path / "f").write_bytes(b"x")
    with pytest.raises(OSError, match="the bucket nobodys answers NoSuchBucket"):
        await store.put(ID, tmp_path / "f", "image/jpeg")
    assert await store.check() == "the bucket nobodys answers NoSuchBucket"
    await store.close()


async def test_a_service_that_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    media_s3 = pytest.importorskip("trinario.outside.media_s3", reason="aiobotocore is not installed")
    monkeypatch.setattr(media_s3, "TRIES", 1)
    store = bucket("http://127.0.0.1:9", tmp_path)
    trouble = await store.check()
    assert trouble.startswith("the bucket people cannot be reached") and "very-secret" not in trouble + repr(store)
    await store.close()


async def test_a_copy_in_a_folder_is_private_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path / "media")
    prepare(store.spool)
    synced: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    await store.put(ID, incoming(store, b"one"), "image/jpeg")
    path = tmp_path / "media" / "ab" / ID
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
    assert [Path(one).name for one in synced] == ["1-x", "ab", "media"]  # bytes, then its name, then its folder's
    assert list(store.spool.iterdir()) == []
    with pytest.raises(ValueError):
        await store.open("../../etc/passwd")


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file, and no folder")
    store = FolderStore(tmp_path / "media")
    assert str(tmp_path / "media") in await store.check()
    assert os.strerror(errno.ENOTDIR) in await store.check() or os.strerror(errno.EEXIST) in await store.check()


def test_what_processes_leave_behind(tmp_path: Path) -> None:
    assert sweep(tmp_path / "none", alone=True) == 0
    discard(tmp_path / "none", ["1-"])
    for name in ("1-a", "2-b"):
        (tmp_path / name).write_text("half")
    assert sweep(tmp_path, alone=False) == 0  # it may be another process's
    os.utime(tmp_path / "1-a", (1, 1))
    assert sweep(tmp_path, alone=False) == 1 and not (tmp_path / "1-a").exists()
    discard(tmp_path, ["3-"])
    discard(tmp_path, ["2-"])
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "4-c").write_text("half")
    assert sweep(tmp_path, alone=True) == 1
