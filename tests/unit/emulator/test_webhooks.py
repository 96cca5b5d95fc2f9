"""Webhooks: the signature, the envelopes, order, retries, duplicates and what the bot may do wrong."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from trinario.emulator.envelopes import signed_form
from trinario.emulator.webhook_post import signatures

VECTORS = [
    (
        b'{"object":"whatsapp_business_account","entry":[]}',
        "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    ),
    (
        b'{"object": "whatsapp_business_account", "entry": []}',
        "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
    ),
    (
        signed_form(
            {
                "object": "page",
                "entry": [{"id": "1", "time": 1, "messaging": [{"message": {"mid": "m_1", "text": "äöå"}}]}],
            }
        ),
        "0586ffa462fe5bb0bf70991f93e197995293a8d4dfc330ed517e6df29c8c0e3f",
    ),
]


@pytest.mark.parametrize(("body", "digest"), VECTORS)
def test_signature_vectors(body: bytes, digest: str) -> None:
    assert signatures("test_app_secret", body)["X-Hub-Signature-256"] == "sha256=" + digest


@pytest.mark.asyncio
async def test_bodies_are_escaped_compact_and_signed_as_sent(meta: Any, bot: Any, until: Any) -> None:
    await meta.act("say", "messenger", text="Grüße 🌱 花")
    await until(lambda: bot.raw[3:])
    raw = bot.raw[-1][0]
    assert b"Gr\\u00fc\\u00dfe \\ud83c\\udf31 \\u82b1" in raw
    assert raw == json.dumps(json.loads(raw), separators=(",", ":")).encode()
    assert bot.bad_signatures == 0


@pytest.mark.asyncio
async def test_shapes_of_the_three(meta: Any, bot: Any, until: Any) -> None:
    ids = meta.person["phones"]
    sent = [await meta.act("say", name, text="hi") for name in ("whatsapp", "messenger", "instagram")]
    await until(lambda: len(bot.bodies) == 3)
    bodies = dict(bot.bodies)
    value = bodies["whatsapp"]["entry"][0]["changes"][0]["value"]
    assert bodies["whatsapp"]["entry"][0]["id"] == "102290129340398"
    assert value["metadata"] == {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
    assert value["contacts"] == [{"profile": {"name": "Anna Bianchi"}, **ids["whatsapp"]}]
    message = value["messages"][0]
    assert message["from"] == ids["whatsapp"]["wa_id"] and message["from_user_id"] == ids["whatsapp"]["user_id"]
    assert message["id"] == sent[0]["id"] and isinstance(message["timestamp"], str)
    for place, name, account in ((1, "messenger", "1895382890692545"), (2, "instagram", "17841400008460056")):
        event = bodies[name]["entry"][0]["messaging"][0]
        assert event["recipient"] == {"id": account} and bodies[name]["entry"][0]["id"] == account
        assert event["sender"] == {"id": ids[name].get("psid") or ids[name]["igsid"]}
        assert event["message"] == {"mid": sent[place]["id"], "text": "hi"}
        assert event["timestamp"] > 10**12


@pytest.mark.asyncio
async def test_order_per_person_and_concurrency_between_people(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start()
    bot.delay = lambda body: 0.01
    await client.control("/people", [{"id": f"p{number}"} for number in range(8)])
    for number in range(10):
        for person in range(8):
            await client.act("say", "messenger", person=f"p{person}", text=f"{person}:{number}")
    await until(lambda: len(bot.bodies) == 80)
    said: dict[str, list[int]] = {}
    for event in bot.with_key("message"):
        person, number = event["message"]["text"].split(":")
        said.setdefault(person, []).append(int(number))
    assert all(numbers == list(range(10)) for numbers in said.values())
    assert bot.peak > 1


@pytest.mark.asyncio
async def test_failures_come_back_and_each_is_logged(meta: Any, bot: Any, until: Any) -> None:
    bot.answers = [500, 404, 302, 200]
    sent = await meta.act("say", "whatsapp", text="are you there")
    await until(lambda: bot.bodies)
    assert bot.events()[0]["id"] == sent["id"]
    await until(lambda: meta.emulator.meta.dispatcher.pending() == 0)
    attempts = [entry for entry in await meta.control("/log?kind=webhook") if entry["body"]["entry"][0].get("changes")]
    assert [entry["status"] for entry in attempts if "are you there" in json.dumps(entry)] == [500, 404, 302, 200]
    assert (await meta.control("/webhooks/pending")) == {"pending": 0, "waiting": []}


@pytest.mark.asyncio
async def test_a_bot_that_was_down_gets_everything(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(retry_scale=100.0, retry_cap=100)
    await client.meet()
    port = bot.port
    await bot.stop()
    for number in range(5):
        await client.act("say", "messenger", text=str(number))
    assert (await client.control("/webhooks/pending"))["pending"] == 5
    await bot.start(port)
    await asyncio.sleep(0.05)
    flushed = await client.control("/webhooks/flush", {})
    await until(lambda: len(bot.bodies) == 5)
    assert flushed["retried"] >= 1
    assert [event["message"]["text"] for event in bot.with_key("message")] == list("01234")


@pytest.mark.asyncio
async def test_ordered_retries_let_nothing_overtake(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(ordered_retries=True)
    await client.meet()
    bot.answers = [500, 500, 500, 200, 500, 200, 200]
    for number in range(4):
        await client.act("say", "messenger", text=str(number))
    await until(lambda: len(bot.bodies) == 4)
    assert [event["message"]["text"] for event in bot.with_key("message")] == list("0123")


@pytest.mark.asyncio
async def test_flush_wakes_an_ordered_lane(rig: Any, bot: Any, until: Any) -> None:
    client = await rig.start(ordered_retries=True, retry_scale=1000.0, retry_cap=1000)
    await client.meet()
    bot.answers = [500, 500]
    await client.act("say", "messenger", text="x")
    await until(lambda: not bot.answers)
    await asyncio.sleep(0.05)
    assert await client.control("/webhooks/flush", {}) == {"retried": 1}
    await until(lambda: bot.bodies)


@pytest.mark.asyncio
async def test_duplicates_reordering_losses_and_bad_signatures(meta: Any, bot: Any, until: Any) -> None:
    await meta.control("/faults", {"where": "webhook", "kind": "duplicate"})
    await meta.act("say", "messenger", text="twice")
    await until(lambda: len(bot.bodies) == 2)
    assert bot.raw[-1][0] == bot.raw[-2][0]
    await meta.control("/faults", {"where": "webhook", "kind": "reorder", "seconds": 0.1})
    await meta.act("say", "messenger", text="first")
    await meta.act("say", "messenger", text="second")
    await until(lambda: len(bot.bodies) == 4)
    assert [event["message"]["text"] for event in bot.events()[2:]] == ["second", "first"]
    await meta.control("/faults", {"where": "webhook", "kind": "bad_signature"})
    await meta.act("say", "messenger", text="forged")
    await until(lambda: bot.bad_signatures == 1)
    await meta.control("/faults", {"where": "webhook", "kind": "drop_before", "match": {"text_contains": "lost"}})
    await meta.act("say", "messenger", text="lost")
    await meta.control("/faults", {"where": "webhook", "kind": "drop_after_accept"})
    await meta.act("say", "messenger", text="again")
    await until(lambda: len(bot.bodies) == 6)
    assert [event["message"]["text"] for event in bot.events()[4:]] == ["again", "again"]
    assert await meta.control("/faults") == []


@pytest.mark.asyncio
async def test_verification(meta: Any, bot: Any) -> None:
    good = await meta.control("/subscribe", {"platform": "messenger", "url": bot.url("elsewhere")})
    assert good["verified"] and good["status"] == 200
    bad = await meta.control("/subscribe", {"platform": "messenger", "url": bot.url("x"), "verify_token": "no"})
    assert not bad["verified"] and bad["status"] == 403
    await meta.act("say", "messenger", text="to the new place")
    await asyncio.sleep(0.05)
    assert bot.bodies[-1][0] == "elsewhere"


@pytest.mark.asyncio
async def test_verification_when_it_starts(rig: Any, until: Any) -> None:
    client = await rig.start(verify_on_start=True)
    log = client.emulator.meta.world.log
    await until(lambda: len([entry for entry in log.after(0) if entry.get("verified")]) == 3)


@pytest.mark.asyncio
async def test_a_redirect_is_a_failure(meta: Any, bot: Any, until: Any) -> None:
    bot.answers = [301, 200]
    await meta.act("say", "messenger", text="x")
    await until(lambda: bot.bodies)
    statuses = [entry["status"] for entry in await meta.control("/log?kind=webhook")]
    assert statuses[-2:] == [301, 200] or statuses[-1] == 301


@pytest.mark.asyncio
async def test_raw_bodies(meta: Any, bot: Any) -> None:
    odd = {"object": "page", "entry": [{"id": "1895382890692545"}]}
    assert (await meta.control("/webhook/raw", {"platform": "messenger", "body": odd}))["status"] == 200
    forged = {"platform": "messenger", "body": odd, "signature": "bad"}
    assert (await meta.control("/webhook/raw", forged))["status"] == 401
    assert bot.bodies[-1] == ("messenger", odd)


@pytest.mark.asyncio
async def test_only_subscribed_fields_are_delivered(meta: Any, bot: Any, until: Any) -> None:
    path = "/v25.0/me/subscribed_apps?access_token=demo-page-token&subscribed_fields=messages,messaging_postbacks"
    assert (await meta.call("POST", path))[0] == 200
    await meta.page("messenger", {"text": "x", "metadata": "k"})
    await meta.act("say", "messenger", text="heard")
    await until(lambda: bot.bodies)
    await asyncio.sleep(0.1)
    assert [event["message"].get("text") for event in bot.events()] == ["heard"]
