"""What the phones show, what can be tapped, and links that lead from one phone to another."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio
MENU = {"locale": "default", "call_to_actions": [{"type": "postback", "title": "Hours", "payload": "HOURS"}]}
BREAKERS = [{"locale": "default", "call_to_actions": [{"question": "Where are you?", "payload": "WHERE"}]}]


async def profile(meta: Any, **fields: Any) -> None:
    path = "/v25.0/me/messenger_profile?access_token=demo-page-token"
    status, body = await meta.call("POST", path, fields)
    assert (status, body) == (200, {"result": "success"})


def button_message(*titles: str) -> dict[str, Any]:
    rows = [{"type": "reply", "reply": {"id": f"id-{title}", "title": title}} for title in titles]
    return {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": "?"}, "action": {"buttons": rows}},
    }


async def refused(meta: Any, what: str, platform: str, person: str = "anna", **more: Any) -> int:
    status, body = await meta.call("POST", f"/_emulator/people/{person}/{what}", {"platform": platform, **more})
    assert "error" in body, body
    return int(status)


async def test_people_get_ids_or_choose_them(meta: Any) -> None:
    chosen = await meta.control(
        "/people",
        {
            "id": "c",
            "name": "Carla",
            "phone": "+39 333 111",
            "messenger": {"psid": "77"},
            "platforms": ["whatsapp", "messenger"],
            "language": "it",
        },
    )
    assert chosen["phones"]["whatsapp"]["wa_id"] == "39333111"
    assert chosen["phones"]["messenger"] == {"psid": "77"} and "instagram" not in chosen["phones"]
    assert {person["id"] for person in await meta.control("/people")} == {"anna", "c"}
    status, _ = await meta.call("POST", "/_emulator/people", {"id": "c"})
    assert status == 409
    await meta.control("/people", method="DELETE")
    assert await meta.control("/people") == [] and await meta.control("/messages") == []


async def test_the_same_seed_gives_the_same_people(rig: Any) -> None:
    first, second = await rig.start(seed="7"), await rig.start(seed="7")
    assert await first.meet() == await second.meet()


async def test_whatsapp_buttons_stay_and_can_be_tapped_twice(meta: Any, bot: Any, until: Any) -> None:
    _, body = await meta.whatsapp(button_message("Red", "Blue"))
    await meta.whatsapp({"type": "text", "text": {"body": "later"}})
    first = await meta.act("tap", "whatsapp", title="Blue")
    second = await meta.act("tap", "whatsapp", payload="id-Blue")
    assert first["id"] != second["id"]
    await until(lambda: len([event for event in bot.events() if event.get("type") == "interactive"]) == 2)
    tap = next(event for event in bot.events() if event.get("type") == "interactive")
    assert tap["interactive"] == {"type": "button_reply", "button_reply": {"id": "id-Blue", "title": "Blue"}}
    assert tap["context"] == {"from": "15550783881", "id": body["messages"][0]["id"]}


async def test_list_rows(meta: Any, bot: Any, until: Any) -> None:
    rows = [{"id": "r1", "title": "Rose", "description": "red"}, {"id": "r2", "title": "Iris"}]
    action = {"button": "Choose", "sections": [{"rows": rows}]}
    await meta.whatsapp(
        {"type": "interactive", "interactive": {"type": "list", "body": {"text": "?"}, "action": action}}
    )
    shown = (await meta.thread("whatsapp"))[-1]
    assert shown["list_button"] == "Choose" and shown["direction"] == "out"
    assert [(option["kind"], option["title"], option["description"]) for option in shown["options"]] == [
        ("list", "Rose", "red"),
        ("list", "Iris", ""),
    ]
    await meta.act("tap", "whatsapp", index=0)
    await until(lambda: any(event.get("type") == "interactive" for event in bot.events()))
    tap = next(event for event in bot.events() if event.get("type") == "interactive")
    assert tap["interactive"]["list_reply"] == {"id": "r1", "title": "Rose", "description": "red"}


async def test_an_index_means_the_newest_message_that_can_be_tapped(meta: Any) -> None:
    button = {"type": "postback", "title": "Old", "payload": "OLD"}
    template = {"template_type": "button", "text": "?", "buttons": [button]}
    await meta.page("messenger", {"attachment": {"type": "template", "payload": template}})
    reply = {"content_type": "text", "title": "Red", "payload": "RED"}
    await meta.page("messenger", {"text": "?", "quick_replies": [reply]})
    await meta.act("say", "messenger", text="hm")
    assert (await meta.act("tap", "messenger", index=0))["payload"] == "OLD"


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_quick_replies_vanish_with_the_next_message(meta: Any, bot: Any, until: Any, platform: str) -> None:
    replies = [{"content_type": "text", "title": title, "payload": title.upper()} for title in ("Red", "Blue")]
    await meta.page(platform, {"text": "?", "quick_replies": replies})
    await meta.act("tap", platform, title="Red")
    await until(lambda: any("quick_reply" in event["message"] for event in bot.with_key("message")))
    tap = next(event for event in bot.with_key("message") if "quick_reply" in event["message"])
    assert tap["message"]["text"] == "Red" and tap["message"]["quick_reply"] == {"payload": "RED"}
    assert await refused(meta, "tap", platform, title="Blue") == 409
    assert await refused(meta, "tap", platform, title="Green") == 404
    assert all(not shown["options"] for shown in await meta.thread(platform))


async def test_buttons_and_cards_give_postbacks(meta: Any, bot: Any, until: Any) -> None:
    button = {"type": "postback", "title": "Order", "payload": "ORDER:1"}
    element = {"title": "Rose", "buttons": [button, {"type": "web_url", "title": "See", "url": "https://a.example"}]}
    payload = {"template_type": "generic", "elements": [element]}
    await meta.page("messenger", {"attachment": {"type": "template", "payload": payload}})
    await meta.page("messenger", {"text": "later"})
    tapped = await meta.act("tap", "messenger", title="Order")
    await until(lambda: bot.with_key("postback"))
    assert bot.with_key("postback")[0]["postback"] == {"mid": tapped["id"], "title": "Order", "payload": "ORDER:1"}
    opened = await meta.act("tap", "messenger", title="See")
    assert (opened["kind"], opened["url"]) == ("opened", "https://a.example")


async def test_wa_me_prefills_and_sends(meta: Any, bot: Any, until: Any) -> None:
    await meta.page("messenger", {"text": "Go on here: https://wa.me/15550783881?text=Ciao%20START-7K3F9."})
    sent = await meta.act("follow", "messenger")
    assert (sent["platform"], sent["text"]) == ("whatsapp", "Ciao START-7K3F9")
    await until(lambda: any(event.get("type") == "text" for event in bot.events("whatsapp")))
    status = await refused(meta, "follow", "messenger", url="https://wa.me/+15550783881?text=x")
    assert status == 404


async def test_m_me_into_a_new_thread_needs_get_started(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start()
    await client.meet()
    await client.act("say", "whatsapp", text="ciao")
    link = "https://m.me/luckygarden?ref=tok-1"
    action = {"name": "cta_url", "parameters": {"display_text": "Messenger", "url": link}}
    await client.whatsapp(
        {"type": "interactive", "interactive": {"type": "cta_url", "body": {"text": "?"}, "action": action}}
    )
    assert await refused(client, "follow", "whatsapp") == 409
    await profile(client, get_started={"payload": "GET_STARTED"})
    assert (await client.control("/people/anna/phone?platform=messenger"))["starters"][0]["payload"] == "GET_STARTED"
    await client.act("tap", "whatsapp", title="Messenger")
    await until(lambda: bot.with_key("postback"))
    postback = bot.with_key("postback")[0]["postback"]
    assert postback["payload"] == "GET_STARTED"
    assert postback["referral"] == {"ref": "tok-1", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    await client.act("follow", "whatsapp")
    await until(lambda: bot.with_key("referral"))
    assert bot.with_key("referral")[0]["referral"]["ref"] == "tok-1"
    assert await refused(client, "get_started", "messenger") == 409


async def test_ig_me_new_by_ice_breaker_or_text_and_existing(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start()
    url = "https://ig.me/m/luckygarden?ref=tok_2"
    for person in ("anna", "berta"):
        await client.meet(person)
    assert await refused(client, "follow", "messenger", url=url) == 409
    await profile(client, platform="instagram", ice_breakers=BREAKERS)
    await client.act("follow", "messenger", url=url)
    await until(lambda: bot.with_key("postback"))
    postback = bot.with_key("postback")[0]["postback"]
    assert (postback["title"], postback["payload"], postback["referral"]["ref"]) == ("Where are you?", "WHERE", "tok_2")
    await client.act("follow", "messenger", url=url, text="hello", **{"as": "berta"})
    await until(lambda: bot.with_key("message"))
    message = bot.with_key("message")[0]["message"]
    assert message["text"] == "hello" and message["referral"]["ref"] == "tok_2"
    await client.act("follow", "messenger", url=url)
    await until(lambda: bot.with_key("referral"))
    assert bot.with_key("referral")[0]["referral"]["ref"] == "tok_2"


async def test_a_followed_link_opens_the_window(meta: Any) -> None:
    await meta.control("/clock", {"advance": 2 * 86_400})
    assert (await meta.page("messenger", {"text": "x"}))[0] == 400
    await meta.act("follow", "whatsapp", url="https://m.me/1895382890692545?ref=t")
    assert (await meta.page("messenger", {"text": "x"}))[0] == 200


async def test_links_that_lead_nowhere(meta: Any) -> None:
    for url in ("https://m.me/otherpage?ref=x", "https://ig.me/luckygarden?ref=x", "https://example.com",
                "https://m.me/luckygarden?ref=with%20space", "https://m.me/luckygarden?ref=" + "x" * 2084):  # fmt: skip
        assert await refused(meta, "follow", "messenger", url=url) == 404, url
    assert await refused(meta, "follow", "messenger") == 404


async def test_media_places_replies_and_unsending(meta: Any, bot: Any, until: Any) -> None:
    said = await meta.act("say", "whatsapp", text="one")
    await meta.act("say", "whatsapp", text="two", reply_to=said["id"])
    await meta.act("send", "whatsapp", kind="image", caption="my garden")
    await meta.act("send", "whatsapp", kind="location", latitude=1.5, longitude=2.5)
    await meta.act("send", "messenger", kind="audio")
    await meta.act("send", "instagram", kind="image", url="https://cdn.example/p")
    await meta.act("unsend", "whatsapp", message_id=said["id"])
    await until(lambda: len(bot.bodies) == 7)
    events = bot.events("whatsapp")
    assert events[1]["context"] == {"from": meta.person["phones"]["whatsapp"]["wa_id"], "id": said["id"]}
    assert events[2]["image"]["caption"] == "my garden" and events[3]["location"]["latitude"] == 1.5
    assert events[4]["revoke"] == {"original_message_id": said["id"]}
    assert bot.events("messenger")[0]["message"]["attachments"][0]["type"] == "audio"
    bearer = {"Authorization": "Bearer demo-whatsapp-token"}
    _, media = await meta.call("GET", f"/v25.0/{events[2]['image']['id']}", headers=bearer)
    assert media["mime_type"] == "image/jpeg" and media["file_size"].isdigit()
    async with meta.http.get(media["url"]) as response:
        assert response.status == 401
    async with meta.http.get(media["url"], headers=bearer) as response:
        assert (await response.read()).startswith(b"\xff\xd8\xff")
    await meta.control("/clock", {"advance": 301})
    async with meta.http.get(media["url"], headers=bearer) as response:
        assert response.status == 404


async def test_persistent_menu(meta: Any, bot: Any, until: Any) -> None:
    await profile(meta, get_started={"payload": "GO"}, persistent_menu=[MENU])
    await meta.act("menu", "messenger", title="Hours")
    await until(lambda: bot.with_key("postback"))
    assert bot.with_key("postback")[0]["postback"]["payload"] == "HOURS"


async def test_the_persistent_menu_in_her_language(meta: Any, bot: Any, until: Any) -> None:
    italian = {"locale": "it_IT", "call_to_actions": [{"type": "postback", "title": "Orari", "payload": "HOURS"}]}
    await profile(meta, get_started={"payload": "GO"}, persistent_menu=[MENU, italian])
    assert await refused(meta, "menu", "messenger", title="Orari") == 404  # she speaks English
    await meta.act("menu", "messenger", title="Hours")
    await until(lambda: bot.with_key("postback"))


async def test_who_has_blocked_cannot_write(meta: Any) -> None:
    await meta.act("block", "messenger")
    assert await refused(meta, "say", "messenger", text="x") == 409
    await meta.act("unblock", "messenger")
    await meta.act("say", "messenger", text="x")


async def test_wrong_wishes_are_answered(meta: Any) -> None:
    assert await refused(meta, "say", "pigeon", text="x") == 400
    assert await refused(meta, "say", "messenger", "nobody", text="x") == 404
    assert await refused(meta, "dance", "messenger") == 404
    assert await refused(meta, "tap", "messenger") == 400
    assert await refused(meta, "say", "messenger", text="") == 400
    assert (await meta.call("GET", "/_emulator/nonsense"))[0] == 404
    assert (await meta.call("POST", "/_emulator/clock", data=b"{"))[0] == 400


def interactive(kind: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "?"}, "action": action}}


async def test_a_form_is_opened_filled_in_and_sent(meta: Any, bot: Any, until: Any) -> None:
    parameters = {"flow_message_version": "3", "flow_token": "s/1/form", "flow_id": "12", "flow_cta": "Book"}
    _, body = await meta.whatsapp(interactive("flow", {"name": "flow", "parameters": parameters}))
    await meta.whatsapp({"type": "text", "text": {"body": "later"}})

    await meta.act("form", "whatsapp", data={"day": "Monday"})

    await until(lambda: any(event.get("type") == "interactive" for event in bot.events()))
    sent = next(event for event in bot.events() if event.get("type") == "interactive")
    reply = sent["interactive"]["nfm_reply"]["response_json"]
    assert '"flow_token": "s/1/form"' in reply and '"day": "Monday"' in reply
    assert sent["context"]["id"] == body["messages"][0]["id"]


async def test_a_place_and_a_number_are_given_with_a_tap(meta: Any, bot: Any, until: Any) -> None:
    await meta.whatsapp(interactive("location_request_message", {"name": "send_location"}))
    await meta.act("tap", "whatsapp", title="Send location")
    await meta.whatsapp(interactive("request_contact_info", {"name": "request_contact_info"}))
    await meta.act("tap", "whatsapp", title="Share phone number")

    await until(lambda: any(event.get("type") == "contacts" for event in bot.events()))
    kinds = [event["type"] for event in bot.events() if event.get("type") in ("location", "contacts")]
    card = next(event for event in bot.events() if event.get("type") == "contacts")["contacts"][0]
    assert kinds == ["location", "contacts"]
    assert card["origin"] == "contact_request" and card["phones"][0]["wa_id"]
