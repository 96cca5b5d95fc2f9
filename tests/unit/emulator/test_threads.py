"""Who has a thread: the edges that change it, and what a send is told while somebody else has it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulator.conftest import NUMBER, PAGE_TOKEN, WA_TOKEN

pytestmark = pytest.mark.asyncio

INBOX = {"messenger": "263902037430900", "instagram": "1217981644879628"}
NOT_OURS = {"messenger": (10, 2018300), "instagram": (100, 2534037)}
PAGES = ("messenger", "instagram")


def _id(meta: Any, platform: str) -> str:
    return str(meta.person["phones"][platform]["psid" if platform == "messenger" else "igsid"])


async def _control(meta: Any, platform: str, action: str, **more: Any) -> tuple[int, Any]:
    body = {"recipient": {"id": _id(meta, platform)}, **more}
    result: tuple[int, Any] = await meta.call(
        "POST", f"/v25.0/me/{action}_thread_control?access_token={PAGE_TOKEN}", body
    )
    return result


async def _owner(meta: Any, platform: str) -> str:
    path = f"/v25.0/me/thread_owner?recipient={_id(meta, platform)}&access_token={PAGE_TOKEN}"
    status, answer = await meta.call("GET", path)
    assert status == 200
    return str(answer["data"][0]["thread_owner"]["app_id"])


@pytest.mark.parametrize("platform", PAGES)
async def test_a_thread_is_passed_to_the_inbox_and_taken_back(meta: Any, bot: Any, until: Any, platform: str) -> None:
    await meta.act("say", platform, text="hello")
    assert await _control(meta, platform, "pass", target_app_id=INBOX[platform], metadata="about roses") == (
        200,
        {"success": True},
    )
    assert await _owner(meta, platform) == INBOX[platform]
    status, answer = await meta.page(platform, {"text": "too late"})
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, *NOT_OURS[platform])
    await meta.act("say", platform, text="anybody?")
    await until(lambda: len(bot.bodies) == 2)
    assert "standby" in bot.bodies[1][1]["entry"][0]
    assert (await _control(meta, platform, "take"))[0] == 200
    assert await _owner(meta, platform) == "1517776481860111"
    assert (await meta.page(platform, {"text": "again"}))[0] == 200


@pytest.mark.parametrize("platform", PAGES)
async def test_what_these_edges_refuse(meta: Any, platform: str) -> None:
    await meta.act("say", platform, text="hello")
    assert (await _control(meta, platform, "pass"))[0] == 400
    assert (await _control(meta, platform, "pass", target_app_id="42"))[0] == 400, "no receiver"
    assert (await _control(meta, platform, "pass", target_app_id=INBOX[platform], metadata="x" * 1001))[0] == 400
    assert (await _control(meta, platform, "pass", target_app_id=INBOX[platform], strange=1))[0] == 400
    assert (await _control(meta, platform, "request"))[0] == 400, "the thread is ours"
    assert (await _control(meta, platform, "extend", duration=7 * 86400 + 1))[0] == 400
    assert (await _control(meta, platform, "extend", duration=7 * 86400))[0] == 200
    assert (await _control(meta, platform, "pass", target_app_id=INBOX[platform], metadata="x" * 1000))[0] == 200
    status, answer = await _control(meta, platform, "pass", target_app_id=INBOX[platform])
    assert (status, answer["error"]["error_subcode"]) == (400, NOT_OURS[platform][1]), "it is not ours to give"
    assert (await _control(meta, platform, "request"))[0] == 200


async def test_only_the_primary_receiver_takes(rig: Any, bot: Any) -> None:
    meta = await rig.start(messenger={"primary": False, "receivers": ["777"]})
    await meta.meet()
    await meta.act("say", "messenger", text="hello")
    assert (await _control(meta, "messenger", "pass", target_app_id="777"))[0] == 200
    assert (await _control(meta, "messenger", "take"))[0] == 400
    await meta.act("hand_over", "messenger", to="bot")
    assert (await meta.page("messenger", {"text": "hi"}))[0] == 200
    assert (await _control(meta, "messenger", "release"))[0] == 200
    assert await _owner(meta, "messenger") == INBOX["messenger"]


async def test_a_message_hands_its_thread_over(meta: Any) -> None:
    await meta.act("say", "messenger", text="hello")
    control = {"control_type": "pass", "app_id": INBOX["messenger"]}
    assert (await meta.page("messenger", {"text": "bye"}, thread_control={"control_type": "hold"}))[0] == 400
    assert (await meta.page("messenger", {"text": "bye"}, thread_control=control))[0] == 200
    assert (await meta.page("messenger", {"text": "more"}))[0] == 400


async def test_the_inbox_asks_for_a_thread(meta: Any, bot: Any, until: Any) -> None:
    await meta.act("say", "messenger", text="hello")
    await meta.act("hand_over", "messenger", to="request", metadata="please")
    await until(lambda: len(bot.events()) == 2)
    part = {"requested_owner_app_id": 263902037430900, "metadata": "please"}
    assert bot.events()[1]["request_thread_control"] == part
    assert await _owner(meta, "messenger") == "1517776481860111"


async def test_whatsapp_has_one_edge_and_roles(meta: Any, bot: Any, until: Any) -> None:
    await meta.act("say", "whatsapp", text="hello")
    number = "+" + meta.person["phones"]["whatsapp"]["wa_id"]

    async def control(**body: Any) -> int:
        headers = {"Authorization": f"Bearer {WA_TOKEN}"}
        whole = {"messaging_product": "whatsapp", "to": number, **body}
        return int((await meta.call("POST", f"/v25.0/{NUMBER}/thread_control", whole, headers=headers))[0])

    assert await control(action="pass", control_pass={"target_role": "boss"}) == 400
    assert await control(action="pass", control_pass={"target_role": "escalation"}, metadata="x" * 2001) == 400
    assert await control(action="pass", control_pass={"target_role": "escalation"}, metadata="x" * 2000) == 200
    await meta.act("say", "whatsapp", text="anybody?")
    await until(lambda: len(bot.bodies) == 2)
    assert bot.bodies[1][1]["entry"][0]["changes"][0]["field"] == "standby"
    assert await control(action="take") == 200
