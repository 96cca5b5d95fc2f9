"""Numbers hidden and changed, threads that another app has, many things in one POST: the conversation goes on."""

import pytest

from tests.journeys.house import House
from tests.processes import eventually

PLATFORMS = ("whatsapp", "messenger", "instagram")


def test_who_hides_her_number_in_the_middle_is_answered_and_is_one_contact(house: House) -> None:
    ana = house.person()
    ana.say("whatsapp", "lunch")
    ana.sees("whatsapp", 1)
    known = house.contact(ana, "whatsapp")["id"]
    ana.act("hide_phone", "whatsapp")
    ana.say("whatsapp", "soup")
    assert ana.sees("whatsapp", 2)[-1] == "And then?"
    assert house.contact(ana, "whatsapp")["id"] == known


def test_who_changes_her_number_in_the_middle_goes_on_with_the_new_one(house: House) -> None:
    ana = house.person()
    ana.say("whatsapp", "lunch")
    ana.sees("whatsapp", 1)
    known = house.contact(ana, "whatsapp")
    done = ana.act("change_number", "whatsapp")

    def ids() -> list[set[str]]:
        found = house.bot.contacts("whatsapp", done["text"])
        return [{one["value"] for one in contact["identities"]} for contact in found if contact["id"] == known["id"]]

    eventually(lambda: ids() == [{done["text"], done["user_id"]}], "the new ids have taken the place of the old ones")
    ana.say("whatsapp", "soup")
    assert ana.sees("whatsapp", 2)[-1] == "And then?"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_thread_that_another_app_has_is_left_alone_until_it_comes_back(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "lunch")
    ana.sees(platform, 1)
    ana.was_read(platform)  # a read mark behind the hand-over would be refused
    ana.act("hand_over", platform)
    eventually(lambda: house.contact(ana, platform)["owner"] == "person", "somebody else has her")
    ana.say(platform, "is anybody there?")
    eventually(lambda: house.messages(ana, platform)[0]["text"] == "is anybody there?", "it stands in her thread")
    ana.act("hand_over", platform, to="bot")
    eventually(lambda: house.contact(ana, platform)["owner"] == "bot", "the bot has her again")
    assert ana.sees(platform, 2)[-1] == "What first?"
    ana.say(platform, "soup")
    assert ana.sees(platform, 3)[-1] == "And then?"


def test_a_whole_conversation_in_one_post_is_heard_in_order(house: House) -> None:
    ana, ben = house.person(), house.person("Ben Verdi")
    house.meta.ask("POST", "/webhooks/hold", {})
    for words in ("lunch", "soup", "cake"):
        ana.say("messenger", words)
        ben.say("messenger", words)
    assert house.meta.ask("POST", "/webhooks/release", {})["posts"]["messenger"] == 1
    for person in (ana, ben):
        assert person.sees("messenger", 3)[-1] == "soup, then cake"
