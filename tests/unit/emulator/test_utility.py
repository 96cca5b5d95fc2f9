"""Utility messages of Messenger: templates of the Page, and messages that use them outside the window."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulator.conftest import PAGE, PAGE_TOKEN

pytestmark = pytest.mark.asyncio

BUTTONS = {"type": "BUTTONS", "buttons": [
    {"type": "QUICK_REPLY", "text": "Thanks"}, {"type": "URL", "text": "Track", "url": "https://shop.example/{{1}}"},
]}  # fmt: skip
FORM: dict[str, Any] = {
    "name": "order_sent", "language": "en", "category": "UTILITY", "parameter_format": "NAMED",
    "components": [{"type": "BODY", "text": "Order {{order}} is on its way."}, BUTTONS],
}  # fmt: skip
TAPS = {"type": "buttons", "parameters": [
    {"type": "POSTBACK", "payload": "Thanks"}, {"type": "URL", "url": "https://shop.example/4711"},
]}  # fmt: skip


async def _hand_in(meta: Any, **changes: Any) -> tuple[int, Any]:
    path = f"/v25.0/{PAGE}/message_templates?access_token={PAGE_TOKEN}"
    result: tuple[int, Any] = await meta.call("POST", path, {**FORM, **changes})
    return result


def _uses(*components: Any, name: str = "order_sent", language: str = "en") -> Any:
    body = {"type": "body", "parameters": [{"type": "text", "parameter_name": "order", "text": "4711"}]}
    return {"template": {"name": name, "language": {"code": language}, "components": list(components or (body, TAPS))}}


async def test_it_goes_when_the_window_is_shut(meta: Any, bot: Any, until: Any) -> None:
    await meta.act("say", "messenger", text="hello")
    assert (await _hand_in(meta))[1]["status"] == "APPROVED"
    assert (await _hand_in(meta))[0] == 400, "there already"
    await meta.control("/clock", {"advance": 3 * 86400})
    assert (await meta.page("messenger", {"text": "late"}))[0] == 400
    assert (await meta.page("messenger", _uses(), messaging_type="UTILITY"))[0] == 200
    shown = (await meta.thread("messenger"))[-1]
    assert shown["text"] == "Order 4711 is on its way."
    assert [one["title"] for one in shown["options"]] == ["Thanks", "Track"]
    await meta.act("tap", "messenger", title="Thanks")
    await until(lambda: bot.with_key("postback"))
    assert bot.with_key("postback")[0]["postback"]["payload"] == "Thanks"


async def test_what_such_a_message_must_bring(meta: Any) -> None:
    await meta.act("say", "messenger", text="hello")
    await _hand_in(meta)
    good = {"type": "text", "parameter_name": "order", "text": "4711"}
    other = {"type": "text", "parameter_name": "number", "text": "4711"}

    async def status(message: Any, **more: Any) -> int:
        return int((await meta.page("messenger", message, **{"messaging_type": "UTILITY", **more}))[0])

    assert await status(_uses(name="unknown")) == 400
    assert await status(_uses(language="it")) == 400
    assert await status(_uses({"type": "body", "parameters": []}, TAPS)) == 400
    assert await status(_uses({"type": "body", "parameters": [good, good]}, TAPS)) == 400
    assert await status(_uses({"type": "body", "parameters": [other]}, TAPS)) == 400
    assert await status(_uses({"type": "body", "parameters": [{**good, "text": ""}]}, TAPS)) == 400
    assert await status(_uses({"type": "body", "parameters": [good]})) == 400, "its buttons are missing"
    turned = {"type": "buttons", "parameters": TAPS["parameters"][::-1]}
    assert await status(_uses({"type": "body", "parameters": [good]}, turned)) == 400
    assert await status(_uses(), messaging_type="RESPONSE") == 400
    assert await status({"text": "no template"}) == 400
    assert await status(_uses()) == 200


async def test_what_cannot_be_handed_in(meta: Any) -> None:
    for category in ("MARKETING", "AUTHENTICATION"):
        assert (await _hand_in(meta, category=category))[0] == 400
    reply = {"type": "QUICK_REPLY", "text": "Thanks"}
    call = {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+390651"}
    body = FORM["components"][0]
    for buttons in ([reply] * 4, [call]):
        assert (await _hand_in(meta, components=[body, {"type": "BUTTONS", "buttons": buttons}]))[0] == 400
    assert (await _hand_in(meta, components=[body, {"type": "BUTTONS", "buttons": [reply] * 3}]))[0] == 200


async def test_one_that_waits_for_approval_is_refused_and_one_that_is_deleted_too(rig: Any) -> None:
    meta = await rig.start(messenger={"template_approval": "pending"})
    await meta.meet()
    await meta.act("say", "messenger", text="hello")
    assert (await _hand_in(meta))[1]["status"] == "PENDING"
    assert (await meta.page("messenger", _uses(), messaging_type="UTILITY"))[0] == 400
    path = f"/v25.0/{PAGE}/message_templates?access_token={PAGE_TOKEN}"
    assert [one["name"] for one in (await meta.call("GET", path))[1]["data"]] == ["order_sent"]
    assert (await meta.call("DELETE", f"{path}&name=order_sent"))[0] == 200
    assert (await meta.call("GET", path))[1]["data"] == []


async def test_one_under_review_is_refused_until_it_is_approved(rig: Any, until: Any) -> None:
    meta = await rig.start(messenger={"template_approval": "pending"})
    await meta.meet()
    await meta.act("say", "messenger", text="hello")
    assert (await _hand_in(meta))[1]["status"] == "PENDING"
    assert (await meta.page("messenger", _uses(), messaging_type="UTILITY"))[0] == 400
    await meta.control("/templates", {**{name: FORM[name] for name in ("name", "language")},
                                      "platform": "messenger", "status": "APPROVED"})  # fmt: skip
    assert (await meta.page("messenger", _uses(), messaging_type="UTILITY"))[0] == 200
    await until(lambda: _told(rig))
    ((field, value),) = _told(rig)
    assert field == "messenger_template_status_update"
    assert (value["event"], value["message_template_name"]) == ("APPROVED", "order_sent")


def _told(rig: Any) -> list[tuple[str, Any]]:
    """What the Page was told beside messages: (field, value)."""
    changes = [one for _, body in rig.bot.bodies for one in body["entry"][0].get("changes", ())]
    return [(one["field"], one["value"]) for one in changes]
