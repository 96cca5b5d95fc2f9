"""What a fault of a send does to the call: its connection is cut, it gets an answer that is no JSON, or a late one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from aiohttp import web

from trinario.emulator.faults import AFTER, BEFORE, Fault, Faults

SORRY = "<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>"


class Cut(Exception):
    """The connection is closed without an answer."""

    status, text = 0, None

    def answer(self, request: web.Request) -> web.Response:
        """Cuts it."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


class Plain(Exception):
    """An answer that is no JSON."""

    text = SORRY

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status

    def answer(self, request: web.Request) -> web.Response:
        """What comes instead of JSON."""
        return web.Response(status=self.status, text=SORRY, content_type="text/html")


def before(faults: Faults, where: str, platform: str, names: Collection[str], text: str) -> Fault | None:
    """The fault that strikes before the send is looked at, for the caller to tell in its platform's words.

    Raises Cut and Plain for those that no platform tells.
    """
    fault = faults.pick(where, BEFORE, platform, names, text) if faults.active else None
    if fault is not None and fault.kind == "drop_before":
        raise Cut
    if fault is not None and fault.kind == "status":
        raise Plain(fault.http or 500)
    return fault


async def after(faults: Faults, where: str, platform: str, names: Collection[str], text: str) -> None:
    """The fault that strikes when the send is done: the answer is late, or Cut or Plain is raised."""
    fault = faults.pick(where, AFTER, platform, names, text) if faults.active else None
    if fault is None:
        return
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    elif fault.kind == "drop_after_accept":
        raise Cut
    else:
        raise Plain(502)
