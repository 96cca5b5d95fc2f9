"""What changes on the people's side, as Meta tells it: edits, numbers, threads of other apps, many things in one POST."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio


async def test_an_edit_on_each_platform(meta: Any, bot: Any, until: Any) -> None:
    for platform in ("whatsapp", "messenger", "instagram"):
        said = await meta.act("say", platform, text="helo")
        await meta.act("edit", platform, message_id=said["id"], text="hello")
        await until(lambda p=platform: len(bot.events(p)) == 2)
        thread = await meta.control(f"/people/anna/thread?platform={platform}")
        assert [line["text"] for line in thread] == ["ciao", "hello"]
    told = bot.events("whatsapp")[1]
    assert told["type"] == "edit"
    assert told["edit"]["message"]["text"] == {"body": "hello"}
    assert told["edit"]["original_message_id"] == bot.events("whatsapp")[0]["id"]
    assert bot.events("messenger")[1]["message_edit"] | {"mid": ""} == {"mid": "", "text": "hello", "num_edit": 1}


async def test_a_message_is_edited_five_times_at_most_and_only_hers(meta: Any) -> None:
    said = await meta.act("say", "messenger", text="0")
    for number in range(5):
        await meta.act("edit", "messenger", message_id=said["id"], text=str(number + 1))
    body = {"platform": "messenger", "message_id": said["id"], "text": "6"}
    assert (await meta.call("POST", "/_emulator/people/anna/edit", body))[0] == 409
    body["message_id"] = "m_unknown"
    assert (await meta.call("POST", "/_emulator/people/anna/edit", body))[0] == 404


async def test_what_businesses_are_not_shown(meta: Any, bot: Any, until: Any) -> None:
    for platform in ("whatsapp", "messenger", "instagram"):
        await meta.act("unsupported", platform, kind="poll")
    await until(lambda: len(bot.events()) == 3)
    (told,) = bot.events("whatsapp")
    assert (told["type"], told["unsupported"], told["errors"][0]["code"]) == ("unsupported", {"type": "poll"}, 131051)
    assert set(bot.events("messenger")[0]["message"]) == {"mid"}
    assert bot.events("instagram")[0]["message"]["is_unsupported"] is True


async def test_a_hidden_number_is_nowhere(meta: Any, bot: Any, until: Any) -> None:
    number = meta.person["phones"]["whatsapp"]["wa_id"]
    await meta.act("hide_phone", "whatsapp")
    await meta.act("say", "whatsapp", text="hi")
    await until(lambda: bot.events("whatsapp"))
    assert number not in str(bot.bodies)
    assert bot.events("whatsapp")[0]["from_user_id"] == meta.person["phones"]["whatsapp"]["user_id"]
    await meta.act("show_phone", "whatsapp")
    await meta.act("say", "whatsapp", text="hi again")
    await until(lambda: len(bot.events("whatsapp")) == 2)
    assert bot.events("whatsapp")[1]["from"] == number


async def test_a_changed_number_brings_a_new_scoped_id_and_the_old_ones_reach_nobody(
    meta: Any, bot: Any, until: Any
) -> None:
    before = meta.person["phones"]["whatsapp"]
    await meta.act("say", "whatsapp", text="hi")
    done = await meta.act("change_number", "whatsapp", wa_id="+39 347 000 111")
    await until(lambda: len(bot.events("whatsapp")) == 2)
    message = bot.events("whatsapp")[1]
    assert message["from"] == before["wa_id"]
    assert {key: message["system"][key] for key in ("type", "wa_id", "user_id", "previous_user_id")} == {
        "type": "user_changed_number", "wa_id": "39347000111", "user_id": done["user_id"],
        "previous_user_id": before["user_id"],
    }  # fmt: skip
    assert "contacts" not in bot.bodies[1][1]["entry"][0]["changes"][0]["value"]
    text = {"type": "text", "text": {"body": "still there?"}}
    assert (await meta.whatsapp(text))[0] == 200
    await until(lambda: "failed" in bot.statuses())
    assert (await meta.whatsapp(text, to="+39347000111"))[0] == 200
    await until(lambda: "delivered" in bot.statuses())


@pytest.mark.parametrize("platform", ["whatsapp", "messenger", "instagram"])
async def test_a_thread_that_another_app_has_is_told_of_as_a_standby(
    meta: Any, bot: Any, until: Any, platform: str
) -> None:
    await meta.act("hand_over", platform, metadata="help")
    await meta.act("say", platform, text="anybody?")
    await meta.act("hand_over", platform, to="bot")
    await meta.act("say", platform, text="hello bot")
    await until(lambda: len(bot.bodies) == 4)
    first, aside, back, last = [body["entry"][0] for _, body in bot.bodies]
    if platform == "whatsapp":
        assert [one["changes"][0]["field"] for one in (first, aside, back, last)] == [
            "messaging_handovers", "standby", "messaging_handovers", "messages",
        ]  # fmt: skip
        assert aside["changes"][0]["value"]["standby"]["messages"][0]["text"] == {"body": "anybody?"}
        assert back["changes"][0]["value"]["control_passed"]["new_owner_app_id"] == "1517776481860111"
    else:
        assert "take_thread_control" in first["messaging"][0]
        assert aside["standby"][0]["message"]["text"] == "anybody?"
        assert "pass_thread_control" in back["messaging"][0]
        assert last["messaging"][0]["message"]["text"] == "hello bot"


async def test_marketing_is_stopped_in_the_settings_of_whatsapp(meta: Any, bot: Any, until: Any) -> None:
    await meta.act("opt_out", "whatsapp")
    await meta.act("opt_in", "whatsapp")
    await until(lambda: len(bot.bodies) == 2)
    wishes = [body["entry"][0]["changes"][0]["value"]["user_preferences"][0] for _, body in bot.bodies]
    assert [(wish["category"], wish["value"]) for wish in wishes] == [
        ("marketing_messages", "stop"), ("marketing_messages", "resume"),
    ]  # fmt: skip


async def test_many_things_come_in_one_post(meta: Any, bot: Any, until: Any) -> None:
    await meta.control("/webhooks/hold", {})
    for number in range(5):
        await meta.act("say", "messenger", text=f"m{number}")
    await meta.act("say", "whatsapp", text="w")
    assert bot.bodies == []
    assert (await meta.control("/webhooks/release", {"most": 3}))["posts"] == {"messenger": 2, "whatsapp": 1}
    await until(lambda: len(bot.bodies) == 3)
    sizes = [(name, len(body["entry"])) for name, body in bot.bodies]
    assert sorted(sizes) == [("messenger", 2), ("messenger", 3), ("whatsapp", 1)]
    assert [event["message"]["text"] for event in bot.events("messenger")] == [f"m{number}" for number in range(5)]
    assert (await meta.call("POST", "/_emulator/webhooks/release", {"most": 1001}))[0] == 400


async def test_orders_and_products(meta: Any, bot: Any, until: Any) -> None:
    items = [{"id": "rose", "quantity": 2, "price": 4.5}, {"id": "fern"}]
    for platform in ("whatsapp", "messenger"):
        await meta.act("order", platform, items=items, text="Quick, please")
        await meta.act("product", platform, product="fern")
        await until(lambda p=platform: len(bot.events(p)) == 2)
    order, asked = bot.events("whatsapp")
    assert order["type"] == "order" and order["order"]["text"] == "Quick, please"
    assert order["order"]["product_items"][0] == {
        "product_retailer_id": "rose", "quantity": 2, "item_price": 4.5, "currency": "EUR",
    }  # fmt: skip
    assert asked["context"]["referred_product"]["product_retailer_id"] == "fern"
    order, asked = bot.events("messenger")
    assert [one["retailer_id"] for one in order["order"]["products"]] == ["rose", "fern"]
    assert asked["message"]["referral"] == {"product": {"id": "fern"}}
    body = {"platform": "instagram", "items": items}
    assert (await meta.call("POST", "/_emulator/people/anna/order", body))[0] in (400, 409)


async def test_the_marketing_messages_of_a_page(meta: Any, bot: Any, until: Any) -> None:
    await meta.act("notices", "messenger")
    await meta.act("notices", "messenger", to="resume")
    await until(lambda: len(bot.events("messenger")) == 2)
    told = [one["optin"]["notification_messages_status"] for one in bot.events("messenger")]
    assert told == ["STOP NOTIFICATIONS", "RESUME NOTIFICATIONS"]
