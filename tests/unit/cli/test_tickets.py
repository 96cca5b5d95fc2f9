"""`tickets`: listed, taken, closed, on a database of its own."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Outcome, Trinario
from trinario.jobs.intake import inward
from trinario.model.channel import Identity
from trinario.model.heard import Arrival, Heard
from trinario.ports import Writes
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore
from trinario.store.unit import SqlUnit

Tickets = Callable[..., Outcome]


def _fill(unit: SqlUnit) -> None:
    upgrade(unit.conn)
    now = datetime.now(UTC)
    heard = Heard(Identity("wa", "phone", "39300001"), "m1", now, "text", text="hi", name="Anna")
    unit.take_in([inward(Arrival(heard, b"{}"), now)], now)
    case = unit.claim_cases(1, now)[0]
    anna = replace(case.contact, first_name="Anna", owner="person")
    given = [(anna.id, "s1", "sales", "a lawn", "high", now), (anna.id, "", "care", "", "", now)]
    unit.write(Writes(contacts={anna.id: anna}, finished=[(1, case.entries[0].id, None)], tickets=given), now)


@pytest.fixture
def tickets(trinario: Trinario, tmp_path: Path) -> Tickets:
    """`tickets ...` where Anna was given to two teams."""

    async def fill() -> None:
        store = SqliteStore(str(tmp_path / "bot.db"))
        await store.run(_fill)
        await store.close()

    asyncio.run(fill())
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    return lambda *arguments: trinario("tickets", *arguments, cwd=tmp_path, TRINARIO_DATABASE_URL=url)


def test_a_ticket_is_taken_and_closed(tickets: Tickets) -> None:
    listed = tickets("list", "--team", "sales")
    assert listed.returncode == 0 and "Anna · high · a lawn" in listed.stdout
    assert tickets("assign", "1", "Rita", "--author", "chief").returncode == 0
    (mine,) = json.loads(tickets("list", "--assignee", "Rita", "--format", "json").stdout)["tickets"]
    assert (mine["id"], mine["state"], mine["owner"]) == (1, "open", "person")
    closed = tickets("close", "1", "--author", "Rita", "--format", "json")
    assert closed.returncode == 0 and json.loads(closed.stdout)["closed_by"] == "Rita"
    assert [one["id"] for one in json.loads(tickets("list", "--format", "json").stdout)["tickets"]] == [2]
    assert tickets("list", "--state", "closed").stdout.startswith("1  closed  sales")


def test_a_ticket_that_is_none(tickets: Tickets) -> None:
    for words in (("close", "9"), ("assign", "9", "Rita")):
        gone = tickets(*words)
        assert gone.returncode == 2 and "there is no ticket 9" in gone.stderr, words
    assert "no such tickets" in tickets("list", "--team", "nobody").stderr
