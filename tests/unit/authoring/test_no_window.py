"""The window proof on a channel without a window: what is said once she wrote, and what before that; no templates."""

from pathlib import Path

import pytest

from trinario.authoring.check import check_bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.project import Project
from trinario.runtime.limits import LIMITS, WINDOWS

BOT = b"""bot: shop
locale: en
timezone: Europe/Rome
channels:
  telegram: {platform: telegram, bot_username: shop_bot, token: "7:a", secret_token: b}
  messenger: {platform: messenger, page_id: "2", page_name: shop, access_token: a, app_secret: b, verify_token: c}
flows: ["*"]
events: {order.paid: {order: text}}
"""
BY_WORD = "triggers: [{keyword: {en: [go]}, channels: [CHANNEL]}]"
BY_EVENT = "triggers: [{event: order.paid}]"


def codes(trigger: str, wait: str, channel: str) -> list[str]:
    """The faults of a flow that waits, and says something on one channel."""
    text = f"""flow: a
{trigger.replace("CHANNEL", channel)}
delivery: {{order: [{channel}]}}
steps:
  pause: {{wait: {wait}}}
  said: {{send: Here we are}}
"""
    read = parse_flow(text.encode(), "flows/a.yaml")
    assert not read.issues, read.issues
    bot = parse_bot(BOT, "bots/shop/bot.yaml", {})
    assert not bot.issues, bot.issues
    found = check_bot(Project(Path(), {"a": read}, {"shop": bot}, ()), LIMITS, WINDOWS)
    return [issue.code for issue in found if issue.severity == "error"]


@pytest.mark.parametrize("wait", ["1h", "40d", "900d"])
def test_nothing_shuts_once_she_has_written(wait: str) -> None:
    assert codes(BY_WORD, wait, "telegram") == []


def test_elsewhere_it_shuts_all_the_same() -> None:
    assert codes(BY_WORD, "40d", "messenger") == ["T204"]


def test_who_never_wrote_cannot_be_written_to() -> None:
    assert codes(BY_EVENT, "1h", "telegram") == ["T204"]


def test_two_channels_of_one_bot_are_one_account() -> None:
    again = b'  other: {platform: telegram, bot_username: shop_bot, token: "7:a", secret_token: b}\nflows'
    parsed = parse_bot(BOT.replace(b"flows", again, 1), "bots/shop/bot.yaml", {})

    assert [issue.code for issue in parsed.issues] == ["T017"]


def test_a_secret_that_telegram_would_refuse() -> None:
    parsed = parse_bot(BOT.replace(b"secret_token: b", b'secret_token: "no good"'), "bots/shop/bot.yaml", {})

    assert len(parsed.issues) == 1 and "letters, digits" in str(parsed.issues[0])
