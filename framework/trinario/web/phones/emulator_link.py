"""What the phones page asks of the emulator's control API."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web

ANSWER_SECONDS = 10.0


class EmulatorAway(Exception):
    """The emulator does not answer; the text is for the page."""


class EmulatorLink:
    """A client of `/_emulator/`, with one connection pool; `open` before use."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._http: aiohttp.ClientSession | None = None
        self._streams: set[aiohttp.ClientResponse] = set()

    async def open(self) -> None:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def ask(self, method: str, path: str, wish: dict[str, Any] | None = None, **query: str) -> tuple[int, Any]:
        """Status and content of one call; segments of `path` are taken literally. Raises EmulatorAway."""
        url = self._url + "/_emulator" + quote(path, safe="/")
        try:
            async with self._session().request(method, url, json=wish, params=query) as response:
                return response.status, await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise EmulatorAway(f"the emulator at {self._url} does not answer: {type(error).__name__}") from error

    async def phones(self, person: str, platforms: list[str]) -> dict[str, Any]:
        """`{clock, phones: {platform: {thread, state}}}`, all asked for at once."""
        parts = [(platform, part) for platform in platforms for part in ("thread", "phone")]
        calls = [self.ask("GET", f"/people/{person}/{part}", platform=platform) for platform, part in parts]
        (_, clock), *answers = await asyncio.gather(self.ask("GET", "/clock"), *calls)
        found = dict(zip(parts, answers, strict=True))
        if any(status != 200 for status, _ in answers):
            raise EmulatorAway(f"the emulator at {self._url} forgot {person} meanwhile")
        return {
            "clock": clock,
            "phones": {
                platform: {"thread": found[platform, "thread"][1], "state": found[platform, "phone"][1]}
                for platform in platforms
            },
        }

    async def stream(self, request: web.Request, after: str) -> web.StreamResponse:
        """Hand the log on, event by event, until one side goes away. Raises EmulatorAway before the first byte."""
        try:
            upstream = await self._session().get(
                self._url + "/_emulator/log/stream", params={"after": after}, timeout=aiohttp.ClientTimeout(total=None)
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise EmulatorAway(f"the emulator at {self._url} does not answer: {type(error).__name__}") from error
        self._streams.add(upstream)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        try:
            await response.prepare(request)
            async for chunk in upstream.content.iter_any():
                await response.write(chunk)
        except (aiohttp.ClientError, ConnectionError):
            pass
        finally:
            self._streams.discard(upstream)
            upstream.close()
        return response

    def end_streams(self) -> None:
        for upstream in list(self._streams):
            upstream.close()

    def _session(self) -> aiohttp.ClientSession:
        assert self._http is not None, "open() the link first"
        return self._http
