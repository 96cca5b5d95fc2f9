"""Threads that go to the inbox of the platform with a handoff, and come back."""

import pytest

from tests.journeys.house import House
from tests.person import Person
from tests.processes import eventually

PAGES = ("messenger", "instagram")
INBOX = {"messenger": "263902037430900", "instagram": "1217981644879628"}
RETURN = 30 * 60 + 5


def _calls(house: House, person: Person, platform: str, action: str) -> list[dict[str, object]]:
    her = person.identity(platform)
    return [
        entry["request"] for entry in house.meta.log_of("graph")
        if entry["path"].endswith(f"/{action}_thread_control") and entry["request"]["recipient"]["id"] == her
    ]  # fmt: skip


@pytest.mark.parametrize("platform", PAGES)
def test_a_handoff_gives_the_thread_to_the_inbox_behind_the_last_word(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "people")
    assert ana.sees(platform, 1) == ["A colleague will answer."]
    eventually(lambda: _calls(house, ana, platform, "pass"), "the thread is passed")
    (passed,) = _calls(house, ana, platform, "pass")
    assert (passed["target_app_id"], passed["metadata"]) == (INBOX[platform], "wants people")
    ana.say(platform, "is anybody there?")
    eventually(lambda: house.messages(ana, platform)[0]["text"] == "is anybody there?", "a copy of it is heard")

    house.advance(RETURN)
    assert ana.sees(platform, 2)[-1] == "It is me again."
    assert len(_calls(house, ana, platform, "take")) == 1


@pytest.mark.parametrize("platform", PAGES)
def test_who_answers_by_the_api_has_the_thread_here(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "people")
    eventually(lambda: _calls(house, ana, platform, "pass"), "the thread is passed")
    contact = house.contact(ana, platform)
    assert house.bot.api("POST", f"/contacts/{contact['id']}/messages", {"text": "Rita here"})[0] == 202
    assert ana.sees(platform, 2)[-1] == "Rita here"


@pytest.mark.parametrize("platform", PAGES)
def test_a_send_that_another_app_refuses_silences_the_bot(house: House, platform: str) -> None:
    code, subcode = (10, 2018300) if platform == "messenger" else (100, 2534037)
    ana = house.person()
    ana.say(platform, "lunch")
    ana.sees(platform, 1)
    house.expect("fault")
    match = {"to": ana.id}
    house.meta.fault("code", platform=platform, match=match, code=code, subcode=subcode)
    ana.say(platform, "soup")
    line = house.fate(ana, platform, "And then?", "refused", refusal="not_owner")
    assert line["refusal"] == "not_owner"
    eventually(lambda: house.contact(ana, platform)["owner"] == "person", "the bot is silent")
    ana.act("hand_over", platform, to="bot")
    assert ana.sees(platform, 2)[-1] == "And then?"
