"""Everything on file that platforms tell leaves something that people can see: in her thread, in a history, or counted."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.unit.channels.conftest import ACCOUNTS, SECRETS
from trinario.channels.inlet import MetaInlet
from trinario.channels.telegram.inlet import TelegramInlet
from trinario.jobs.altered import PATIENCE
from trinario.jobs.beside import tell
from trinario.jobs.intake import inward
from trinario.jobs.receive import receive
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Channel
from trinario.model.heard import Echo, Heard, Receipt, Unsupported
from trinario.model.news import Handover, News, Rekeyed
from trinario.runtime import build
from trinario.runtime.chance import SecretChance
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

NOW = datetime(2026, 11, 13, tzinfo=UTC)
GOLDEN = Path(__file__).parents[2] / "golden" / "channels"
PLATFORMS = {"wa": "whatsapp", "ms": "messenger", "ig": "instagram", "tg": "telegram"}
CASES = [
    pytest.param(platform, case, id=f"{platform}: {case['case']}")
    for platform in PLATFORMS.values()
    for case in json.loads((GOLDEN / f"{platform}_heard.json").read_text("utf-8"))
]


def read(platform: str, case: dict[str, Any]) -> Any:
    raw = json.dumps(case["webhook"]).encode("ascii")
    inlet = (
        TelegramInlet("tg", ["s"])
        if platform == "telegram"
        else MetaInlet(ACCOUNTS, SECRETS, ("t",), ("1517776481860111",))
    )
    return inlet.decode(raw)


class Rooms:
    """A bot without flows on four channels, and a store in memory."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.store.run_now(lambda unit: upgrade(unit.conn))
        channels = {id: Channel(id, name, build.LIMITS[name], build.WINDOWS[name]) for id, name in PLATFORMS.items()}
        bot = Bot("t", "en", "UTC", channels, {})
        self.world = World(lambda: bot, {}, SecretChance(b"k" * 32))

    def empty(self) -> None:
        """As if nothing had been heard."""
        for table in ("messages", "events", "inbox", "identities", "contacts"):
            self.store.run_now(lambda unit, t=table: unit.conn.exec_driver_sql(f"DELETE FROM {t}"))  # type: ignore[misc]

    def rows(self, sql: str, *values: Any) -> list[Any]:
        return self.store.run_now(lambda unit: list(unit.conn.exec_driver_sql(sql, values).fetchall()))


@pytest.fixture(scope="module")
def rooms() -> Rooms:
    return Rooms()


@pytest.mark.parametrize("platform, case", CASES)
def test_it_can_be_seen(platform: str, case: dict[str, Any], rooms: Rooms) -> None:
    for arrival in read(platform, case):
        item = arrival.item
        if isinstance(item, Receipt):
            continue  # which moves a message of ours
        rooms.empty()
        _take(rooms, arrival)
        left = rooms.rows("SELECT kind, status, error FROM inbox")
        assert left and all(status in (1, 3) for _, status, _ in left), left
        lines, events = rooms.rows("SELECT kind FROM messages"), rooms.rows("SELECT name FROM events")
        match item:
            case Heard(kind=kind):
                assert [row[0] for row in lines] == [kind]
            case News() | Handover() | Rekeyed():
                assert events
            case Echo():
                assert lines
            case Unsupported():
                assert left[0][0] == "unsupported"


def _take(rooms: Rooms, arrival: Any) -> None:
    at = arrival.item.at
    now = at if at is not None and at.timestamp() > 86400 else NOW
    if isinstance(arrival.item, News) and arrival.item.identity is None:
        rooms.store.run_now(lambda unit: tell(unit, [arrival], now))
        return
    rooms.store.run_now(lambda unit: unit.take_in([inward(arrival, now)], now))
    rooms.store.run_now(lambda unit: receive(unit, rooms.world, now))
    later = now + 2 * PATIENCE  # what is told of a message that nobody knows waits for it, and not for ever
    rooms.store.run_now(lambda unit: receive(unit, rooms.world, later))
