"""What the documentation says is proven somewhere is: every test and every talk that it names is there."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/one-person-proven.md"
NAMED = sorted(set(re.findall(r"`([a-z_/]+\.(?:py::test_\w+|yaml))`", PAGE.read_text("utf-8"))))


@cache
def _text(path: str) -> str:
    return (ROOT / "tests" / path).read_text("utf-8")


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_is_there(name: str) -> None:
    path, _, test = name.partition("::")
    assert (ROOT / "tests" / path).is_file(), path
    if test:
        assert re.search(rf"^(async )?def {test}\(", _text(path), re.M), test
    else:
        assert _text(path).startswith(("#", "talk:")) and "\nsteps:" in _text(path)


def test_every_line_of_a_table_names_something() -> None:
    rows = [
        line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ") and not line.startswith("| ---")
    ]
    proven = [line for line in rows if "`" in line]
    assert len(NAMED) > 60 and len(proven) > 40
    assert not [line for line in proven if not any(f"`{name}`" in line for name in NAMED)]
