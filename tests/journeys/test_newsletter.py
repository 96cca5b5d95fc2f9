"""F6 over real processes: joined twice by one person, down over ten in the morning, and every tip once all the same."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.journeys.conftest import DATABASES
from tests.journeys.house import House
from tests.person import Person
from tests.processes import DEMO, SECRETS, eventually
from trinario.cli.demo_templates import hand_in

TIPS = ("first garden tip", "second garden tip", ("third garden tip", "spring is here"))


def _joins(person: Person, platform: str) -> None:
    person.say(platform, "join")
    person.sees(platform, 1)
    person.say(platform, "yes")
    person.sees(platform, 2)
    person.say(platform, "yes")
    assert "Welcome to the garden tips" in person.sees(platform, 4)[-1]


def _tips(house: House, person: Person) -> Counter[int]:
    """How often Meta took each tip for her."""
    said = house.accepted(person)
    words = [(one,) if isinstance(one, str) else one for one in TIPS]
    return Counter({
        number: count for number, any_of in enumerate(words, 1)
        if (count := sum(any(one in text for one in any_of) for text in said))
    })  # fmt: skip


@pytest.mark.parametrize("_demo_house", DATABASES[:1], indirect=True)  # PostgreSQL has the contract tests of sequences
def test_two_who_became_one_and_a_process_that_was_down_get_every_tip_once(
    demo: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    hand_in(DEMO, demo.meta.url)
    ana = demo.person("Ana Rossi")
    for platform in ("whatsapp", "instagram"):
        _joins(ana, platform)
    kept, taken = (str(demo.contact(ana, platform)["id"]) for platform in ("whatsapp", "instagram"))
    told = {"keep": kept, "take": taken, "reason": "her card", "author": "carla"}
    status, answer = demo.bot.api("POST", "/contacts/merge", told)
    assert status == 200, answer
    eventually(lambda: demo.meta.pending() == 0, "nothing is on its way")
    demo.expect("webhook.never_accepted")  # a receipt that came up just then is eleven days old when somebody is there
    demo.bot.kill()
    demo.advance(timedelta(days=11).total_seconds())  # beyond the last tip, whatever day it is
    assert not _tips(demo, ana)
    demo.bot.start()
    eventually(lambda: len(_tips(demo, ana)) == 3, "all tips are there")
    ana.say("whatsapp", "visit")  # a sentinel: what was to come has come
    eventually(lambda: "suits you" in ana.texts("whatsapp")[-1], "she is asked")
    assert _tips(demo, ana) == {1: 1, 2: 1, 3: 1}
