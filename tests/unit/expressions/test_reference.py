"""The reference page names every filter, test and method there is."""

import re
from pathlib import Path

from trinario.expressions.filters import FILTERS
from trinario.expressions.predicates import PREDICATES
from trinario.expressions.reach import METHODS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "expressions.md").read_text("utf-8")


def named(title: str) -> set[str]:
    (section,) = re.findall(rf"## {title}\n(.*?)(?=\n## |\Z)", PAGE, re.S)
    return set(re.findall(r"`([a-z]+)", section))


def test_the_page_is_whole() -> None:
    assert FILTERS.keys() <= named("Filters")
    assert PREDICATES.keys() == named("Tests")
    assert METHODS.keys() == named("Methods")
