"""What the documentation says is proven somewhere is: every test and every talk that it names is there."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {
    "campaigns-proven": 40,
    "one-person-proven": 40,
    "reference-flows-proven": 40,
}
"""The pages, and how many lines at least each of them proves."""


def _named(page: str) -> list[str]:
    text = (ROOT / f"docs/explanation/{page}.md").read_text("utf-8")
    return re.findall(r"`([a-z_/]+\.(?:py::test_\w+|yaml))`", text)


NAMED = sorted({name for page in PAGES for name in _named(page)})


@cache
def _text(path: str) -> str:
    return (ROOT / "tests" / path).read_text("utf-8")


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_is_there(name: str) -> None:
    path, _, test = name.partition("::")
    assert (ROOT / "tests" / path).is_file(), path
    if test:
        assert re.search(rf"^(async )?def {test}\(", _text(path), re.M), test
    elif not path.startswith("golden/"):
        assert _text(path).startswith(("#", "talk:")) and "\nsteps:" in _text(path)


@pytest.mark.parametrize("page", PAGES)
def test_every_line_of_a_table_names_something(page: str) -> None:
    lines = (ROOT / f"docs/explanation/{page}.md").read_text("utf-8").splitlines()
    proven = [line for line in lines if line.startswith("| ") and "`" in line]
    assert len(set(_named(page))) > 60 and len(proven) > PAGES[page]
    assert not [line for line in proven if not any(f"`{name}`" in line for name in NAMED)]
