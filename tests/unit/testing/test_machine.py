"""The machine of a talk: it comes to rest, stops wherever something is due, and repeats itself exactly."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trinario.ports import Inward
from trinario.testing import webhooks
from trinario.testing.controlled import MovableClock, Supplied
from trinario.testing.people import HER, Cast
from trinario.testing.run import load
from trinario.testing.talk import Played
from trinario.testing.worlds import Endless, Machine

AT = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast_and_machine(project: Path) -> tuple[Cast, Machine]:
    loaded, clock = load(project / "bots/mini"), MovableClock(AT)
    cast = Cast(loaded.settings, clock)
    cast.person(HER, "wa")
    return cast, Machine(loaded, clock, cast.phones, cast.echoes)


def test_it_stops_wherever_something_is_due(cast_and_machine: tuple[Cast, Machine]) -> None:
    cast, machine = cast_and_machine

    async def go() -> None:
        await machine.hear(webhooks.writes(cast.line(cast.people[HER], "wa"), "m1", AT, "nudge"))
        await machine.work()
        await machine.pass_until(AT + timedelta(hours=40))

    asyncio.run(go())
    assert [(shown.text, shown.at - AT) for shown in cast.phones.shown] == [
        ("One", timedelta()), ("Two", timedelta(hours=2)),
    ]  # fmt: skip
    assert machine.clock.now() == AT + timedelta(hours=40)


def test_a_machine_that_answers_itself_is_found_out(
    cast_and_machine: tuple[Cast, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, machine = cast_and_machine
    count = iter(range(10**6))

    def one_more() -> list[tuple[str, bytes]]:
        return [("wa", webhooks.writes(cast.line(cast.people[HER], "wa"), f"m{next(count)}", AT, "hello"))]

    monkeypatch.setattr(machine, "_echoes", one_more)
    monkeypatch.setattr("trinario.testing.worlds.MOST_ROUNDS", 30)
    with pytest.raises(Endless):
        asyncio.run(machine.work())


def test_a_row_that_cannot_be_read_is_told(cast_and_machine: tuple[Cast, Machine]) -> None:
    cast, machine = cast_and_machine
    identity = cast.identity(cast.people[HER], "wa")
    broken = Inward("wa", "x1", "from the future", "{}", identities=(identity,))
    machine.store.run_now(lambda unit: unit.take_in([broken], AT))
    asyncio.run(machine.work())
    assert len(machine.faults()) == 1
    assert "from the future" in machine.faults()[0]


def test_a_talk_repeats_itself(talked: Callable[[str], Played]) -> None:
    text = 'steps: [{user: colour}, {bot: "Which colour?"}, {tap: Red}, {bot: Thanks for Red!}]'
    first, second = talked(text), talked(text)
    assert first.rows == second.rows
    assert first.turns == second.turns


def test_no_variable_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SET_ALREADY", "yes")
    supplied = Supplied()
    assert supplied["SET_ALREADY"] == "yes"
    assert supplied.get("A_TOKEN") == supplied.get("A_TOKEN")
    assert supplied["A_TOKEN"] != supplied["ANOTHER"]
    assert supplied["A_TOKEN"].isdecimal()
