"""From nothing to a project that is checked, tested and talked with, as a person does it: one command after another."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT, Child, call, eventually, free_port

TUTORIAL = ROOT / "docs/tutorial/a-giveaway.md"


def trinario(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRINARIO_", "META_"))}
    return subprocess.run(
        [sys.executable, "-m", "trinario", *arguments], cwd=folder, input=typed, env=kept, capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip


def test_init_check_test_chat_and_translate(tmp_path: Path) -> None:
    made = trinario(tmp_path, "init", "lucky-garden")
    assert made.returncode == 0, made.stderr
    assert "cd lucky-garden && trinario chat welcome" in made.stderr
    project = tmp_path / "lucky-garden"
    checked = trinario(project, "check")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout
    played = trinario(project, "test")
    assert played.returncode == 0, played.stdout
    assert "3 talks as written" in played.stdout
    talked = trinario(project, "chat", "welcome", "--on", "messenger", "--as", "Ana", typed="/tap 1\n")
    assert "Hello Ana! This is Lucky Garden." in talked.stdout
    assert "from nine to five" in talked.stdout
    assert trinario(project, "graph", "welcome", "--format", "svg").stdout.startswith("<svg")
    assert trinario(project, "i18n", "extract", "--language", "it").returncode == 0
    assert trinario(project, "i18n", "status", "--strict").returncode == 1
    again = trinario(tmp_path, "init", "lucky-garden")
    assert again.returncode == 2
    assert "not empty" in again.stderr


def test_a_mistake_is_found_by_the_talks(tmp_path: Path) -> None:
    trinario(tmp_path, "init", ".")
    flow = tmp_path / "flows/welcome.yaml"
    flow.write_text(flow.read_text().replace("nine to five", "ten to four"))
    played = trinario(tmp_path, "test")
    assert played.returncode == 1
    assert "from ten to four." in played.stdout


# ---- the new project on the phones


class Demo(Child):
    """`trinario demo` in a project; what people do goes through the page's own calls."""

    def __init__(self, project: Path, *options: str) -> None:
        self.port = free_port(2)
        self.url = f"http://127.0.0.1:{self.port}"
        line = [sys.executable, "-m", "trinario", "demo", "--port", str(self.port), "--no-browser", *options]
        unwanted = ("TRINARIO_", "META_", "WHATSAPP_TOKEN", "PAGE_TOKEN")
        unset = {name: "" for name in os.environ if name.startswith(unwanted)}
        super().__init__(project / "demo.log", line, unset)

    def start(self) -> None:
        """Start it and wait until the bot is ready."""
        self.launch()
        self.until_answering(f"{self.url}/readyz")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the page."""
        status, answer = call(method, f"{self.url}/phones/api/{path}", body)
        assert status < 300, f"{method} {path}: {status} {answer}"
        return answer

    def heard(self, platform: str = "instagram") -> list[str]:
        """What the bot has said to Ana."""
        thread = self.ask("GET", "people/ana/phones")["phones"][platform]["thread"]
        return [one["text"] for one in thread if one["direction"] == "out" and one["kind"] != "typing"]

    def until_said(self, words: str, platform: str = "instagram") -> None:
        """Wait for it."""
        eventually(lambda: any(words in text for text in self.heard(platform)), f"the bot says {words!r}")


@pytest.fixture
def bakery(tmp_path: Path) -> Iterator[Demo]:
    """A new project on the phones."""
    trinario(tmp_path, "init", "bakery")
    demo = Demo(tmp_path / "bakery")
    demo.start()
    yield demo
    demo.terminate()


def block(begins: str) -> str:
    """A file of the tutorial: the block with a line that begins so."""
    found = re.findall(r"^```yaml\n(.*?)^```", TUTORIAL.read_text(), re.M | re.S)
    return next(text for text in found if re.search(f"^{begins}", text, re.M))


def test_a_new_project_is_played_on_the_phones_and_the_tutorial_goes_as_written(bakery: Demo) -> None:
    project = bakery.log.parent
    bakery.ask("POST", "people", {"id": "ana", "name": "Ana Ruiz"})
    bakery.ask("POST", "people/ana/say", {"platform": "whatsapp", "text": "hello"})
    bakery.until_said("What can we do for you?", "whatsapp")
    assert bakery.ask("GET", "flows") == {"trouble": "", "posts": [], "events": []}

    (project / "flows/raffle.yaml").write_text(block("flow: raffle"))
    (project / "tests/talks/raffle.yaml").write_text(block("talk: "))
    bot = project / "bots/bakery/bot.yaml"
    bot.write_text(bot.read_text().replace("flows: [welcome]", "flows: [welcome, raffle]"))
    assert trinario(project, "check").stdout.strip() in ("", "no issues")
    played = trinario(project, "test")
    assert (played.returncode, "4 talks as written" in played.stdout) == (0, True), played.stdout

    eventually(lambda: bakery.ask("GET", "flows")["posts"], "the post of the new flow is on the page")
    bakery.ask("POST", "people/ana/comment", {"platform": "instagram", "text": "I love cake!", "post": "birthday_post"})
    bakery.until_said("your ticket is yours")
    public = [one["text"] for one in bakery.ask("GET", "comments") if not one["person"]]
    assert len(public) == 1 and public[0] in block("flow: raffle")
    for words, answer in (("I am in", "Which cake would you like"), ("choclate", "for a chocolate cake")):
        bakery.ask("POST", "people/ana/say", {"platform": "instagram", "text": words})
        bakery.until_said(answer)
    known = bakery.ask("GET", "people/ana/known")["contacts"]
    assert {"raffle", "welcome"} == {session["flow"] for one in known for session in one["sessions"]}
