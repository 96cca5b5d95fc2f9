"""Pictures of flows: whole, stable, nothing on top of anything else."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trinario.authoring.chart.figure import ENDS, Figure, figure_of
from trinario.authoring.chart.layers import layered
from trinario.authoring.chart.place import placed
from trinario.authoring.chart.svg import svg
from trinario.authoring.chart.text import dot, mermaid
from trinario.authoring.graph import ways_of
from trinario.authoring.parse import parse_flow
from trinario.model.flow import END, Flow

GOLDEN = Path(__file__).parents[2] / "golden/charts"
SVG = "{http://www.w3.org/2000/svg}"


def flow_of(text: str | bytes) -> Flow:
    parsed = parse_flow(text.encode() if isinstance(text, str) else text, "a.yaml")
    assert parsed.flow is not None, parsed.issues
    return parsed.flow


def figure(text: str) -> Figure:
    return figure_of(flow_of(text))


RESTAURANT = flow_of((GOLDEN / "restaurant.yaml").read_bytes())


@pytest.mark.parametrize("form", ["mermaid", "dot", "svg"])
def test_the_pictures_of_the_restaurant(form: str) -> None:
    """To renew them after a change that is meant: delete the file, run the test, look at the picture."""
    text = {"mermaid": mermaid, "dot": dot, "svg": svg}[form](figure_of(RESTAURANT))
    file = GOLDEN / f"restaurant.{form}"
    if not file.exists():
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_no_way_is_left_out() -> None:
    drawn = figure_of(RESTAURANT)
    for name, ways in ways_of(RESTAURANT).items():
        targets = {arrow.target for arrow in drawn.arrows if arrow.source == name}
        assert {way.target for way in ways if way.target != END} <= targets


def test_exits_carry_their_names() -> None:
    drawn = figure(
        "flow: a\nhandlers: {invalid: b}\nsteps:\n"
        "  q: {ask: Q, choices: [{title: Yes please, value: y, next: b}, No], timeout: 2h, on_timeout: c}\n"
        "  b: {send: B, if: now}\n  c: {branch: [{if: now, category: warm, next: b}, {else: end}]}\n"
    )
    found = {(arrow.source, arrow.target, arrow.label, arrow.line) for arrow in drawn.arrows}
    assert found == {
        ("q", "b", "Yes please", "plain"), ("q", "b", "invalid", "handler"), ("q", "c", "timeout 2h", "plain"),
        ("b", "c", "skipped", "plain"), ("c", "b", "warm", "plain"), ("c", ENDS, "else", "plain"),
    }  # fmt: skip


def test_a_silence_without_a_way_ends_the_flow() -> None:
    drawn = figure("flow: a\nsteps:\n  q: {ask: Q, timeout: 2h}\n  z: {send: Z}\n")
    assert ("q", ENDS, "timeout 2h") in {(arrow.source, arrow.target, arrow.label) for arrow in drawn.arrows}


def test_what_stands_still_is_marked() -> None:
    waits = {box.title for box in figure_of(RESTAURANT).boxes if box.waits}
    assert {"wish", "where", "cooking"} <= waits
    assert not waits & {"hello", "large", "people", "pay"}


def test_answers_with_exits_of_their_own() -> None:
    drawn = figure(
        "flow: a\nhandlers: {promoter: b}\nsteps:\n  q: {ask: Q, type: nps, on_passive: c, on_detractor: c}\n"
        "  y: {ask: Y, type: yes_no, on_yes: c, on_no: b}\n  b: {send: B}\n  c: {send: C}\n"
    )
    found = {(arrow.source, arrow.target, arrow.label, arrow.line) for arrow in drawn.arrows if arrow.source in "qy"}
    assert found == {
        ("q", "y", "", "plain"), ("q", "c", "passive, detractor", "plain"), ("q", "b", "promoter", "handler"),
        ("y", "c", "yes", "plain"), ("y", "b", "no", "plain"),
    }  # fmt: skip


HOSTILE = """\
flow: a
title: "</svg><script>alert(1)</script> ]]> \\" \\\\ --> %%"
triggers: [{keyword: ['"', '</text>', 'a|b']}]
steps:
  end_: {send: '"); </text> [x] {{ contact.first_name }} | --> \\'}
  graph: {ask: "<b>?</b>", choices: ["<", ">", '"']}
  subgraph: {branch: [{if: "now < now", next: graph}, {else: end}]}
"""


def test_hostile_words_stay_words() -> None:
    drawn = figure(HOSTILE)
    root = ET.fromstring(svg(drawn))
    assert not list(root.iter(f"{SVG}script"))
    assert "<script" not in mermaid(drawn).split("\n", 1)[1]
    for line in dot(drawn).splitlines():
        assert len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 0


def test_the_picture_needs_nothing_from_outside() -> None:
    text = svg(figure_of(RESTAURANT))
    assert not re.search(r'(href|src|url\("?http|@import)', text)
    root = ET.fromstring(text)
    words = {element.text for element in root.iter(f"{SVG}text")}
    assert set(RESTAURANT.steps) <= words


GRAPHS = st.integers(1, 14).flatmap(
    lambda count: st.tuples(
        st.just([f"n{number}" for number in range(count)]),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=30, unique=True).map(
            lambda pairs: [(f"n{one}", f"n{other}") for one, other in pairs]
        ),
    )
)


@given(GRAPHS)
def test_every_arrow_goes_through_the_layers_one_by_one(graph: tuple[Sequence[str], Sequence[tuple[str, str]]]) -> None:
    nodes, arrows = graph
    layers = layered(nodes, arrows)
    at = {node: number for number, row in enumerate(layers.rows) for node in row}
    assert sorted(node for node in at if not node.startswith("bend ")) == sorted(nodes)
    for chain in layers.chains:
        ends = (chain.nodes[-1], chain.nodes[0]) if chain.back else (chain.nodes[0], chain.nodes[-1])
        assert ends == arrows[chain.arrow]
        assert all(at[lower] == at[upper] + 1 for upper, lower in pairwise(chain.nodes))
    assert len(layers.chains) == sum(one != other for one, other in arrows)


@given(GRAPHS, st.integers(20, 200))
def test_nothing_stands_on_anything_else(graph: tuple[Sequence[str], Sequence[tuple[str, str]]], width: int) -> None:
    nodes, arrows = graph
    layers = layered(nodes, arrows)
    sizes = {node: (float(width + 7 * number), 40.0) for number, node in enumerate(nodes)}
    sizes |= {chain.label: (60.0, 17.0) for chain in layers.chains}
    spots = placed(layers, sizes)
    for row in layers.rows:
        for left, right in pairwise(row):
            gap = spots[right].x - spots[right].width / 2 - spots[left].x - spots[left].width / 2
            assert gap >= 13.5
    for upper, lower in pairwise(layers.rows):
        bottom = max(spots[node].y + spots[node].height / 2 for node in upper)
        assert min(spots[node].y - spots[node].height / 2 for node in lower) >= bottom + 10


def test_a_long_flow_is_drawn_at_once() -> None:
    steps = "".join(
        f"  s{number}: {{ask: Q{number}, timeout: 1h, on_timeout: s{(number * 7) % 120}}}\n" for number in range(120)
    )
    text = svg(figure(f"flow: a\nsteps:\n{steps}"))
    assert text.count("<rect") > 120
