"""People of the team step in: in Meta's own apps, and by the API."""

from typing import Any

import pytest

from tests.journeys.house import House
from tests.person import Person
from tests.processes import eventually

PLATFORMS = ("whatsapp", "messenger", "instagram")
RETURN = 30 * 60 + 5


def _asked(house: House, platform: str) -> Person:
    ana = house.person()
    ana.say(platform, "lunch")
    ana.sees(platform, 1)
    return ana


def _owned_by(house: House, person: Person, platform: str, owner: str) -> None:
    eventually(lambda: house.contact(person, platform)["owner"] == owner, f"{owner} has her")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_person_writes_in_the_app_and_the_bot_steps_back_and_returns(house: House, platform: str) -> None:
    ana = _asked(house, platform)
    house.meta.ask("POST", f"/business/{platform}/say", {"person": ana.id, "text": "I take over, says Rita."})
    _owned_by(house, ana, platform, "person")
    ana.say(platform, "thank you, Rita")
    eventually(lambda: house.messages(ana, platform)[0]["text"] == "thank you, Rita", "it was heard")
    assert ana.texts(platform) == ["What first?", "I take over, says Rita."]

    house.advance(RETURN)
    assert ana.sees(platform, 3)[-1] == "What first?"
    _owned_by(house, ana, platform, "bot")
    ana.say(platform, "soup")
    assert ana.sees(platform, 4)[-1] == "And then?"
    assert "I take over, says Rita." in [line["text"] for line in house.outgoing(ana, platform)]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_our_own_echoes_are_nobodys_words(house: House, platform: str) -> None:
    ana = _asked(house, platform)
    ana.say(platform, "soup")
    ana.sees(platform, 2)
    house.fate(ana, platform, "And then?", "delivered", "read")
    ana.say(platform, "cake")
    assert ana.sees(platform, 3)[-1] == "soup, then cake"
    assert house.contact(ana, platform)["owner"] == "bot"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_operator_replies_by_the_api(house: House, platform: str) -> None:
    ana = _asked(house, platform)
    contact = house.contact(ana, platform)
    status, taken = house.bot.api("POST", f"/contacts/{contact['id']}/messages", {"text": "Hello from the desk"})
    assert status == 202
    assert ana.sees(platform, 2)[-1] == "Hello from the desk"
    line = house.fate(ana, platform, "Hello from the desk", "delivered", "read")
    assert line["id"] == taken["id"]
    _owned_by(house, ana, platform, "person")
    ana.say(platform, "hello desk")
    eventually(lambda: house.messages(ana, platform)[0]["text"] == "hello desk", "it was heard")
    house.advance(RETURN)
    assert ana.sees(platform, 3)[-1] == "What first?"


def test_people_give_her_back_by_hand_and_their_ticket_is_closed(house: House) -> None:
    ana = _asked(house, "messenger")
    contact = house.contact(ana, "messenger")["id"]
    assert house.bot.api("POST", f"/contacts/{contact}/messages", {"text": "Rita here"})[0] == 202
    _owned_by(house, ana, "messenger", "person")
    assert house.bot.api("POST", f"/contacts/{contact}/owner", {"owner": "bot"})[0] == 202
    _owned_by(house, ana, "messenger", "bot")
    assert ana.sees("messenger", 3)[-1] == "What first?"
    ana.say("messenger", "soup")
    assert ana.sees("messenger", 4)[-1] == "And then?"


def test_a_reply_goes_out_of_the_window_where_people_may(house: House) -> None:
    """A person of the team has seven days on Messenger, and none more than the bot on WhatsApp."""
    ana, ben = _asked(house, "messenger"), _asked(house, "whatsapp")
    house.advance(2 * 86400)
    for person, platform in ((ana, "messenger"), (ben, "whatsapp")):
        contact = house.contact(person, platform)
        assert house.bot.api("POST", f"/contacts/{contact['id']}/messages", {"text": "Two days later"})[0] == 202
    assert ana.sees("messenger", 2)[-1] == "Two days later"
    assert house.fate(ben, "whatsapp", "Two days later", "refused")["refusal"] == "window_closed"
    assert ben.texts("whatsapp") == ["What first?"]


def test_a_person_writes_while_our_answer_is_lost(house: House) -> None:
    """On Instagram an echo has no key: hers is told from ours by its words."""
    ana = _asked(house, "instagram")
    house.meta.fault("drop_after_accept", platform="instagram", match={"to": ana.id})
    ana.say("instagram", "soup")
    ana.sees("instagram", 2)
    house.meta.ask("POST", "/business/instagram/say", {"person": ana.id, "text": "Rita here."})
    house.fate(ana, "instagram", "And then?", "accepted", "sent", "delivered", "read")
    _owned_by(house, ana, "instagram", "person")
    assert house.accepted(ana) == ["What first?", "And then?"]


def test_a_ticket_is_taken_answered_and_closed_by_the_api(house: House) -> None:
    """The whole way of a tool for people: who waits, her thread, a reply, done; then the flow goes on."""
    ana = house.person()
    ana.say("whatsapp", "people")
    ana.sees("whatsapp", 1)
    contact = house.contact(ana, "whatsapp")["id"]
    _owned_by(house, ana, "whatsapp", "person")
    (ticket,) = [one for one in house.bot.got("/tickets?team=desk")["tickets"] if one["contact"] == contact]
    assert (ticket["state"], ticket["note"]) == ("open", "wants people")
    ana.say("whatsapp", "hello?")
    eventually(lambda: _waits(house, contact)["unread"] == 1, "the inbox of the team shows it")
    assert house.bot.api("POST", f"/tickets/{ticket['id']}/assign", {"assignee": "Rita"})[0] == 200
    given = {"text": "Rita here", "author": "Rita"}
    assert house.bot.api("POST", f"/contacts/{contact}/messages", given)[0] == 202
    assert ana.sees("whatsapp", 2)[-1] == "Rita here"
    assert _waits(house, contact)["unread"] == 0
    lines = house.bot.got(f"/contacts/{contact}/messages")["messages"]
    shown = [(one["author"], one["by"], one["flow"], one["text"]) for one in lines if one["direction"] == "out"]
    assert shown == [("person", "Rita", None, "Rita here"), ("bot", None, "people", "A colleague will answer.")]
    status, closed = house.bot.api("POST", f"/tickets/{ticket['id']}/close", {"author": "Rita"})
    assert (status, closed["state"], closed["assignee"]) == (200, "closed", "Rita")
    assert ana.sees("whatsapp", 3)[-1] == "It is me again."
    _owned_by(house, ana, "whatsapp", "bot")


def _waits(house: House, contact: str) -> dict[str, Any]:
    found = house.bot.got("/contacts?owner=person&limit=200")["contacts"]
    return next(one for one in found if one["id"] == contact)


def test_after_three_days_a_reply_is_marked_as_a_persons_and_shut_windows_are_told(house: House) -> None:
    ana, ben = _asked(house, "instagram"), _asked(house, "whatsapp")
    house.advance(3 * 86400)
    one, other = house.contact(ana, "instagram")["id"], house.contact(ben, "whatsapp")["id"]
    status, taken = house.bot.api("POST", f"/contacts/{one}/messages", {"text": "Rita, three days later"})
    assert (status, taken["channel"]) == (202, "instagram")
    assert ana.sees("instagram", 2)[-1] == "Rita, three days later"
    asked = [entry["request"] for entry in house.meta.log_of("graph") if entry["person"] == ana.id]
    assert asked[-1]["tag"] == "HUMAN_AGENT" and asked[-1]["messaging_type"] == "MESSAGE_TAG"
    status, refused = house.bot.api("POST", f"/contacts/{other}/messages", {"text": "still there?"})
    assert (status, refused["refusal"]) == (202, "window_closed")
    assert "template" in refused["hint"]
    assert house.contact(ben, "whatsapp")["owner"] == "bot"
