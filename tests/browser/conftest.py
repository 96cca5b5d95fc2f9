"""Chromium, the emulator, a small bot and the phones page, all real and all on loopback."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from tests.browser.small_bot import SmallBot
from trinario.emulator.server import Emulator
from trinario.web.phones import Backstage, phones_app

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed (the test extra has it)")

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@dataclass
class Stage:
    """Everything that runs behind the page."""

    emulator: Emulator
    bot: SmallBot
    url: str
    runners: list[web.AppRunner] = field(default_factory=list)


async def serve(app: web.Application, runners: list[web.AppRunner]) -> str:
    """Serve on a free port of loopback; the root's address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    runners.append(runner)
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


async def raise_stage() -> Stage:
    """Bot, emulator and page; `lower_stage` ends them."""
    runners: list[web.AppRunner] = []
    bot = SmallBot()
    bot_url = await serve(bot.app(), runners)
    accounts = {name: {"webhook_url": f"{bot_url}/webhooks/{name}"} for name in ("whatsapp", "messenger", "instagram")}
    emulator = Emulator({**accounts, "seed": os.urandom(4).hex()})
    bot.graph = f"http://127.0.0.1:{await emulator.start()}"
    await bot.prepare()
    root = web.Application()
    root.add_subapp("/phones", phones_app(bot.graph, Backstage(bot.inspect, "Lucky Garden")))
    return Stage(emulator, bot, await serve(root, runners) + "/phones", runners)


async def lower_stage(stage: Stage) -> None:
    for runner in reversed(stage.runners):
        await runner.cleanup()
    await stage.emulator.stop()


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    raised = await raise_stage()
    yield raised
    await lower_stage(raised)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Any]:
    """Headless Chromium of the system."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there: install Debian's chromium, or name another with CHROMIUM=...")
    async with playwright.async_playwright() as driver:
        started = await driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"], headless=True)
        yield started
        await started.close()


@pytest_asyncio.fixture
async def open_page(browser: Any) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Opens pages, and fails the test if one of them threw or logged an error."""
    troubles: list[str] = []
    contexts: list[Any] = []

    async def opened(
        url: str, width: int = 1440, height: int = 900, scheme: str = "light", quiet: bool = False, known: str = "\0"
    ) -> Any:
        size = {"width": width, "height": height}
        context = await browser.new_context(
            viewport=size, color_scheme=scheme, locale="en-GB", timezone_id="Europe/Rome"
        )
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if not quiet:
            page.on(
                "console",
                lambda line: troubles.append(line.text) if line.type == "error" and known not in line.text else None,
            )
        await page.goto(url)
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert not troubles
