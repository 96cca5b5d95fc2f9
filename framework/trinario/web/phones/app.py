"""The sub-application of the phones page: its files, and its data out of the emulator and the bot."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from trinario.web.phones.backstage import Backstage
from trinario.web.phones.emulator_link import EmulatorAway, EmulatorLink

PAGE = Path(__file__).parent / "page"
ACTS = frozenset(
    {"say", "tap", "send", "follow", "react", "read", "get_started", "menu", "block", "unblock", "unsend", "comment"}
)
HISTORY = 200
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: https: http:; "
        "media-src https: http:; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def phones_app(emulator_url: str, backstage: Backstage) -> web.Application:
    """The page, to be mounted with `add_subapp("/phones", ...)`. `emulator_url` is the emulator's root, without a path."""
    phones = _Phones(EmulatorLink(emulator_url), backstage)
    app = web.Application(middlewares=[_answered])
    app.add_routes(phones.routes())
    app.router.add_static("/page/", PAGE)
    app.on_response_prepare.append(_protect)
    app.on_shutdown.append(phones.hang_up)
    app.cleanup_ctx.append(phones.life)
    return app


class _Phones:
    """One method a path; the emulator's refusals are handed on as they are: `{"error": why}`."""

    def __init__(self, emulator: EmulatorLink, backstage: Backstage) -> None:
        self._emulator = emulator
        self._backstage = backstage

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("", self._page),
            web.get("/", self._page),
            web.get("/api/people", self._people),
            web.post("/api/people", self._add_person),
            web.delete("/api/people", self._forget_people),
            web.get("/api/people/{person}/phones", self._phones),
            web.get("/api/people/{person}/known", self._known),
            web.post("/api/people/{person}/{act}", self._act),
            web.post("/api/team/{platform}/say", self._team),
            web.get("/api/comments", self._comments),
            web.post("/api/events", self._event),
            web.get("/api/flows", self._flows),
            web.get("/api/clock", self._clock),
            web.post("/api/clock", self._move_clock),
            web.get("/api/stream", self._stream),
        ]

    async def life(self, app: web.Application) -> AsyncIterator[None]:
        await self._emulator.open()
        yield
        await self._emulator.close()

    async def hang_up(self, app: web.Application) -> None:
        """Open streams would keep the server waiting."""
        self._emulator.end_streams()

    async def _page(self, request: web.Request) -> web.Response:
        """The page; its addresses are relative to wherever we are mounted."""
        text = (PAGE / "index.html").read_text(encoding="utf-8")
        base = html.escape(request.path.rstrip("/") + "/")
        text = text.replace("{base}", base).replace("{platforms}", " ".join(self._backstage.platforms))
        text = text.replace("{title}", html.escape(self._backstage.title))
        return web.Response(text=text, content_type="text/html")

    async def _people(self, request: web.Request) -> web.Response:
        return _answer(*await self._emulator.ask("GET", "people"))

    async def _add_person(self, request: web.Request) -> web.Response:
        """Somebody with a phone for each platform that the bot is on."""
        wish = {"platforms": list(self._backstage.platforms), **await _wish(request)}
        return _answer(*await self._emulator.ask("POST", "people", wish=wish))

    async def _forget_people(self, request: web.Request) -> web.Response:
        return _answer(*await self._emulator.ask("DELETE", "people"))

    async def _phones(self, request: web.Request) -> web.Response:
        """`{platform: {thread, state}}` for every phone the person has, and the clock."""
        person = request.match_info["person"]
        status, known = await self._emulator.ask("GET", "people", person)
        if status != 200:
            return _answer(status, known)
        return _answer(
            200,
            await self._emulator.phones(
                person, [name for name in self._backstage.platforms if name in known["phones"]]
            ),
        )

    async def _known(self, request: web.Request) -> web.Response:
        status, person = await self._emulator.ask("GET", "people", request.match_info["person"])
        if status != 200:
            return _answer(status, person)
        return _answer(200, await self._backstage.inspect(identities_of(person)))

    async def _act(self, request: web.Request) -> web.Response:
        person, act = request.match_info["person"], request.match_info["act"]
        if act not in ACTS:
            return _answer(404, {"error": f"nobody can {act} here; known are {', '.join(sorted(ACTS))}"})
        return _answer(*await self._emulator.ask("POST", "people", person, act, wish=await _wish(request)))

    async def _team(self, request: web.Request) -> web.Response:
        platform = request.match_info["platform"]
        return _answer(*await self._emulator.ask("POST", "business", platform, "say", wish=await _wish(request)))

    async def _comments(self, request: web.Request) -> web.Response:
        """What stands below the posts, the answers of the business too."""
        return _answer(*await self._emulator.ask("GET", "comments"))

    async def _event(self, request: web.Request) -> web.Response:
        """`{contact, event, data}`: something that happened outside, kept in the bot's own inbox."""
        wish, raise_event = await _wish(request), self._backstage.raise_event
        contact, name, data = str(wish.get("contact", "")), wish.get("event"), wish.get("data", {})
        if raise_event is None or not isinstance(name, str) or not name or not isinstance(data, dict):
            return _answer(400, {"error": "give contact, event and data"})
        if not re.fullmatch("[0-9]{1,18}", contact) or not await raise_event(int(contact), name, data):
            return _answer(404, {"error": "the bot does not know this contact"})
        return _answer(202, {})

    async def _flows(self, request: web.Request) -> web.Response:
        """`{trouble, posts, events}`: the issues of files that were changed, printed ("" when all is served), and what
        the flows that are served listen to besides messages.
        """
        return _answer(200, {"trouble": self._backstage.trouble(), **self._backstage.reacts_to()})

    async def _clock(self, request: web.Request) -> web.Response:
        return _answer(*await self._emulator.ask("GET", "clock"))

    async def _move_clock(self, request: web.Request) -> web.Response:
        return _answer(*await self._emulator.ask("POST", "clock", wish=await _wish(request)))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """The emulator's log as server-sent events: the newest entries, or what came after `after`."""
        after = request.query.get("after", "")
        number = int(after) if re.fullmatch("[0-9]{1,18}", after) else max(0, await self._emulator.newest() - HISTORY)
        return await self._emulator.stream(request, number)


def identities_of(person: dict[str, Any]) -> list[tuple[str, str]]:
    """Every `(platform, value)` of a person of the emulator; a WhatsApp phone has a number and a user id."""
    found = []
    for platform, ids in person["phones"].items():
        found += [
            (platform, ids[name]) for name in ("wa_id", "user_id", "psid", "igsid", "telegram_id") if ids.get(name)
        ]
    return found


@web.middleware
async def _answered(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A wish that cannot be read and an emulator that is away are answers, not faults of ours."""
    try:
        return await handler(request)
    except EmulatorAway as away:
        return _answer(502, {"error": str(away)})
    except _BadWish as bad:
        return _answer(400, {"error": str(bad)})


class _BadWish(ValueError):
    """A body that is not a JSON object."""


async def _wish(request: web.Request) -> dict[str, Any]:
    """The body. Only JSON is taken: a form of a foreign page cannot send that without asking first."""
    if request.content_type != "application/json":
        raise _BadWish("the body must be application/json")
    try:
        wish = await request.json()
    except ValueError as error:
        raise _BadWish("the body is not JSON") from error
    if not isinstance(wish, dict):
        raise _BadWish("the body must be a JSON object")
    return wish


def _answer(status: int, content: Any) -> web.Response:
    return web.json_response(
        content, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False, default=str)
    )


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
