"""Calls to the outside over real processes: a service that is slow, a bot that is killed while it waits for it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import DATABASES, _database
from tests.journeys.house import House
from tests.processes import Bot, eventually

BOT = Path(__file__).parent / "outside" / "bots" / "calls"
TOKEN = "a-token-that-nobody-may-see"


class Service:
    """A service on this machine that answers when it is told to. `asked` are (method, path, headers, body)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.open = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                service.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                service.open.wait(20)
                answer = b'{"slots": 3}'
                try:
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:  # who asked is gone
                    pass

            do_GET = do_POST = _answer

            def log_message(self, *parts: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.place = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def of(self, path: str) -> list[tuple[str, str, dict[str, str], str]]:
        """What it was asked at a path."""
        return [one for one in self.asked if one[1].startswith(path)]

    def close(self) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.close()


@pytest.fixture(scope="module", params=DATABASES)
def calls(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, service: Service
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp(f"calls-{request.param}")
    house = House(folder, _database(request, folder), BOT)
    given = {"SERVICE": service.place, "SERVICE_TOKEN": TOKEN, "TRINARIO_HTTP_LOCAL": "true"}
    house.bot = Bot("bot", folder, house.meta.url, house.database, BOT, house.bot.port, environ=given)
    try:
        house.meta.start()
        house.bot.start()
        yield house
    finally:
        house.close()


def test_a_call_that_may_be_made_again_is_and_her_words_wait_in_order(calls: House, service: Service) -> None:
    service.open.clear()
    ana = calls.person()
    before = len(service.of("/slow/"))
    ana.say("messenger", "look")
    eventually(lambda: len(service.of("/slow/")) > before, "the service is asked")
    ana.say("messenger", "red")
    ana.say("messenger", "large")
    calls.bot.kill()
    calls.bot.start()
    eventually(lambda: len(service.of("/slow/")) > before + 1, "the service is asked again")
    assert not calls.outgoing(ana, "messenger")
    service.open.set()
    assert ana.sees("messenger", 3) == ["Slots: 3. Which colour?", "red. Which size?", "red, large."]
    assert service.asked[-1][2]["authorization"] == f"Bearer {TOKEN}"


def test_a_call_that_must_not_be_made_twice_is_not(calls: House, service: Service) -> None:
    service.open.clear()
    ana = calls.person()
    before = len(service.of("/slow/post"))
    ana.say("messenger", "post")
    eventually(lambda: len(service.of("/slow/post")) > before, "the service is asked")
    calls.bot.kill()
    calls.bot.start()
    assert ana.sees("messenger", 1) == ["Nobody knows whether it was posted."]
    service.open.set()
    assert len(service.of("/slow/post")) == before + 1
    assert TOKEN in service.of("/slow/post")[-1][3]


def test_a_keyed_call_is_made_again_under_its_key(calls: House, service: Service) -> None:
    service.open.clear()
    ana = calls.person()
    before = len(service.of("/slow/keyed"))
    ana.say("messenger", "keyed")
    eventually(lambda: len(service.of("/slow/keyed")) > before, "the service is asked")
    calls.bot.kill()
    calls.bot.start()
    service.open.set()
    assert ana.sees("messenger", 1) == ["Posted once: 200."]
    keys = [one[2]["idempotency-key"] for one in service.of("/slow/keyed")[before:]]
    assert len(keys) >= 2 and len(set(keys)) == 1


def test_a_stop_word_is_heard_while_a_call_is_out(calls: House, service: Service) -> None:
    service.open.clear()
    ana = calls.person()
    before = len(service.of("/slow/"))
    ana.say("messenger", "look")
    eventually(lambda: len(service.of("/slow/")) > before, "the service is asked")
    ana.say("messenger", "hello?")
    ana.say("messenger", "stop")
    assert len(ana.sees("messenger", 1)) == 1
    service.open.set()
    ana.say("messenger", "anybody?")
    assert ana.sees("messenger", 2)[-1] == "You said: anybody?"
    assert {session["status"] for session in calls.sessions(ana, "messenger")} == {"stopped", "done"}


def test_a_function_of_the_bot_runs(calls: House) -> None:
    ana = calls.person("Ana Rossi")
    ana.say("messenger", "count")
    ana.sees("messenger", 1)
    ana.say("messenger", "roses")
    assert ana.sees("messenger", 2)[-1].startswith("5 letters")


def test_no_secret_is_in_a_row_or_in_the_log(calls: House) -> None:
    assert TOKEN not in calls.bot.said()
    for file in calls.folder.glob("bot.db*"):
        assert TOKEN.encode() not in file.read_bytes()
