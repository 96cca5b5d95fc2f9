"""Small promises of the machine about what comes from the outside: answers, events, conditions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.engine.worlds import Person
from tests.unit.engine.written import house, main, person
from trinario.engine.limits import BACK_OFF_MOST, CALL_MARGIN
from trinario.model.effect import (
    CallOut,
    CountGoal,
    RaiseEvent,
    Report,
)
from trinario.model.event import CallReturned, FlowWanted

# ---- from the outside


def test_answers_that_nobody_waits_for_are_told_and_move_nobody() -> None:
    ana = person(main("a: {http: 'GET https://x.example/'}\ns: {send: 'Got {{ answers.a.data }}.'}"))
    ana.start("main")
    before = ana.waiting
    assert before.wait
    for session, key, flow in (("gone", before.wait.keys[0], ""), (before.id, "another", "main")):
        ana.react(CallReturned(ana.origin(), ana.at, session, key, "answered", 200, 1))
        assert ana.reaction and ana.reaction.handled is False
        (report,) = ana.effects(Report)
        assert (report.session, report.flow, report.step) == (session, flow, "") and key in report.reason
        assert ana.waiting.wait == before.wait
    assert ana.answered({"status": 200, "data": 7, "headers": {"x": "y"}}) == ["Got 7."]


def test_the_first_answer_that_came_while_people_had_her_counts() -> None:
    ana = person(
        main(
            "a: {http: 'GET https://x.example/'}\ns: {send: '{{ answers.a.data }} {{ answers.a.headers.x }} {{ answers.a.status }}'}"
        )
    )
    ana.start("main")
    session = ana.waiting
    assert session.wait
    ana.contact = replace(ana.contact, owner="person")
    for number in (1, 2):
        event = CallReturned(
            ana.origin(), ana.at, session.id, session.wait.keys[0], "answered", 200, number, {"x": f"h{number}"}
        )
        assert ana.react(event) == []
    assert ana.returned() == ["1 h1 200"]


def test_how_long_a_call_is_waited_for() -> None:
    ana = person(main("a: {http: 'GET https://x.example/', timeout: 4s, retries: 3}\ns: {send: On.}"))
    ana.start("main")
    (call,) = ana.effects(CallOut)
    assert call.until == ana.at + timedelta(seconds=4 * 4 + 3 * BACK_OFF_MOST) + CALL_MARGIN
    assert (call.flow, call.step, call.kind, call.retries) == ("main", "a", "http", 3)


@pytest.mark.parametrize(
    ("step", "answer", "reason"),
    [("x: {function: price}", "", "function price: it gave nothing"), ("x: {function: price}", "boom", "function price: boom"),
     ("x: {http: 'GET https://x.example/'}", "", "GET https://x.example/: no answer")],
)  # fmt: skip
def test_why_a_call_failed_is_told(step: str, answer: str, reason: str) -> None:
    ana = person(main(f"{step}\nend_: {{send: On.}}"))
    ana.start("main")
    ana.failed(answer)
    assert ana.reports == [reason]


def test_what_has_no_answer_yet_can_be_named() -> None:
    ana = person(
        main(
            "a: {http: 'GET https://x.example/', on_failed: sorry}\nend_: {send: On., next: end}\nsorry: {send: 'Status {{ answers.a.status }}.'}"
        )
    )
    ana.start("main")
    assert ana.failed("down") == ["Status ."]


def test_an_empty_key_is_a_fault_of_the_flow() -> None:
    ana = person(main("a: {http: 'POST https://x.example/', idempotency_key: '{{ fields.n }}'}"))
    ana.start("main")
    assert ana.reports == ["the `idempotency_key` came out empty"]


def test_a_bot_without_a_model_takes_the_fallback() -> None:
    ana = Person(
        house(main("x: {ai: classify, labels: {a: sorry, b: sorry}, fallback: sorry}\nsorry: {send: Sorry.}"), ai=False)
    )
    assert ana.start("main") == ["Sorry."] and len(ana.reports) == 1


def test_an_event_that_only_ends_a_flow_is_taken() -> None:
    ana = person(main("q: {ask: Well?}", "exit_when: [{event: paid}]\n"))
    ana.start("main")
    ana.event("paid")
    assert ana.reaction and ana.reaction.handled is True
    assert (ana.statuses, ana.session("main").reason) == ({"main": "stopped"}, "left: event paid")
    ana.event("paid")
    assert ana.reaction.handled is True or ana.reaction is not None
    ana.event("other")
    assert ana.reaction and ana.reaction.handled is False


def test_an_event_wakes_everybody_whom_it_means() -> None:
    wants = "flow: {name}\nsteps: {{w: {{wait_for: paid, match: event.id == '{id}'}}, s: {{send: '{name}'}}}}"
    ana = person(*(wants.format(name=name, id=number) for name, number in (("one", 1), ("two", 2), ("three", 2))))
    for name in ("one", "two", "three"):
        ana.start(name)
    assert ana.event("paid", id="2") == ["two", "three"]
    assert ana.event("paid", id="1") == ["one"]


def test_a_flow_that_is_not_there_is_told() -> None:
    ana = person(main("s: {start: gone}"))
    ana.start("main")
    assert [(one.session, one.flow, one.reason) for one in ana.effects(Report)] == [
        (ana.session("main").id, "main", "there is no flow gone")
    ]
    ana.react(FlowWanted(ana.origin(), ana.at, "nowhere", {}))
    assert ana.reaction and ana.reaction.handled is False and ana.reports == ["there is no such flow"]


def test_an_exit_condition_that_cannot_be_worked_out_is_told() -> None:
    ana = person(main("q: {ask: Well?}", "exit_when: [{event: paid, match: event.id > 1}]\n"))
    ana.start("main")
    ana.event("paid", id="x")
    (report,) = ana.effects(Report)
    assert (report.flow, report.step) == ("main", "exit_when") and "cannot be compared" in report.reason
    assert ana.statuses == {"main": "waiting"}


def test_why_a_session_is_over() -> None:
    ana = person(main("h: {handoff: sales}"), "flow: g\nsteps: {s: {start: main}}")
    ana.start("g")
    assert (ana.session("g").reason, ana.session("main").reason) == ("started main", "handed to sales")


def test_a_name_that_a_called_flow_uses_too_is_not_the_callers_step() -> None:
    ana = person(
        main("same: {call: inner, counts: outer}"),
        "flow: inner\nsteps: {same: {tag: t, counts: inner}, q: {ask: Well?}}",
    )
    ana.start("main")
    assert [goal.name for goal in ana.effects(CountGoal)] == ["inner"]
    ana.write("x")
    assert [goal.name for goal in ana.effects(CountGoal)] == ["outer"]


def test_an_event_of_a_flow_says_which_step_raised_it() -> None:
    ana = person(main("e: {emit: paid, data: {total: 5}}"))
    ana.start("main")
    (event,) = ana.effects(RaiseEvent)
    assert (event.flow, event.step, event.name, event.session) == ("main", "e", "paid", ana.session("main").id)


def test_who_waits_for_the_fate_of_an_answer_below_a_comment() -> None:
    for more, awaited in (("", False), (", on_failed: sorry", True)):
        ana = person(
            main(
                f"c: {{comment_reply: Hi{more}}}\nend_: {{tag: t, next: end}}\nsorry: {{tag: u}}",
                "triggers: [comment]\n",
            )
        )
        ana.comment("me")
        assert [say.awaited for say in ana.says] == [awaited]


def test_a_permission_gives_way_to_a_pending_question() -> None:
    ana = person(
        main("q: {ask: Well?}\ns: {send: On.}"),
        "flow: ok\nsteps: {o: {opt_in: marketing, wording: May we?}, s: {send: Fine.}}",
    )
    ana.start("main")
    ana.start("ok")
    assert ana.statuses == {"main": "waiting", "ok": "aside"}
    assert ana.write("x")[0] == "On."
    assert ana.statuses == {"main": "done", "ok": "waiting"}
