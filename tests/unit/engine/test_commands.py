"""The words that can be said at any time, and the people who take over."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.engine.worlds import Person, ask, bot, d, flow, keyword, p, pattern, send
from trinario.authoring.patterns import patterns
from trinario.model.consent import RecordConsent
from trinario.model.effect import OpenTicket, Withdraw
from trinario.model.event import ClockRang
from trinario.model.flow import Call, ExitWhen, Handoff, Trigger, Wait

STOPPED = ["Stopped. Say START to come back."]
SERVICE = flow("service", Wait(name="w", duration=d("1h")), send("s", "Service."))
DRIP = flow("drip", Wait(name="w", duration=d("1h")), send("s", "Buy!"), purpose="marketing")
MAIN = flow("main", ask("q", "main?"), send("s", "main {{ answers.q }}"))


@pytest.mark.parametrize("word", ["stop", "STOP!", "Stop.", "unsubscribe", "stop 🛑"])
@pytest.mark.parametrize("channel", ["messenger", "instagram", "whatsapp"])
def test_stop(word: str, channel: str) -> None:
    ana = Person(bot(SERVICE, DRIP, MAIN))
    for name in ("service", "drip", "main"):
        ana.start(name)
    ana.channel = channel
    assert ana.write(word) == STOPPED
    assert ana.statuses == {"service": "waiting", "drip": "stopped", "main": "stopped"}
    assert ana.contact.consent == {"marketing": False}
    assert ana.effects(Withdraw) == [Withdraw(("i2.1", "i3.1"))]
    assert ana.effects(RecordConsent) == [RecordConsent("marketing", "withdrawn", "stop_word", said=word, origin="i4")]
    assert ana.reaction
    assert ana.reaction.effects[-1] is ana.says[0]
    assert ana.after("1h") == ["Service."]


def test_stop_is_the_last_word_even_if_something_stands_aside() -> None:
    side = flow("side", ask("q", "side?"), triggers=(keyword("side", mode="exact"),))
    ana = Person(bot(MAIN, side))
    ana.start("main")
    ana.write("side")
    assert ana.write("stop") == STOPPED
    assert ana.statuses == {"main": "stopped", "side": "stopped"}
    assert ana.write("hello") == [], "what she stopped is not asked again"


def test_a_marketing_flow_in_a_service_flow_is_marketing() -> None:
    inner = flow("inner", Wait(name="w", duration=d("1h")), purpose="marketing")
    outer = flow("outer", Call(name="c", flow="inner"), send("s", "S"))
    ana = Person(bot(inner, outer))
    ana.start("outer")
    ana.write("stop")
    assert ana.statuses == {"inner": "stopped"}


def test_leaving_by_opt_out() -> None:
    f = flow("f", Wait(name="w", duration=d("1h")), send("s", "S"), exit_when=(ExitWhen("opt_out", "marketing"),))
    ana = Person(bot(f))
    ana.start("f")
    ana.write("stop")
    assert ana.statuses == {"f": "stopped"}


def test_start_gives_it_back() -> None:
    ana = Person(bot(MAIN, flow("default", send("s", "DEFAULT")), default_flow="default"))
    assert ana.write("start") == ["DEFAULT"], "means nothing before a stop"
    ana.write("stop")
    assert ana.write("start") == ["Welcome back."]
    assert ana.contact.consent == {"marketing": True}
    assert ana.write("start") == ["DEFAULT"]


def test_help_repeats_the_question() -> None:
    ana = Person(bot(MAIN))
    assert ana.write("help") == ["How can I help?"]
    ana.start("main")
    assert ana.write("HELP") == ["How can I help?", "main?"]


def test_a_pattern_with_a_flow_of_its_own() -> None:
    faq = flow("faq", ask("q", "What about?"), send("s", "Read {{ answers.q }}."))
    ana = Person(bot(MAIN, faq, patterns={"help": pattern("", "help", flow="faq")}))
    ana.start("main")
    assert ana.write("help") == ["What about?"]
    assert ana.write("prices") == ["Read prices.", "Where were we?", "main?"]


def test_restart() -> None:
    f = flow(
        "f", send("hi", "Hi {{ trigger.kind }}"), ask("a", "A?"), ask("b", "B?"), triggers=(keyword("f", mode="exact"),)
    )
    ana = Person(bot(f, default_flow="f"))
    ana.write("f")
    ana.write("x")
    assert ana.write("restart") == ["From the beginning.", "Hi keyword", "A?"]
    assert [session.status for session in ana.sessions.values()] == ["stopped", "waiting"]
    ana = Person(bot(f, default_flow="f"))
    assert ana.write("restart") == ["From the beginning.", "Hi restart", "A?"]
    assert Person(bot(f)).write("restart") == []


def test_back() -> None:
    f = flow("f", ask("a", "A?", "1", "2"), ask("b", "B?"), ask("c", "C?"), send("s", "{{ answers.a }}{{ answers.b }}"))
    ana = Person(bot(f))
    ana.start("f")
    assert ana.write("back") == ["One back.", "A? [1 | 2]"]
    ana.write("1")
    ana.write("x")
    assert ana.write("back") == ["One back.", "B?"]
    assert ana.write("back") == ["One back.", "A? [1 | 2]"]
    assert ana.write("2") == ["B?"]
    assert ana.write("y") == ["C?"]
    assert ana.write("z") == ["2y"]
    assert ana.write("back") == []


def test_human() -> None:
    ana = Person(bot(MAIN, handoff_return=d("30m")))
    ana.start("main")
    assert ana.write("human") == ["Somebody will write to you."]
    (ticket,) = ana.effects(OpenTicket)
    assert ticket == OpenTicket("i1.1", "sales", until=ana.at + d("30m").elapsed)
    assert (ana.contact.owner, ana.contact.owner_until) == ("person", ticket.until)
    assert ana.write("hello?") == []
    assert ana.reaction
    assert ana.reaction.handled
    assert ana.returned() == ["main?"]
    assert ana.contact.owner == "bot"
    assert ana.write("x") == ["main x"]


def with_person() -> Person:
    event = Trigger("event", "go")
    begun = flow("begun", send("s", "BEGUN"), triggers=(event,))
    ana = Person(bot(MAIN, SERVICE, DRIP, begun, default_flow="main"))
    ana.start("service")
    ana.start("drip")
    ana.start("main")
    ana.write("human")
    return ana


def test_the_bot_is_silent_while_people_have_her() -> None:
    ana = with_person()
    assert ana.write("hello") == []
    assert ana.media() == []
    assert ana.event("go") == []
    assert ana.start("main") == []
    ana.wait_a(7200)
    assert ana.ring(ana.session("service")) == []
    assert ana.statuses["service"] == "waiting"
    assert ana.returned() == ["main?", "Service.", "Buy!"]
    assert ana.write("x") == ["main x", "BEGUN", "main?"]


def test_stop_is_heard_while_people_have_her() -> None:
    ana = with_person()
    assert ana.write("stop") == STOPPED
    assert ana.statuses == {"service": "waiting", "drip": "stopped", "main": "stopped"}
    assert ana.contact.owner == "person"


def test_a_question_that_was_pending_longer_than_its_patience_is_asked_again() -> None:
    ana = with_person()
    ana.wait_a(10 * 86400)
    assert ana.returned()[0] == "main?"
    assert ana.react(ClockRang("c", ana.at, ana.session("main").id)) == []


def handing(resume: str, **more: Any) -> Person:
    hand = Handoff(name="h", team="sales", resume=resume, **more)  # type: ignore[arg-type]
    ana = Person(bot(flow("f", ask("q", "?"), hand, send("s", "Back again."))))
    ana.start("f")
    ana.write("x")
    return ana


def test_handoff_ends() -> None:
    ana = handing("end", note=p("wants {{ answers.q }}"), priority="high", after=d("2h"))
    (ticket,) = ana.effects(OpenTicket)
    assert ticket == OpenTicket("i1.1", "sales", "wants x", "high", ana.at + d("2h").elapsed)
    assert ana.statuses == {"f": "done"}
    assert ana.contact.owner == "person"
    assert ana.returned() == []


def test_handoff_resumes() -> None:
    ana = handing("next")
    assert ana.effects(OpenTicket)[0].until is None
    assert ana.statuses == {"f": "waiting"}
    assert ana.returned() == ["Back again."]
    assert handing("ask_again").returned() == ["?"]


def test_handoff_to_nobody() -> None:
    hand = Handoff(name="h", team="nobody", exits={"unavailable": "s"})
    ana = Person(bot(flow("f", hand, send("a", "A"), send("s", "Sorry."))))
    assert ana.start("f") == ["Sorry."]
    ana = Person(bot(flow("f", Handoff(name="h", team="nobody"))))
    assert ana.start("f") == ["Something went wrong."]


def test_nobody_speaks_after_a_handoff() -> None:
    side = flow("side", Handoff(name="h", team="sales"), triggers=(keyword("side", mode="exact"),))
    ana = Person(bot(MAIN, side))
    ana.start("main")
    assert ana.write("side") == []
    assert ana.statuses == {"main": "aside", "side": "done"}
    assert ana.returned() == ["Where were we?", "main?"]


LANGUAGES = {"en", "it", "es", "de", "fr", "pt", "nl", "pl", "tr", "ar"}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_stop_and_start_are_understood_in_ten_languages_whatever_hers_is(language: str) -> None:
    built_in = patterns({}, "en")
    for word in built_in["stop"].words[language]:
        ana = Person(replace(bot(MAIN, DRIP), patterns=built_in))
        ana.start("drip")
        ana.start("main")
        ana.write(f"  {word.upper()}! 🙏")
        assert ana.statuses == {"drip": "stopped", "main": "stopped"}, word
        assert ana.contact.consent == {"marketing": False}, word
        ana.write(built_in["start"].words[language][-1])
        assert ana.contact.consent == {"marketing": True}, word


@pytest.mark.parametrize(
    "text", ["don't stop", "stopwatch", "non stop", "bus stop?", "can you stop by?", "basta così?"]
)
def test_what_only_sounds_like_stop_stops_nothing(text: str) -> None:
    ana = Person(replace(bot(MAIN, DRIP), patterns=patterns({}, "en")))
    ana.start("drip")
    ana.write(text)
    assert ana.statuses["drip"] == "waiting" and ana.contact.consent == {}
