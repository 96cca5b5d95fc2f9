"""Tokens that live sixty days: renewed in time, kept sealed, taken over by others, and given up for a new one in bot.yaml."""

from datetime import UTC, datetime, timedelta

import pytest

from trinario.jobs.account import Told
from trinario.model.failure import Action, Failure
from trinario.model.outbox import NotSent
from trinario.runtime.chance import SecretChance
from trinario.runtime.renewal import Renewal
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore

pytestmark = pytest.mark.asyncio
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> datetime:
        return self.at


class Account:
    """What Renewal sees of an adapter."""

    renewable = True

    def __init__(self, token: str = "first") -> None:
        self.token, self.asked = token, 0
        self.fault: NotSent | None = None

    def carry(self, token: str) -> None:
        self.token = token

    async def renew(self) -> tuple[str, float] | NotSent:
        self.asked += 1
        return self.fault or (f"next {self.asked}", 60 * 86_400.0)


class House:
    """A store, a clock, and processes over them."""

    def __init__(self) -> None:
        self.store, self.clock, self.told = SqliteStore(":memory:"), Clock(), list[Told]()

    def process(self, account: Account, key: bytes = b"k" * 32) -> Renewal:
        after = {"ig": timedelta(days=7)}
        return Renewal(self.store, self.clock, {"ig": account}, SecretChance(key), after, self.told.append)  # type: ignore[dict-item]

    async def passes(self, **time: int) -> None:
        self.clock.at += timedelta(**time)

    async def kept(self) -> str:
        found = await self.store.read(lambda unit: unit.accounts.token("ig"))
        assert found is not None
        return found.sealed


@pytest.fixture
async def house() -> House:
    made = House()
    await made.store.run(lambda unit: upgrade(unit.conn))
    return made


async def test_a_token_is_renewed_when_it_is_old_enough_and_not_before(house: House) -> None:
    account = Account()
    one = house.process(account)
    await one.look(renews=True)
    await house.passes(days=6)
    await one.look(renews=True)
    assert (account.asked, account.token) == (0, "first")
    await house.passes(days=1)
    await one.look(renews=False)
    assert account.asked == 0, "another process does that"
    await one.look(renews=True)
    await one.look(renews=True)
    assert (account.asked, account.token) == (1, "next 1")
    assert "next" not in await house.kept()
    await house.passes(days=7)
    await one.look(renews=True)
    assert account.token == "next 2"


async def test_other_processes_and_later_ones_use_it(house: House) -> None:
    first, second = Account(), Account()
    one, two = house.process(first), house.process(second)
    await one.look(renews=True)
    await house.passes(days=8)
    await one.look(renews=True)
    await two.look(renews=False)
    assert second.token == "next 1"


async def test_a_new_token_in_the_file_wins(house: House) -> None:
    one = house.process(Account())
    await one.look(renews=True)
    await house.passes(days=8)
    await one.look(renews=True)
    newer = Account("by hand")
    await house.process(newer).look(renews=True)
    assert newer.token == "by hand"


async def test_what_was_sealed_with_another_key_is_not_used(house: House) -> None:
    await house.process(Account()).look(renews=True)
    other = Account()
    await house.process(other, b"o" * 32).look(renews=True)
    assert other.token == "first"


async def test_a_failure_is_tried_later_and_a_dead_token_stops_its_channel(house: House) -> None:
    account = Account()
    account.fault = NotSent(Failure(Action.RETRY, reason="busy"))
    one = house.process(account)
    await one.look(renews=True)
    await house.passes(days=8)
    await one.look(renews=True)
    await one.look(renews=True)
    assert (account.asked, house.told) == (1, [])
    await house.passes(hours=6)
    account.fault = NotSent(Failure(Action.TOKEN, 190, 463, "expired", holds="channel"))
    await one.look(renews=True)
    troubles = await house.store.read(lambda unit: unit.accounts.troubles(house.clock.at))
    assert [(one.channel, one.code) for one in troubles] == [("ig", "190/463")]
    assert [channel for told in house.told for channel, _ in told.troubled] == ["ig"]
