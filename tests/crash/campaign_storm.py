"""A storm with campaigns: people write, processes are killed, and meanwhile four campaigns and a sequence go."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.crash.fates import Fates, Place, Rule, Told, judge_fates
from tests.crash.judge import Json
from tests.crash.orders import STAGES, Orders
from tests.crash.size import Size
from tests.crash.storm import Query, Storm
from tests.person import Person
from tests.processes import PLATFORMS, Bot, Meta, eventually
from trinario.jobs.releasing import ASKED_AGAIN
from trinario.ports.campaigns import BEGUN, ON_THE_WAY, WAITING

CAMPAIGNS = {
    "hail": Rule(marketing=False),
    "offer": Rule(marketing=False),
    "slow": Rule(),
    "stopped": Rule(cancelled=True),
}
STEPS = {"first": Rule(marketing=False), "second": Rule(marketing=False)}
ROUNDS = 8
"""How often, at most, whoever was busy is looked at again until everybody has had her turn."""

NOTICED = 4.0
"""Seconds in which the bots notice that the clock was moved."""

Table = Callable[[str], Sequence[Sequence[str]]]
"""The rows that a statement gives, each value as text."""


class CampaignStorm(Storm):
    """Everybody writes once and agrees before it rages; texts of campaigns begin with # and their name."""

    def __init__(self, meta: Meta, bots: Sequence[Bot], size: Size, query: Query, table: Table) -> None:
        super().__init__(meta, bots, size, query)
        self._table, self.fates = table, Fates()
        some = max(2, size.contacts // 5)
        self.orders = Orders(
            bots, size.chance(), self._taken, self._sending, lambda: self.summary.kills / size.kills, some
        )

    def _prepare(self) -> None:
        """Everybody is known, has agreed and has her answer; only then anything goes wrong."""
        self._meet()
        for number, person in enumerate(self._people):
            self._say(person, PLATFORMS[number % len(PLATFORMS)])
        eventually(self._is_known, "everybody is known", 60 + len(self._people), 0.1)
        for contact in self._contacts().values():
            given = {"state": "granted", "reason": "said so at the door"}
            status, answer = self._bots[0].api("POST", f"/contacts/{contact}/consent", given)
            assert status == 202, answer
        eventually(self._is_calm, "everybody has agreed", 60, 0.1)
        self._trouble()
        self.orders.begin()

    def _is_known(self) -> bool:
        return len(self._meta.messages()) == len(self._people) and self._is_calm()

    def _round(self, deeds: Iterator[tuple[Person, str]], share: int) -> None:
        """The kills are spread over the commands: one falls before the first, others between them or into one."""
        kills = min(self.size.kills, STAGES)
        self.orders.wait_for(min(self.summary.kills, kills - 1) * STAGES // kills)
        super()._round(deeds, share)

    def _calm(self) -> None:
        """Everything was commanded; who is asked something answers, and who was busy has her turn."""
        self.orders.done()
        for _ in range(ROUNDS):
            self._answer()
            eventually(self._is_calm, "all is answered", 120 + self.size.kills, 0.2)
            if self._is_over():
                break
            self._meta.ask("POST", "/clock", {"advance": ASKED_AGAIN.total_seconds() + 1})
            until = time.monotonic() + NOTICED
            while time.monotonic() < until and not self._is_over():
                time.sleep(0.2)
        super()._calm()
        assert self._is_over(), f"campaigns do not end: {self._standing()}"

    def _is_calm(self) -> bool:
        """Nor does anybody wait for her turn but who is busy."""
        mine = f"state = {ON_THE_WAY} OR (state = {WAITING} AND reason <> 'busy')"
        return super()._is_calm() and not self.query(f"SELECT COUNT(*) FROM recipients WHERE {mine}")

    def _is_over(self) -> bool:
        states = self._standing()
        over = all(states[name] == ("cancelled" if rule.cancelled else "done") for name, rule in CAMPAIGNS.items())
        return over and not self.query("SELECT COUNT(*) FROM enrolments WHERE state = 'live'")

    def _standing(self) -> Mapping[str, str]:
        return {row[0]: row[1] for row in self._table("SELECT name, state FROM campaigns")}

    def _answer(self) -> None:
        """Whoever is asked something writes once more."""
        waiting = {row[0] for row in self._table("SELECT contact_id FROM sessions WHERE status = 'waiting'")}
        known = self._contacts()
        for number, person in enumerate(self._people):
            if known[person.id] in waiting:
                self._say(person, PLATFORMS[number % len(PLATFORMS)])

    def _verdict(self, accepted: Sequence[Json]) -> list[str]:
        """Conversations by their numbers, campaigns by their recipients."""
        said = [one for one in accepted if not one["text"].startswith("#")]
        taken = Counter((one["text"][1:].split()[0], one["person"]) for one in accepted if one["text"].startswith("#"))
        self.fates.spoke = self.orders.spoke
        found = judge_fates(self.fates, {**CAMPAIGNS, **STEPS}, self._told(), taken)
        return super()._verdict(said) + found

    # what the database says

    def _told(self) -> dict[Place, Told]:
        """Everybody whom campaigns are for, and whoever wrote twice for the sequence."""
        known = self._contacts()
        persons = {contact: person for person, contact in known.items()}
        twice = {person for (person, _), texts in self._said.items() if len(texts) > 1}
        wanted = [(name, person) for name in CAMPAIGNS for person in known]
        wanted += [(name, person) for name in STEPS for person in twice]
        sql = "SELECT s.campaign, r.contact_id, r.state FROM recipients r JOIN campaign_slots s ON s.id = r.slot"
        states = {(name, persons[contact]): int(state) for name, contact, state in self._table(sql)}
        for contact, state in self._table("SELECT contact_id, state FROM enrolments WHERE sequence = 'course'"):
            states |= {(name, persons[contact]): BEGUN if state == "done" else WAITING for name in STEPS}
        messages = self._messages(persons)
        return {
            place: Told(states.get(place), tuple(messages.get(place, ()))) for place in {*wanted, *states, *messages}
        }

    def _messages(self, persons: Mapping[str, str]) -> dict[Place, list[tuple[int, str]]]:
        found: dict[Place, list[tuple[int, str]]] = {}
        for name in {**CAMPAIGNS, **STEPS}:
            sql = f"SELECT contact_id, status, COALESCE(refusal, '') FROM outbox WHERE content LIKE '%#{name} %'"
            for contact, status, refusal in self._table(sql):
                found.setdefault((name, persons[contact]), []).append((int(status), refusal))
        return found

    def _contacts(self) -> dict[str, str]:
        """The contact of every person."""
        rows = self._table("SELECT value, contact_id FROM identities")
        by_value = {value.lstrip("+"): contact for value, contact in rows}
        return {person.id: by_value[_value(person, number)] for number, person in enumerate(self._people)}

    def _taken(self, name: str) -> int:
        return sum(one["text"].startswith(f"#{name} ") for one in self._meta.messages())

    def _sending(self, name: str) -> int:
        return self.query(f"SELECT COUNT(*) FROM outbox WHERE status = 1 AND content LIKE '%#{name} %'")


def _value(person: Person, number: int) -> str:
    return person.identity(PLATFORMS[number % len(PLATFORMS)]).lstrip("+")
