"""`split`, `wait_for` and `foreach` in files: their mistakes, their ways, their texts, their pictures."""

from typing import Any

import pytest

from tests.unit.authoring.test_check import check, codes
from trinario.authoring.chart.figure import figure_of
from trinario.authoring.graph import ways_of
from trinario.authoring.parse import ParsedFlow, parse_flow
from trinario.authoring.reader import default_of
from trinario.authoring.schema import schema
from trinario.authoring.spec import VERB_TABLES
from trinario.authoring.translating import wanted
from trinario.model.flow import END, Foreach, Split, WaitFor
from trinario.testing.coverage import exits_of

LOOP = """\
flow: a
vars: {rooms: [kitchen, bath], parts: [[1], [2]]}
steps:
  each:
    foreach: vars.rooms
    handlers: {timeout: last}
    steps:
      q: {ask: "{{ vars.item }}?", timeout: 2h}
      inner:
        foreach: vars.parts
        as: part
        steps:
          one: {wait: 1h}
      last: {send: ok}
  bye: {send: Bye}
"""


def parsed(text: str) -> ParsedFlow:
    return parse_flow(text.encode(), "flows/a.yaml")


def messages(text: str) -> list[tuple[int, str, str]]:
    return [(issue.line, issue.code, issue.message) for issue in parsed(text).issues]


def test_steps_of_a_loop_stand_behind_it_and_keep_their_lines() -> None:
    flow = parsed(LOOP).flow
    assert flow is not None
    assert list(flow.steps) == ["each", "q", "inner", "one", "last", "bye"]
    assert [step.line for step in flow.steps.values()] == [4, 8, 9, 13, 14, 15]
    assert flow.following == {"each": "bye", "q": "inner", "inner": "last", "one": "inner", "last": "each", "bye": END}
    assert flow.inside == {"q": "each", "inner": "each", "last": "each", "one": "inner"}
    assert list(flow.around("one")) == ["inner", "each"]
    assert flow.handler("one", "timeout") == "last" and flow.handler("bye", "timeout") is None


def test_a_split_is_a_mapping_or_a_list() -> None:
    flow = parsed("flow: a\nsteps:\n  s: {split: {a: 1, b: 2}, on_b: t, sticky: session, key: k}\n"
                  "  t: {split: [{name: x, weight: 3, next: end}, {name: y, weight: 0}]}\n").flow  # fmt: skip
    assert flow is not None
    one, two = flow.steps["s"], flow.steps["t"]
    assert isinstance(one, Split) and isinstance(two, Split)
    assert [(v.name, v.weight, v.next) for v in (*one.variants, *two.variants)] == [
        ("a", 1, None), ("b", 2, None), ("x", 3, "end"), ("y", 0, None)]  # fmt: skip
    assert (one.exits, one.sticky, one.key, two.sticky) == ({"b": "t"}, "session", "k", "contact")
    assert [(way.target, way.exit, way.passes) for way in ways_of(flow)["s"]] == [("t", "a", True), ("t", "b", True)]
    assert exits_of(one, flow) == ("a", "b") and exits_of(two, flow) == ("x",)


@pytest.mark.parametrize(("step", "code", "words"), [
    ("{split: {a: 1, b: 2}, on_c: x}", "T011", 'the split has no variant "c"'),
    ("{split: {a: 0, b: 0}}", "T021", "all weights are 0"),
    ("{split: {a: 1, a_b: -1}}", "T021", "-1"),
    ("{split: {a: 1.5, b: 1}}", "T021", "whole number"),
    ("{split: {a: 1}}", "T022", ""),
    ("{split: {a: 1, failed: 1}}", "T021", "means something else"),
    ("{split: [{name: a, weight: 1}, {name: a, weight: 1}]}", "T021", "twice"),
    ("{split: [{name: a, weight: 1}, {name: b}]}", "T014", "needs `weight`"),
    ("{split: {a: 1, b: 1}, stick: contact}", "T011", "no key"),
    ("{wait_for: order.paid, timeut: 2d}", "T011", "no key"),
    ("{wait_for: order.paid, on_late: x}", "T011", "has no exit `late`"),
    ("{foreach: fields.x}", "T014", "needs `steps`"),
    ("{foreach: fields.x, steps: {}}", "T022", ""),
    ("{foreach: fields.x, max: 0, steps: {y: {send: Hi}}}", "T021", ""),
    ("{foreach: fields.x, max: 1000, steps: {y: {send: Hi}}}", "T021", ""),
    ("{foreach: fields.x, step: {y: {send: Hi}}}", "T011", "no key"),
    ("{foreach: fields.x, steps: {y: {sned: Hi}}}", "T016", 'has no "sned"'),
    ("{foreach: fields.x, steps: {x: {send: Hi}}}", "T017", 'a step "x" already'),
    ("{foreach: fields.x, steps: {end: {send: Hi}}}", "T021", "no step can be called so"),
    ("{foreach: fields.x, handlers: {timeut: x}, steps: {y: {send: Hi}}}", "T011", "no key"),
    ("{foreach: fields.x, as: Item, steps: {y: {send: Hi}}}", "T021", ""),
])  # fmt: skip
def test_mistakes(step: str, code: str, words: str) -> None:
    found = messages(f"flow: a\nsteps:\n  x: {step}\n")
    assert found and all(line == 3 for line, _, _ in found)
    assert any(words in message for _, one, message in found if one == code or code == "T021"), found


def test_a_loop_variable_written_as_it_is_read_is_one_mistake() -> None:
    text = LOOP.replace("as: part", "as: vars.part").replace("{wait: 1h}", "{send: '{{ vars.part_number }}'}")
    assert [(issue.line, issue.code) for issue in check(text)] == [(11, "S040")]


def test_an_issue_deep_in_a_loop_is_at_its_line() -> None:
    assert [line for line, _, _ in messages(LOOP.replace("one: {wait: 1h}", "one: {wait: soon}"))] == [13]
    assert [issue.line for issue in check(LOOP.replace("{send: ok}", "{send: '{{ answers.nobody }}'}"))] == [14]
    assert [(i.line, i.code) for i in check(LOOP.replace("{send: ok}", "{send: ok, next: nowhere}"))] == [(14, "T012")]


@pytest.mark.parametrize(("text", "found"), [
    (LOOP, []),
    (LOOP.replace("bye: {send: Bye}", "bye: {send: Bye, next: q}"), ["T106", "T124"]),
    (LOOP.replace("timeout: 2h}", "timeout: 2h, on_timeout: one}"), ["T106"]),
    (LOOP.replace("{send: ok}", "{send: ok, next: each}"), []),
    (LOOP.replace("{send: ok}", "{send: ok, next: bye}"), []),
    (LOOP.replace("{wait: 1h}", "{wait: 1h, next: each}"), []),
    (LOOP.replace("        as: part\n", ""), ["T107"]),
    (LOOP.replace("{wait: 1h}", "{send: Hi}").replace("as: part", "as: part\n        max: 50"), ["T108"]),
    (LOOP.replace("bye: {send: Bye}", "bye: {send: Bye, next: each}"), ["T103"]),
    (LOOP.replace("steps:\n  each", "handlers: {failed: last}\nsteps:\n  each", 1), ["T106"]),
])  # fmt: skip
def test_what_is_proved_of_loops(text: str, found: list[str]) -> None:
    assert sorted(set(codes(text))) == found


def test_the_bound_of_a_turn() -> None:
    body = "flow: a\nvars: {x: [1]}\nsteps:\n  l:\n    foreach: vars.x\n    max: %d\n    steps: {s: {send: Hi}, t: {tag: x}}\n"
    assert codes(body % 33) == []
    assert codes(body % 34) == ["T108"]
    (issue,) = check(body % 50)
    assert "150 steps" in issue.message and "max: 33" in issue.hint


def test_texts_of_a_loop_have_the_keys_of_their_steps() -> None:
    """A step that is put into a loop keeps its translations."""
    notes = parsed(LOOP).notes
    assert notes is not None
    assert [one.key for one in wanted(notes, "it")] == ["q.ask", "last.send", "bye.send"]


def test_the_picture_shows_rounds() -> None:
    flow = parsed(LOOP).flow
    assert flow is not None
    arrows = [(arrow.source, arrow.target, arrow.label) for arrow in figure_of(flow).arrows]
    assert [one for one in arrows if one[0] in ("each", "last")] == [
        ("each", "q", "each item"), ("each", "bye", "after the last"), ("last", "each", "next item")]  # fmt: skip
    assert ("one", "inner", "next item") in arrows and ("q", "last", "timeout 2h") in arrows


def test_exits_for_the_coverage() -> None:
    flow = parsed(
        "flow: a\nsteps:\n  w: {wait_for: go, timeout: 1d}\n  l: {foreach: '[1]', steps: {s: {send: Hi}}}\n"
    ).flow
    assert flow is not None
    assert isinstance(flow.steps["w"], WaitFor) and isinstance(flow.steps["l"], Foreach)
    assert exits_of(flow.steps["w"], flow) == ("next", "timeout")
    assert exits_of(flow.steps["l"], flow) == ("round", "next")


def test_the_schema_of_a_loop_holds_steps_again() -> None:
    made: dict[str, Any] = schema("flow")
    table = made["$defs"]["step"]
    forms = {one["then"]["title"]: one["then"] for one in table["then"]["allOf"]}
    inner = forms["foreach"]["properties"]["steps"]
    assert inner["additionalProperties"] == {"$ref": "#/$defs/step"}
    assert list(forms["split"]["patternProperties"]) == ["^on_[a-z0-9][a-z0-9_]*$"]
    assert {key.name: default_of(key) for key in VERB_TABLES["step"].verb("foreach").keys if key.default} == {
        "as": "item",
        "max": 20,
    }  # type: ignore[union-attr]


def test_a_default_that_is_none_of_its_type_is_told_at_its_place() -> None:
    found = parsed(
        "flow: a\nvars: {d: {type: date, default: soon}, e: {type: date, default: 2026-05-01}}\nsteps: {s: {send: Hi}}"
    )
    assert [(one.line, one.column, one.code, one.hint) for one in found.issues] == [
        (2, 33, "T122", "write it like 2026-12-31")]  # fmt: skip
