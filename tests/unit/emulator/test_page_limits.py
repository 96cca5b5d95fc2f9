"""The limits of Messenger and Instagram: at the limit, one over, and Instagram's in bytes."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio
EMOJI, CJK, ARABIC = "🌱", "花", "ع"


def replies(count: int = 1, **more: Any) -> dict[str, Any]:
    reply = {"content_type": "text", "title": "Red", "payload": "RED", **more}
    return {"text": "Which?", "quick_replies": [reply] * count}


def template(**payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def button(title: str = "Go", payload: str = "GO") -> dict[str, Any]:
    return {"type": "postback", "title": title, "payload": payload}


def buttons(text: str = "Which?", *given: dict[str, Any]) -> dict[str, Any]:
    return template(template_type="button", text=text, buttons=list(given) or [button()])


def cards(count: int = 1, **more: Any) -> dict[str, Any]:
    element = {"title": "Rose", "subtitle": "Red", **more}
    return template(template_type="generic", elements=[element] * count)


def file(kind: str = "image", **payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": kind, "payload": payload or {"url": "https://a.example/x"}}}


GOOD_BOTH: dict[str, dict[str, Any]] = {
    "13 quick replies": replies(13),
    "quick reply title 20": replies(title=EMOJI * 20),
    "quick reply payload 1000": replies(payload="p" * 1000),
    "phone quick reply": {"text": "?", "quick_replies": [{"content_type": "user_phone_number"}]},
    "button text 640": buttons(CJK * 640),
    "3 buttons of 20": buttons("?", button(CJK * 20), button("b"), button("c", "p" * 1000)),
    "10 cards of 80": cards(10, title="t" * 80, subtitle=ARABIC * 80),
    "image": file(),
    "10 images": {"attachments": [{"type": "image", "payload": {"url": "https://a.example/x"}}] * 10},
}
GOOD: dict[str, dict[str, dict[str, Any]]] = {
    "messenger": {
        **GOOD_BOTH,
        "text 1999": {"text": "x" * 1999},
        "thumb": {"sticker_id": "369239263222822"},
        "text 1999 emoji": {"text": EMOJI * 1999},
        "metadata 999": {"text": "x", "metadata": "m" * 999},
        "phone button": buttons("?", {"type": "phone_number", "title": "Call", "payload": "+15105551234"}),
        "30 images": {"attachments": [{"type": "image", "payload": {"url": "https://a.example/x"}}] * 30},
    },
    "instagram": {
        **GOOD_BOTH,
        "1000 bytes of ascii": {"text": "x" * 1000},
        "1000 bytes of emoji": {"text": EMOJI * 250},
        "999 bytes of cjk": {"text": CJK * 333},
        "1000 bytes of arabic": {"text": ARABIC * 500},
        "like": {"attachment": {"type": "like_heart"}},
    },
}
BAD_BOTH: dict[str, tuple[dict[str, Any], int]] = {
    "text empty": ({"text": ""}, 100),
    "nothing": ({}, 100),
    "text and attachment": ({"text": "x", **file()}, 100),
    "unknown member": ({"text": "x", "buttons": []}, 100),
    "14 quick replies": (replies(14), 105),
    "0 quick replies": (replies(0), 105),
    "quick reply title 21": (replies(title="t" * 21), 100),
    "quick reply payload 1001": (replies(payload="p" * 1001), 100),
    "quick reply without payload": (replies(payload=None), 100),
    "quick reply location": (replies(content_type="location"), 100),
    "button text 641": (buttons("x" * 641), 100),
    "4 buttons": (buttons("?", *[button()] * 4), 105),
    "button title 21": (buttons("?", button("t" * 21)), 100),
    "button payload 1001": (buttons("?", button("t", "p" * 1001)), 100),
    "11 cards": (cards(11), 105),
    "card title 81": (cards(title="t" * 81), 100),
    "card subtitle 81": (cards(subtitle="t" * 81), 100),
    "card with a title only": (template(template_type="generic", elements=[{"title": "Rose"}]), 100),
    "http image": (file(url="http://a.example/x"), 100),
    "unknown attachment": (file(attachment_id="404"), 100),
    "unknown template": (template(template_type="list", elements=[]), 100),
}
BAD: dict[str, dict[str, tuple[dict[str, Any], int]]] = {
    "messenger": {
        **BAD_BOTH,
        "text 2000": ({"text": "x" * 2000}, 100),
        "text 2000 emoji": ({"text": EMOJI * 2000}, 100),
        "metadata 1000": ({"text": "x", "metadata": "m" * 1000}, 100),
        "31 images": ({"attachments": [{"type": "image", "payload": {"url": "https://a.example/x"}}] * 31}, 105),
    },
    "instagram": {
        **BAD_BOTH,
        "1001 bytes of ascii": ({"text": "x" * 1001}, 100),
        "1004 bytes of emoji": ({"text": EMOJI * 251}, 100),
        "1002 bytes of cjk": ({"text": CJK * 334}, 100),
        "1002 bytes of arabic": ({"text": ARABIC * 501}, 100),
        "phone button": (buttons("?", {"type": "phone_number", "title": "Call", "payload": "+15105551234"}), 100),
        "coupon": (template(template_type="coupon", title="t", coupon_code="X"), 100),
        "format of a sound": (file("audio", url="https://a.example/x.ogg"), 100),
        "format of one image of two": (
            {
                "attachments": [
                    {"type": "image", "payload": {"url": f"https://a.example/x.{e}"}} for e in ("png", "webp")
                ]
            },
            100,
        ),
        "11 images": ({"attachments": [{"type": "image", "payload": {"url": "https://a.example/x"}}] * 11}, 105),
        "sticker": ({"sticker_id": "1"}, 100),
    },
}


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_everything_at_its_limit_is_taken(meta: Any, platform: str) -> None:
    for name, message in GOOD[platform].items():
        status, body = await meta.page(platform, message)
        assert status == 200, (name, body)
        assert set(body) == {"recipient_id", "message_id"}, name
    assert await meta.control("/violations") == []


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_one_over_is_refused_with_its_code(meta: Any, error: Any, platform: str) -> None:
    for name, (message, code) in BAD[platform].items():
        outcome = await meta.page(platform, message)
        status, got, _ = error(outcome)
        assert (status, got) == (400, code), (name, outcome)
    violations = await meta.control("/violations")
    assert len(violations) == len(BAD[platform])
    assert {entry["platform"] for entry in violations} == {platform}
    assert await meta.control("/messages") == []


async def test_the_recipient_decides_the_platform(meta: Any) -> None:
    await meta.page("messenger", {"text": "to the psid"})
    await meta.page("instagram", {"text": "to the igsid"})
    said = [(entry["platform"], entry["text"]) for entry in await meta.control("/messages")]
    assert said == [("messenger", "to the psid"), ("instagram", "to the igsid")]


async def test_strangers_and_people_who_never_wrote(meta: Any, error: Any) -> None:
    assert error(await meta.page("messenger", {"text": "x"}, to="999")) == (400, 100, 2018001)
    await meta.meet("berta")
    assert error(await meta.page("messenger", {"text": "x"})) == (400, 100, 2018001)
    assert error(await meta.page("instagram", {"text": "x"})) == (400, 100, 2534014)


async def test_order_of_the_checks(rig: Any, error: Any) -> None:
    """Form, person, window, rate: each is told before the next is looked at."""
    client = await rig.start(rates={"page": 1})
    await client.meet()
    long, path = {"text": "x" * 3000}, "/v25.0/me/messages"
    assert error(await client.call("POST", path, {"message": long}))[1] == 104
    wrong = await client.call("POST", "/v25.0/404/messages?access_token=demo-page-token", {"message": long})
    assert error(wrong)[1:] == (100, 33)
    _, missing = await client.call("POST", path + "?access_token=demo-page-token", {"message": long})
    assert missing["error"]["message"] == "(#100) The parameter recipient is required."
    assert "Length" in (await client.page("messenger", long, to="999"))[1]["error"]["message"]
    assert error(await client.page("messenger", {"text": "x"}, to="999"))[2] == 2018001
    await client.act("say", "messenger", text="ciao")
    outcomes = [await client.page("messenger", {"text": "x"}) for _ in range(10)]
    assert outcomes[0][0] == 200 and error(next(one for one in outcomes if one[0] != 200))[1] == 613
    await client.control("/clock", {"advance": 86_500})
    assert error(await client.page("messenger", {"text": "x"}))[2] == 2018278


async def test_blocks(meta: Any, bot: Any, error: Any, until: Any) -> None:
    for platform in ("whatsapp", "messenger", "instagram"):
        await meta.act("block", platform)
    assert error(await meta.page("messenger", {"text": "x"})) == (400, 551, 1545041)
    assert error(await meta.page("instagram", {"text": "x"})) == (400, 100, 2534029)
    status, _ = await meta.whatsapp({"type": "text", "text": {"body": "x"}})
    assert status == 200
    await until(lambda: bot.statuses() == ["failed"])
    assert bot.with_key("status")[0]["errors"][0]["code"] == 131026


async def test_content_rules_of_the_envelope(meta: Any, error: Any) -> None:
    text = {"text": "x"}
    assert error(await meta.page("messenger", text, sender_action="typing_on"))[1] == 100
    assert error(await meta.page("messenger", None))[1] == 100
    assert error(await meta.page("messenger", text, messaging_type="NEWS"))[1] == 100
    assert error(await meta.page("messenger", text, messaging_type="MESSAGE_TAG"))[1] == 100
    assert error(await meta.page("messenger", text, messaging_type="RESPONSE", tag="HUMAN_AGENT"))[1] == 100
    for dead in ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"):
        assert error(await meta.page("messenger", text, messaging_type="MESSAGE_TAG", tag=dead)) == (400, 100, None)
    assert error(await meta.page("instagram", text, messaging_type="UTILITY"))[1] == 100
    assert error(await meta.page("messenger", text, messaging_type="MESSAGE_TAG", tag="CUSTOMER_FEEDBACK"))[1] == 100
    body = {"recipient": {"id": "1", "comment_id": "2"}, "message": text}
    assert error(await meta.call("POST", "/me/messages?access_token=demo-page-token", body))[1] == 100


async def test_uploaded_attachment_is_usable(meta: Any) -> None:
    attachment = {"type": "image", "payload": {"url": "https://a.example/x.png", "is_reusable": True}}
    path = "/v25.0/me/message_attachments?access_token=demo-page-token"
    status, body = await meta.call("POST", path, {"message": {"attachment": attachment}})
    assert status == 200
    status, _ = await meta.page("messenger", file(attachment_id=body["attachment_id"]))
    assert status == 200


async def test_instagram_login_has_its_own_token(rig: Any, error: Any) -> None:
    client = await rig.start(instagram={"login": "instagram", "access_token": "ig-token"})
    await client.meet()
    await client.act("say", "instagram", text="ciao")
    body = {"recipient": {"id": client.person["phones"]["instagram"]["igsid"]}, "message": {"text": "x"}}
    bearer = {"Authorization": "Bearer ig-token"}
    status, _ = await client.call("POST", "/v25.0/17841400008460056/messages", body, headers=bearer)
    assert status == 200
    assert error(await client.page("instagram", {"text": "x"})) == (400, 100, 2018001)
