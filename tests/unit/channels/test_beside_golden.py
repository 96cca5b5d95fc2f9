"""What adapters of Messenger and Instagram ask of the Graph beside messages: each request is on file, and the emulator takes it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import pytest_asyncio

from tests.unit.channels.test_encode_golden import GOLDEN
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.http.transport import Outcome
from trinario.channels.instagram.adapter import Instagram, InstagramAccount
from trinario.channels.messenger.adapter import Messenger, PageAccount
from trinario.emulator.server import Emulator
from trinario.model.channel import Identity
from trinario.model.message import Content, Link, Media, PublicReply, Sign, Text, ThreadControl
from trinario.model.outbox import NotSent, OutboxEntry, Sent

FILE = GOLDEN / "page_asked.json"
PAGE, ACCOUNT = "1895382890692545", "17841400008460056"
NAMES = {"messenger": ("ms", "psid"), "instagram": ("ig", "igsid")}


@dataclass
class Desk:
    """The emulator, an adapter of ours, and what it asked: method, path, body; ids of the run have names of their own."""

    url: str
    http: aiohttp.ClientSession
    platform: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    adapter: Any = None

    async def control(self, path: str, wish: Any = None) -> Any:
        async with self.http.post(f"{self.url}/_emulator/{path}", json=wish) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    def note(self, method: str, url: str, body: bytes = b"") -> None:
        pieces = urlsplit(url)
        told = {"method": method, "path": pieces.path + (f"?{pieces.query}" if pieces.query else "")}
        written = json.dumps({**told, **({"body": json.loads(body)} if body else {})})
        for value, name in self.names.items():
            written = written.replace(value, name)
        self.asked.append(json.loads(written))

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        self.note("POST", url, body)
        return await AiohttpTransport(self.http).post(url, body, headers)

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        self.note("GET", url)
        return await AiohttpTransport(self.http).get(url, headers)

    async def delete(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        self.note("DELETE", url, body)
        return await AiohttpTransport(self.http).delete(url, body, headers)

    def row(self, content: Content, **more: Any) -> OutboxEntry:
        channel, kind = NAMES[self.platform]
        identity = Identity(channel, kind, next(value for value, name in self.names.items() if name == "HER"))
        return OutboxEntry(1, "m/77/1/0/0/0", 1, identity, content, **more)


@pytest_asyncio.fixture(params=["messenger", "instagram"])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    emulator = Emulator({"rates": False})
    url = f"http://127.0.0.1:{await emulator.start()}"
    async with aiohttp.ClientSession() as http:
        made = Desk(url, http, request.param)
        told = await made.control("people", {"id": "ana", "name": "Ana", "platforms": [made.platform]})
        made.names = {str(told["phones"][made.platform][NAMES[made.platform][1]]): "HER"}
        if made.platform == "messenger":
            account = PageAccount("ms", PAGE, "demo-page-token", "luckygarden", "1517776481860111", graph_url=url)
            made.adapter = Messenger(account, made)
        else:
            login = InstagramAccount("ig", ACCOUNT, "demo-page-token", "luckygarden", PAGE, graph_url=url)
            made.adapter = Instagram(login, made)
        yield made
    await emulator.stop()


async def _front(desk: Desk) -> None:
    """What stands before and beside a conversation; then it goes again."""
    asked = {"Do you deliver?": "trigger/ice_breaker/Do you deliver?"}
    menu = {"Opening hours": "trigger/menu/Opening hours"}
    italian = ({"Consegnate?": "trigger/ice_breaker/Do you deliver?"}, {"Orari": "trigger/menu/Opening hours"})
    assert await desk.adapter.set_up(asked, menu, {"it_IT": italian}) == []
    assert await desk.adapter.set_up({"Hello!": "GET_STARTED"}) == []


async def _greeting(desk: Desk) -> None:
    if desk.platform == "messenger":
        assert await desk.adapter.greet({"default": "Hello!", "it_IT": "Ciao!"}, {}) == []


async def _persona(desk: Desk) -> None:
    if desk.platform == "messenger":
        made = await desk.adapter.put_on("Anna", "https://luckygarden.example/anna.jpg")
        assert isinstance(made, Sent)
        desk.names[made.external_id] = "PERSONA"
        assert isinstance(await desk.adapter.send(desk.row(Text("Anna here"), persona=made.external_id)), Sent)


async def _file(desk: Desk) -> None:
    if desk.platform == "messenger":
        made = await desk.adapter.fetch("https://luckygarden.example/rose.jpg", "image")
        assert isinstance(made, Sent) and made.external_id


async def _attention(desk: Desk) -> None:
    await desk.adapter.attend(desk.row(Text("")).identity, "m_1", True)


async def _who(desk: Desk) -> None:
    assert isinstance(await desk.adapter.profile(desk.row(Text("")).identity), dict)


async def _sign(desk: Desk, hers: str) -> None:
    desk.names[hers] = "HERS"
    for sign in ("❤️", ""):
        assert isinstance(await desk.adapter.send(desk.row(Sign(sign, hers))), Sent)


async def _comment(desk: Desk) -> None:
    told = await desk.control("people/ana/comment", {"platform": desk.platform, "text": "win", "post": "901"})
    comment = str(told.get("comment") or told.get("id"))
    desk.names[comment] = "COMMENT"
    assert isinstance(await desk.adapter.send(desk.row(PublicReply("Look inside!", comment))), Sent)
    private = desk.row(Text("Here you are."), reply_to=f"comment:1794567890:{comment}")
    assert isinstance(await desk.adapter.send(private), Sent)


async def _thread(desk: Desk) -> None:
    assert await desk.adapter.send(desk.row(ThreadControl("pass", "inbox", "She asks for a person"))) == Sent("")
    assert await desk.adapter.send(desk.row(ThreadControl("take"))) == Sent("")


async def test_each_is_as_it_is_on_file(desk: Desk) -> None:
    hers = (await desk.control("people/ana/say", {"platform": desk.platform, "text": "hi"}))["id"]
    steps: dict[str, Callable[[], Awaitable[None]]] = {
        "menu, ice breakers, Get Started": lambda: _front(desk), "greeting": lambda: _greeting(desk),
        "persona": lambda: _persona(desk), "a file that goes above buttons": lambda: _file(desk),
        "attention": lambda: _attention(desk), "who she is": lambda: _who(desk), "sign": lambda: _sign(desk, hers),
        "comment": lambda: _comment(desk), "thread": lambda: _thread(desk),
    }  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {}
    for name, step in steps.items():
        desk.asked = []
        await step()
        if desk.asked:
            found[name] = desk.asked

    assert found == json.loads(FILE.read_text("utf-8"))[desk.platform]


async def test_files_stand_on_her_phone(desk: Desk) -> None:
    """Above buttons, together, by an id: what the emulator takes, she sees."""
    await desk.control("people/ana/say", {"platform": desk.platform, "text": "hi"})
    rose = "https://luckygarden.example/rose.jpg"
    contents: list[Content] = [Media("image", rose, others=(f"{rose}?2", f"{rose}?3"))]
    if desk.platform == "messenger":
        given = await desk.adapter.fetch(rose, "image")
        links = (Link("Order", "https://luckygarden.example/order"),)
        contents += [Media("image", rose, links=links, uploaded=given.external_id), Media("sticker", "like")]
        wrong = desk.row(Media("video", rose, links=links, uploaded=given.external_id))
        assert isinstance(await desk.adapter.send(wrong), NotSent)  # it is an image
    else:
        contents += [
            Media("sticker", "heart"),
            Media("post", "https://www.instagram.com/p/abc", post="17895695668004550"),
        ]
    for content in contents:
        assert isinstance(await desk.adapter.send(desk.row(content)), Sent)
    async with desk.http.get(f"{desk.url}/_emulator/people/ana/thread?platform={desk.platform}") as response:
        shown = [one for one in await response.json() if one["direction"] == "out"]
    assert shown[0]["media"]["urls"] == [rose, f"{rose}?2", f"{rose}?3"]
    if desk.platform == "messenger":
        assert (shown[1]["media"]["url"], [one["title"] for one in shown[1]["options"]]) == (rose, ["Order"])
        assert shown[2]["text"] == "👍"
    else:
        assert (shown[1]["text"], shown[2]["media"]["id"]) == ("❤️", "17895695668004550")
