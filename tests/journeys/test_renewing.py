"""The token of Instagram's own login: renewed in time, used beyond its first sixty days, and trouble once it is dead."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOMS
from tests.journeys.house import KNOBS, House
from tests.processes import Bot, Meta, eventually, free_port

DAY = 86_400.0
TOKEN = "demo-instagram-token"


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[House]:
    """A house whose Instagram account has a login of its own."""
    shutil.copytree(ROOMS.parents[1], tmp_path / "project")
    bot = tmp_path / "project" / "bots" / ROOMS.name
    file = bot / "bot.yaml"
    before, login, after = file.read_text("utf-8").partition("login: facebook")
    file.write_text(f"{before}login: instagram{after.replace('${PAGE_TOKEN}', TOKEN, 1)}", "utf-8")
    database, port = f"sqlite:///{tmp_path / 'bot.db'}", free_port()
    house = House(tmp_path, database, bot)
    webhooks = f"http://127.0.0.1:{port}"
    account = {"webhook_url": f"{webhooks}/webhooks/instagram", "login": "instagram", "access_token": TOKEN}
    house.meta = Meta(tmp_path, webhooks, {**KNOBS, "instagram": account})
    environ = {"TRINARIO_INSTAGRAM_URL": house.meta.url}
    house.bot = Bot("bot", tmp_path, house.meta.url, database, bot, port, environ=environ)
    try:
        house.start()
        yield house
    finally:
        house.close()


def _renewals(house: House) -> int:
    return house.bot.said().count("its token was renewed")


def test_a_token_is_renewed_in_time_and_trouble_when_it_is_dead(alone: House) -> None:
    ana = alone.person()
    ana.say("instagram", "lunch")
    ana.sees("instagram", 1)
    for count, days in enumerate((8, 50, 20), 1):
        alone.advance(days * DAY)
        eventually(lambda wanted=count: _renewals(alone) == wanted, "the token is renewed")  # type: ignore[misc]
    ben = alone.person("Ben Verdi")
    ben.say("instagram", "lunch")
    assert ben.sees("instagram", 1) == ["What first?"]

    alone.meta.ask("POST", "/token", {"who": "instagram", "expires_at": 1})
    alone.advance(8 * DAY)
    eventually(lambda: "its token could not be renewed" in alone.bot.said(), "it is dead, and said to be")
    assert _renewals(alone) == 3
