"""Talk files: every kind of step is read, every fault has its place."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from trinario.authoring.schema import schema
from trinario.authoring.spec import VERB_TABLES
from trinario.testing import reading
from trinario.testing.checking import check_talk
from trinario.testing.reading import parse_talk
from trinario.testing.run import load
from trinario.testing.script import Expected, Says, Stands

HEAD = "talk: it\nchannel: wa\n"


def issues_of(text: str) -> list[tuple[int, str]]:
    return [(issue.line, issue.code) for issue in parse_talk((HEAD + text).encode(), "it.yaml").issues]


def test_every_step_of_the_table_has_a_reader() -> None:
    assert set(reading._READERS) == {verb.name for verb in VERB_TABLES["talk_step"].verbs}


@pytest.mark.parametrize("verb", VERB_TABLES["talk_step"].verbs, ids=lambda verb: verb.name)
def test_the_example_of_every_step_is_read(verb: Any) -> None:
    parsed = parse_talk(f"{HEAD}steps:\n  - {verb.example}\n".encode(), "it.yaml")
    assert parsed.talk is not None, parsed.issues
    assert parsed.talk.acts[0].line == 4


@pytest.mark.parametrize(
    "text, found",
    [
        ("steps: [{usr: hello}]", [(3, "T016")]),
        ("steps: [{user: hello, bot: hi}]", [(3, "T016")]),
        ("steps:\n  - user: hello\n    chanel: wa\n", [(5, "T011")]),
        ("steps: [{comment: {post: p1}}]", [(3, "T014")]),
        ("steps: [{http: x}]", [(3, "T020")]),
        ("steps: [{after: soon}]", [(3, "S034")]),
        ("at: yesterday\nsteps: [again]", [(3, "S038")]),
        ("steps: [{status: seen}]", [(3, "T021")]),
        ("steps: [user]", [(3, "T022")]),
        ("steps: {user: hello}", [(3, "T020")]),
        ('steps:\n  - bot: {matches: "("}\n', [(4, "T021")]),
        ("expect: {session: done}", [(1, "T014")]),
        ("steps: [{user: hello}]\nexpect: {}", [(4, "T022")]),
    ],
)
def test_faults_have_places(text: str, found: list[tuple[int, str]]) -> None:
    assert issues_of(text) == found


@pytest.mark.parametrize(
    "text, found",
    [
        ("steps: [{channel: telegram}]", (3, "T042")),
        ("steps: [{start: asks}]", (3, "T040")),
        ("contact: {fields: {color: red}}\nsteps: [again]", (3, "T043")),
        ("steps: [again]\nexpect:\n  fields.color: Red", (5, "T043")),
        ("steps: [{expect: {answers.size: 1}}]", (3, "T043")),
        ("steps: [{expect: {vars.tries: 1}}]", (3, "T043")),
        ("steps: [{expect: {sesion: done}}]", (3, "T021")),
        ("steps: [{expect: {field.colour: Red}}]", (3, "T021")),
        ("steps: [{stranger: Bea}, {user: x}, {bot: y, to: Bee}]", (3, "T021")),
    ],
)
def test_names_that_the_bot_does_not_have(project: Path, text: str, found: tuple[int, str]) -> None:
    parsed = parse_talk((HEAD + text).encode(), "it.yaml")
    assert parsed.notes is not None and parsed.talk is not None, parsed.issues
    issues = check_talk(parsed.notes, load(project / "bots/mini").bot)
    assert [(issue.line, issue.code) for issue in issues] == [found]
    assert issues[0].hint


def test_messages_of_the_bot() -> None:
    text = 'steps:\n  - bot: ["a ", {contains: [b, c], choices: [d]}, {image: e, channel: wa}]\n  - bot: nothing\n'
    parsed = parse_talk((HEAD + text).encode(), "it.yaml")
    assert parsed.talk is not None
    first, second = parsed.talk.acts
    expected = (
        Expected("a"),
        Expected(contains=("b", "c"), choices=("d",)),
        Expected(media=("image", "e"), channel="wa"),
    )
    assert isinstance(first, Says) and first.messages == expected
    assert isinstance(second, Says) and second.messages == ()


def test_lines_of_expectations_are_kept() -> None:
    parsed = parse_talk((HEAD + "steps: [again]\nexpect:\n  session: done\n  tags: [a]\n").encode(), "it.yaml")
    assert parsed.talk is not None
    last = parsed.talk.acts[-1]
    assert isinstance(last, Stands) and last.lines == {"session": 5, "tags": 6}


@given(st.binary(max_size=200) | st.text(alphabet="{}[]:-#*&! \nabtk", max_size=80).map(str.encode))
def test_no_bytes_raise(data: bytes) -> None:
    parsed = parse_talk(data, "it.yaml")
    assert parsed.talk is not None or parsed.issues


class _AsText(yaml.SafeLoader):
    """Dates stay texts, as an editor sees them."""


_AsText.yaml_implicit_resolvers = {
    letter: [(tag, regexp) for tag, regexp in found if tag != "tag:yaml.org,2002:timestamp"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_the_schema_takes_the_talks_of_this_repository() -> None:
    validator = Draft202012Validator(schema("talk"))
    files = sorted((Path(__file__).parents[2] / "talks").rglob("*.yaml"))
    assert files
    for file in files:
        data = yaml.load(file.read_text(), _AsText)  # noqa: S506
        assert not list(validator.iter_errors(json.loads(json.dumps(data)))), file
    assert list(validator.iter_errors({"talk": "x", "channel": "wa", "steps": [{"usr": "x"}]}))
