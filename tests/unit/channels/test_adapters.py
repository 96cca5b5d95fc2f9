"""The three adapters against a server: what they ask for, what they make of the answers, and their links."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.unit.channels.graph_server import GraphServer, drops, graph_server, refuses, says, says_html
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.instagram.adapter import Instagram, InstagramAccount
from trinario.channels.messenger.adapter import Messenger, PageAccount
from trinario.channels.whatsapp.adapter import WhatsApp, WhatsAppAccount
from trinario.emulator.checks.profile import check_profile
from trinario.model.channel import Identity
from trinario.model.failure import Action
from trinario.model.message import Choices, Media, Option, PublicReply, Sign, Template, Text
from trinario.model.outbox import NotSent, OutboxEntry, Sent, Unknown
from trinario.ports import Adapter, Opening

PHONE = Identity("wa", "phone", "5511987654321")
PSID = Identity("ms", "psid", "5566778899")
IGSID = Identity("ig", "igsid", "5566778899")
WA = WhatsAppAccount("wa", "106540352242922", "+1 555 078 3881", "EAAwa")
MS = PageAccount("ms", "1895382890692545", "EAAms", "luckygarden")
IG = InstagramAccount("ig", "17841400008460056", "EAAig", "luckygarden", "1895382890692545")
GOOD: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+5511987654321", "wa_id": "5511987654321"}],
    "messages": [{"id": "wamid.1"}],
}


@pytest_asyncio.fixture
async def graph() -> AsyncIterator[GraphServer]:
    async with graph_server() as server:
        server.will(says({"message_id": "m_1", "recipient_id": "5566778899"}))
        yield server


@pytest_asyncio.fixture
async def transport() -> AsyncIterator[AiohttpTransport]:
    async with aiohttp.ClientSession() as session:
        yield AiohttpTransport(session, 2.0, 2.0)


def entry(identity: Identity, **more: Any) -> OutboxEntry:
    return OutboxEntry(1, "m/1/0/0/0", 1, identity, more.pop("content", Text("Ciao")), **more)


def test_they_are_adapters(transport: AiohttpTransport) -> None:
    adapters: list[Adapter] = [WhatsApp(WA, transport), Messenger(MS, transport), Instagram(IG, transport)]

    assert [(one.channel, one.platform, one.correlated) for one in adapters] == [
        ("wa", "whatsapp", True),
        ("ms", "messenger", True),
        ("ig", "instagram", False),
    ]
    assert [one.pace for one in adapters] == [80.0, 300.0, 300.0]
    assert [one.window.human for one in adapters] == [0, 7 * 86400, 7 * 86400]


def test_no_token_in_any_repr() -> None:
    assert "EAA" not in repr([WA, MS, IG])


async def test_whatsapp_sends(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(says(GOOD))
    whatsapp = WhatsApp(replace(WA, graph_url=graph.url), transport)

    assert await whatsapp.send(entry(PHONE)) == Sent("wamid.1")
    ((_, path, headers, body),) = graph.asked
    assert path == "/v25.0/106540352242922/messages"
    assert headers["Authorization"] == "Bearer EAAwa"
    assert (body["to"], body["biz_opaque_callback_data"]) == ("+5511987654321", "t1:m/1/0/0/0")


@pytest.mark.parametrize(
    ("contact", "identity", "other"),
    [
        ({"wa_id": "551187654321"}, PHONE, Identity("wa", "phone", "551187654321")),
        ({"user_id": "BR.1"}, PHONE, Identity("wa", "bsuid", "BR.1")),
        ({"user_id": "BR.1"}, Identity("wa", "bsuid", "BR.1"), None),
        ({"user_id": "BR.1", "wa_id": "5511"}, Identity("wa", "bsuid", "BR.1"), Identity("wa", "phone", "5511")),
        ({}, PHONE, None),
    ],
)
async def test_whatsapp_tells_her_other_id(
    graph: GraphServer, transport: AiohttpTransport, contact: dict[str, str], identity: Identity, other: Identity | None
) -> None:
    graph.will(says({**GOOD, "contacts": [{"input": "x", **contact}]}))
    whatsapp = WhatsApp(replace(WA, graph_url=graph.url), transport)

    assert await whatsapp.send(entry(identity)) == Sent("wamid.1", other)


async def test_whatsapp_failures_know_the_attempts(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(refuses(131056))
    whatsapp = WhatsApp(replace(WA, graph_url=graph.url), transport)
    result = await whatsapp.send(entry(PHONE, attempts=2))

    assert isinstance(result, NotSent)
    assert (result.failure.action, result.failure.after) == (Action.RETRY, 16.0)


async def test_a_lost_answer_is_unknown(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(drops)

    for adapter, identity in (
        (WhatsApp(replace(WA, graph_url=graph.url), transport), PHONE),
        (Messenger(replace(MS, graph_url=graph.url), transport), PSID),
        (Instagram(replace(IG, graph_url=graph.url), transport), IGSID),
    ):
        assert isinstance(await adapter.send(entry(identity)), Unknown)


async def test_messenger_sends(graph: GraphServer, transport: AiohttpTransport) -> None:
    messenger = Messenger(replace(MS, graph_url=graph.url), transport)

    assert await messenger.send(entry(PSID)) == Sent("m_1")
    ((_, path, _, body),) = graph.asked
    assert path == "/v25.0/1895382890692545/messages"
    assert body["message"] == {"text": "Ciao", "metadata": "t1:m/1/0/0/0"}


async def test_instagram_sends_by_the_page(graph: GraphServer, transport: AiohttpTransport) -> None:
    instagram = Instagram(replace(IG, graph_url=graph.url, instagram_url="http://127.0.0.1:1"), transport)

    assert await instagram.send(entry(IGSID)) == Sent("m_1")
    assert graph.asked[0][1] == "/v25.0/1895382890692545/messages"
    assert graph.bodies[0]["message"] == {"text": "Ciao"}


async def test_instagram_sends_by_its_own_login(graph: GraphServer, transport: AiohttpTransport) -> None:
    account = replace(IG, login="instagram", instagram_url=graph.url, graph_url="http://127.0.0.1:1")

    assert await Instagram(account, transport).send(entry(IGSID)) == Sent("m_1")
    assert graph.asked[0][1] == "/v25.0/17841400008460056/messages"


async def test_instagram_has_no_templates(graph: GraphServer, transport: AiohttpTransport) -> None:
    result = await Instagram(replace(IG, graph_url=graph.url), transport).send(
        entry(IGSID, content=Template("t", "it"))
    )

    assert isinstance(result, NotSent)
    assert (result.failure.action, graph.asked) == (Action.FIX, [])


async def test_attention(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(says({"success": True}))
    await WhatsApp(replace(WA, graph_url=graph.url), transport).attend(PHONE, "wamid.IN", True)
    await WhatsApp(replace(WA, graph_url=graph.url), transport).attend(PHONE, "", True)
    await Messenger(replace(MS, graph_url=graph.url), transport).attend(PSID, "m_0", True)
    await Instagram(replace(IG, graph_url=graph.url), transport).attend(IGSID, "", False)

    her = {"id": "5566778899"}
    assert graph.bodies == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.IN",
            "typing_indicator": {"type": "text"},
        },
        {"recipient": her, "sender_action": "mark_seen"},
        {"recipient": her, "sender_action": "typing_on"},
        {"recipient": her, "sender_action": "mark_seen"},
    ]


async def test_attention_never_raises(graph: GraphServer, transport: AiohttpTransport) -> None:
    for answering in (drops, says_html(502), refuses(100)):
        graph.will(answering)
        await WhatsApp(replace(WA, graph_url=graph.url), transport).attend(PHONE, "wamid.IN", True)
        await Messenger(replace(MS, graph_url=graph.url), transport).attend(PSID, "m_0", True)


async def test_messenger_is_set_up_once(graph: GraphServer, transport: AiohttpTransport) -> None:
    messenger = Messenger(replace(MS, graph_url=graph.url), transport)
    breakers = [{"call_to_actions": [{"question": "Prices?", "payload": "PRICES"}], "locale": "default"}]
    graph.will(says({"data": []}), says({"result": "success"}))
    assert await messenger.set_up({"Prices?": "PRICES"}) == []
    assert [asked[:2] for asked in graph.asked] == [
        ("GET", "/v25.0/me/messenger_profile?fields=get_started,ice_breakers,persistent_menu"),
        ("POST", "/v25.0/me/messenger_profile"),
        ("POST", "/v25.0/me/messenger_profile"),
    ]
    assert graph.bodies[1:] == [{"get_started": {"payload": "GET_STARTED"}}, {"ice_breakers": breakers}]

    graph.asked.clear()
    graph.will(says({"data": [{"get_started": {"payload": "GET_STARTED"}, "ice_breakers": breakers}]}))
    assert await messenger.set_up({"Prices?": "PRICES"}) == []
    assert [asked[0] for asked in graph.asked] == ["GET"]


async def test_what_could_not_be_set_is_said(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(says({"data": []}), refuses(10, status=403))
    faults = await Messenger(replace(MS, graph_url=graph.url), transport).set_up({})

    assert faults == ["get_started could not be set: (#10) no"]


async def test_instagram_needs_ice_breakers(graph: GraphServer, transport: AiohttpTransport) -> None:
    instagram = Instagram(replace(IG, graph_url=graph.url), transport)
    assert len(await instagram.set_up({})) == 1
    assert graph.asked == []

    graph.will(says({"data": [{"call_to_actions": [{"question": "Hi!", "payload": "OLD"}], "locale": "default"}]}))
    assert await instagram.set_up({"Hi!": "GET_STARTED"}) == []
    calls = [{"question": "Hi!", "payload": "GET_STARTED"}]
    assert graph.bodies[1:] == [
        {"platform": "instagram", "ice_breakers": [{"call_to_actions": calls, "locale": "default"}]}
    ]

    graph.asked.clear()
    graph.will(says({"data": [{"call_to_actions": calls, "locale": "default"}]}))
    assert await instagram.set_up({"Hi!": "GET_STARTED"}) == []
    assert [asked[1] for asked in graph.asked] == [
        "/v25.0/me/messenger_profile?fields=ice_breakers,persistent_menu&platform=instagram"
    ]


async def test_whatsapp_needs_nothing_for_links(graph: GraphServer, transport: AiohttpTransport) -> None:
    whatsapp = WhatsApp(replace(WA, graph_url=graph.url), transport)
    assert await whatsapp.set_up({"Hello!": "GET_STARTED"}, {"Hours": "trigger/menu/Hours"}) == []
    assert await whatsapp.open_with(Opening(), Opening()) == []
    assert graph.asked == []


async def test_the_menu_is_set_up(graph: GraphServer, transport: AiohttpTransport) -> None:
    messenger = Messenger(replace(MS, graph_url=graph.url), transport)
    graph.will(says({"data": []}), says({"result": "success"}))
    assert await messenger.set_up({}, {"Opening hours": "trigger/menu/Opening hours"}) == []
    items = [{"type": "postback", "title": "Opening hours", "payload": "trigger/menu/Opening hours"}]
    menu = {"persistent_menu": [{"locale": "default", "call_to_actions": items}]}
    assert graph.bodies[1:] == [{"get_started": {"payload": "GET_STARTED"}}, menu]


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_menu_and_ice_breakers_in_other_languages(
    graph: GraphServer, transport: AiohttpTransport, platform: str
) -> None:
    account = replace(MS if platform == "messenger" else IG, graph_url=graph.url)
    adapter = (Messenger if platform == "messenger" else Instagram)(account, transport)  # type: ignore[operator]
    graph.will(says({"data": []}), says({"result": "success"}))
    asked, menu = {"Where?": "trigger/ice_breaker/Where?"}, {"Hours": "trigger/menu/Hours"}
    tongues = {
        "it_IT": ({"Dove?": "trigger/ice_breaker/Where?"}, {"Orari": "trigger/menu/Hours"}),
        "de_DE": ({}, {"Zeiten": "trigger/menu/Hours"}),
    }
    assert await adapter.set_up(asked, menu, tongues) == []
    set_ = {name: value for body in graph.bodies if body for name, value in body.items() if name != "platform"}
    assert set_["ice_breakers"] == [
        {"call_to_actions": [{"question": "Where?", "payload": "trigger/ice_breaker/Where?"}], "locale": "default"},
        {"call_to_actions": [{"question": "Dove?", "payload": "trigger/ice_breaker/Where?"}], "locale": "it_IT"},
    ]
    titles = [(one["locale"], one["call_to_actions"][0]["title"]) for one in set_["persistent_menu"]]
    assert titles == [("default", "Hours"), ("it_IT", "Orari"), ("de_DE", "Zeiten")]
    for body in graph.bodies:
        if body:
            assert check_profile(platform, body, {"get_started": {}})

    graph.asked.clear()
    standing = says({"data": [{**set_, "get_started": {"payload": "GET_STARTED"}}]})
    graph.will(standing, standing, says({"result": "success"}))
    assert await adapter.set_up(asked, menu, tongues) == []
    assert [method for method, *_ in graph.asked] == ["GET"]  # all of it stands there
    assert await adapter.set_up(asked, menu, {"it_IT": tongues["it_IT"]}) == []
    (changed,) = [body for body in graph.bodies if body]
    assert [one["locale"] for one in changed["persistent_menu"]] == ["default", "it_IT"]  # German is gone


async def test_a_comment_is_answered_where_its_platform_says(graph: GraphServer, transport: AiohttpTransport) -> None:
    content = PublicReply("Look inside!", "1_22")
    graph.will(says({"id": "1_99"}))
    page, account = replace(MS, graph_url=graph.url), replace(IG, graph_url=graph.url)
    assert await Messenger(page, transport).send(OutboxEntry(1, "k", 1, PSID, content)) == Sent("1_99")
    assert await Instagram(account, transport).send(OutboxEntry(1, "k", 1, IGSID, content)) == Sent("1_99")
    assert [asked[1] for asked in graph.asked] == ["/v25.0/1_22/comments", "/v25.0/1_22/replies"]
    found = await WhatsApp(replace(WA, graph_url=graph.url), transport).send(OutboxEntry(1, "k", 1, PHONE, content))
    assert isinstance(found, NotSent)


async def test_a_sign_has_no_id_of_its_own(graph: GraphServer, transport: AiohttpTransport) -> None:
    graph.will(says({"recipient_id": "5566778899"}))
    page = replace(MS, graph_url=graph.url)
    assert await Messenger(page, transport).send(OutboxEntry(1, "k", 1, PSID, Sign("❤", "m_1"))) == Sent("")


async def test_links(transport: AiohttpTransport) -> None:
    whatsapp, messenger, instagram = (WhatsApp(WA, transport), Messenger(MS, transport), Instagram(IG, transport))

    assert whatsapp.deep_link("REF", "K7-3F9", "Vado avanti & qui") == (
        "https://wa.me/15550783881?text=Vado%20avanti%20%26%20qui%20K7-3F9"
    )
    assert whatsapp.deep_link("REF", "K7", "Code {code}: go") == "https://wa.me/15550783881?text=Code%20K7%3A%20go"
    assert whatsapp.deep_link("REF", "K7", "with K7 in it") == "https://wa.me/15550783881?text=with%20K7%20in%20it"
    assert messenger.deep_link("aZ09-_", "K7", "words") == "https://m.me/luckygarden?ref=aZ09-_"
    assert instagram.deep_link("aZ09-_", "K7", "words") == "https://ig.me/m/luckygarden?ref=aZ09-_"
    assert (
        Messenger(replace(MS, page_name=""), transport).deep_link("r", "", "") == "https://m.me/1895382890692545?ref=r"
    )
    assert Instagram(replace(IG, username=""), transport).deep_link("r", "", "") is None
    assert WhatsApp(replace(WA, phone=""), transport).deep_link("r", "K7", "") is None


async def test_fitting_knows_the_platform(transport: AiohttpTransport) -> None:
    four = Choices("Q?", tuple(Option(f"p{n}", f"T{n}") for n in range(4)), "Open")
    image = Media("image", "https://a.example/a.jpg", "nice")

    assert WhatsApp(WA, transport).fit(four) == (four,)
    assert Messenger(MS, transport).fit(four) == (replace(four, button=""),)
    assert Instagram(IG, transport).fit(image) == (replace(image, caption=""), Text("nice"))
