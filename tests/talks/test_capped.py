"""The flows of the demo under rules that the demo does not have."""

import asyncio
from dataclasses import replace

from tests.processes import DEMO
from trinario.authoring.load import LoadedBot
from trinario.model.duration import Duration
from trinario.model.policy import Cap, Rules
from trinario.testing.reading import parse_talk
from trinario.testing.report import failed_text
from trinario.testing.run import load
from trinario.testing.talk import play

TWO_BASKETS = b"""
talk: two baskets in a morning; the reminder of the first is the marketing of that day
bot: demo
contact: {first_name: Ana, timezone: Europe/Rome, channels: [whatsapp]}
at: 2026-03-02T10:00+01:00
channel: messenger
steps:
  - user: catalogue please
  - bot: {contains: Lucky Garden}
  - event: cart.abandoned
    data: {cart_id: c1, items: [rose], url: "https://luckygarden.example/c1"}
  - event: cart.abandoned
    data: {cart_id: c2, items: [fern], url: "https://luckygarden.example/c2"}
  - after: 61m
  - bot: {contains: one thing}
  - expect: {refused: [cap]}
"""


def capped() -> LoadedBot:
    """The demo, with one piece of marketing a day."""
    loaded = load(DEMO)
    return replace(loaded, bot=replace(loaded.bot, policy=Rules(caps=(Cap(1, Duration(1)),))))


def test_the_reminder_of_a_basket_counts_for_the_cap() -> None:
    parsed = parse_talk(TWO_BASKETS, "two_baskets.yaml")
    assert parsed.talk is not None, parsed.issues
    played = asyncio.run(play(parsed.talk, capped()))
    assert played.passed, "\n" + failed_text(played)
    free = asyncio.run(play(parsed.talk, load(DEMO)))
    assert not free.passed, "without a cap she is reminded of both"
