"""Where the bytes of people's files are: WhatsApp's five-minute addresses, the CDN of pages, and what goes wrong there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from trinario.emulator.config import Json
from trinario.emulator.faults import MEDIA_KINDS, Fault
from trinario.emulator.meta import Meta
from trinario.emulator.statuses import bytes_of

CDN_SECONDS = 86_400
"""How long an address of the CDN is good. Meta's texts only say that it expires [K]."""

LIE = b"<!doctype html><title>Sign in</title><script>location = 'https://phish.example'</script>"
PIECE = 1 << 16


class Files:
    """`/_emulator/media/{id}` wants the number's token, `/_emulator/cdn/{id}` none; both expire."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> list[web.RouteDef]:
        """What there is."""
        return [web.get("/_emulator/media/{media}", self.media), web.get("/_emulator/cdn/{media}", self.cdn)]

    async def media(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a WhatsApp medium: with the number's token only (401), for five minutes only (404)."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token.strip() != self._meta.config.whatsapp.access_token:
            return web.Response(status=401, text="<html>Unauthorized</html>", content_type="text/html")
        media = self._found(request, "until")
        return web.Response(status=404) if media is None else await self._given(request, media, "whatsapp")

    async def cdn(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file that was sent to a page or an Instagram account: for whoever has the address, while it is good."""
        media = self._found(request, "oe")
        if media is None:
            return web.Response(status=403, text="URL signature expired")
        return await self._given(request, media, str(media.get("platform", "messenger")))

    def _found(self, request: web.Request, name: str) -> Json | None:
        media = self._meta.world.media.get(request.match_info["media"])
        until = request.query.get(name, "")
        good = until.isdigit() and int(until) >= self._meta.clock.now()
        return media if good and media is not None and "content" in media else None

    async def _given(self, request: web.Request, media: Json, platform: str) -> web.StreamResponse:
        content, kind = bytes_of(media), str(media["mime_type"])
        names = (str(media["id"]), str(media.get("person", "")))
        fault = self._meta.faults.pick("media", MEDIA_KINDS, platform, names)
        if fault is None:
            return web.Response(body=content, headers={"Content-Type": kind})
        return await _faulty(request, content, kind, fault)


def cdn_url(meta: Meta, identity: str) -> str:
    """The address that a webhook tells of a file."""
    return f"{meta.base}/_emulator/cdn/{identity}?oe={int(meta.clock.now()) + CDN_SECONDS}"


async def _faulty(request: web.Request, content: bytes, kind: str, fault: Fault) -> web.StreamResponse:
    """What goes wrong with a download."""
    match fault.kind:
        case "status":
            return web.Response(status=fault.http or 500)
        case "lie":
            return web.Response(body=LIE, headers={"Content-Type": kind})
        case "redirect":
            return web.Response(
                status=302, headers={"Location": fault.match.get("location", "http://169.254.169.254/")}
            )
        case "delay":
            await asyncio.sleep(fault.seconds)
            return web.Response(body=content, headers={"Content-Type": kind})
    return await _streamed(request, content, kind, fault)


async def _streamed(request: web.Request, content: bytes, kind: str, fault: Fault) -> web.StreamResponse:
    """`truncate`: half of what was announced; `slow`: byte by byte; `huge`: more than was announced, or without an end."""
    response = web.StreamResponse(headers={"Content-Type": kind})
    if fault.kind == "truncate":
        response.content_length = len(content)
    await response.prepare(request)
    with contextlib.suppress(ConnectionResetError):  # nobody has to wait for all of it
        async for piece in _pieces(content, fault):
            await response.write(piece)
    if fault.kind == "truncate" and request.transport is not None:
        request.transport.close()
        return response
    with contextlib.suppress(ConnectionResetError):
        await response.write_eof()
    return response


async def _pieces(content: bytes, fault: Fault) -> AsyncIterator[bytes]:
    if fault.kind == "truncate":
        yield content[: len(content) // 2]
    elif fault.kind == "slow":
        for byte in content:
            yield bytes([byte])
            await asyncio.sleep(fault.seconds)
    else:
        yield content
        for _ in range(max(1, fault.bytes // PIECE)):
            yield bytes(PIECE)
