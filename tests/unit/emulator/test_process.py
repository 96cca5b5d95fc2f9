"""The emulator alone in its process: killed and started again, stopped by a signal, and what it says to mistakes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from trinario.emulator.server import Emulator, run
from trinario.errors import ConfigError

SERVE = "import sys; from trinario.emulator.server import run; run(None, '127.0.0.1', int(sys.argv[1]), sys.argv[2])"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(port: int, journal: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An emulator process that answers; killed at the end, if it still lives."""
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port), str(journal)])
    try:
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < end, "it did not start"
                assert process.poll() is None, "it died"
                time.sleep(0.02)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


@pytest.mark.asyncio
async def test_killed_and_started_again(tmp_path: Path) -> None:
    port, journal = free_port(), tmp_path / "meta.jsonl"
    base = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as http:

        async def call(method: str, path: str, body: Any = None) -> Any:
            async with http.request(method, base + path, json=body) as response:
                return await response.json()

        with serving(port, journal) as process:
            anna = await call("POST", "/_emulator/people", {"id": "anna"})
            await call("POST", "/_emulator/people/anna/say", {"platform": "messenger", "text": "ciao"})
            body = {"recipient": {"id": anna["phones"]["messenger"]["psid"]}, "message": {"text": "hello"}}
            sent = await call("POST", "/v25.0/me/messages?access_token=demo-page-token", body)
            process.kill()
            process.wait(10)
        with serving(port, journal) as process:
            thread = await call("GET", "/_emulator/people/anna/thread?platform=messenger")
            assert [(shown["direction"], shown["text"]) for shown in thread] == [("in", "ciao"), ("out", "hello")]
            assert [entry["id"] for entry in await call("GET", "/_emulator/messages")] == [sent["message_id"]]
            again = await call("POST", "/v25.0/me/messages?access_token=demo-page-token", body)
            assert again["message_id"] != sent["message_id"]
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(10) == 0


@pytest.mark.asyncio
async def test_stopping_does_not_wait_for_those_who_follow_the_log() -> None:
    emulator = Emulator()
    port = await emulator.start()
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/_emulator/log/stream") as stream:
        assert stream.status == 200
        await emulator.stop()
        await stream.read()  # it was ended, not cut off when patience was at its end


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigError, match="cannot listen"):
            run(port=taken.getsockname()[1])
