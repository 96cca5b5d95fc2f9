"""What platforms show beside a conversation: set once, set anew with other flows, tried again after a refusal."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from tests.unit.channels.judging import FITTING
from trinario.model.bot import Bot
from trinario.model.channel import Channel
from trinario.model.flow import Flow, Send, Trigger
from trinario.ports import Opening, Tongues
from trinario.runtime.shopfront import Front, Shopfront
from trinario.runtime.titles import titled, tongues
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore, SqliteStore
from trinario.testing.controlled import MovableClock

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Page:
    """A platform that refuses as often as it is told to, and remembers what it was asked."""

    channel = "messenger"

    def __init__(self, *refusals: str) -> None:
        self.refusals = list(refusals)
        self.asked: list[tuple[Mapping[str, str], Mapping[str, str]]] = []
        self.greetings: list[Mapping[str, str]] = []
        self.taken_away: list[Mapping[str, str]] = []

    async def set_up(
        self, starters: Mapping[str, str], menu: Mapping[str, str] | None = None, tongues: Tongues | None = None
    ) -> list[str]:
        self.asked.append((starters, menu or {}))
        return [self.refusals.pop(0)] if self.refusals else []

    async def greet(self, texts: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
        (self.greetings if texts else self.taken_away).append(texts or ours)
        return []


class Number(Page):
    """One that offers sentences and commands in a new chat."""

    channel = "whatsapp"

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[tuple[Opening, Opening]] = []

    async def open_with(self, wanted: Opening, ours: Opening) -> list[str]:
        self.opened.append((wanted, ours))
        return []


def shopfront(page: Page, fronts: list[Front], rest: float = 0.01, store: SqliteStore | None = None) -> Shopfront:
    kept = store or MemoryStore()
    if isinstance(kept, MemoryStore):
        kept.run_now(lambda unit: upgrade(unit.conn))
    return Shopfront(lambda: [page], lambda name: fronts[-1], kept, MovableClock(NOW), rest)  # type: ignore[list-item]


FRONT = Front({"Hours?": "trigger/1"}, {"Help": "trigger/2"}, {"default": "Ciao!"})


async def reached(page: Page, count: int) -> None:
    while len(page.asked) < count:
        await asyncio.sleep(0.001)


async def test_what_stands_there_is_not_set_again() -> None:
    page = Page()
    front = shopfront(page, [FRONT])
    assert await front.look()
    assert await front.look()
    assert page.asked == [(FRONT.starters, FRONT.menu)]
    assert page.greetings == [FRONT.greeting]


async def test_a_refusal_is_tried_again_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "trinario.process")
    page = Page("too many calls", "too many calls")
    task = asyncio.create_task(shopfront(page, [FRONT]).run())
    await asyncio.wait_for(reached(page, 3), 5)
    task.cancel()
    assert [record.getMessage() for record in caplog.records] == ["channel messenger: too many calls"]
    assert len(page.asked) == 3


async def test_other_flows_do_not_wait_for_the_next_try() -> None:
    page, fronts = Page("no"), [FRONT]
    front = shopfront(page, fronts, rest=3600.0)
    task = asyncio.create_task(front.run())
    await asyncio.wait_for(reached(page, 1), 5)
    fronts.append(Front({}, {}, {}))
    front.changed()
    await asyncio.wait_for(reached(page, 2), 5)
    task.cancel()
    assert page.asked[-1] == ({}, {})


def bot_with(*triggers: Trigger) -> Bot:
    """A bot in Italian on two channels, with one flow."""
    channels = {name: Channel(name, name, FITTING[name].limits) for name in ("messenger", "telegram")}
    flow = Flow("doors", "r1", {"s": Send(name="s", messages=())}, triggers=triggers)
    return Bot("shop", "it", "Europe/Rome", channels, {"doors": flow})


def test_titles_stand_in_every_language_that_somebody_wrote() -> None:
    hours = Trigger("menu", "Opening hours", {"en": ("Opening hours",), "it": ("Orari",), "de": ("Zeiten",)})
    help_ = Trigger("menu", "Aiuto")
    there = Trigger(
        "ice_breaker",
        "Dove siete?",
        {"it": ("Dove siete?",), "en": ("Where are you?",)},
        channels=frozenset({"messenger"}),
    )
    bot = bot_with(hours, help_, there)
    assert titled(bot, "menu", "messenger", "it") == {
        "Orari": "trigger/menu/Opening hours",
        "Aiuto": "trigger/menu/Aiuto",
    }
    found = tongues(bot, "messenger")
    assert list(found) == ["de_DE", "en_US"]
    assert found["en_US"] == (
        {"Where are you?": "trigger/ice_breaker/Dove siete?"},
        {"Opening hours": "trigger/menu/Opening hours", "Aiuto": "trigger/menu/Aiuto"},
    )
    assert found["de_DE"][0] == {"Dove siete?": "trigger/ice_breaker/Dove siete?"}
    assert tongues(bot, "telegram")["en_US"][0] == {}
    assert tongues(bot_with(help_), "messenger") == {}


async def test_a_greeting_that_is_no_longer_in_the_bot_is_taken_away_also_by_another_process() -> None:
    store, page = SqliteStore(":memory:"), Page()
    await store.run(lambda unit: upgrade(unit.conn))
    assert await shopfront(page, [Front({}, {}, {"default": "Ciao!"})], store=store).look()
    assert (page.greetings, page.taken_away) == ([{"default": "Ciao!"}], [])
    assert await shopfront(page, [Front({}, {}, {})], store=store).look()
    assert page.taken_away == [{"default": "Ciao!"}]
    await store.close()


async def test_what_we_have_put_up_is_remembered_beyond_the_end_of_a_process() -> None:
    store, number = SqliteStore(":memory:"), Number()
    await store.run(lambda unit: upgrade(unit.conn))
    starters = {"Hello!": "GET_STARTED", "Hours?": "trigger/1"}
    shown = Opening(("Hours?",), {"hours": "When"})
    assert await shopfront(number, [Front(starters, {}, {}, {}, {"hours": "When"})], store=store).look()
    assert await shopfront(number, [Front({}, {}, {})], store=store).look()
    assert number.opened == [(shown, Opening()), (Opening(), shown)]
    await store.close()
