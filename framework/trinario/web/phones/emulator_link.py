"""What the phones page asks of the emulator's control API."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web
from yarl import URL

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

    async def ask(
        self, method: str, *segments: str, wish: dict[str, Any] | None = None, query: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and content of one call; no segment of the path can lead to another place. Raises EmulatorAway."""
        try:
            async with self._session().request(method, self._at(*segments), json=wish, params=query) as response:
                return response.status, await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise self._away(error) from error

    async def phones(self, person: str, platforms: list[str]) -> dict[str, Any]:
        """`{clock, phones: {platform: {thread, state}}}`, all asked for at once."""
        parts = [(platform, part) for platform in platforms for part in ("thread", "phone")]
        calls = [self.ask("GET", "people", person, part, query={"platform": platform}) for platform, part in parts]
        (_, clock), *answers = await asyncio.gather(self.ask("GET", "clock"), *calls)
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

    async def newest(self) -> int:
        """The number of the log's newest entry, 0 if there is none; found by halving, as no call tells it."""
        low, high = 0, 1
        while await self._is_after(high):
            low, high = high, high * 2
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if await self._is_after(middle) else (low, middle)
        return low

    async def _is_after(self, number: int) -> bool:
        _, entries = await self.ask("GET", "log", query={"after": str(number), "limit": "1"})
        return bool(entries)

    async def stream(self, request: web.Request, after: int) -> web.StreamResponse:
        """Hand the log on, event by event, until one side goes away. Raises EmulatorAway before the first byte."""
        forever = aiohttp.ClientTimeout(total=None)
        try:
            url, query = self._at("log", "stream"), {"after": str(after)}
            upstream = await self._session().get(url, params=query, timeout=forever)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._away(error) from error
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

    def _at(self, *segments: str) -> URL:
        path = "/".join(quote(segment, safe="").replace(".", "%2E") for segment in segments)
        return URL(f"{self._url}/_emulator/{path}", encoded=True)

    def _away(self, error: Exception) -> EmulatorAway:
        return EmulatorAway(f"the emulator at {self._url} does not answer: {type(error).__name__}")

    def _session(self) -> aiohttp.ClientSession:
        assert self._http is not None, "open() the link first"
        return self._http
