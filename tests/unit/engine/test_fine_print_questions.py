"""Small promises of the machine about questions: what a step does not wait for, what comes again, taps, answers."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.engine.worlds import Person, pattern
from tests.unit.engine.written import CONTINUE, SIDE, house, main, person
from trinario.model.event import Redeployed
from trinario.model.flow import InputSpec

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
