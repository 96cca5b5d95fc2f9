"""The 24-hour windows on the movable clock, tags, and the rate limits."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio
DAY = 86_400
TEXT = {"type": "text", "text": {"body": "x"}}


async def test_whatsapp_outside_fails_later(meta: Any, bot: Any, until: Any) -> None:
    await meta.control("/clock", {"advance": DAY - 60})
    await meta.whatsapp(TEXT)
    await until(lambda: "sent" in bot.statuses())
    await meta.control("/clock", {"advance": 120})
    bot.bodies.clear()
    status, body = await meta.whatsapp({**TEXT, "biz_opaque_callback_data": "k"})
    assert status == 200
    await until(lambda: "failed" in bot.statuses())
    failed = next(event for event in bot.with_key("status") if event["status"] == "failed")
    assert failed["id"] == body["messages"][0]["id"]
    assert failed["errors"][0]["code"] == 131047
    assert failed["biz_opaque_callback_data"] == "k"
    assert "recipient_user_id" not in failed and "pricing" not in failed
    accepted = await meta.control("/messages")
    assert [entry["failure"] for entry in accepted] == [0, 131047]
    assert len([shown for shown in await meta.thread("whatsapp") if shown["direction"] == "out"]) == 1


async def test_whatsapp_outside_refused_at_once_when_asked_for(rig: Any, error: Any) -> None:
    client = await rig.start(sync_window_errors=True)
    await client.meet()
    assert error(await client.whatsapp(TEXT)) == (400, 131047, None)
    await client.act("say", "whatsapp", text="ciao")
    assert (await client.whatsapp(TEXT))[0] == 200


@pytest.mark.parametrize(("platform", "subcode"), [("messenger", 2018278), ("instagram", 2534022)])
async def test_page_windows(meta: Any, error: Any, platform: str, subcode: int) -> None:
    human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    await meta.control("/clock", {"advance": DAY - 60})
    assert (await meta.page(platform, {"text": "x"}))[0] == 200
    await meta.control("/clock", {"advance": 120})
    assert error(await meta.page(platform, {"text": "x"})) == (400, 10, subcode)
    assert error(await meta.page(platform, {"text": "x"}, messaging_type="UPDATE")) == (400, 10, subcode)
    assert (await meta.page(platform, {"text": "x"}, **human))[0] == 200
    await meta.control("/clock", {"advance": 6 * DAY - 120})
    assert (await meta.page(platform, {"text": "x"}, **human))[0] == 200
    await meta.control("/clock", {"advance": 180})
    assert error(await meta.page(platform, {"text": "x"}, **human)) == (400, 10, subcode)
    await meta.act("say", platform, text="again")
    assert (await meta.page(platform, {"text": "x"}))[0] == 200


async def test_a_reaction_opens_the_window(meta: Any) -> None:
    _, body = await meta.page("messenger", {"text": "x"})
    await meta.control("/clock", {"advance": 2 * DAY})
    await meta.act("react", "messenger", message_id=body["message_id"], emoji="❤")
    assert (await meta.page("messenger", {"text": "y"}))[0] == 200


async def test_the_clock_can_be_set(meta: Any, bot: Any, until: Any) -> None:
    shown = await meta.control("/clock", {"set": "2027-01-01T10:00:00+00:00"})
    assert shown["iso"].startswith("2027-01-01T10:00:00")
    await meta.act("say", "whatsapp", text="happy new year")
    await until(lambda: bot.events())
    assert abs(int(bot.events()[-1]["timestamp"]) - 1798797600) <= 2
    status, answer = await meta.call("POST", "/_emulator/clock", {"set": "yesterday"})
    assert status == 400 and "error" in answer


async def test_moving_the_clock_makes_statuses_due(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(status_delays={"sent": 0.0, "delivered": 1000.0, "read": 2000.0})
    await client.meet()
    await client.act("say", "whatsapp", text="ciao")
    await client.whatsapp(TEXT)
    await until(lambda: bot.statuses() == ["sent"])
    await client.control("/clock", {"advance": 1500})
    await until(lambda: bot.statuses() == ["sent", "delivered"])
    await client.control("/clock", {"advance": 1500})
    await until(lambda: bot.statuses() == ["sent", "delivered", "read"])


async def test_pair_rate(rig: Any, error: Any) -> None:
    client = await rig.start(rates={"whatsapp_number": 1000})
    await client.meet()
    await client.act("say", "whatsapp", text="ciao")
    for _ in range(45):
        assert (await client.whatsapp(TEXT))[0] == 200
    assert error(await client.whatsapp(TEXT)) == (400, 131056, None)
    await client.control("/clock", {"advance": 6.1})
    assert (await client.whatsapp(TEXT))[0] == 200
    assert error(await client.whatsapp(TEXT)) == (400, 131056, None)


async def first_refusal(send: Any, most: int) -> tuple[int, Any]:
    """The answer of the first of at most this many sends that is refused, after how many; however slow the machine."""
    for number in range(most):
        status, body = await send(number)
        if status != 200:
            return number, (status, body)
    raise AssertionError(f"none of {most} sends was refused")


async def test_number_rate(rig: Any, error: Any) -> None:
    client = await rig.start(rates={"whatsapp_number": 4})
    await client.meet()
    sent, outcome = await first_refusal(lambda number: client.whatsapp(TEXT, to=f"+39333555{number:04}"), 200)
    assert sent >= 4
    assert error(outcome) == (400, 130429, None)


async def test_page_rates(rig: Any, error: Any) -> None:
    client = await rig.start(rates={"page": 3, "instagram": 3, "audio_video": 1})
    await client.meet()
    for platform, subcode in (("messenger", None), ("instagram", 2534040)):
        await client.act("say", platform, text="ciao")
        sent, outcome = await first_refusal(lambda _, at=platform: client.page(at, {"text": "x"}), 200)
        assert sent >= 3
        assert error(outcome) == (400, 613, subcode)
