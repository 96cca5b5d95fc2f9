"""Processes that end and come back, and a database that keeps everybody waiting."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.house import House
from tests.postgres import Server
from tests.processes import eventually


def test_a_conversation_goes_on_after_a_kill(house: House) -> None:
    ana = house.person()
    ana.say("messenger", "lunch")
    ana.sees("messenger", 1)
    house.bot.kill()
    ana.say("messenger", "soup")
    house.bot.start()
    assert ana.sees("messenger", 2)[-1] == "And then?"
    house.bot.kill()
    house.bot.start()
    ana.say("messenger", "cake")
    assert ana.sees("messenger", 3)[-1] == "soup, then cake"


def test_a_drain_loses_nothing_and_sends_nothing_twice(house: House) -> None:
    people = [house.person(f"Number {n}") for n in range(12)]
    house.meta.fault("delay", seconds=0.4, times=12)
    for number in range(2):
        for one in people:
            one.say("instagram", f"message {number}")
    eventually(lambda: any(house.accepted(one) for one in people), "the first was sent")
    assert house.bot.terminate() == 0
    house.bot.start()
    for one in people:
        assert one.sees("instagram", 2) == ["You said: message 0", "You said: message 1"]
        for number in range(2):
            house.fate(one, "instagram", f"message {number}", "accepted", "sent", "delivered", "read")
        assert house.contact(one, "instagram")["owner"] == "bot"
    assert sorted(text for one in people for text in house.accepted(one)) == sorted(
        f"You said: message {number}" for number in range(2) for _ in people
    )


@pytest.mark.parametrize("platform", ["whatsapp", "messenger", "instagram"])
def test_a_kill_while_a_message_is_under_way(house: House, platform: str) -> None:
    """Meta has it, the answer never comes: it is known by its webhook, and what follows waits for that."""
    ana = house.person()
    house.meta.fault("delay", platform=platform, seconds=3, match={"to": ana.id})
    ana.say(platform, "one")
    ana.say(platform, "two")
    eventually(lambda: house.accepted(ana), "Meta has it")
    house.bot.kill()
    house.bot.start()
    assert ana.sees(platform, 2) == ["You said: one", "You said: two"]
    house.advance(120)
    ana.say(platform, "three")
    assert ana.sees(platform, 3)[-1] == "You said: three"
    assert house.contact(ana, platform)["owner"] == "bot"


def test_a_long_sleep_is_no_reason_to_send_again(house: House) -> None:
    """The fate came while nobody listened: after the start it is waited for, though its time is long over."""
    ana = house.person()
    house.meta.fault("delay", platform="messenger", seconds=3, match={"to": ana.id})
    ana.say("messenger", "one")
    eventually(lambda: house.accepted(ana), "Meta has it")
    house.bot.kill()
    house.bot.start()
    house.bot.kill()
    house.advance(300)
    house.bot.start()
    house.fate(ana, "messenger", "You said: one", "sent", "delivered", "read")
    assert house.accepted(ana) == ["You said: one"]


def test_what_fell_due_while_it_slept_is_done_at_its_start(house: House) -> None:
    ana = house.person()
    ana.say("messenger", "visit")
    ana.sees("messenger", 1)
    house.bot.kill()
    house.advance(3700)
    house.bot.start()
    assert ana.sees("messenger", 2)[-1] == "The link is of no use any more."


@contextmanager
def _busy(house: House, request: pytest.FixtureRequest, seconds: float) -> Iterator[None]:
    """Nobody can write to the inbox for so long."""
    if house.database.startswith("sqlite"):
        thread = threading.Thread(target=_hold_file, args=(house.folder / "bot.db", seconds))
    else:
        server: Server = request.getfixturevalue("postgres_server")
        sql = f"BEGIN; LOCK TABLE inbox IN EXCLUSIVE MODE; SELECT pg_sleep({seconds}); COMMIT"
        thread = threading.Thread(target=server.psql, args=(sql, house.database.rpartition("/")[2]))
    thread.start()
    time.sleep(0.2)  # until the lock is held
    try:
        yield
    finally:
        thread.join()


def _hold_file(file: Path, seconds: float) -> None:
    conn = sqlite3.connect(file, timeout=10, isolation_level=None)
    conn.execute("BEGIN IMMEDIATE")
    time.sleep(seconds)
    conn.execute("COMMIT")
    conn.close()


def test_a_webhook_while_the_database_is_busy(house: House, request: pytest.FixtureRequest) -> None:
    ana = house.person()
    with _busy(house, request, 1.2):
        ana.say("messenger", "one")
        ana.say("messenger", "two")
        assert ana.texts("messenger") == []
    assert ana.sees("messenger", 2) == ["You said: one", "You said: two"]


def test_a_webhook_while_the_database_is_busy_for_longer_than_meta_waits(
    house: House, request: pytest.FixtureRequest
) -> None:
    """The webhook is not taken, Meta sends it again."""
    ana = house.person()
    with _busy(house, request, 6.0):
        ana.say("messenger", "one")
    assert ana.sees("messenger", 1) == ["You said: one"]
    assert house.accepted(ana) == ["You said: one"]
