"""The question before a linking does not stand above stop words."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trinario.testing import webhooks
from trinario.testing.controlled import MovableClock
from trinario.testing.people import HER, Cast
from trinario.testing.run import load
from trinario.testing.worlds import Machine

DEMO = Path(__file__).parents[3] / "bots/demo"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("word", ["stop", "STOP!", "Basta", "unsubscribe"])
def test_a_stop_word_lets_go_of_the_link(word: str) -> None:
    loaded, clock = load(DEMO), MovableClock(AT)
    cast = Cast(loaded.settings, clock)
    machine, her = Machine(loaded, clock, cast.phones, cast.echoes), cast.person(HER, "messenger", "Ana")

    async def say(channel: str, text: str) -> None:
        await machine.hear(webhooks.writes(cast.line(her, channel), cast.ids.next(channel), clock.now(), text))
        await machine.work()

    async def follow_and_stop() -> None:
        await say("messenger", "hello")
        machine.rows("UPDATE contacts SET first_name = 'Ana' RETURNING id")
        await say("messenger", "Ana")
        target = cast.newest_link("link")
        assert target is not None
        line = cast.line(her, target.channel)
        await machine.hear(webhooks.opens(line, "m_follow", clock.now(), target.ref, first=True))
        await machine.work()
        await say(target.channel, word)

    asyncio.run(follow_and_stop())
    asked, last = cast.phones.shown[-2:]
    assert "A***" in asked.text
    assert "START" in last.text
    assert not last.options
    assert machine.rows("SELECT COUNT(*) FROM link_tokens WHERE used_at IS NOT NULL") == [(0,)]
    assert machine.rows("SELECT COUNT(*) FROM contacts WHERE pending_link IS NOT NULL") == [(0,)]
    assert machine.rows("SELECT COUNT(*) FROM contacts WHERE merged_into IS NULL") == [(2,)]
