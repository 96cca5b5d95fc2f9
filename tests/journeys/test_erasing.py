"""Somebody is forgotten while the bot runs: by Meta's data deletion, and by the API in the middle of a conversation."""

import urllib.request
from typing import Any

from tests.journeys.house import House
from tests.journeys.test_media import on_disk, until
from tests.processes import eventually


def _get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10.0) as response:
        return response.status, response.read().decode()


def test_meta_asks_for_an_erasure_and_copies_of_files_go_too(house: House) -> None:
    ana, ben = house.person(), house.person("Ben Verdi")
    for person in (ana, ben):
        person.say("messenger", "lunch")
        person.sees("messenger", 1)
    ana.act("send", "messenger", kind="image")
    hers = until(house, ana, "messenger", "stored")["id"]
    assert any(hers in name for name in on_disk(house)), "her picture is on disk"
    contact = house.contact(ana, "messenger")["id"]

    done = ana.act("delete_data", "messenger")
    page = f"{house.bot.url}/data-deletion/{done['confirmation_code']}"
    assert done["status"] == 200 and "has been erased" in _get(page)[1]
    assert done["url"].endswith(f"/data-deletion/{done['confirmation_code']}")

    eventually(lambda: not any(hers in name for name in on_disk(house)), "the copy is gone")
    assert house.bot.contacts("messenger", ana.identity("messenger")) == []
    assert house.bot.api("GET", f"/contacts/{contact}")[0] == 404
    assert house.messages(ben, "messenger"), "nobody else is touched"


def test_who_is_erased_in_the_middle_and_writes_again_is_somebody_new(house: House) -> None:
    ana = house.person()
    ana.say("messenger", "lunch")
    ana.sees("messenger", 1)
    first: dict[str, Any] = house.contact(ana, "messenger")
    assert house.bot.api("DELETE", f"/contacts/{first['id']}")[0] == 200
    ana.say("messenger", "soup")  # an answer to a question that nobody remembers
    again = eventually(lambda: house.bot.contacts("messenger", ana.identity("messenger")), "she is somebody new")[0]
    assert again["id"] != first["id"]
    eventually(lambda: [line["text"] for line in house.messages(ana, "messenger")], "her words are worked off")
    assert [line["text"] for line in house.messages(ana, "messenger") if line["direction"] == "in"] == ["soup"]
    ana.say("messenger", "lunch")
    eventually(lambda: ana.texts("messenger").count("What first?") == 2, "the flow begins anew")
