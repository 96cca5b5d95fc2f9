"""A Graph on loopback that answers as a test tells it to, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class GraphServer:
    """`answers` are taken one a request, the last for ever; `asked` has method, path with query, headers and JSON."""

    url: str = ""
    answers: list[Answering] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.method, request.path_qs, dict(request.headers), body))
        answering = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await answering(request)

    def will(self, *answers: Answering) -> None:
        self.answers = list(answers)

    @property
    def bodies(self) -> list[Any]:
        return [body for _, _, _, body in self.asked]


@asynccontextmanager
async def graph_server() -> AsyncIterator[GraphServer]:
    """Serve on a free port until left."""
    server = GraphServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


def says(body: Any, status: int = 200) -> Answering:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return answer


def says_html(status: int) -> Answering:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="<html>Bad Gateway</html>", content_type="text/html")

    return answer


def refuses(code: int, subcode: int = 0, status: int = 400, **more: Any) -> Answering:
    error = {"message": f"(#{code}) no", "type": "OAuthException", "code": code, "fbtrace_id": "A", **more}
    return says({"error": {**error, **({"error_subcode": subcode} if subcode else {})}}, status)


async def hangs(request: web.Request) -> web.StreamResponse:
    """Take the request and never answer."""
    await asyncio.Event().wait()
    raise AssertionError


async def drops(request: web.Request) -> web.StreamResponse:
    """Take the request, then cut the line."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """Begin an answer and cut the line in the middle of it."""
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"messages":[')
    assert request.transport is not None
    request.transport.abort()
    return response
