"""Every row of the language is whole: a golden file, a place in the schema, a section of the reference, a line of a talk."""

import json
import re
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from trinario.authoring.spec.answers import ANSWERS
from trinario.authoring.spec.messages import SHAPES
from trinario.authoring.spec.steps import STEPS
from trinario.authoring.spec.talk import TALK_STEPS
from trinario.authoring.spec.triggers import TRIGGERS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden"
REFERENCE = (ROOT / "docs/reference/flow-language.md").read_text()
SCHEMA = json.loads((ROOT / "docs/reference/flow.schema.json").read_text())
VERBS = [verb.name for verb in STEPS.verbs]
KINDS = [verb.name for verb in TRIGGERS.verbs]
MESSAGE = next(shape for shape in SHAPES if shape.name == "message")

SAME_FILE = {"unset": "set"}
"""Verbs whose traces stand in the file of their counterpart."""


@lru_cache
def _played() -> frozenset[str]:
    """Every key that stands in a flow which talks play: those of the shop, and those of the projects of the tests."""
    files = [*(ROOT / "flows").rglob("*.yaml"), *(ROOT / "tests/projects").rglob("*/flows/**/*.yaml")]
    return frozenset(word for file in files for word in _words(yaml.load(file.read_text(), yaml.CSafeLoader)))


@lru_cache
def _traced() -> frozenset[str]:
    """Every key that stands in a flow of a golden file of the steps."""
    files = [yaml.load(file.read_text(), yaml.CSafeLoader) for file in (GOLDEN / "steps").glob("*.yaml")]
    return frozenset(
        word for file in files for flow in file["flows"] for word in _words(yaml.load(flow, yaml.CSafeLoader))
    )


def _words(node: object) -> set[str]:
    """Every key of a value, at any depth, and every trigger that stands alone."""
    if isinstance(node, dict):
        bare = {one for one in node.get("triggers") or () if isinstance(one, str)}
        return {str(key) for key in node} | bare | {word for value in node.values() for word in _words(value)}
    return {word for value in node for word in _words(value)} if isinstance(node, list) else set()


def _keys(node: object) -> set[str]:
    """Every property name of a JSON Schema, at any depth."""
    found: set[str] = set()
    if isinstance(node, dict):
        found |= set(node.get("properties", {}))
        for value in node.values():
            found |= _keys(value)
    elif isinstance(node, list):
        for value in node:
            found |= _keys(value)
    return found


def test_nothing_of_the_language_is_left_for_later() -> None:
    assert not STEPS.later
    assert not TRIGGERS.later
    assert not TALK_STEPS.later
    assert not MESSAGE.later


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_whole(verb: str) -> None:
    golden = GOLDEN / "steps" / f"{SAME_FILE.get(verb, verb)}.yaml"
    assert golden.is_file()
    assert re.search(rf"\b{verb}:", golden.read_text()), f"{golden.name} shows no {verb}"
    assert verb in _keys(SCHEMA)
    assert re.search(rf"^#+ .*`{verb}`", REFERENCE, re.M), f"no section of the reference is about {verb}"
    assert verb in _played(), f"no talk plays a {verb}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_trigger_is_whole(kind: str) -> None:
    golden = GOLDEN / "triggers" / f"{kind}.yaml"
    assert golden.is_file()
    assert re.search(rf"\b{kind}\b", golden.read_text())
    assert re.search(rf"`{kind}`", REFERENCE)
    assert f'"{kind}"' in json.dumps(SCHEMA)
    assert kind in _played(), f"no talk plays a flow that begins by {kind}"


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_an_answer_type_is_whole(kind: str) -> None:
    assert (GOLDEN / "answers" / f"{kind}.yaml").is_file()
    assert re.search(rf"`{kind}`", REFERENCE)


@pytest.mark.parametrize("key", [key.name for key in MESSAGE.keys])
def test_a_message_key_is_whole(key: str) -> None:
    assert re.search(rf"`{key}`", REFERENCE)
    assert key in _played() | _traced(), f"neither a golden file nor a talk says {key}"
