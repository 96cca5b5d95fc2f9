"""The journal: everything survives a restart of the emulator, also one that was killed in the middle of a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.emulator.conftest import NUMBER
from trinario.emulator.journal import Journal

pytestmark = pytest.mark.asyncio


async def test_the_world_survives(rig: Any, bot: Any, until: Any, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "journal.jsonl"
    first = await rig.start(file, status_delays={"sent": 0.0, "delivered": 5000.0, "read": 5000.0})
    person = await first.meet(language="it")
    await first.act("say", "whatsapp", text="ciao 🌱")
    await first.act("say", "messenger", text="ciao")
    await first.whatsapp({"type": "text", "text": {"body": "hello"}, "biz_opaque_callback_data": "k"})
    replies = [{"content_type": "text", "title": "Red", "payload": "RED"}]
    await first.page("messenger", {"text": "?", "quick_replies": replies, "metadata": "m"})
    profile = {"get_started": {"payload": "GO"}}
    await first.call("POST", "/v25.0/me/messenger_profile?access_token=demo-page-token", profile)
    await until(lambda: bot.statuses() == ["sent"])
    await until(lambda: any("metadata" in event["message"] for event in bot.with_key("message")))
    await bot.stop()
    await first.act("say", "instagram", text="while you were away")
    before = {
        path: await first.control(path) for path in ("/people", "/messages", "/people/anna/thread?platform=messenger")
    }
    entries = len(await first.control("/log"))
    await first.emulator.stop()
    file.write_bytes(file.read_bytes() + b'{"op":"show","pers')

    await bot.start(bot.port)
    second = await rig.start(file, status_delays={"sent": 0.0, "delivered": 5000.0, "read": 5000.0})
    second.person = person
    assert {path: await second.control(path) for path in before} == before
    assert len(await second.control("/log")) >= entries
    await until(lambda: bot.events("instagram"))
    assert bot.events("instagram")[0]["message"]["text"] == "while you were away"
    await second.act("tap", "messenger", title="Red")
    status, answer = await second.call(
        "GET", "/v25.0/me/messenger_profile?fields=get_started&access_token=demo-page-token"
    )
    assert (status, answer) == (200, {"data": [profile]})
    assert (await second.whatsapp({"type": "text", "text": {"body": "still open"}}))[0] == 200
    await second.control("/clock", {"advance": 6000})
    await until(lambda: bot.statuses().count("read") == 2)
    ids = [entry["id"] for entry in await second.control("/messages")]
    assert len(ids) == len(set(ids)) == 3


async def test_the_clock_survives(rig: Any, tmp_path: Path) -> None:
    first = await rig.start(tmp_path / "j")
    await first.control("/clock", {"advance": 1000})
    await first.emulator.stop()
    second = await rig.start(tmp_path / "j")
    assert (await second.control("/clock"))["offset"] == 1000


async def test_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "j"
    journal = Journal(file)
    journal.append({"op": "clock", "offset": 1})
    journal.close()
    file.write_bytes(file.read_bytes() + b'{"op":"clo' + b"x" * 200_000)
    again = Journal(file)
    again.append({"op": "clock", "offset": 2})
    assert [change["offset"] for change in again.read()] == [1, 2]
    again.close()


async def test_blocks_links_tokens_and_registration_survive(rig: Any, error: Any, tmp_path: Path) -> None:
    first = await rig.start(tmp_path / "j")
    her = await first.meet()
    await first.act("say", "whatsapp", text="ciao")
    await first.act("say", "messenger", text="ciao")
    bearer = {"headers": {"Authorization": "Bearer demo-whatsapp-token"}}
    blocked = {"messaging_product": "whatsapp", "block_users": [{"user": "+" + her["phones"]["whatsapp"]["wa_id"]}]}
    await first.call("POST", f"/{NUMBER}/block_users", blocked, **bearer)
    _, link = await first.call("POST", f"/{NUMBER}/message_qrdls", {"prefilled_message": "Hi"}, **bearer)
    _, gone = await first.call("POST", f"/{NUMBER}/message_qrdls", {"prefilled_message": "No"}, **bearer)
    await first.call("DELETE", f"/{NUMBER}/message_qrdls/{gone['code']}", **bearer)
    await first.call("POST", f"/{NUMBER}/deregister", {}, **bearer)
    await first.control("/token", {"who": "page", "scopes": ["email"]})
    old = [{"content_type": "text", "title": "Old", "payload": "OLD"}]
    await first.emulator.stop()

    second = await rig.start(tmp_path / "j")
    second.person = her
    assert (await second.call("GET", f"/{NUMBER}/message_qrdls", **bearer))[1]["data"] == [link]
    assert [one["wa_id"] for one in (await second.call("GET", f"/{NUMBER}/block_users", **bearer))[1]["data"]] == [
        her["phones"]["whatsapp"]["wa_id"]
    ]
    text = {"type": "text", "text": {"body": "x"}}
    assert error(await second.whatsapp(text))[1] == 130403
    await second.call("DELETE", f"/{NUMBER}/block_users", blocked, **bearer)
    assert error(await second.whatsapp(text))[1] == 133010
    await second.call("POST", f"/{NUMBER}/register", {"messaging_product": "whatsapp", "pin": "123456"}, **bearer)
    assert (await second.whatsapp(text))[0] == 200
    assert error(await second.page("messenger", {"text": "x"}))[:2] == (403, 10)
    await second.control("/token", {"who": "page"})
    await second.page("messenger", {"text": "?", "quick_replies": old})
    await second.page("messenger", {"text": "and then"})
    await second.emulator.stop()

    third = await rig.start(tmp_path / "j")
    assert [line["options"] for line in await third.thread("messenger")] == [[], [], []], "quick replies are gone"
    assert (await third.call("GET", f"/{NUMBER}/block_users", **bearer))[1]["data"] == []
