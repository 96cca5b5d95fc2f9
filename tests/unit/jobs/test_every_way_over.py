"""Links between each pair of channels, both ways: who follows one is one contact, is asked there, and can undo it."""

import asyncio
import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trinario.testing import updates, webhooks
from trinario.testing.controlled import MovableClock
from trinario.testing.people import HER, Cast, Target
from trinario.testing.run import load
from trinario.testing.worlds import Machine

CHANNELS = ("whatsapp", "messenger", "instagram", "telegram")
BOT = """
bot: shop
title: Lucky Garden
channels:
  whatsapp: {platform: whatsapp, phone_number_id: "1", phone: "+15550783881", access_token: a, app_secret: b, verify_token: c}
  messenger: {platform: messenger, page_id: "2", page_name: shop, app_id: "5", access_token: a, app_secret: b, verify_token: c}
  instagram: {platform: instagram, account_id: "3", page_id: "2", username: shop, login: facebook, access_token: a, app_secret: b, verify_token: c}
  telegram: {platform: telegram, bot_username: shop_bot, token: "7770001112:a", secret_token: d}
flows: [go]
"""
FLOW = """
flow: go
triggers: [{{keyword: [go]}}]
steps:
  over: {{switch_channel: {target}, confirm: false}}
  colour: {{ask: "Which colour?", choices: [Red, Blue]}}
"""


def _bot(folder: Path, target: str) -> Path:
    for name, text in (("bots/shop/bot.yaml", BOT), ("flows/go.yaml", FLOW.format(target=target))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "bots/shop"


@pytest.mark.parametrize(("here", "there"), list(itertools.permutations(CHANNELS, 2)))
def test_from_one_to_the_other_and_apart_again(here: str, there: str, tmp_path: Path) -> None:
    loaded, clock = load(_bot(tmp_path, there)), MovableClock(datetime(2026, 3, 2, 10, tzinfo=UTC))
    cast = Cast(loaded.settings, clock)
    machine, ana = Machine(loaded, clock, cast.phones, cast.echoes), cast.person(HER, here)

    async def say(channel: str, text: str) -> list[str]:
        wire = updates if channel == "telegram" else webhooks
        return await do(channel, wire.writes(cast.line(ana, channel), cast.ids.next(channel), clock.now(), text))

    async def follow(target: Target) -> list[str]:
        if target.text:
            return await say(there, target.text)
        wire = updates if there == "telegram" else webhooks
        body = wire.opens(cast.line(ana, there), cast.ids.next(there), clock.now(), target.ref, first=True)
        return await do(there, body)

    async def do(channel: str, body: bytes) -> list[str]:
        before = len(cast.shown_to(ana, channel))
        await machine.hear(body, channel)
        await machine.work()
        return [shown.text for shown in cast.shown_to(ana, channel)[before:]]

    async def whole() -> None:
        await say(here, "go")
        target = cast.newest_link("link")
        assert target is not None and target.channel == there
        assert await follow(target) == ["Which colour?"]
        assert cast.shown_to(ana, here)[-1].text.endswith("Was that not you? Write UNLINK.")
        assert machine.rows("SELECT COUNT(DISTINCT contact_id) FROM identities") == [(1,)]
        assert await say(here, "Unlink") == ["Done: these are two separate conversations again.", "Which colour?"]
        assert machine.rows("SELECT COUNT(DISTINCT contact_id) FROM identities") == [(2,)]
        assert machine.faults() == []

    asyncio.run(whole())
