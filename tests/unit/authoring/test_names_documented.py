"""The reference page of expressions has every name that texts may use, and no other."""

import re
from pathlib import Path

from trinario.authoring.value_names import _BROUGHT, Names
from trinario.authoring.value_types import Type, known_of

PAGE = (Path(__file__).parents[3] / "docs/reference/expressions.md").read_text("utf-8")
NAMES = PAGE.partition("## Names\n")[2].partition("\n## ")[0]
OTHERS = {"answers", "vars", "call", "trigger", "event", "item", "secrets"}
"""Names that depend on the flow, or on the place of the text."""


def shared() -> dict[str, Type]:
    return dict(Names(None, {}).shared)


def test_every_name_stands_there() -> None:
    rows = [line.split("|")[1] for line in NAMES.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([a-z_]+)", row)}

    assert told == set(shared()) | OTHERS


def test_every_part_of_a_name_stands_there() -> None:
    for name in ("contact", "channel", "input", "flow", "session", "campaign", "consent"):
        for part in known_of(shared()[name]).members or {}:
            assert f"`.{part}`" in NAMES or f"{name}.{part}" in NAMES, (name, part)


def test_what_triggers_bring_stands_there() -> None:
    brought = NAMES.partition("Triggers bring besides")[2]
    for kind, parts in _BROUGHT.items():
        assert f"`{kind}`" in brought and all(f"`.{part}`" in brought for part in parts), kind
