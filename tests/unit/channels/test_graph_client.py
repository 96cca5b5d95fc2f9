"""What becomes of a message for every way in which a server can answer, or not answer."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.unit.channels.graph_server import (
    Answering,
    GraphServer,
    breaks_off,
    drops,
    graph_server,
    hangs,
    refuses,
    says,
    says_html,
)
from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.graph.failures import page_failure
from trinario.channels.graph.signature import appsecret_proof
from trinario.channels.http import wire
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.http.transport import Answer, Lost, NotReached
from trinario.model.failure import Action, Failure
from trinario.model.outbox import NotSent, SendResult, Sent, Unknown

TOKEN = "EAAsecret"


@pytest_asyncio.fixture
async def graph() -> AsyncIterator[GraphServer]:
    async with graph_server() as server:
        yield server


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def failure_of(code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
    return page_failure(code, subcode, reason, attempts, passing=passing)


def taken(body: Mapping[str, Any]) -> Sent | None:
    return Sent(body["message_id"]) if "message_id" in body else None


async def send(url: str, session: aiohttp.ClientSession, *, connect: float = 2.0, answer: float = 2.0) -> SendResult:
    client = GraphClient(AiohttpTransport(session, connect, answer), url, "v25.0", TOKEN)
    return await client.send("1/messages", {"text": "è"}, taken, failure_of, 0)


async def test_a_good_answer_is_sent(graph: GraphServer, session: aiohttp.ClientSession) -> None:
    graph.will(says({"message_id": "m_1"}))

    assert await send(graph.url, session) == Sent("m_1")
    ((method, path, headers, body),) = graph.asked
    assert (method, path, body) == ("POST", "/v25.0/1/messages", {"text": "è"})
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Content-Type"] == "application/json"


async def test_the_proof_goes_with_the_token(graph: GraphServer, session: aiohttp.ClientSession) -> None:
    graph.will(says({}))
    client = GraphClient(AiohttpTransport(session), graph.url + "/", "v25.0", TOKEN, "app_secret")
    await client.get("me/messenger_profile", {"fields": "a,b"})

    proof = appsecret_proof("app_secret", TOKEN)
    assert graph.asked[0][1] == f"/v25.0/me/messenger_profile?fields=a,b&appsecret_proof={proof}"


@pytest.mark.parametrize(
    ("answering", "action"),
    [
        (refuses(10, 2018278), Action.TEMPLATE),
        (refuses(100, 2018001), Action.UNREACHABLE),
        (refuses(190, 463, 401), Action.TOKEN),
        (refuses(613), Action.SLOW),
        (refuses(999, status=503), Action.RETRY),
        (refuses(999, is_transient=True), Action.RETRY),
        (refuses(999), Action.FIX),
        (refuses(2, status=503), Action.RETRY),
        (refuses(100, status=200), Action.FIX),
        (says({"error": {"message": "no code"}}, 400), Action.FIX),
        (says_html(400), Action.RETRY),
        (says_html(403), Action.RETRY),
        (says_html(302), Action.RETRY),
        (says_html(429), Action.SLOW),
        (says_html(413), Action.FIX),
    ],
)
async def test_what_is_certainly_not_sent(
    graph: GraphServer, session: aiohttp.ClientSession, answering: Answering, action: Action
) -> None:
    graph.will(answering)
    result = await send(graph.url, session)

    assert isinstance(result, NotSent)
    assert result.failure.action == action
    assert len(graph.asked) == 1


@pytest.mark.parametrize(
    "answering",
    [
        drops, breaks_off, says_html(502), says_html(500), says_html(200), says_html(408), refuses(1, status=500),
        refuses(2, status=500), says({}), says([]), says({"error": "odd"}, 503), says("odd"),
    ],
)  # fmt: skip
async def test_what_may_have_been_sent(
    graph: GraphServer, session: aiohttp.ClientSession, answering: Answering
) -> None:
    graph.will(answering)
    result = await send(graph.url, session)

    assert isinstance(result, Unknown)
    assert result.reason
    assert len(graph.asked) == 1  # a POST is never repeated by the transport


async def test_a_kept_line_that_is_cut_is_not_tried_again(graph: GraphServer, session: aiohttp.ClientSession) -> None:
    graph.will(says({"message_id": "m_1"}), drops)
    await send(graph.url, session)

    assert isinstance(await send(graph.url, session), Unknown)
    assert len(graph.asked) == 2


async def test_an_answer_that_never_comes_is_unknown(graph: GraphServer, session: aiohttp.ClientSession) -> None:
    graph.will(hangs)

    assert isinstance(await send(graph.url, session, answer=0.05), Unknown)


async def test_nobody_at_the_door_is_not_sent(session: aiohttp.ClientSession) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        result = await send(f"http://127.0.0.1:{unused.getsockname()[1]}", session)

    assert isinstance(result, NotSent)
    assert result.failure.action == Action.RETRY


async def test_a_line_that_does_not_open_in_time_is_not_sent(graph: GraphServer) -> None:
    """The pool has one line, which another call keeps: no byte of ours goes out."""
    graph.will(hangs)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        first = asyncio.create_task(send(graph.url, session))
        while not graph.asked:
            await asyncio.sleep(0)
        result = await send(graph.url, session, connect=0.05)
        first.cancel()

    assert isinstance(result, NotSent)
    assert len(graph.asked) == 1


async def test_odd_addresses_and_closed_sessions_are_not_sent(session: aiohttp.ClientSession) -> None:
    assert isinstance(await send("no address", session), NotSent)
    await session.close()
    assert isinstance(await send("http://127.0.0.1:1", session), NotSent)


async def test_no_token_in_any_words(graph: GraphServer, session: aiohttp.ClientSession) -> None:
    graph.will(says({"error": {"message": f"Malformed access token {TOKEN}", "code": 190}}, 401))
    result = await send(graph.url, session)

    assert isinstance(result, NotSent)
    assert TOKEN not in repr(result)
    assert "Malformed access token ***" in result.failure.reason


async def test_long_words_are_cut(graph: GraphServer, session: aiohttp.ClientSession) -> None:
    graph.will(refuses(100, error_data={"details": "x" * 5000}))
    result = await send(graph.url, session)

    assert isinstance(result, NotSent)
    assert len(result.failure.reason) == 500


def test_answers_in_words() -> None:
    assert answered(Answer(200, b'{"data":[]}')) == {"data": []}
    assert answered(Answer(200, b'{"error":{}}')) is None
    assert answered(Answer(400, b"{}")) is None
    assert answered(Lost("cut")) is None
    assert complaint(NotReached("nobody"), "") == "nobody"
    assert complaint(Answer(500, b"<html>"), "") == "HTTP 500"
    assert complaint(Answer(400, b'{"error":{"message":"no"}}'), "") == "no"


@pytest.mark.parametrize("value", [{"a": 1}, {"a": "è"}, {"a": "\ud800"}, {"a": 2**70}, [1.5, None, True]])
def test_json_there_and_back_with_and_without_orjson(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    there = wire.dumps(value)
    monkeypatch.setattr(wire, "orjson", None)

    assert wire.loads(there) == value
    assert wire.loads(wire.dumps(value)) == value
    with pytest.raises(ValueError):
        wire.loads(b"NaN")
    assert wire.loads(b'[1e999, "\xff", ' + b"9" * 5000 + b"]") == [None, "\ufffd", None]
