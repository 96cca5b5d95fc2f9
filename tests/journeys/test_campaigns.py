"""A campaign over real processes: planned and started by the API, paused, killed in the middle, and everybody has it once."""

import json
from typing import Any

from tests.journeys.house import House
from tests.person import Person
from tests.processes import eventually

WORDS = "Tonight at eight"


def change(house: House, what: str, **body: Any) -> dict[str, Any]:
    status, answer = house.bot.api("POST", f"/campaigns/concert/{what}", body)
    assert status == 200, f"{what}: {status} {answer}"
    return dict(answer)


def have_it(house: House, people: list[tuple[Person, str]]) -> int:
    """How many of these Meta took the message for; for nobody twice."""
    counts = [sum(WORDS in text for text in house.accepted(person)) for person, _ in people]
    assert set(counts) <= {0, 1}, counts
    return sum(counts)


def asked_of_meta(house: House) -> tuple[int, int]:
    """How often the bot has asked how its number stands, and how its templates do."""
    calls = [one for one in house.meta.log_of("graph") if one["method"] == "GET"]
    numbers = sum("whatsapp_business_manager_messaging_limit" in json.dumps(one) for one in calls)
    return numbers, sum(one["path"].endswith("/message_templates") for one in calls)


def test_a_plan_of_the_api_asks_meta_and_says_what_it_does_not_tell(house: House) -> None:
    fan = house.person("Fan of the plan")
    fan.say("whatsapp", "fan")
    fan.sees("whatsapp", 1)
    house.advance(25 * 3600)  # she is to be written to first
    before = asked_of_meta(house)
    told = change(house, "plan")["forecast"]
    numbers, templates = asked_of_meta(house)
    assert numbers == before[0] + 1 and templates == before[1] + 1
    assert told["numbers"]["whatsapp"]["limit"] and told["untold"] == [] and told["templates_untold"] is None


def test_everybody_has_it_once_through_a_pause_and_a_kill(house: House) -> None:
    platforms = ("messenger", "instagram", "whatsapp")
    people = [(house.person(f"Fan {number}"), platforms[number % 3]) for number in range(30)]
    for person, platform in people:
        person.say(platform, "fan")
    for person, platform in people:
        person.sees(platform, 1)
    busy, place = people[0]
    busy.say(place, "lunch")  # she is asked something: the campaign waits for her
    busy.sees(place, 2)
    plan = change(house, "plan")
    assert plan["forecast"]["recipients"] == plan["forecast"]["segment"] >= 30 and plan["forecast"]["busy"] >= 1
    status, answer = house.bot.api("POST", "/campaigns/concert/start", {"plan": "concert-00000000"})
    assert status == 409 and "campaign plan concert" in answer["detail"]
    assert change(house, "start", plan=plan["id"], author="mia")["state"] == "running"
    eventually(lambda: have_it(house, people) >= 5, "some have it")
    assert change(house, "pause", reason="wrong hall")["state"] == "paused"
    house.bot.kill()
    house.bot.start()
    assert have_it(house, people) < 30
    assert (
        next(one for one in house.bot.got("/campaigns")["campaigns"] if one["name"] == "concert")["why"] == "wrong hall"
    )
    change(house, "resume")
    eventually(lambda: have_it(house, people) >= 15, "it goes on")
    house.bot.kill()
    house.bot.start()
    eventually(lambda: have_it(house, people) == 29, "all have it but her who is asked something")
    busy.say(place, "soup")
    busy.say(place, "cake")
    # only then does the clock move: asked about while she is still answering, she would be put off once more
    eventually(lambda: "soup, then cake" in busy.texts(place), "her lunch is taken")
    house.advance(301)
    eventually(lambda: have_it(house, people) == 30, "she is free, and has it")
    house.advance(3)
    eventually(lambda: house.bot.got("/campaigns/concert/report")["campaign"]["state"] == "done", "it is done")
    report = house.bot.got("/campaigns/concert/report")["report"]
    assert report["sent"] == report["recipients"] == plan["forecast"]["recipients"] and report["waiting"] == 0
