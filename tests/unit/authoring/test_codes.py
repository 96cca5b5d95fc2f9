"""Codes: every one that the source uses can be explained, and its good example is good."""

import re
from pathlib import Path

import pytest

import trinario
from trinario.authoring.codes import CODES, Code, explained
from trinario.authoring.source import Document, read_source


def test_every_code_in_the_source_has_an_entry() -> None:
    root = Path(trinario.__file__).parent
    used = {
        code
        for file in root.rglob("*.py")
        if file.name != "codes.py" and file.is_relative_to(root / "authoring")
        for code in re.findall(r'"([A-Z][0-9]{3})"', file.read_text("utf-8"))
    }
    assert "S006" in used
    assert used - CODES.keys() == set()


@pytest.mark.parametrize("entry", CODES.values(), ids=CODES)
def test_an_entry_is_whole(entry: Code) -> None:
    assert re.fullmatch("[A-Z][0-9]{3}", entry.code)
    assert entry.title and not entry.title.endswith(".") and len(entry.title) < 70
    assert entry.explanation.endswith(".") and entry.bad and entry.good and entry.bad != entry.good
    text = explained(entry.code.lower())
    assert text is not None and entry.title in text and "not so:" in text


def test_an_unknown_code() -> None:
    assert explained("Z999") is None


@pytest.mark.parametrize("code", [code for code in CODES if code.startswith("S0") and code <= "S021"])
def test_examples_of_yaml_do_what_they_say(code: str) -> None:
    entry = CODES[code]
    if entry.bad.startswith("(") or "..." in entry.bad or code in ("S005", "S010", "S012"):
        return
    found = read_source(entry.bad.encode(), "f.yaml")
    issues = found.warnings if isinstance(found, Document) else found
    assert code in {issue.code for issue in issues}
    if "\n" not in entry.good or entry.good.count("send:") < 2:
        assert isinstance(read_source(entry.good.encode(), "f.yaml"), Document) or entry.good.startswith("(")
