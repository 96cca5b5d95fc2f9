"""Profile, templates, media, people's profiles, tokens and proofs, configuration, the log."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from trinario.emulator.config import load_config
from trinario.errors import ConfigError

PROFILE = "/v25.0/me/messenger_profile?access_token=demo-page-token"
WABA = "/v25.0/102290129340398/message_templates"
BEARER = {"Authorization": "Bearer demo-whatsapp-token"}
BODY = {"type": "BODY", "text": "Ciao {{1}}, il tuo codice è {{2}}."}
QUICK = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}]}


def menu(count: int = 1, **more: Any) -> dict[str, Any]:
    item = {"type": "postback", "title": "t", "payload": "p", **more}
    return {"persistent_menu": [{"locale": "default", "call_to_actions": [item] * count}]}


def breakers(count: int = 1, **more: Any) -> dict[str, Any]:
    item = {"question": "q", "payload": "p", **more}
    return {"ice_breakers": [{"locale": "default", "call_to_actions": [item] * count}]}


def greeting(text: str) -> dict[str, Any]:
    return {"greeting": [{"locale": "default", "text": text}]}


@pytest.mark.asyncio
async def test_profile_limits(meta: Any, error: Any) -> None:
    started = {"get_started": {"payload": "p" * 1000}}
    assert error(await meta.call("POST", PROFILE, menu()))[1] == 100
    for good in (started, menu(20, title="t" * 30), breakers(4, question="q" * 80), greeting("g" * 160)):
        assert await meta.call("POST", PROFILE, good) == (200, {"result": "success"}), good
    bad = [
        {"get_started": {"payload": "p" * 1001}},
        menu(21),
        menu(title="t" * 31),
        menu(payload="p" * 1001),
        breakers(5),
        breakers(question="q" * 81),
        greeting("g" * 161),
        {},
        {"unknown": 1},
        {"greeting": [{"locale": "it_IT", "text": "ciao"}]},
        {"greeting": [{"locale": "default", "text": "hi"}, {"locale": "it", "text": "ciao"}]},
    ]
    for wrong in bad:
        status, code, _ = error(await meta.call("POST", PROFILE, wrong))
        assert status == 400 and code in (100, 105), wrong
    _, shown = await meta.call("GET", PROFILE + "&fields=get_started,greeting")
    assert shown == {"data": [{**started, **greeting("g" * 160)}]}
    assert error(await meta.call("DELETE", PROFILE, {"fields": ["get_started"]}))[1] == 100
    gone = {"fields": ["persistent_menu", "get_started"]}
    assert (await meta.call("DELETE", PROFILE, gone))[1] == {"result": "success"}
    assert (await meta.call("GET", PROFILE + "&fields=get_started"))[1] == {"data": []}


@pytest.mark.asyncio
async def test_profile_of_instagram_is_its_own(meta: Any, error: Any) -> None:
    assert error(await meta.call("POST", PROFILE, {"platform": "instagram", "get_started": {"payload": "p"}}))[1] == 100
    assert (await meta.call("POST", PROFILE, {"platform": "instagram", **breakers()}))[0] == 200
    assert (await meta.call("GET", PROFILE + "&fields=ice_breakers"))[1] == {"data": []}
    shown = (await meta.call("GET", PROFILE + "&fields=ice_breakers&platform=instagram"))[1]
    assert shown == {"data": [breakers()]}


@pytest.mark.asyncio
async def test_profile_rate(rig: Any, error: Any) -> None:
    client = await rig.start(rates=True)
    for _ in range(10):
        assert (await client.call("POST", PROFILE, greeting("x")))[0] == 200
    assert error(await client.call("POST", PROFILE, greeting("x")))[1] == 613


@pytest.mark.asyncio
async def test_templates(meta: Any, bot: Any, error: Any, until: Any) -> None:
    def send(*values: str, **more: Any) -> dict[str, Any]:
        parameters = [{"type": "text", "text": value} for value in values]
        components = [{"type": "body", "parameters": parameters}] if values else []
        return {
            "type": "template",
            "template": {"name": "code", "language": {"code": "it"}, "components": components, **more},
        }

    assert error(await meta.whatsapp(send("Anna", "7"))) == (404, 132001, None)
    created = {"name": "code", "language": "it", "category": "utility", "components": [BODY, QUICK]}
    status, answer = await meta.call("POST", WABA, created, headers=BEARER)
    assert (status, answer["status"], answer["category"]) == (200, "APPROVED", "UTILITY")
    await meta.control("/clock", {"advance": 3 * 86_400})
    status, answer = await meta.whatsapp(send("Anna", "7"))
    assert (status, answer["messages"][0]["message_status"]) == (200, "accepted")
    shown = (await meta.thread("whatsapp"))[-1]
    assert shown["text"] == "Ciao Anna, il tuo codice è 7." and shown["kind"] == "template"
    await meta.act("tap", "whatsapp", title="Stop")
    await until(lambda: any(event.get("type") == "button" for event in bot.events()))
    tap = next(event for event in bot.events() if event.get("type") == "button")
    assert tap["button"] == {"payload": "Stop", "text": "Stop"}
    assert next(event for event in bot.with_key("status"))["pricing"]["category"] == "utility"
    assert error(await meta.whatsapp(send("Anna")))[1] == 132000
    assert error(await meta.whatsapp(send()))[1] == 132000
    assert error(await meta.whatsapp(send("a", "b", "c")))[1] == 132000
    assert error(await meta.whatsapp(send("a", "b", language={"code": "de"}))) == (404, 132001, None)
    assert error(await meta.whatsapp(send("a", "x" * 1024)))[1] == 132005
    assert error(await meta.whatsapp(send("a", "two\nlines")))[1] == 132012
    picture = [{"type": "body", "parameters": [{"type": "image", "image": {"link": "https://a.example"}}] * 2}]
    assert error(await meta.whatsapp(send(components=picture)))[1] == 132012


@pytest.mark.asyncio
async def test_templates_under_review(rig: Any, bot: Any, error: Any, until: Any) -> None:
    named = {"name": "hi", "language": "en_US", "components": [{"type": "body", "text": "Hi {{first}}"}]}
    paused = {**named, "name": "old", "status": "PAUSED"}
    client = await rig.start(whatsapp={"template_approval": "pending", "templates": [named, paused]})
    await client.meet()
    parameter = {"type": "text", "parameter_name": "first", "text": "Anna"}
    components = [{"type": "body", "parameters": [parameter]}]
    known = {"type": "template", "template": {"name": "hi", "language": {"code": "en_US"}, "components": components}}
    assert (await client.whatsapp(known))[0] == 200
    known["template"]["name"] = "old"
    assert error(await client.whatsapp(known))[1] == 132015
    fresh = {
        "name": "fresh",
        "language": "en_US",
        "category": "MARKETING",
        "components": [{"type": "BODY", "text": "x"}],
    }
    assert (await client.call("POST", WABA, fresh, headers=BEARER))[1]["status"] == "PENDING"
    plain = {"type": "template", "template": {"name": "fresh", "language": {"code": "en_US"}}}
    assert error(await client.whatsapp(plain)) == (404, 132001, None)
    await client.control("/clock", {"advance": 10})
    assert (await client.whatsapp(plain))[0] == 200
    await until(lambda: any("APPROVED" in json.dumps(body) for _, body in bot.bodies))
    listed = (await client.call("GET", WABA + "?fields=name,status&limit=2", headers=BEARER))[1]
    assert len(listed["data"]) == 2 and "next" in listed["paging"]


@pytest.mark.asyncio
async def test_form_of_a_new_template(meta: Any, error: Any) -> None:
    def wish(number: int, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"name": f"t{number}", "language": "it", "category": "MARKETING", "components": list(components), **more}

    def body(text: str) -> dict[str, Any]:
        return {"type": "BODY", "text": text}

    def buttons(count: int, **more: Any) -> dict[str, Any]:
        return {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "t", **more}] * count}

    header, footer = {"type": "HEADER", "format": "TEXT"}, {"type": "FOOTER"}
    link = {"type": "URL", "url": "https://a.example"}
    good = [wish(1, body("b" * 1024)), wish(2, body("x"), {**header, "text": "h" * 60}, {**footer, "text": "f" * 60}),
            wish(3, body("x"), buttons(10, text="t" * 25)), wish(4, body("x"), buttons(2, **link))]  # fmt: skip
    for template in good:
        assert (await meta.call("POST", WABA, template, headers=BEARER))[0] == 200, template
    bad = [
        wish(5, body("b" * 1025)),
        wish(6, body("x"), {**header, "text": "h" * 61}),
        wish(7),
        wish(8, body("x"), body("y")),
        wish(9, body("x"), {**footer, "text": "f" * 61}),
        wish(10, body("x"), buttons(11)),
        wish(11, body("ends in {{1}}")),
        wish(12, body("x"), buttons(1, text="t" * 26)),
        wish(13, body("x"), buttons(3, **link)),
        wish(14, body("x"), name="Upper"),
        wish(15, body("x"), category="NEWS"),
        wish(16, body("x"), {**header, "text": "{{1}} and {{2}}"}),
        good[0],
    ]
    for template in bad:
        assert error(await meta.call("POST", WABA, template, headers=BEARER))[0] == 400, template


@pytest.mark.asyncio
async def test_media_upload(meta: Any, error: Any) -> None:
    async def upload(content: bytes, mime: str) -> tuple[int, Any]:
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("file", content, filename="x", content_type=mime)
        return await meta.call("POST", "/v25.0/106540352242922/media", data=form, headers=BEARER)  # type: ignore[no-any-return]

    status, answer = await upload(b"png", "image/png")
    assert status == 200
    assert (await meta.whatsapp({"type": "image", "image": {"id": answer["id"]}}))[0] == 200
    assert error(await upload(b"x", "image/tiff"))[1] == 100
    assert error(await upload(b"x" * (5 * 1024 * 1024 + 1), "image/png"))[1] == 131053
    await meta.control("/clock", {"advance": 31 * 86_400})
    assert error(await meta.whatsapp({"type": "image", "image": {"id": answer["id"]}}))[1] == 100


@pytest.mark.asyncio
async def test_reading_people_and_accounts(meta: Any, error: Any) -> None:
    ids = meta.person["phones"]
    query = "?fields=first_name,last_name,locale&access_token=demo-page-token"
    _, person = await meta.call("GET", f"/v25.0/{ids['messenger']['psid']}{query}")
    assert (person["first_name"], person["last_name"]) == ("Anna", "Bianchi")
    _, person = await meta.call(
        "GET", f"/v25.0/{ids['instagram']['igsid']}?fields=username&access_token=demo-page-token"
    )
    assert person["username"] == "anna"
    _, page = await meta.call("GET", "/v25.0/me?fields=instagram_business_account&access_token=demo-page-token")
    assert page == {"instagram_business_account": {"id": "17841400008460056"}}
    path = "/v25.0/17841400008460056?fields=username&access_token=demo-page-token"
    assert (await meta.call("GET", path))[1] == {"username": "luckygarden"}
    _, number = await meta.call("GET", "/v25.0/106540352242922", headers=BEARER)
    assert number["display_phone_number"] == "15550783881"
    assert error(await meta.call("GET", "/v25.0/404?access_token=demo-page-token"))[1:] == (100, 33)


@pytest.mark.asyncio
async def test_appsecret_proof(rig: Any, error: Any) -> None:
    client = await rig.start(require_appsecret_proof=True)
    path = "/v25.0/me?access_token=demo-page-token"
    assert error(await client.call("GET", path))[1] == 100
    assert error(await client.call("GET", path + "&appsecret_proof=00"))[1] == 100
    proof = hmac.new(b"demo-app-secret", b"demo-page-token", hashlib.sha256).hexdigest()
    assert (await client.call("GET", f"{path}&appsecret_proof={proof}"))[0] == 200


@pytest.mark.asyncio
async def test_the_log_and_its_stream(meta: Any) -> None:
    newest = (await meta.control("/log"))[-1]["n"]
    async with meta.http.get(meta.base + f"/_emulator/log/stream?after={newest}") as stream:
        await meta.page("messenger", {"text": "x"})
        line = b""
        while not line.startswith(b"data:"):
            line = await asyncio.wait_for(stream.content.readline(), 5)
    entry = json.loads(line[5:])
    assert entry["kind"] == "graph" and entry["accepted"] and entry["person"] == "anna"
    assert entry["request"]["message"] == {"text": "x"} and "access_token" not in json.dumps(entry)
    after = await meta.control(f"/log?after={newest}&kind=graph")
    assert [item["n"] for item in after] == [entry["n"]]
    numbers = [item["n"] for item in await meta.control("/log")]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.asyncio
async def test_no_request_makes_it_stumble(meta: Any) -> None:
    """Wrong types everywhere: every answer is Meta's JSON, never a 500 of our own."""
    chance = random.Random(3)
    values = [None, 0, -1, 1.5, True, "", "x", [], {}, [[]], [None], {"id": []}, {"type": {}}, "\ud800", "\x00", 10**30]
    seeds = [
        {
            "messaging_product": "whatsapp",
            "to": "+393331112223",
            "type": "interactive",
            "context": {"message_id": "x"},
            "interactive": {
                "type": "list",
                "header": {"type": "text", "text": "h"},
                "body": {"text": "b"},
                "footer": {"text": "f"},
                "action": {"button": "b", "sections": [{"title": "t", "rows": [{"id": "1", "title": "t"}]}]},
            },
        },
        {
            "messaging_product": "whatsapp",
            "to": "+393331112223",
            "type": "template",
            "template": {"name": "n", "language": {"code": "it"}, "components": [{"type": "body", "parameters": []}]},
        },
        {"messaging_product": "whatsapp", "status": "read", "message_id": "x", "typing_indicator": {"type": "text"}},
        {
            "recipient": {"id": meta.person["phones"]["messenger"]["psid"]},
            "messaging_type": "RESPONSE",
            "message": {
                "attachment": {
                    "type": "template",
                    "payload": {
                        "template_type": "generic",
                        "elements": [
                            {
                                "title": "t",
                                "subtitle": "s",
                                "buttons": [{"type": "postback", "title": "t", "payload": "p"}],
                            }
                        ],
                    },
                },
                "quick_replies": [{"content_type": "text", "title": "t", "payload": "p"}],
                "metadata": "m",
            },
        },
        {
            "recipient": {"id": meta.person["phones"]["instagram"]["igsid"]},
            "sender_action": "react",
            "payload": {"message_id": "m", "reaction": "love"},
        },
        {
            "get_started": {"payload": "x"},
            "ice_breakers": [{"locale": "default", "call_to_actions": [{"question": "q"}]}],
        },
    ]
    paths = [
        "/v25.0/106540352242922/messages?access_token=demo-whatsapp-token",
        WABA + "?access_token=demo-whatsapp-token",
        "/me/messages?access_token=demo-page-token",
        PROFILE,
        "/me/message_attachments?access_token=demo-page-token",
        "/me/subscribed_apps?access_token=demo-page-token",
    ]
    for _ in range(1500):
        body = json.loads(json.dumps(chance.choice(seeds)))
        for _ in range(chance.randint(1, 3)):
            _spoil(body, chance, values)
        raw = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        status, answer = await meta.call("POST", chance.choice(paths), data=raw, headers=headers)
        assert isinstance(answer, dict) and (status == 200 or "error" in answer), (status, raw)


def _spoil(value: Any, chance: random.Random, values: list[Any]) -> None:
    """Replace, drop or add something at a random depth."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not keys:
        return
    key = chance.choice(keys)
    inner = value[key]
    if isinstance(inner, dict | list) and inner and chance.random() < 0.75:
        _spoil(inner, chance, values)
    elif chance.random() < 0.2:
        del value[key]
    else:
        value[key] = chance.choice(values)


def test_config_from_files_and_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "emulator.yaml"
    file.write_text("whatsapp: {phone: 4930123456}\nrates: false\nretry_scale: 0.05\nstatus_delays: {read: -1}\n")
    config = load_config(file)
    assert (config.whatsapp.phone, config.rates.enabled, config.retry_scale) == ("4930123456", False, 0.05)
    assert config.status_delays.read == -1 and config.messenger.page_name == "luckygarden"
    for wrong in (
        {"whatsap": {}},
        {"rates": 5},
        {"retry_scale": "fast"},
        {"messenger": {"pageid": "1"}},
        {"reads": "no"},
        {"echo_before_response": "maybe"},
        {"webhook_concurrency": 0},
        {"instagram": {"login": "instagram"}},
    ):
        with pytest.raises(ConfigError):
            load_config(wrong)
    with pytest.raises(ConfigError):
        load_config(tmp_path / "missing.yaml")
    file.write_text("[1, 2]")
    with pytest.raises(ConfigError):
        load_config(file)
