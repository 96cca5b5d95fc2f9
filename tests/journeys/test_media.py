"""Files that people send: fetched after the turn, kept on disk, served to the business, gone when she takes them back."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

import pytest

from tests.journeys.house import House
from tests.person import Person
from tests.processes import SECRETS, eventually

Json = dict[str, Any]
PLATFORMS = ("whatsapp", "messenger", "instagram")


def files(house: House, person: Person, platform: str) -> list[Json]:
    """Her files as the API shows them, oldest first."""
    return [one for line in reversed(house.messages(person, platform)) for one in line["media"]]


def until(house: House, person: Person, platform: str, status: str) -> Json:
    """Her newest file, once it has this status."""

    def found() -> Json | None:
        known = files(house, person, platform)
        return known[-1] if known and known[-1]["status"] == status else None

    return eventually(found, f"a file is {status}") or {}


def fetch(house: House, id: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    """What the API gives for a file: status, headers, bytes."""
    token = {"Authorization": f"Bearer {SECRETS['TRINARIO_API_TOKEN']}", **headers}
    asked = urllib.request.Request(f"{house.bot.url}/api/v1/media/{id}", headers=token)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def on_disk(house: House) -> list[str]:
    """The names of all copies, and of what is on its way in."""
    return [path.name for path in house.files.rglob("*") if path.is_file()]


@pytest.mark.parametrize("platform", ["whatsapp", "instagram"])
def test_a_picture_that_answers_a_question_is_kept_and_served(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "damage")
    ana.sees(platform, 1)
    ana.act("send", platform, kind="image", caption="the leaf" if platform == "whatsapp" else "")
    file = ana.sees(platform, 2)[-1].removeprefix("Thank you. It is kept as ").rstrip(".")
    kept = until(house, ana, platform, "stored")
    assert kept["id"] == file and kept["kind"] == "image" and kept["mime_type"] == "image/jpeg" and kept["size"] > 100
    status, headers, body = fetch(house, file)
    assert status == 200 and len(body) == kept["size"] and body.startswith(b"\xff\xd8\xff")
    assert headers["Content-Type"] == "image/jpeg" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert fetch(house, file, Range="bytes=0-2")[2] == b"\xff\xd8\xff"
    assert file in on_disk(house)
    assert fetch(house, file, Authorization="Bearer wrong")[0] == 401


def test_what_she_takes_back_is_deleted(house: House) -> None:
    ana = house.person()
    sent = {platform: ana.act("send", platform, kind="image")["id"] for platform in PLATFORMS}
    kept = {platform: until(house, ana, platform, "stored") for platform in PLATFORMS}
    for platform, message in sent.items():
        ana.act("unsend", platform, message_id=message)
    for platform, one in kept.items():
        gone = until(house, ana, platform, "deleted")
        assert gone["id"] == one["id"] and gone["reason"] == "she deleted the message"
        assert fetch(house, one["id"])[0] == 410
    eventually(lambda: not {one["id"] for one in kept.values()} & set(on_disk(house)), "the copies are removed")


def test_what_is_deleted_before_it_was_fetched_is_never_fetched(house: House) -> None:
    ana = house.person()
    house.meta.fault("status", "media", http=503, times=1)
    sent = ana.act("send", "whatsapp", kind="image")
    eventually(
        lambda: "503" in (until(house, ana, "whatsapp", "waiting")["reason"] or ""), "it waits for its second try"
    )
    ana.act("unsend", "whatsapp", message_id=sent["id"])
    gone = until(house, ana, "whatsapp", "deleted")
    house.advance(3600)
    eventually(lambda: gone["id"] not in on_disk(house), "nothing of it is there")
    assert until(house, ana, "whatsapp", "deleted")["size"] == 0


def test_a_kill_between_the_message_and_its_file(house: House) -> None:
    ana = house.person()
    house.meta.fault("slow", "media", seconds=1.0, times=1)
    ana.act("send", "whatsapp", kind="image")
    fetching = until(house, ana, "whatsapp", "fetching")
    eventually(
        lambda: any(name.endswith(fetching["id"]) and name != fetching["id"] for name in on_disk(house)), "begun"
    )
    house.bot.kill()
    house.bot.start()
    kept = until(house, ana, "whatsapp", "stored")
    assert len(fetch(house, kept["id"])[2]) == kept["size"]
    assert [name for name in on_disk(house) if kept["id"] in name] == [kept["id"]]


def test_content_that_is_not_what_it_says(house: House) -> None:
    ana = house.person()
    ana.act("send", "whatsapp", kind="image", content="<html><script>alert(1)</script></html>")
    lied = until(house, ana, "whatsapp", "failed")
    assert lied["reason"] == "it came as image, said to be image/jpeg, and is text/html"
    house.meta.fault("lie", "media", times=1)
    ana.act("send", "instagram", kind="video")
    assert "is text/html" in until(house, ana, "instagram", "failed")["reason"]
    house.meta.fault("redirect", "media", times=1)
    ana.act("send", "messenger", kind="image")
    assert until(house, ana, "messenger", "failed")["reason"] == "only https may be called"
    assert not {lied["id"]} & set(on_disk(house))


def test_addresses_that_expire_and_downloads_that_break(house: House) -> None:
    ana = house.person()
    house.meta.fault("status", "media", http=404, times=1)
    ana.act("send", "whatsapp", kind="document", filename="bill.pdf")
    kept = until(house, ana, "whatsapp", "stored")  # asked anew at once
    assert 'filename="bill.pdf"' in fetch(house, kept["id"])[1]["Content-Disposition"]
    house.meta.fault("truncate", "media", times=1)
    ana.act("send", "messenger", kind="audio")
    eventually(lambda: len(files(house, ana, "messenger")) == 1, "it is known")
    eventually(lambda: until(house, ana, "messenger", "waiting")["reason"], "it waits for its second try")
    house.advance(60)
    assert until(house, ana, "messenger", "stored")["mime_type"] == "audio/ogg"
    house.meta.fault("huge", "media", bytes=26 << 20, times=1)
    ana.act("send", "instagram", kind="image")
    assert "no more are fetched" in until(house, ana, "instagram", "failed")["reason"]


def test_stories_are_nobodys_to_keep(house: House) -> None:
    ana = house.person()
    ana.act("story_mention", "instagram")
    ana.act("story_reply", "instagram", text="lovely")
    eventually(lambda: len([m for m in house.messages(ana, "instagram") if m["direction"] == "in"]) == 2, "both came")
    assert files(house, ana, "instagram") == []
