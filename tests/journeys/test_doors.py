"""The doors: what is refused, what is kept, and what the API tells."""

import urllib.error
import uuid
from typing import Any

import pytest

from tests.journeys.house import House
from tests.person import Person
from tests.processes import call

PLATFORMS = ("whatsapp", "messenger", "instagram")


def _raw(house: House, platform: str, body: Any, signature: str = "good") -> tuple[int, str]:
    """A webhook body with a signature of Meta's: status and answer."""
    wish = {"platform": platform, "body": body, "signature": signature}
    answered = house.meta.ask("POST", "/webhook/raw", wish)
    return answered["status"], answered["answer"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_verification(house: House, platform: str) -> None:
    url = f"{house.bot.url}/webhooks/{platform}"
    assert house.meta.ask("POST", "/subscribe", {"platform": platform, "url": url})["verified"] is True
    wrong = {"platform": platform, "url": url, "verify_token": "guessed"}
    assert house.meta.ask("POST", "/subscribe", wrong)["status"] == 403


def test_what_is_not_signed_by_our_secret_is_refused(house: House) -> None:
    body = {"object": "page", "entry": []}
    assert _raw(house, "messenger", body, signature="bad")[0] == 401
    assert call("POST", f"{house.bot.url}/webhooks/messenger", body)[0] == 401
    assert _raw(house, "messenger", body)[0] == 200


def test_what_is_no_json_is_refused(house: House) -> None:
    assert _raw(house, "whatsapp", "{not json")[0] == 400
    assert _raw(house, "whatsapp", "[1, 2]")[0] == 400


def test_what_is_too_large_is_refused(house: House) -> None:
    try:
        status, _ = call("POST", f"{house.bot.url}/webhooks/whatsapp", b"x" * (4 * 1024 * 1024 + 1))
    except urllib.error.URLError:  # the door was shut before all of it was sent
        status = 413
    assert status == 413
    assert _raw(house, "whatsapp", {"object": "whatsapp_business_account", "entry": []})[0] == 200


def test_what_is_for_somebody_elses_account_is_kept_and_answered(house: House) -> None:
    ana = house.person()
    message = {"mid": f"m_{uuid.uuid4().hex}", "text": "hello stranger"}
    event = {"sender": {"id": ana.psid}, "recipient": {"id": "777"}, "timestamp": 1790000000000, "message": message}
    body = {"object": "page", "entry": [{"id": "777", "time": 1790000000000, "messaging": [event]}]}
    assert _raw(house, "messenger", body) == (200, "EVENT_RECEIVED")
    assert house.bot.contacts("messenger", ana.psid) == []
    assert house.accepted(ana) == []


def test_a_broken_webhook_costs_nobody_else_anything(house: House) -> None:
    ana = house.person()
    odd = {"object": "page", "entry": [{"id": None, "messaging": [17, {"message": {"text": ["x"]}}, None]}, "?"]}
    assert _raw(house, "messenger", odd)[0] == 200
    ana.say("messenger", "hello \x00 \ud83d\ude00 there".replace("\x00", ""))
    assert ana.sees("messenger", 1)[0].startswith("You said: hello")


def test_an_event_begins_a_flow_once(house: House) -> None:
    ana = house.person()
    ana.say("messenger", "hm")
    ana.sees("messenger", 1)
    event = {
        "event": "order.paid",
        "id": uuid.uuid4().hex,
        "contact": {"identity": {"channel": "messenger", "value": ana.psid}},
        "data": {"total": 12},
    }
    assert house.bot.api("POST", "/events", event) == (202, {"id": event["id"], "duplicate": False})
    assert ana.sees("messenger", 2)[-1] == "Paid: 12 EUR"
    assert house.bot.api("POST", "/events", event) == (202, {"id": event["id"], "duplicate": True})
    ana.say("messenger", "so")
    assert ana.sees("messenger", 3)[-1] == "You said: so"


def _talked(house: House) -> Person:
    ana = house.person()
    ana.say("whatsapp", "lunch")
    ana.sees("whatsapp", 1)
    ana.say("whatsapp", "soup")
    ana.sees("whatsapp", 2)
    return ana


def test_the_api_tells_of_a_contact(house: House) -> None:
    ana = _talked(house)
    contact = house.contact(ana, "whatsapp")
    assert (contact["first_name"], contact["last_name"]) == ("Ana", "Rossi")
    assert house.bot.got(f"/contacts/{contact['id']}") == contact
    lines = [(line["direction"], line["text"]) for line in reversed(house.messages(ana, "whatsapp"))]
    assert lines == [("in", "lunch"), ("out", "What first?"), ("in", "soup"), ("out", "And then?")]
    (session,) = house.sessions(ana, "whatsapp")
    assert (session["flow"], session["status"], session["step"]) == ("lunch", "waiting", "then")
    assert session["answers"]["first"] == "soup"


def test_the_api_pages_through_messages(house: House) -> None:
    ana = _talked(house)
    path = f"/contacts/{house.contact(ana, 'whatsapp')['id']}/messages"
    seen, after = [], ""
    while True:
        page = house.bot.got(f"{path}?limit=3{after}")
        seen += [line["text"] for line in page["messages"]]
        if page["next"] is None:
            break
        after = f"&next={page['next']}"
    assert seen == ["And then?", "soup", "What first?", "lunch"]


def test_the_api_refuses(house: House) -> None:
    assert house.bot.api("GET", "/contacts?identity=messenger:nobody") == (200, {"contacts": []})
    assert house.bot.api("GET", "/contacts/999999999")[0] == 404
    assert house.bot.api("GET", "/contacts/999999999", token="guessed")[0] == 401
    nobody = {"event": "order.paid", "contact": {"identity": {"channel": "messenger", "value": "nobody"}}}
    assert house.bot.api("POST", "/events", nobody)[0] == 404


def test_health_and_numbers(house: House) -> None:
    assert call("GET", f"{house.bot.url}/healthz")[0] == 200
    status, ready = call("GET", f"{house.bot.url}/readyz")
    assert status == 200 and all(ready["checks"].values())
    assert "trinario_" in call("GET", f"{house.bot.url}/metrics")[1]
