"""`trinario demo`: two processes, one page; what happens when either is ended."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import ROOT, Trinario, bare_environment, command

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the demo bot."""
    shutil.copytree(ROOT / "bots", tmp_path / "bots")
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    return tmp_path


@pytest.fixture
def start(folder: Path, two_ports: int) -> Iterator[Start]:
    """Start the demo and wait until the bot is ready; what is left is ended afterwards."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        line = command("demo", "--port", str(two_ports), "--no-browser", *arguments)
        demo = subprocess.Popen(
            line, cwd=folder, env=bare_environment(), stderr=subprocess.PIPE, text=True, preexec_fn=_of_a_terminal
        )
        started.append(demo)
        until(lambda: answer(two_ports, "/readyz") is not None or demo.poll() is not None)
        return demo

    yield begin
    for demo in started:
        if demo.poll() is None:
            demo.terminate()
            demo.wait(20)
    for file in folder.glob(".trinario/*/emulator-*.pid"):
        os.kill(int(file.read_text()), signal.SIGKILL)


def _of_a_terminal() -> None:
    """A closed terminal is heard, also where the tests were started by `nohup`: what is ignored is inherited."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def answer(port: int, path: str) -> Any:
    """The JSON of a GET; None when nobody answers with 200."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            text = response.read()
    except (OSError, urllib.error.URLError):
        return None
    return json.loads(text) if text[:1] in (b"{", b"[") else text


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_one_command_brings_bot_emulator_and_page_and_takes_them_away(
    start: Start, folder: Path, two_ports: int
) -> None:
    demo = start()
    assert answer(two_ports, "/readyz")["status"] == "ok"
    assert b"<html" in answer(two_ports, "/phones")
    assert answer(two_ports + 1, "/_emulator/clock")["offset"] == 0
    demo.send_signal(signal.SIGINT)
    assert demo.wait(20) == 0
    assert demo.stderr is not None
    told = demo.stderr.read()
    assert f"http://127.0.0.1:{two_ports}/phones" in told
    assert "Traceback" not in told
    assert answer(two_ports + 1, "/_emulator/clock") is None
    assert not list(folder.glob(".trinario/*/*.pid"))
    assert (folder / ".trinario" / ".gitignore").read_text() == "*\n"


def test_killing_the_bot_does_not_kill_meta_and_the_next_demo_goes_on_with_it(start: Start, two_ports: int) -> None:
    first = start()
    with urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{two_ports + 1}/_emulator/clock", b'{"advance": 3600}', method="POST")
    ):
        pass
    first.kill()
    first.wait(20)
    assert answer(two_ports + 1, "/_emulator/clock")["offset"] == 3600
    second = start()
    assert answer(two_ports, "/readyz")["status"] == "ok"
    assert answer(two_ports + 1, "/_emulator/clock")["offset"] == 3600
    second.terminate()
    assert second.wait(20) == 0
    assert answer(two_ports + 1, "/_emulator/clock") is None


def test_an_emulator_that_was_left_behind_learns_of_other_accounts(start: Start, folder: Path, two_ports: int) -> None:
    first = start()
    person = urllib.request.Request(
        f"http://127.0.0.1:{two_ports + 1}/_emulator/people", b'{"id": "ana"}', method="POST"
    )
    with urllib.request.urlopen(person):
        pass
    first.kill()
    first.wait(20)
    bot = folder / "bots/demo/bot.yaml"
    bot.write_text(bot.read_text().replace("1895382890692545", "1000000000000001"))
    start()
    assert answer(two_ports + 1, "/_emulator/accounts")["messenger"]["id"] == "1000000000000001"
    assert [one["id"] for one in answer(two_ports + 1, "/_emulator/people")] == ["ana"], "people stay"


def test_a_closed_terminal_leaves_nothing_behind(start: Start, two_ports: int) -> None:
    demo = start()
    demo.send_signal(signal.SIGHUP)
    assert demo.wait(20) == 0
    assert answer(two_ports + 1, "/_emulator/clock") is None


def test_a_fresh_demo_forgets(start: Start, folder: Path, two_ports: int) -> None:
    first = start()
    first.kill()
    first.wait(20)
    database = folder / ".trinario" / f"demo-{two_ports}" / "demo.db"
    left = database.with_name("left by the first")
    left.touch()
    start("--fresh")
    assert database.is_file() and not left.exists()
    assert answer(two_ports + 1, "/_emulator/clock")["offset"] == 0


def test_a_port_in_use_is_told(trinario: Trinario, start: Start, folder: Path, two_ports: int) -> None:
    start()
    outcome = trinario("demo", "--port", str(two_ports - 1), "--no-browser", cwd=folder)
    assert outcome.returncode == 78
    assert "--port" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert answer(two_ports, "/readyz")["status"] == "ok", "the other demo is left alone"
