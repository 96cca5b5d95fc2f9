"""The phones page's server side: what it hands on to the emulator, and what it does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from trinario.authoring.assemble import assemble
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import parse_bot
from trinario.emulator.server import Emulator
from trinario.runtime.limits import LIMITS, WINDOWS
from trinario.web.phones import Backstage, phones_app


@dataclass
class Side:
    """The page's server beside an emulator; `asked` is what `inspect` was asked for."""

    emulator: Emulator
    http: aiohttp.ClientSession
    url: str
    runner: web.AppRunner
    asked: list[list[tuple[str, str]]] = field(default_factory=list)

    async def call(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self.http.request(method, self.url + path, **options) as response:
            return response.status, await response.json(content_type=None)


@pytest_asyncio.fixture
async def side() -> AsyncIterator[Side]:
    emulator = Emulator()
    port = await emulator.start()
    asked: list[list[tuple[str, str]]] = []

    async def inspect(identities: list[tuple[str, str]]) -> dict[str, Any]:
        asked.append(identities)
        return {"contacts": []}

    root = web.Application()
    root.add_subapp(
        "/phones",
        phones_app(f"http://127.0.0.1:{port}/", Backstage(inspect, "Lucky <Garden> & Co", lambda: "flows/a.yaml:3")),
    )
    runner = web.AppRunner(root, shutdown_timeout=5.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        yield Side(emulator, http, f"http://127.0.0.1:{runner.addresses[0][1]}/phones", runner, asked)
    await runner.cleanup()
    await emulator.stop()


async def events(response: aiohttp.ClientResponse, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async for line in response.content:
        if line.startswith(b"data: "):
            found.append(json.loads(line[6:]))
        if len(found) == count:
            break
    return found


@pytest.mark.parametrize("path", ["", "/"])
async def test_the_page_knows_where_it_is(side: Side, path: str) -> None:
    async with side.http.get(side.url + path) as response:
        text = await response.text()
    assert response.status == 200
    assert '<base href="/phones/">' in text
    assert "<h1>" in text and "Lucky &lt;Garden&gt; &amp; Co" in text and "<Garden>" not in text
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy


async def test_its_files(side: Side) -> None:
    for name in ("main.js", "page.css", "icon.svg", "pictures/garden.jpg"):
        async with side.http.get(f"{side.url}/page/{name}") as response:
            assert response.status == 200
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    async with side.http.get(f"{side.url}/page/../app.py") as response:
        assert response.status == 404


async def test_people_act_through_it(side: Side) -> None:
    assert (await side.call("POST", "/api/people", json={"id": "ana", "name": "Ana"}))[0] == 200
    status, done = await side.call("POST", "/api/people/ana/say", json={"platform": "whatsapp", "text": "ciao"})
    assert (status, done["text"]) == (200, "ciao")
    status, seen = await side.call("GET", "/api/people/ana/phones")
    assert status == 200
    assert [message["text"] for message in seen["phones"]["whatsapp"]["thread"]] == ["ciao"]
    assert seen["phones"]["messenger"]["state"]["opened"] is False
    assert seen["clock"]["offset"] == 0.0


async def test_refusals_are_handed_on(side: Side) -> None:
    await side.call("POST", "/api/people", json={"id": "ana"})
    status, answer = await side.call("POST", "/api/people/ana/get_started", json={"platform": "messenger"})
    assert status == 409 and "get_started" in answer["error"]
    assert (await side.call("GET", "/api/people/nobody/phones"))[0] == 404
    assert (await side.call("POST", "/api/people/ana/form", json={"platform": "whatsapp"}))[0] == 404


async def test_the_bot_is_asked_by_every_identity(side: Side) -> None:
    ids = {"whatsapp": {"wa_id": "39333", "user_id": "IT.1"}, "messenger": {"psid": "22"}, "instagram": {"igsid": "33"}}
    await side.call("POST", "/api/people", json={"id": "ana", **ids})
    assert await side.call("GET", "/api/people/ana/known") == (200, {"contacts": []})
    expected = [("whatsapp", "39333"), ("whatsapp", "IT.1"), ("messenger", "22"), ("instagram", "33")]
    assert side.asked == [expected]


async def test_only_json_is_taken(side: Side) -> None:
    status, answer = await side.call("POST", "/api/people", data={"name": "Ana"})
    assert status == 400 and "application/json" in answer["error"]
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b"\xff"):
        assert (await side.call("POST", "/api/clock", data=body, headers=headers))[0] == 400


@pytest.mark.parametrize("person", ["%2E%2E", "..%2Fclock", "x%2F..%2F..%2Ffaults", "a%3Fb"])
async def test_no_name_leads_elsewhere(side: Side, person: str) -> None:
    from yarl import URL

    async with side.http.get(URL(f"{side.url}/api/people/{person}/known", encoded=True)) as response:
        assert response.status == 404
    assert side.asked == []


async def test_the_stream_begins_with_the_newest_and_goes_on(side: Side) -> None:
    await side.call("POST", "/api/people", json={"id": "ana"})
    for number in range(230):
        side.emulator.meta.log("control", what="count", number=number)
    async with side.http.get(f"{side.url}/api/stream") as response:
        assert response.content_type == "text/event-stream"
        first = await events(response, 200)
        assert [entry["n"] for entry in first] == list(range(31, 231))
        await side.call("POST", "/api/clock", json={"advance": 60})
        assert (await events(response, 1))[0]["what"] == "clock"
    async with side.http.get(f"{side.url}/api/stream?after=229") as response:
        assert [entry["n"] for entry in await events(response, 2)] == [230, 231]


@pytest.mark.parametrize("after", ["9" * 5000, "-1", "x"])
async def test_a_number_that_is_none_begins_with_the_newest(side: Side, after: str) -> None:
    await side.call("POST", "/api/people", json={"name": "Mia"})
    async with side.http.get(f"{side.url}/api/stream", params={"after": after}) as response:
        assert response.status == 200


async def test_an_open_stream_does_not_hold_the_server(side: Side) -> None:
    async with side.http.get(f"{side.url}/api/stream") as response:
        await asyncio.wait_for(side.runner.cleanup(), 3.0)
        assert await response.content.read() == b""


async def test_an_emulator_that_is_away(side: Side) -> None:
    await side.emulator.stop()
    for path in ("/api/people", "/api/stream", "/api/clock"):
        status, answer = await side.call("GET", path)
        assert status == 502 and "does not answer" in answer["error"]


async def test_what_is_wrong_with_the_files_is_told(side: Side) -> None:
    assert await side.call("GET", "/api/flows") == (
        200, {"trouble": "flows/a.yaml:3", "posts": [], "events": []},
    )  # fmt: skip


# ---- what the flows listen to besides messages

BOT = """
bot: it
locale: en
timezone: Europe/Rome
channels:
  fb: {platform: messenger, page_id: 1, page_name: it, access_token: t, app_secret: s, verify_token: v}
  wa: {platform: whatsapp, phone_number_id: 2, phone: "+15550100001", access_token: t, app_secret: s, verify_token: v}
flows: ["*"]
events: {cart.abandoned: {cart_id: text, items: list}, order.paid: {}}
"""


def backstage(*triggers: str, raised: list[Any] | None = None) -> Backstage:
    """What stands behind a bot whose flows have these triggers."""
    flows = {}
    for number, trigger in enumerate(triggers):
        text = f"flow: f{number}\ntitle: Flow {number}\ntriggers: [{{{trigger}}}]\nsteps: {{a: {{send: Hi}}}}\n"
        parsed = parse_flow(text.encode(), f"f{number}.yaml").flow
        assert parsed is not None
        flows[f"f{number}"] = replace(parsed, revision="r1")
    bot = assemble(parse_bot(BOT.encode(), "bot.yaml", {}), flows, LIMITS, WINDOWS)

    async def raise_event(contact: int, name: str, data: Mapping[str, Any]) -> bool:
        assert raised is not None
        raised.append((contact, name, dict(data)))
        return contact == 7

    async def inspect(identities: list[tuple[str, str]]) -> dict[str, Any]:
        return {"contacts": []}

    known = None if raised is None else raise_event
    return Backstage(inspect, "It", platforms=("whatsapp", "messenger"), bot=lambda: bot, raise_event=known)


def test_a_post_for_every_one_that_a_flow_names() -> None:
    posts = backstage("comment: {en: [win], it: [vinco]}, post: [spring, autumn]", "comment: any").reacts_to()["posts"]
    assert [(one["id"], one["title"], one["words"]) for one in posts] == [
        ("autumn", "Flow 0", ["win"]), ("spring", "Flow 0", ["win"]),
    ]  # fmt: skip
    assert posts[0]["platforms"] == ["messenger"], "the bot has no Instagram, and WhatsApp has no posts"


def test_one_post_stands_for_all_where_none_is_named() -> None:
    (post,) = backstage("comment: any").reacts_to()["posts"]
    assert (post["id"], post["words"]) == ("1", [])
    assert backstage("keyword: [hi]").reacts_to() == {"posts": [], "events": []}, "nobody takes events"


def test_declared_events_with_their_data() -> None:
    assert backstage("keyword: [hi]", raised=[]).reacts_to()["events"] == [
        {"name": "cart.abandoned", "data": {"cart_id": "text", "items": "list"}}, {"name": "order.paid", "data": {}},
    ]  # fmt: skip


async def test_events_and_comments_go_through_the_page() -> None:
    raised: list[Any] = []
    emulator = Emulator()
    root = web.Application()
    root.add_subapp("/phones", phones_app(f"http://127.0.0.1:{await emulator.start()}", backstage(raised=raised)))
    runner = web.AppRunner(root)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        side = Side(emulator, http, f"http://127.0.0.1:{runner.addresses[0][1]}/phones", runner)
        paid = {"event": "order.paid", "data": {"cart_id": "c1"}}
        assert (await side.call("POST", "/api/events", json={"contact": "7", **paid}))[0] == 202
        for contact, status in (("8", 404), ("ana", 404), ("", 404)):
            assert (await side.call("POST", "/api/events", json={"contact": contact, **paid}))[0] == status
        assert (await side.call("POST", "/api/events", json={"contact": "7", "event": "", "data": {}}))[0] == 400
        assert raised == [(7, "order.paid", {"cart_id": "c1"}), (8, "order.paid", {"cart_id": "c1"})]
        status, person = await side.call("POST", "/api/people", json={"id": "ana", "name": "Ana"})
        assert status == 200 and set(person["phones"]) == {"whatsapp", "messenger"}, "the bot has no Instagram"
        said = {"platform": "messenger", "text": "win", "post": "spring"}
        assert (await side.call("POST", "/api/people/ana/comment", json=said))[0] == 200
        (comment,) = (await side.call("GET", "/api/comments"))[1]
        assert (comment["person"], comment["text"], comment["parent"]) == ("ana", "win", "")
    await runner.cleanup()
    await emulator.stop()
