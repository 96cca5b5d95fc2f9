"""Small promises of the machine, one by one: what a session keeps, what comes again, who gives way, what is told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.engine.worlds import CHANNELS, START, Person, bot, p, pattern, words
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_templates import parse_templates
from trinario.authoring.patterns import patterns
from trinario.engine.limits import BACK_OFF_MOST, CALL_MARGIN
from trinario.model.bot import Bot
from trinario.model.consent import RecordConsent
from trinario.model.duration import parse_duration
from trinario.model.effect import (
    CallOut,
    ChangeContact,
    CountGoal,
    OfferSwitch,
    OpenTicket,
    RaiseEvent,
    Report,
    SetTimer,
)
from trinario.model.event import CallReturned, ContactChanged, FlowWanted, Redeployed, StatusTold, Switched, TriggerDue
from trinario.model.flow import Flow, InputSpec
from trinario.model.heard import Referral
from trinario.model.message import Template, TemplateHeader, Text

FIELDS = {name: InputSpec("any") for name in ("day", "other", "n", "items", "city")}


def read(text: str) -> Flow:
    parsed = parse_flow(text.encode(), "f.yaml")
    assert parsed.flow is not None, [str(issue) for issue in parsed.issues]
    return replace(parsed.flow, revision="r1")


def house(*texts: str, **more: Any) -> Bot:
    given = {"patterns": patterns({}, "en"), "fields": FIELDS, "ai": True, **more}
    made = bot(*map(read, texts), **{key: value for key, value in given.items() if key != "patterns"})
    return replace(made, patterns={**patterns({}, "en"), **more.get("patterns", {})})


def main(steps: str, head: str = "") -> str:
    return f"flow: main\n{head}steps:\n" + "".join(f"  {line}\n" for line in steps.strip().splitlines())


SIDE = "flow: side\ntriggers: [{keyword: side, match: exact}]\nsteps: {q: {ask: Side?}, s: {send: Thanks.}}"
CONTINUE = "Let us go on where we were."


def person(*texts: str, **contact: Any) -> Person:
    return Person(house(*texts), timezone="Europe/Rome", **contact)


# ---- events that a step does not wait for

STANDING = {
    "send": "x: {send: Hi, on_failed: sorry}",
    "comment_reply": "x: {comment_reply: Hi, on_failed: sorry}",
    "http": "x: {http: 'GET https://x.example/'}",
    "function": "x: {function: price}",
    "ai": "x: {ai: classify, labels: {a: end_, b: end_}, fallback: sorry}",
    "handoff": "x: {handoff: sales, resume: next}",
    "wait": "x: {wait: 2h}",
    "wait_for": "x: {wait_for: paid, timeout: 2h}",
    "switch_channel": "x: {switch_channel: whatsapp}",
    "ask": "x: {ask: Well?, timeout: 2h}",
    "private_reply": "x: {private_reply: Well?}",
    "opt_in": "x: {opt_in: marketing, wording: May we?}",
}


def standing(verb: str) -> Person:
    comments = "triggers: [comment]\n" if verb in ("comment_reply", "private_reply") else "triggers: [{keyword: go}]\n"
    ana = person(main(f"{STANDING[verb]}\nend_: {{send: On.}}\nsorry: {{send: Sorry.}}", comments))
    ana.comment("me") if "comment" in comments else ana.write("go")
    assert ana.waiting.wait and ana.waiting.wait.step == "x"
    return ana


@pytest.mark.parametrize("verb", STANDING)
def test_a_clock_that_rings_for_something_else_moves_nobody(verb: str) -> None:
    ana = standing(verb)
    before, ana.contact = ana.waiting, replace(ana.contact, owner="bot")
    assert ana.ring(before) == []
    after = ana.waiting
    assert (after.wait, after.status) == (before.wait, before.status)
    assert ana.reaction and not ana.reaction.effects
    assert [turn.path for turn in ana.reaction.turns] == [(("x", "waits"),)]


def test_a_delayed_flow_stands_before_its_first_step_whatever_comes() -> None:
    ana = person("flow: main\ntriggers: [{keyword: go, delay: 2h}]\nsteps: {s: {send: Hi}}")
    ana.write("go")
    before = ana.waiting
    assert ana.ring(before) == []
    assert ana.waiting.wait == before.wait
    assert ana.react(Redeployed(ana.origin(), ana.at, before.id)) == []
    assert ana.waiting.wait == before.wait
    assert ana.after("2h") == ["Hi"]


# ---- questions that come again


def test_a_question_that_comes_again_has_its_whole_time_again() -> None:
    ana = person(
        main("q: {ask: Well?, timeout: 2h, on_timeout: late}\nend_: {send: On., next: end}\nlate: {send: Late.}"), SIDE
    )
    ana.start("main")
    assert ana.after("90m") == []
    ana.write("side")
    assert ana.write("x") == ["Thanks.", CONTINUE, "Well?"]
    assert ana.after("90m") == []
    assert ana.after("30m") == ["Late."]


def test_patience_begins_anew_when_a_question_comes_again() -> None:
    ana = person(main("q: {ask: Well?}\ns: {send: On.}", "expires: 3h\n"), SIDE)
    ana.start("main")
    ana.after("2h")
    ana.write("side")
    ana.write("x")
    ana.after("2h")
    assert ana.statuses["main"] == "waiting"
    ana.after("1h")
    assert (ana.statuses["main"], ana.session("main").reason) == ("expired", "no answer")


def test_a_question_whose_error_has_no_words_says_that_it_cannot_go_on() -> None:
    ana = Person(replace(house(main("q: {ask: When?, type: date}")), patterns={"cannot_handle": pattern("Hm.")}))
    ana.start("main")
    assert ana.write("purple") == ["Hm."]


def test_choices_from_data_that_have_gone_elsewhere() -> None:
    steps = """
q: {ask: Which?, choices: {from: fields.items, title: item}}
again: {ask: Again?, type: yes_no, on_yes: q, on_no: end}
"""
    ana = Person(house(main(steps)), fields={"items": ["A", "B"]})
    ana.start("main")
    first = dict(ana.payloads)
    ana.tap("A")
    ana.contact = replace(ana.contact, fields={"items": ["B", "C"]})
    assert ana.write("yes") == ["Which? [B | C]"]
    assert ana.tap("B", first["B"]) == ["Again? [Yes | No]"]
    assert ana.session("main").answers["q"] == "B"
    ana.write("yes")
    assert ana.tap("", first["B"]) == ["Again? [Yes | No]"], "the payload says which it is, whatever the title"
    ana.write("yes")
    assert ana.tap("A", first["A"])[-1] == "Which? [B | C]", "what is offered no more is no answer to the question anew"
    assert ana.session("main").answers["q"] == "B"


@pytest.mark.parametrize(
    ("items", "reason"),
    [("words", "`from` of the choices needs a list"), (["A", " "], "a choice from data has no title")],
)
def test_data_that_no_choices_can_be_made_of(items: Any, reason: str) -> None:
    ana = Person(house(main("q: {ask: Which?, choices: {from: fields.items, title: item}}")), fields={"items": items})
    ana.start("main")
    assert ana.statuses == {"main": "failed"} and ana.reports == [reason]


def test_no_data_is_no_choices() -> None:
    ana = person(
        main("q: {ask: Which?, choices: {from: fields.items, title: item}, on_empty: none}\nnone: {send: None.}")
    )
    assert ana.start("main") == ["None."]


def test_titles_with_values_in_them_are_never_yesterdays() -> None:
    one = house(main('q: {ask: Which?, choices: ["No {{ fields.n }}", Other]}'))
    for number in (1, 2, 1):
        assert Person(one, fields={"n": number}).start("main") == [f"Which? [No {number} | Other]"]


def test_known_languages_and_time_zones_are_not_asked_for() -> None:
    steps = "q: {ask: Language?, save: contact.language, skip_if_known: true}\nz: {ask: Zone?, save: contact.timezone, skip_if_known: true}\ns: {send: On.}"
    assert person(main(steps), language="it").start("main") == ["On."]
    assert Person(house(main(steps))).start("main") == ["Language?"]
    own = "l: {set: {contact.language: it}}\n" + steps
    assert person(main(own)).start("main") == ["Language?"], "what the session learnt itself is asked again"


# ---- taps


def test_a_changed_answer_leads_where_the_new_choice_leads() -> None:
    ana = person(main("""
q: {ask: Colour?, change: true, choices: [{title: Red, next: hot}, {title: Blue, next: cold}]}
hot: {ask: Hot?, next: end}
cold: {ask: Cold?}
"""))  # fmt: skip
    ana.start("main")
    assert ana.tap("Red") == ["Hot?"]
    assert ana.tap("Blue") == ["Cold?"]


def test_pages_of_questions_that_are_over() -> None:
    titles = ", ".join(f"Slot {number}" for number in range(1, 24))
    ana = person(
        main(f"q: {{ask: When?, choices: [{titles}]}}\nw: {{wait: 1d}}"),
        "flow: d\ntriggers: [message]\nsteps: {s: {send: Else.}}",
    )
    ana.start("main")
    ana.tap("Slot 2")
    session = ana.session("main").id
    late = ana.tap("More", f"{session}/1/more/9")
    assert late and "Slot 2" in late[0] and late[1:] == []
    assert ana.tap("More", f"{session}/9/more/9") == ["Else."], "a page of a question that never was"


def test_a_late_tap_for_a_revision_that_is_gone() -> None:
    ana = person(main("q: {ask: Colour?, choices: [Red, Blue]}\nw: {wait: 1d}"))
    ana.start("main")
    ana.tap("Red")
    ana.bot = replace(ana.bot, flows={}, revisions={})
    assert len(ana.tap("Blue")) == 1


# ---- words that can be said at any time


def test_back_means_nothing_where_nothing_is_asked() -> None:
    ana = person(main("s: {send: Hi}"), "flow: d\ntriggers: [message]\nsteps: {s: {send: Else.}}")
    assert ana.write("back") == ["Else."]


def test_restart_begins_the_outermost_flow_again() -> None:
    ana = person(
        main("a: {send: One.}\nc: {call: inner}"),
        "flow: inner\nsteps: {c: {call: deep}}",
        "flow: deep\nsteps: {q: {ask: Well?}}",
    )
    assert ana.start("main") == ["One.", "Well?"]
    assert ana.write("restart")[1:] == ["One.", "Well?"]
    assert [session.status for session in ana.sessions.values()] == ["stopped", "waiting"]
    assert next(iter(ana.sessions.values())).reason == "begun anew"


def test_people_take_over_also_without_a_team() -> None:
    ana = Person(replace(house(main("q: {ask: Well?}")), teams={}, handoff_return=parse_duration("30m")))
    ana.start("main")
    ana.write("human")
    (ticket,) = ana.effects(OpenTicket)
    assert (ticket.team, ticket.until, ticket.session) == ("", ana.at + timedelta(minutes=30), ana.session("main").id)
    assert ticket.key == f"i{ana.number}/human", "one notice to the team"


def test_people_give_her_back_whole() -> None:
    ana = person(main("h: {handoff: sales, resume: next, after: 1h}\ns: {send: On.}"))
    ana.start("main")
    assert ana.contact.owner == "person" and ana.contact.owner_until is not None
    ana.returned()
    assert (ana.contact.owner, ana.contact.owner_until) == ("bot", None)


def test_what_a_stop_word_begins_is_silent_and_so_is_what_that_begins() -> None:
    ana = person(
        main("s: {send: One.}\nc: {start: next_}", "triggers: [{opt_out: marketing}]\n"),
        "flow: next_\nsteps: {s: {send: Two.}, w: {wait: 1h}, t: {send: Three.}, go: {switch_channel: whatsapp}}",
    )
    ana.write("stop")
    assert [say.hushed for say in ana.says] == [False, True, True]
    assert ana.says[0].purpose == "transactional"
    ana.after("1h")
    assert [(say.content, say.hushed) for say in ana.says] == [(Text("Three."), True)]
    assert not ana.effects(OfferSwitch), "what waits for her to write is not put"


def test_a_stop_word_ends_marketing_also_of_a_revision_that_is_gone() -> None:
    ana = person(main("w: {wait: 1d}\ns: {send: Buy!}", "purpose: marketing\n"))
    ana.start("main")
    ana.sessions = {name: replace(one, revision="gone") for name, one in ana.sessions.items()}
    ana.write("stop")
    assert ana.statuses == {"main": "stopped"}


def test_a_stop_word_is_taken_down_with_what_she_wrote() -> None:
    ana = person(
        main("o: {opt_out: marketing}\ns: {send: Bye.}", "purpose: marketing\ntriggers: [{keyword: enough}]\n")
    )
    assert ana.write("Enough now") == ["Bye."]
    assert [entry.said for entry in ana.effects(RecordConsent)] == ["Enough now"]
    assert [say.purpose for say in ana.says] == ["service"], "the answer to her no is no marketing"
    ana.start("main")
    assert [entry.said for entry in ana.effects(RecordConsent)] == [""]


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


# ---- the link to another channel


def test_a_link_gives_way_to_a_pending_question() -> None:
    ana = person(
        main("q: {ask: Well?}\ns: {send: On.}"), "flow: go\nsteps: {x: {switch_channel: whatsapp}, s: {send: There.}}"
    )
    ana.start("main")
    assert ana.start("go") == [] and ana.statuses == {"main": "waiting", "go": "aside"}
    ana.write("x")
    assert len(ana.effects(OfferSwitch)) == 1


def test_a_link_that_ran_out_while_people_had_her_comes_with_new_time() -> None:
    ana = person(main("x: {switch_channel: whatsapp, expires: 2h}\ns: {send: There.}"))
    ana.start("main")
    (first,) = ana.effects(OfferSwitch)
    assert first.expires_at == ana.at + timedelta(hours=2)
    ana.contact = replace(ana.contact, owner="person")
    ana.after("2h")
    ana.returned()
    (second,) = ana.effects(OfferSwitch)
    assert second.expires_at == ana.at + timedelta(hours=2) and second.session == ana.session("main").id
    assert ana.waiting.wake_at == second.expires_at


def test_she_is_there_by_now() -> None:
    ana = person(
        main(
            "x: {switch_channel: whatsapp, on_switched: there}\nelse_: {send: Else., next: end}\nthere: {send: There.}"
        )
    )
    ana.start("main")
    ana.channel = "whatsapp"
    assert ana.write("hello") == ["There."]
    assert ana.reaction and ana.reaction.turns[-1].path[0] == ("x", "switched")


def test_a_channel_that_the_bot_has_no_more() -> None:
    ana = person(main("x: {switch_channel: whatsapp}\ns: {send: There.}"))
    ana.start("main")
    ana.bot = replace(ana.bot, channels={"messenger": CHANNELS["messenger"]})
    assert ana.write("hm?") == []
    assert (ana.statuses, ana.session("main").reason) == ({"main": "done"}, "no channel to switch to")


def test_somebody_who_came_by_a_link_of_a_step_that_was_left() -> None:
    ana = person(main("q: {ask: Well?}"))
    ana.start("main")
    ana.channel = "whatsapp"
    ana.contact = replace(ana.contact, channel="whatsapp")
    assert ana.react(Switched(ana.origin(), ana.at, ana.waiting.id, "old/1", "whatsapp")) == ["Well?"]


# ---- triggers


def test_a_trigger_of_one_account_does_not_hear_another() -> None:
    both = {name: replace(CHANNELS["messenger"], id=name) for name in ("shop", "club")}
    text = "flow: f\ntriggers: [{keyword: hi, channels: [shop]}]\nsteps: {s: {send: Shop.}}"
    one = replace(house(text), channels=both)
    for channel, said in (("shop", ["Shop."]), ("club", [])):
        ana = Person(one)
        ana.channel = channel
        assert ana.write("hi") == said


def test_a_time_table_and_a_silence_say_when_they_came() -> None:
    ana = person("flow: f\ntriggers: [{inactivity: 7d}]\nsteps: {s: {send: 'Since {{ trigger.at }}'}}")
    ana.write("hello")
    (timer,) = ana.effects(SetTimer)
    ana.at = timer.due
    assert ana.react(TriggerDue(ana.origin(), ana.at, "f", timer.key, timer.due)) == ["Since 2026-03-09 10:00"]
    ana.write("again")
    assert ana.react(TriggerDue(ana.origin(), timer.due, "f", timer.key, timer.due)) == [], "she wrote in between"
    (later,) = ana.effects(SetTimer)
    assert later.due == ana.at + timedelta(days=7)


def test_a_silence_of_somebody_who_never_wrote() -> None:
    ana = person("flow: f\ntriggers: [{inactivity: 7d}]\nsteps: {s: {send: Hi}}")
    ana.write("hello")
    (timer,) = ana.effects(SetTimer)
    ana.contact = replace(ana.contact, last_seen_at=None)
    assert ana.react(TriggerDue(ana.origin(), timer.due, "f", timer.key, timer.due)) == []
    assert not ana.effects(SetTimer)


DATES = "flow: f\ntriggers: [{date: fields.day or fields.other, before: 1d, recurring: true}]\nsteps: {w: {wait: 9d}, s: {send: Hi}}"


def on(ana: Person, **fields: object) -> None:
    ana.react(ContactChanged(ana.origin(), ana.at, ChangeContact(fields)))


def test_a_moment_that_did_not_move_ends_nothing() -> None:
    ana = person(DATES)
    on(ana, day="2026-03-05T09:00")
    (timer,) = ana.effects(SetTimer)
    ana.at = timer.due
    ana.react(TriggerDue(ana.origin(), ana.at, "f", timer.key, timer.due, timer.offset))
    assert ana.statuses == {"f": "waiting"}
    on(ana, other="2026-04-01")
    assert ana.statuses == {"f": "waiting"}
    on(ana, day="2026-03-08T09:00")
    assert (ana.statuses, ana.session("f").reason) == ({"f": "stopped"}, "left: the date moved")


def test_a_moment_that_cannot_be_worked_out_any_more_is_told() -> None:
    ana = person(DATES)
    on(ana, day="2026-03-05T09:00")
    (timer,) = ana.effects(SetTimer)
    ana.contact = replace(ana.contact, fields={"day": "soon"})
    ana.at = timer.due
    assert ana.react(TriggerDue(ana.origin(), ana.at, "f", timer.key, timer.due, timer.offset)) == []
    (report,) = ana.effects(Report)
    assert (report.flow, report.step) == ("f", "trigger date") and report.reason


def test_flows_that_change_her_without_end_are_stopped() -> None:
    ana = person(*(
        f"flow: f{number}\ntriggers: [{{field: n}}]\nsteps: {{s: {{set: {{fields.n: '{{{{ (fields.n or 0) + 1 }}}}'}}}}}}" for number in range(25)
    ))  # fmt: skip
    on(ana, n=Decimal(1))
    assert ana.reaction and len(ana.reaction.turns) <= 25


# ---- what is said


def test_draws_of_one_turn_are_drawn_apart() -> None:
    steps = "\n".join(f"s{number}: {{send: {{one_of: [a, b, c, d]}}}}" for number in range(12))
    assert len(set(person(main(steps)).start("main"))) > 1


def test_messages_drawn_from_messages() -> None:
    ana = person(
        main(
            "s: {send: {one_of: [{text: a, links: [{title: T, url: 'https://x.example/'}]}, {text: a, links: [{title: T, url: 'https://x.example/'}]}]}}"
        )
    )
    assert ana.start("main") == ["a <T: https://x.example/>"]


def test_a_count_that_is_no_number() -> None:
    ana = person(main("s: {send: {text: {one: One, other: More}, count: fields.n}}"), fields={"n": "x"})
    ana.start("main")
    assert ana.reports == ["`count` needs a number"]


def test_a_translation_without_the_form_that_is_needed_says_another() -> None:
    from tests.unit.engine.worlds import c, flow
    from trinario.model.flow import Message, Send

    only = Message(plural={"one": words("One", "s.one")}, count=c("fields.n"))
    ana = Person(bot(flow("f", Send(name="s", messages=(only,))), fields=FIELDS), fields={"n": Decimal(5)})
    assert ana.start("f") == ["One"]


def test_a_pattern_in_a_language_nobody_foresaw() -> None:
    odd = {"help": replace(pattern("", "help"), texts={"xx": p("Xx!")})}
    ana = Person(house(main("s: {send: Hi}"), patterns=odd), language="it")
    assert ana.write("help") == ["Xx!"]


TEMPLATES = """
templates:
  code:
    category: authentication
    params: [code]
    languages: {it: {body: "{{code}} è il tuo codice.", buttons: [{code: "{{code}}"}]}}
  offer:
    category: marketing
    params: [name]
    languages:
      it:
        header: {image: "https://x.example/a.png"}
        body: "Ciao {{name}}."
        buttons: [{phone: "+390612345678", title: Chiama}, {code: "SPRING"}]
"""


def template(call: str) -> Template:
    parsed = parse_templates(TEMPLATES.encode(), "templates.yaml")
    assert not parsed.issues, parsed.issues
    ana = Person(house(main(f"s: {{send: {{template: {call}}}}}"), templates=parsed.templates), language="fr")
    ana.start("main")
    (say,) = ana.says
    assert isinstance(say.content, Template)
    return say.content


def test_the_words_of_a_code_are_metas_own() -> None:
    code = template("{name: code, params: {code: '123 456'}}")
    assert code.language == "it", "the only language that there is"
    assert code.params == {"1": "123 456"}
    assert [(button.kind, button.value) for button in code.buttons] == [("otp", "123 456")]


def test_a_template_with_a_picture_and_a_number() -> None:
    offer = template("{name: offer, params: {name: Ana}}")
    assert offer.header == TemplateHeader("image", "https://x.example/a.png")
    assert offer.text == "Ciao Ana.\n\nChiama: +390612345678"
    assert [(button.index, button.kind, button.value) for button in offer.buttons] == [(1, "code", "SPRING")]


def test_where_cards_have_their_pictures() -> None:
    ana = Person(
        house(
            main(
                "s: {send: {cards: {from: fields.items, title: item.name, image: 'https://x.example/{{ item.id }}.png'}}}"
            )
        ),
        fields={"items": [{"name": "Fern", "id": "a b"}]},
    )
    ana.start("main")
    assert "https://x.example/a%20b.png" in str(ana.says[0].content)


def test_lines_under_a_template_and_under_a_picture() -> None:
    ana = person(main("q: {ask: {image: 'https://x.example/a.png'}, type: rating}"))
    assert ana.start("main")[0].startswith("image:https://x.example/a.png")


def test_a_wait_that_ends_on_a_day_that_is_not_allowed() -> None:
    ana = person(main("w: {wait: 1h, days: weekdays}\ns: {send: Hi}"))
    ana.at = START.replace(day=7)  # a Saturday
    ana.start("main")
    assert ana.waiting.wake_at and ana.waiting.wake_at.isoformat() == "2026-03-08T23:00:00+00:00"


def test_help_from_people_may_be_a_flow_of_its_own() -> None:
    own = {"human": pattern("", "human", flow="people")}
    ana = Person(house(main("q: {ask: Well?}"), "flow: people\nsteps: {s: {send: They come.}}", patterns=own))
    assert ana.write("human") == ["They come."]
    assert not ana.effects(OpenTicket)


def test_a_time_table_says_when_it_came() -> None:
    ana = person("flow: f\ntriggers: [{schedule: '0 10 * * *'}]\nsteps: {s: {send: 'At {{ trigger.at }}'}}")
    (rule,) = ana.bot.flows["f"].triggers
    assert ana.react(TriggerDue(ana.origin(), ana.at, "f", rule.key, ana.at)) == ["At 2026-03-02 10:00"]


def test_an_ad_without_a_number_and_a_form_by_its_name() -> None:
    ana = person("flow: f\ntriggers: [ad]\nsteps: {s: {send: From the ad.}}")
    assert ana.heard("referral", referral=Referral("x", "ad")) == ["From the ad."]
    assert ana.heard("referral", referral=Referral("x", "shortlink")) == []
    assert ana.reaction and ana.reaction.handled is False
    ana = person("flow: f\ntriggers: [{form: sizes}]\nsteps: {s: {send: Thank you.}}")
    assert ana.heard("form", data={"name": "sizes", "response": {"a": "b"}}) == ["Thank you."]
    assert ana.heard("form", data={"name": "others", "response": {"a": "b"}}) == []


def test_what_lies_inside_a_field_is_watched_with_it() -> None:
    ana = person("flow: f\ntriggers: [{segment: fields.day and fields.day.city == 'Rome'}]\nsteps: {s: {send: Hi}}")
    assert ana.react(ContactChanged(ana.origin(), ana.at, ChangeContact({"day": {"city": "Rome"}}))) == ["Hi"]


def test_a_status_that_begins_a_flow_is_taken() -> None:
    ana = person("flow: f\ntriggers: [{message_status: failed}]\nsteps: {s: {tag: t}}", main("s: {send: Hi}"))
    for status, taken in (("failed", True), ("read", False)):
        ana.react(StatusTold(ana.origin(), ana.at, status, "main", "s", ""))
        assert ana.reaction and ana.reaction.handled is taken


def test_an_empty_place_is_no_place() -> None:
    ana = Person(house(main('s: {send: {location: "{{ fields.city }}"}}')), fields={"city": ""})
    assert ana.start("main") == [] and ana.statuses == {"main": "done"}


def test_a_permission_that_is_there_is_an_answer() -> None:
    ana = person(
        main("o: {opt_in: marketing, wording: May we?}\ns: {send: '{{ answers.o }}'}"), consent={"marketing": True}
    )
    assert ana.start("main") == ["true"]


def test_a_link_goes_where_its_flow_says() -> None:
    ana = person(main("x: {switch_channel: whatsapp}", "delivery: {order: [instagram, current]}\n"))
    ana.start("main")
    assert [say.order for say in ana.says] == [("instagram", "current")]


def test_until_what_is_no_date() -> None:
    ana = person(main("w: {wait: {until: fields.n}}"), fields={"n": Decimal(5)})
    ana.start("main")
    assert ana.reports == ["`until` needs a date or a date with time"]


def test_a_comment_of_no_known_kind() -> None:
    ana = person(main("s: {send: '[{{ trigger.medium }}]'}", "triggers: [comment]\n"))
    assert ana.heard("comment", "me", data={"comment": "c1", "post": "p1"}) == ["[]"]


PRIVATE = main(
    "x: {private_reply: Well?, on_too_late: late}\nend_: {tag: on, next: end}\nlate: {tag: late}",
    "triggers: [comment]\n",
)


def test_a_private_reply_that_came_too_late() -> None:
    for reason, tag in (("too_late", "late"), ("10901", "late")):
        ana = person(PRIVATE)
        ana.comment("me")
        (say,) = ana.says
        assert ana.waiting.wait and say.reply_to
        ana.fate(ana.waiting.wait.keys[0], "failed", reason)
        assert ana.contact.tags == {tag} and not ana.contact.marks


def test_a_private_reply_comes_again_when_people_are_done_if_she_wrote() -> None:
    for wrote, said in ((False, []), (True, ["Well?"])):
        ana = person(PRIVATE)
        ana.comment("me")
        if wrote:
            ana.contact = replace(
                ana.contact, channel="messenger", last_heard={"messenger": ana.at + timedelta(hours=1)}
            )
        ana.contact = replace(ana.contact, owner="person")
        ana.at += timedelta(hours=2)
        assert ana.returned() == said


# ---- answers


def test_a_day_of_a_moment_is_kept_as_a_day() -> None:
    kinds = {"day": InputSpec("date")}
    ana = Person(house(main("s: {set: {fields.day: '2026-12-31T10:00'}}\nt: {send: '{{ fields.day }}'}"), fields=kinds))
    assert ana.start("main") == ["2026-12-31"]


def test_a_group_of_values_goes_round() -> None:
    ana = person(
        main("l: {foreach: fields.items, as: one, steps: {t: {send: '{{ vars.one.name }}'}}}"),
        fields={"items": [{"name": "A"}, {"name": "B"}]},
    )
    assert ana.start("main") == ["A", "B"]


def test_a_list_where_a_text_is_declared_is_a_fault_of_the_service() -> None:
    ana = person(
        main(
            "a: {http: 'GET https://x.example/', returns: {name: text}, on_failed: sorry}\nend_: {send: On., next: end}\nsorry: {send: Sorry.}"
        )
    )
    ana.start("main")
    assert ana.answered({"status": 200, "data": {"name": ["a"]}}) == ["Sorry."]
    assert ana.reports[0].endswith("is no text, as `returns` says")


def test_a_time_zone_that_is_known_is_not_asked_for() -> None:
    ana = person(main("z: {ask: Zone?, save: contact.timezone, skip_if_known: true}\ns: {send: On.}"))
    assert ana.start("main") == ["On."]


def test_a_flow_that_marketing_calls_is_marketing() -> None:
    ana = person(main("c: {call: inner}", "purpose: marketing\n"), "flow: inner\nsteps: {s: {send: Buy!}}")
    ana.start("main")
    assert [(say.purpose, say.typing) for say in ana.says] == [("marketing", 0.0)]
