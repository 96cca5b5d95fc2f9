"""Messenger's feedback card on the phone: its marks can be tapped, and the bot hears which question they answer."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio


def _card(**changes: Any) -> Any:
    question = {"id": "visit_2f1", "type": "nps", "title": "Would you recommend us?"}
    payload = {
        "template_type": "customer_feedback", "title": "Your visit", "subtitle": "It takes a second",
        "button_title": "Rate us", "feedback_screens": [{"questions": [{**question, **changes.pop("question", {})}]}],
        "business_privacy": {"url": "https://shop.example/privacy"}, "expires_in_days": 7, **changes,
    }  # fmt: skip
    return {"attachment": {"type": "template", "payload": payload}}


async def test_a_mark_is_given(meta: Any, bot: Any, until: Any) -> None:
    await meta.act("say", "messenger", text="hello")
    assert (await meta.page("messenger", _card()))[0] == 200
    shown = (await meta.thread("messenger"))[-1]
    assert shown["text"] == "Your visit\nWould you recommend us?"
    assert [one["title"] for one in shown["options"]] == [str(mark) for mark in range(11)]
    await meta.act("tap", "messenger", title="9", words="Lovely")
    await until(lambda: bot.with_key("messaging_feedback"))
    screens = bot.with_key("messaging_feedback")[0]["messaging_feedback"]["feedback_screens"]
    answer = {"type": "nps", "payload": "9", "follow_up": {"type": "free_form", "payload": "Lovely"}}
    assert screens == [{"screen_id": 0, "questions": {"visit_2f1": answer}}]


async def test_a_card_of_another_form_is_refused(meta: Any) -> None:
    await meta.act("say", "messenger", text="hello")
    for wrong in (
        {"title": "x" * 66}, {"subtitle": "x" * 81}, {"button_title": "x" * 21}, {"expires_in_days": 8},
        {"question": {"title": "Hm?!"}}, {"question": {"title": "x" * 86}}, {"question": {"type": "stars"}},
        {"question": {"id": "with-a-dash"}}, {"question": {"score_label": "so_so"}},
    ):  # fmt: skip
        assert (await meta.page("messenger", _card(**wrong)))[0] == 400, wrong
