"""How conversations begin and go on: links with a ref, taps, copies, answers from another channel, stop words."""

import pytest

from tests.journeys.house import House
from tests.person import Person

LINKS = {"messenger": "https://m.me/luckygarden?ref=spring", "instagram": "https://ig.me/m/luckygarden?ref=spring"}
LATE = "You chose “{}” earlier; that question is already answered."


@pytest.mark.parametrize("platform", LINKS)
def test_first_contact_by_a_link_into_a_new_thread(house: House, platform: str) -> None:
    ana = house.person()
    ana.follow(platform, url=LINKS[platform])
    assert ana.sees(platform, 1)[0].startswith("The spring offer!")
    ana.tap(platform, "Yes")
    assert ana.sees(platform, 2)[-1].startswith("Kept:")


@pytest.mark.parametrize("platform", LINKS)
def test_a_link_into_an_existing_thread(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "hm")
    assert ana.sees(platform, 1) == ["You said: hm"]
    ana.follow(platform, url=LINKS[platform])
    assert ana.sees(platform, 2)[-1].startswith("The spring offer!")
    assert len(house.contact(ana, platform)["identities"]) == 1


@pytest.mark.parametrize("platform", ["whatsapp", "messenger", "instagram"])
def test_a_tap_answers_as_words_do(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "shop")
    ana.sees(platform, 1)
    assert ana.options(platform) == ["Red", "Green", "Blue"]
    ana.tap(platform, "Green")
    ana.sees(platform, 2)
    ana.say(platform, "large")
    assert ana.sees(platform, 3)[-1] == "Noted: Green, Large"


def test_a_button_of_an_old_message(house: House) -> None:
    ana = house.person()
    ana.say("whatsapp", "shop")
    ana.sees("whatsapp", 1)
    old = ana.read("whatsapp")[0]["id"]
    ana.say("whatsapp", "blue")
    ana.sees("whatsapp", 2)
    ana.tap("whatsapp", "Red", message_id=old)
    assert ana.sees("whatsapp", 4)[2:] == [LATE.format("Blue"), "Which size?"]
    ana.tap("whatsapp", "Small")
    assert ana.sees("whatsapp", 5)[-1] == "Noted: Blue, Small"


def test_a_double_tap(house: House) -> None:
    ana = house.person()
    ana.say("whatsapp", "shop")
    ana.sees("whatsapp", 1)
    ana.tap("whatsapp", "Red")
    ana.tap("whatsapp", "Red")
    assert ana.sees("whatsapp", 4)[1:] == ["Which size?", LATE.format("Red"), "Which size?"]
    ana.tap("whatsapp", "Large")
    assert ana.sees("whatsapp", 5)[-1] == "Noted: Red, Large"


@pytest.mark.parametrize("platform", ["whatsapp", "messenger", "instagram"])
def test_the_same_webhook_twice(house: House, platform: str) -> None:
    ana = house.person()
    house.meta.fault("duplicate", "webhook", platform=platform, match={"to": ana.id})
    ana.say(platform, "one")
    assert ana.sees(platform, 1) == ["You said: one"]
    ana.say(platform, "two")
    assert ana.sees(platform, 2)[-1] == "You said: two"
    heard = [line["text"] for line in house.messages(ana, platform) if line["direction"] == "in"]
    assert heard == ["two", "one"]


def test_a_webhook_that_was_taken_and_comes_again(house: House) -> None:
    ana = house.person()
    house.meta.fault("drop_after_accept", "webhook", match={"to": ana.id})
    ana.say("messenger", "once")
    assert ana.sees("messenger", 1) == ["You said: once"]
    ana.say("messenger", "more")
    assert ana.sees("messenger", 2) == ["You said: once", "You said: more"]


def test_answers_from_the_channel_that_was_left(house: House) -> None:
    ana = house.person()
    ana.say("messenger", "visit")
    ana.sees("messenger", 1)
    ana.follow("messenger")
    assert ana.sees("whatsapp", 1) == ["Which colour?"]
    assert ana.sees("messenger", 2)[-1].endswith("Write UNLINK.")
    ana.say("messenger", "2")
    assert ana.sees("messenger", 3)[-1] == "A visit in Green"
    assert ana.texts("whatsapp") == ["Which colour?"]


def test_a_stop_word_ends_it_with_one_message(house: House) -> None:
    ana = house.person()
    ana.say("instagram", "lunch")
    ana.sees("instagram", 1)
    ana.say("instagram", "STOP")
    assert ana.sees("instagram", 2)[-1].startswith("Done: you will get no more offers")
    assert [session["status"] for session in house.sessions(ana, "instagram")] == ["stopped"]
    ana.say("instagram", "hm")
    assert ana.sees("instagram", 3)[-1] == "You said: hm"


def test_many_messages_at_once_are_answered_in_their_order(house: House) -> None:
    people = [house.person(f"Number {n}") for n in range(4)]
    for number in range(6):
        for one in people:
            one.say("messenger", f"message {number}")
    for one in people:
        assert one.sees("messenger", 6) == [f"You said: message {number}" for number in range(6)]


def _write(person: Person, platform: str, *texts: str) -> None:
    for number, text in enumerate(texts, 1):
        person.say(platform, text)
        person.sees(platform, number)


def test_what_she_does_besides_writing_is_kept_and_disturbs_nothing(house: House) -> None:
    ana = house.person()
    _write(ana, "whatsapp", "lunch")
    ana.act("react", "whatsapp", message_id=ana.read("whatsapp")[0]["id"], emoji="👍")
    ana.say("whatsapp", "soup")
    ana.sees("whatsapp", 2)
    ana.say("whatsapp", "cake")
    assert ana.sees("whatsapp", 3)[-1] == "soup, then cake"
