"""Downloads from a real server on this machine: redirects, names that lie, huge, slow, packed and broken answers."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from aiohttp import web

from tests.unit.outside.test_http import Liar
from trinario.outside.download import Downloader
from trinario.ports import Downloaded, Located, NotDownloaded

BODY = bytes(range(256)) * 300


async def whole(request: web.Request) -> web.StreamResponse:
    assert request.headers["Accept-Encoding"] == "identity"
    wanted = request.headers.get("Authorization", "none")
    return web.Response(body=BODY, headers={"Content-Type": "image/jpeg", "X-Asked": wanted})


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(bytes(10_000))
    return response


async def stalls(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x")
        await asyncio.sleep(0.02)


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"x")
    assert request.transport is not None
    request.transport.close()
    return response


def leads(target: str) -> web.RouteDef:
    async def handle(request: web.Request) -> web.StreamResponse:
        place = target.replace("PORT", str(request.url.port))
        return web.Response(status=302, headers={"Location": place})

    return web.get("/leads", handle)


async def packed(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"xx", headers={"Content-Encoding": "gzip"})


async def missing(request: web.Request) -> web.StreamResponse:
    return web.Response(status=int(request.match_info["status"]))


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app = web.Application()
    for name, handler in (("whole", whole), ("endless", endless), ("stalls", stalls), ("cut", cut), ("packed", packed)):
        app.router.add_get(f"/{name}", handler)
    app.router.add_get("/answers/{status}", missing)
    for path, target in (("/inside", "http://169.254.169.254/latest"), ("/other", "http://localhost:PORT/whole"),
                         ("/round", "/round"), ("/there", "/whole"), ("/file", "file:///etc/passwd")):  # fmt: skip
        app.router.add_get(path, leads(target).handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


async def fetch(
    into: Path, url: str, hosts: tuple[str, ...], *, local: bool = True, most: int = 100_000, timeout: float = 5.0,
    resolver: Liar | None = None,
) -> Downloaded | NotDownloaded:  # fmt: skip
    client = Downloader(local=local, resolver=resolver)
    try:
        return await client.fetch(Located(url, {"Authorization": "Bearer t"}), hosts, into / "f", most, timeout)
    finally:
        await client.close()


@pytest.mark.parametrize("path", ["whole", "there"])
async def test_a_file(port: int, tmp_path: Path, path: str) -> None:
    got = await fetch(tmp_path, f"http://127.0.0.1:{port}/{path}", (f"127.0.0.1:{port}",))
    assert got == Downloaded(len(BODY), sha256(BODY).hexdigest(), BODY[:512], "image/jpeg")
    assert (tmp_path / "f").read_bytes() == BODY


@pytest.mark.parametrize(
    ("path", "why", "again"),
    [
        ("endless", "it has more than 100,000 bytes", False),
        ("cut", "could not be fetched", True),
        ("packed", "it came packed", False),
        ("inside", "only https may be called", False),
        ("other", "not allowed", False),
        ("file", "no web address", False),
        ("round", "leads on more than 3 times", False),
        ("answers/404", "its host answers 404", True),
        ("answers/503", "its host answers 503", True),
        ("answers/204", "its host answers 204", False),
    ],
)
async def test_what_goes_wrong(port: int, tmp_path: Path, path: str, why: str, again: bool) -> None:
    got = await fetch(tmp_path, f"http://127.0.0.1:{port}/{path}", (f"127.0.0.1:{port}",))
    assert isinstance(got, NotDownloaded) and why in got.reason and got.again is again


async def test_time_is_bounded(port: int, tmp_path: Path) -> None:
    got = await fetch(tmp_path, f"http://127.0.0.1:{port}/stalls", (f"127.0.0.1:{port}",), timeout=0.2)
    assert got == NotDownloaded("it did not come in time", again=True)


async def test_a_length_that_is_announced_is_believed(port: int, tmp_path: Path) -> None:
    got = await fetch(tmp_path, f"http://127.0.0.1:{port}/whole", (f"127.0.0.1:{port}",), most=1000)
    assert got == NotDownloaded("it has 76,800 bytes, and at most 1,000 are fetched")
    assert not (tmp_path / "f").exists()


async def test_where_nothing_is_fetched_from(port: int, tmp_path: Path) -> None:
    """Our own network, whatever its name; hosts that nobody listed; this machine when the Graph is not on it."""
    here = f"127.0.0.1:{port}"
    for url, hosts, local in (
        (f"http://{here}/whole", (here,), False),
        (f"http://{here}/whole", ("*.fbcdn.net",), True),
        (f"https://evil.example:{port}/whole", ("*.fbcdn.net",), True),
        (f"https://x.fbcdn.net@{here}/whole", ("*.fbcdn.net", here), True),
        ("https://fbcdn.net.evil.example/", ("*.fbcdn.net",), True),
        (f"https://10.0.0.1:{port}/", (f"10.0.0.1:{port}",), True),
    ):
        got = await fetch(tmp_path, url, hosts, local=local)
        assert isinstance(got, NotDownloaded) and not got.again, url
    for address in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"):
        got = await fetch(tmp_path, f"https://a.fbcdn.net:{port}/x", (f"a.fbcdn.net:{port}",), resolver=Liar(address))
        assert got == NotDownloaded("its host's name stands for an address that may not be called"), address
