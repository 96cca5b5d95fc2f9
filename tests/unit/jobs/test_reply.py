"""An operator's reply goes where she wishes to be written to, and says so where it cannot."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from tests.unit.jobs.linking import Links
from trinario.jobs.reply import Replied, reply


def play(scene: Callable[[Links], Awaitable[None]]) -> None:
    """Plays a scene with somebody whom we know on Instagram and on WhatsApp, and who wishes for WhatsApp."""

    async def whole() -> None:
        links = await Links().offered()
        await links.says(links.eve, "whatsapp", links.code)
        said = await links.says(links.ana, "instagram", "write me on WhatsApp")
        assert any("WhatsApp" in one for one in said), said
        await scene(links)
        assert links.machine.faults() == []

    asyncio.run(whole())


async def replied(links: Links, channel: str | None = None) -> Replied:
    contact, world, now = links.contact(links.ana, "instagram"), links.machine.world, links.clock.now()
    written = links.machine.store.run_now(lambda unit: reply(unit, world, contact, "Rita here", channel, "r1", now))
    assert written is not None
    await links.machine.work()
    return written


def test_it_goes_where_she_wishes_though_she_wrote_elsewhere() -> None:
    async def scene(links: Links) -> None:
        written = await replied(links)
        assert (written.channel, written.refusal, written.detail) == ("whatsapp", "", "")
        assert links.said(links.eve, "whatsapp")[-1] == "Rita here"

    play(scene)


def test_an_operator_who_names_a_channel_has_it() -> None:
    async def scene(links: Links) -> None:
        written = await replied(links, "instagram")
        assert (written.channel, written.refusal, written.detail) == ("instagram", "", "")

    play(scene)


def test_where_that_window_is_shut_it_goes_where_she_wrote_and_says_why() -> None:
    async def scene(links: Links) -> None:
        links.clock.move(links.clock.now() + timedelta(days=2))
        await links.says(links.ana, "instagram", "hello?")
        written = await replied(links)
        assert (written.channel, written.refusal) == ("instagram", "")
        assert written.detail == "she wishes to be written to on whatsapp, but the window of whatsapp is shut"

    play(scene)
