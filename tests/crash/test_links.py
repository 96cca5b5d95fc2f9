"""kill -9 while people go from one channel to the next: each of them is one contact, and is asked everything once."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.balancer import Balancer
from tests.crash.storm import ENVIRON, KNOBS
from tests.person import Person
from tests.postgres import Server
from tests.processes import Bot, Meta, free_port

ROOMS = Path(__file__).parent.parent / "journeys" / "project" / "bots" / "rooms"
PEOPLE, KILLS, BETWEEN = 16, 6, 0.4
"""How many walk, how often a process is killed, and the seconds between two who set out."""

SAID = ["Let us go on there.", "Which colour?", "A visit in Red"]

pytestmark = pytest.mark.timeout(180)


class Walk:
    """One person on her way: she writes, follows the link and answers, each as soon as she can."""

    def __init__(self, person: Person, begins: float) -> None:
        self.person, self._step, self._begins = person, 0, begins

    def go_on(self) -> bool:
        """Do the next thing if it is time; gives whether she has arrived."""
        if time.monotonic() < self._begins:
            return False
        if self._step == 0:
            self.person.say("messenger", "visit")
        elif self._step == 1 and self.person.texts("messenger"):
            self.person.follow("messenger")
        elif self._step == 2 and self.person.texts("whatsapp"):
            self.person.tap("whatsapp", "Red")
        else:
            return len(self.person.texts("whatsapp")) >= 2
        self._step += 1
        return False


@pytest.fixture(params=["sqlite", "postgres"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Meta, list[Bot]]]:
    """One bot process on SQLite, two on PostgreSQL."""
    front, count = free_port(), 1
    meta = Meta(tmp_path, f"http://127.0.0.1:{front}", {**KNOBS, "ordered_retries": False})
    database = f"sqlite:///{tmp_path / 'bot.db'}"
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres_server")
        database, count = server.database(f"links_{free_port()}"), 2
    bots = [Bot(f"bot{n}", tmp_path, meta.url, database, ROOMS, environ=ENVIRON) for n in range(count)]
    balancer = Balancer([bot.port for bot in bots], front)
    balancer.start()
    try:
        meta.start()
        for delay in (0.35, 0.45, 0.55, 0.65, 0.75):  # killed while it loads, and while it makes its tables
            bots[0].launch()
            time.sleep(delay)
            bots[0].kill()
        for bot in bots:
            bot.start()
        yield meta, bots
    finally:
        balancer.stop()
        for child in (*bots, meta):
            child.close()


def test_links_are_followed_once(running: tuple[Meta, list[Bot]]) -> None:
    meta, bots = running
    chance = random.Random()
    meta.fault("duplicate", "webhook", probability=0.2, seconds=0.1)
    meta.fault("drop_after_accept", probability=0.05)
    begun = time.monotonic()
    walks = [Walk(meta.person(f"Walker {n}"), begun + n * BETWEEN) for n in range(PEOPLE)]
    kills = [begun + chance.uniform(0.0, PEOPLE * BETWEEN) for _ in range(KILLS)]
    arrived = 0
    while arrived < PEOPLE or kills:
        assert time.monotonic() < begun + 90, _stand(walks, bots)
        for due in [moment for moment in kills if moment < time.monotonic()]:
            kills.remove(due)
            victim = chance.choice(bots)
            victim.kill()
            victim.launch()
        arrived = sum(walk.go_on() for walk in chance.sample(walks, PEOPLE))
        time.sleep(0.03)
    _judge(meta, bots, walks)


def _judge(meta: Meta, bots: list[Bot], walks: list[Walk]) -> None:
    accepted = meta.messages()
    for walk in walks:
        said = [entry["text"] for entry in accepted if entry["person"] == walk.person.id]
        told = [text for text in said if "UNLINK" in text]
        assert len(told) == 1, f"{walk.person.id} was told {told} of who came by the link"
        assert [text for text in said if text not in told] == SAID, (
            f"{walk.person.id} was told {said}\n{_stand(walks, bots)}"
        )
    bots[0].until_answering(f"{bots[0].url}/readyz")
    ids = set()
    for walk in walks:
        contact = bots[0].contact("whatsapp", walk.person.wa_id)
        assert {identity["channel"] for identity in contact["identities"]} == {"messenger", "whatsapp"}
        assert contact == bots[0].contact("messenger", walk.person.psid)
        (session,) = bots[0].got(f"/contacts/{contact['id']}/sessions")["sessions"]
        assert (session["status"], session["answers"]["colour"]) == ("done", "Red")
        ids.add(contact["id"])
    assert len(ids) == PEOPLE
    assert not meta.violations()


def _stand(walks: list[Walk], bots: list[Bot]) -> str:
    """Where everybody is, for a failure."""
    lines = [f"{w.person.id} {w.person.texts('messenger')} {w.person.texts('whatsapp')}" for w in walks]
    return "\n".join([*lines, *(bot.said() for bot in bots)])
