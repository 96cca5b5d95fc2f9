"""Real processes for the tests: the emulator, the bot runtime, both on loopback ports of their own, and how to end them."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from tests.person import Person

Json = dict[str, Any]
T = TypeVar("T")

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "bots" / "demo"
START_SECONDS = 30.0
PATIENCE = 20.0
"""Seconds that anything may take before a test gives up."""

EMULATE = """
import sys
from trinario.emulator.server import run
run(sys.argv[1], "127.0.0.1", int(sys.argv[2]), sys.argv[3])
"""
RUN = """
import sys
from pathlib import Path
from trinario.runtime.process import run
from trinario.runtime.settings import load_settings
sys.exit(run(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[2]), sys.argv[3], load_settings()))
"""
SECRETS = {
    "WHATSAPP_TOKEN": "demo-whatsapp-token",
    "PAGE_TOKEN": "demo-page-token",
    "META_APP_SECRET": "demo-app-secret",
    "META_VERIFY_TOKEN": "demo-verify-token",
    "TRINARIO_API_TOKEN": "demo-api-token",
    "TRINARIO_SECRET_KEY": "a-key-of-the-tests-that-is-long-enough",
    "HOOK_PORT": "9",
}
PLATFORMS = ("whatsapp", "messenger", "instagram")


def free_port(together: int = 1) -> int:
    """The first of so many ports side by side that nobody has; below those that the system gives to connections."""
    for _ in range(200):
        port = random.SystemRandom().randrange(18_000, 32_000)
        if all(_is_free(port + step) for step in range(together)):
            return port
    raise AssertionError("no free port")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def eventually(find: Callable[[], T], what: str, seconds: float = PATIENCE, pause: float = 0.02) -> T:
    """What `find` gives as soon as it is truthy. Raises AssertionError with `what` and the last answer."""
    until = time.monotonic() + seconds
    while not (found := find()):
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds:.0f} s; last seen: {found!r}")
        time.sleep(pause)
    return found


def call(method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """One HTTP call: the status, and the answer as JSON where it is some, else as text."""
    raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    request = urllib.request.Request(url, raw, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            status, content = response.status, response.read()
    except urllib.error.HTTPError as refused:
        status, content = refused.code, refused.read()
    try:
        return status, json.loads(content)
    except ValueError:
        return status, content.decode("utf-8", "replace")


class Child:
    """One process of ours: started, killed or stopped by its id; what it prints is kept in a file."""

    def __init__(self, log: Path, command: list[str], environ: Mapping[str, str]) -> None:
        self.log, self._command = log, command
        self._environ = {**os.environ, "PYTHONUNBUFFERED": "1", **environ}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def launch(self) -> None:
        """Start it and do not wait."""
        assert not self.alive, "it runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environ, cwd=self.log.parent
            )

    def kill(self) -> None:
        """kill -9."""
        self._signal(signal.SIGKILL)
        self.wait()

    def terminate(self, seconds: float = PATIENCE) -> int:
        """SIGTERM; gives the exit code."""
        self._signal(signal.SIGTERM)
        return self.wait(seconds)

    def freeze(self, seconds: float) -> None:
        """It stands still for so long."""
        self._signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._signal(signal.SIGCONT)

    def wait(self, seconds: float = PATIENCE) -> int:
        """Until it has ended; gives the exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    def close(self) -> None:
        """Have it ended, however it stands."""
        if self.alive:
            self.kill()

    def said(self) -> str:
        """The end of what it printed."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return text[-6000:]

    def until_answering(self, url: str) -> None:
        """Wait for a 200. Raises AssertionError with what it printed if it dies or stays mute."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.alive, f"{self.log.stem} died at its start:\n{self.said()}"
            try:
                if call("GET", url)[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"{self.log.stem} does not answer on {url}:\n{self.said()}")

    def _signal(self, number: int) -> None:
        if self.alive:
            os.kill(self.pid, number)


class Meta(Child):
    """The emulator as a process, with its journal; its control API and its people."""

    def __init__(self, folder: Path, webhooks: str, knobs: Mapping[str, Any]) -> None:
        """`webhooks` is the bot's address; `knobs` are settings of the emulator's configuration."""
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = folder / "emulator.json"
        accounts = {name: {"webhook_url": f"{webhooks}/webhooks/{name}"} for name in PLATFORMS}
        config.write_text(json.dumps({**accounts, **knobs}))
        command = [sys.executable, "-c", EMULATE, str(config), str(port), str(folder / "emulator.journal")]
        super().__init__(folder / "emulator.log", command, {})

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.launch()
        self.until_answering(f"{self.url}/_emulator/clock")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A control call. Raises AssertionError with the reason if it is refused."""
        status, answer = call(method, f"{self.url}/_emulator{path}", body)
        assert status == 200, f"{method} {path} {body}: {status} {answer}"
        return answer

    def person(self, name: str = "Ana Rossi", **more: Any) -> Person:
        """Somebody new with three phones."""
        return Person(self.ask, self.ask("POST", "/people", {"name": name, **more}))

    def fault(self, kind: str, where: str = "send", **more: Any) -> Json:
        """Have something go wrong; once, unless `times` or `probability` says otherwise."""
        return dict(self.ask("POST", "/faults", {"kind": kind, "where": where, **more}))

    def violations(self) -> list[Json]:
        """Everything that Meta refused, or that no careful bot would do."""
        return list(self.ask("GET", "/violations"))

    def messages(self, after: int = 0) -> list[Json]:
        """Every message that was accepted, in order: the judge."""
        return list(self.ask("GET", f"/messages?after={after}"))

    def log_of(self, kind: str, after: int = 0) -> list[Json]:
        """Entries of the log."""
        return list(self.ask("GET", f"/log?kind={kind}&after={after}"))

    def pending(self) -> int:
        """Webhooks that nobody has taken yet."""
        return int(self.ask("GET", "/webhooks/pending")["pending"])


class Bot(Child):
    """The runtime as a process."""

    def __init__(
        self,
        name: str,
        folder: Path,
        meta_url: str,
        database: str,
        bot: Path = DEMO,
        port: int = 0,
        role: str = "all",
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {
            **SECRETS,
            "TRINARIO_GRAPH_URL": meta_url,
            "TRINARIO_CLOCK_URL": meta_url,
            "TRINARIO_DATABASE_URL": database,
            "TRINARIO_LOG": "text",
            **(environ or {}),
        }
        super().__init__(folder / f"{name}.log", [sys.executable, "-c", RUN, str(bot), str(self.port), role], settings)

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.launch()
        self.until_answering(f"{self.url}/readyz")

    def api(
        self, method: str, path: str, body: Any = None, token: str = SECRETS["TRINARIO_API_TOKEN"]
    ) -> tuple[int, Any]:
        """A call of the REST API."""
        return call(method, f"{self.url}/api/v1{path}", body, {"Authorization": f"Bearer {token}"})

    def got(self, path: str) -> Any:
        """What a GET of the REST API answers. Raises AssertionError for anything but 200."""
        status, answer = self.api("GET", path)
        assert status == 200, f"GET {path}: {status} {answer}"
        return answer

    def contacts(self, channel: str, value: str) -> list[Json]:
        """The contacts that have this identity."""
        return list(self.got(f"/contacts?identity={channel}:{urllib.parse.quote(value)}")["contacts"])

    def contact(self, channel: str, value: str) -> Json:
        """The one contact of this identity."""
        found = self.contacts(channel, value)
        assert len(found) == 1, f"{channel}:{value} has {len(found)} contacts"
        return found[0]
