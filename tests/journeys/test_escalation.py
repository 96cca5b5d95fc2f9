"""A message that does not reach her on one channel, and what the next ones do about it."""

from urllib.parse import quote

from tests.journeys.house import RECONCILE, House
from tests.person import Person
from tests.processes import SECRETS, call, eventually

QUESTION = "The water is rising. Will you come?"
OFFER = "Roses at half the price. STOP ends this."
TIME = 5 * 60
AGAIN = {
    "name": "again",
    "language": "en",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Here I am again."}],
}
"""The template as it is handed in."""


def _both(house: House) -> Person:
    """Somebody who has written on Messenger and on WhatsApp, and is one."""
    ana = house.person("Ana Rossi")
    ana.say("messenger", "visit")
    ana.sees("messenger", 1)
    ana.act("follow", "messenger", url=str(ana.read("messenger")[-1]["options"][-1]["url"]))
    eventually(lambda: "Which colour?" in ana.texts("whatsapp"), "she is asked on WhatsApp")
    ana.say("whatsapp", "red")
    eventually(lambda: "A visit in Red" in ana.texts("whatsapp"), "she has answered")
    return ana


def _happens(house: House, person: Person, event: str) -> None:
    id = house.contact(person, "messenger")["id"]
    status, _ = house.bot.api("POST", "/events", {"event": event, "contact": {"id": id}, "data": {}})
    assert status == 202


def _why(house: House, person: Person, text: str) -> str:
    """Why a message went where it did, and what its plan did, in sentences."""
    lines = [line for line in house.outgoing(person, "messenger") if text in line["text"]]
    return " ".join(house.bot.got(f"/messages/{quote(lines[0]['id'], safe='')}/why")["sentences"])


def _has(person: Person, platform: str, text: str, count: int = 1) -> None:
    eventually(lambda: person.texts(platform).count(text) >= count, f"{text!r} on {platform}")


def _copies(house: House, person: Person, text: str) -> int:
    return house.accepted(person).count(text)


def test_what_cannot_be_delivered_goes_on_at_once_and_is_answered_there(house: House) -> None:
    ana = _both(house)
    house.meta.fault("failed", platform="whatsapp", code=131026, match={"to": ana.id})
    _happens(house, ana, "alarm.rang")
    _has(ana, "messenger", QUESTION)
    ana.tap("messenger", "I come")
    _has(ana, "messenger", "Noted: I come.")
    assert "messenger was tried next" in _why(house, ana, QUESTION)
    assert "whatsapp: 131026" in _why(house, ana, QUESTION)
    house.advance(2 * TIME)
    assert _copies(house, ana, "Noted: I come.") == 1
    ana.say("whatsapp", "favourite")
    _has(ana, "messenger", "Where you like it best.")


def test_delivered_that_comes_after_the_escalation_and_an_answer_on_both_copies(house: House) -> None:
    ana = _both(house)
    eventually(lambda: house.meta.pending() == 0, "nothing is on its way")
    house.meta.ask("POST", "/webhooks/hold")
    try:
        _happens(house, ana, "alarm.rang")
        _has(ana, "whatsapp", QUESTION)
        house.fate(ana, "messenger", QUESTION, "accepted")
        house.advance(TIME + 10)
        _has(ana, "messenger", QUESTION)
    finally:
        house.meta.ask("POST", "/webhooks/release")
    house.fate(ana, "messenger", QUESTION, "delivered", "read")
    ana.tap("whatsapp", "I come")
    _has(ana, "whatsapp", "Noted: I come.")
    before = len(ana.texts("messenger"))
    ana.tap("messenger", "I stay")
    eventually(lambda: len(ana.texts("messenger")) > before, "she is not met with silence")
    assert not [text for text in house.accepted(ana) if text == "Noted: I stay."]
    assert "I come" in ana.texts("messenger")[-1], "she is told what was chosen"


def test_an_answer_that_was_lost_is_found_and_nothing_goes_on(house: House) -> None:
    ana = _both(house)
    house.meta.fault("drop_after_accept", platform="whatsapp", match={"to": ana.id})
    _happens(house, ana, "alarm.rang")
    house.fate(ana, "messenger", QUESTION, "delivered", "read")
    house.advance(TIME + RECONCILE)
    house.advance(TIME)
    assert _copies(house, ana, QUESTION) == 1
    assert "tried next" not in _why(house, ana, QUESTION)


def test_where_the_window_is_shut_everywhere_the_template_goes(house: House) -> None:
    headers = {"Authorization": f"Bearer {SECRETS['WHATSAPP_TOKEN']}"}
    if not any(one["name"] == "again" for one in house.meta.ask("GET", "/templates")):
        call("POST", f"{house.meta.url}/v25.0/102290129340398/message_templates", AGAIN, headers)
    ana = _both(house)
    house.advance(25 * 3600)
    _happens(house, ana, "alarm.rang")
    _has(ana, "whatsapp", "Here I am again.")


def test_without_a_template_it_is_refused_and_the_team_is_told(house: House) -> None:
    ana = house.person("Ana Rossi")
    ana.say("messenger", "hello")
    ana.sees("messenger", 1)
    house.advance(25 * 3600)
    _happens(house, ana, "alarm.rang")
    eventually(lambda: "unreached" in house.contact(ana, "messenger")["tags"], "the question has failed")
    assert _copies(house, ana, QUESTION) == 0


def test_the_step_fails_only_when_every_channel_has(house: House) -> None:
    ana = _both(house)
    house.meta.fault("failed", platform="whatsapp", code=131026, match={"to": ana.id})
    house.meta.fault("code", platform="messenger", code=551, match={"to": ana.id})
    _happens(house, ana, "alarm.rang")
    eventually(lambda: "unreached" in house.contact(ana, "messenger")["tags"], "the question has failed")
    assert _why(house, ana, QUESTION).count("No channel was left") == 1


def test_marketing_is_never_sent_twice_and_goes_on_when_it_certainly_failed(house: House) -> None:
    ana, ben = _both(house), _both(house)
    house.meta.fault("drop_before", platform="whatsapp", match={"to": ana.id})
    house.meta.fault("failed", platform="whatsapp", code=131026, match={"to": ben.id})
    ana.say("whatsapp", "offer")
    ben.say("whatsapp", "offer")
    _has(ben, "messenger", OFFER)
    house.advance(RECONCILE + 1)
    house.fate(ana, "messenger", OFFER, "failed", refusal="unknown")
    house.advance(2 * TIME)
    assert _copies(house, ana, OFFER) == 0, "nobody knew whether she had it"
    assert "messenger was tried next" in _why(house, ben, OFFER)
