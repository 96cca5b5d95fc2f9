"""What the adapters of Messenger, Instagram and WhatsApp ask of the Graph beside messages: threads, personas, profiles."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.unit.channels.graph_server import GraphServer, drops, graph_server, refuses, says
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.instagram.adapter import Instagram, InstagramAccount
from trinario.channels.messenger.adapter import Messenger, PageAccount
from trinario.channels.whatsapp.adapter import WhatsApp, WhatsAppAccount
from trinario.model.channel import Identity
from trinario.model.failure import Action
from trinario.model.message import Text, ThreadControl
from trinario.model.outbox import NotSent, OutboxEntry, Sent

PSID, IGSID = Identity("ms", "psid", "5566778899"), Identity("ig", "igsid", "5566778899")
PHONE = Identity("wa", "phone", "5511987654321")


@pytest_asyncio.fixture
async def graph() -> AsyncIterator[GraphServer]:
    async with graph_server() as server:
        server.will(says({"success": True}))
        yield server


@pytest_asyncio.fixture
async def transport() -> AsyncIterator[AiohttpTransport]:
    async with aiohttp.ClientSession() as session:
        yield AiohttpTransport(session, 2.0, 2.0)


def _messenger(graph: GraphServer, transport: AiohttpTransport) -> Messenger:
    return Messenger(PageAccount("ms", "1895382890692545", "EAAms", "luckygarden", graph_url=graph.url), transport)


def _instagram(graph: GraphServer, transport: AiohttpTransport) -> Instagram:
    account = InstagramAccount(
        "ig", "17841400008460056", "EAAig", "luckygarden", "1895382890692545", graph_url=graph.url
    )
    return Instagram(account, transport)


def _row(identity: Identity, control: ThreadControl) -> OutboxEntry:
    return OutboxEntry(1, "m/1/thread/0/0", 1, identity, control)


@pytest.mark.asyncio
@pytest.mark.parametrize(("platform", "app"), [("messenger", "263902037430900"), ("instagram", "1217981644879628")])
async def test_a_thread_is_passed_to_the_inbox_of_the_platform(
    graph: GraphServer, transport: AiohttpTransport, platform: str, app: str
) -> None:
    adapter = _messenger(graph, transport) if platform == "messenger" else _instagram(graph, transport)
    identity = PSID if platform == "messenger" else IGSID
    assert await adapter.send(_row(identity, ThreadControl("pass", "inbox", "n" * 1001))) == Sent("")
    ((method, path, headers, body),) = graph.asked
    assert (method, path) == ("POST", "/v25.0/1895382890692545/pass_thread_control")
    assert body == {"recipient": {"id": "5566778899"}, "target_app_id": app, "metadata": "n" * 1000}
    assert headers["Authorization"].startswith("Bearer EAA")
    await adapter.send(_row(identity, ThreadControl("pass", "4711")))
    assert graph.bodies[1] == {"recipient": {"id": "5566778899"}, "target_app_id": "4711"}


@pytest.mark.asyncio
async def test_an_app_that_may_not_take_a_thread_asks_for_it(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(refuses(10, 2018336), says({"success": True}))
    result = await _messenger(graph, transport).send(_row(PSID, ThreadControl("take")))
    assert isinstance(result, NotSent) and result.failure.action == Action.DROP and not result.failure.holds
    assert [path.rpartition("/")[2] for _, path, _, _ in graph.asked] == [
        "take_thread_control", "request_thread_control",
    ]  # fmt: skip


@pytest.mark.asyncio
async def test_a_lost_answer_is_asked_for_again_and_a_refusal_stops_nothing_else(
    graph: GraphServer, transport: AiohttpTransport
) -> None:
    adapter = _messenger(graph, transport)
    graph.will(drops)
    lost = await adapter.send(_row(PSID, ThreadControl("pass", "inbox")))
    assert isinstance(lost, NotSent) and lost.failure.action == Action.RETRY
    graph.will(refuses(200))
    refused = await adapter.send(_row(PSID, ThreadControl("pass", "inbox")))
    assert isinstance(refused, NotSent) and (refused.failure.action, refused.failure.holds) == (Action.DROP, "")
    graph.will(refuses(190, 463))
    dead = await adapter.send(_row(PSID, ThreadControl("pass", "inbox")))
    assert isinstance(dead, NotSent) and dead.failure.action == Action.TOKEN


@pytest.mark.asyncio
async def test_whatsapp_passes_a_thread_to_a_role(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(says({"messaging_product": "whatsapp"}))
    account = WhatsAppAccount("wa", "106540352242922", "+1 555 078 3881", "EAAwa", graph_url=graph.url)
    adapter = WhatsApp(account, transport)
    assert await adapter.send(_row(PHONE, ThreadControl("pass", "escalation", "n" * 2001))) == Sent("")
    assert await adapter.send(_row(PHONE, ThreadControl("take"))) == Sent("")
    assert graph.asked[0][1] == "/v25.0/106540352242922/thread_control"
    assert graph.bodies == [
        {"messaging_product": "whatsapp", "to": "+5511987654321", "action": "pass",
         "control_pass": {"target_role": "escalation"}, "metadata": "n" * 2000},
        {"messaging_product": "whatsapp", "to": "+5511987654321", "action": "take"},
    ]  # fmt: skip


@pytest.mark.asyncio
async def test_a_persona_is_made_and_spoken_as(graph: GraphServer, transport: AiohttpTransport) -> None:
    adapter = _messenger(graph, transport)
    graph.will(says({"id": "77"}), says({"message_id": "m_1", "recipient_id": "5566778899"}))
    assert await adapter.put_on("Anna", "https://luckygarden.example/anna.jpg") == Sent("77")
    await adapter.send(OutboxEntry(1, "m/1/0/0/0", 1, PSID, Text("hi"), persona="77"))
    assert graph.bodies[0] == {"name": "Anna", "profile_picture_url": "https://luckygarden.example/anna.jpg"}
    assert graph.bodies[1]["persona_id"] == "77"
    graph.will(drops)
    lost = await adapter.put_on("Anna", "https://luckygarden.example/anna.jpg")
    assert isinstance(lost, NotSent) and lost.failure.action == Action.RETRY


@pytest.mark.asyncio
async def test_profiles(graph: GraphServer, transport: AiohttpTransport) -> None:
    told: dict[str, Any] = {"first_name": "Anna", "locale": "it_IT", "timezone": 2, "id": "5566778899"}
    graph.will(says(told))
    assert await _messenger(graph, transport).profile(PSID) == {
        "first_name": "Anna", "locale": "it_IT", "timezone": 2,
    }  # fmt: skip
    path = graph.asked[0][1]
    assert path == "/v25.0/5566778899?fields=first_name,last_name,locale,timezone,gender"
    graph.will(says({"name": "Anna Bianchi", "username": "anna"}))
    assert await _instagram(graph, transport).profile(IGSID) == {"name": "Anna Bianchi", "username": "anna"}
    for nothing in (refuses(2018218), refuses(100, 33), refuses(100, 2018247)):
        graph.will(nothing)
        assert await _messenger(graph, transport).profile(PSID) == {}
    graph.will(refuses(4))
    slow = await _messenger(graph, transport).profile(PSID)
    assert isinstance(slow, NotSent) and slow.failure.action == Action.SLOW
    graph.will(drops)
    lost = await _messenger(graph, transport).profile(PSID)
    assert isinstance(lost, NotSent) and lost.failure.action == Action.RETRY


MENU = [
    {"locale": "default", "call_to_actions": [{"type": "postback", "title": "Hours", "payload": "trigger/menu/Hours"}]}
]
THEIRS = [
    {"locale": "default", "call_to_actions": [{"type": "web_url", "title": "Shop", "url": "https://shop.example"}]}
]


@pytest.mark.asyncio
async def test_a_menu_that_no_flow_has_any_more_goes_and_one_of_theirs_stays(
    graph: GraphServer, transport: AiohttpTransport
) -> None:
    standing = {"get_started": {"payload": "GET_STARTED"}, "persistent_menu": MENU}
    graph.will(says({"data": [standing]}), says({"result": "success"}))
    assert await _messenger(graph, transport).set_up({}) == []
    assert [(method, body) for method, _, _, body in graph.asked[1:]] == [("DELETE", {"fields": ["persistent_menu"]})]

    graph.asked.clear()
    graph.will(says({"data": [{**standing, "persistent_menu": THEIRS}]}))
    assert await _messenger(graph, transport).set_up({}) == []
    assert [method for method, _, _, _ in graph.asked] == ["GET"]

    graph.asked.clear()
    graph.will(says({"data": [{"persistent_menu": MENU}]}), refuses(613))
    told = await _instagram(graph, transport).set_up({"Hi!": "GET_STARTED"})
    assert [line.partition(" could")[0] for line in told] == ["persistent_menu", "ice_breakers"]


@pytest.mark.asyncio
async def test_the_greeting_is_set_where_it_differs(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(says({"data": []}), says({"result": "success"}))
    texts = {"default": "Hello!" * 40, "it_IT": "Ciao!"}
    assert await _messenger(graph, transport).greet(texts, {}) == []
    wanted = [{"locale": "default", "text": ("Hello!" * 40)[:160]}, {"locale": "it_IT", "text": "Ciao!"}]
    assert graph.bodies[1] == {"greeting": wanted}
    graph.asked.clear()
    graph.will(says({"data": [{"greeting": wanted}]}))
    assert await _messenger(graph, transport).greet(texts, {}) == []
    assert len(graph.asked) == 1


@pytest.mark.asyncio
async def test_a_greeting_of_ours_goes_and_one_of_theirs_stays(graph: GraphServer, transport: AiohttpTransport) -> None:
    ours = {"default": "Hello!", "it_IT": "Ciao!"}
    standing = [{"locale": "it_IT", "text": "Ciao!"}, {"locale": "default", "text": "Hello!"}]
    assert await _messenger(graph, transport).greet({}, {}) == [] and graph.asked == []
    graph.will(says({"data": [{"greeting": standing}]}), says({"result": "success"}))
    assert await _messenger(graph, transport).greet({}, ours) == []
    assert [(method, body) for method, _, _, body in graph.asked[1:]] == [("DELETE", {"fields": ["greeting"]})]
    graph.asked.clear()
    graph.will(says({"data": [{"greeting": [{"locale": "default", "text": "Welcome to us"}]}]}))
    assert await _messenger(graph, transport).greet({}, ours) == []
    assert [method for method, _, _, _ in graph.asked] == ["GET"]
    graph.will(says({"data": [{"greeting": standing}]}), refuses(613))
    assert "greeting could not be deleted" in (await _messenger(graph, transport).greet({}, ours))[0]
    graph.will(refuses(613))
    assert "greeting could not be read" in (await _messenger(graph, transport).greet({}, ours))[0]


@pytest.mark.asyncio
async def test_a_token_of_instagrams_own_login_is_renewed(graph: GraphServer, transport: AiohttpTransport) -> None:
    account = InstagramAccount(
        "ig", "17841400008460056", "EAAig", "luckygarden", login="instagram", instagram_url=graph.url
    )
    adapter = Instagram(account, transport)
    graph.will(says({"access_token": "EAAnext", "token_type": "bearer", "expires_in": 5_184_000}))
    assert await adapter.renew() == ("EAAnext", 5_184_000.0)
    assert graph.asked[0][1] == "/v25.0/refresh_access_token?grant_type=ig_refresh_token&access_token=EAAig"
    adapter.carry("EAAnext")
    graph.will(says({"message_id": "m_1", "recipient_id": "5566778899"}))
    await adapter.send(OutboxEntry(1, "m/1/0/0/0", 1, IGSID, Text("hi")))
    assert graph.asked[1][2]["Authorization"] == "Bearer EAAnext"
    for fault, action in ((refuses(190, 463), Action.TOKEN), (refuses(100), Action.DROP), (drops, Action.RETRY)):
        graph.will(fault)
        result = await adapter.renew()
        assert isinstance(result, NotSent) and result.failure.action == action
    assert not _instagram(graph, transport).renewable


@pytest.mark.asyncio
async def test_a_file_is_fetched_by_messenger(graph: GraphServer, transport: AiohttpTransport) -> None:
    adapter = _messenger(graph, transport)
    graph.will(says({"attachment_id": "77"}))
    assert await adapter.fetch("https://shop.example/rose.jpg", "image") == Sent("77")
    payload = {"url": "https://shop.example/rose.jpg", "is_reusable": True}
    assert graph.bodies == [{"message": {"attachment": {"type": "image", "payload": payload}}}]
    actions = []
    for answer, attempts in ((drops, 0), (refuses(100, 2018008), 0), (refuses(100, 2018008), 1)):
        graph.will(answer)
        result = await adapter.fetch("https://shop.example/rose.jpg", "image", attempts)
        assert isinstance(result, NotSent)
        actions.append(result.failure.action)
    assert actions == [Action.RETRY, Action.RETRY, Action.FIX]
