"""`trinario test --update`: the `bot:` lines become what was said, and nothing else in the file changes."""

import io
from pathlib import Path

import pytest

from trinario.testing.run import run_talks
from trinario.testing.update_files import update_talks

HEAD = "talk: it\nchannel: wa\nsteps:\n"


@pytest.fixture
def talk(project: Path) -> Path:
    folder = project / "tests/updates"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "talk.yaml"


def updated(talk: Path, steps: str) -> tuple[int, str, str]:
    """What `--update` gives, the steps in the file after it, and what it prints."""
    talk.write_text(HEAD + steps, encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    code = update_talks([talk], out, err)
    text = talk.read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    return code, text[len(HEAD) :], out.getvalue() + err.getvalue()


CASES = [
    ("  - user: colour   # she asks\n  - bot: What?   # a remark\n",
     "  - user: colour   # she asks\n  - bot: Which colour?   # a remark\n"),
    ('  - user: colour\n  - bot: "What?"\n', '  - user: colour\n  - bot: "Which colour?"\n'),
    ("  - user: colour\n  - bot: 'What?'\n", "  - user: colour\n  - bot: 'Which colour?'\n"),
    ('  - user: colour\n  - bot: {choices: [Green], text: "Which colour?"}\n',
     '  - user: colour\n  - bot: {choices: [Red, Blue], text: "Which colour?"}\n'),
    ("  - user: colour\n  - bot:\n      contains: size   # part of it\n",
     "  - user: colour\n  - bot:\n      text: Which colour?   # part of it\n"),
    ("  - user: colour\n  - bot: {matches: Which}\n  - tap: Red\n",
     "  - user: colour\n  - bot: {matches: Which}\n  - tap: Red\n  - bot: Thanks for Red!\n"),
    ("  - user: nudge\n  - bot: [One, And more]\n", "  - user: nudge\n  - bot: [One]\n"),
    ("  - user: nudge\n  - bot: One\n\n  # not any more\n  - bot: And more\n  - after: 2h\n  - bot: Two\n",
     "  - user: nudge\n  - bot: One\n\n  # not any more\n  - after: 2h\n  - bot: Two\n"),
    ("  - user: nudge\n  - bot: One\n  - after: 1h\n  - bot: Two\n",
     "  - user: nudge\n  - bot: One\n  - after: 1h\n  - bot: nothing\n"),
    ("  - user: nudge\n  - bot: nothing\n  - after: 2h\n", "  - user: nudge\n  - bot: One\n  - after: 2h\n  - bot: Two\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CASES, ids=range(10))
def test_lines_become_what_was_said(before: str, after: str, talk: Path) -> None:
    code, text, printed = updated(talk, before)
    assert text == after, printed
    assert code == 0, printed
    assert "--- " in printed and "1 of 1 talks changed" in printed
    assert run_talks([talk], out=io.StringIO(), err=io.StringIO()) == 0


def test_a_talk_that_goes_as_written_is_not_touched(talk: Path) -> None:
    steps = "  - user: late   # now\n  - bot: Late\n"
    code, text, printed = updated(talk, steps)
    assert (code, text) == (0, steps)
    assert "0 of 1 talks changed" in printed


def test_a_flow_that_fails_is_no_update(talk: Path) -> None:
    steps = "  - user: broken\n  - bot: Fine\n"
    code, text, printed = updated(talk, steps)
    assert (code, text) == (1, steps)
    assert "stays as it is: line 4: the flow fails: broken.bad" in printed


def test_what_cannot_be_tapped_is_no_update(talk: Path) -> None:
    steps = "  - user: colour\n  - bot: Which?\n  - tap: Green\n"
    code, text, printed = updated(talk, steps)
    assert (code, text) == (1, steps)
    assert 'shows no choice "Green": there are Red, Blue' in printed


def test_what_is_expected_is_for_the_author(talk: Path) -> None:
    code, text, printed = updated(talk, "  - user: late\n  - bot: Soon\n  - expect: {tags: [vip]}\n")
    assert code == 1
    assert text == "  - user: late\n  - bot: Late\n  - expect: {tags: [vip]}\n"
    assert "tags is [], not [vip]; this is for you to change" in printed


def test_line_ends_and_the_mark_stay(talk: Path) -> None:
    talk.write_bytes(b"\xef\xbb\xbf" + (HEAD + "  - user: late\n  - bot: Soon\n").replace("\n", "\r\n").encode())
    assert update_talks([talk], io.StringIO(), io.StringIO()) == 0
    assert talk.read_bytes().endswith(b"  - bot: Late\r\n") and talk.read_bytes().startswith(b"\xef\xbb\xbf")
