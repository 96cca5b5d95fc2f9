"""The processes that are measured: a raw echo, a Graph that answers at once, and the bot in the roles asked for.

python -m tests.benchmarks.servers echo|graph|bot ...
"""

import asyncio
import itertools
import json
import os
import random
import signal
import sys
from pathlib import Path

import uvloop
from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web


def _ready(port: int) -> None:
    print(json.dumps({"port": port}), flush=True)


async def _serve(app: web.Application) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    _ready(runner.addresses[0][1])
    return runner


async def _until_told() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()


async def echo() -> None:
    """The unit: aiohttp and uvloop read the body and answer."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="EVENT_RECEIVED")

    app = web.Application()
    app.router.add_post("/webhooks/messenger", answer)
    app.router.add_post("/webhooks/whatsapp", answer)
    await _serve(app)
    await _until_told()


async def graph() -> None:
    """Takes every message and gives an id."""
    numbers = itertools.count()

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        body = f'{{"recipient_id":"1","message_id":"m_{next(numbers)}","messages":[{{"id":"wamid.{next(numbers)}"}}]}}'
        return web.Response(text=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/{version}/{node}/messages", answer)
    await _serve(app)
    await _until_told()


async def bot(roles: str) -> None:
    """The bot of `bot/` with the named roles (web, worker, sender, scheduler)."""
    from trinario.runtime.engine_room import EngineRoom
    from trinario.runtime.keeper import BotKeeper
    from trinario.runtime.log import configure
    from trinario.runtime.loops import Roles
    from trinario.runtime.process import quieten
    from trinario.runtime.settings import load_settings

    settings = load_settings()
    configure(settings)
    keeper = BotKeeper(Path(__file__).parent / "project" / "bots" / os.environ.get("BENCH_BOT", "bench"), settings)
    named = set(roles.split(","))
    async with ClientSession(
        connector=TCPConnector(limit=512, keepalive_timeout=15), cookie_jar=DummyCookieJar()
    ) as session:
        wanted = Roles(*(name in named for name in ("web", "worker", "sender", "scheduler")))
        room = EngineRoom(keeper, settings, session, wanted, random.SystemRandom())
        await room.open()
        runner = await _serve(room.application())
        quieten()
        await _until_told()
        await runner.cleanup()
        await room.close()


if __name__ == "__main__":
    kinds = {"echo": echo, "graph": graph}
    uvloop.run(kinds[sys.argv[1]]() if sys.argv[1] in kinds else bot(sys.argv[2]))
