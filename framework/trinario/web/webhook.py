"""The doors of the platforms: verification, proof of the sender over the raw bytes, durable inbox, then 200 (meta.md 1)."""

import logging
from time import perf_counter

from aiohttp import web

from trinario.web.doors import Doors

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes of a webhook at most; Meta's own are far below."""

_TEXT = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}

_log = logging.getLogger("trinario.webhook")


class Webhooks:
    """The handlers of one bot's webhooks."""

    def __init__(self, doors: Doors) -> None:
        self._inlets, self._keep, self._tally = doors.inlets, doors.keep, doors.tally

    def routes(self) -> list[web.RouteDef]:
        """Two for each path."""
        return [
            *(web.get(path, self.verify, allow_head=False) for path in self._inlets),
            *(web.post(path, self.take) for path in self._inlets),
        ]

    async def verify(self, request: web.Request) -> web.Response:
        """A platform asks whether this address is ours: the challenge goes back as it came."""
        challenge = self._inlets[request.path].answer_challenge(request.query)
        if challenge is None:
            _log.warning("a webhook verification was refused: its verify token is none of bot.yaml's")
            return _answer(403, b"the verify token is not ours\n")
        return _answer(200, challenge.encode("utf-8", "replace"))

    async def take(self, request: web.Request) -> web.Response:
        """One webhook. Anything but 200 makes the platform send it again."""
        began = perf_counter()
        outcome, response = await self._judge(request)
        self._tally.webhook(outcome, perf_counter() - began)
        return response

    async def _judge(self, request: web.Request) -> tuple[str, web.Response]:
        try:
            raw = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return "too_large", _answer(413, b"over 4 MiB\n")
        except (web.RequestPayloadError, ConnectionError):  # broken off, or packed in a way that cannot be unpacked
            return "unreadable", _answer(400, b"the body is broken\n")
        inlet = self._inlets[request.path]
        if not inlet.genuine(raw, request.headers):
            return "forged", _answer(401, b"the signature is missing or not ours\n")
        try:
            arrivals = inlet.decode(raw)
        except ValueError:
            return "unreadable", _answer(400, b"not a JSON object\n")
        try:
            await self._keep(arrivals)
        except Exception:  # whatever broke, only Meta's next try can save the message
            _log.exception("a webhook could not be kept; Meta is told to send it again")
            return "failed", _answer(500, b"not kept, send it again\n")
        self._tally.arrived(arrivals)
        return "kept", _answer(200, b"EVENT_RECEIVED")


def _answer(status: int, body: bytes) -> web.Response:
    return web.Response(body=body, status=status, headers=_TEXT)
