"""The client against a real server on this machine: redirects, names that lie, huge, slow and packed answers."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from trinario.outside.http import MOST_BYTES, HttpClient
from trinario.ports import HttpRequest, NotReturned, Returned

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Liar(AbstractResolver):
    """A resolver of names that all stand for one address."""

    def __init__(self, address: str) -> None:
        self.address, self.asked = address, list[str]()

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        self.asked.append(host)
        found = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        return [ResolveResult(hostname=host, host=self.address, port=port, family=found, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[tuple[str, HttpClient, list[web.Request]]]:
    """A server on this machine, a client that may call it, and what it was asked."""
    seen: list[web.Request] = []

    async def noting(request: web.Request) -> web.StreamResponse:
        await request.read()
        seen.append(request)
        return await handler(request)

    app = web.Application(client_max_size=10 * MOST_BYTES)
    app.router.add_route("*", "/{path:.*}", noting)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    client = HttpClient(
        lambda: (f"127.0.0.1:{port}", f"localhost:{port}", f"cal.example:{port}", "cal.example"), local=True
    )
    try:
        yield f"http://127.0.0.1:{port}", client, seen
    finally:
        await client.close()
        await runner.cleanup()


async def asked(
    client: HttpClient, url: str, method: str = "GET", timeout: float = 5.0, **more: Any
) -> Returned | NotReturned:
    return await client.request(HttpRequest(method, url, **more), timeout)


def answering(body: bytes = b"", **more: Any) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, **more)

    return handler


def reason(answer: Returned | NotReturned) -> str:
    assert isinstance(answer, NotReturned), answer
    return answer.reason


async def test_json_text_and_nothing() -> None:
    bodies: dict[str, tuple[bytes, str]] = {
        "/json": (b'{"n": 1.10, "l": [true, null], "u": "\\u00e9"}', "application/problem+json; charset=utf-8"),
        "/text": ("é".encode("latin-1"), "text/plain; charset=latin-1"),
        "/odd": (b"x", "text/plain; charset=nonsense"),
        "/none": (b"", "application/json"),
    }

    async def handler(request: web.Request) -> web.StreamResponse:
        body, kind = bodies[request.path]
        return web.Response(status=201, body=body, headers={"Content-Type": kind, "X-Id": "7", "Set-Cookie": "a=b"})

    async with serving(handler) as (base, client, _):
        found = await asked(client, f"{base}/json")
        assert isinstance(found, Returned)
        assert found.data == {"n": Decimal("1.10"), "l": [True, None], "u": "é"} and found.status == 201
        assert found.headers["x-id"] == "7" and "set-cookie" not in found.headers
        for path, data in (("/text", "é"), ("/odd", "x"), ("/none", None)):
            answer = await asked(client, base + path)
            assert isinstance(answer, Returned) and answer.data == data


async def test_what_is_sent_arrives() -> None:
    async with serving(answering(b"{}", content_type="application/json")) as (base, client, seen):
        await asked(
            client, f"{base}/a%2Fb?c=%26", "POST", headers=(("X-Key", "k"), ("Content-Type", "text/plain")), body=b"hi"
        )
        (request,) = seen
        assert (request.method, request.raw_path, await request.text()) == ("POST", "/a%2Fb?c=%26", "hi")
        assert request.headers["X-Key"] == "k" and request.headers["User-Agent"] == "trinario"


async def test_broken_json_is_told_except_of_an_error() -> None:
    for body in (b"{", b"NaN", b"[" * 2000, b"[" * 40 + b"]" * 40, b'{"a": ' * 5000):
        async with serving(answering(body, content_type="application/json")) as (base, client, _):
            assert "JSON" in reason(await asked(client, base)) or "deep" in reason(await asked(client, base))
    async with serving(answering(b"<html>", content_type="application/json", status=502)) as (base, client, _):
        answer = await asked(client, base)
        assert isinstance(answer, Returned) and (answer.status, answer.data) == (502, None)


async def test_a_huge_answer_is_cut_off() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    async with serving(endless) as (base, client, _):
        assert "larger than 1 MiB" in reason(await asked(client, base))
    async with serving(answering(b"x" * MOST_BYTES)) as (base, client, _):
        assert isinstance(await asked(client, base), Returned)


async def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * (300 * MOST_BYTES))
    for coding, body in (("gzip", bomb), ("deflate", zlib.compress(b"0" * (20 * MOST_BYTES)))):
        async with serving(answering(body, headers={"Content-Encoding": coding})) as (base, client, _):
            assert "larger than 1 MiB" in reason(await asked(client, base, timeout=10))


async def test_packed_answers_are_read_and_strange_packings_refused() -> None:
    packed = {"gzip": gzip.compress(b'{"a": 1}'), "deflate": zlib.compress(b'{"a": 1}')}
    for coding, body in packed.items():
        given = {"Content-Encoding": coding, "Content-Type": "application/json"}
        async with serving(answering(body, headers=given)) as (base, client, _):
            answer = await asked(client, base)
            assert isinstance(answer, Returned) and answer.data == {"a": 1}
    async with serving(answering(b"x", headers={"Content-Encoding": "br"})) as (base, client, _):
        assert "packed" in reason(await asked(client, base))
    async with serving(answering(b"x" * 50, headers={"Content-Encoding": "gzip"})) as (base, client, _):
        assert "unpacked" in reason(await asked(client, base))


async def test_a_slow_answer_ends_with_its_time() -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    async with serving(drip) as (base, client, _):
        begun = asyncio.get_running_loop().time()
        answer = await asked(client, base, timeout=0.4)
        assert isinstance(answer, NotReturned) and answer.again and "0.4 seconds" in answer.reason
        assert asyncio.get_running_loop().time() - begun < 2


async def test_nobody_there_may_be_tried_again() -> None:
    async with serving(answering()) as (base, client, _):
        pass
    client = HttpClient(lambda: (base.removeprefix("http://"),), local=True)
    answer = await asked(client, base)
    await client.close()
    assert isinstance(answer, NotReturned) and answer.again


@pytest.mark.parametrize("target", [
    "http://127.0.0.1:1/", "http://10.0.0.1/", "https://169.254.169.254/latest", "https://evil.example/", "file:///etc/passwd",
    "//evil.example/", "https://2130706433/", "https://[::ffff:127.0.0.1]/", "https://user:pw@cal.example/",
])  # fmt: skip
async def test_a_redirect_goes_by_the_same_rules(target: str) -> None:
    async with serving(answering(status=302, headers={"Location": target})) as (base, client, seen):
        assert isinstance(await asked(client, base), NotReturned)
        assert len(seen) == 1


async def test_an_allowed_name_must_not_stand_for_our_network() -> None:
    for address in (
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "fe80::1",
    ):
        liar = Liar(address)
        client = HttpClient(lambda: ("cal.example",), resolver=liar)
        answer = await asked(client, "https://cal.example/holds")
        await client.close()
        assert liar.asked == ["cal.example"]
        assert isinstance(answer, NotReturned) and not answer.again and "may not be called" in answer.reason


async def test_a_redirect_to_a_name_that_lies_is_refused_at_the_socket() -> None:
    async with serving(answering(status=307, headers={"Location": "https://cal.example/x"})) as (base, _, seen):
        port = base.rpartition(":")[2]
        client = HttpClient(lambda: (f"127.0.0.1:{port}", "cal.example"), local=True, resolver=Liar("127.0.0.1"))
        assert "may not be called" in reason(await asked(client, base))
        await client.close()
        assert len(seen) == 1


async def test_redirects_keep_what_they_should() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/see":
            return web.Response(status=303, headers={"Location": "/there?x=1"})
        if request.path == "/same":
            return web.Response(status=307, headers={"Location": "/there"})
        if request.path == "/away":
            return web.Response(
                status=307, headers={"Location": str(request.url.with_host("localhost").with_path("/there"))}
            )
        if request.path == "/gone":
            return web.Response(
                status=302, headers={"Location": str(request.url.with_host("localhost").with_path("/there"))}
            )
        if request.path == "/round":
            return web.Response(status=302, headers={"Location": "/round"})
        return web.json_response(
            {"method": request.method, "body": await request.text(), "key": request.headers.get("X-Key")}
        )

    sent: dict[str, Any] = {"headers": (("X-Key", "k"),), "body": b"hi"}
    async with serving(handler) as (base, client, seen):
        see = await asked(client, f"{base}/see", "POST", **sent)
        assert isinstance(see, Returned) and see.data == {"method": "GET", "body": "", "key": "k"}
        same = await asked(client, f"{base}/same", "POST", **sent)
        assert isinstance(same, Returned) and same.data == {"method": "POST", "body": "hi", "key": "k"}
        assert "another service" in reason(await asked(client, f"{base}/away", "POST", **sent))
        gone = await asked(client, f"{base}/gone", "POST", **sent)
        assert isinstance(gone, Returned) and gone.data == {"method": "GET", "body": "", "key": None}
        seen.clear()
        assert "more than 3 times" in reason(await asked(client, f"{base}/round"))
        assert len(seen) == 4


@pytest.mark.parametrize("header", [
    ("X-A", "b\r\nX-Evil: 1"), ("X-A", "b\nc"), ("X-A\r\nX-Evil", "b"), ("X A", "b"), ("", "b"), ("X-A", "\0"), ("X-A", "\x7f"),
])  # fmt: skip
async def test_no_header_is_smuggled_in(header: tuple[str, str]) -> None:
    async with serving(answering()) as (base, client, seen):
        assert "header" in reason(await asked(client, base, headers=(header,)))
        assert not seen


async def test_what_is_no_http_is_told() -> None:
    async def odd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(odd, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = HttpClient(lambda: (f"127.0.0.1:{port}",), local=True)
    answer = await asked(client, f"http://127.0.0.1:{port}/")
    await client.close()
    server.close()
    assert isinstance(answer, NotReturned)


async def test_this_machine_is_called_only_where_it_is_set() -> None:
    async with serving(answering()) as (base, _, seen):
        port = base.rpartition(":")[2]
        client = HttpClient(lambda: (f"127.0.0.1:{port}", f"localhost:{port}"))
        for host in ("127.0.0.1", "localhost"):
            assert "TRINARIO_HTTP_LOCAL" in reason(await asked(client, f"http://{host}:{port}/"))
        await client.close()
        assert not seen
