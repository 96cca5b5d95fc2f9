"""The emulator as a server: in a test, inside another application, or alone in its process."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import web

from trinario.emulator import statuses
from trinario.emulator.config import Config, load_config
from trinario.emulator.control import Control
from trinario.emulator.control_account import AccountControl
from trinario.emulator.control_people import PeopleControl
from trinario.emulator.files import Files
from trinario.emulator.graph import Graph
from trinario.emulator.journal import Journal
from trinario.emulator.meta import Meta
from trinario.emulator.telegram.api import BotApi
from trinario.errors import ConfigError

LARGEST_BODY = 110 * 1024 * 1024

__all__ = ["Emulator", "build_app", "load_config", "run"]

Source = Mapping[str, Any] | str | Path | Config | None


def build_app(config: Source = None, journal: str | Path | None = None) -> web.Application:
    """An aiohttp application: the Graph under every path, the control API under `/_emulator/`."""
    meta = Meta(load_config(config), Journal(journal) if journal else None, statuses.run)
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(PeopleControl(meta).routes())
    app.add_routes(Control(meta).routes())
    app.add_routes(AccountControl(meta).routes())
    app.add_routes(Files(meta).routes())
    app.add_routes(BotApi(meta).routes())
    app.router.add_route("*", "/{path:.*}", Graph(meta).handle)
    app[META] = meta
    app.cleanup_ctx.append(_life)
    app.on_shutdown.append(_hang_up)
    return app


META: web.AppKey[Meta] = web.AppKey("meta", Meta)


async def _life(app: web.Application) -> AsyncIterator[None]:
    meta = app[META]
    await meta.start()
    checks = [asyncio.create_task(_verify(meta, name)) for name in ("whatsapp", "messenger", "instagram")]
    yield
    for check in checks:
        check.cancel()
    await meta.stop()


async def _hang_up(app: web.Application) -> None:
    """Followers of the log would keep the server waiting."""
    app[META].world.log.close()


async def _verify(meta: Meta, platform: str) -> None:
    account = meta.config.account(platform)
    if meta.config.verify_on_start and account.webhook_url:
        await meta.dispatcher.verify(platform, account.webhook_url, account.verify_token)


class Emulator:
    """The emulator in this event loop."""

    def __init__(self, config: Source = None, journal: str | Path | None = None) -> None:
        self.config = load_config(config)
        self._journal = journal
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; the port is returned (0 picks a free one)."""
        app = build_app(self.config, self._journal)
        self.meta = app[META]
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        self.meta.base = f"http://{host}:{self.port}"
        return self.port

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


def run(
    config_path: str | Path | None = None,
    host: str = "127.0.0.1",
    port: int = 9090,
    journal: str | Path | None = None,
    log_file: str | Path | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; `log_file` gets the log as JSON lines. Raises ConfigError for a wrong file or a port in use."""
    config = load_config(config_path)
    if log_file:
        config = replace(config, log_file=str(log_file))
    asyncio.run(_serve(config, host, port, journal))


async def _serve(config: Config, host: str, port: int, journal: str | Path | None) -> None:
    emulator = Emulator(config, journal)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    try:
        await emulator.start(host, port)
    except OSError as error:
        raise ConfigError(f"the emulator cannot listen on {host}:{port}: {error.strerror or error}") from error
    await stopped.wait()
    await emulator.stop()
