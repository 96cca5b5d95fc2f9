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
])  # fmt: skip
def test_mistakes_do_not_fit(text: str) -> None:
    assert faults("flow", text)


def test_every_property_is_described() -> None:
    def described(node: Any) -> bool:
        if isinstance(node, dict):
            properties = node.get("properties", {})
            return all("description" in one for one in properties.values()) and all(map(described, node.values()))
        return all(map(described, node)) if isinstance(node, list) else True

    assert all(described(schema(kind)) for kind in KINDS)


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="flow or bot or talk"):
        schema("campaign")
