"""Where each platform says that a file is, and what its refusals mean."""

import json
from base64 import b64encode
from typing import Any

import pytest

from trinario.channels.graph.cdn import HOSTS
from trinario.channels.http.transport import Answer, Lost
from trinario.channels.instagram.adapter import Instagram, InstagramAccount
from trinario.channels.messenger.adapter import Messenger, PageAccount
from trinario.channels.telegram.adapter import Telegram, TelegramAccount
from trinario.channels.whatsapp.adapter import WhatsApp, WhatsAppAccount
from trinario.model.failure import Action, Failure
from trinario.ports import Located, MediaSource

EMULATOR = "http://127.0.0.1:9090"


class Line:
    """A transport with one answer."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self.answer = Lost("cut") if body is None else Answer(status, json.dumps(body).encode())
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def get(self, url: str, headers: Any) -> Any:
        self.asked.append((url, dict(headers)))
        return self.answer

    async def post(self, url: str, body: bytes, headers: Any) -> Any:
        self.asked.append((url, json.loads(body)))
        return self.answer

    async def delete(self, url: str, body: bytes, headers: Any) -> Any:
        raise AssertionError("nothing is deleted")


def whatsapp(line: Line, url: str = "https://graph.facebook.com") -> WhatsApp:
    return WhatsApp(WhatsAppAccount("w", "106", "+1", "tok", graph_url=url), line)


@pytest.mark.parametrize("digest", ["ab" * 32, b64encode(bytes.fromhex("ab" * 32)).decode(), "AB" * 32])
async def test_whatsapp_is_asked_by_id(digest: str) -> None:
    line = Line(
        {"url": "https://lookaside.fbsbx.com/x", "mime_type": "image/jpeg", "sha256": digest, "file_size": "303833"}
    )
    found = await whatsapp(line).locate("1003", "https://lookaside.fbsbx.com/old")
    assert isinstance(found, Located)
    assert (found.url, found.mime_type, found.size) == ("https://lookaside.fbsbx.com/x", "image/jpeg", 303833)
    assert found.digest == "ab" * 32 and found.headers["Authorization"] == "Bearer tok" and "tok" not in repr(found)
    assert line.asked[0][0] == "https://graph.facebook.com/v25.0/1003?phone_number_id=106"


async def test_whatsapp_without_an_id_takes_the_webhooks_address() -> None:
    line = Line({})
    found = await whatsapp(line).locate("", "https://lookaside.fbsbx.com/x")
    assert isinstance(found, Located) and found.headers["Authorization"] == "Bearer tok" and not line.asked
    assert isinstance(await whatsapp(line).locate("../me", ""), Failure)


@pytest.mark.parametrize(
    ("body", "status", "action"),
    [
        (
            {"error": {"code": 190, "message": "Error validating access token", "type": "OAuthException"}},
            401,
            Action.TOKEN,
        ),
        ({"error": {"code": 100, "error_subcode": 33, "message": "does not exist"}}, 400, None),
        ({"error": {"code": 130429, "message": "Rate limit hit"}}, 400, Action.SLOW),
        ({"id": "1003"}, 200, Action.RETRY),
        ("oops", 502, Action.RETRY),
        (None, 0, Action.RETRY),
    ],
)
async def test_whatsapp_refuses(body: Any, status: int, action: Action | None) -> None:
    found = await whatsapp(Line(body, status)).locate("1003", "")
    assert isinstance(found, Failure)
    assert found.action == action if action else found.action not in (Action.RETRY, Action.SLOW, Action.TOKEN)


async def test_pages_hand_addresses_out() -> None:
    for one in (Messenger(PageAccount("m", "1", "t"), Line({})), Instagram(InstagramAccount("i", "1", "t"), Line({}))):
        assert await one.locate("369", "https://x.fbcdn.net/1") == Located("https://x.fbcdn.net/1")
        assert isinstance(await one.locate("", ""), Failure)


async def test_telegram_is_asked_and_its_token_stays_out_of_words() -> None:
    line = Line({"ok": True, "result": {"file_id": "A", "file_path": "photos/file 1.jpg", "file_size": 12}})
    bot = Telegram(TelegramAccount("t", "b", "12:tok"), line)
    found = await bot.locate("A", "")
    assert found == Located("https://api.telegram.org/file/bot12:tok/photos/file%201.jpg", size=12)
    assert line.asked == [("https://api.telegram.org/bot12:tok/getFile", {"file_id": "A"})]
    for answer, action in (
        ({"ok": False, "error_code": 401, "description": "Unauthorized"}, Action.TOKEN),
        (None, Action.RETRY),
    ):
        refused = await Telegram(TelegramAccount("t", "b", "12:tok"), Line(answer)).locate("A", "")
        assert isinstance(refused, Failure) and refused.action == action
    big = {"ok": False, "error_code": 400, "description": "Bad Request: file is too big"}
    refused = await Telegram(TelegramAccount("t", "b", "12:tok"), Line(big)).locate("A", "")
    assert isinstance(refused, Failure) and refused.action == Action.FIX


def test_hosts() -> None:
    here = ("localhost:9090", "127.0.0.1:9090", "[::1]:9090")
    real: list[MediaSource] = [
        whatsapp(Line({})), Messenger(PageAccount("m", "1", "t"), Line({})),
        Instagram(InstagramAccount("i", "1", "t", login="instagram"), Line({})),
    ]  # fmt: skip
    assert all(one.media_hosts == HOSTS and isinstance(one, MediaSource) for one in real)
    assert whatsapp(Line({}), EMULATOR).media_hosts == (*HOSTS, *here)
    assert whatsapp(Line({}), "https://graph.proxy.example").media_hosts == HOSTS
    assert Telegram(TelegramAccount("t", "b", "x"), Line({})).media_hosts == ("api.telegram.org",)
    assert Telegram(TelegramAccount("t", "b", "x", url=EMULATOR), Line({})).media_hosts == here
