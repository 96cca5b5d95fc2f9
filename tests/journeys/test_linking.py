"""Links from one channel to the next: whom they join, and whom they do not."""

from typing import Any

from tests.journeys.house import House
from tests.person import Person
from tests.processes import eventually

PARTED = "Done: these are two separate conversations again."


def _link(person: Person, platform: str) -> str:
    """The address under the newest message."""
    return str(person.read(platform)[-1]["options"][-1]["url"])


def _offered(house: House, word: str = "visit") -> Person:
    ana = house.person("Ana Rossi")
    ana.say("messenger", word)
    ana.sees("messenger", 1)
    return ana


def _named(house: House, person: Person, platform: str) -> set[str]:
    return {identity["value"] for identity in house.contact(person, platform)["identities"]}


def _private(house: House) -> Person:
    ana = _offered(house, "private")
    ana.say("messenger", "Anita")
    ana.sees("messenger", 2)
    return ana


def test_a_second_use_makes_nobody_one(house: House) -> None:
    ana, ben = _offered(house), house.person("Ben")
    link = _link(ana, "messenger")
    ana.act("follow", "messenger", url=link)
    assert ana.sees("whatsapp", 1) == ["Which colour?"]
    ben.act("follow", "messenger", url=link)
    assert ben.sees("whatsapp", 1)[0].startswith("You said: Hello Rooms, let us go on here!")
    assert house.contact(ben, "whatsapp")["id"] != house.contact(ana, "whatsapp")["id"]
    assert ben.wa_id not in _named(house, ana, "messenger")


def test_her_own_second_use_is_an_ordinary_message(house: House) -> None:
    ana = _offered(house)
    link = _link(ana, "messenger")
    ana.act("follow", "messenger", url=link)
    ana.sees("whatsapp", 1)
    ana.say("whatsapp", "red")
    assert ana.sees("whatsapp", 2)[-1] == "A visit in Red"
    ana.act("follow", "messenger", url=link)
    assert ana.sees("whatsapp", 3)[-1].startswith("You said: Hello Rooms")


def test_an_expired_link(house: House) -> None:
    ana = _offered(house)
    link = _link(ana, "messenger")
    house.advance(3601)
    assert ana.sees("messenger", 2)[-1] == "The link is of no use any more."
    ana.act("follow", "messenger", url=link)
    assert ana.sees("whatsapp", 1)[0].startswith("You said: Hello Rooms")
    assert ana.wa_id not in _named(house, ana, "messenger")


def test_what_she_writes_instead_gets_the_link_again(house: House) -> None:
    ana = _offered(house)
    ana.say("messenger", "what do you mean?")
    ana.sees("messenger", 2)
    first, second = (message["options"][-1]["url"] for message in ana.read("messenger"))
    assert first == second
    ana.follow("messenger")
    assert ana.sees("whatsapp", 1) == ["Which colour?"]


def test_she_is_asked_and_says_yes(house: House) -> None:
    ana = _private(house)
    ana.follow("messenger")
    (question,) = ana.sees("instagram", 1)
    assert question.startswith("Go on here with the conversation") and "Anita" not in question
    assert ana.options("instagram") == ["Yes", "No"]
    assert ana.igsid not in _named(house, ana, "messenger")
    ana.tap("instagram", "Yes")
    assert ana.sees("instagram", 2)[-1] == "Here we are, Anita"
    assert _named(house, ana, "instagram") == {ana.psid, ana.igsid}


def test_she_is_asked_and_says_no(house: House) -> None:
    ana = _private(house)
    ana.follow("messenger")
    ana.sees("instagram", 1)
    ana.say("instagram", "no")
    assert ana.sees("instagram", 2)[-1].startswith("All right, nothing was joined.")
    assert ana.sees("messenger", 3)[-1] == "Then we stay here."
    assert _named(house, ana, "instagram") == {ana.igsid}


def test_somebody_else_follows_her_link_and_learns_nothing(house: House) -> None:
    ana, eve = _private(house), house.person("Eve")
    ana.follow("messenger", as_id=eve.id)
    (question,) = eve.sees("instagram", 1)
    assert "Anita" not in question
    eve.tap("instagram", "No")
    assert eve.sees("instagram", 2)[-1].startswith("All right, nothing was joined.")
    assert house.contact(eve, "instagram")["fields"].get("nick") is None
    assert _named(house, ana, "messenger") == {ana.psid}


def test_a_known_person_is_joined_and_says_that_it_was_not_her(house: House) -> None:
    ana, ben = _offered(house), house.person("Ben")
    ben.say("whatsapp", "hello there")
    ben.sees("whatsapp", 1)
    known = house.contact(ben, "whatsapp")["id"]
    ana.follow("messenger", as_id=ben.id)
    assert ben.sees("whatsapp", 2)[-1] == "Which colour?"
    told = ana.sees("messenger", 2)[-1]
    assert told.endswith("Was that not you? Write UNLINK.") and ben.wa_id not in told
    assert _named(house, ana, "messenger") >= {ana.psid, ben.wa_id}
    ana.say("messenger", "unlink")
    assert ana.sees("messenger", 4)[-2:] == [PARTED, "Which colour?"]
    assert ben.sees("whatsapp", 3)[-1] == PARTED
    assert _named(house, ana, "messenger") == {ana.psid}
    assert house.contact(ben, "whatsapp")["id"] == known
    ana.say("messenger", "red")
    assert ana.sees("messenger", 5)[-1] == "A visit in Red"
    ben.say("whatsapp", "what was that?")
    assert ben.sees("whatsapp", 4)[-1] == "You said: what was that?"


def test_two_people_follow_one_link_at_the_same_time(house: House) -> None:
    ana, ben, eve = _offered(house), house.person("Ben"), house.person("Eve")
    link = _link(ana, "messenger")
    for who in (ben, eve):
        who.act("follow", "messenger", url=link)
    heard = [ben.sees("whatsapp", 1)[0], eve.sees("whatsapp", 1)[0]]
    assert sorted(text == "Which colour?" for text in heard) == [False, True]
    assert len(_named(house, ana, "messenger") & {ben.wa_id, eve.wa_id}) == 1


def test_the_webhook_of_a_link_comes_again_and_again(house: House) -> None:
    ana = _offered(house)
    house.meta.fault("duplicate", "webhook", platform="whatsapp", match={"to": ana.id})
    ana.follow("messenger")
    assert ana.sees("whatsapp", 1) == ["Which colour?"]
    ana.say("whatsapp", "red")
    assert ana.sees("whatsapp", 2)[-1] == "A visit in Red"
    assert [text for text in ana.texts("messenger") if "UNLINK" in text] == ana.texts("messenger")[-1:]


def test_a_code_is_read_however_it_is_typed(house: House) -> None:
    ana = _offered(house)
    sentence = ana.act("follow", "messenger", url=_link(ana, "messenger"), text="placeholder")["url"].partition(
        "text="
    )[2]
    assert ana.sees("whatsapp", 1) == ["You said: placeholder"]
    ben = _offered(house)
    shown = _link(ben, "messenger").rpartition("%20")[2].replace("%2D", "-")
    assert len(shown.replace("-", "")) == 11 and sentence
    ben.say("whatsapp", f"my code is {shown.lower().replace('-', ' ')} thanks")
    assert ben.sees("whatsapp", 1) == ["Which colour?"]


def test_two_links_at_the_same_time(house: House) -> None:
    """A double click: both webhooks are under way at once, one of them joins, the other is an ordinary message."""
    ana = _offered(house)
    link = _link(ana, "messenger")
    for _ in range(2):
        ana.act("follow", "messenger", url=link)

    def both() -> list[dict[str, Any]]:
        lines = house.messages(ana, "whatsapp")
        return [line for line in lines if (line["direction"], line["channel"]) == ("in", "whatsapp")]

    eventually(lambda: len(both()) == 2, "both were heard")
    assert ana.sees("whatsapp", 2)[0] == "Which colour?"
    assert _named(house, ana, "whatsapp") >= {ana.psid, ana.wa_id}
