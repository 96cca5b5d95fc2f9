"""WhatsApp's limits: every one at the limit and one over, with the codes Meta gives, in Meta's order."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio
EMOJI, CJK, ARABIC = "🌱", "花", "ع"


def text(body: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}}


def buttons(*titles: str, body: str = "Which?", ids: list[str] | None = None, **more: Any) -> dict[str, Any]:
    names = ids or [f"b{number}" for number in range(len(titles))]
    rows = [{"type": "reply", "reply": {"id": name, "title": title}} for name, title in zip(names, titles, strict=True)]
    interactive = {"type": "button", "body": {"text": body}, "action": {"buttons": rows}, **more}
    return {"type": "interactive", "interactive": interactive}


def listing(
    sections: list[list[dict[str, Any]]], *, titles: Any = None, body: str = "Which?", button: str = "Choose"
) -> dict[str, Any]:
    parts = []
    for number, rows in enumerate(sections):
        title = titles[number] if titles else (f"Part {number}" if len(sections) > 1 else None)
        parts.append({"rows": rows, **({"title": title} if title is not None else {})})
    action = {"button": button, "sections": parts}
    return {"type": "interactive", "interactive": {"type": "list", "body": {"text": body}, "action": action}}


def row(number: int, title: str = "", **more: Any) -> dict[str, Any]:
    return {"id": f"r{number}", "title": title or f"Row {number}", **more}


def link(display: str = "Open", url: str = "https://luckygarden.example") -> dict[str, Any]:
    parameters = {"display_text": display, "url": url}
    action = {"name": "cta_url", "parameters": parameters}
    return {"type": "interactive", "interactive": {"type": "cta_url", "body": {"text": "See"}, "action": action}}


def media(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, kind: {"link": "https://luckygarden.example/x", **more}}


ROWS = [row(number) for number in range(10)]

GOOD: dict[str, dict[str, Any]] = {
    "text 4096": text("x" * 4096),
    "text 4096 emoji": text(EMOJI * 4096),
    "text 4096 cjk": text(CJK * 4096),
    "caption 1024": media("image", caption=ARABIC * 1024),
    "audio": media("audio", voice=True),
    "document": media("document", filename="a.pdf", caption="x"),
    "sticker": media("sticker"),
    "3 buttons of 20": buttons(EMOJI * 20, CJK * 20, "c" * 20),
    "button id 256": buttons("a", ids=["i" * 256]),
    "button body 1024": buttons("a", body=CJK * 1024),
    "footer 60": buttons("a", footer={"text": "f" * 60}),
    "header 60": buttons("a", header={"type": "text", "text": "h" * 60}),
    "header image": buttons("a", header={"type": "image", "image": {"link": "https://a.example/i.png"}}),
    "10 rows in 1 section": listing([ROWS]),
    "10 rows in 10 sections": listing([[one] for one in ROWS]),
    "list body 4096": listing([ROWS], body=EMOJI * 4096),
    "list button 20": listing([ROWS], button="b" * 20),
    "row title 24": listing([[row(1, CJK * 24)]]),
    "row description 72": listing([[row(1, description=EMOJI * 72)]]),
    "row id 200": listing([[{"id": "i" * 200, "title": "t"}]]),
    "section title 24": listing([[row(1)], [row(2)]], titles=["t" * 24, "u" * 24]),
    "cta 20": link("d" * 20),
    "location": {"type": "location", "location": {"latitude": "45.46", "longitude": 9.19, "name": "Café"}},
    "contacts": {"type": "contacts", "contacts": [{"name": {"formatted_name": "A B", "first_name": "A"}}] * 257},
    "opaque 512": {**text("x"), "biz_opaque_callback_data": "k" * 512},
    "type defaults to text": {"text": {"body": "x"}},
    "context": {**text("x"), "context": {"message_id": "wamid.x"}},
}

BAD: dict[str, tuple[dict[str, Any], int]] = {
    "text 4097": (text("x" * 4097), 100),
    "text 4097 emoji": (text(EMOJI * 4097), 100),
    "text empty": (text(""), 100),
    "text of a number": (text(5), 100),
    "body missing": ({"type": "text", "text": {}}, 131008),
    "object missing": ({"type": "text"}, 131008),
    "unknown type": ({"type": "poll", "poll": {}}, 100),
    "misspelled member": ({"type": "text", "text": {"body": "x", "preview": True}}, 100),
    "foreign member": ({**text("x"), "image": {"link": "https://a.example"}}, 100),
    "caption 1025": (media("image", caption="x" * 1025), 131009),
    "caption of audio": (media("audio", caption="x"), 100),
    "http link": ({"type": "image", "image": {"link": "http://a.example/x"}}, 131009),
    "no url": ({"type": "image", "image": {"link": "flowers"}}, 131009),
    "id and link": (media("image", id="1"), 131009),
    "unknown id": ({"type": "image", "image": {"id": "404"}}, 100),
    "0 buttons": (buttons(), 131009),
    "4 buttons": (buttons("a", "b", "c", "d"), 131009),
    "button title 21": (buttons("a" * 21), 131009),
    "button title 21 emoji": (buttons(EMOJI * 21), 131009),
    "button title empty": (buttons(""), 131009),
    "button id 257": (buttons("a", ids=["i" * 257]), 131009),
    "button ids twice": (buttons("a", "b", ids=["i", "i"]), 131009),
    "button titles twice": (buttons("a", "a"), 131009),
    "button body 1025": (buttons("a", body="x" * 1025), 131009),
    "footer 61": (buttons("a", footer={"text": "f" * 61}), 131009),
    "header 61": (buttons("a", header={"type": "text", "text": "h" * 61}), 131009),
    "list with image header": (
        {
            "type": "interactive",
            "interactive": {
                **listing([ROWS])["interactive"],
                "header": {"type": "image", "image": {"link": "https://a.example"}},
            },
        },
        131009,
    ),
    "11 rows in 1 section": (listing([[*ROWS, row(11)]]), 131009),
    "11 rows in 2 sections": (listing([ROWS[:6], [row(n) for n in range(20, 25)]]), 131009),
    "11 sections": (listing([[row(n)] for n in range(11)]), 131009),
    "section without rows": (listing([[]]), 131009),
    "list body 4097": (listing([ROWS], body="x" * 4097), 131009),
    "list button 21": (listing([ROWS], button="b" * 21), 131009),
    "row title 25": (listing([[row(1, CJK * 25)]]), 131009),
    "row description 73": (listing([[row(1, description="d" * 73)]]), 131009),
    "row id 201": (listing([[{"id": "i" * 201, "title": "t"}]]), 131009),
    "row ids twice": (listing([[row(1), row(1)]]), 131009),
    "section title 25": (listing([[row(1)], [row(2)]], titles=["t" * 25, "u"]), 131009),
    "two sections, one title": (listing([[row(1)], [row(2)]], titles=["t", None]), 131008),
    "cta 21": (link("d" * 21), 131009),
    "cta url": (link(url="luckygarden.example"), 131009),
    "latitude 91": ({"type": "location", "location": {"latitude": 91, "longitude": 0}}, 131009),
    "258 contacts": (
        {"type": "contacts", "contacts": [{"name": {"formatted_name": "A B", "first_name": "A"}}] * 258},
        131009,
    ),
    "contact with one name": ({"type": "contacts", "contacts": [{"name": {"formatted_name": "A"}}]}, 131009),
    "opaque 513": ({**text("x"), "biz_opaque_callback_data": "k" * 513}, 131009),
    "group": ({**text("x"), "recipient_type": "group"}, 131009),
    "unknown interactive": ({"type": "interactive", "interactive": {"type": "menu"}}, 131009),
    "location request with footer": (
        {
            "type": "interactive",
            "interactive": {
                "type": "location_request_message",
                "body": {"text": "Where?"},
                "footer": {"text": "f"},
                "action": {"name": "send_location"},
            },
        },
        100,
    ),
}


async def test_everything_at_its_limit_is_taken(meta: Any) -> None:
    for name, content in GOOD.items():
        status, body = await meta.whatsapp(content)
        assert status == 200, (name, body)
        assert body["messages"][0]["id"].startswith("wamid."), name
    assert await meta.control("/violations") == []


async def test_one_over_is_refused_with_its_code(meta: Any, error: Any) -> None:
    for name, (content, code) in BAD.items():
        outcome = await meta.whatsapp(content)
        assert error(outcome) == (400, code, None), (name, outcome)
        assert outcome[1]["error"]["fbtrace_id"], name
    violations = await meta.control("/violations")
    assert len(violations) == len(BAD)
    assert all(entry["rule"].startswith("whatsapp.") for entry in violations)
    assert await meta.control("/messages") == []


async def test_details_are_worded_as_meta_does(meta: Any) -> None:
    _, body = await meta.whatsapp(buttons("a" * 21))
    assert body["error"]["message"] == "(#131009) Parameter value is not valid"
    assert body["error"]["error_data"] == {
        "messaging_product": "whatsapp",
        "details": "Button title length invalid. Min length: 1, Max length: 20",
    }


async def test_order_of_the_checks(meta: Any, error: Any) -> None:
    """Each request is wrong in this way and in all the ways that are looked at later."""
    path, bearer = "/v25.0/106540352242922/messages", {"Authorization": "Bearer demo-whatsapp-token"}
    wrong = text("x" * 5000)
    json_headers = {"Content-Type": "application/json"}
    status, body = await meta.call("POST", "/v25.0/404/messages", data=b"{no json", headers=json_headers)
    assert (status, body["error"]["code"]) == (400, 100)
    assert error(await meta.call("POST", "/v25.0/404/messages", wrong)) == (400, 104, None)
    invalid = {"Authorization": "Bearer nonsense"}
    assert error(await meta.call("POST", "/v25.0/404/messages", wrong, headers=invalid)) == (401, 190, None)
    assert error(await meta.call("POST", "/v25.0/404/messages", wrong, headers=bearer)) == (400, 100, 33)
    missing = await meta.call("POST", path, wrong, headers=bearer)
    assert missing[1]["error"]["message"] == "(#100) The parameter messaging_product is required."
    product = {"messaging_product": "whatsapp", **wrong}
    assert error(await meta.call("POST", path, product, headers=bearer)) == (400, 131008, None)
    own = {**product, "to": "+1 (555) 078-3881"}
    assert error(await meta.call("POST", path, own, headers=bearer)) == (400, 131021, None)
    somebody = {**product, "to": "+393331112223", "type": "poll"}
    assert error(await meta.call("POST", path, somebody, headers=bearer)) == (400, 100, None)


async def test_token_in_query_and_unversioned_path(meta: Any) -> None:
    body = {"messaging_product": "whatsapp", "to": "+" + meta.person["phones"]["whatsapp"]["wa_id"], **text("x")}
    status, _ = await meta.call("POST", "/106540352242922/messages?access_token=demo-whatsapp-token", body)
    assert status == 200
    status, _ = await meta.call("POST", "/v25.0/106540352242922/messages?access_token=demo-page-token", body)
    assert status == 400


async def test_allowed_list_comes_before_the_rates(rig: Any, error: Any) -> None:
    settings = {"allowed_recipients": ["393331234567"]}
    client = await rig.start(whatsapp=settings, rates={"whatsapp_number": 1, "pair_burst": 1})
    await client.meet(phone="+39 333 1234567")
    await client.act("say", "whatsapp", text="ciao")
    assert error(await client.whatsapp(text("x"), to="+393339999999")) == (400, 131030, None)


async def test_number_written_without_plus_is_noted(meta: Any) -> None:
    status, body = await meta.whatsapp(text("x"), to=meta.person["phones"]["whatsapp"]["wa_id"])
    assert status == 200
    assert [entry["rule"] for entry in await meta.control("/violations")] == ["suspicious.to_without_plus"]


async def test_sending_by_user_id(meta: Any, bot: Any, until: Any) -> None:
    user = meta.person["phones"]["whatsapp"]["user_id"]
    body = {"messaging_product": "whatsapp", "recipient": user, "type": "text", "text": {"body": "x"}}
    bearer = {"Authorization": "Bearer demo-whatsapp-token"}
    status, answer = await meta.call("POST", "/v25.0/106540352242922/messages", body, headers=bearer)
    assert (status, answer["contacts"]) == (200, [{"input": user, "user_id": user}])
    await until(lambda: bot.with_key("status"))
    first = bot.with_key("status")[0]
    assert "recipient_id" not in first and first["recipient_user_id"] == user
