"""What becomes of what we send: shut windows, lost answers, people who cannot be reached, storms, tokens and files that die."""

import json
import urllib.request
from typing import Any

from tests.journeys.house import RECONCILE, House
from tests.person import Person
from tests.processes import SECRETS, call, eventually

ARRIVED = ("sent", "delivered", "read")
WABA = "102290129340398"
MONTH = 31 * 86_400


def approve(house: House, name: str, body: str) -> None:
    """Meta knows the template, as `trinario templates push` would have it."""
    if any(one["name"] == name for one in house.meta.ask("GET", "/templates")):
        return
    wish = {"name": name, "language": "en", "category": "UTILITY", "components": [{"type": "BODY", "text": body}]}
    headers = {"Authorization": f"Bearer {SECRETS['WHATSAPP_TOKEN']}"}
    assert call("POST", f"{house.meta.url}/v25.0/{WABA}/message_templates", wish, headers)[0] == 200


def channels(house: House) -> dict[str, Any]:
    """What `/readyz` tells of channels in trouble."""
    with urllib.request.urlopen(f"{house.bot.url}/readyz", timeout=10) as response:
        return dict(json.load(response).get("channels", {}))


def out_of_the_window(house: House, platform: str) -> None:
    """Nothing is called; the row says why."""
    ana = house.person()
    ana.say(platform, "later")
    ana.sees(platform, 1)
    house.advance(26 * 3600 + 1)
    assert house.fate(ana, platform, "Here I am again.", "refused")["refusal"] == "window_closed"
    assert house.accepted(ana) == ["I will write to you in 26 hours."]


def template_fallback(house: House, platform: str) -> None:
    """Where the window is shut the template goes instead."""
    approve(house, "again", "Here I am again.")
    ana = house.person()
    ana.say(platform, "later")
    ana.sees(platform, 1)
    house.advance(26 * 3600 + 1)
    assert ana.sees(platform, 2)[-1] == "Here I am again."
    sent = [one["request"]["type"] for one in house.meta.log_of("graph") if one["person"] == ana.id]
    assert sent == ["text", "template"]


def unreachable_then_another_channel(house: House, platform: str) -> None:
    """131026 in the answer: the next words of the same flow come on Messenger."""
    ana = house.person()
    ana.say("messenger", "rescue")
    ana.sees("messenger", 1)
    ana.follow("messenger")
    ana.sees(platform, 1)
    assert "UNLINK" in ana.sees("messenger", 2)[-1]
    house.meta.fault(
        "code", platform=platform, code=131026, match={"to": ana.id, "text_contains": "Here is your ticket"}
    )
    ana.tap(platform, "Yes")
    assert ana.sees("messenger", 3)[-1] == "Here is your ticket, since your phone did not take it."
    assert ana.texts(platform) == ["Shall I send your ticket here?"]
    ana.say(platform, "I am here again")
    assert ana.sees(platform, 2)[-1] == "You said: I am here again"


def lost_answer(house: House, platform: str, fault: dict[str, Any]) -> None:
    """Found by our key in a status or an echo (by its words on Instagram): never sent twice."""
    ana = house.person()
    house.meta.fault(**fault, platform=platform, match={"to": ana.id})
    ana.say(platform, "hello")
    ana.say(platform, "and more")
    assert ana.sees(platform, 2) == ["You said: hello", "You said: and more"]
    house.fate(ana, platform, "You said: hello", "accepted", *ARRIVED)
    house.advance(RECONCILE + 120)
    ana.say(platform, "still there?")
    assert ana.sees(platform, 3)[-1] == "You said: still there?"
    assert house.contact(ana, platform)["owner"] == "bot", "its own echo is nobody's words"


def cut_after_it_was_taken(house: House, platform: str) -> None:
    lost_answer(house, platform, {"kind": "drop_after_accept"})


def page_of_a_proxy(house: House, platform: str) -> None:
    lost_answer(house, platform, {"kind": "html_502"})


def status_before_response(house: House, platform: str) -> None:
    ana = house.person()
    house.meta.fault("delay", platform=platform, seconds=0.5, match={"to": ana.id})
    ana.say(platform, "hello")
    line = house.fate(ana, platform, "You said: hello", *ARRIVED)
    assert line["status"] in ARRIVED and house.accepted(ana) == ["You said: hello"]


def opt_out(house: House, platform: str) -> None:
    """One answer to a stop word; no marketing after it, service goes on."""
    ana = house.person()
    ana.say(platform, "lunch")
    ana.sees(platform, 1)
    ana.say(platform, "STOP")
    assert ana.sees(platform, 2)[-1].startswith("Done: you will get no more offers")
    assert [session["status"] for session in house.sessions(ana, platform)] == ["stopped"]
    ana.say(platform, "promo")
    assert house.fate(ana, platform, "Half price", "refused")["refusal"] == "opted_out"
    ana.say(platform, "hm")
    assert ana.sees(platform, 3)[-1] == "You said: hm"


def opt_out_told_by_the_platform(house: House, platform: str) -> None:
    """131050: the platform says that she stopped marketing; the next offer is not tried."""
    ana = house.person()
    house.meta.fault("code", platform=platform, code=131050, match={"to": ana.id})
    ana.say(platform, "promo")
    house.fate(ana, platform, "Half price", "failed", refusal="131050")
    ana.say(platform, "hm")
    assert ana.sees(platform, 1) == ["You said: hm"]
    ana.say(platform, "promo")
    house.fate(ana, platform, "Half price", "refused")
    assert house.accepted(ana) == ["You said: hm"]


LONG = {
    "ascii": "This is a sentence of hers. ",
    "bytes": "Öl für Überraschungen, čaj a žízeň. مرحبا بكم في الحديقة 🌿🍋 ",
}


def long_text(house: House, platform: str) -> None:
    """It arrives whole, in order, in parts that each fit: characters, on Instagram bytes."""
    for words in LONG.values():
        ana, said = house.person(), words * 24
        ana.say(platform, "parrot")
        ana.sees(platform, 1)
        ana.say(platform, said)
        whole = f"{said} {said} {said}".split()
        eventually(lambda ana=ana, whole=whole: " ".join(ana.texts(platform)[1:]).split() == whole, "all of it came")  # type: ignore[misc]
        parts = ana.texts(platform)[1:]
        assert len(parts) > 1 or platform == "whatsapp"
        if platform == "instagram":
            assert max(len(part.encode()) for part in parts) <= 1000


def file_expires(house: House, platform: str) -> None:
    """An uploaded file is handed in anew when its time is over, and at once when the platform has lost it."""
    ana = house.person()
    ana.say(platform, "leaf")
    known = _picture(ana, platform, 1)
    house.advance(MONTH)
    ana.say(platform, "leaf")
    later = _picture(ana, platform, 2)
    assert later != known
    headers = {"Authorization": f"Bearer {SECRETS['WHATSAPP_TOKEN']}"}
    assert call("DELETE", f"{house.meta.url}/v25.0/{later}", None, headers)[0] == 200
    house.expect("whatsapp.media_id")
    ana.say(platform, "leaf")
    assert _picture(ana, platform, 3) != later


def _picture(ana: Person, platform: str, count: int) -> str:
    """The id of the newest picture, once there are so many."""

    def shown() -> list[Any]:
        return [line["media"] for line in ana.read(platform) if line["kind"] == "image"]

    eventually(lambda: len(shown()) >= count, "she sees it")
    media = shown()[-1]
    return str(media.get("id") or media["url"].rpartition("/")[2])


def token_expires(house: House, platform: str) -> None:
    """In the middle of a conversation: its messages wait, other channels go on, and all goes when the token is good."""
    ana, ben = house.person("Ana"), house.person("Ben")
    ana.say(platform, "lunch")
    ana.sees(platform, 1)
    now = int(house.meta.ask("GET", "/clock")["now"])
    house.expect("graph.token_expired")
    house.meta.ask("POST", "/token", {"who": "whatsapp", "expires_at": now - 1})
    try:
        ana.say(platform, "soup")
        house.fate(ana, platform, "And then?", "pending", refusal="190")
        assert eventually(lambda: channels(house).get(platform), "the trouble shows")["code"] == "190"
        ben.say("messenger", "hm")
        assert ben.sees("messenger", 1) == ["You said: hm"]
    finally:
        house.meta.ask("POST", "/token", {"who": "whatsapp"})

    def patience() -> bool:
        house.advance(31)
        return len(ana.texts(platform)) == 2

    eventually(patience, "it went", pause=0.2)
    assert ana.texts(platform) == ["What first?", "And then?"]
    eventually(lambda: platform not in channels(house), "the trouble is over")


def storm(house: House, platform: str) -> None:
    """130429 again and again: nobody is lost, nobody gets anything twice, each in her order, and Meta is not hammered."""
    people = [house.person(f"Number {n}") for n in range(8)]
    house.meta.fault("code", platform=platform, code=130429, times=12)
    for words in ("one", "two"):
        for one in people:
            one.say(platform, words)

    def patience() -> bool:
        house.advance(10)
        return all(len(one.texts(platform)) == 2 for one in people)

    eventually(patience, "everybody is answered", pause=0.1)
    assert all(house.accepted(one) == ["You said: one", "You said: two"] for one in people)
    assert house.meta.ask("GET", "/faults") == [], "every refusal of the storm was met"
