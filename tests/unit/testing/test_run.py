"""`run_talks`: which talks, how they are reported, and what it gives."""

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from trinario.testing.run import Format, run_talks

GOOD = 'talk: it goes\nchannel: wa\nsteps: [{user: colour}, {bot: "Which colour?"}]\n'
BAD = 'talk: it does not\nchannel: wa\nsteps:\n  - user: colour\n  - bot: "Which\\a size?"\n'
WRONG = "talk: it cannot\nchannel: wa\nsteps: [{usr: colour}]\n"


@pytest.fixture
def talks(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project / "tests/talks"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.yaml"):
        file.unlink()
    return folder


def ran(paths: list[Path], format: Format = "text", color: bool = False) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return run_talks(paths, format, color, out, err), out.getvalue(), err.getvalue()


def test_talks_as_written_give_0(talks: Path) -> None:
    (talks / "good.yaml").write_text(GOOD)
    code, out, err = ran([talks])
    assert (code, err) == (0, "")
    assert "1 talk as written" in out
    assert "ask     steps 1/3  exits 0/5" in out
    assert "never entered: tagged, thanks" in out
    assert "never taken: colour.answered, colour.invalid, colour.timeout" in out


def test_a_talk_that_goes_otherwise_gives_1_and_a_diff(talks: Path) -> None:
    (talks / "good.yaml").write_text(GOOD)
    (talks / "bad.yaml").write_text(BAD)
    code, out, _ = ran([talks])
    assert code == 1
    assert "bad.yaml:5: it does not\n" in out
    assert "   + bot (wa)      Which colour? [Red | Blue]\n" in out
    assert "=> the bot said something else: the words differ" in out
    assert "1 talk as written, 1 not" in out
    assert "\033[" not in out
    assert "\033[32m" in ran([talks], color=True)[1]


def test_a_file_with_faults_gives_1_and_its_issues(talks: Path) -> None:
    (talks / "wrong.yaml").write_text(WRONG)
    code, out, _ = ran([talks / "wrong.yaml"])
    assert code == 1
    assert "wrong.yaml:3:10: T016" in out


def test_a_bot_that_is_not_there(talks: Path, tmp_path: Path) -> None:
    (talks / "good.yaml").write_text(f"bot: mni\n{GOOD}")
    code, out, _ = ran([talks])
    assert code == 1
    assert 'T047 there is no bot "mni"' in out
    (tmp_path / "alone.yaml").write_text(GOOD)
    assert "there is no bots/ folder above this file" in ran([tmp_path])[1]


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_nothing_to_play_gives_2(tmp_path: Path, name: str) -> None:
    code, out, err = ran([tmp_path / name])
    assert (code, out) == (2, "")
    assert err.startswith("trinario: there is no talk in ")


def test_a_bot_with_errors_gives_1(tmp_path: Path) -> None:
    (tmp_path / "bots/mini").mkdir(parents=True)
    (tmp_path / "bots/mini/bot.yaml").write_text("bot: mini\n")
    (tmp_path / "it.yaml").write_text(GOOD)
    code, _, err = ran([tmp_path / "it.yaml"])
    assert code == 1
    assert "cannot start as it is" in err


def test_json(talks: Path) -> None:
    (talks / "bad.yaml").write_text(BAD)
    (talks / "wrong.yaml").write_text(WRONG)
    code, out, _ = ran([talks], "json")
    data: dict[str, Any] = json.loads(out)
    assert code == 1
    assert (data["passed"], data["failed"]) == (0, 1)
    talk = data["talks"][0]
    assert (talk["talk"], talk["passed"], talk["line"]) == ("it does not", False, 5)
    assert talk["rows"][-1] == {"mark": "unlisted", "who": "bot", "where": "wa", "text": "Which colour? [Red | Blue]"}
    assert [issue["code"] for issue in data["issues"]] == ["T016"]
    assert data["coverage"][0] == {
        "flow": "ask", "steps": [1, 3], "exits": [0, 5], "missing_steps": ["tagged", "thanks"],
        "missing_exits": ["colour.answered", "colour.invalid", "colour.timeout"], "languages": {},
    }  # fmt: skip


def test_junit(talks: Path) -> None:
    (talks / "good.yaml").write_text(GOOD)
    (talks / "bad.yaml").write_text(BAD)
    (talks / "wrong.yaml").write_text(WRONG)
    _, out, _ = ran([talks], "junit")
    suite = ElementTree.fromstring(out).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "the bot said something else: the words differ"
    assert "Which\ufffd size?" in str(failure.text)


def test_the_coverage_of_a_translated_flow_is_told_by_language(project: Path, talks: Path) -> None:
    words = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (project / "flows/late.it.po").write_text(f'{words}msgctxt "only.send"\nmsgid "Late"\nmsgstr "Tardi"\n')
    (talks / "italian.yaml").write_text(
        "talk: in Italian\nchannel: wa\ncontact: {language: it-CH}\nsteps: [{user: late}, {bot: Tardi}]\n"
    )
    try:
        code, out, _ = ran([talks])
    finally:
        (project / "flows/late.it.po").unlink()
    assert code == 0, out
    assert "in en: steps 0/1  exits 0/1" in out and "in it: steps 1/1  exits 1/1" in out
