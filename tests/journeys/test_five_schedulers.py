"""Both nights on which the clocks change, with five schedulers over PostgreSQL: killed in the middle, and the clock jumps back."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.house import KNOBS
from tests.person import Person
from tests.postgres import Server
from tests.processes import Bot, Meta, eventually, free_port

pytestmark = [pytest.mark.xdist_group("journeys-postgres"), pytest.mark.timeout(240)]

FILES = {
    "bots/night/bot.yaml": """bot: night
locale: en
timezone: Europe/Rome
channels:
  messenger: {platform: messenger, page_id: "1895382890692545", page_name: luckygarden, app_id: "1517776481860111",
              access_token: "${PAGE_TOKEN}", app_secret: "${META_APP_SECRET}", verify_token: "${META_VERIFY_TOKEN}"}
flows: [awake]
""",
    "flows/awake.yaml": """flow: awake
triggers: [{keyword: awake}]
steps: {tagged: {tag: awake}, thanks: {send: Good night.}}
""",
    "bots/night/campaigns/bell.yaml": """campaign: bell
purpose: service
segment: "'awake' in tags and channel.window_open"
schedule: {cron: "30 * * * *", zone: Europe/Rome}
send: Bell
""",
    "bots/night/campaigns/owl.yaml": """campaign: owl
purpose: service
segment: "'awake' in tags and channel.window_open"
schedule: {cron: "30 2 * * *", zone: contact}
send: Owl
""",
}
PEOPLE = 4


class Night:
    """One web, worker and sender, and five schedulers."""

    def __init__(self, folder: Path, database: str) -> None:
        for name, text in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        port = free_port()
        self.meta = Meta(folder, f"http://127.0.0.1:{port}", KNOBS)
        roles = ["web", "worker", "sender", *(f"scheduler{number}" for number in range(5))]
        self.bots = {
            name: Bot(name, folder, self.meta.url, database, folder / "bots/night", port if name == "web" else 0,
                      name.rstrip("0123456789"))
            for name in roles
        }  # fmt: skip
        self.schedulers = [bot for name, bot in self.bots.items() if name.startswith("scheduler")]
        self.people: list[Person] = []

    def start(self, at: str) -> None:
        self.meta.start()
        self.move(at)
        for bot in self.bots.values():
            bot.launch()
        for bot in self.bots.values():
            bot.until_answering(f"{bot.url}/readyz")
        self.people = [self.meta.person(f"Ana {number}") for number in range(PEOPLE)]
        for person in self.people:
            person.say("messenger", "awake")
        for person in self.people:
            person.sees("messenger", 1)
        for name in ("bell", "owl"):
            self._begin(name)

    def _begin(self, name: str) -> None:
        status, plan = self.bots["web"].api("POST", f"/campaigns/{name}/plan", {})
        assert status == 200, plan
        status, run = self.bots["web"].api("POST", f"/campaigns/{name}/start", {"plan": plan["id"]})
        assert (status, run["state"]) == (200, "running"), run

    def move(self, at: str) -> None:
        self.meta.ask("POST", "/clock", {"set": at})

    def heard(self) -> list[Counter[str]]:
        """How often each of them has heard the bell and the owl: what Meta took."""
        told = self.meta.messages()
        ids = [person.id for person in self.people]
        return [
            Counter(str(one["text"]) for one in told if one["person"] == id) - Counter(["Good night."]) for id in ids
        ]

    def close(self) -> None:
        for child in (*self.bots.values(), self.meta):
            child.close()


@pytest.fixture
def night(tmp_path: Path, postgres_server: Server) -> Iterator[Night]:
    made = Night(tmp_path, postgres_server.database(f"night_{free_port()}"))
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize(("evening", "bells", "owls"), [
    ("2027-03-27T22:45:00+00:00", (1, 2, 3, 4), (0, 0, 1, 1)),  # half past two is skipped: it falls on half past three
    ("2027-10-30T22:45:00+00:00", (1, 2, 2, 3), (0, 1, 1, 1)),  # half past two is there twice: the first counts
])  # fmt: skip
def test_each_slot_comes_once(night: Night, evening: str, bells: tuple[int, ...], owls: tuple[int, ...]) -> None:
    night.start(evening)
    chance, hour = random.Random(evening), datetime.fromisoformat(evening) + timedelta(minutes=45)
    victim: Bot | None = None
    for bell, owl in zip(bells, owls, strict=True):
        wanted = [Counter({"Bell": bell, "Owl": owl} if owl else {"Bell": bell})] * PEOPLE
        night.move((hour + timedelta(minutes=1)).isoformat())
        time.sleep(chance.uniform(0, 1.2))  # somewhere in what is being done
        dead, victim = victim, chance.choice([one for one in night.schedulers if one.alive])
        victim.kill()
        if dead is not None:
            dead.start()
        eventually(lambda wanted=wanted: night.heard() == wanted, f"{hour:%H:%M} UTC: {wanted[0]}", 40)  # type: ignore[misc]
        for minutes in (-20, 1):  # the clock goes back over the slot, and comes over it again
            night.move((hour + timedelta(minutes=minutes)).isoformat())
            time.sleep(1.5)
        assert night.heard() == wanted, f"{hour:%H:%M} UTC"
        hour += timedelta(hours=1)
    assert not night.meta.violations()
