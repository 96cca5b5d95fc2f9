"""How numbers stand is asked of the platform and kept; what is not told stays as it was."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from trinario.channels.graph.client import GraphClient
from trinario.channels.http.transport import Answer
from trinario.channels.whatsapp.number import ask_standing
from trinario.model.standing import UNLIMITED, NumberStanding
from trinario.runtime.ratings import Ratings
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore


class Number:
    """An adapter whose platform tells of it."""

    channel = "whatsapp"

    def __init__(self, *told: NumberStanding | str) -> None:
        self.told = list(told)

    async def standing(self) -> NumberStanding | str:
        return self.told.pop(0)


async def test_what_is_told_is_kept_and_what_is_not_stays() -> None:
    store = MemoryStore()
    store.run_now(lambda unit: upgrade(unit.conn))
    number = Number(NumberStanding("whatsapp", "yellow", 2000), "HTTP 500", NumberStanding("whatsapp", "", UNLIMITED))
    ratings = Ratings(store, lambda: [number, object()])  # type: ignore[list-item]
    assert await ratings.look() == {}
    assert await ratings.look() == {"whatsapp": "HTTP 500"}
    assert store.run_now(lambda unit: unit.accounts.standings()) == [NumberStanding("whatsapp", "yellow", 2000)]
    await ratings.look()
    assert store.run_now(lambda unit: unit.accounts.standings()) == [NumberStanding("whatsapp", "yellow", UNLIMITED)]
    await store.close()


class Silent(Number):
    """One whose platform does not answer."""

    channel = "whatsapp-2"

    async def standing(self) -> NumberStanding | str:
        await asyncio.Event().wait()
        raise AssertionError


async def test_who_does_not_answer_in_time_keeps_nobody_waiting() -> None:
    store = MemoryStore()
    store.run_now(lambda unit: upgrade(unit.conn))
    ratings = Ratings(store, lambda: [Silent(), Number(NumberStanding("whatsapp", "green", 250))])
    assert await asyncio.wait_for(ratings.look(0.05), 5) == {"whatsapp-2": "no answer within 0.05 s"}
    assert store.run_now(lambda unit: unit.accounts.standings()) == [NumberStanding("whatsapp", "green", 250)]
    await store.close()


class Answers:
    """A transport that says one thing."""

    def __init__(self, status: int, body: Any) -> None:
        self._answer = Answer(status, json.dumps(body).encode())
        self.asked: list[str] = []

    async def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        self.asked.append(url)
        return self._answer


@pytest.mark.parametrize(
    ("status", "body", "stands"),
    [
        (200, {"quality_rating": "GREEN", "whatsapp_business_manager_messaging_limit": "TIER_250"}, ("green", 250)),
        (200, {"quality_rating": "UNKNOWN", "whatsapp_business_manager_messaging_limit": "TIER_100K"}, ("", 100_000)),
        (200, {"quality_rating": "RED", "whatsapp_business_manager_messaging_limit": "TIER_UNLIMITED"}, ("red", -1)),
        (200, {"id": "1"}, ("", 0)),
        (400, {"error": {"code": 100, "message": "no such field"}}, "no such field"),
    ],
)
async def test_the_fields_of_a_number(status: int, body: Any, stands: tuple[str, int] | str) -> None:
    answers = Answers(status, body)
    client = GraphClient(answers, "https://graph.example", "v25.0", "token")  # type: ignore[arg-type]
    found = await ask_standing(client, "whatsapp", "106")
    assert found == (stands if isinstance(stands, str) else NumberStanding("whatsapp", *stands))
    assert "106" in answers.asked[0] and "quality_rating" in answers.asked[0]
