"""A session that is out for an answer: who waits for whom, what people of the team change, answers that come too late."""

from dataclasses import replace

from tests.unit.engine.worlds import Person, bot
from trinario.authoring.parse import parse_flow
from trinario.model.bot import Bot
from trinario.model.effect import CallOut, LetIn, Withdraw
from trinario.model.event import CallReturned
from trinario.model.session import holds_until

CALLS = """
flow: calls
triggers: [{keyword: call}]
steps:
  a: {http: "GET https://x.example/", on_failed: sorry}
  q: {ask: "Got {{ answers.a.data }}. More?"}
  bye: {send: Bye, next: end}
  sorry: {send: Sorry}
"""
ASKS = """
flow: asks
triggers: [{keyword: ask}, {event: happened}]
steps:
  q: {ask: Which one?}
  thanks: {send: Thanks}
"""


def small(*texts: str) -> Bot:
    flows = [parse_flow(text.encode(), "a.yaml").flow for text in texts]
    return bot(*(replace(flow, revision="r1") for flow in flows if flow))


def test_it_holds_what_she_writes_until_the_answer_lets_it_in() -> None:
    ana = Person(small(CALLS))
    ana.write("call")
    assert holds_until(ana.sessions.values()) == ana.session("calls").wake_at
    assert not ana.effects(LetIn)
    assert ana.answered({"status": 200, "data": 7}) == ["Got 7. More?"]
    assert len(ana.effects(LetIn)) == 1 and holds_until(ana.sessions.values()) is None


def test_a_pending_question_is_not_held() -> None:
    ana = Person(small(CALLS, ASKS))
    ana.write("ask")
    ana.start("calls")
    assert ana.session("calls").calling and holds_until(ana.sessions.values()) is None
    assert ana.write("this one") == ["Thanks"]
    assert holds_until(ana.sessions.values()) is not None


def test_another_question_gives_way_to_the_answer() -> None:
    ana = Person(small(CALLS, ASKS))
    ana.write("call")
    assert ana.event("happened") == []
    assert ana.statuses == {"calls": "waiting", "asks": "aside"}
    assert ana.answered({"status": 200}) == ["Got . More?"]
    assert ana.write("no") == ["Bye", "Which one?"]


def test_an_answer_waits_while_people_have_her() -> None:
    ana = Person(small(CALLS))
    ana.write("call")
    ana.contact = replace(ana.contact, owner="person")
    assert ana.answered({"status": 200, "data": {"a": [1]}}) == []
    assert ana.session("calls").calling
    assert ana.returned()[0].endswith("More?")
    assert not ana.session("calls").calling


def test_an_answer_that_comes_too_late_is_told_and_moves_nothing() -> None:
    ana = Person(small(CALLS))
    ana.write("call")
    (call,) = ana.effects(CallOut)
    late = ana.session("calls")
    assert ana.after("5m") == ["Sorry"]
    ana.sessions["other"] = replace(late, id="other", status="done")
    assert ana.react(CallReturned("i99", ana.at, late.id, call.key, "answered", 200)) == []
    assert "too late" in ana.reports[0] and ana.reaction and not ana.reaction.handled


def test_a_stop_word_ends_it_and_takes_the_request_back() -> None:
    ana = Person(small(CALLS))
    ana.write("call")
    ana.write("stop")
    session = ana.session("calls")
    assert session.status == "stopped"
    assert ana.effects(Withdraw)[0].sessions == (session.id,) and len(ana.effects(LetIn)) == 1
