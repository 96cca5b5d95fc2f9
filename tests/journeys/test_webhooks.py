"""Webhooks that go out of the real process: signed, once more when nobody was there, and through a kill -9."""

import base64
import hashlib
import hmac
import itertools
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.journeys.house import House
from tests.processes import eventually

KEY = b"k" * 32


class Desk:
    """Another system, which answers with what it is told to."""

    def __init__(self, port: int) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, desk = 503, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                desk.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(desk.status)
                self.end_headers()

            def log_message(self, *given: Any) -> None:
                """Quiet."""

        self._server = HTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def bells(self) -> set[int]:
        """The numbers of those that came."""
        return {json.loads(body)["data"]["bell"] for _, body in list(self.got)}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    made = Desk(house.hook_port)
    yield made
    made.close()


def test_news_come_signed_through_an_outage_and_a_kill(house: House, desk: Desk) -> None:
    ana = house.person()
    ana.say("messenger", "hello")
    ana.sees("messenger", 1)
    numbers = itertools.count()

    def rings() -> None:
        number = next(numbers)
        who = {"identity": {"channel": "messenger", "value": ana.psid}}
        told = {
            "event": "bell.rang",
            "contact": who,
            "data": {"door": "back", "bell": number},
            "id": f"bell-{ana.id}-{number}",
        }
        assert house.bot.api("POST", "/events", told)[0] == 202

    desk.status = 204
    eventually(lambda: rings() or desk.got, "the endpoint is known, and told", pause=0.5)
    rings()
    wanted = set(range(min(desk.bells()), next(numbers)))
    eventually(lambda: desk.bells() >= wanted, "all that rang since came")
    desk.status = 503
    desk.got.clear()
    rings()
    eventually(lambda: desk.got, "it was tried")
    house.bot.kill()
    house.bot.start()
    desk.status, tried = 204, len(desk.got)
    house.advance(400)  # its next try, or that of who was sending it when it was killed
    eventually(lambda: len(desk.got) > tried, "it comes once more")
    assert len({(headers["webhook-id"], body) for headers, body in desk.got}) == 1
    headers, body = desk.got[-1]
    news = json.loads(body)
    assert news["type"] == "event.bell.rang" and news["data"]["door"] == "back"
    assert str(news["data"]["contact"]) == str(house.contact(ana, "messenger")["id"])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    made = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == made
    house.advance(400)
    taken = len(desk.got)
    rings()
    eventually(lambda: len(desk.got) > taken, "the next one comes")
    assert desk.got[-1][0]["webhook-id"] != headers["webhook-id"] and len(desk.got) == taken + 1
