"""One bot as four processes on PostgreSQL: one takes webhooks, one moves conversations, one sends, one rings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOMS
from tests.journeys.house import KNOBS
from tests.postgres import Server
from tests.processes import Bot, Meta, call, eventually, free_port

ROLES = ("web", "worker", "sender", "scheduler")

pytestmark = pytest.mark.xdist_group("journeys-postgres")


@pytest.fixture
def four(tmp_path: Path, postgres_server: Server) -> Iterator[tuple[Meta, dict[str, Bot]]]:
    """The emulator and the four."""
    port, url = free_port(), postgres_server.database(f"roles_{free_port()}")
    meta = Meta(tmp_path, f"http://127.0.0.1:{port}", KNOBS)
    bots = {
        role: Bot(role, tmp_path, meta.url, url, ROOMS, port if role == "web" else free_port(), role) for role in ROLES
    }
    try:
        meta.start()
        for bot in bots.values():
            bot.launch()
        for bot in bots.values():
            bot.until_answering(f"{bot.url}/readyz")
        yield meta, bots
    finally:
        for child in (*bots.values(), meta):
            child.close()


def test_four_processes_are_one_bot(four: tuple[Meta, dict[str, Bot]]) -> None:
    meta, bots = four
    ana = meta.person()
    ana.say("messenger", "visit")
    assert ana.sees("messenger", 1) == ["Let us go on there."]
    ana.follow("messenger")
    assert ana.sees("whatsapp", 1) == ["Which colour?"]

    bots["worker"].kill()
    ana.tap("whatsapp", "Red")
    bots["worker"].start()
    assert ana.sees("whatsapp", 2)[-1] == "A visit in Red"

    contact = bots["web"].contact("messenger", ana.psid)
    assert bots["web"].api("POST", f"/contacts/{contact['id']}/messages", {"text": "Hello from the desk"})[0] == 202
    assert ana.sees("whatsapp", 3)[-1] == "Hello from the desk"

    meta.ask("POST", "/clock", {"advance": 31 * 60})
    eventually(lambda: bots["web"].contact("messenger", ana.psid)["owner"] == "bot", "the scheduler gives her back")
    assert not meta.violations()


def test_each_of_them_drains(four: tuple[Meta, dict[str, Bot]]) -> None:
    _, bots = four
    for role, bot in bots.items():
        assert call("GET", f"{bot.url}/healthz")[0] == 200, role
        assert bot.terminate() == 0, f"{role}:\n{bot.said()}"
