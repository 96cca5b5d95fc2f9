"""The demo's calendar: free half hours, holds that come twice, bookings that outlive the process."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from trinario.cli.demo_calendar import calendar_app

TUESDAY, SUNDAY = "2026-12-01", "2026-12-06"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(calendar_app(tmp_path / "calendar.json"))) as made:
        yield made


async def _slots(client: TestClient[Any, Any], day: str = TUESDAY) -> list[dict[str, str]]:
    answer = await client.get("/slots", params={"day": day})
    return list((await answer.json())["slots"])


async def test_a_day_has_more_half_hours_than_a_list_shows(client: TestClient[Any, Any]) -> None:
    slots = await _slots(client)
    assert len(slots) > 10
    assert slots[0]["id"] == f"{TUESDAY}T{slots[0]['label']}:00+01:00"
    assert await _slots(client, SUNDAY) == []


async def test_a_day_that_is_none_is_refused(client: TestClient[Any, Any]) -> None:
    assert (await client.get("/slots", params={"day": "soon"})).status == 400


async def test_the_same_key_holds_once(client: TestClient[Any, Any]) -> None:
    (slot, *_) = await _slots(client)
    wish = {"slot": slot["id"], "service": "visit"}
    first = await client.post("/holds", json=wish, headers={"Idempotency-Key": "k1"})
    second = await client.post("/holds", json=wish, headers={"Idempotency-Key": "k1"})
    assert (first.status, second.status) == (201, 200)
    assert await first.json() == await second.json()
    other = await client.post("/holds", json=wish, headers={"Idempotency-Key": "k2"})
    assert other.status == 409
    assert slot not in await _slots(client)


async def test_what_is_let_go_is_free_again(client: TestClient[Any, Any]) -> None:
    (slot, *_) = await _slots(client)
    held = await client.post("/holds", json={"slot": slot["id"]}, headers={"Idempotency-Key": "k1"})
    name = (await held.json())["hold"]
    assert (await client.put(f"/holds/{name}", json={})).status == 200
    assert (await client.delete(f"/holds/{name}")).status == 204
    assert slot in await _slots(client)
    assert (await client.put(f"/holds/{name}", json={})).status == 404


async def test_it_outlives_its_process(tmp_path: Path) -> None:
    file = tmp_path / "calendar.json"
    async with TestClient(TestServer(calendar_app(file))) as client:
        (slot, *_) = await _slots(client)
        await client.post("/holds", json={"slot": slot["id"]}, headers={"Idempotency-Key": "k1"})
    async with TestClient(TestServer(calendar_app(file))) as client:
        assert slot not in await _slots(client)


async def test_a_wish_without_key_or_slot_is_refused(client: TestClient[Any, Any]) -> None:
    assert (await client.post("/holds", json={"slot": "x"})).status == 400
    assert (await client.post("/holds", data="nonsense", headers={"Idempotency-Key": "k"})).status == 400
