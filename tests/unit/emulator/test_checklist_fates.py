"""The lines of the emulator's checklist that need a story: codes in answers and statuses, windows, webhooks, rates (meta.md §13.3-13.9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulator.conftest import NUMBER, PAGE_TOKEN, WA_TOKEN, Client
from trinario.emulator.config import Rates
from trinario.emulator.rates import Gates
from trinario.emulator.refusal import STATUS_OF_CODE, Refused

Json = dict[str, Any]
TEXT: Json = {"type": "text", "text": {"body": "ciao"}}
DAY = 86_400
BEARER = {"headers": {"Authorization": f"Bearer {WA_TOKEN}"}}


def template(name: str, category: str) -> Json:
    return {"name": name, "language": "en", "category": category, "components": [{"type": "BODY", "text": "Hello"}]}


OFFER = template("offer", "MARKETING")
NEWS = template("news", "UTILITY")


def sent(name: str) -> Json:
    return {"type": "template", "template": {"name": name, "language": {"code": "en"}}}


async def anna(rig: Any, **config: Any) -> Client:
    account = {"templates": [OFFER, NEWS], **config.pop("whatsapp", {})}
    client: Client = await rig.start(whatsapp=account, **config)
    await client.meet()
    for platform in ("whatsapp", "messenger", "instagram"):
        await client.act("say", platform, text="ciao")
    return client


# ---- 13.3: codes in answers and in statuses

SYNC = {
    0: 401, 3: 500, 4: 400, 10: 403, 33: 400, 100: 400, 190: 401, 200: 403, 299: 403, 368: 403, 80007: 400,
    130429: 400, 131005: 403, 131008: 400, 131009: 400, 131016: 500, 131021: 400, 131030: 400, 131031: 403,
    131045: 500, 131055: 400, 131056: 400, 131057: 500, 131062: 400, 131063: 400, 132000: 400, 132001: 404,
    132005: 400, 132007: 400, 132008: 400, 132012: 400, 132015: 400, 132016: 400, 132068: 400, 132069: 400,
    133010: 400, 134100: 400, 134101: 400, 134102: 500, 135000: 400, 2: 503, 130497: 403, 131000: 500, 133004: 503,
}  # fmt: skip
ASYNC = (130472, 130497, 131000, 131026, 131042, 131047, 131048, 131049, 131050, 131053, 132015, 131064)


async def test_every_code_can_be_asked_for_in_the_answer(meta: Any, error: Any) -> None:
    for code, http in SYNC.items():
        await meta.control("/faults", {"kind": "code", "code": code, "platform": "whatsapp"})
        assert error(await meta.whatsapp(TEXT)) == (http, code, None)
        assert STATUS_OF_CODE.get(code, 400) == http
    assert await meta.control("/messages") == []


async def test_every_code_can_be_asked_for_in_a_status(meta: Any, bot: Any, until: Any) -> None:
    for code in ASYNC:
        await meta.control("/faults", {"kind": "failed", "code": code})
        status, answer = await meta.whatsapp({**TEXT, "biz_opaque_callback_data": str(code)})
        assert status == 200 and answer["messages"][0]["id"].startswith("wamid.")
    await until(lambda: len(bot.with_key("status")) == len(ASYNC))
    told = {one["biz_opaque_callback_data"]: one for one in bot.with_key("status")}
    for code in ASYNC:
        one = told[str(code)]
        assert one["status"] == "failed" and isinstance(one["timestamp"], str) and "pricing" not in one
        (failure,) = one["errors"]
        assert failure["code"] == code and set(failure) == {"code", "title", "message", "error_data", "href"}
        assert failure["error_data"]["details"]


async def test_every_code_can_be_told_in_the_answer_the_status_or_both(rig: Any, bot: Any, until: Any) -> None:
    client = await anna(rig, sync_codes=list(ASYNC[:6]), both_codes=list(ASYNC[6:]))
    for code in ASYNC:
        await client.control("/faults", {"kind": "failed", "code": code})
        status, answer = await client.whatsapp(TEXT)
        assert status >= 400 and answer["error"]["code"] == code
    await until(lambda: len(bot.with_key("status")) == 6)
    assert [one["errors"][0]["code"] for one in bot.with_key("status")] == list(ASYNC[6:])


async def failures(client: Client, bot: Any, until: Any, *contents: Json, **more: Any) -> list[int]:
    """The codes with which these failed later, 0 for those that arrived."""
    ids = []
    for content in contents:
        status, answer = await client.whatsapp(content, **more)
        assert status == 200, answer
        ids.append(answer["messages"][0]["id"])

    def told() -> list[int]:
        known = {one["id"]: one for one in bot.with_key("status") if one["status"] in ("failed", "delivered")}
        return [known[one].get("errors", [{"code": 0}])[0]["code"] for one in ids if one in known]

    await until(lambda: len(told()) == len(ids))
    return told()


async def test_what_fails_by_itself(rig: Any, bot: Any, until: Any) -> None:
    client = await anna(rig)
    await client.act("opt_out", "whatsapp")
    assert await failures(client, bot, until, TEXT, sent("offer"), sent("news")) == [0, 131050, 0]
    await client.act("opt_in", "whatsapp")
    assert await failures(client, bot, until, sent("offer")) == [0]
    await client.control("/clock", {"advance": DAY + 1})
    assert await failures(client, bot, until, TEXT, sent("offer"), sent("news")) == [131047, 0, 0]
    await client.act("block", "whatsapp")
    assert await failures(client, bot, until, TEXT, sent("news")) == [131026, 131026]
    assert await failures(client, bot, until, sent("news"), to="+393990000000") == [131026]


async def test_caps_limits_and_money(rig: Any, bot: Any, until: Any) -> None:
    limits = {"marketing_cap": 2, "messaging_limit": 1, "payment_method": False, "no_marketing_to": ["1"]}
    client = await anna(rig, whatsapp=limits)
    berta = await client.control("/people", {"id": "berta", "phone": "+39 333 5550002"})
    number = "+" + berta["phones"]["whatsapp"]["wa_id"]
    usa = await client.control("/people", {"id": "carol", "phone": "+1 415 555 0100"})
    american = "+" + usa["phones"]["whatsapp"]["wa_id"]
    assert await failures(client, bot, until, sent("offer"), sent("news"), to=american) == [131049, 0]
    assert await failures(client, bot, until, sent("news"), to=number) == [131048], "one person a day, and none beside"
    assert await failures(client, bot, until, *[sent("offer")] * 4) == [0] * 4, "no cap inside her window"
    await client.control("/clock", {"advance": DAY + 1})
    her = await failures(client, bot, until, *[sent("offer")] * 3)
    assert her == [0, 0, 131049]
    assert await failures(client, bot, until, sent("news"), to=number) == [131048]
    _, known = await client.call("GET", f"/{NUMBER}?fields=whatsapp_business_manager_messaging_limit", **BEARER)
    assert known["whatsapp_business_manager_messaging_limit"] == "TIER_1"
    await client.act("say", "whatsapp", text="ciao")
    month = client.emulator.meta.world.services  # type: ignore[attr-defined]
    assert await failures(client, bot, until, TEXT) == [0]
    month[next(iter(month))] = 1000
    assert await failures(client, bot, until, TEXT, sent("news")) == [131042, 0]


async def test_all_is_free_for_three_days_after_an_ad_that_was_answered(rig: Any, bot: Any, until: Any) -> None:
    client = await anna(rig)
    await client.act("ad", "whatsapp", text="hi")
    await client.control("/clock", {"advance": DAY - 100})
    bot.bodies.clear()

    async def price(content: Json, count: int) -> tuple[str, bool]:
        await client.whatsapp(content)
        await until(lambda: sum("pricing" in one for one in bot.with_key("status")) == count)
        pricing = [one for one in bot.with_key("status") if "pricing" in one][-1]["pricing"]
        return pricing["type"], pricing["billable"]

    assert await price(TEXT, 2) == ("free_entry_point", False)
    await client.control("/clock", {"advance": 3 * DAY - 100})
    assert await price(sent("offer"), 4) == ("free_entry_point", False)
    await client.control("/clock", {"advance": 200})
    assert await price(sent("offer"), 6) == ("regular", True)


# ---- 13.4: windows, to the second


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_windows_shut_after_a_day_and_for_people_after_seven(rig: Any, error: Any, platform: str) -> None:
    client, subcode = await anna(rig), 2018278 if platform == "messenger" else 2534022
    human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    await client.control("/clock", {"advance": DAY - 60})
    assert (await client.page(platform, {"text": "x"}))[0] == 200
    await client.control("/clock", {"advance": 61})
    for kind in ("RESPONSE", "UPDATE"):
        assert error(await client.page(platform, {"text": "x"}, messaging_type=kind))[1:] == (10, subcode)
    assert error(await client.page(platform, None, sender_action="typing_on"))[1:] == (10, subcode)
    await client.control("/clock", {"advance": 6 * DAY - 60})
    assert (await client.page(platform, {"text": "x"}, **human))[0] == 200
    await client.control("/clock", {"advance": 61})
    assert error(await client.page(platform, {"text": "x"}, **human))[1:] == (10, subcode)
    await client.act("react", platform, message_id=(await client.thread(platform))[-1]["id"], emoji="❤")
    assert (await client.page(platform, {"text": "x"}))[0] == 200


@pytest.mark.parametrize(("platform", "subcode"), [("messenger", None), ("instagram", 2534025)])
async def test_a_comment_is_answered_once_within_a_week(rig: Any, error: Any, platform: str, subcode: Any) -> None:
    client = await anna(rig)

    async def answer(comment: str) -> tuple[int, Any]:
        body = {"recipient": {"comment_id": comment}, "message": {"text": "10 euro"}}
        return await client.call("POST", f"/v25.0/me/messages?access_token={PAGE_TOKEN}", body)

    first, second = [(await client.act("comment", platform, text="?", post=str(n)))["id"] for n in range(2)]
    status, told = await answer(first)
    assert status == 200 and set(told) == {"message_id"}, "whose comment it was is not told"
    assert error(await answer(first)) == (400, 100, subcode)
    await client.control("/clock", {"advance": 7 * DAY + 1})
    assert error(await answer(second)) == (400, 100, subcode)


# ---- 13.7: the dispatcher


async def test_tries_come_at_once_then_after_powers_of_four_up_to_the_cap(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(retry_scale=1000.0, retry_cap=100.0)
    await client.meet()
    bot.answers = [500] * 7
    await client.act("say", "whatsapp", text="ciao")
    pauses: list[float] = []
    for attempts in range(2, 8):
        await until(lambda n=attempts: [one["attempts"] for one in client.emulator.meta.dispatcher.waiting()] == [n])
        ((one),) = (await client.control("/webhooks/pending"))["waiting"]
        pauses.append(one["pause"] / 1000.0)
        assert (one["platform"], one["field"], one["person"]) == ("whatsapp", "messages", "anna")
        await client.control("/webhooks/flush", {})
    assert pauses == [1.0, 4.0, 16.0, 64.0, 100.0, 100.0]
    await until(lambda: bot.bodies)
    assert await client.control("/webhooks/pending") == {"pending": 0, "waiting": []}


async def test_a_webhook_is_tried_for_a_week_and_then_never_again(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(retry_scale=1000.0, disable_after=0)
    await client.meet()
    bot.answers = [500] * 4
    await client.act("say", "messenger", text="ciao")
    await until(lambda: [one["attempts"] for one in client.emulator.meta.dispatcher.waiting()] == [2])
    await client.control("/clock", {"advance": 7 * DAY - 60})
    await client.control("/webhooks/flush", {})
    await until(lambda: [one["attempts"] for one in client.emulator.meta.dispatcher.waiting()] == [3])
    await client.control("/clock", {"advance": 61})
    await client.control("/webhooks/flush", {})
    await until(lambda: client.emulator.meta.dispatcher.pending() == 0)
    assert [one["rule"] for one in await client.control("/violations")] == ["webhook.never_accepted"]
    assert bot.bodies == []


@pytest.mark.parametrize("answer", [201, 204, 302, 400, 401, 404, 500, 503])
async def test_only_200_is_an_answer(rig: Any, bot: Any, until: Any, answer: int) -> None:
    client = await rig.start()
    await client.meet()
    bot.answers = [answer]
    await client.act("say", "instagram", text="ciao")
    await until(lambda: bot.bodies)
    tries = [one["status"] for one in await client.control("/log?kind=webhook")]
    assert tries == [answer, 200]


async def test_who_answers_after_the_time_limit_hears_it_again(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(webhook_timeout=0.2)
    await client.meet()
    slow = iter([0.5])
    bot.delay = lambda body: next(slow, 0.0)
    await client.act("say", "whatsapp", text="ciao")
    await until(lambda: len(bot.bodies) >= 2)
    assert bot.bodies[0] == bot.bodies[1]


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_an_account_is_unsubscribed_after_an_hour_of_failures_alone(rig: Any, bot: Any, until: Any, platform: str) -> None:  # fmt: skip
    client = await rig.start(retry_scale=1000.0)
    await client.meet()
    meta = client.emulator.meta
    bot.answers = [500] * 3
    await client.act("say", platform, text="one")
    await until(lambda: [one["attempts"] for one in meta.dispatcher.waiting()] == [2])
    await client.control("/clock", {"advance": 3590})
    await client.control("/webhooks/flush", {})
    await until(lambda: [one["attempts"] for one in meta.dispatcher.waiting()] == [3])
    await client.act("say", platform, text="two")
    await until(lambda: bot.bodies)  # something went well: the hour begins anew
    bot.answers = [500]
    await client.control("/clock", {"advance": 3590})
    await client.control("/webhooks/flush", {})
    await until(lambda: [one["attempts"] for one in meta.dispatcher.waiting()] == [4])
    bot.answers = [500]
    await client.control("/clock", {"advance": 3601})
    await client.control("/webhooks/flush", {})
    await until(lambda: any(one["rule"] == "webhook.disabled" for one in meta.world.log.violations))
    assert meta.world.subscriptions[platform]["fields"] == []


# ---- 13.9: buckets, by a clock that stands


def _first_refusal(call: Any, most: int = 5000) -> tuple[int, int]:
    """(calls that were taken, code of the refusal)."""
    for count in range(most):
        try:
            call()
        except Refused as refused:
            return count, refused.code
    raise AssertionError("nothing was refused")


GATES: dict[str, tuple[Any, int, int, float]] = {
    "the number": (lambda it, at: it.whatsapp("n", str(at) + str(len(it._buckets)), at), 80, 130429, 80.0),
    "the pair": (lambda it, at: it.whatsapp("n" + str(at), "her", at), 45, 131056, 1 / 6),
    "the page": (lambda it, at: it.page("messenger", "p", False, at), 300, 613, 300.0),
    "instagram": (lambda it, at: it.page("instagram", "i", False, at), 300, 613, 300.0),
    "audio and video": (lambda it, at: it.page("messenger", "p", True, at), 10, 613, 10.0),
    "reading threads": (lambda it, at: it.conversations("messenger", at), 2, 613, 2.0),
    "private replies": (lambda it, at: it.private_reply("messenger", False, at), 750, 613, 750 / 3600),
    "private replies while live": (lambda it, at: it.private_reply("instagram", True, at), 100, 613, 100.0),
    "profiles": (lambda it, at: it.profile("messenger", at), 10, 613, 10 / 600),
    "registrations": (lambda it, at: it.registration("n", at), 10, 133016, 10 / 259_200),
}


@pytest.mark.parametrize("name", GATES)
async def test_each_bucket_holds_what_it_should_and_fills_as_it_should(name: str) -> None:
    call, burst, code, pace = GATES[name]
    gates = Gates(Rates())
    assert _first_refusal(lambda: call(gates, 1000.0)) == (burst, code)
    if name == "the number":
        return  # each call is for another person, whose bucket is new
    later = 1000.0 + 1.001 / pace
    call(gates, later)
    with pytest.raises(Refused):
        call(gates, later)
    assert _first_refusal(lambda: call(gates, later + 1.001 * burst / pace)) == (burst, code)


@pytest.mark.parametrize("pace", [20, 80, 1000])
async def test_profiles_of_a_number(pace: int) -> None:
    gates, taken = Gates(Rates(whatsapp_number=pace)), 0
    for tenth in range(50):
        for n in range(pace):
            try:
                gates.whatsapp("n", f"{tenth}-{n}", 1000.0 + tenth / 10)
                taken += 1
            except Refused as refused:
                assert refused.code == 130429
                break
    assert taken == pytest.approx(pace + 4.9 * pace, abs=pace / 10 + 1)


async def test_what_people_write_counts_against_the_number() -> None:
    gates = Gates(Rates())
    for _ in range(60):
        gates.heard("n", 1000.0)
    names = iter(range(1000))
    assert _first_refusal(lambda: gates.whatsapp("n", str(next(names)), 1000.0)) == (20, 130429)
