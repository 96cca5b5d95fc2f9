"""`/media`: what was loaded is given, by its digest, and nothing else."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from trinario.model.media import MediaFile
from trinario.web.doors import Doors
from trinario.web.media import MediaFiles


@dataclass
class _World:
    media: dict[str, MediaFile]

    def world(self) -> Any:
        return self

    def bot(self) -> Any:
        return self


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/media/abc/menus/may%201.pdf", 200),
        ("/media/abd/menus/may%201.pdf", 404),
        ("/media/abc/menus/june.pdf", 404),
        ("/media/abc/../secret.txt", 404),
        ("/media/abc/%2e%2e/secret.txt", 404),
    ],
)
async def test_files(tmp_path: Path, path: str, status: int) -> None:
    (tmp_path / "may.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "secret.txt").write_text("no")
    file = MediaFile("menus/may 1.pdf", str(tmp_path / "may.pdf"), 8, "abc")
    app = web.Application()
    app.add_routes(MediaFiles(cast(Doors, _World({file.name: file}))).routes())
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(path)
        assert answer.status == status
        if status == 200:
            assert await answer.read() == b"%PDF-1.4"
            assert answer.headers["Content-Type"] == "application/pdf"
            assert "immutable" in answer.headers["Cache-Control"]
