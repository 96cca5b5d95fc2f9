"""Whatever stands in a file: reading and checking give issues, never an exception."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import cost
from trinario.authoring.check import check_bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.parse_templates import parse_templates
from trinario.authoring.printing import print_issues
from trinario.authoring.project import Project
from trinario.authoring.spec import SHAPES, VERB_TABLES
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP
from trinario.model.channel import Window

ROOT = Path(__file__).parents[3]
FLOW = (ROOT / "flows/lead_capture.yaml").read_text("utf-8")
BOT = (ROOT / "bots/demo/bot.yaml").read_text("utf-8")
LIMITS = {"whatsapp": WHATSAPP, "messenger": MESSENGER, "instagram": MESSENGER}

KEYS = {key.name for shape in SHAPES.values() for key in shape.keys}
VERB_KEYS = {key.name for table in VERB_TABLES.values() for verb in table.verbs for key in table.keys(verb)}
WORDS = sorted(KEYS | VERB_KEYS)


def survive(flow: bytes, bot: bytes) -> None:
    parsed, read = parse_flow(flow, "flows/a.yaml"), parse_bot(bot, "bots/b/bot.yaml", {"PAGE_TOKEN": "x"})
    project = Project(Path(), {parsed.name or parsed.file: parsed}, {"b": read}, (*parsed.issues, *read.issues))
    issues = check_bot(project, LIMITS, dict.fromkeys(LIMITS, Window()))
    assert print_issues(issues) or not issues
    assert (parsed.flow is None) == any(issue.severity == "error" for issue in parsed.issues)


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    survive(data, data)


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    survive(text.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass"))


SCALARS = st.one_of(
    st.sampled_from([*WORDS, "end", "true", "3", "2h", "fields.x", "{{ answers.q }}", "it", "", "null", "stop"]),
    st.text(max_size=8),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=20,
)


def yaml(tree: object) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {yaml(item)}" for key, item in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(yaml, tree)) + "]"
    return '"' + str(tree).encode("unicode_escape").decode().replace('"', '\\"') + '"'


@pytest.mark.parametrize("body", ["post", "location", "contact", "form", "products", "images", "template", "cards"])
@pytest.mark.parametrize("value", ["", "5", "[1]", "{x: 1}"])
def test_what_a_message_holds_is_of_the_wrong_kind(body: str, value: str) -> None:
    flow = f"flow: a\nsteps: {{s: {{send: {{{body}: {value}}}}}}}\n".encode()
    assert parse_flow(flow, "flows/a.yaml").issues
    survive(flow, BOT.encode())


@settings(max_examples=120, deadline=None)
@given(TREES, TREES, st.dictionaries(st.sampled_from(WORDS), TREES, max_size=5))
def test_any_tree_of_known_keys(value: object, steps: object, other: dict[str, object]) -> None:
    flow = {**other, "flow": "a", "steps": {"q": steps, "r": value, "s": {"send": value}}}
    survive(yaml(flow).encode(), yaml({**other, "bot": "b", "channels": {"page": value}, "flows": ["*"]}).encode())


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False))
def test_good_files_with_pieces_lost_and_moved(chance: random.Random) -> None:
    survive(_mangled(FLOW, chance).encode(), _mangled(BOT, chance).encode())


def _mangled(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        what = chance.randrange(5)
        if what == 0:
            del lines[at]
        elif what == 1:
            lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
        elif what == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif what == 3:
            lines[at] = lines[at].replace(":", "", 1)
        else:
            lines.insert(at, lines[other])
        lines = lines or [""]
    return "\n".join(lines)


LONG_FLOWS = {
    "keywords": "flow: a\ntriggers: [{keyword: [" + ", ".join(f"w{n}" for n in range(5000)) + "]}]\nsteps: {hi: {tag: x}}\n",
    "slips": "flow: a\nsteps:\n" + "".join(f"  step_number_{n}: {{tag: x, next: step_numbre_{n}}}\n" for n in range(100)),
    "migrations": "flow: a\nmigrations: [" + ", ".join(f"{{rename: {{o{n}: o{n + 1}}}}}" for n in range(1000)) + "]\nsteps: {hi: {tag: x}}\n",
    "cron": "flow: a\ntriggers: [{schedule: '" + ",".join(["*/1"] * 5000) + " * * * *', segment: fields.x}]\nsteps: {hi: {tag: x}}\n",
    "far ranges": "flow: a\ntriggers: [{schedule: '0-99999999999999999999/1 * * * *', segment: fields.x}]\nsteps: {hi: {tag: x}}\n",
    "cards": "flow: a\nsteps: {hi: {send: {cards: [" + ", ".join("{title: T, subtitle: s}" for _ in range(10_000)) + "]}}}\n",
    "labels": "flow: a\nsteps: {hi: {ai: classify, labels: {" + ", ".join(f"l{n}: end" for n in range(1000)) + "}, fallback: end}}\n",
    "rounds": "flow: a\nsteps: " + "{s: {foreach: vars.x, steps: " * 100 + "{t: {tag: x}}" + "}}" * 100 + "\n",
    "body": "flow: a\nsteps: {hi: {http: POST https://x.example/a, json: " + "[" * 200 + "]" * 200 + "}}\n",
}  # fmt: skip


SECONDS = 1.5
"""CPU that a long or deep file may take."""


@pytest.mark.parametrize("flow", LONG_FLOWS.values(), ids=LONG_FLOWS)
def test_whatever_is_long_or_deep_is_read_soon(flow: str) -> None:
    assert cost(lambda: survive(flow.encode(), BOT.encode()), SECONDS) < SECONDS


def test_a_template_of_nothing_but_braces_is_read_soon() -> None:
    words = "{{" * 20_000
    data = f"templates:\n  t: {{category: utility, params: [a], languages: {{en: {{body: '{words}'}}}}}}\n"
    assert {issue.code for issue in parse_templates(data.encode(), "templates.yaml").issues} == {"T150"}
    assert cost(lambda: parse_templates(data.encode(), "templates.yaml"), SECONDS) < SECONDS
