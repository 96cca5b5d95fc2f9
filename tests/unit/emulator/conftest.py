"""An emulator on a free port, a bot that only listens, and a small client for both."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from trinario.emulator.server import Emulator

Json = dict[str, Any]
NUMBER, PAGE, IG = "106540352242922", "1895382890692545", "17841400008460056"
WA_TOKEN, PAGE_TOKEN = "demo-whatsapp-token", "demo-page-token"
QUICK: Json = {
    "status_delays": {"sent": 0.0, "delivered": 0.01, "read": 0.02},
    "retry_scale": 0.01,
    "retry_cap": 4,
    "echo_delay": 0.0,
    "rates": False,
}


class Listener:
    """The bot's side: verifies, checks signatures, keeps what came, answers as told."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, Json]] = []
        self.raw: list[tuple[bytes, Any]] = []
        self.answers: list[int] = []
        self.delay: Callable[[Json], float] = lambda body: 0.0
        self.bad_signatures = 0
        self.running = self.peak = 0
        self.secret = "demo-app-secret"
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_get("/{platform}", self._verify)
        app.router.add_post("/{platform}", self._hear)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def url(self, platform: str) -> str:
        return f"http://127.0.0.1:{self.port}/{platform}"

    async def _verify(self, request: web.Request) -> web.Response:
        if request.query.get("hub.verify_token") != "demo-verify-token":
            return web.Response(status=403)
        return web.Response(text=request.query["hub.challenge"])

    async def _hear(self, request: web.Request) -> web.Response:
        raw = await request.read()
        right = "sha256=" + hmac.new(self.secret.encode(), raw, hashlib.sha256).hexdigest()
        if request.headers["X-Hub-Signature-256"] != right:
            self.bad_signatures += 1
            return web.Response(status=401)
        body = json.loads(raw)
        self.running += 1
        self.peak = max(self.peak, self.running)
        await asyncio.sleep(self.delay(body))
        self.running -= 1
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.bodies.append((request.match_info["platform"], body))
            self.raw.append((raw, request.headers.copy()))
        return web.Response(status=status)

    def events(self, platform: str = "") -> list[Json]:
        """Every `messaging` event, WhatsApp message, status or echo, in order of arrival."""
        found: list[Json] = []
        for name, body in self.bodies:
            if platform not in ("", name):
                continue
            for entry in body["entry"]:
                found.extend(entry.get("messaging", []))
                for change in entry.get("changes", []):
                    value = change["value"]
                    inner = [value.get(key) for key in ("messages", "statuses", "message_echoes") if key in value]
                    found.extend(item for items in inner for item in items)
                    if not inner:
                        found.append(value)
        return found

    def with_key(self, key: str) -> list[Json]:
        return [event for event in self.events() if key in event]

    def statuses(self) -> list[str]:
        return [event["status"] for event in self.with_key("status")]


class Client:
    """Speaks to an emulator: as the bot, as the people, as the operator."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self.http, self.base = http, base
        self.person: Json = {}

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        if body is not None:
            more["json"] = body
        async with self.http.request(method, self.base + path, **more) as response:
            raw = await response.read()
            return response.status, json.loads(raw) if raw[:1] in (b"{", b"[") else raw.decode()

    async def control(self, path: str, body: Any = None, method: str = "") -> Any:
        status, answer = await self.call(method or ("GET" if body is None else "POST"), "/_emulator" + path, body)
        assert status == 200, (path, status, answer)
        return answer

    async def meet(self, identity: str = "anna", **more: Any) -> Json:
        self.person = await self.control("/people", {"id": identity, "name": "Anna Bianchi", **more})
        return self.person

    async def act(self, what: str, platform: str, person: str = "anna", **more: Any) -> Json:
        answer: Json = await self.control(f"/people/{person}/{what}", {"platform": platform, **more})
        return answer

    async def whatsapp(self, content: Json, *, to: str = "", **more: Any) -> tuple[int, Any]:
        number = to or "+" + self.person["phones"]["whatsapp"]["wa_id"]
        body = {"messaging_product": "whatsapp", "to": number, **content}
        headers = {"Authorization": f"Bearer {WA_TOKEN}"}
        return await self.call("POST", f"/v25.0/{NUMBER}/messages", body, headers=headers, **more)

    async def page(self, platform: str, message: Json | None, *, to: str = "", **more: Any) -> tuple[int, Any]:
        key = "psid" if platform == "messenger" else "igsid"
        body = {"recipient": {"id": to or self.person["phones"][platform][key]}, **more}
        if message is not None:
            body["message"] = message
        return await self.call("POST", f"/v25.0/me/messages?access_token={PAGE_TOKEN}", body)

    async def thread(self, platform: str, person: str = "anna") -> list[Json]:
        answer: list[Json] = await self.control(f"/people/{person}/thread?platform={platform}")
        return answer


async def wait_until(condition: Callable[[], Any], seconds: float = 5.0) -> None:
    """Wait for a condition, never longer than this."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.005)


class Rig:
    """Starts emulators that deliver to one listener."""

    def __init__(self, bot: Listener, http: aiohttp.ClientSession) -> None:
        self.bot, self.http = bot, http
        self._started: list[Emulator] = []

    async def start(self, journal: Path | None = None, **config: Any) -> Client:
        settings = {**QUICK, **config}
        for platform in ("whatsapp", "messenger", "instagram"):
            settings[platform] = {"webhook_url": self.bot.url(platform), **settings.get(platform, {})}
        emulator = Emulator(settings, journal)
        self._started.append(emulator)
        port = await emulator.start()
        client = Client(self.http, f"http://127.0.0.1:{port}")
        client.emulator = emulator  # type: ignore[attr-defined]
        return client

    async def stop(self) -> None:
        for emulator in self._started:
            await emulator.stop()


@pytest_asyncio.fixture
async def bot() -> AsyncIterator[Listener]:
    listener = Listener()
    await listener.start()
    yield listener
    await listener.stop()


@pytest_asyncio.fixture
async def rig(bot: Listener) -> AsyncIterator[Rig]:
    async with aiohttp.ClientSession() as http:
        made = Rig(bot, http)
        yield made
        await made.stop()


@pytest_asyncio.fixture
async def meta(rig: Rig) -> Client:
    """An emulator with Anna, who has written on all three phones."""
    client = await rig.start()
    await client.meet()
    for platform in ("whatsapp", "messenger", "instagram"):
        await client.act("say", platform, text="ciao")
    await wait_until(lambda: len(rig.bot.bodies) == 3)
    rig.bot.bodies.clear()
    return client


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait for a condition, never longer than some seconds."""
    return wait_until


@pytest.fixture
def error() -> Callable[[tuple[int, Any]], tuple[int, int, Any]]:
    """(HTTP status, code, subcode) of a refusal."""

    def read(outcome: tuple[int, Any]) -> tuple[int, int, Any]:
        status, body = outcome
        assert isinstance(body, dict) and "error" in body, outcome
        return status, body["error"]["code"], body["error"].get("error_subcode")

    return read
