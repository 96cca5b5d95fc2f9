"""Faults on demand: refused, cut off, delayed, answered with HTML; and what of it has really happened."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

pytestmark = pytest.mark.asyncio
TEXT = {"type": "text", "text": {"body": "x"}}


async def test_drop_after_accept_acts_and_closes_the_connection(meta: Any, bot: Any, until: Any) -> None:
    await meta.control("/faults", {"platform": "whatsapp", "where": "send", "kind": "drop_after_accept"})
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await meta.whatsapp({**TEXT, "biz_opaque_callback_data": "k1"})
    accepted = await meta.control("/messages")
    assert [entry["biz_opaque_callback_data"] for entry in accepted] == ["k1"]
    assert (await meta.thread("whatsapp"))[-1]["text"] == "x"
    await until(lambda: "read" in bot.statuses())
    logged = (await meta.control("/log?kind=graph"))[-1]
    assert logged["accepted"] and logged["status"] == 0 and logged["message_id"] == accepted[0]["id"]
    assert (await meta.whatsapp(TEXT))[0] == 200


async def test_the_socket_is_closed_without_a_byte(meta: Any) -> None:
    await meta.control("/faults", {"kind": "drop_after_accept"})
    host, port = "127.0.0.1", int(meta.base.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection(host, port)
    body = b'{"messaging_product":"whatsapp","to":"+%s","text":{"body":"x"}}' % (
        meta.person["phones"]["whatsapp"]["wa_id"].encode()
    )
    head = (
        "POST /v25.0/106540352242922/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo-whatsapp-token\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    try:
        received = await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        received = b""
    writer.close()
    assert received == b""
    assert len(await meta.control("/messages")) == 1


async def test_drop_before_does_nothing(meta: Any) -> None:
    await meta.control("/faults", {"kind": "drop_before", "times": 2})
    for _ in range(2):
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await meta.page("messenger", {"text": "x"})
    assert await meta.control("/messages") == []
    assert (await meta.page("messenger", {"text": "x"}))[0] == 200


async def test_codes_statuses_and_html(meta: Any, error: Any) -> None:
    await meta.control("/faults", {"kind": "code", "code": 131016})
    assert error(await meta.whatsapp(TEXT)) == (500, 131016, None)
    await meta.control("/faults", {"kind": "code", "code": 2, "subcode": 2018344, "http": 500})
    assert error(await meta.page("messenger", {"text": "x"})) == (500, 2, 2018344)
    await meta.control("/faults", {"kind": "status", "http": 503})
    status, body = await meta.page("messenger", {"text": "x"})
    assert status == 503 and body.startswith("<!DOCTYPE")
    await meta.control("/faults", {"kind": "html_502", "accept": False})
    assert (await meta.page("messenger", {"text": "x"}))[0] == 502
    assert await meta.control("/messages") == []
    await meta.control("/faults", {"kind": "html_502"})
    assert (await meta.page("messenger", {"text": "x"}))[0] == 502
    assert len(await meta.control("/messages")) == 1
    assert await meta.control("/violations") == []


async def test_delay_outlasts_an_impatient_client(meta: Any) -> None:
    await meta.control("/faults", {"kind": "delay", "seconds": 0.3})
    start = time.monotonic()
    assert (await meta.whatsapp(TEXT))[0] == 200
    assert time.monotonic() - start >= 0.3


async def test_failing_later(meta: Any, bot: Any, until: Any) -> None:
    await meta.control("/faults", {"kind": "failed", "code": 131049})
    assert (await meta.whatsapp(TEXT))[0] == 200
    await until(lambda: bot.statuses() == ["failed"])
    assert bot.with_key("status")[0]["errors"][0]["code"] == 131049
    assert (await meta.control("/messages"))[0]["failure"] == 131049


async def test_match_and_probability(meta: Any, error: Any) -> None:
    await meta.meet("berta")
    await meta.act("say", "messenger", person="berta", text="ciao")
    await meta.control(
        "/faults", {"kind": "code", "code": 4, "times": 5, "match": {"to": "berta", "text_contains": "offer"}}
    )
    assert (await meta.page("messenger", {"text": "hello"}))[0] == 200
    assert error(await meta.page("messenger", {"text": "an offer"}))[1] == 4
    await meta.control("/faults", method="DELETE")
    assert (await meta.page("messenger", {"text": "an offer"}))[0] == 200
    await meta.control("/faults", {"kind": "code", "code": 4, "probability": 0.5})
    outcomes = [(await meta.page("messenger", {"text": "x"}))[0] for _ in range(60)]
    assert 10 < outcomes.count(400) < 50


async def test_typing_does_not_use_up_the_fault_of_a_send(meta: Any) -> None:
    await meta.control("/faults", {"kind": "code", "code": 4})
    assert (await meta.page("messenger", None, sender_action="typing_on"))[0] == 200
    assert (await meta.page("messenger", {"text": "x"}))[0] == 400
    await meta.control("/faults", {"where": "action", "kind": "code", "code": 4})
    assert (await meta.page("messenger", {"text": "x"}))[0] == 200
    assert (await meta.page("messenger", None, sender_action="typing_on"))[0] == 400


async def test_impossible_faults_are_told(meta: Any) -> None:
    for wish in (
        {"kind": "explode"},
        {"kind": "code"},
        {"where": "moon", "kind": "delay"},
        {"kind": "delay", "seconds": "x"},
        {"kind": "delay", "colour": "red"},
    ):
        status, body = await meta.call("POST", "/_emulator/faults", wish)
        assert status == 400 and body["error"], wish
