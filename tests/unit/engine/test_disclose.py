"""The bot says that it is one: when, to whom, and in front of what."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.unit.engine.worlds import Person, ask, bot, d, flow, keyword, pattern, send
from trinario.engine.disclose import DISCLOSED, disclosing, is_disclosure, undisclosed
from trinario.model.channel import Identity
from trinario.model.comment import private_to
from trinario.model.effect import Effect, OfferSwitch, Say
from trinario.model.message import Choices, Media, PublicReply, Template, Text
from trinario.model.policy import Disclosure

HI = flow("hi", send("hi", "Hello!"), triggers=(keyword("hi"),))
ASKS = flow("asks", ask("q", "Which?", "One", "Two"), triggers=(keyword("which"),))
ROBOT = {"disclosure": pattern("I am a robot.")}


def person(*when: str, countries: tuple[str, ...] = (), **contact: Any) -> Person:
    rules = Disclosure(frozenset(when), d("7d"), countries)  # type: ignore[arg-type]
    return Person(bot(HI, ASKS, disclosure=rules, patterns=ROBOT), **contact)


def test_at_the_start_once() -> None:
    ana = person("start")
    assert ana.write("hi") == ["I am a robot.", "Hello!"]
    first, second = ana.says
    assert first.key == f"{second.key.rpartition('/')[0]}/0" and is_disclosure(f"{first.key}/0/0")
    assert (first.flow, first.purpose, first.session) == (second.flow, second.purpose, second.session)
    assert ana.write("which") == ["Which? [One | Two]"]
    ana.at += timedelta(days=90)
    assert ana.write("hi")[0] == "Hello!"


def test_after_a_lapse() -> None:
    ana = person("start", "lapse")
    ana.write("hi")
    ana.at += timedelta(days=6)
    assert ana.write("hi") == ["Hello!"]
    ana.at += timedelta(days=1)
    assert ana.write("hi") == ["I am a robot.", "Hello!"]
    assert person("lapse").write("hi") == ["Hello!"], "what never began has not lapsed"


def test_after_a_person() -> None:
    ana = person("takeover")
    assert ana.write("hi") == ["Hello!"]
    ana.contact = replace(ana.contact, owner="person")
    assert ana.write("hi") == []
    ana.returned()
    assert ana.write("hi") == ["I am a robot.", "Hello!"]
    assert ana.write("hi") == ["Hello!"]
    ben = person("start")
    ben.write("hi")
    ben.returned()
    assert ben.write("hi") == ["Hello!"]


def test_only_in_some_countries_and_where_none_is_known() -> None:
    assert person("start", countries=("DE",)).write("hi") == ["I am a robot.", "Hello!"]
    for number, told in (("4915112345678", True), ("393331234567", False)):
        ana = person("start", countries=("DE",))
        phone = Identity("whatsapp", "phone", number)
        ana.contact = replace(ana.contact, identities=(*ana.contact.identities, phone))
        assert (ana.write("hi")[0] == "I am a robot.") is told


def test_a_stop_word_has_the_first_and_the_last_word() -> None:
    assert person("start").write("stop") == ["Stopped. Say START to come back."]


def test_a_bot_without_words_for_it_says_nothing() -> None:
    ana = Person(bot(HI, disclosure=Disclosure(), patterns={"disclosure": pattern(" ")}))
    assert ana.write("hi") == ["Hello!"] and DISCLOSED not in ana.contact.marks


def put(*said: Effect, heard: float = 1.0) -> tuple[list[Effect], bool]:
    """What becomes of these effects, and whether it is taken as said."""
    ana = person("start")
    ana.contact = replace(ana.contact, channel="messenger", last_heard={"messenger": ana.at - timedelta(hours=heard)})
    effects = list(said)
    after = disclosing(ana.bot, ana.contact, effects, "I am a robot.", ana.at)
    return effects, DISCLOSED in after.marks


def test_in_front_of_what() -> None:
    ana = person("start")
    hello, like = Say("e/1/1", Text("Hello!")), Say("e/1/2", PublicReply("Nice", "c1"))
    effects, told = put(like, hello)
    assert told and effects[0] == like and effects[2] == hello
    assert put(like) == ([like], False) and put(replace(hello, hushed=True))[1] is False
    template = Say("e/1/1", Template("t", "en"))
    assert put(template) == ([template], False)
    assert put(hello, heard=25.0) == ([hello], False), "free words could not go: another time"
    offer = OfferSwitch("s", "step", "o", ("whatsapp",), hello, "", ana.at)
    effects, told = put(offer)
    assert told and isinstance(effects[0], Say) and effects[1] == offer


def test_a_private_reply_is_one_message() -> None:
    ana = person("start")
    reply = Say("e/1/1", Text("Shall we?"), reply_to=private_to("c1", ana.at))
    assert put(reply)[0] == [replace(reply, content=Text("I am a robot.\n\nShall we?"))]
    taps = replace(reply, content=Choices("Shall we?", ()))
    effects, told = put(taps)
    assert told and isinstance(effects[0], Say) and isinstance(effects[0].content, Choices)
    assert effects[0].content.text == "I am a robot.\n\nShall we?"
    picture = replace(reply, content=Media("image", "https://shop.example/a.png"))
    assert put(picture) == ([picture], False)


def test_what_could_not_be_said_comes_another_time() -> None:
    ana = person("start")
    ana.write("hi")
    ana.contact = undisclosed(ana.contact)
    assert ana.write("hi") == ["I am a robot.", "Hello!"]
