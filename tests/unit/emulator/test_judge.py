"""What the checklist of the emulator (meta.md §13) asks beside sends and phones: versions, permissions, numbers, oddities, edges."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.emulator.conftest import IG, NUMBER, PAGE, PAGE_TOKEN, WA_TOKEN
from trinario.emulator.numbers import known_as, other_forms

Json = dict[str, Any]
TEXT: Json = {"type": "text", "text": {"body": "ciao"}}
BEARER = {"headers": {"Authorization": f"Bearer {WA_TOKEN}"}}
APP, SECRET = "1517776481860111", "demo-app-secret"


def _paged(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}access_token={PAGE_TOKEN}"


# ---- versions, permissions, headers


@pytest.mark.parametrize("version", ["v99.0", "v1.0", "v27.0", "v18.9"])
async def test_a_version_that_there_is_not(meta: Any, error: Any, version: str) -> None:
    assert error(await meta.call("GET", f"/{version}/{NUMBER}", **BEARER)) == (400, 2635, None)


@pytest.mark.parametrize("version", ["", "/v19.0", "/v25.0", "/v26.0"])
async def test_the_version_is_optional_and_named_in_the_answer(meta: Any, version: str) -> None:
    async with meta.http.get(f"{meta.base}{version}/{NUMBER}", **BEARER) as response:
        assert response.status == 200
        assert response.headers["facebook-api-version"] == (version[1:] or "v25.0")
        assert response.headers["x-fb-trace-id"] and response.headers["x-fb-request-id"]


@pytest.mark.parametrize(
    ("who", "path", "lacks", "expected"),
    [
        ("whatsapp", f"/{NUMBER}/messages", "whatsapp_business_messaging", (403, 200)),
        ("whatsapp", "/102290129340398/message_templates", "whatsapp_business_management", (403, 200)),
        ("page", "/me/messages", "pages_messaging", (403, 10)),
        ("page", f"/{PAGE}/subscribed_apps", "pages_manage_metadata", (403, 10)),
    ],
)
async def test_a_token_without_the_permission(
    meta: Any, error: Any, who: str, path: str, lacks: str, expected: Any
) -> None:
    await meta.control("/token", {"who": who, "scopes": ["email"]})
    token = WA_TOKEN if who == "whatsapp" else PAGE_TOKEN
    outcome = await meta.call("POST", path, {}, headers={"Authorization": f"Bearer {token}"})
    assert error(outcome)[:2] == expected and lacks in outcome[1]["error"]["message"]
    assert (await meta.control("/violations"))[-1]["rule"].endswith(".scope")
    await meta.control("/token", {"who": who, "scopes": [lacks]})
    assert (await meta.call("POST", path, {}, headers={"Authorization": f"Bearer {token}"}))[1]["error"][
        "code"
    ] == 100 or (lacks == "whatsapp_business_management")


async def test_no_token_at_all(meta: Any, error: Any) -> None:
    assert error(await meta.call("POST", f"/v25.0/{NUMBER}/messages", {}))[:2] == (400, 104)


# ---- the dialled number and the wa_id

PAIRS = [("525512345678", "5215512345678"), ("5511987654321", "551187654321"), ("541112345678", "5491112345678")]


@pytest.mark.parametrize(("dialled", "wa_id"), PAIRS)
def test_forms_of_a_number(dialled: str, wa_id: str) -> None:
    assert other_forms(dialled) == [wa_id] and other_forms(wa_id) == [dialled]
    assert known_as(dialled, {wa_id}) == known_as(wa_id, {wa_id}) == wa_id
    assert known_as(dialled, {dialled, wa_id}) == known_as(dialled, set()) == dialled


def test_other_countries_have_one_form() -> None:
    assert [other_forms(one) for one in ("393331234567", "5255", "55119876543210")] == [[], [], []]


@pytest.mark.parametrize(("dialled", "wa_id"), PAIRS)
async def test_what_is_dialled_may_not_be_what_she_is_called(
    rig: Any, bot: Any, until: Any, dialled: str, wa_id: str
) -> None:
    client = await rig.start()
    await client.meet(platforms=["whatsapp"], whatsapp={"wa_id": wa_id})
    await client.act("say", "whatsapp", text="ciao")
    status, answer = await client.whatsapp(TEXT, to=f"+{dialled}")
    assert status == 200
    assert answer["contacts"] == [{"input": f"+{dialled}", "wa_id": wa_id}]
    await until(lambda: "read" in bot.statuses())
    assert {one["recipient_id"] for one in bot.with_key("status")} == {wa_id}
    assert [line["text"] for line in await client.thread("whatsapp")] == ["ciao", "ciao"]


# ---- sync or async


async def test_which_failures_come_at_once_can_be_chosen(rig: Any, bot: Any, until: Any, error: Any) -> None:
    client = await rig.start(sync_codes=[131026], both_codes=[131049])
    await client.meet()
    await client.act("say", "whatsapp", text="ciao")
    sent = await client.whatsapp(TEXT, to="+393990000000")
    assert error(sent)[:2] == (400, 131026) and bot.statuses() == []
    await client.control("/faults", {"kind": "failed", "code": 131049})
    body = {**TEXT, "biz_opaque_callback_data": "key-1"}
    assert error(await client.whatsapp(body))[1] == 131049
    await until(lambda: bot.statuses() == ["failed"])
    (told,) = bot.with_key("status")
    assert told["errors"][0]["code"] == 131049 and told["biz_opaque_callback_data"] == "key-1"
    await client.control("/faults", {"kind": "failed", "code": 131048})
    assert (await client.whatsapp(TEXT))[0] == 200, "what nobody chose is told later"


# ---- the dispatcher's oddities


async def _one(rig: Any, bot: Any, until: Any, kind: str, platform: str, text: str = "ciao") -> Json:
    client = await rig.start()
    await client.meet()
    await client.control("/faults", {"where": "webhook", "kind": kind})
    await client.act("say", platform, text=text)
    await until(lambda: bot.bodies)
    return dict(bot.bodies[0][1])


async def test_unknown_things_around_what_is_intact(rig: Any, bot: Any, until: Any) -> None:
    body = await _one(rig, bot, until, "unknown", "whatsapp")
    assert body["entry"][0] == {"id": "0", "x_unknown": {"nested": [1, None, {"deep": "x"}]}} or body["entry"][0] == {
        "id": "0"
    }
    changes = body["entry"][1]["changes"]
    assert changes[0]["field"] == "x_unknown_field"
    assert changes[1]["value"]["messages"][0]["text"] == {"body": "ciao"} and "x_unknown" in changes[1]["value"]


async def test_no_contacts_and_no_number(rig: Any, bot: Any, until: Any) -> None:
    value = (await _one(rig, bot, until, "no_contacts", "whatsapp"))["entry"][0]["changes"][0]["value"]
    assert "contacts" not in value and value["messages"]
    bot.bodies.clear()
    value = (await _one(rig, bot, until, "no_from", "whatsapp"))["entry"][0]["changes"][0]["value"]
    assert "from" not in value["messages"][0] and value["messages"][0]["from_user_id"]
    assert "wa_id" not in value["contacts"][0] and value["contacts"][0]["user_id"]


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_seconds_changes_and_the_same_twice(rig: Any, bot: Any, until: Any, platform: str) -> None:
    entry = (await _one(rig, bot, until, "seconds", platform))["entry"][0]
    assert entry["time"] < 10**11 and entry["messaging"][0]["timestamp"] < 10**11
    bot.bodies.clear()
    entry = (await _one(rig, bot, until, "changes", platform))["entry"][0]
    assert "messaging" not in entry and entry["changes"][0]["field"] == "messages"
    assert entry["changes"][0]["value"]["message"]["text"] == "ciao"
    bot.bodies.clear()
    entry = (await _one(rig, bot, until, "twice", platform))["entry"][0]
    assert len(entry["messaging"]) == 2 and entry["messaging"][0] == entry["messaging"][1]


async def test_milliseconds_on_whatsapp(rig: Any, bot: Any, until: Any) -> None:
    value = (await _one(rig, bot, until, "milliseconds", "whatsapp"))["entry"][0]["changes"][0]["value"]
    assert len(value["messages"][0]["timestamp"]) == 13


async def test_a_comment_in_the_bare_form(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start()
    await client.meet()
    await client.control("/faults", {"where": "webhook", "kind": "bare"})
    await client.act("comment", "instagram", text="how much?")
    await until(lambda: bot.bodies)
    entry = bot.bodies[0][1]["entry"][0]
    assert entry["field"] == "comments" and entry["value"]["text"] == "how much?" and "changes" not in entry


@pytest.mark.parametrize("kind", ["sha1_only", "no_signature"])
async def test_without_the_signature_that_counts(meta: Any, until: Any, kind: str) -> None:
    await meta.control("/faults", {"where": "webhook", "kind": kind})
    await meta.act("say", "messenger", text="ciao")

    def attempts() -> list[Json]:
        return [one for one in meta.emulator.meta.world.log.after(0, "webhook") if one.get("status") != 200]

    await until(attempts)
    assert attempts()[0]["status"] in (401, 500)


async def test_updates_are_gathered(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(webhook_batch=10)
    await client.meet()
    for number in range(4):
        await client.act("say", "whatsapp", text=str(number))
    await until(lambda: len(bot.with_key("type")) == 4)
    assert len(bot.bodies) < 4
    assert [one["text"]["body"] for one in bot.with_key("type")] == ["0", "1", "2", "3"]


async def test_a_page_whose_webhooks_fail_for_an_hour_is_unsubscribed(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(disable_after=3600, retry_horizon=10**9)
    await client.meet()
    bot.answers = [500] * 50
    await client.act("say", "messenger", text="ciao")
    await client.act("say", "whatsapp", text="ciao")
    await until(lambda: len(bot.answers) <= 46)
    await client.control("/clock", {"advance": 3601})
    await client.control("/webhooks/flush", {})

    def disabled() -> bool:
        return any(one["rule"] == "webhook.disabled" for one in client.emulator.meta.world.log.violations)

    await until(disabled)
    bot.answers.clear()
    bot.bodies.clear()
    await client.act("say", "messenger", text="anybody?")
    await client.act("say", "whatsapp", text="anybody?")
    await until(lambda: any(one.get("text") == {"body": "anybody?"} for one in bot.events("whatsapp")))
    assert not any((one.get("message") or {}).get("text") == "anybody?" for one in bot.events("messenger"))
    await client.call("POST", _paged(f"/{PAGE}/subscribed_apps?subscribed_fields=messages"), {})
    await client.act("say", "messenger", text="again")
    await until(lambda: any((one.get("message") or {}).get("text") == "again" for one in bot.events("messenger")))


# ---- rates


async def test_rates_of_private_replies_and_conversations(rig: Any, error: Any) -> None:
    client = await rig.start(rates={"private_replies_per_hour": 2, "conversations": 2})
    await client.meet()
    for platform, subcode in (("messenger", None), ("instagram", 2534040)):
        for number in range(3):
            made = await client.act("comment", platform, text="price?", post=f"{number}")
            body = {"recipient": {"comment_id": made["id"]}, "message": {"text": "10 euro"}}
            outcome = await client.call("POST", _paged("/v25.0/me/messages"), body)
            assert (outcome[0] == 200) is (number < 2), outcome
        assert error(outcome) == (400, 613, subcode)
        asked = [await client.call("GET", _paged(f"/me/conversations?platform={platform}")) for _ in range(3)]
        assert [one[0] for one in asked] == [200, 200, 400] and error(asked[2])[1] == 613
    await client.control("/clock", {"advance": 1801})
    made = await client.act("comment", "messenger", text="price?", post="9")
    body = {"recipient": {"comment_id": made["id"]}, "message": {"text": "10 euro"}}
    assert (await client.call("POST", _paged("/v25.0/me/messages"), body))[0] == 200


# ---- the smaller edges


async def test_conversations_tell_what_was_said(meta: Any) -> None:
    await meta.page("instagram", {"text": "benvenuta"})
    igsid = meta.person["phones"]["instagram"]["igsid"]
    fields = "messages{id,message,created_time,from}"
    path = f"/v25.0/{PAGE}/conversations?platform=instagram&user_id={igsid}&fields={fields}"
    status, answer = await meta.call("GET", _paged(path))
    assert status == 200
    (thread,) = answer["data"]
    assert [line["message"] for line in thread["messages"]["data"]] == ["benvenuta", "ciao"]
    assert [line["from"]["id"] for line in thread["messages"]["data"]] == [IG, igsid]


async def test_qr_links(meta: Any, error: Any) -> None:
    path = f"/v25.0/{NUMBER}/message_qrdls"
    body = {"prefilled_message": "Cyber Monday", "generate_qr_image": "SVG"}
    _, made = await meta.call("POST", path, body, **BEARER)
    assert made["deep_link_url"] == f"https://wa.me/message/{made['code']}" and made["qr_image_url"].endswith(".svg")
    _, changed = await meta.call("POST", path, {"prefilled_message": "Tuesday", "code": made["code"]}, **BEARER)
    assert (await meta.call("GET", path, **BEARER))[1]["data"] == [changed]
    one = f"{path}/{made['code']}"
    assert (await meta.call("GET", one, **BEARER))[1]["data"][0]["prefilled_message"] == "Tuesday"
    assert (await meta.call("DELETE", one, **BEARER))[1] == {"success": True}
    assert error(await meta.call("GET", one, **BEARER)) == (400, 100, 33)
    assert error(await meta.call("POST", path, {"prefilled_message": "x" * 141}, **BEARER))[:2] == (400, 100)


async def test_blocked_by_the_business(meta: Any, bot: Any, until: Any, error: Any) -> None:
    path, her = f"/v25.0/{NUMBER}/block_users", meta.person["phones"]["whatsapp"]["wa_id"]
    body = {"messaging_product": "whatsapp", "block_users": [{"user": f"+{her}"}]}
    _, answer = await meta.call("POST", path, body, **BEARER)
    assert answer["block_users"]["added_users"] == [{"input": f"+{her}", "wa_id": her}]
    assert error(await meta.whatsapp(TEXT))[:2] == (400, 130403)
    await meta.act("say", "whatsapp", text="hello?")
    assert [one["wa_id"] for one in (await meta.call("GET", path, **BEARER))[1]["data"]] == [her]
    assert (await meta.call("DELETE", path, body, **BEARER))[0] == 200
    await meta.act("say", "whatsapp", text="and now?")
    await until(lambda: bot.with_key("text"))
    assert [one["text"]["body"] for one in bot.with_key("text")] == ["and now?"]
    stranger = {"messaging_product": "whatsapp", "block_users": [{"user": "+393990000001"}]}
    assert error(await meta.call("POST", path, stranger, **BEARER))[1] == 139100


async def test_registration(rig: Any, error: Any) -> None:
    client = await rig.start(rates={"registrations_per_72_hours": 3})
    await client.meet()
    await client.act("say", "whatsapp", text="ciao")
    assert (await client.call("POST", f"/{NUMBER}/deregister", {}, **BEARER))[0] == 200
    assert error(await client.whatsapp(TEXT))[1] == 133010
    body = {"messaging_product": "whatsapp", "pin": "12345"}
    assert error(await client.call("POST", f"/{NUMBER}/register", body, **BEARER))[1] == 133005
    body["pin"] = "123456"
    assert (await client.call("POST", f"/{NUMBER}/register", body, **BEARER))[1] == {"success": True}
    assert (await client.whatsapp(TEXT))[0] == 200
    assert (await client.call("POST", f"/{NUMBER}/register", body, **BEARER))[0] == 200
    assert error(await client.call("POST", f"/{NUMBER}/register", body, **BEARER))[1] == 133016


async def test_who_a_token_speaks_for(meta: Any) -> None:
    _, pages = await meta.call("GET", _paged("/v25.0/me/accounts"))
    assert pages["data"][0]["id"] == PAGE and pages["data"][0]["access_token"] == PAGE_TOKEN
    assert (await meta.call("GET", _paged("/v25.0/me")))[1]["id"] == PAGE
    _, numbers = await meta.call("GET", "/v25.0/102290129340398/phone_numbers", **BEARER)
    assert numbers["data"][0]["id"] == NUMBER


async def test_tokens_are_exchanged(rig: Any, error: Any) -> None:
    client = await rig.start()
    app = f"client_id={APP}&client_secret={SECRET}"
    _, code = await client.call("GET", f"/v25.0/oauth/access_token?{app}&code=abc")
    assert code["access_token"] == WA_TOKEN
    _, long = await client.call("GET", f"/oauth/access_token?{app}&grant_type=fb_exchange_token&fb_exchange_token=t")
    assert long == {"access_token": PAGE_TOKEN, "token_type": "bearer", "expires_in": 60 * 86_400}
    _, own = await client.call("GET", f"/oauth/access_token?{app}&grant_type=client_credentials")
    assert own["access_token"] == f"{APP}|{SECRET}"
    wrong = f"/oauth/access_token?client_id={APP}&client_secret=guess&code=abc"
    assert error(await client.call("GET", wrong))[1] == 101


async def test_instagram_tokens_are_refreshed_after_a_day_and_not_when_they_are_dead(rig: Any, error: Any) -> None:
    client = await rig.start(instagram={"login": "instagram", "access_token": "ig-token"})
    exchange = f"/access_token?grant_type=ig_exchange_token&client_secret={SECRET}&access_token=ig-token"
    assert (await client.call("GET", exchange))[1]["expires_in"] == 60 * 86_400
    refresh = "/refresh_access_token?grant_type=ig_refresh_token&access_token=ig-token"
    assert error(await client.call("GET", refresh))[1] == 100
    await client.control("/clock", {"advance": 86_401})
    assert (await client.call("GET", refresh))[0] == 200
    assert error(await client.call("GET", refresh.replace("=ig-token", "=other-token")))[1] in (100, 190)
    await client.control("/clock", {"advance": 61 * 86_400})
    assert error(await client.call("GET", refresh)) == (401, 190, 463)
    body = {"recipient": {"id": "1"}, "message": {"text": "x"}}
    assert error(await client.call("POST", "/me/messages?access_token=ig-token", body)) == (401, 190, 463)


async def test_a_refreshed_token_is_a_new_one_and_the_old_one_works_until_its_end(rig: Any, error: Any) -> None:
    client = await rig.start(instagram={"login": "instagram", "access_token": "ig-token"})
    exchange = f"/access_token?grant_type=ig_exchange_token&client_secret={SECRET}&access_token=ig-token"
    await client.call("GET", exchange)
    await client.control("/clock", {"advance": 50 * 86_400})
    refresh = "/refresh_access_token?grant_type=ig_refresh_token&access_token="
    _, first = await client.call("GET", refresh + "ig-token")
    new = first["access_token"]
    assert new != "ig-token" and first["expires_in"] == 60 * 86_400
    body = {"recipient": {"id": "1"}, "message": {"text": "x"}}
    stranger = (400, 100, 2534014)
    for token in ("ig-token", new):
        assert error(await client.call("POST", f"/me/messages?access_token={token}", body)) == stranger
    assert error(await client.call("GET", refresh + new))[1] == 100  # a day old it has to be
    forged = new[:-1] + ("0" if new[-1] != "0" else "1")
    assert error(await client.call("POST", f"/me/messages?access_token={forged}", body))[1] == 190
    await client.control("/clock", {"advance": 11 * 86_400})
    assert error(await client.call("POST", "/me/messages?access_token=ig-token", body)) == (401, 190, 463)
    assert error(await client.call("POST", f"/me/messages?access_token={new}", body)) == stranger
    _, second = await client.call("GET", refresh + new)
    assert second["access_token"] not in ("ig-token", new)
    app = f"{APP}|{SECRET}"
    _, told = await client.call("GET", f"/debug_token?input_token={second['access_token']}&access_token={app}")
    assert told["data"]["is_valid"] and told["data"]["expires_at"] > 0


async def test_a_number_has_a_webhook_address_of_its_own(meta: Any, bot: Any, until: Any, error: Any) -> None:
    own = {"webhook_configuration": {"override_callback_uri": bot.url("own"), "verify_token": "demo-verify-token"}}
    assert (await meta.call("POST", f"/v25.0/{NUMBER}", own, **BEARER))[1] == {"success": True}
    await meta.act("say", "whatsapp", text="ciao")
    await until(lambda: bot.bodies)
    assert bot.bodies[0][0] == "own"
    wrong = {"webhook_configuration": {"override_callback_uri": bot.url("own"), "verify_token": "guess"}}
    assert error(await meta.call("POST", f"/v25.0/{NUMBER}", wrong, **BEARER))[1] == 2200
    gone = {"webhook_configuration": {"override_callback_uri": ""}}
    await meta.call("POST", f"/v25.0/{NUMBER}", gone, **BEARER)
    bot.bodies.clear()
    await meta.act("say", "whatsapp", text="ciao")
    await until(lambda: bot.bodies)
    assert bot.bodies[0][0] == "whatsapp"


# ---- the log


async def test_the_log_is_a_file_of_json_lines_and_counts_by_rule(rig: Any, tmp_path: Path) -> None:
    file = tmp_path / "meta.jsonl"
    client = await rig.start(log_file=str(file))
    await client.meet()
    for _ in range(2):
        await client.whatsapp({"type": "text", "text": {"body": "x" * 4097}})
    await client.page("messenger", {"text": "ciao"})
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [one["n"] for one in lines] == list(range(1, len(lines) + 1))
    told: dict[str, int] = {}
    for one in lines:
        if one["kind"] == "violation":
            told[one["rule"]] = told.get(one["rule"], 0) + 1
    assert len(told) == 2 and sorted(told.values()) == [1, 2]
    assert await client.control("/violations?by=rule") == dict(sorted(told.items()))
