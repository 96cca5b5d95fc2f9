"""Meta is asked before a plan, in time: one that takes the call and says nothing is told as such."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from tests.unit.cli.test_templates import project
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.cli.demo_bot import SUPPLIED
from trinario.runtime import build
from trinario.runtime.asking import ask_meta
from trinario.runtime.settings import Settings
from trinario.runtime.versions import read_disk
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

__all__ = ["project"]


async def test_a_meta_that_takes_the_call_and_says_nothing_is_waited_for_no_longer_than_said(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda reader, writer: taken.append(writer), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for name, value in {**SUPPLIED, "TRINARIO_GRAPH_URL": url}.items():
        monkeypatch.setenv(name, value)
    store = MemoryStore()
    store.run_now(lambda unit: upgrade(unit.conn))
    settings, folder = Settings(), project / "bots/demo"  # type: ignore[call-arg]
    begun = asyncio.get_running_loop().time()
    async with aiohttp.ClientSession() as session:
        graph, channels = build.graph_of(settings), read_disk(folder).parsed.settings
        adapters = build.adapters(channels, graph, AiohttpTransport(session))
        asked = await ask_meta(folder, settings, store, adapters, datetime.now(UTC), 0.3)
    assert asyncio.get_running_loop().time() - begun < 5 and taken
    assert asked.states is None and asked.templates == asked.limits["whatsapp"] == "no answer within 0.3 s"
    for writer in taken:
        writer.close()
    server.close()
    await store.close()
