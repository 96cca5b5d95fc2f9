"""`webhooks`: what one was told is shown, and told again, on a database of its own."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Outcome, Trinario
from trinario.model.hook import SOURCES
from trinario.ports import Writes
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore
from trinario.store.unit import SqlUnit

Webhooks = Callable[..., Outcome]
BOT = """name: shop
locale: en
zone: Europe/Rome
webhooks:
  crm: {url: "https://crm.shop.example/hooks", events: ["goal.*"]}
"""


def _fill(unit: SqlUnit) -> None:
    """Two goals: one was taken, the other given up."""
    upgrade(unit.conn)
    now = datetime.now(UTC)
    for told in ([], [(None, "goal", now, "{}")] * 2):
        unit.write(Writes(events=told), now)
        unit.hooks.gather("crm", SOURCES, lambda source, name: True, 10, now)
    first, second = unit.hooks.claim(["crm"], 10, now + timedelta(minutes=2), now)
    unit.hooks.settle([first.id], [(second.id, "it answers 500")], now)


@pytest.fixture
def webhooks(trinario: Trinario, tmp_path: Path) -> Webhooks:
    """`webhooks ...` of a bot with one endpoint."""
    folder = tmp_path / "bots" / "shop"
    folder.mkdir(parents=True)
    (folder / "bot.yaml").write_text(BOT)

    async def fill() -> None:
        store = SqliteStore(str(tmp_path / "bot.db"))
        await store.run(_fill)
        await store.close()

    asyncio.run(fill())
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    return lambda *arguments: trinario("webhooks", *arguments, cwd=tmp_path, TRINARIO_DATABASE_URL=url)


def test_what_was_given_up_is_shown_and_told_again(webhooks: Webhooks) -> None:
    shown = webhooks("deliveries", "crm").stdout.splitlines()
    assert [line.split("  ")[:2] for line in shown] == [["history_2", "given up"], ["history_1", "told"]]
    assert shown[0].endswith("tried 1 time  it answers 500")
    again = webhooks("replay", "crm", "--id", "history_2")
    assert again.returncode == 0 and "1 piece of news is told to crm once more" in again.stderr
    (one,) = json.loads(webhooks("deliveries", "crm", "--state", "waiting", "--format", "json").stdout)["deliveries"]
    assert (one["id"], one["state"], one["attempts"], one["ended_at"]) == ("history_2", "waiting", 0, None)
    assert webhooks("deliveries", "crm", "--state", "given_up").stdout == "nothing given up for crm\n"
    assert "2 pieces of news are told" in webhooks("replay", "crm", "--since", "2026-01-01", "--type", "goal.*").stderr


def test_one_is_told_nothing_for_a_while(webhooks: Webhooks) -> None:
    told = webhooks("disable", "crm", "--reason", "it moves")
    assert told.returncode == 0 and "told nothing until `trinario webhooks enable crm`" in told.stderr
    assert "was told nothing already" in webhooks("disable", "crm").stderr
    listed = webhooks("list")
    assert listed.returncode == 1 and "disabled" in listed.stdout and "it moves" in listed.stdout
    assert "is told again" in webhooks("enable", "crm").stderr and webhooks("list").returncode == 0


@pytest.mark.parametrize(("arguments", "words"), [
    (("replay", "crm"), "--since"),
    (("replay", "crm", "--id", "history_1", "--since", "2026-01-01"), "one of both"),
    (("replay", "crm", "--id", "history_1", "--type", "goal.*"), "one of both"),
    (("replay", "crm", "--id", "history_9"), "trinario webhooks deliveries crm"),
    (("replay", "crn", "--id", "history_1"), "there are: crm"),
    (("deliveries", "crn"), "there are: crm"),
    (("disable", "crn"), "there are: crm"),
    (("deliveries", "crm", "--state", "lost"), "given_up"),
])  # fmt: skip
def test_mistakes_are_named(webhooks: Webhooks, arguments: tuple[str, ...], words: str) -> None:
    told = webhooks(*arguments)
    assert told.returncode and words in told.stderr and "Traceback" not in told.stderr
