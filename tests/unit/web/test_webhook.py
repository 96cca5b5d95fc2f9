"""Meta's door: verification, signatures, sizes, what is kept, what is answered when nothing could be kept."""

import asyncio
import json

import pytest

from tests.unit.web.conftest import SECRET, TOKEN, VERIFY, House, webhook_body
from trinario.channels.graph.signature import sign

PATHS = ("/webhooks/whatsapp", "/webhooks/messenger", "/webhooks/instagram")


@pytest.mark.parametrize("path", PATHS)
async def test_the_challenge_goes_back_as_it_came(house: House, path: str) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "11582<b>01444"}
    async with house.session.get(house.url + path, params=query) as response:
        assert response.status == 200
        assert response.content_type == "text/plain"
        assert await response.read() == b"11582<b>01444"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.verify_token": VERIFY, "hub.challenge": "1"},
        {"hub.verify_token": VERIFY, "hub.challenge": "1"},
    ],
)
async def test_a_stranger_verifies_nothing(house: House, query: dict[str, str]) -> None:
    async with house.session.get(house.url + PATHS[0], params=query) as response:
        assert response.status == 403


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_signed_is_kept_before_it_is_answered(house: House, path: str) -> None:
    assert await house.webhook(json.dumps(webhook_body()).encode(), path=path) == (200, "EVENT_RECEIVED")
    assert await house.rows("SELECT channel, external_id, kind, status FROM inbox") == [
        ("messenger", "m_1", "heard", 0)
    ]
    assert house.woken == 1


async def test_twice_the_same_is_one_row_and_two_hundred_twice(house: House) -> None:
    raw = json.dumps(webhook_body()).encode()
    answers = await asyncio.gather(*(house.webhook(raw) for _ in range(5)))
    assert set(answers) == {(200, "EVENT_RECEIVED")}
    assert await house.rows("SELECT count(*) FROM inbox") == [(1,)]


async def test_a_forged_webhook_leaves_no_trace(house: House) -> None:
    raw = json.dumps(webhook_body()).encode()
    for signature in ("", "sha256=" + "0" * 64, sign("other", raw), sign(SECRET, raw + b" "), "sha256=é"):
        status, _ = await house.webhook(raw, signature)
        assert status == 401, signature
    assert await house.rows("SELECT count(*) FROM inbox") == [(0,)]


@pytest.mark.parametrize("raw", [b"", b"{", b"hello", b"[1]", b"\xff\xfe"])
async def test_what_is_no_json_object_is_refused(house: House, raw: bytes) -> None:
    status, _ = await house.webhook(raw)
    assert status == 400


async def test_more_than_four_mebibytes_are_refused(house: House) -> None:
    largest = 4 * 1024 * 1024
    status, _ = await house.webhook(b"x" * (largest + 1))
    assert status == 413
    status, _ = await house.webhook(b" " * largest)
    assert status == 400


async def test_an_account_that_is_not_ours_is_kept_and_counted(house: House) -> None:
    raw = json.dumps(webhook_body(page="999")).encode()
    assert (await house.webhook(raw))[0] == 200
    assert await house.rows("SELECT kind, status, contact_id FROM inbox") == [("unsupported", 3, None)]
    assert b'trinario_unsupported_total{what="account # of messenger is not ours"} 1.0' in house.metrics.text()


async def test_when_nothing_can_be_kept_meta_is_told_to_come_again(house: House) -> None:
    raw = json.dumps(webhook_body()).encode()
    await house.store.run(lambda unit: unit.conn.exec_driver_sql("ALTER TABLE inbox RENAME TO away"))
    assert (await house.webhook(raw))[0] == 500
    await house.store.run(lambda unit: unit.conn.exec_driver_sql("ALTER TABLE away RENAME TO inbox"))
    assert (await house.webhook(raw))[0] == 200
    assert b'trinario_webhooks_total{outcome="failed"} 1.0' in house.metrics.text()
    assert b'trinario_webhooks_total{outcome="kept"} 1.0' in house.metrics.text()


@pytest.mark.parametrize("path", ["/webhooks/messenger", "/api/v1/events"])
async def test_a_body_that_cannot_be_unpacked_is_the_sender_s_fault(house: House, path: str) -> None:
    headers = {"Content-Encoding": "gzip", "Authorization": f"Bearer {TOKEN}"}
    async with house.session.post(house.url + path, data=b"no gzip", headers=headers) as response:
        assert response.status == 400


async def test_a_sender_who_hangs_up_leaves_no_trace(house: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
    writer.write(b"POST /webhooks/messenger HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    while b'trinario_webhooks_total{outcome="unreadable"} 1.0' not in house.metrics.text():
        await asyncio.sleep(0.01)
    assert await house.rows("SELECT count(*) FROM inbox") == [(0,)]


async def test_other_paths_and_methods(house: House) -> None:
    async with house.session.post(house.url + "/webhooks/telegram", data=b"{}") as response:
        assert response.status == 404
    async with house.session.put(house.url + PATHS[0], data=b"{}") as response:
        assert response.status == 405
