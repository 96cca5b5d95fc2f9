"""Telegram: updates and calls on file, the secret at the door, the adapter against a server, texts at their limits."""

import json
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.unit.channels.graph_server import GraphServer, drops, graph_server, says, says_html
from tests.unit.channels.test_encode_golden import entry_of
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.split import length
from trinario.channels.telegram.adapter import Telegram, TelegramAccount
from trinario.channels.telegram.client import failure
from trinario.channels.telegram.decode import _READERS, MEDIA
from trinario.channels.telegram.encode import encode
from trinario.channels.telegram.inlet import HEADER, TelegramInlet
from trinario.model.channel import Identity
from trinario.model.failure import Action
from trinario.model.heard import Unsupported
from trinario.model.message import Choices, Content, Link, Media, Option, PublicReply, Template, Text
from trinario.model.outbox import NotSent, OutboxEntry, Sent, Unknown
from trinario.ports import Adapter, Inlet

GOLDEN = Path(__file__).parents[2] / "golden" / "channels"
HEARD = json.loads((GOLDEN / "telegram_heard.json").read_text("utf-8"))
SAID = json.loads((GOLDEN / "telegram_said.json").read_text("utf-8"))
HER = Identity("tg", "telegram", "5511987654")
BOT = TelegramAccount(
    "tg", "luckygarden_bot", "77700:AAsecret", "s3cret-token", webhook="https://bot.example/webhooks/telegram/tg"
)
WELL = {"ok": True, "result": {"message_id": 41, "chat": {"id": 5511987654, "type": "private"}, "date": 1795000000}}


def raw(body: Any) -> bytes:
    return json.dumps(body).encode("ascii")


# ---- updates


@pytest.fixture
def inlet() -> TelegramInlet:
    return TelegramInlet("tg", ("s3cret-token", "older"))


@pytest.mark.parametrize("case", [pytest.param(one, id=one["case"]) for one in HEARD])
def test_gives_what_is_on_file(case: dict[str, Any], inlet: TelegramInlet, shown: Callable[[Any], Any]) -> None:
    (arrival,) = inlet.decode(raw(case["webhook"]))

    assert [shown(arrival.item)] == case["gives"]
    assert [one.item for one in inlet.decode(arrival.raw)] == [arrival.item]


def test_every_reader_is_on_file() -> None:
    text = (GOLDEN / "telegram_heard.json").read_text("utf-8")

    assert [name for name in (*_READERS, *MEDIA, "photo") if f'"{name}": ' not in text] == []


def test_the_secret_is_asked_for(inlet: TelegramInlet) -> None:
    door: Inlet = inlet

    assert door.genuine(b"{}", {HEADER: "s3cret-token"}) and door.genuine(b"{}", {HEADER.lower(): "older"})
    assert not door.genuine(b"{}", {HEADER: "s3cret"}) and not door.genuine(b"{}", {})
    assert not TelegramInlet("tg", ("",)).genuine(b"{}", {HEADER: ""})
    assert door.answer_challenge({"hub.mode": "subscribe"}) is None


@pytest.mark.parametrize("body", [b"[]", b"nothing", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_a_value_error(inlet: TelegramInlet, body: bytes) -> None:
    with pytest.raises(ValueError):
        inlet.decode(body)


def test_texts_that_no_database_takes_are_mended(inlet: TelegramInlet) -> None:
    update = {**HEARD[0]["webhook"], "message": {**HEARD[0]["webhook"]["message"], "text": "a\x00b\ud800c"}}
    (arrival,) = inlet.decode(raw(update))

    assert arrival.item.text == "a\ufffdb\ufffdc"  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(8))
def test_nothing_makes_it_raise(inlet: TelegramInlet, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(150):
        update = json.loads(json.dumps(chance.choice(HEARD)["webhook"]))
        for _ in range(chance.randint(1, 4)):
            _damage(update, chance)
        (arrival,) = inlet.decode(raw(update))
        assert not (isinstance(arrival.item, Unsupported) and arrival.item.what.startswith("fault"))


def _damage(value: Any, chance: random.Random) -> None:
    """Something somewhere becomes something else, or is gone."""
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
        if isinstance(value[key], dict | list) and value[key] and chance.random() < 0.7:
            value = value[key]
        elif chance.random() < 0.3:
            del value[key]
            return
        else:
            value[key] = chance.choice([None, 7, -1, 1e300, "", "x", [], {}, [[]], {"a": {}}, True, "9" * 400])
            return


# ---- calls


@pytest.mark.parametrize("case", [pytest.param(one, id=one["case"]) for one in SAID])
def test_becomes_what_is_on_file(case: dict[str, Any]) -> None:
    request = encode(entry_of(case["entry"]))

    assert (request.method, request.body) == (case["method"], case["body"])


def entry(content: Any, **more: Any) -> OutboxEntry:
    return OutboxEntry(1, "m/1/0/0/0", 1, HER, content, **more)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[GraphServer]:
    async with graph_server() as made:
        made.will(says(WELL))
        yield made


@pytest_asyncio.fixture
async def telegram(server: GraphServer) -> AsyncIterator[Telegram]:
    async with aiohttp.ClientSession() as session:
        account = TelegramAccount("tg", "luckygarden_bot", BOT.token, BOT.secret_token, server.url, BOT.webhook)
        yield Telegram(account, AiohttpTransport(session, 2.0, 2.0))


async def test_sends(server: GraphServer, telegram: Telegram) -> None:
    adapter: Adapter = telegram
    result = await adapter.send(entry(Text("Ciao")))

    assert result == Sent("5511987654:41")
    method, path, headers, body = server.asked[0]
    assert (method, path, headers["Content-Type"]) == ("POST", "/bot77700:AAsecret/sendMessage", "application/json")
    assert body == {"chat_id": 5511987654, "text": "Ciao"}
    assert adapter.correlated is False and adapter.pace == 30.0 and "AAsecret" not in repr(BOT)


REFUSALS = [
    (403, "Forbidden: bot was blocked by the user", {}, Action.UNREACHABLE, None),
    (403, "Forbidden: user is deactivated", {}, Action.UNREACHABLE, None),
    (400, "Bad Request: chat not found", {}, Action.UNREACHABLE, None),
    (400, "Bad Request: message is too long", {}, Action.FIX, None),
    (400, "Bad Request: BUTTON_DATA_INVALID", {}, Action.FIX, None),
    (400, "Bad Request: failed to get HTTP URL content", {}, Action.RETRY, None),
    (400, "Bad Request: REACTION_INVALID", {}, Action.DROP, None),
    (401, "Unauthorized", {}, Action.TOKEN, None),
    (404, "Not Found", {}, Action.TOKEN, None),
    (409, "Conflict: terminated by other getUpdates request", {}, Action.ACCOUNT, None),
    (429, "Too Many Requests: retry after 7", {"parameters": {"retry_after": 7}}, Action.SLOW, 7.0),
    (429, "Too Many Requests", {}, Action.SLOW, 1.0),
]


@pytest.mark.parametrize(("code", "words", "more", "action", "after"), REFUSALS)
async def test_what_refusals_mean(
    server: GraphServer, telegram: Telegram, code: int, words: str, more: Any, action: str, after: float | None
) -> None:
    server.will(says({"ok": False, "error_code": code, "description": words, **more}, code))
    result = await telegram.send(entry(Text("Ciao")))

    assert isinstance(result, NotSent)
    told = result.failure
    assert (told.action, told.code, told.reason, told.after) == (action, code, words, after)


def test_a_file_that_cannot_be_fetched_is_tried_again_and_then_ours_to_mend() -> None:
    words = "Bad Request: wrong file identifier/HTTP URL specified"

    assert [failure(400, words, attempts).action for attempts in (0, 2, 3)] == [Action.RETRY, Action.RETRY, Action.FIX]


async def test_lost_answers_are_unknown(server: GraphServer, telegram: Telegram) -> None:
    server.will(drops)
    assert isinstance(await telegram.send(entry(Text("Ciao"))), Unknown)
    server.will(says_html(502))
    assert isinstance(await telegram.send(entry(Text("Ciao"))), Unknown)
    server.will(says({"ok": False, "error_code": 500, "description": "Internal Server Error"}, 500))
    assert isinstance(await telegram.send(entry(Text("Ciao"))), Unknown)
    server.will(says_html(429))
    result = await telegram.send(entry(Text("Ciao")))
    assert isinstance(result, NotSent) and result.failure.action == Action.SLOW


@pytest.mark.parametrize("content", [Template("hello", "it"), PublicReply("hi", "c1")])
async def test_what_telegram_does_not_have_is_ours_to_mend(
    server: GraphServer, telegram: Telegram, content: Any
) -> None:
    result = await telegram.send(entry(content))

    assert isinstance(result, NotSent) and result.failure.action == Action.FIX and server.asked == []


async def test_attends(server: GraphServer, telegram: Telegram) -> None:
    server.will(says({"ok": True, "result": True}))
    await telegram.attend(HER, "5511987654:3", True)
    await telegram.attend(HER, "callback:4382bf", False)

    assert [(path.rpartition("/")[2], body) for _, path, _, body in server.asked] == [
        ("sendChatAction", {"chat_id": 5511987654, "action": "typing"}),
        ("answerCallbackQuery", {"callback_query_id": "4382bf"}),
    ]


async def test_sets_its_webhook(server: GraphServer, telegram: Telegram) -> None:
    server.will(says({"ok": True, "result": True}))
    assert await telegram.set_up({"Hello": "go"}) == []
    body = server.bodies[0]
    assert body["url"] == BOT.webhook and body["secret_token"] == "s3cret-token"
    assert set(body["allowed_updates"]) == set(_READERS)
    server.will(says({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401))
    assert await telegram.set_up({}) == ["the webhook could not be set: Unauthorized"]
    nowhere = Telegram(TelegramAccount("tg", "b", "t"), None)  # type: ignore[arg-type]
    assert "TRINARIO_PUBLIC_URL" in (await nowhere.set_up({}))[0]


async def test_links_bring_a_ref_that_a_start_parameter_can_hold(telegram: Telegram) -> None:
    assert telegram.deep_link("go_a-B", "C", "s") == "https://t.me/luckygarden_bot?start=go_a-B"
    assert telegram.deep_link("x" * 65, "C", "s") is None and telegram.deep_link("a=b", "C", "s") is None


WORDS = ["word " * 900, "🌷" * 2100, "كلمة " * 1000, "漢字。" * 1500, "e\u0301" * 3000, "👩‍👩‍👧‍👦" * 700]


@pytest.mark.parametrize("words", WORDS)
async def test_nothing_is_longer_than_telegram_counts(telegram: Telegram, words: str) -> None:
    link, picture = (Link("Open", "https://shop.example"),), "https://cdn.example/a.jpg"
    options = tuple(Option(f"p/{n}", f"Choice {n}") for n in range(3))
    said: list[Content] = [
        Text(words), Text(words, link), Media("image", picture, words), Media("image", picture, words[:1024], links=link),
        Choices(words, options), Media("image", picture, words[:900]),
    ]  # fmt: skip
    for content in said:
        fitted = telegram.fit(content)
        for part in fitted:
            body = encode(entry(part)).body
            assert 0 < length(body.get("text", "x"), "utf16") <= 4096
            assert length(body.get("caption", ""), "utf16") <= 1024
        shown = "".join(str(getattr(part, "text", "") or getattr(part, "caption", "")) for part in fitted)
        wanted = str(getattr(content, "caption", "") or getattr(content, "text", ""))
        assert "".join(wanted.split()) in "".join(shown.split())
