"""Comments, what is answered below them, prompts, stories, ads and forms: as strict as Meta, and told as Meta tells."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio
PAGE = {"Authorization": "Bearer demo-page-token"}
NUMBER = {"Authorization": "Bearer demo-whatsapp-token"}
EDGES = {"messenger": ("comments", "replies"), "instagram": ("replies", "comments")}


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_an_answer_below_a_comment(meta: Any, bot: Any, until: Any, error: Any, platform: str) -> None:
    right, wrong = EDGES[platform]
    comment = (await meta.act("comment", platform, text="win", post="p1"))["id"]

    async def answer(edge: str, body: Any, headers: Any = PAGE) -> Any:
        return await meta.call("POST", f"/v25.0/{comment}/{edge}", body, headers=headers)

    assert error(await answer(wrong, {"message": "x"}))[:2] == (400, 100)
    assert error(await answer(right, {}))[:2] == (400, 100)
    assert error(await answer(right, {"message": "  "}))[:2] == (400, 100)
    assert error(await answer(right, {"message": "x" * 8001}))[:2] == (400, 100)
    assert error(await answer(right, {"message": "x", "text": "y"}))[:2] == (400, 100)
    assert error(await answer(right, {"message": "x"}, NUMBER))[:2] == (400, 100)
    status, body = await answer(right, {"message": "Look inside!"})
    assert status == 200

    def own() -> Any:
        return next((event for event in bot.events(platform) if "Look inside!" in event.values()), None)

    await until(own)
    assert own()["from"]["id"] in ("1895382890692545", "17841400008460056")
    assert own()["parent_id"] == comment
    below = await meta.control("/comments?post=p1")
    assert [(one["text"], one["parent"]) for one in below] == [("win", ""), ("Look inside!", comment)]
    listed = (await meta.call("GET", f"/v25.0/{comment}/{right}", headers=PAGE))[1]
    assert listed == {"data": [{"id": body["id"], "message": "Look inside!"}]}


async def test_where_a_comment_stands_is_told(meta: Any, bot: Any, until: Any) -> None:
    first = (await meta.act("comment", "instagram", text="a", post="p1", kind="reel"))["id"]
    await meta.act("comment", "instagram", text="b", post="p1", reply_to=first)
    await meta.act("comment", "instagram", text="c", post="p1", kind="live")
    await until(lambda: len(bot.events("instagram")) == 3)
    told = {
        event["text"]: (event["media"]["media_product_type"], event.get("parent_id"))
        for event in bot.events("instagram")
    }
    assert told == {"a": ("REELS", None), "b": ("FEED", first), "c": ("LIVE", None)}


async def test_prompts_of_a_number(rig: Any, error: Any) -> None:
    meta = await rig.start()
    await meta.meet()
    path = "/v25.0/106540352242922"

    async def put(body: Any) -> Any:
        return await meta.call("POST", f"{path}/conversational_automation", body, headers=NUMBER)

    assert error(await put({"prompts": ["a"] * 5}))[:2] == (400, 131009)
    assert error(await put({"prompts": ["x" * 81]}))[:2] == (400, 131009)
    assert error(await put({"prompts": ["Hi 🌱"]}))[:2] == (400, 131009)
    assert error(await put({"prompt": []}))[:2] == (400, 100)
    assert await put({"prompts": ["Prices?"]}) == (200, {"success": True})
    found = await meta.call("GET", f"{path}?fields=conversational_automation", headers=NUMBER)
    assert found[1]["conversational_automation"]["prompts"] == ["Prices?"]
    phone = await meta.control("/people/anna/phone?platform=whatsapp")
    assert phone["starters"] == [{"title": "Prices?", "payload": ""}]
    assert (await meta.act("get_started", "whatsapp"))["text"] == "Prices?"


async def test_stories_ads_and_forms(meta: Any, bot: Any, until: Any) -> None:
    await meta.act("story_reply", "instagram", text="Wow")
    await meta.act("story_mention", "instagram")
    await meta.act("ad", "messenger", ad="77", ref="spring")
    await meta.act("ad", "whatsapp", ad="78")
    await meta.act("form", "whatsapp", token="survey", data={"size": "M"})
    await until(lambda: len(bot.events()) >= 5)
    messages = [event.get("message", event) for event in bot.events()]
    assert any(one.get("reply_to", {}).get("story") for one in messages)
    assert any(one.get("attachments", [{}])[0].get("type") == "story_mention" for one in messages)
    referred = {
        one["referral"].get("ad_id") or one["referral"].get("source_id") for one in messages if "referral" in one
    }
    assert referred == {"77", "78"}
    form = next(one["interactive"]["nfm_reply"] for one in messages if "interactive" in one)
    assert '"flow_token": "survey"' in form["response_json"]
    status, _ = await meta.call("POST", "/_emulator/people/anna/story_reply", {"platform": "whatsapp"})
    assert status == 400
