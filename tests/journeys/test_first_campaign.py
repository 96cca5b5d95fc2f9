"""The tutorial of a first campaign, typed word for word over the demo's own processes: what it shows is what comes."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree

import pytest

from tests.journeys.test_new_project import Demo
from tests.processes import ROOT, eventually

TUTORIAL = (ROOT / "docs/tutorial/first-campaign.md").read_text()
SEGMENT = "segment: channel.window_open\n"
CHANGES = ((r"\b(tulips|spring)-[0-9a-f]{8}\b", r"\1-ID"), (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "WHEN"))
"""What is another at each try: ids of plans, and the time."""


def shown(begins: str, nth: int = 0) -> list[str]:
    """What the page shows below a command, to the end of the block; `...` stands for further lines."""
    blocks = re.findall(rf"^    \$ trinario ({begins}.*)\n((?:    .*\n|\n(?=    ))+)", TUTORIAL, re.M)
    lines = [line.removeprefix("    ") for line in blocks[nth][1].splitlines()]
    end = next((number for number, line in enumerate(lines) if line.startswith("$ ")), len(lines))
    return [plain(line) for line in lines[:end]]


def yaml(nth: int) -> str:
    """A block of YAML of the page."""
    return re.findall(r"^```yaml\n(.*?)^```", TUTORIAL, re.M | re.S)[nth]


def plain(line: str) -> str:
    for what, instead in CHANGES:
        line = re.sub(what, instead, line)
    return line.rstrip()


@dataclass
class Newcomer:
    """Somebody at the keyboard, in a copy of the demo; the phones are those of the demo that runs."""

    folder: Path
    demo: Demo
    plan: str = ""
    file: str = field(default_factory=lambda: yaml(0))

    def types(self, *words: str, code: int = 0) -> list[str]:
        """One command; what it prints, with ids and times taken out."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRINARIO_", "META_"))}
        url = f"sqlite:///.trinario/demo-{self.demo.port}/demo.db"
        done = subprocess.run(
            [sys.executable, "-m", "trinario", *words], cwd=self.folder, text=True, capture_output=True, timeout=60,
            env={**kept, "TRINARIO_DATABASE_URL": url, "COLUMNS": "120"},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        self.plan = next(iter(re.findall(r"^plan (\S+)$", done.stdout, re.M)), self.plan)
        printed = [plain(line) for line in (done.stdout + done.stderr).splitlines()]
        return printed[:-1] if words == ("check",) and re.match(r"1 (error|warning)$", printed[-1]) else printed

    def saves(self, text: str) -> None:
        (self.folder / "bots/demo/campaigns/tulips.yaml").write_text(text)

    def acts(self, deed: str, platform: str, answer: str, **more: str) -> None:
        """Ana does something on a phone, and the bot answers."""
        self.demo.ask("POST", f"people/ana/{deed}", {"platform": platform, **more})
        self.demo.until_said(answer, platform)

    def got(self) -> int:
        """On how many phones the message is; on none twice."""
        counts = [
            sum(text.startswith("The tulips are in") for text in self.demo.heard(one))
            for one in ("whatsapp", "messenger", "instagram")
        ]
        assert set(counts) <= {0, 1}
        return sum(counts)


def as_shown(printed: list[str], page: list[str]) -> None:
    """The lines of the page, all of them; after `...` whatever comes."""
    rest = page.index("...") if "..." in page else None
    assert printed[:rest] == page[:rest]
    if rest is not None and page[rest + 1 :]:
        assert printed[-len(page[rest + 1 :]) :] == page[rest + 1 :]


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Newcomer]:
    for name in ("bots", "flows"):
        copytree(ROOT / name, tmp_path / name)
    demo = Demo(tmp_path)
    demo.start()
    demo.ask("POST", "people", {"id": "ana", "name": "Ana Ruiz"})
    yield Newcomer(tmp_path, demo)
    demo.terminate()


def test_the_tutorial_of_a_campaign_goes_as_written(newcomer: Newcomer) -> None:
    _meets(newcomer)
    assert newcomer.types("campaign", "list") == ["spring                   not started"]
    text = newcomer.file
    newcomer.saves(text)
    as_shown(newcomer.types("check"), shown("check"))
    text = re.sub("^send: .*\n", lambda _: yaml(1), text, flags=re.M)
    newcomer.saves(text.replace(SEGMENT, ""))
    as_shown(newcomer.types("check", code=1), shown("check", 1))
    newcomer.saves(text)
    assert newcomer.types("check") == ["no issues"]
    as_shown(newcomer.types("campaign", "plan", "tulips"), shown("campaign plan tulips"))
    _is_sent(newcomer)
    _is_reported(newcomer)


def _meets(newcomer: Newcomer) -> None:
    """Ana writes on each phone, as the page says."""
    for platform in ("whatsapp", "instagram"):
        newcomer.acts("say", platform, "Which one suits you?", text="visit")
        newcomer.acts("tap", platform, "See you on Saturday at 9:30", title="9:30")
    newcomer.acts("get_started", "messenger", "What is your name?")
    newcomer.acts("say", "messenger", "Nice to meet you", text="Ana")


def _is_sent(newcomer: Newcomer) -> None:
    as_shown(newcomer.types("campaign", "start", "tulips", "--plan", newcomer.plan), shown("campaign start tulips"))
    eventually(lambda: newcomer.got() == 1, "one phone has it at once")
    block = TUTORIAL[TUTORIAL.index("$ trinario campaign pause tulips") :]
    assert newcomer.types("campaign", "pause", "tulips") == [re.findall(r"^    (campaign .*)$", block, re.M)[0]]
    assert newcomer.types("campaign", "list") == re.findall(r"^    ((?:spring|tulips) .*)$", block, re.M)[:2]
    newcomer.demo.ask("POST", "clock", {"advance": 3600})
    assert newcomer.got() == 1
    as_shown(newcomer.types("campaign", "resume", "tulips"), shown("campaign resume tulips"))
    eventually(lambda: newcomer.got() == 3, "within a minute all have it", 90)


def _is_reported(newcomer: Newcomer) -> None:
    newcomer.acts("say", "whatsapp", "Which one suits you?", text="visit")
    newcomer.acts("tap", "whatsapp", "See you on Saturday at 11:00", title="11:00")
    newcomer.acts("say", "messenger", "you will get no more offers", text="stop")
    for platform in ("whatsapp", "messenger", "instagram"):  # the page reads on the phone that one writes on or taps
        newcomer.demo.ask("POST", "people/ana/read", {"platform": platform})
    page, until = shown("campaign report tulips"), time.monotonic() + 20
    while (told := newcomer.types("campaign", "report", "tulips")) != page and time.monotonic() < until:
        time.sleep(0.2)  # what is read comes as a webhook
    assert "\n".join(told) == "\n".join(page)
    as_shown(newcomer.types("campaign", "plan", "spring"), shown("campaign plan spring"))
