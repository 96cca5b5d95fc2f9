"""Telegram's side of the emulator: strict calls, the phones of the people, updates with their secret."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from trinario.emulator.server import Emulator

Json = dict[str, Any]
TOKEN, SECRET = "7770001112:AAtest", "s3cret-token"


@dataclass
class Rig:
    """An emulator, a bot that listens, and a client for both sides."""

    emulator: Emulator
    http: aiohttp.ClientSession
    hook: str = ""
    heard: list[tuple[str, Json]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def bot(self, method: str, token: str = TOKEN, **body: Any) -> tuple[int, Json]:
        url = f"http://127.0.0.1:{self.emulator.port}/bot{token}/{method}"
        async with self.http.post(url, json=body) as response:
            return response.status, await response.json()

    async def control(self, path: str, wish: Any = None) -> Any:
        url = f"http://127.0.0.1:{self.emulator.port}/_emulator/{path}"
        async with self.http.request("GET" if wish is None else "POST", url, json=wish) as response:
            return await response.json()

    async def does(self, act: str, **wish: Any) -> Json:
        done: Json = await self.control(f"people/ana/{act}", {"platform": "telegram", **wish})
        assert "error" not in done, done
        return done

    async def hears(self, count: int) -> list[Json]:
        until = time.monotonic() + 5
        while len(self.heard) < count and time.monotonic() < until:
            await asyncio.sleep(0.01)
        return [body for _, body in self.heard]


@pytest_asyncio.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    config = {"telegram": {"token": TOKEN}, "retry_scale": 0.01}
    emulator = Emulator(config, tmp_path / "journal.jsonl")
    await emulator.start()
    async with aiohttp.ClientSession() as http:
        made = Rig(emulator, http)

        async def hear(request: web.Request) -> web.Response:
            status = made.answers.pop(0) if made.answers else 200
            if status == 200:
                made.heard.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), await request.json()))
            return web.Response(status=status)

        app = web.Application()
        app.router.add_post("/hook", hear)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await made.control("people", {"id": "ana", "name": "Ana Souza", "telegram": {"telegram_id": "5511987654"}})
        sorts = ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"]
        assert (await made.bot("setWebhook", url=made.hook, secret_token=SECRET, allowed_updates=sorts))[0] == 200
        yield made
        await runner.cleanup()
    await emulator.stop()


HER = 5511987654


async def test_she_writes_first(rig: Rig) -> None:
    status, answer = await rig.bot("sendMessage", chat_id=HER, text="Hello")
    assert (status, answer["description"]) == (403, "Forbidden: bot can't initiate conversation with a user")
    await rig.does("say", text="Olá 🌷")
    (update,) = await rig.hears(1)

    assert rig.heard[0][0] == SECRET
    assert update["message"]["text"] == "Olá 🌷" and update["message"]["chat"] == {
        "id": HER, "first_name": "Ana", "last_name": "Souza", "username": "ana", "type": "private",
    }  # fmt: skip
    status, answer = await rig.bot("sendMessage", chat_id=HER, text="Hello")
    assert status == 200 and answer["result"]["message_id"] == update["message"]["message_id"] + 1


async def test_taps_and_what_was_tapped(rig: Rig) -> None:
    await rig.does("say", text="hi")
    keyboard = {
        "inline_keyboard": [[{"text": "Red", "callback_data": "p/0"}], [{"text": "Shop", "url": "https://s.example"}]]
    }
    assert (await rig.bot("sendMessage", chat_id=HER, text="Colour?", reply_markup=keyboard))[0] == 200
    await rig.does("tap", title="Red")
    query = (await rig.hears(2))[1]["callback_query"]

    assert query["data"] == "p/0" and query["message"]["reply_markup"] == keyboard
    assert (await rig.bot("answerCallbackQuery", callback_query_id=query["id"]))[0] == 200
    assert (await rig.does("tap", title="Shop"))["kind"] == "opened"


async def test_links_bring_what_they_carry(rig: Rig) -> None:
    await rig.control("people", {"id": "bob"})
    done = await rig.does("follow", url="https://t.me/luckygarden_bot?start=go_abc")
    assert done["ref"] == "go_abc" and (await rig.hears(1))[0]["message"]["text"] == "/start go_abc"
    for wrong in ("https://t.me/other?start=x", "https://t.me/luckygarden_bot?start=" + "x" * 65):
        refused = await rig.control("people/ana/follow", {"platform": "telegram", "url": wrong})
        assert "error" in refused


async def test_files_are_told_and_fetched(rig: Rig) -> None:
    await rig.does("send", kind="image", caption="roses", content="bytes of a picture")
    photo = (await rig.hears(1))[0]["message"]["photo"][-1]
    _, answer = await rig.bot("getFile", file_id=photo["file_id"])
    url = f"http://127.0.0.1:{rig.emulator.port}/file/bot{TOKEN}/{answer['result']['file_path']}"
    async with rig.http.get(url) as response:
        assert await response.read() == b"bytes of a picture"
    assert (await rig.bot("getFile", file_id="nothing"))[1]["description"] == "Bad Request: invalid file_id"
    for kind in ("video", "audio", "document", "sticker", "location", "contacts"):
        await rig.does("send", kind=kind)
    assert len(await rig.hears(7)) == 7


async def test_edits_reactions_and_blocks(rig: Rig) -> None:
    said = await rig.does("say", text="hi")
    await rig.does("edit", message_id=said["id"], text="hi there")
    _, answer = await rig.bot("sendMessage", chat_id=HER, text="Hello")
    await rig.does("react", message_id=f"{HER}:{answer['result']['message_id']}", emoji="❤")
    await rig.does("block")
    updates = await rig.hears(4)

    assert [next(key for key in one if key != "update_id") for one in updates] == [
        "message", "edited_message", "message_reaction", "my_chat_member",
    ]  # fmt: skip
    assert len({one["update_id"] for one in updates}) == 4
    status, answer = await rig.bot("sendMessage", chat_id=HER, text="Hello?")
    assert (status, answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    await rig.does("unblock")
    assert (await rig.bot("sendMessage", chat_id=HER, text="Welcome back"))[0] == 200


def keyboard(**button: Any) -> Json:
    return {"reply_markup": {"inline_keyboard": [[button]]}}


TEXT: Json = {"chat_id": HER, "text": "x"}
FITS: list[tuple[str, Json]] = [
    ("sendMessage", {**TEXT, "text": "x" * 4096}),
    ("sendMessage", {**TEXT, "text": "🌷" * 2048}),
    ("sendMessage", {**TEXT, **keyboard(text="a", callback_data="é" * 32)}),
    ("sendPhoto", {"chat_id": HER, "photo": "https://cdn.example/a.jpg", "caption": "🌷" * 512}),
    ("sendVenue", {"chat_id": HER, "latitude": 1.5, "longitude": 2, "title": "a", "address": "b"}),
    ("sendContact", {"chat_id": HER, "phone_number": "+39333", "first_name": "Bia"}),
]
WRONG: list[tuple[str, Json, int, str]] = [
    ("sendMessage", {"text": "x"}, 400, "chat.missing"),
    ("sendMessage", {**TEXT, "chat_id": 1}, 400, "chat.unknown"),
    ("sendMessage", {**TEXT, "text": "  "}, 400, "text.empty"),
    ("sendMessage", {**TEXT, "text": "x" * 4097}, 400, "text.long"),
    ("sendMessage", {**TEXT, "text": "🌷" * 2048 + "x"}, 400, "text.long"),
    ("sendMessage", {**TEXT, **keyboard(text="a", callback_data="é" * 33)}, 400, "button.data"),
    ("sendMessage", {**TEXT, **keyboard(text="a", callback_data="")}, 400, "button.data"),
    ("sendMessage", {**TEXT, **keyboard(text=" ", callback_data="a")}, 400, "button.text"),
    ("sendMessage", {**TEXT, **keyboard(text="a", url="nowhere")}, 400, "button.url"),
    ("sendMessage", {**TEXT, **keyboard(text="a")}, 400, "button.kind"),
    ("sendMessage", {**TEXT, "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "https://a.example"}]] * 101}}, 400,
     "keyboard.many"),
    ("sendMessage", {**TEXT, "reply_parameters": {"message_id": 900}}, 400, "reply"),
    ("sendPhoto", {"chat_id": HER, "photo": "https://cdn.example/a.jpg", "caption": "🌷" * 513}, 400, "caption.long"),
    ("sendPhoto", {"chat_id": HER, "photo": "a.jpg"}, 400, "file.address"),
    ("sendVideo", {"chat_id": HER}, 400, "file.missing"),
    ("sendLocation", {"chat_id": HER, "latitude": 91, "longitude": 0}, 400, "place"),
    ("sendVenue", {"chat_id": HER, "latitude": 1, "longitude": 0, "title": "a"}, 400, "venue"),
    ("sendContact", {"chat_id": HER, "first_name": "a"}, 400, "contact"),
    ("sendChatAction", {"chat_id": HER, "action": "dance"}, 400, "action"),
    ("setMessageReaction", {"chat_id": HER, "message_id": 900}, 400, "reaction.message"),
    ("setMessageReaction", {"chat_id": HER, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "🧀"}]}, 400, "reaction"),
    ("setWebhook", {"url": "http://bot.example/hook"}, 400, "webhook.https"),
    ("setWebhook", {"url": "https://bot.example:9000/hook"}, 400, "webhook.port"),
    ("setWebhook", {"url": "https://bot.example/hook", "secret_token": "not good"}, 400, "webhook.secret"),
    ("sendPigeon", {"chat_id": HER}, 404, "method"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "body"), FITS)
async def test_takes_what_just_fits(rig: Rig, method: str, body: Json) -> None:
    await rig.does("say", text="hi")
    assert (await rig.bot(method, **body))[0] == 200


async def test_refuses_what_telegram_refuses(rig: Rig) -> None:
    await rig.does("say", text="hi")
    for method, body, code, rule in WRONG:
        status, answer = await rig.bot(method, **body)
        broken = (await rig.control("violations"))[-1]
        assert (status, answer["ok"], answer["error_code"], broken["rule"]) == (code, False, code, f"telegram.{rule}")
    assert (await rig.bot("getMe", token="1:wrong"))[1] == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }


async def test_pace_of_a_chat(rig: Rig) -> None:
    await rig.does("say", text="hi")
    found = [await rig.bot("sendMessage", **TEXT) for _ in range(60)]
    refused = next(answer for status, answer in found if status == 429)

    assert refused["parameters"] == {"retry_after": 1} and [status for status, _ in found[:20]] == [200] * 20


async def test_faults_and_retries(rig: Rig) -> None:
    await rig.does("say", text="hi")
    await rig.control("faults", {"platform": "telegram", "kind": "code", "code": 429, "seconds": 7})
    assert (await rig.bot("sendMessage", **TEXT))[1]["parameters"] == {"retry_after": 7}
    await rig.control("faults", {"platform": "telegram", "kind": "html_502"})
    url = f"http://127.0.0.1:{rig.emulator.port}/bot{TOKEN}/sendMessage"
    async with rig.http.post(url, json=TEXT) as response:
        assert response.status == 502
    assert len(await rig.control("messages")) == 1
    rig.answers = [500, 503]
    await rig.does("say", text="again")
    assert [one["message"]["text"] for one in await rig.hears(2)] == ["hi", "again"]


async def test_who_the_bot_is_and_what_it_hears(rig: Rig) -> None:
    assert (await rig.bot("getMe"))[1]["result"]["username"] == "luckygarden_bot"
    assert (await rig.bot("getWebhookInfo"))[1]["result"]["url"] == rig.hook
    assert (await rig.bot("deleteWebhook"))[0] == 200
    await rig.does("say", text="hi")
    await rig.does("read")
    await asyncio.sleep(0.05)
    assert rig.heard == [] and "telegram" in await rig.control("accounts")


async def test_without_a_token_nobody_has_a_phone_for_it() -> None:
    emulator = Emulator({})
    await emulator.start()
    async with aiohttp.ClientSession() as http:
        rig = Rig(emulator, http)
        made = await rig.control("people", {"id": "ana"})
        assert "telegram" not in made["phones"] and (await rig.bot("getMe", token=""))[0] == 401
    await emulator.stop()
