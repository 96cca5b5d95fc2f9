"""Delivery plans in files: what is read, what a channel cannot tell, and plans that go nowhere."""

from datetime import timedelta

import pytest

from tests.unit.authoring.test_check import BOTH, check
from trinario.authoring.assemble import assemble
from trinario.authoring.parse_bot import parse_bot
from trinario.model.flow import Escalate
from trinario.runtime.build import LIMITS, WINDOWS


def codes(delivery: str, *, purpose: str = "service", bot: str = BOTH) -> list[str]:
    source = (
        f"flow: sale\npurpose: {purpose}\ntriggers: [{{keyword: sale}}]\nsteps:\n"
        f"  s: {{send: Hi, delivery: {delivery}}}\n"
    )
    return [one.code for one in check(source, bot=bot) if one.code in ("T165", "T166", "T167", "T168", "T011", "T013")]


def test_what_a_bot_says_is_read() -> None:
    text = BOTH + "delivery: {escalate: {after: 2m}, stop_when: replied, on_exhausted: notify}\n"
    bot = assemble(parse_bot(text.encode(), "bots/demo/bot.yaml", {}), {}, LIMITS, WINDOWS)
    escalate = bot.delivery.escalate
    assert isinstance(escalate, Escalate) and escalate.if_not == "delivered"
    assert escalate.after.elapsed == timedelta(minutes=2)
    assert (bot.delivery.stop_when, bot.delivery.on_exhausted) == ("replied", "notify")


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        ("{escalate: {if_not: delivered, after: 5m}}", []),
        ("{escalate: {if_not: sent, after: 5m}, stop_when: replied}", []),
        ("{stop_when: read}", ["T166"]),
        ("{escalate: {if_not: read, after: 5m}, stop_when: delivered}", ["T165", "T166"]),
        ("{order: [whatsapp], escalate: {if_not: sent, after: 5m}}", ["T166"]),
        ("{escalate: {if_not: sent, after: 2d}}", ["T168"]),
        ("{escalate: {if_not: read, after: 1h}}", ["T165"]),
    ],
)
def test_what_is_told(delivery: str, expected: list[str]) -> None:
    assert sorted(set(codes(delivery))) == expected


def test_marketing_is_never_sent_twice() -> None:
    assert "T167" in codes("{escalate: {if_not: delivered, after: 5m}}", purpose="marketing")
    assert "T167" not in codes("{escalate: {if_not: sent, after: 5m}}", purpose="marketing")
