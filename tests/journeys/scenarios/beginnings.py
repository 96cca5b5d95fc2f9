"""How people come, and what they tap: links, buttons of long ago, taps and webhooks that come twice."""

from tests.journeys.house import House
from tests.person import Person
from tests.processes import eventually

LINKS = {"messenger": "https://m.me/luckygarden?ref=spring", "instagram": "https://ig.me/m/luckygarden?ref=spring"}
WA_LINK = "https://wa.me/15550783881?text=shop"
"""WhatsApp has no hidden ref: the words of the link are all that comes."""


def _follow(ana: Person, platform: str) -> None:
    ana.follow(platform, url=LINKS.get(platform, WA_LINK))


def _offered(ana: Person, platform: str, count: int) -> None:
    words = "Which colour?" if platform == "whatsapp" else "The spring offer!"
    assert ana.sees(platform, count)[-1].startswith(words)


def ref_into_a_new_thread(house: House, platform: str) -> None:
    ana = house.person()
    _follow(ana, platform)
    _offered(ana, platform, 1)
    ana.tap(platform, "Red" if platform == "whatsapp" else "Yes")
    assert ana.sees(platform, 2)[-1].startswith(("Kept:", "Which size?"))


def ref_into_an_existing_thread(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "hm")
    assert ana.sees(platform, 1) == ["You said: hm"]
    _follow(ana, platform)
    _offered(ana, platform, 2)
    assert len(house.bot.contacts(platform, ana.identity(platform))) == 1


def tap_on_an_old_message(house: House, platform: str) -> None:
    """On WhatsApp, where buttons stay for ever; elsewhere quick replies vanish, which the emulator insists on."""
    ana = house.person()
    ana.say(platform, "shop")
    ana.sees(platform, 1)
    old = ana.read(platform)[0]["id"]
    ana.say(platform, "blue")
    ana.sees(platform, 2)
    house.advance(3600)
    ana.tap(platform, "Red", message_id=old)
    assert ana.sees(platform, 4)[2:] == ["You chose “Blue” earlier; that question is already answered.", "Which size?"]
    ana.say(platform, "small")
    assert ana.sees(platform, 5)[-1] == "Noted: Blue, Small"


def double_tap(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "shop")
    ana.sees(platform, 1)
    ana.tap(platform, "Red")
    ana.tap(platform, "Red")
    assert "already answered" in ana.sees(platform, 4)[2]
    ana.tap(platform, "Large")
    assert ana.sees(platform, 5)[-1] == "Noted: Red, Large"


def duplicate_post(house: House, platform: str) -> None:
    """The same body again, and the same thing twice inside one body."""
    ana = house.person()
    for kind in ("duplicate", "twice", "drop_after_accept"):
        house.meta.fault(kind, "webhook", platform=platform, match={"to": ana.id})
        ana.say(platform, f"once, {kind}")
        eventually(lambda: house.meta.pending() == 0, "all tries of the webhook ended")
    ana.say(platform, "last")
    said = ["once, duplicate", "once, twice", "once, drop_after_accept", "last"]
    assert ana.sees(platform, 4) == [f"You said: {words}" for words in said]
    heard = [line["text"] for line in house.messages(ana, platform) if line["direction"] == "in"]
    assert heard == said[::-1]


def strange_webhooks(house: House, platform: str) -> None:
    """Unknown members and fields, missing contacts, the wrong unit of time, `changes[]` instead of `messaging[]`."""
    odd = {"whatsapp": ("unknown", "no_contacts", "milliseconds", "reorder")}
    kinds = odd.get(platform, ("unknown", "seconds", *(("changes",) if platform == "instagram" else ())))
    ana = house.person()
    for number, kind in enumerate(kinds, 1):
        house.meta.fault(kind, "webhook", platform=platform, match={"to": ana.id, "text_contains": kind})
        ana.say(platform, f"it is {kind}")
        assert ana.sees(platform, number)[-1] == f"You said: it is {kind}"
    assert len(house.bot.contacts(platform, ana.identity(platform))) == 1


def wrong_signature(house: House, platform: str) -> None:
    """Nothing that is not signed as it must be is heard."""
    ana = house.person()
    for kind in ("bad_signature", "sha1_only", "no_signature"):
        house.meta.fault(kind, "webhook", platform=platform, match={"to": ana.id})
        ana.say(platform, f"forged {kind}")
    ana.say(platform, "genuine")
    assert ana.sees(platform, 1) == ["You said: genuine"]
    told = [one["status"] for one in house.meta.log_of("webhook") if one.get("person") == ana.id]
    assert told.count(401) == 3


def private_reply_once(house: House, platform: str) -> None:
    """A comment brings one private message, though it is told twice and she comments again."""
    ana = house.person()
    house.meta.fault("duplicate", "webhook", platform=platform, match={"to": ana.id})
    ana.act("comment", platform, text="win", post="lemons")
    assert ana.sees(platform, 1) == ["A lemon tree is waiting. Shall we begin?"]
    ana.act("comment", platform, text="win!", post="lemons")
    eventually(lambda: house.meta.pending() == 0, "all is told")
    ana.tap(platform, "I am in")
    assert ana.sees(platform, 2)[-1] == "How old are you?"
    assert len(house.accepted(ana)) == 2
