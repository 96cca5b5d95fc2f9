"""Going on on another channel."""

from dataclasses import replace
from typing import Any

from tests.unit.engine.worlds import Person, ask, bot, d, flow, keyword, send, words
from trinario.model.effect import OfferSwitch
from trinario.model.event import Switched
from trinario.model.flow import Flow, SwitchChannel


def switching(*channels: str, **more: Any) -> Flow:
    go = SwitchChannel(name="go", channels=channels or ("whatsapp",), **more)
    return flow(
        "f", ask("name", "Name?"), go, ask("photo", "Photo?", type="image"), send("bye", "Bye {{ answers.name }}")
    )


def offered(f: Flow) -> Person:
    ana = Person(bot(f, flow("side", send("s", "SIDE"), triggers=(keyword("side", mode="exact"),))))
    ana.start("f")
    ana.write("Ana")
    return ana


def test_the_offer() -> None:
    ana = offered(switching(text=words("Come over, {{ answers.name }}."), button=words("Go"), confirm=False))
    (offer,) = ana.effects(OfferSwitch)
    assert ana.said == ["Come over, Ana."]
    assert (offer.offer, offer.targets, offer.button, offer.confirm) == ("i1.1/2", ("whatsapp",), "Go", False)
    assert offer.expires_at == ana.at + d("1d").elapsed
    assert (offer.say.key, offer.say.prompt, offer.say.step) == ("i2/1/1", "i1.1/2", "go")
    assert ana.waiting.wait
    assert ana.waiting.wait.offer == offer.offer


def test_the_bots_own_words() -> None:
    assert offered(switching("whatsapp", "instagram")).said == ["Let us go on on Whatsapp, Instagram."]


def test_she_comes() -> None:
    ana = offered(switching())
    assert ana.switched("whatsapp") == ["Photo?"]
    assert ana.media() == ["Bye Ana"]


def test_whatever_she_writes_here_gets_the_link_again() -> None:
    ana = offered(switching())
    first = ana.effects(OfferSwitch)[0]
    for say in (lambda: ana.write("hm?"), lambda: ana.media(), lambda: ana.write("ok")):
        ana.after("61s")
        assert say() == ["Let us go on on Whatsapp."]
        (again,) = ana.effects(OfferSwitch)
        assert (again.offer, again.expires_at) == (first.offer, first.expires_at)
        assert again.say.key != first.say.key
    assert ana.write("help") == ["How can I help?", "Let us go on on Whatsapp."]
    assert ana.write("side") == ["SIDE", "Where were we?", "Let us go on on Whatsapp."]
    assert ana.switched("whatsapp") == ["Photo?"]


def test_the_link_is_not_put_again_for_every_message() -> None:
    ana = offered(switching())
    assert ana.write("hm?") == ["Let us go on on Whatsapp."]
    assert [ana.write(f"and {number}?") for number in range(5)] == [[]] * 5
    assert ana.write("help") == ["How can I help?", "Let us go on on Whatsapp."]
    ana.after("61s")
    assert ana.write("hello?") == ["Let us go on on Whatsapp."]


def test_she_is_there_already() -> None:
    ana = Person(bot(switching("whatsapp", "instagram")))
    ana.channel = "instagram"
    ana.start("f")
    assert ana.write("Ana") == ["Photo?"]


def test_she_writes_there_without_the_link() -> None:
    ana = offered(switching())
    ana.channel = "whatsapp"
    assert ana.write("hello") == ["Photo?"]


def test_exits() -> None:
    exits = {"declined": "no", "unavailable": "none", "expired": "late"}
    more = (send("no", "NO", next="end"), send("none", "NONE", next="end"), send("late", "LATE", next="end"))

    def fresh(**given: Any) -> Person:
        f = switching(**given)
        return offered(replace(f, steps={**f.steps, **{step.name: step for step in more}}))

    assert fresh(exits=exits).switch_ended("declined") == ["NO"]
    assert fresh(exits=exits).switch_ended("unavailable") == ["NONE"]
    assert fresh(exits=exits).after("1d") == ["LATE"]
    assert fresh(exits=exits, expires=d("2d")).after("1d") == []
    ana = fresh()
    assert ana.switch_ended("declined") == []
    assert ana.statuses == {"f": "done"}


def test_a_channel_the_bot_does_not_have() -> None:
    f = switching("telegram", exits={"unavailable": "bye"})
    assert offered(f).said == ["Bye Ana"]
    ana = offered(switching("telegram", "whatsapp"))
    assert ana.effects(OfferSwitch)[0].targets == ("whatsapp",)


def test_the_session_has_moved_on_meanwhile() -> None:
    ana = offered(switching(exits={"expired": "photo"}))
    session = ana.waiting
    ana.after("1d")
    assert ana.switched("whatsapp", session) == ["Photo?"]
    ana.media()
    assert ana.switched("whatsapp", session) == ["Here we are."]


def test_another_question_was_pending_when_she_came() -> None:
    ana = offered(switching())
    side = flow("asks", ask("q", "Other?"), triggers=(keyword("asks", mode="exact"),))
    ana.bot = replace(ana.bot, flows={**ana.bot.flows, "asks": side})
    assert ana.write("asks") == ["Other?"]
    assert ana.switched("whatsapp", ana.session("f")) == ["Photo?"]
    assert ana.statuses == {"f": "waiting", "asks": "aside"}
    assert ana.media() == ["Bye Ana", "Where were we?", "Other?"]


def test_the_offer_of_another_wait() -> None:
    ana = offered(switching())
    session = ana.waiting
    assert ana.react(Switched("x", ana.at, session.id, "i9.9/1", "whatsapp")) == ["Let us go on on Whatsapp."]
    assert ana.react(Switched("y", ana.at, "i9.9", "i9.9/1", "whatsapp")) == ["Let us go on on Whatsapp."]


def test_people_have_her_when_she_comes() -> None:
    ana = offered(switching())
    ana.write("human")
    assert ana.switched("whatsapp") == []
    assert ana.returned() == ["Photo?"]
