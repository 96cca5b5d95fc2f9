"""Reading a control call's wish and answering it; what cannot be met is an answer, not a fault of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from trinario.emulator.faults import BadFault
from trinario.emulator.journal import compact, parse
from trinario.emulator.people import PLATFORMS
from trinario.emulator.voice import CannotAct

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Reply = Any
Table = list[tuple[str, str, Callable[[web.Request], Awaitable[Reply]]]]


def control_routes(table: Table) -> list[web.RouteDef]:
    """(method, path, handler) as routes under `/_emulator`."""
    return [web.route(method, "/_emulator" + path, answering(handler)) for method, path, handler in table]


def answering(handler: Callable[[web.Request], Awaitable[Reply]]) -> Handler:
    """A wish that cannot be met is an answer, not a fault of ours."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            content, status = await handler(request), 200
        except CannotAct as reason:
            content, status = {"error": str(reason)}, reason.status
        except (BadFault, ValueError) as reason:
            content, status = {"error": str(reason)}, 400
        return web.Response(status=status, body=compact(content), content_type="application/json")

    return answer


async def read_wish(request: web.Request, *, list_allowed: bool = False) -> Any:
    raw = await request.read()
    content = parse(raw) if raw else {}
    if not isinstance(content, dict) and not (list_allowed and isinstance(content, list)):
        raise CannotAct("the body must be a JSON object", 400)
    return content


def number_of(request: web.Request, name: str) -> int:
    value = request.query.get(name, "0")
    if not value.isdigit():
        raise CannotAct(f"{name} must be a number", 400)
    return int(value)


def platform_of(name: str) -> str:
    if name not in PLATFORMS:
        raise CannotAct(f"platform must be one of {', '.join(PLATFORMS)}", 400)
    return name
