"""The schemas: valid, and of one mind with the reader."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from trinario.authoring.schema import KINDS, schema

ROOT = Path(__file__).parents[3]


def faults(kind: str, text: str) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(kind)).iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("name", ["welcome", "lead_capture"])
def test_the_demo_flows_fit(name: str) -> None:
    assert faults("flow", (ROOT / f"flows/{name}.yaml").read_text("utf-8")) == []


def test_the_demo_bot_fits() -> None:
    assert faults("bot", (ROOT / "bots/demo/bot.yaml").read_text("utf-8")) == []


@pytest.mark.parametrize("text", [
    "flow: a\nstepz: {}\n",
    "flow: a\nsteps: {hi: {sned: Hi}}\n",
    "flow: a\nsteps: {hi: {send: Hi, goto: end}}\n",
    "flow: a\nsteps: {hi: {ask: A, retries: many}}\n",
    "flow: A-B\nsteps: {hi: {send: Hi}}\n",
    "flow: a\nsteps: {}\n",
    "flow: a\nsteps: {hi: {next: end}}\n",
    "flow: a\nsteps: {hi: }\n",
    "flow: a\nsteps: {hi: {send: Hi, ask: Who}}\n",
    "flow: a\ntriggers: [keyword]\nsteps: {hi: {send: Hi}}\n",
    "flow: a\ntriggers: [{channels: [x]}]\nsteps: {hi: {send: Hi}}\n",
])  # fmt: skip
def test_mistakes_do_not_fit(text: str) -> None:
    assert faults("flow", text)


@pytest.mark.parametrize("text", [
    "flow: a\ntriggers: [message, referral, {event: order.paid, match: event.x}, {message: , channels: [x]}]\nsteps: {hi: {send: Hi}}\n",
    "flow: a\nsteps: {hi: {ask: 12, choices: [Yes, 3], timeout: 2h, on_timeout: end}}\n",
])  # fmt: skip
def test_what_can_be_written_fits(text: str) -> None:
    assert faults("flow", text) == []


def test_before_the_verb_only_verbs_are_offered() -> None:
    step = schema("flow")["$defs"]["step"]
    assert list(step["else"]["allOf"][0]["properties"]) == [one["then"]["title"] for one in step["then"]["allOf"]]
    assert "send, ask" in step["errorMessage"]


def test_editors_insert_no_example_that_needs_quotation_marks() -> None:
    def examples(node: Any) -> list[Any]:
        parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        return [
            *(node.get("examples", []) if isinstance(node, dict) else []),
            *(one for part in parts for one in examples(part)),
        ]

    found = [one for kind in KINDS for one in examples(schema(kind))]
    assert len(found) > 100
    assert not [
        one
        for one in found
        if "{{" in str(one) or isinstance(one, list) and any(isinstance(part, dict) for part in one)
    ]


def test_every_property_is_described() -> None:
    def described(node: Any) -> bool:
        if isinstance(node, dict):
            properties = node.get("properties", {})
            parts = [value for key, value in node.items() if key != "if"]
            return all({"description", "$ref"} & set(one) for one in properties.values()) and all(map(described, parts))
        return all(map(described, node)) if isinstance(node, list) else True

    assert all(described(schema(kind)) for kind in KINDS)


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="flow or bot or talk"):
        schema("recipe")
