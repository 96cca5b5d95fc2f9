"""Names and pictures that messages are shown with on Messenger: made once, and left out elsewhere."""

import pytest

from tests.journeys.house import House
from tests.person import Person
from tests.processes import eventually


def _shown(house: House, person: Person, platform: str) -> list[tuple[str, str]]:
    lines = house.meta.ask("GET", f"/people/{person.id}/thread?platform={platform}")
    return [(line["by"], line["text"]) for line in lines if line["direction"] == "out"]


def test_the_bot_and_its_people_speak_as_somebody_on_messenger(house: House) -> None:
    ana, ben = house.person(), house.person("Ben Verdi")
    for one in (ana, ben):
        one.say("messenger", "masked")
        one.sees("messenger", 2)
        assert _shown(house, one, "messenger") == [("Anna", "I am Anna."), ("", "And I am the page.")]
    contact = house.contact(ana, "messenger")
    assert house.bot.api("POST", f"/contacts/{contact['id']}/messages", {"text": "Rita here"})[0] == 202
    ana.sees("messenger", 3)
    assert _shown(house, ana, "messenger")[-1] == ("Rita of the team", "Rita here")
    made = [entry["request"]["name"] for entry in house.meta.log_of("graph") if entry["path"].endswith("/personas")]
    assert made.count("Anna") == 1


@pytest.mark.parametrize("platform", ["whatsapp", "instagram"])
def test_elsewhere_nobody_is_named(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "masked")
    ana.sees(platform, 2)
    assert _shown(house, ana, platform) == [("", "I am Anna."), ("", "And I am the page.")]


def test_people_of_a_team_that_has_her_speak_as_that_team(house: House) -> None:
    ana = house.person()
    ana.say("messenger", "people")
    ana.sees("messenger", 1)
    eventually(lambda: house.contact(ana, "messenger")["owner"] == "person", "the desk has her")
    contact = house.contact(ana, "messenger")
    assert house.bot.api("POST", f"/contacts/{contact['id']}/messages", {"text": "From the desk"})[0] == 202
    ana.sees("messenger", 2)
    assert _shown(house, ana, "messenger")[-1] == ("Sam of the desk", "From the desk")
