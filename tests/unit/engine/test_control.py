"""`split`, `wait_for` and `foreach` beyond their golden files: chance, rounds, taps, events that come at odd times."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.worlds import Person, bot
from trinario.authoring.parse import parse_flow
from trinario.engine.limits import LOOP_CHARACTERS
from trinario.engine.steps.split import drawn
from trinario.model.bot import Bot
from trinario.model.flow import Flow, Variant
from trinario.model.session_json import session_from_json, session_to_json


def read(text: str, name: str = "main") -> Flow:
    parsed = parse_flow(f"flow: {name}\n{text}".encode(), "test.yaml")
    assert parsed.flow is not None, [str(issue) for issue in parsed.issues]
    return replace(parsed.flow, revision="r1")


def world(text: str, *others: Flow, **more: Any) -> Bot:
    return bot(read(text), *others, **more)


def person(text: str, *others: Flow, **more: Any) -> Person:
    return Person(world(text, *others, **more))


# ---- split


@given(st.lists(st.integers(0, 40), min_size=2, max_size=5).filter(sum), st.text(max_size=20), st.integers(1, 2**62))
def test_the_lot_is_a_pure_function_and_misses_nobody(weights: list[int], key: str, owner: int) -> None:
    variants = tuple(Variant(f"v{number}", weight) for number, weight in enumerate(weights))
    first = drawn(variants, key, "contact", owner)
    assert first.weight > 0
    assert drawn(variants, key, "contact", owner) == first


@pytest.mark.parametrize("weights", [(50, 50), (1, 9), (45, 45, 10), (7, 0, 13)])
def test_contacts_fall_as_the_weights_say(weights: tuple[int, ...]) -> None:
    variants = tuple(Variant(f"v{number}", weight) for number, weight in enumerate(weights))
    many = 20_000
    found = Counter(drawn(variants, "flow.step", "contact", contact).name for contact in range(1, many + 1))
    for variant in variants:
        share = variant.weight / sum(weights)
        spread = 4.5 * (many * share * (1 - share)) ** 0.5
        assert abs(found[variant.name] - many * share) <= spread


def test_two_splits_are_independent_and_one_key_makes_them_one() -> None:
    variants = (Variant("a", 1), Variant("b", 1))
    pairs = Counter(
        (drawn(variants, "f.one", "contact", n).name, drawn(variants, "f.two", "contact", n).name) for n in range(8000)
    )
    assert all(1800 < count < 2200 for count in pairs.values()) and len(pairs) == 4


def test_a_contact_keeps_her_variant_on_every_channel_and_in_every_revision() -> None:
    text = "steps: {lot: {split: {a: 1, b: 1, c: 1}}, said: {send: '{{ answers.lot }}'}}"
    seen = set()
    for revision in ("r1", "r2"):
        for channel in ("messenger", "whatsapp"):
            one = Person(bot(replace(read(text), revision=revision)))
            one.channel = channel
            seen.update(one.start("main"))
    assert len(seen) == 1


def test_a_lot_for_the_session_falls_anew_with_every_session() -> None:
    one = person("steps: {lot: {split: {a: 1, b: 1}, sticky: session}, said: {send: '{{ answers.lot }}'}}")
    assert {said for _ in range(20) for said in one.start("main")} == {"a", "b"}


# ---- wait_for


def test_every_session_that_waits_is_woken_once_and_before_flows_begin() -> None:
    waits = "triggers: [{event: go}]\nsteps: {one: {wait_for: go}, first: {send: once}, two: {wait_for: go}, again: {send: twice}}"
    one = person(waits)
    assert one.event("go") == []
    assert one.event("go") == ["once"]  # the first goes on and waits anew; a second begins, and waits
    assert one.event("go") == ["twice", "once"]


def test_the_data_are_the_answer_and_in_scope_in_that_turn_only() -> None:
    one = person(
        "steps: {one: {wait_for: go}, now: {send: '{{ event.name }} {{ event.n }}'}, later: {wait: 1h},"
        " then: {send: '{{ answers.one.n }} [{{ event.name }}]'}}"
    )
    one.start("main")
    assert one.event("go", n=Decimal(5)) == ["go 5"]
    assert one.after("2h") == ["5 []"]


def test_match_sees_the_session_and_one_that_breaks_is_told() -> None:
    one = person(
        "vars: {n: 3}\nsteps: {one: {wait_for: go, match: event.n > vars.n and event.x.y == 1}, said: {send: ok}}"
    )
    one.start("main")
    assert one.event("go", n=Decimal(2)) == []
    assert one.event("go", n=Decimal(4)) == []
    assert one.reports and "match" in one.reports[0]
    assert one.event("go", n=Decimal(4), x={"y": Decimal(1)}) == ["ok"]


def test_an_event_at_the_end_of_the_time_is_too_late() -> None:
    one = person(
        "steps: {one: {wait_for: go, timeout: 2h, on_timeout: no}, yes: {send: in time, next: end}, no: {send: late}}"
    )
    one.start("main")
    one.at += timedelta(hours=2)
    assert one.event("go") == []
    assert one.ring(one.waiting) == ["late"]


def test_while_it_waits_she_talks_with_other_flows() -> None:
    asks = read("triggers: [{keyword: hi}]\nsteps: {q: {ask: Who?}, a: {send: 'Ah, {{ answers.q }}.'}}", "asks")
    one = person("steps: {one: {wait_for: go}, q: {ask: And now?}}", asks)
    one.start("main")
    assert one.write("hi") == ["Who?"]
    assert one.event("go") == []  # its question waits until hers is over
    assert one.write("Ana") == ["Ah, Ana.", "And now?"]


def test_an_event_while_people_have_her_is_kept_and_wins_over_a_later_time_out() -> None:
    people = read("triggers: [{keyword: people}]\nsteps: {over: {handoff: sales}}", "people")
    one = person(
        "steps: {one: {wait_for: go, timeout: 2h, on_timeout: no}, yes: {send: '{{ event.n }}', next: end}, no: {send: no}}",
        people,
    )
    one.start("main")
    one.write("people")
    assert one.event("go", n=Decimal(1)) == []
    one.at += timedelta(hours=5)
    assert one.event("go", n=Decimal(2)) == []
    assert one.returned() == ["1"]


def test_an_event_after_the_time_out_does_not_count_when_people_give_her_back() -> None:
    people = read("triggers: [{keyword: people}]\nsteps: {over: {handoff: sales}}", "people")
    one = person(
        "steps: {one: {wait_for: go, timeout: 2h, on_timeout: no}, yes: {send: 'yes', next: end}, no: {send: 'no'}}",
        people,
    )
    one.start("main")
    one.write("people")
    one.at += timedelta(hours=3)
    one.event("go")
    assert one.returned() == ["no"]


# ---- event data as declared


def test_event_data_come_as_they_are_declared() -> None:
    events = {"go": {"day": "date", "n": "number", "at": "datetime", "long": "duration", "tags": "list"}}
    text = (
        "triggers: [{event: go, match: event.day > today}]\nsteps: {one: {send: '{{ trigger.day.year }} {{ trigger.n + 1 }}"
        ' {{ trigger.long > duration("1h") }} {{ trigger.tags | length }} {{ trigger.at.hour }}\'}}'
    )
    one = person(text, events=events)
    told = {"day": "2031-05-06", "n": "19.5", "at": "2031-05-06T10:00+02:00", "long": "2h", "tags": ["a", "b"]}
    assert one.event("go", **told) == ["2031 20.5 true 2 10"]
    assert one.event("go", day="2020-01-01") == []


def test_what_is_not_as_declared_is_empty_and_told() -> None:
    events = {"go": {"day": "date", "tags": "list", "n": "number"}}
    one = person(
        "triggers: [{event: go}]\nsteps: {one: {send: '{{ trigger.day or \"never\" }} {{ trigger.n }}'}}", events=events
    )
    assert one.event("go", day="soon", tags="a", n=Decimal(3)) == ["never 3"]
    assert one.reports == [
        "event.day takes a date, and a text was given",
        "event.tags takes a list, and a text was given",
    ]


def test_a_default_is_a_value_of_its_type() -> None:
    found = read(
        "vars: {d: {type: date, default: 2026-05-01}, s: {type: duration, default: 2h}}\nsteps: {a: {send: '{{ vars.d.year }} {{ vars.s == duration(\"120m\") }}'}}"
    )
    assert (found.vars["d"].default, found.vars["s"].default) == (date(2026, 5, 1), timedelta(hours=2))
    assert Person(bot(found)).start("main") == ["2026 true"]


# ---- foreach

ROOMS = """
vars: {rooms: [kitchen, bath], seen: {type: text, default: ""}}
steps:
  before: {ask: "Ready?"}
  each:
    foreach: vars.rooms
    as: room
    steps:
      size: {ask: "How large is the {{ vars.room }}?", choices: [Small, Large]}
      dry: {ask: "Is the {{ vars.room }} dry?", type: yes_no}
      keep: {set: {vars.seen: "{{ vars.seen }}{{ vars.room }} {{ answers.size }} "}}
  after: {send: "{{ vars.seen }}{{ answers.each }}"}
"""


def test_a_tap_on_a_question_of_an_earlier_round_is_late() -> None:
    one = person(ROOMS)
    one.start("main")
    one.write("yes")
    old = dict(one.payloads)
    one.tap("Small")
    assert one.tap("Yes") == ["How large is the bath? [Small | Large]"]
    assert one.tap("Large", old["Large"]) == ["You chose Small.", "How large is the bath? [Small | Large]"]
    assert one.tap("Large")[0].startswith("Is the bath dry?")
    assert one.tap("No") == ["kitchen Small bath Large 2"]


def test_an_earlier_round_cannot_be_changed_but_the_present_one_can() -> None:
    one = person(ROOMS.replace("choices: [Small, Large]", "choices: [Small, Large], change: true"))
    one.start("main")
    one.write("yes")
    old = dict(one.payloads)
    one.tap("Small")
    one.tap("Yes")
    assert one.tap("Large", old["Large"])[0] == "You chose Small."
    new = dict(one.payloads)
    one.tap("Small", new["Small"])
    assert one.tap("Large", new["Large"])[0].startswith("Is the bath dry?")
    assert one.tap("No") == ["kitchen Small bath Large 2"]


def test_back_stays_in_the_round() -> None:
    one = person(ROOMS)
    one.start("main")
    one.write("yes")
    assert one.write("back") == ["One back.", "How large is the kitchen? [Small | Large]"]
    one.write("small")
    assert one.write("back") == ["One back.", "How large is the kitchen? [Small | Large]"]
    one.write("large")
    one.write("yes")
    assert one.write("back") == ["One back.", "How large is the bath? [Small | Large]"]
    one.write("small")
    assert one.write("no") == ["kitchen Large bath Small 2"]


def test_a_loop_in_a_called_flow_in_a_loop() -> None:
    inner = read(
        "inputs: {parts: {type: list}}\nreturns: {sum: answers.each}\nsteps: {each: {foreach: call.parts, steps:"
        " {q: {ask: '{{ vars.item }}?', choices: [One, Two]}}}}", "inner",
    )  # fmt: skip
    one = person(
        "vars: {lists: [[a, b], [], [c]]}\nsteps: {all: {foreach: vars.lists, steps: {in: {call: inner, with: {parts: '{{ vars.item }}'}},"
        " told: {send: '{{ vars.item_number }}: {{ answers.in.sum }}'}}}, end_of_it: {send: '{{ answers.all }}'}}", inner,
    )  # fmt: skip
    assert one.start("main") == ["a? [One | Two]"]
    old = dict(one.payloads)
    one.tap("One")
    assert one.tap("Two") == ["1: 2", "2: 0", "c? [One | Two]"]
    assert one.tap("One", old["One"]) == ["You chose One.", "c? [One | Two]"]
    assert one.tap("One") == ["3: 1", "3"]


def test_the_condition_is_asked_once_and_goals_count_once() -> None:
    one = person(
        "vars: {items: [1, 2, 3], open: true}\nsteps: {all: {foreach: vars.items, if: vars.open, counts: done, steps:"
        " {shut: {set: {vars.open: false}}, one: {send: '{{ vars.item }}'}}}, over: {send: '{{ vars.item }} {{ vars.item_number }}'}}"
    )
    assert one.start("main") == ["1", "2", "3", "3 3"]


def test_the_list_is_worked_out_once() -> None:
    one = person(
        "vars: {items: [1, 2]}\nsteps: {all: {foreach: vars.items, steps: {more: {set: {vars.items: '{{ vars.items + [9] }}'}},"
        " one: {send: '{{ vars.item }}'}}}, n: {send: '{{ vars.items | length }}'}}"
    )
    assert one.start("main") == ["1", "2", "4"]


def test_a_late_wait_at_the_end_of_a_round_does_not_pass_over_the_loop() -> None:
    one = person(
        "vars: {items: [1, 2]}\nsteps: {all: {foreach: vars.items, steps: {one: {send: '{{ vars.item }}'},"
        " past: {wait: {until: \"'2020-01-01T09:00'\"}}}}, n: {send: over}}"
    )
    assert one.start("main") == ["1", "2", "over"]


def test_a_list_too_large_to_keep_is_a_fault() -> None:
    flow = read("inputs: {items: {type: list}}\nsteps: {all: {foreach: call.items, steps: {one: {wait: 1h}}}}")
    one = Person(bot(flow))
    one.start("main", items=["x" * LOOP_CHARACTERS])
    assert one.reports and "too large" in one.reports[0]
    assert one.statuses == {"main": "failed"}


def test_a_session_of_before_there_were_loops_is_read() -> None:
    one = person("vars: {items: [1]}\nsteps: {all: {foreach: vars.items, steps: {one: {wait: 1h}}}}")
    one.start("main")
    data = session_to_json(one.waiting)
    assert session_from_json(data).loops[0].number == 1
    del data["loops"]
    assert session_from_json(json.loads(json.dumps(data))).loops == ()


RANDOM = """
inputs: {items: {type: list}}
vars: {log: {type: text, default: ""}}
steps:
  each:
    foreach: call.items
    max: 30
    steps:
      may_wait: {wait: 1h, if: vars.item % 2 == 0}
      may_ask: {ask: "{{ vars.item }}?", type: yes_no, if: vars.item % 3 == 0, timeout: 1h, on_timeout: log}
      inner: {foreach: "[vars.item, 1][:vars.item % 3]", as: part, steps: {nap: {wait: 5m}}}
      log: {set: {vars.log: "{{ vars.log }}{{ vars.item_number }}:{{ vars.item }} "}}
  over: {send: "{{ answers.each }} {{ vars.log }}"}
"""
RANDOM_BOT = world(RANDOM)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=12), st.lists(st.sampled_from(["yes", "no", "what", "wait"]), max_size=40))
def test_a_loop_over_n_items_goes_round_n_times(items: list[int], moods: list[str]) -> None:
    """Every session goes through JSON between two events (worlds.Person does it)."""
    one = Person(RANDOM_BOT)
    said = one.start("main", items=[Decimal(item) for item in items])
    for mood in [*moods, *["wait"] * 200]:
        if one.statuses["main"] != "waiting":
            break
        said = one.write(mood) if one.waiting.foreground and mood != "wait" else one.after("61m")
    logged = "".join(f"{number}:{item} " for number, item in enumerate(items, 1))
    if one.statuses["main"] == "done" and "over" in [
        step for turn in (one.reaction.turns if one.reaction else ()) for step, _ in turn.path
    ]:
        assert said[-1].strip() == f"{len(items)} {logged}".strip()
    else:
        assert moods.count("what") > 2  # the retries of a question were used up
