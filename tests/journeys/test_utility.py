"""Utility messages of Messenger: what is said when the window is shut."""

import json
import urllib.request

from tests.journeys.house import House
from tests.processes import eventually

FORM = {
    "name": "parcel", "language": "en", "category": "UTILITY", "parameter_format": "NAMED",
    "components": [{"type": "BODY", "text": "Parcel {{number}} is on its way."},
                   {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Thanks"}]}],
}  # fmt: skip


def _hand_in(house: House) -> None:
    address = f"{house.meta.url}/v25.0/1895382890692545/message_templates?access_token=demo-page-token"
    asked = urllib.request.Request(
        address, json.dumps(FORM).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert json.load(answer)["status"] == "APPROVED"


def test_a_template_of_the_page_goes_when_the_window_is_shut_and_elsewhere_it_is_refused(house: House) -> None:
    _hand_in(house)
    ana, ben = house.person(), house.person("Ben Verdi")
    ana.say("messenger", "parcel")
    ben.say("instagram", "parcel")
    ana.sees("messenger", 1)
    ben.sees("instagram", 1)
    house.advance(26 * 3600 + 5)
    assert ana.sees("messenger", 2)[-1] == "Parcel 4711 is on its way."
    line = house.fate(ben, "instagram", "Parcel 4711", "refused")
    assert line["refusal"] == "window_closed"
    ana.tap("messenger", "Thanks")
    eventually(lambda: house.messages(ana, "messenger")[0]["text"] != "", "her tap is heard")
    assert [entry["text"] for entry in house.meta.messages() if entry["person"] == ana.id][:1] == ["You hear of it."]
