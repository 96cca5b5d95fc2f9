"""What a new WhatsApp chat offers: set, changed, and taken away again, where nobody else has put something there."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.whatsapp.adapter import WhatsApp, WhatsAppAccount
from trinario.channels.whatsapp.prompts import within
from trinario.emulator.server import Emulator
from trinario.ports import Opening

NUMBER, TOKEN = "106540352242922", "demo-whatsapp-token"
NONE = Opening()
SHOP = Opening(("Prices?", "Hours?"), {"hours": "When we are open", "prices": "What it costs"})


class Desk:
    """The adapter, and what the emulator's number has."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url, self.http = url, http
        account = WhatsAppAccount("wa", NUMBER, "+15550783881", TOKEN, graph_url=url)
        self.adapter = WhatsApp(account, AiohttpTransport(http))

    async def standing(self) -> Any:
        address = f"{self.url}/v25.0/{NUMBER}?fields=conversational_automation&access_token={TOKEN}"
        async with self.http.get(address) as answer:
            return (await answer.json())["conversational_automation"]

    async def by_hand(self, **parts: Any) -> None:
        address = f"{self.url}/v25.0/{NUMBER}/conversational_automation?access_token={TOKEN}"
        async with self.http.post(address, json=parts) as answer:
            assert answer.status == 200

    async def calls(self) -> list[str]:
        """The methods of the calls so far."""
        async with self.http.get(f"{self.url}/_emulator/log?kind=graph") as answer:
            return [one["method"] for one in await answer.json()]


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    emulator = Emulator()
    port = await emulator.start()
    async with aiohttp.ClientSession() as http:
        yield Desk(f"http://127.0.0.1:{port}", http)
    await emulator.stop()


@pytest.mark.asyncio
async def test_they_are_set_changed_and_taken_away_again(desk: Desk) -> None:
    assert await desk.adapter.open_with(SHOP, NONE) == []
    assert await desk.standing() == {
        "prompts": ["Prices?", "Hours?"],
        "commands": [
            {"command_name": "hours", "command_description": "When we are open"},
            {"command_name": "prices", "command_description": "What it costs"},
        ],
    }
    before = len(await desk.calls())
    assert await desk.adapter.open_with(SHOP, SHOP) == []
    assert (await desk.calls())[before:] == ["GET"], "what stands there is not set again"
    assert await desk.adapter.open_with(Opening(("Hours?",)), SHOP) == []
    assert await desk.standing() == {"prompts": ["Hours?"], "commands": []}
    assert await desk.adapter.open_with(NONE, Opening(("Hours?",), SHOP.commands)) == []
    assert await desk.standing() == {"prompts": [], "commands": []}


@pytest.mark.asyncio
async def test_what_people_have_put_there_stays(desk: Desk) -> None:
    await desk.by_hand(prompts=["By hand"])
    assert await desk.adapter.open_with(NONE, Opening(("Prices?",))) == []
    assert (await desk.standing())["prompts"] == ["By hand"]
    assert await desk.adapter.open_with(Opening((), {"hours": "When"}), NONE) == []
    assert (await desk.standing())["prompts"] == ["By hand"]
    assert await desk.adapter.open_with(Opening(("Ours",)), NONE) == []
    assert (await desk.standing())["prompts"] == ["Ours"]


@pytest.mark.asyncio
@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("sign", ["x", "è", "e\u0301", "ب", "漢", "🌿", "👩\u200d👧", "1\ufe0f\u20e3", "👍🏽"])
async def test_nothing_that_meta_refuses_is_set(desk: Desk, sign: str, more: int) -> None:
    prompts = tuple(f"{number} {sign * (78 + more)}" for number in range(4 + more))
    commands = {f"c{number}-{sign * (28 + more)}": f"a {sign * (254 + more)}" for number in range(30 + more)}

    assert await desk.adapter.open_with(Opening(prompts, commands), NONE) == []

    there = await desk.standing()
    assert len(there["prompts"]) == 4 and len(there["commands"]) == 30


def test_emoji_are_left_out_and_nothing_of_them_stays() -> None:
    assert within(Opening(("🌿", " Hi  🌿 there ", "Hi there"), {"🌿": "x", "a": "🌿"})) == Opening(("Hi there",))


@pytest.mark.asyncio
async def test_a_refusal_is_said_in_words(desk: Desk) -> None:
    account = WhatsAppAccount("wa", NUMBER, "+15550783881", "wrong", graph_url=desk.url)
    (told,) = await WhatsApp(account, AiohttpTransport(desk.http)).open_with(SHOP, NONE)
    assert told.startswith("prompts and commands could not be read: ") and "wrong" not in told
