"""`trinario run`: one bot process from its configuration to its drain."""

import asyncio
import contextlib
import gc
import logging
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web

from trinario.errors import ConfigError, FaultyFiles
from trinario.runtime.engine_room import EngineRoom
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.log import configure
from trinario.runtime.loops import Roles
from trinario.runtime.settings import Settings
from trinario.runtime.upkeep import is_pinned
from trinario.web.app import build_runner

log = logging.getLogger("trinario.process")

FAULT, BAD_CONFIGURATION = 1, 78

Extra = Callable[[EngineRoom], Mapping[str, web.Application]]
"""Sub-applications of a face (the phones page), by path."""


def run(
    bot: Path,
    host: str,
    port: int,
    role: str,
    settings: Settings,
    extra: Extra | None = None,
    ready: Callable[[int], None] | None = None,
) -> int:
    """Run a bot until it is told to stop; gives the exit code. `ready` is called with the port once it listens.

    Raises ConfigError before anything is opened, if the configuration is wrong.
    """
    configure(settings)
    if role != "all" and settings.database.kind == "sqlite":
        raise ConfigError(
            f"--role {role} needs PostgreSQL: one process owns a SQLite file; set TRINARIO_DATABASE_URL=postgresql://..."
        )
    keeper = _keeper(bot, settings)
    configure(settings, keeper.secrets)
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    return asyncio.run(_serve(keeper, host, port, Roles.of(role), settings, extra, ready))


def _keeper(bot: Path, settings: Settings) -> BotKeeper:
    """The bot; files with errors stop nothing once something is deployed, since they are not what is served."""
    try:
        return BotKeeper(bot, settings)
    except FaultyFiles as error:
        if not asyncio.run(is_pinned(settings)):
            raise
        keeper = BotKeeper(bot, settings, pinned=True)
        log.warning("the files here have errors and are not served, because something is deployed\n%s", error)
        return keeper


async def _serve(
    keeper: BotKeeper, host: str, port: int, roles: Roles, settings: Settings, extra: Extra | None,
    ready: Callable[[int], None] | None,
) -> int:  # fmt: skip
    begun = time.monotonic()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await _try_port(host, port)  # who starts it twice hears so at once, and not after a start and an end of everything
    connector = TCPConnector(limit=512, keepalive_timeout=15)
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session:
        room = EngineRoom(keeper, settings, session, roles, random.SystemRandom())
        await room.open()
        try:
            runner, listening = await _listen(room, host, port, extra or (lambda _: {}))
            await room.attend()  # while the door was shut, it was not heard; a start may take its time
            quieten()
            log.info("ready on %s:%s in %.2f s", host, listening, time.monotonic() - begun)
            if ready is not None:
                ready(listening)
            failed = await room.watch(stop)
            log.info("draining")
            await _quietly(runner.cleanup())
        finally:
            await room.close()
    return FAULT if failed else 0


def quieten() -> None:
    """What is loaded now stays: the collector need not look at it again, and looks at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def _try_port(host: str, port: int) -> None:
    """Take the port and let go of it, without listening. Raises ConfigError when it cannot be had."""
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port, start_serving=False)
    except OSError as error:
        raise _no_port(host, port, error) from error
    server.close()
    await server.wait_closed()


def _no_port(host: str, port: int, error: OSError) -> ConfigError:
    why = os.strerror(error.errno) if error.errno else error.strerror
    return ConfigError(f"cannot listen on {host}:{port}: {why}; choose another with --port")


async def _listen(room: EngineRoom, host: str, port: int, extra: Extra) -> tuple[web.AppRunner, int]:
    """Serve HTTP; gives the port (chosen by the system for 0)."""
    app = room.application()
    for path, part in extra(room).items():
        app.add_subapp(path, part)
    runner = build_runner(app, patience=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, backlog=1024)
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise _no_port(host, port, error) from error
    sockets = site._server.sockets if isinstance(site._server, asyncio.Server) else ()  # noqa: SLF001
    return runner, sockets[0].getsockname()[1] if sockets else port


async def _quietly(ending: Awaitable[None]) -> None:
    with contextlib.suppress(Exception):
        await ending
