"""`GET /api/v1/media/{id}`: what a browser may do with a file of somebody's, and what is said of one that is not there."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from trinario.ports import MediaKept, Opened
from trinario.web.api.files import PATH, disposition, give
from trinario.web.api.problem import ProblemError
from trinario.web.doors import Doors

ID = "ab" * 16


def kept(**more: Any) -> MediaKept:
    return MediaKept(**{"id": ID, "contact": 1, "channel": "whatsapp", "message": "m", "kind": "image", "status": "stored",
                        "mime_type": "image/jpeg", "size": 10, "digest": "d" * 64, **more})  # fmt: skip


class Files:
    """A store of one copy, which may be away."""

    def __init__(self, opened: Opened | None, away: bool = False) -> None:
        self._opened, self._away = opened, away

    async def open(self, id: str) -> Opened | None:
        if self._away:
            raise OSError("the bucket people cannot be reached")
        return self._opened


class Store:
    """A database of one row."""

    def __init__(self, row: MediaKept | None) -> None:
        self._row = row

    async def read(self, work: Any) -> Any:
        return work(SimpleNamespace(media=SimpleNamespace(find=self._find)))

    def _find(self, id: str) -> MediaKept | None:
        return self._row if self._row and id == self._row.id else None


async def asked(
    row: MediaKept | None, files: Files | None, path: str = f"/media/{ID}", **headers: str
) -> tuple[int, Any, bytes]:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await give(cast(Doors, SimpleNamespace(store=Store(row), files=files)), request)
        except ProblemError as problem:
            return problem.response(request.path)

    app = web.Application()
    app.router.add_get(PATH, handle)
    async with TestClient(TestServer(app)) as client, client.get(path, headers=headers) as answer:
        return answer.status, answer.headers, await answer.read()


async def pieces() -> AsyncIterator[bytes]:
    for piece in (b"12345", b"67890"):
        await asyncio.sleep(0)
        yield piece


async def test_a_copy_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / ID).write_bytes(b"1234567890")
    files = Files(Opened(path=tmp_path / ID, size=10))
    status, headers, body = await asked(kept(mime_type="text/html", filename="x.html"), files)
    assert (status, body, headers["Content-Type"]) == (200, b"1234567890", "text/html")
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Content-Security-Policy"].startswith("sandbox")
    assert headers["Content-Disposition"].startswith("attachment;") and headers["Cache-Control"] == "private, no-cache"
    status, headers, body = await asked(kept(), files, Range="bytes=2-4")
    assert (status, body, headers["Content-Range"]) == (206, b"345", "bytes 2-4/10")


async def test_a_copy_in_a_bucket() -> None:
    status, headers, body = await asked(kept(), Files(Opened(chunks=pieces(), size=10)))
    assert (status, body, headers["Content-Length"], headers["ETag"]) == (200, b"1234567890", "10", f'"{"d" * 64}"')


@pytest.mark.parametrize(
    ("row", "files", "path", "status", "words"),
    [
        (None, Files(None), f"/media/{ID}", 404, b"no file is known"),
        (kept(), Files(None), "/media/..%2f..%2fetc", 404, b"no file is known"),
        (kept(), Files(None), f"/media/{ID}", 410, b"no copy of the file"),
        (kept(), None, f"/media/{ID}", 410, b"no copy of the file"),
        (kept(), Files(None, away=True), f"/media/{ID}", 503, b"cannot be reached"),
        (kept(status="waiting", reason="its host answers 503"), Files(None), f"/media/{ID}", 503, b"answers 503"),
        (kept(status="deleted", reason="she deleted the message"), Files(None), f"/media/{ID}", 410, b"she deleted"),
    ],
)
async def test_what_is_not_there(
    row: MediaKept | None, files: Files | None, path: str, status: int, words: bytes
) -> None:
    found, _, body = await asked(row, files, path)
    assert found == status and words in body


@pytest.mark.parametrize(
    ("row", "header"),
    [
        (kept(), "attachment; filename=\"image.jpg\"; filename*=UTF-8''image.jpg"),
        (kept(kind="audio", mime_type="audio/x-odd"), "attachment; filename=\"audio\"; filename*=UTF-8''audio"),
        (
            kept(filename="più belle.pdf"),
            "attachment; filename=\"pi_ belle.pdf\"; filename*=UTF-8''pi%C3%B9%20belle.pdf",
        ),
        (
            kept(filename='..\\..\\a"\r\nX: y.pdf'),
            "attachment; filename=\"a_X_ y.pdf\"; filename*=UTF-8''a%22X%3A%20y.pdf",
        ),
        (kept(filename="/etc/"), "attachment; filename=\"image\"; filename*=UTF-8''image"),
    ],
)
def test_names(row: MediaKept, header: str) -> None:
    assert disposition(row) == header
