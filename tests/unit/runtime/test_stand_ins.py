"""Services that stand in for others: how they are written, and that only calls that bot.yaml allows reach them."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from trinario.errors import ConfigError
from trinario.outside.http import HttpClient
from trinario.outside.stand_in import StandIn
from trinario.ports import HttpRequest, NotReturned, Returned
from trinario.runtime.settings import load_settings
from trinario.runtime.stand_ins import parse_stand_ins


def test_they_are_read() -> None:
    text = "Cal.example=http://127.0.0.1:9000/calendar  pay.example=http://localhost:9001"
    assert parse_stand_ins(text) == {
        "cal.example": "http://127.0.0.1:9000/calendar",
        "pay.example": "http://localhost:9001",
    }


@pytest.mark.parametrize(
    "text",
    ["cal.example", "=http://127.0.0.1:1", "cal.example=https://127.0.0.1:1", "https://cal.example=http://127.0.0.1:1"],
)
def test_what_is_none_is_told_with_its_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it as calendar\.example="):
        parse_stand_ins(text)


def test_they_are_on_this_machine() -> None:
    with pytest.raises(ValueError, match="only this machine can stand in"):
        parse_stand_ins("cal.example=http://10.0.0.7:9000")


def test_they_are_for_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRINARIO_HTTP_STAND_INS", "cal.example=http://127.0.0.1:9000")
    monkeypatch.setenv("TRINARIO_GRAPH_URL", "https://graph.facebook.com")
    with pytest.raises(ConfigError, match="for development only"):
        load_settings()
    monkeypatch.setenv("TRINARIO_GRAPH_URL", "http://127.0.0.1:9090")
    assert load_settings().stand_ins == {"cal.example": "http://127.0.0.1:9000"}


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A service on this machine that says what it was asked."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"path": request.path_qs, "said": await request.text()})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


async def test_a_call_comes_as_it_was_made(address: str) -> None:
    client = StandIn(
        HttpClient(lambda: ["cal.example"]), {"cal.example": f"{address}/calendar"}, lambda: ["cal.example"]
    )
    answer = await client.request(HttpRequest("POST", "https://cal.example/slots?day=1%202", (), b"{}"), 5)
    await client.close()
    assert isinstance(answer, Returned)
    assert answer.data == {"path": "/calendar/slots?day=1%202", "said": "{}"}


async def test_what_is_not_allowed_elsewhere_is_not_allowed_here(address: str) -> None:
    client = StandIn(HttpClient(lambda: []), {"cal.example": address}, lambda: [])
    answer = await client.request(HttpRequest("GET", "https://cal.example/"), 5)
    await client.close()
    assert isinstance(answer, NotReturned)
    assert "not allowed in bot.yaml" in answer.reason
