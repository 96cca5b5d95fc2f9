"""The schemas in a real YAML language server, as an editor uses them: what it offers, tells and underlines.

It needs Node's `yaml-language-server`: TRINARIO_LANGUAGE_SERVER=install fetches it by npm into a temporary folder,
and the path of a folder in which it was installed before uses that one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.journeys.language_server import LanguageServer

PACKAGE = "yaml-language-server"
VARIABLE = "TRINARIO_LANGUAGE_SERVER"
HEAD = "# yaml-language-server: $schema=../.trinario/schemas/{kind}.json\n"


def installed(folder: Path) -> Path:
    """The server's script, fetched when it is asked for; a test that cannot have it is skipped, with the reason."""
    wanted = os.environ.get(VARIABLE, "")
    if not wanted:
        pytest.skip(f"a YAML language server is not asked for: {VARIABLE}=install fetches one by npm")
    if shutil.which("node") is None:
        pytest.skip("there is no node on this machine")
    if wanted == "install":
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("there is no npm on this machine")
        call = [
            npm,
            "install",
            "--no-audit",
            "--no-fund",
            "--no-save",
            "--no-package-lock",
            "--prefix",
            str(folder),
            PACKAGE,
        ]
        done = subprocess.run(call, capture_output=True, text=True, timeout=100)
        if done.returncode:
            pytest.skip(f"npm could not fetch {PACKAGE}: {done.stderr.strip()[-300:]}")
        wanted = str(folder)
    script = Path(wanted) / "node_modules" / PACKAGE / "bin" / PACKAGE
    if not script.is_file():
        pytest.skip(f"there is no {PACKAGE} in {wanted}")
    return script


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edited") / "garden"
    subprocess.run([sys.executable, "-m", "trinario", "init", str(folder)], check=True, capture_output=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def server(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    script = installed(tmp_path_factory.mktemp("npm"))
    made = LanguageServer(["node", str(script), "--stdio"], project)
    yield made
    made.close()


COUNT = count(1)
"""A file's faults are told again when it is closed: every text gets a file of its own."""


class Editor:
    """One file that is being typed; `§` is where the cursor stands."""

    def __init__(self, server: LanguageServer, text: str, kind: str = "flow") -> None:
        before, _, after = (HEAD.replace("{kind}", kind) + text).partition("§")
        self.server, self.path = server, f"flows/typed_{next(COUNT)}.yaml"
        self.line, self.column = before.count("\n"), len(before.rpartition("\n")[2])
        self.diagnostics = server.open(self.path, before + after)

    def offered(self) -> dict[str, str]:
        """What can be completed at the cursor: labels, with what would be inserted."""
        found = self.server.complete(self.path, self.line, self.column)
        return {item["label"]: item.get("insertText", "") for item in found}

    def told(self) -> str:
        """What the word at the cursor means."""
        return self.server.hover(self.path, self.line, self.column)

    def underlined(self) -> list[tuple[int, str]]:
        """(line of the flow from 1, message) of every fault."""
        return [(one["range"]["start"]["line"], one["message"]) for one in self.diagnostics]


def test_a_new_project_has_nothing_underlined(server: LanguageServer, project: Path) -> None:
    files = sorted(project.rglob("*.yaml"))
    assert len(files) >= 5
    for file in files:
        assert server.open(str(file.relative_to(project)), file.read_text()) == [], file


@pytest.mark.parametrize("name", ["welcome", "lead_capture"])
def test_the_demo_s_flows_have_nothing_underlined(server: LanguageServer, name: str) -> None:
    text = (Path(__file__).parents[2] / f"flows/{name}.yaml").read_text()
    assert Editor(server, text).underlined() == []


def test_a_step_is_offered_its_verbs_and_nothing_else(server: LanguageServer) -> None:
    offered = Editor(server, "flow: a\nsteps:\n  hi:\n    §\n").offered()
    assert {"send", "ask", "branch", "wait", "handoff", "switch_channel"} <= set(offered)
    assert not {"choices", "timeout", "goto", "object"} & set(offered)


def test_beside_a_verb_its_keys_are_offered(server: LanguageServer) -> None:
    asked = Editor(server, "flow: a\nsteps:\n  hi:\n    ask: Who?\n    §\n").offered()
    assert {"choices", "type", "timeout", "on_timeout", "next", "save"} <= set(asked)
    assert not {"send", "branch", "between", "goto"} & set(asked)
    assert asked["timeout"] == "timeout: ${1:2h}"
    waits = Editor(server, "flow: a\nsteps:\n  hi:\n    wait: 1d\n    §\n").offered()
    assert {"between", "days", "late"} <= set(waits)
    assert "choices" not in waits


def test_values_are_offered(server: LanguageServer) -> None:
    assert {"text", "number", "email", "yes_no", "image"} <= set(
        Editor(server, "flow: a\nsteps:\n  hi:\n    ask: Who?\n    type: §\n").offered()
    )
    assert set(Editor(server, "flow: a\npurpose: §\nsteps: {hi: {send: Hi}}\n").offered()) == {
        "service", "transactional", "marketing",
    }  # fmt: skip


def test_triggers_choices_and_branches_are_offered(server: LanguageServer) -> None:
    triggers = Editor(server, "flow: a\ntriggers:\n  - §\nsteps: {hi: {send: Hi}}\n").offered()
    assert {"keyword", "referral", "message", "event"} <= set(triggers)
    assert triggers["message"] == "message"
    choices = Editor(
        server, "flow: a\nsteps:\n  hi:\n    ask: Who?\n    choices:\n      - title: A\n        §\n"
    ).offered()
    assert set(choices) == {"value", "also", "next", "description"}
    assert {"if", "else", "next"} <= set(Editor(server, "flow: a\nsteps:\n  hi:\n    branch:\n      - §\n").offered())


def test_a_bot_s_channels_are_offered_by_platform(server: LanguageServer) -> None:
    head = "bot: a\nlocale: en\nflows: [a]\nchannels:\n  x:\n"
    platforms = Editor(server, f"{head}    platform: §\n", "bot").offered()
    assert set(platforms) == {"whatsapp", "messenger", "instagram", "telegram"}
    offered = Editor(server, f"{head}    platform: messenger\n    §\n", "bot").offered()
    assert {"page_id", "access_token"} <= set(offered)
    assert "phone_number_id" not in offered


def test_a_talk_is_offered_what_people_do(server: LanguageServer) -> None:
    offered = Editor(server, "talk: a\nchannel: whatsapp\nsteps:\n  - §\n", "talk").offered()
    assert {"user", "bot", "tap", "follow", "after", "expect", "again"} <= set(offered)
    talk = "talk: a\nchannel: whatsapp\nsteps: [{user: Hi}, {say: Hello}]\n"
    assert any(
        "a step of a talk has to say what it does" in words for _, words in Editor(server, talk, "talk").underlined()
    )


@pytest.mark.parametrize("name", ["spring", "newsletter"])
def test_the_demo_s_campaigns_have_nothing_underlined(server: LanguageServer, name: str) -> None:
    text = (Path(__file__).parents[2] / f"bots/demo/campaigns/{name}.yaml").read_text()
    assert Editor(server, text, "campaign").underlined() == []


@pytest.mark.parametrize("text, offered, not_offered", [
    ("campaign: a\n§\n", {"segment", "schedule", "send", "flow", "channels", "delivery", "purpose", "pace", "quiet_hours", "cap",
                          "late", "if_busy", "exclude", "variants", "goal", "budget"}, {"steps", "exit_when", "campaign", "at"}),
    ("campaign: a\nsend: Hi\nif_busy: §\n", {"defer", "skip", "interrupt"}, {"wait"}),
    ("campaign: a\nsend: Hi\npurpose: §\n", {"marketing", "service", "transactional"}, {"defer"}),
    ("campaign: a\nsend: Hi\nschedule:\n  §\n", {"at", "cron", "event", "zone"}, {"send"}),
    ("campaign: a\nsend: Hi\ngoal:\n  §\n", {"name", "within"}, {"max"}),
    ("sequence: a\n§\n", {"steps", "exit_when", "zone", "again", "late", "if_busy"}, {"schedule", "budget", "pace"}),
    ("sequence: a\nsteps:\n  one:\n    §\n", {"day", "at", "days", "if", "split", "send", "flow"}, {"wait", "schedule"}),
])  # fmt: skip
def test_campaigns_and_sequences_are_completed(
    server: LanguageServer, text: str, offered: set[str], not_offered: set[str]
) -> None:
    found = set(Editor(server, text, "campaign").offered())
    assert offered <= found and not not_offered & found


@pytest.mark.parametrize("text, line, words", [
    ("campaign: a\nsend: Hi\nif_busy: wait\n", 3, '"defer"'),
    ("campaign: a\nsend: Hi\nsegmnet: 'true'\n", 3, "segmnet is not allowed"),
    ("campaign: a\nsend: Hi\nlate: skip\n", 3, "skip after"),
    ("campaign: a\nsend: Hi\npace: fast\n", 3, "how many in what time"),
    ("sequence: a\nsteps:\n  one: {day: soon, send: Hi}\n", 3, "a number of days"),
])  # fmt: skip
def test_mistakes_in_campaigns_are_underlined(server: LanguageServer, text: str, line: int, words: str) -> None:
    found = Editor(server, text, "campaign").underlined()
    assert any(at == line and words in message for at, message in found), found


def test_hovering_tells_what_a_verb_does(server: LanguageServer) -> None:
    told = Editor(server, "flow: a\nsteps:\n  hi:\n    a§sk: Who?\n").told()
    assert "Puts a question and waits for the answer." in told
    assert "ask: What are you after?" in told
    assert "`on_timeout`: She stayed silent." in told
    assert (
        "How often a wrong answer is asked again."
        in Editor(server, "flow: a\nsteps:\n  hi:\n    ask: Who?\n    ret§ries: 1\n").told()
    )


@pytest.mark.parametrize("text, line, words", [
    ("flow: a\nsteps:\n  hi:\n    sned: Hi\n", 4, "a step has to say what it does: send, ask"),
    ("flow: a\nsteps:\n  hi:\n", 3, "a step has to say what it does"),
    ("flow: a\nsteps:\n  hi:\n    ask: Who?\n    goto: end\n", 5, "write `next` instead of `goto`"),
    ("flow: a\nsteps:\n  hi:\n    ask: Who?\n    send: Hi\n", 4, "a step does one thing only"),
    ("flow: a\nsteps:\n  hi:\n    ask: Who?\n    chioces: [A]\n", 5, "chioces is not allowed"),
    ("flow: a\nsteps:\n  hi:\n    ask: Who?\n    type: nubmer\n", 5, '"number"'),
    ("flow: a\nsteps:\n  hi:\n    ask: Who?\n    retries: many\n", 5, "a whole number from 0 to 20 is expected here"),
    ("flow: a\nsteps:\n  hi:\n    wait: 1d\n    between: soon\n", 5, "two times of the day"),
    ("flow: a\nstepz:\n  hi: {send: Hi}\n", 2, "stepz is not allowed"),
    ("flow: a\ntriggers: [{keywrod: a}]\nsteps: {hi: {send: Hi}}\n", 2, "a trigger has to say what it does: keyword"),
    ("flow: A B\nsteps: {hi: {send: Hi}}\n", 1, "small letters"),
    ("flow: a\nflow: b\nsteps: {hi: {send: Hi}}\n", 2, "unique"),
])  # fmt: skip
def test_mistakes_are_underlined_where_they_are(server: LanguageServer, text: str, line: int, words: str) -> None:
    found = Editor(server, text).underlined()
    assert any(at == line and words in message for at, message in found), found
