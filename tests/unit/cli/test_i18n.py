"""`i18n`: files for translators, on disk and back."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Trinario

FLOW = """\
flow: hello
triggers: [get_started]
steps:
  hi: {send: "Hello {{ contact.first_name }}!"}
  pick: {ask: Which?, choices: [Red, Blue]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/hello.yaml").write_text(FLOW)
    return tmp_path


def test_from_nothing_to_a_translated_flow(trinario: Trinario, project: Path) -> None:
    assert "begin one with" in trinario("i18n", "merge", cwd=project).stderr
    assert "extract --language it" in trinario("i18n", "status", cwd=project).stdout
    assert trinario("i18n", "extract", cwd=project).returncode == 0
    assert '#. step hi: send\n#: hello.yaml:4\nmsgctxt "hi.send"' in (project / "flows/hello.pot").read_text()
    assert trinario("i18n", "extract", "--language", "it", cwd=project).returncode == 0
    po = project / "flows/hello.it.po"
    po.write_text(po.read_text().replace('msgid "Which?"\nmsgstr ""', 'msgid "Which?"\nmsgstr "Quale?"'))
    assert trinario("i18n", "status", "--strict", cwd=project).returncode == 1
    table = json.loads(trinario("i18n", "status", "--format", "json", cwd=project).stdout)
    (row,) = table["translations"]
    assert (row["flow"], row["language"], row["file"]) == ("hello", "it", "flows/hello.it.po")
    assert (row["translated"], len(row["missing"])) == (["pick.ask"], 3)


def test_a_second_merge_writes_nothing(trinario: Trinario, project: Path) -> None:
    trinario("i18n", "extract", "--language", "it", cwd=project)
    (project / "flows/hello.yaml").write_text(FLOW.replace("Which?", "Which one?"))
    assert "3 missing" not in trinario("i18n", "merge", cwd=project).stderr
    assert "nothing to change" in trinario("i18n", "merge", cwd=project).stderr


def test_a_byte_order_mark_says_nothing(trinario: Trinario, project: Path) -> None:
    trinario("i18n", "extract", "--language", "it", cwd=project)
    po = project / "flows/hello.it.po"
    po.write_bytes(b"\xef\xbb\xbf" + po.read_bytes())
    assert trinario("i18n", "status", cwd=project).returncode == 0
    assert trinario("i18n", "merge", cwd=project).returncode == 0


def test_a_language_is_not_begun_twice(trinario: Trinario, project: Path) -> None:
    trinario("i18n", "extract", "--language", "it", cwd=project)
    assert "is there already" in trinario("i18n", "extract", "--language", "it", cwd=project).stderr


def test_status_of_a_language_that_nobody_began(trinario: Trinario, project: Path) -> None:
    outcome = trinario("i18n", "status", "--language", "pl", "--strict", cwd=project)
    assert outcome.returncode == 1
    assert outcome.stdout.splitlines()[1].split() == ["hello", "pl", "0", "4", "0", "0"]


@pytest.mark.parametrize("arguments, words, code", [
    (("i18n", "extract", "--flow", "helo"), 'did you mean "hello"?', 2),
    (("i18n", "merge", "--language", "italiano-x!"), "language", 2),
])  # fmt: skip
def test_wrong_calls(trinario: Trinario, project: Path, arguments: tuple[str, ...], words: str, code: int) -> None:
    outcome = trinario(*arguments, cwd=project)
    assert outcome.returncode == code
    assert words in outcome.stderr


def test_a_broken_file_is_left_alone(trinario: Trinario, project: Path) -> None:
    (project / "flows/hello.it.po").write_text('msgctxt "a"\nnonsense\n')
    outcome = trinario("i18n", "merge", cwd=project)
    assert outcome.returncode == 1
    assert "flows/hello.it.po:2: this is no line of a PO file" in outcome.stderr
    assert (project / "flows/hello.it.po").read_text() == 'msgctxt "a"\nnonsense\n'


def test_a_flow_with_errors_is_to_be_mended_first(trinario: Trinario, project: Path) -> None:
    (project / "flows/hello.yaml").write_text("flow: hello\nsteps: {hi: {sned: Hi}}\n")
    outcome = trinario("i18n", "extract", cwd=project)
    assert outcome.returncode == 2
    assert "has to be mended first" in outcome.stderr
