"""Telegram's files and commands, against the emulator's own checks: files go along once, and by their id from then on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.telegram.adapter import Telegram, TelegramAccount
from trinario.channels.telegram.commands import command_of
from trinario.channels.telegram.decode import read_update
from trinario.emulator.server import Emulator
from trinario.engine.fold import fold
from trinario.model.channel import Identity
from trinario.model.heard import Heard
from trinario.model.media import MediaFile, address_in
from trinario.model.message import Media, Text
from trinario.model.outbox import NotSent, OutboxEntry, Sent
from trinario.ports import Carrier, Claimed
from trinario.runtime.uploads import Uploads
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

TOKEN, HER = "7770001112:AAtest", "5511987654"
NOW = datetime(2026, 3, 28, 10, tzinfo=UTC)


@dataclass
class Rig:
    """The emulator with her chat begun, and our adapter."""

    url: str
    telegram: Telegram
    http: aiohttp.ClientSession

    async def control(self, path: str, wish: Any = None) -> Any:
        method = "GET" if wish is None else "POST"
        async with self.http.request(method, f"{self.url}/_emulator/{path}", json=wish) as response:
            return await response.json()

    async def sees(self) -> list[Any]:
        found = await self.control("people/ana/thread?platform=telegram")
        return [one for one in found if one["direction"] == "out"]


@pytest_asyncio.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    emulator = Emulator({"telegram": {"token": TOKEN}}, tmp_path / "journal.jsonl")
    await emulator.start()
    url = f"http://127.0.0.1:{emulator.port}"
    async with aiohttp.ClientSession() as http:
        account = TelegramAccount("tg", "luckygarden_bot", TOKEN, "s3cret-token", url, "http://127.0.0.1:9/hook")
        made = Rig(url, Telegram(account, AiohttpTransport(http)), http)
        await made.control("people", {"id": "ana", "name": "Ana", "telegram": {"telegram_id": HER}})
        await made.control("people/ana/say", {"platform": "telegram", "text": "hi"})
        yield made
    await emulator.stop()


def entry(content: Any, file: tuple[str, bytes] | None = None) -> OutboxEntry:
    return OutboxEntry(1, "i1/1/1/0/0", 1, Identity("tg", "telegram", HER), content, file=file)


@pytest.mark.parametrize(
    "kind, name", [("image", "a.jpg"), ("document", "a.pdf"), ("audio", "a.ogg"), ("video", "a.mp4")]
)
async def test_a_file_goes_along_and_then_by_its_id(rig: Rig, kind: str, name: str) -> None:
    content = Media(kind, address_in("d1", name), "Look")
    sent = await rig.telegram.send(entry(content, (name, b"bytes")))
    assert isinstance(sent, Sent) and sent.uploaded
    again = await rig.telegram.send(entry(Media(kind, content.url, "Again", uploaded=sent.uploaded)))
    assert isinstance(again, Sent) and again.uploaded == sent.uploaded

    assert [one["text"] for one in await rig.sees()] == ["Look", "Again"]
    gone = await rig.telegram.send(entry(Media(kind, content.url, uploaded="99")))
    assert isinstance(gone, NotSent)
    assert (gone.failure.action, gone.failure.holds) == ("retry", "file")


async def test_an_empty_file_is_ours_to_mend(rig: Rig) -> None:
    result = await rig.telegram.send(entry(Media("document", address_in("d", "a.pdf")), ("a.pdf", b"")))
    assert isinstance(result, NotSent) and result.failure.action == "fix"


async def test_its_id_is_remembered(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"picture")
    digest = sha256(b"picture").hexdigest()
    file = MediaFile("a.jpg", str(path), 7, digest)
    world: Any = SimpleNamespace(adapters={"tg": rig.telegram}, bot=lambda: SimpleNamespace(media={"a.jpg": file}))
    store = MemoryStore()
    store.run_now(lambda unit: upgrade(unit.conn))
    uploads = Uploads(store, SimpleNamespace(now=lambda: NOW))  # type: ignore[arg-type]
    assert isinstance(rig.telegram, Carrier)
    row = Claimed(entry(Media("image", file.address)), NOW, "", False)

    first = await uploads.ready(world, row)
    assert isinstance(first, Claimed) and first.entry.file == ("a.jpg", b"picture")
    sent = await rig.telegram.send(first.entry)
    await uploads.went(world, row, sent)
    second = await uploads.ready(world, row)
    assert isinstance(second, Claimed) and second.entry.file is None
    assert isinstance(second.entry.content, Media) and isinstance(sent, Sent)
    assert second.entry.content.uploaded == sent.uploaded

    path.unlink()
    other = Claimed(entry(Media("document", file.address)), NOW, "", False)
    assert isinstance(await uploads.ready(world, other), NotSent)


async def test_the_menu_is_commands(rig: Rig) -> None:
    told = await rig.telegram.set_up({}, {"Opening hours": "a", "Où sommes-nous ?": "b", "時間": "c", "Start": "d"})
    assert told == [
        'the menu\'s "時間" can be no command of Telegram: it counts when it is typed',
        'the menu\'s "Start" can be no command of Telegram: it counts when it is typed',
    ]
    done = await rig.control("people/ana/menu", {"platform": "telegram", "title": "Où sommes-nous ?"})
    assert done["text"] == "/ou_sommes_nous"
    assert (await rig.control("people/ana/menu", {"platform": "telegram", "index": 0}))["text"] == "/opening_hours"


async def test_the_menu_is_commands_in_other_languages_which_go_when_no_flow_has_them(rig: Rig) -> None:
    menu, italian = {"Opening hours": "a"}, {"it_IT": ({}, {"Orari": "a"}), "fil_PH": ({}, {"Oras": "a"})}
    assert await rig.telegram.set_up({}, menu, italian) == []
    await rig.control("people", {"id": "bea", "name": "Bea", "language": "it", "telegram": {"telegram_id": "77"}})
    await rig.control("people/bea/say", {"platform": "telegram", "text": "ciao"})
    assert (await rig.control("people/bea/menu", {"platform": "telegram", "index": 0}))["text"] == "/orari"
    assert (await rig.control("people/ana/menu", {"platform": "telegram", "index": 0}))["text"] == "/opening_hours"

    theirs = {"commands": [{"command": "horaires", "description": "Quand nous sommes ouverts"}], "language_code": "fr"}
    async with rig.http.post(f"{rig.url}/bot{TOKEN}/setMyCommands", json=theirs) as response:
        assert response.status == 200
    assert await rig.telegram.set_up({}, menu) == []
    assert (await rig.control("people/bea/menu", {"platform": "telegram", "index": 0}))["text"] == "/opening_hours"
    async with rig.http.post(f"{rig.url}/bot{TOKEN}/getMyCommands", json={"language_code": "fr"}) as response:
        assert (await response.json())["result"] == theirs["commands"]


async def test_a_menu_that_no_flow_has_any_more_goes_and_one_of_theirs_stays(rig: Rig) -> None:
    async def shown(language: str = "") -> list[dict[str, str]]:
        spoken = {"language_code": language} if language else {}
        async with rig.http.post(f"{rig.url}/bot{TOKEN}/getMyCommands", json=spoken) as response:
            found: list[dict[str, str]] = (await response.json())["result"]
            return found

    assert await rig.telegram.set_up({}, {"Opening hours": "a"}, {"it_IT": ({}, {"Orari": "a"})}) == []
    assert len(await shown()) == len(await shown("it")) == 1
    assert await rig.telegram.set_up({}) == []
    assert await shown() == await shown("it") == []

    theirs = [{"command": "hours", "description": "When we are open"}]
    async with rig.http.post(f"{rig.url}/bot{TOKEN}/setMyCommands", json={"commands": theirs}) as response:
        assert response.status == 200
    assert await rig.telegram.set_up({}) == []
    assert await shown() == theirs


@pytest.mark.parametrize("title", ["Opening hours", "Où sommes-nous ?", "FAQ & more", "2 for 1!", "Menü – heute"])
def test_a_command_is_its_title_typed(title: str) -> None:
    assert fold(f"/{command_of(title)}") == fold(title)


async def test_so_many_at_once_to_one_chat(rig: Rig) -> None:
    limits = rig.telegram.limits.pace
    assert (limits.person, limits.burst) == (1.0, 10)
    for number in range(limits.burst):
        assert isinstance(await rig.telegram.send(entry(Text(f"{number}"))), Sent)


@pytest.mark.parametrize(
    "old, new, told",
    [
        ([], [{"type": "emoji", "emoji": "👍"}], ("react", "👍")),
        ([{"type": "emoji", "emoji": "👍"}], [], ("unreact", "")),
        ([], [{"type": "custom_emoji", "custom_emoji_id": "5"}], ("react", "")),
        (
            [{"type": "emoji", "emoji": "👍"}],
            [{"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "🔥"}],
            ("react", "🔥"),
        ),
    ],
)
def test_which_sign_is_new(old: list[Any], new: list[Any], told: tuple[str, str]) -> None:
    chat = {"id": 5, "type": "private"}
    reaction = {"chat": chat, "message_id": 7, "date": 1_774_692_000, "old_reaction": old, "new_reaction": new}
    heard = read_update({"update_id": 1, "message_reaction": reaction}, "tg")
    assert isinstance(heard, Heard)
    assert (heard.kind, heard.data["action"], heard.text, heard.context) == ("reaction", *told, "5:7")
