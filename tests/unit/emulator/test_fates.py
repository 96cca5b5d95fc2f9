"""Statuses, watermarks, echoes, read marks and typing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio
TEXT = {"type": "text", "text": {"body": "x"}}


async def test_whatsapp_statuses(meta: Any, bot: Any, until: Any) -> None:
    _, body = await meta.whatsapp({**TEXT, "biz_opaque_callback_data": "f1:7"})
    await until(lambda: bot.statuses() == ["sent", "delivered", "read"])
    ids = meta.person["phones"]["whatsapp"]
    sent, delivered, read = bot.with_key("status")
    for event in (sent, delivered, read):
        assert event["id"] == body["messages"][0]["id"]
        assert event["recipient_id"] == ids["wa_id"] and event["recipient_user_id"] == ids["user_id"]
        assert event["biz_opaque_callback_data"] == "f1:7"
    free = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
    assert sent["pricing"] == delivered["pricing"] == free and "pricing" not in read
    assert [shown["status"] for shown in await meta.thread("whatsapp")] == ["sent", "read"]


async def test_without_reads_she_reads_when_she_opens_the_app(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(reads=False)
    await client.meet()
    for platform in ("whatsapp", "messenger", "instagram"):
        await client.act("say", platform, text="ciao")
    await client.whatsapp({**TEXT, "biz_opaque_callback_data": "k"})
    await client.page("messenger", {"text": "x"})
    _, seen = await client.page("instagram", {"text": "x"})
    await until(lambda: bot.statuses() == ["sent", "delivered"] and bot.with_key("delivery"))
    await asyncio.sleep(0.05)
    assert not bot.with_key("read")
    for platform in ("whatsapp", "messenger", "instagram"):
        await client.act("read", platform)
    await until(lambda: len(bot.with_key("read")) == 2 and "read" in bot.statuses())
    assert bot.with_key("status")[-1]["biz_opaque_callback_data"] == "k"
    watermark, instagram = sorted(bot.with_key("read"), key=lambda event: "mid" in event["read"])
    assert watermark["read"]["watermark"] > 10**12
    assert instagram["read"] == {"mid": seen["message_id"]}


async def test_messenger_echo_delivery_and_read(meta: Any, bot: Any, until: Any) -> None:
    _, body = await meta.page("messenger", {"text": "hello", "metadata": "o:1"})
    await until(lambda: bot.with_key("read"))
    echo, delivery, _ = bot.events("messenger")
    assert echo["sender"] == {"id": "1895382890692545"}
    assert echo["recipient"] == {"id": meta.person["phones"]["messenger"]["psid"]}
    expected = {
        "is_echo": True,
        "mid": body["message_id"],
        "app_id": 1517776481860111,
        "metadata": "o:1",
        "text": "hello",
    }
    assert echo["message"] == expected
    assert delivery["delivery"]["mids"] == [body["message_id"]]


async def test_instagram_echo_has_no_key_of_ours(meta: Any, bot: Any, until: Any) -> None:
    _, body = await meta.page("instagram", {"text": "hello", "metadata": "o:1"})
    await until(lambda: bot.with_key("read"))
    echo, read = bot.events("instagram")
    assert echo["message"] == {"is_echo": True, "mid": body["message_id"], "text": "hello"}
    assert read["read"] == {"mid": body["message_id"]}
    assert [entry["rule"] for entry in await meta.control("/violations")] == ["suspicious.instagram_metadata"]


async def test_the_echo_may_overtake_the_answer(rig: Any, bot: Any) -> None:
    client = await rig.start(echo_before_response="always")
    await client.meet()
    await client.act("say", "messenger", text="ciao")
    await client.act("say", "whatsapp", text="ciao")
    await client.page("messenger", {"text": "x", "metadata": "k"})
    assert [event["message"]["metadata"] for event in bot.with_key("message") if "metadata" in event["message"]] == [
        "k"
    ]
    await client.whatsapp(TEXT)
    assert bot.statuses()[:1] == ["sent"]


async def test_a_person_of_the_team_writes(meta: Any, bot: Any, until: Any) -> None:
    for platform in ("whatsapp", "messenger", "instagram"):
        await meta.control(f"/business/{platform}/say", {"person": "anna", "text": "Marco here"})
    await until(lambda: len(bot.bodies) == 3)
    bodies = dict(bot.bodies)
    change = bodies["whatsapp"]["entry"][0]["changes"][0]
    assert change["field"] == "smb_message_echoes"
    assert change["value"]["message_echoes"][0]["text"] == {"body": "Marco here"}
    page = bodies["messenger"]["entry"][0]["messaging"][0]["message"]
    assert page["app_id"] == 26390203743090 and "metadata" not in page
    assert "app_id" not in bodies["instagram"]["entry"][0]["messaging"][0]["message"]
    assert await meta.control("/messages") == []
    assert (await meta.thread("messenger"))[-1]["by"] == "team"


async def test_read_mark_and_typing(meta: Any, error: Any) -> None:
    shown = (await meta.thread("whatsapp"))[0]
    bearer = {"Authorization": "Bearer demo-whatsapp-token"}
    path = "/v25.0/106540352242922/messages"
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": shown["id"]}
    typing = {**mark, "typing_indicator": {"type": "text"}}
    assert await meta.call("POST", path, typing, headers=bearer) == (200, {"success": True})
    thread = await meta.thread("whatsapp")
    assert thread[0]["status"] == "read" and thread[-1]["typing"] and thread[-1]["kind"] == "typing"
    await meta.control("/clock", {"advance": 26})
    assert len(await meta.thread("whatsapp")) == 1
    unknown = {**mark, "message_id": "wamid.unknown"}
    assert error(await meta.call("POST", path, unknown, headers=bearer)) == (400, 131009, None)


async def test_sender_actions(meta: Any) -> None:
    psid = meta.person["phones"]["messenger"]["psid"]
    assert await meta.page("messenger", None, sender_action="typing_on") == (200, {"recipient_id": psid})
    assert (await meta.thread("messenger"))[-1]["typing"]
    await meta.page("messenger", {"text": "x"})
    assert not (await meta.thread("messenger"))[-1]["typing"]
    await meta.page("messenger", None, sender_action="mark_seen")
    assert (await meta.thread("messenger"))[0]["status"] == "read"
    assert (await meta.control("/messages"))[0]["kind"] == "text"


async def test_reactions_both_ways(meta: Any, bot: Any, until: Any) -> None:
    shown = (await meta.thread("whatsapp"))[0]
    await meta.whatsapp({"type": "reaction", "reaction": {"message_id": shown["id"], "emoji": "🌱"}})
    await until(lambda: bot.statuses() == ["sent"])
    await asyncio.sleep(0.05)
    assert bot.statuses() == ["sent"]
    assert (await meta.thread("whatsapp"))[0]["reactions"] == {"business": "🌱"}
    _, body = await meta.page("instagram", {"text": "x"})
    await meta.act("react", "instagram", message_id=body["message_id"], emoji="❤️")
    await until(lambda: bot.with_key("reaction"))
    expected = {"mid": body["message_id"], "action": "react", "reaction": "love", "emoji": "❤️"}
    assert bot.events("instagram")[-1]["reaction"] == expected


async def test_private_reply_once_within_a_week(meta: Any, bot: Any, error: Any, until: Any) -> None:
    for platform, subcode in (("messenger", None), ("instagram", 2534025)):
        comment = await meta.act("comment", platform, text="how much?")
        body = {"recipient": {"comment_id": comment["id"]}, "message": {"text": "see your messages"}}
        path = "/v25.0/me/messages?access_token=demo-page-token"
        status, answer = await meta.call("POST", path, body)
        assert status == 200 and set(answer) == {"message_id"}
        assert error(await meta.call("POST", path, body)) == (400, 100, subcode)
        late = await meta.act("comment", platform, text="and this?")
        await meta.control("/clock", {"advance": 7 * 86_400 + 60})
        body["recipient"]["comment_id"] = late["id"]
        assert error(await meta.call("POST", path, body)) == (400, 100, subcode)
