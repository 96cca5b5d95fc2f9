"""What the platforms say besides yes: accounts in trouble, allowances used up, templates that hold; files that are uploaded."""

import json
import urllib.request
from typing import Any

import pytest

from tests.journeys.house import House
from tests.processes import SECRETS, call, eventually


def ready(house: House) -> dict[str, Any]:
    with urllib.request.urlopen(f"{house.bot.url}/readyz", timeout=10) as response:
        return dict(json.load(response))


def metrics(house: House) -> str:
    with urllib.request.urlopen(f"{house.bot.url}/metrics", timeout=10) as response:
        return str(response.read().decode())


def test_an_account_in_trouble_stops_its_channel_and_shows_until_it_is_over(house: House) -> None:
    ana, ben, eva = house.person("Ana"), house.person("Ben"), house.person("Eva")
    for who in (ana, ben):
        house.meta.fault("code", platform="whatsapp", code=131031, match={"to": who.id})
        who.say("whatsapp", "one")
        house.fate(who, "whatsapp", "You said: one", "pending", refusal="131031")
    told = eventually(lambda: ready(house).get("channels"), "the trouble shows")
    assert told["whatsapp"]["code"] == "131031" and "rests_until" in told["whatsapp"]
    assert ready(house)["status"] == "ok", "another process would have the same trouble"
    assert "channel whatsapp rests" in house.bot.said()
    eva.say("whatsapp", "two")
    house.fate(eva, "whatsapp", "You said: two", "pending")
    eva.say("messenger", "three")
    assert eva.sees("messenger", 1) == ["You said: three"]
    assert eva.texts("whatsapp") == []

    def patience() -> bool:
        house.advance(31)
        return bool(ana.texts("whatsapp") and ben.texts("whatsapp") and eva.texts("whatsapp"))

    eventually(patience, "everything went", pause=0.2)
    eventually(lambda: "channels" not in ready(house), "the trouble is over")
    assert "channel whatsapp is well again" in house.bot.said()
    assert 'trinario_failures_total{action="account",channel="whatsapp",code="131031"}' in metrics(house)


def test_an_account_that_is_refused_later_keeps_the_message(house: House) -> None:
    ana = house.person()
    house.meta.fault("failed", platform="whatsapp", code=131042, match={"to": ana.id})
    ana.say("whatsapp", "one")
    house.fate(ana, "whatsapp", "You said: one", "pending", refusal="131042")
    assert ready(house)["channels"]["whatsapp"]["code"] == "131042"

    def patience() -> bool:
        house.advance(61)
        return len(ana.texts("whatsapp")) == 1

    eventually(patience, "it went", pause=0.2)
    house.expect("whatsapp.failed.131042")


@pytest.mark.parametrize("platform", ["whatsapp", "messenger"])
def test_an_allowance_that_is_used_up_is_kept_to(house: House, platform: str) -> None:
    ana, ben = house.person("Ana"), house.person("Ben")
    house.meta.ask("POST", "/usage", {"platform": platform, "percent": 100, "minutes": 3})
    try:
        ana.say(platform, "one")
        assert ana.sees(platform, 1) == ["You said: one"]
        eventually(lambda: platform in ready(house).get("channels", {}), "the channel rests")
    finally:
        house.meta.ask("POST", "/usage", {"platform": platform})
    assert f'trinario_graph_usage{{channel="{platform}",of="{platform}"}} 100.0' in metrics(house)
    ben.say(platform, "two")
    house.fate(ben, platform, "You said: two", "pending")
    house.advance(100)
    assert ben.texts(platform) == []
    house.advance(90)
    assert ben.sees(platform, 1) == ["You said: two"]


def test_a_paused_template_holds_its_messages_until_it_is_good_again(house: House) -> None:
    ana, ben = house.person("Ana"), house.person("Ben")
    _approved(house)
    ana.say("whatsapp", "templated")
    assert ana.sees("whatsapp", 1) == ["Here I am again."]
    _template(house, "PAUSED")
    ben.say("whatsapp", "templated")
    house.fate(ben, "whatsapp", "Here I am again.", "pending", refusal="template_paused")
    ana.say("whatsapp", "hello")
    assert ana.sees("whatsapp", 2)[-1] == "You said: hello", "other messages go"
    _template(house, "APPROVED")
    assert ben.sees("whatsapp", 1) == ["Here I am again."]
    _template(house, "DISABLED")
    ben.say("whatsapp", "templated")
    assert house.fate(ben, "whatsapp", "Here I am again.", "refused")["refusal"] == "template_disabled"
    _template(house, "REINSTATED")


def _approved(house: House) -> None:
    """Meta knows the template, as `trinario templates push` would have it."""
    if any(one["name"] == "again" for one in house.meta.ask("GET", "/templates")):
        return
    body = [{"type": "BODY", "text": "Here I am again."}]
    wish = {"name": "again", "language": "en", "category": "UTILITY", "components": body}
    status, _ = call(
        "POST", f"{house.meta.url}/102290129340398/message_templates", wish,
        {"Authorization": f"Bearer {SECRETS['WHATSAPP_TOKEN']}"},
    )  # fmt: skip
    assert status == 200


def _template(house: House, status: str) -> None:
    house.meta.ask("POST", "/templates", {"name": "again", "language": "en", "status": status})
    eventually(lambda: house.meta.pending() == 0, "the bot has heard of it")


@pytest.mark.parametrize("platform", ["whatsapp", "messenger", "instagram"])
def test_a_file_that_only_we_have_is_uploaded_once(house: House, platform: str) -> None:
    ana, ben = house.person("Ana"), house.person("Ben")
    before, counts = len(_uploads(house, platform)), []
    for who in (ana, ben):
        who.say(platform, "leaf")
        shown = eventually(lambda who=who: _picture(house, who, platform), "she sees it")
        with urllib.request.urlopen(shown["url"], timeout=10) as response:
            assert response.read().startswith(b"\x89PNG")
        counts.append(len(_uploads(house, platform)))
    assert counts[0] == counts[1] and 1 <= counts[0] <= before + 1  # another journey may have sent it before


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
def test_images_stand_together_and_one_above_a_button(house: House, platform: str) -> None:
    ana = house.person("Ana")
    ana.say(platform, "bunch")

    def shown() -> list[Any]:
        thread = house.meta.ask("GET", f"/people/{ana.id}/thread?platform={platform}")
        lines = thread["messages"] if isinstance(thread, dict) else thread
        return [line for line in lines if line["direction"] == "out"]

    wanted = 3 if platform == "messenger" else 4
    lines = eventually(lambda: found if len(found := shown()) >= wanted else None, "she sees all of them")
    together, words, *rest = lines
    assert (
        together["media"]["urls"][1] == "https://luckygarden.example/rose.jpg" and len(together["media"]["urls"]) == 2
    )
    assert words["text"] == "A leaf and a rose"
    above = rest[0] if platform == "messenger" else rest[1]
    assert [one["title"] for one in above["options"]] == ["Order"]
    assert rest[0]["kind"] == "image"


def _uploads(house: House, platform: str) -> list[Any]:
    edge = "/media" if platform == "whatsapp" else "/message_attachments"
    found = [one for one in house.meta.log_of("graph") if one["path"].endswith(edge)]
    return [one for one in found if (one["request"].get("platform") == "instagram") == (platform == "instagram")]


def _picture(house: House, who: Any, platform: str) -> Any:
    thread = house.meta.ask("GET", f"/people/{who.id}/thread?platform={platform}")
    lines = thread["messages"] if isinstance(thread, dict) else thread
    return next((line["media"] for line in lines if line.get("kind") == "image" and line["direction"] == "out"), None)
