"""F5 over real processes: eleven people give eleven scores, and report, goals and the log of events tell the same counts."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest

from tests.journeys.conftest import DATABASES
from tests.journeys.house import House
from tests.person import Person
from tests.processes import DEMO, SECRETS, eventually
from trinario.cli.demo_templates import hand_in

NEXT = ("What went wrong?", "made it a ten?", "What did you like most?")
CATEGORIES = ("detractor", "passive", "promoter")


def category(score: int) -> int:
    """The boundaries lie between 6 and 7, and between 8 and 9."""
    return (score > 6) + (score > 8)


def _asked(house: House, number: int) -> Person:
    person = house.person(f"Ana {number}")
    person.say("whatsapp", "hello")
    person.sees("whatsapp", 1)
    told = {
        "event": "order.delivered", "contact": {"identity": {"channel": "whatsapp", "value": person.identity("whatsapp")}},
        "data": {"order_id": f"o{number}"}, "id": f"delivered:{person.id}",
    }  # fmt: skip
    answers = [house.bot.api("POST", "/events", told) for _ in range(2)]
    assert [(status, answer["duplicate"]) for status, answer in answers] == [(202, False), (202, True)]
    return person


def _rows(house: House, sql: str) -> Counter[str]:
    with closing(sqlite3.connect(f"file:{house.folder / 'bot.db'}?mode=ro", uri=True)) as opened:
        return Counter(dict(opened.execute(sql).fetchall()))


def _reached(house: House) -> Counter[str]:
    """How many conversations came to the step of each category, by the report of the flow."""
    groups = house.bot.got("/flows/nps/report?since=2020-01-01T00:00:00Z")["groups"]
    return Counter(
        {one["step"]: one["reached"] for one in groups[0]["steps"] if one["step"] in CATEGORIES} if groups else {}
    )


@pytest.mark.parametrize("_demo_house", DATABASES[:1], indirect=True)  # PostgreSQL has the contract tests of reports
def test_the_counts_of_every_category_are_those_of_the_log(demo: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    hand_in(DEMO, demo.meta.url)
    log = "SELECT json_extract(data, '$.goal'), COUNT(*) FROM events WHERE name = 'goal' GROUP BY 1"
    view = "SELECT goal, COUNT(*) FROM report_goals GROUP BY 1"
    before, reached = _rows(demo, log), _reached(demo)
    people = [_asked(demo, number) for number in range(11)]
    demo.advance(timedelta(days=3, minutes=1).total_seconds())
    for person in people:
        eventually(lambda person=person: "recommend" in person.texts("whatsapp")[-1], "she is asked")  # type: ignore[misc]
    for score, person in enumerate(people):
        person.say("whatsapp", f"{score}/10" if score == 9 else str(score))
    for score, person in enumerate(people):
        words = NEXT[category(score)]
        eventually(lambda person=person, words=words: words in person.texts("whatsapp")[-1], f"{score}: {words}")  # type: ignore[misc]
    wanted = Counter({f"nps_{name}": count for name, count in zip(CATEGORIES, (7, 2, 2), strict=True)})
    came = _rows(demo, log) - before  # the days that went by end conversations of others in the house as well
    assert {name: count for name, count in came.items() if name.startswith("nps_")} == wanted
    assert _rows(demo, view) == _rows(demo, log)
    assert _reached(demo) - reached == Counter(dict(zip(CATEGORIES, (7, 2, 2), strict=True)))
