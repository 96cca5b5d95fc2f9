"""A storm: people write, processes are killed at random moments and started again, until everything is answered."""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from tests.crash.judge import Json, Summary, Thread, judge
from tests.crash.size import Size
from tests.person import Person
from tests.processes import PLATFORMS, Bot, Meta, call, eventually
from trinario.jobs.reconcile import AGAIN

RECONCILE = 4.0
"""Seconds for which the bots look for a lost answer."""

KNOBS = {
    "ordered_retries": True,
    "retry_scale": 0.02,
    "retry_cap": 8.0,
    "rates": False,
    "reads": False,
    "status_delays": {"sent": 0.05, "delivered": 0.15},
    "echo_before_response": "random",
}
ENVIRON = {"TRINARIO_RECONCILE_AFTER": str(RECONCILE), "TRINARIO_LOG_LEVEL": "WARNING"}

Query = Callable[[str], int]


class Storm:
    """`query` answers a statement that gives one number from the bots' database."""

    def __init__(self, meta: Meta, bots: Sequence[Bot], size: Size, query: Query) -> None:
        self._meta, self._bots, self.size, self.query = meta, bots, size, query
        self._chance: random.Random = size.chance()
        self._said: dict[Thread, list[str]] = defaultdict(list)
        self._people: list[Person] = []
        self.summary = Summary()

    def run(self) -> list[str]:
        """Let it rage, wait for calm, judge. Gives the first faults in words."""
        self._prepare()
        deeds = self._deeds()
        for number in range(self.size.kills):
            share = self.size.webhooks * (number + 1) // self.size.kills - self.summary.webhooks
            self._round(deeds, share)
        for bot in self._bots:
            if not bot.alive:
                bot.launch()
        self._calm()
        self._count()
        return self._verdict(self._meta.messages())

    def _verdict(self, accepted: Sequence[Json]) -> list[str]:
        """Judge what the emulator accepted; gives the first faults in words."""
        return judge(self.summary, self._said, accepted)

    def _prepare(self) -> None:
        self._meet()
        self._trouble()

    def _meet(self) -> None:
        wishes = [{"name": f"Contact {n}"} for n in range(self.size.contacts)]
        self._people = [Person(self._meta.ask, record) for record in self._meta.ask("POST", "/people", wishes)]

    def _trouble(self) -> None:
        """From now on webhooks come twice, and answers get lost."""
        self._meta.fault("duplicate", "webhook", probability=self.size.copies, seconds=0.2)
        self._meta.fault("drop_after_accept", "webhook", probability=0.03)
        self._meta.fault("drop_after_accept", probability=self.size.lost / 2)
        self._meta.fault("html_502", probability=self.size.lost / 2)

    def _deeds(self) -> Iterator[tuple[Person, str]]:
        """Who writes where: everybody on one platform of hers, some write several times in a row."""
        while True:
            number = self._chance.randrange(len(self._people))
            for _ in range(self._chance.choice((1, 1, 1, 2, 3))):
                yield self._people[number], PLATFORMS[number % len(PLATFORMS)]

    def _round(self, deeds: Iterator[tuple[Person, str]], share: int) -> None:
        """Some of the messages, one kill, at any moment: while it starts, while it works, while it sends."""
        victim = self._chance.choice(self._bots)
        if self._chance.random() < 0.7:
            eventually(lambda: self._ready(victim), f"{victim.log.stem} is ready again", 30)
            span = self._chance.uniform(0.0, 0.4)
        else:
            span = self._chance.uniform(0.0, 1.2)
        until = time.monotonic() + span
        moments = sorted(self._chance.uniform(0.0, span) for _ in range(share))
        for moment in moments:
            time.sleep(max(0.0, until - span + moment - time.monotonic()))
            self._say(*next(deeds))
        time.sleep(max(0.0, until - time.monotonic()))
        if self._chance.random() < 0.2:  # a machine that hangs for a moment, while others go on
            victim.freeze(self._chance.uniform(0.0, 0.5))
        victim.kill()
        self.summary.kills += 1
        victim.launch()

    @staticmethod
    def _ready(bot: Bot) -> bool:
        assert bot.alive, f"{bot.log.stem} died by itself:\n{bot.said()}"
        try:
            return call("GET", f"{bot.url}/readyz")[0] == 200
        except OSError:
            return False

    def _say(self, person: Person, platform: str) -> None:
        thread = self._said[person.id, platform]
        text = f"{person.id} says {len(thread) + 1}"
        thread.append(text)
        person.say(platform, text)
        self.summary.webhooks += 1

    def _calm(self) -> None:
        """Everything answered, nothing under way, and nothing more for as long as a lost answer is looked for."""
        eventually(self._is_calm, "all is answered", 60 + self.size.kills / 2, 0.2)
        before = -1
        while before != (before := len(self._meta.messages())):
            time.sleep(RECONCILE + 1.0)

    def _is_calm(self) -> bool:
        if self._meta.pending():
            return False
        waiting = self.query("SELECT COUNT(*) FROM inbox WHERE status = 0")
        return waiting + self.query("SELECT COUNT(*) FROM outbox WHERE status IN (0, 1, 2)") == 0

    def _count(self) -> None:
        tries = [entry for entry in self._meta.log_of("webhook") if entry["status"] == 200 and _of_hers(entry)]
        names = [str(_message_id(entry)) for entry in tries]
        self.summary.copies = len(names) - len(set(names))
        self.summary.retried = sum(entry["attempt"] > 1 for entry in tries)
        sends = [entry for entry in self._meta.log_of("graph") if entry["message_id"] and entry["accepted"]]
        self.summary.answers_lost = sum(entry["status"] != 200 for entry in sends)
        self.summary.sent_again = self.query(f"SELECT COUNT(*) FROM outbox WHERE detail = '{AGAIN}'")
        self.summary.reconciled = self.query(
            f"SELECT COUNT(*) FROM outbox WHERE status >= 3 AND detail IS NOT NULL AND detail <> '{AGAIN}'"
        )


def _of_hers(entry: dict[str, object]) -> bool:
    return _message_id(entry) is not None


def _message_id(entry: dict[str, object]) -> object:
    """The id of the message of hers that a webhook brings; None for echoes and fates."""
    body = entry["body"]
    assert isinstance(body, dict)
    for change in body["entry"]:
        for event in change.get("messaging", ()):
            message = event.get("message", {})
            return None if message.get("is_echo") else message.get("mid")
        for item in change.get("changes", ()):
            for message in item["value"].get("messages", ()):
                return message["id"]
    return None
