"""Housekeeping by time tables: one process does it, once a time on the wall, and a fault costs that time alone."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.conftest import AnyStore
from trinario.authoring.housekeeping_settings import housekeeping_of
from trinario.authoring.parse_bot import parse_bot
from trinario.jobs.template_news import seen
from trinario.model.housekeeping import Housekeeping
from trinario.ports import TemplateState
from trinario.runtime.housekeeper import Housekeeper
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore

pytestmark = pytest.mark.asyncio
BEGIN = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
"""Midnight in Rome, in the night in which 2 o'clock comes twice."""


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> datetime:
        return self.at


class House:
    """Processes over one store, and what they did when."""

    def __init__(self, store: AnyStore, **lines: str) -> None:
        self.store, self.clock, self.done = store, Clock(), list[datetime]()
        self.rules, self.breaks = Housekeeping(lines), False

    def process(self) -> Housekeeper:
        return Housekeeper(self.store, lambda: (self.rules, "Europe/Rome"), self.clock, {"retention": self._work})

    async def _work(self) -> None:
        self.done.append(self.clock.at)
        if self.breaks:
            raise RuntimeError("a fault of ours")

    async def passes(self, hours: int, *processes: Housekeeper, minutes: int = 15) -> None:
        until = self.clock.at + timedelta(hours=hours)
        while self.clock.at < until:
            self.clock.at += timedelta(minutes=minutes)
            await asyncio.gather(*(one.look() for one in processes))


@pytest.fixture
async def store() -> SqliteStore:
    made = SqliteStore(":memory:")
    await made.run(lambda unit: upgrade(unit.conn))
    return made


async def test_five_processes_do_it_once_also_when_the_hour_comes_twice(store: SqliteStore) -> None:
    house = House(store, retention="30 2 * * *")
    await house.passes(48, *(house.process() for _ in range(5)))
    assert house.done == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]
    await store.close()


async def test_what_was_missed_by_less_than_an_hour_is_made_up_for_and_once(store: SqliteStore) -> None:
    house = House(store, retention="*/5 * * * *")
    one = house.process()
    await house.passes(1, one, minutes=30)
    assert len(house.done) == 2
    house.clock.at += timedelta(hours=9)
    await one.look()
    assert len(house.done) == 3
    await store.close()


async def test_a_fault_costs_one_time(store: SqliteStore) -> None:
    house = House(store, retention="0 * * * *")
    house.breaks = True
    await house.passes(4, house.process())  # one hour stands on the wall twice
    assert len(house.done) == 3
    await store.close()


HEAD = "bot: shop\nlocale: en\nflows: [a]\nchannels: {}\n"


async def test_bot_yaml_says_when() -> None:
    text = HEAD + 'housekeeping: {retention: "0 3 * * *", tokens: "30 4 * * 1", zone: Europe/Rome}\n'
    found = housekeeping_of(parse_bot(text.encode(), "bot.yaml", {}).record)
    assert found == Housekeeping({"retention": "0 3 * * *", "tokens": "30 4 * * 1"}, "Europe/Rome")
    assert housekeeping_of(parse_bot(HEAD.encode(), "bot.yaml", {}).record) == Housekeeping()


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [('tokens: "0 0 1 1 *"', "T021", 24), ('retention: "61 3 * * *"', "T021", 27), ("retentoin: daily", "T011", 16)],
)
async def test_mistakes_are_placed(line: str, code: str, column: int) -> None:
    issues = parse_bot(f"{HEAD}housekeeping: {{{line}}}\n".encode(), "bot.yaml", {}).issues
    assert [(one.code, one.line, one.column) for one in issues if one.line == 5] == [(code, 5, column)]


async def test_how_templates_stand_is_kept_when_it_is_news(store: SqliteStore) -> None:
    def of(status: str, **more: str) -> TemplateState:
        return TemplateState("whatsapp", "spring", "en-US", status, **more)

    async def told(*states: TemplateState) -> list[str]:
        return [one.status for one in await store.run(lambda unit: seen(unit, states, BEGIN))]

    assert await told(of("APPROVED", quality="green")) == []
    assert await told(of("PAUSED", quality="yellow")) == ["PAUSED"]
    assert await told(of("PAUSED", quality="yellow")) == []
    assert await told(of("APPROVED", quality="yellow")) == ["APPROVED"]
    kept = await store.read(lambda unit: unit.templates.states("whatsapp", ["spring"]))
    assert [(one.status, one.quality) for one in kept] == [("APPROVED", "yellow")]
    await store.close()
