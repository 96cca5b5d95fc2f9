"""A start gives what was lost its time from the moment at which the platform can tell of it again: when the door is open."""

import sqlite3
import time
from pathlib import Path

import pytest

from tests.crash.storm import ENVIRON, KNOBS, RECONCILE
from tests.processes import Bot, Meta, eventually, free_port

CRASH_BOT = Path(__file__).parent / "bot" / "bots" / "crash"
SLOW, ROOM, TOLD = 1.5, 0.7, 0.5
"""Seconds that the start takes before the door opens, and those by which the two clocks may differ on a busy machine; within
the last the emulator has told all that there is to tell of a message."""

LATE = f"""
import sys, time
from pathlib import Path
from trinario.runtime.process import run
from trinario.runtime.settings import load_settings

def slow(room):
    time.sleep({SLOW})
    print("opens at", time.time())
    return {{}}

sys.exit(run(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[2]), sys.argv[3], load_settings(), extra=slow))
"""

pytestmark = pytest.mark.timeout(120)


class LateBot(Bot):
    """One whose door opens late, as on a busy machine."""

    def __init__(self, folder: Path, meta_url: str, database: str, port: int) -> None:
        super().__init__("late", folder, meta_url, database, CRASH_BOT, port, environ=ENVIRON)
        self._command[2] = LATE

    def opened(self) -> float:
        """Just before its door was opened for the last time."""
        return float(self.said().rpartition("opens at ")[2].split()[0])


def _until(file: Path) -> float:
    with sqlite3.connect(file) as conn:
        ((until,),) = conn.execute("SELECT not_before FROM outbox")
    return float(until) / 1000


def test_the_search_begins_when_the_door_is_open(tmp_path: Path) -> None:
    file, port = tmp_path / "bot.db", free_port()
    meta = Meta(tmp_path, f"http://127.0.0.1:{port}", KNOBS)
    bot = LateBot(tmp_path, meta.url, f"sqlite:///{file}", port)
    try:
        meta.start()
        bot.start()
        person = meta.person()
        person.say("instagram", "hello")
        person.sees("instagram", 1)
        time.sleep(TOLD)
        eventually(lambda: not meta.pending(), "nothing more is told of it")
        bot.kill()
        with sqlite3.connect(file) as conn:
            assert conn.execute("UPDATE outbox SET status = 2, not_before = 1, run = NULL").rowcount == 1
        bot.start()
        begins = bot.opened() + RECONCILE - ROOM
        eventually(lambda: _until(file) >= begins, "the search begins when somebody can be heard", 3)
    finally:
        bot.close()
        meta.close()
