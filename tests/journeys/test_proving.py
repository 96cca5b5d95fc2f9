"""A phone is proven by a one-time code: what comes to it, what is kept of it, and who she is from then on."""

import re

import pytest

from tests.journeys.house import House
from tests.person import Person
from tests.processes import SECRETS, call, eventually

_CODE = re.compile(r"\b[0-9]{6}\b")


TEMPLATE = {
    "name": "login_code",
    "language": "en",
    "category": "AUTHENTICATION",
    "components": [{"type": "BODY"}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}],
}
"""As it is handed in."""


@pytest.fixture(autouse=True)
def _approved(house: House) -> None:
    """Meta knows the template."""
    if not any(one["name"] == "login_code" for one in house.meta.ask("GET", "/templates")):
        headers = {"Authorization": f"Bearer {SECRETS['WHATSAPP_TOKEN']}"}
        status, answer = call("POST", f"{house.meta.url}/v25.0/102290129340398/message_templates", TEMPLATE, headers)
        assert status == 200, answer


def _asked(house: House, number: str = "") -> Person:
    ana = house.person("Ana Rossi")
    ana.say("messenger", "prove")
    ana.sees("messenger", 1)
    ana.say("messenger", number or f"+{ana.wa_id}")
    return ana


def _code(ana: Person) -> str:
    """What her phone shows."""
    (text,) = ana.sees("whatsapp", 1)
    found = _CODE.search(text)
    assert found is not None, text
    return found[0]


def _other(code: str) -> str:
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


def test_she_types_the_code_and_goes_on_from_her_phone(house: House) -> None:
    ana = _asked(house)
    assert ana.sees("messenger", 2)[-1] == "Which code came to it?"
    code = _code(ana)
    ana.say("messenger", _other(code))
    assert "not the code" in ana.sees("messenger", 3)[-1]
    assert [one["value"] for one in house.contact(ana, "messenger")["identities"]] == [ana.psid]
    ana.say("messenger", f"it is {code[:3]} {code[3:]}")
    assert ana.sees("messenger", 4)[-1] == f"+{ana.wa_id} is yours. Which colour?"
    assert {one["value"] for one in house.contact(ana, "messenger")["identities"]} == {ana.psid, ana.wa_id}
    ana.say("whatsapp", "Green")
    assert ana.sees("whatsapp", 2)[-1] == "Green it is"
    assert house.contact(ana, "whatsapp")["id"] == house.contact(ana, "messenger")["id"]
    lines = house.messages(ana, "messenger")
    assert not any(code in line["text"] or _other(code) in line["text"] for line in lines)
    assert code not in house.bot.said()


def test_the_code_outlives_a_kill_between_the_turn_and_the_sending(house: House) -> None:
    house.meta.fault("status", platform="whatsapp", http=503, times=50)
    ana = _asked(house)
    eventually(lambda: len(house.outgoing(ana, "messenger")) >= 3, "the turn is committed")
    house.bot.kill()
    house.meta.ask("DELETE", "/faults")
    house.bot.start()
    house.advance(60)
    eventually(lambda: ana.texts("whatsapp"), "the code comes after all")
    ana.say("messenger", _CODE.findall(ana.texts("whatsapp")[-1])[0])
    eventually(lambda: "Which colour?" in ana.texts("messenger")[-1], "it counts")
    assert len({_CODE.findall(text)[0] for text in ana.texts("whatsapp")}) == 1


def test_a_number_that_is_not_there(house: House) -> None:
    house.expect("whatsapp.failed.131026")
    ana = _asked(house, "+39 333 999 0001")
    eventually(lambda: "Nothing is proven." in ana.texts("messenger"), "she is told")
