"""The documentation says what is: generated pages are fresh, links lead somewhere, commands exist, flows and talks work."""

import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from trinario.authoring.spec.answers import ANSWERS
from trinario.authoring.spec.steps import STEPS
from trinario.cli.app import app
from trinario.cli.files import checked
from trinario.cli.init import init
from trinario.emulator.config import Config, InstagramAccount, MessengerAccount, TelegramAccount, WhatsAppAccount
from trinario.emulator.graph import Graph
from trinario.emulator.meta import Meta
from trinario.emulator.server import build_app
from trinario.runtime.settings import variables
from trinario.testing.run import play_files

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
COMMAND = re.compile(r"(?:^|[\s`/])trinario ([a-z][a-z0-9]*)\b([^`\n|]*)")


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_fresh() -> None:
    made = _generator().pages()
    stale = [
        str(path.relative_to(ROOT)) for path, text in made.items() if not path.is_file() or path.read_text() != text
    ]
    assert stale == [], "say: make docs"


# ---- links


def _anchors(page: Path) -> set[str]:
    text = BLOCK.sub("", page.read_text())
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for target in LINK.findall(BLOCK.sub("", page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in _anchors(file)):
            lost.append(target)
    assert lost == []


def test_every_page_is_led_to_from_the_index() -> None:
    reached, queue = set(), [DOCS / "index.md"]
    while queue:
        page = queue.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        links = LINK.findall(page.read_text())
        queue += [(page.parent / link.partition("#")[0]).resolve() for link in links if not re.match(r"[a-z]+:", link)]
    assert sorted(str(page) for page in set(DOCS.rglob("*.md")) - reached) == []


# ---- commands


COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def _not_here_yet() -> set[str]:
    """What the README's table names in its second column."""
    rows = re.findall(
        r"^\|[^|\n]*\|([^|\n]*)\|$", (ROOT / "README.md").read_text().partition("## What is here")[2], re.M
    )
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_what_is_not_here_yet_is_not_here() -> None:
    here = set(COMMANDS) | {verb.name for verb in STEPS.verbs} | set(ANSWERS)
    later = _not_here_yet()
    assert "import" in later, "the table has moved"
    assert sorted(later & here) == [], "it is there now: move it to the left column of README.md"


def _calls(page: Path) -> Iterator[tuple[str, str]]:
    """(command, the rest of the line) of every `trinario ...` in code."""
    text = page.read_text()
    code = [block for _, block in BLOCK.findall(text)]
    code += re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))
    code += re.findall(r"^ {4}(.+)$", BLOCK.sub("", text), re.M)
    for piece in code:
        yield from COMMAND.findall(piece)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_exist_with_their_options(page: Path) -> None:
    wrong = []
    for name, rest in _calls(page):
        command = COMMANDS.get(name)
        if command is None:
            wrong += [name] if name not in _not_here_yet() else []
            continue
        words = rest.partition(" #")[0].replace("[", " ").replace("]", " ").split()
        below = getattr(command, "commands", {})
        command = below.get(words[0], command) if words else command
        known = {option for one in command.params for option in one.opts} | {"--help"}
        wrong += [f"{name} {word}" for word in words if word.startswith("--") and word not in known]
    assert wrong == []


# ---- flows and talks


def _blocks(page: Path, key: str) -> list[str]:
    """The YAML blocks of a page that are whole files of a kind."""
    found = [block for language, block in BLOCK.findall(page.read_text()) if language == "yaml"]
    whole = {"flow": "\nsteps:", "talk": "\nsteps:"}[key]
    return [block for block in found if re.search(rf"^{key}: ", block, re.M) and whole in block]


def _project(tmp_path: Path, page: Path, flows: list[str]) -> Path:
    """The demo's project, or a new one where the page begins with one, with further flows."""
    begun = re.search(r"^trinario init (\w+)$", page.read_text(), re.M)
    tmp_path, bot = tmp_path / (begun[1] if begun else "demo"), begun[1] if begun else "demo"
    if begun:
        init(tmp_path)
    else:
        shutil.copytree(ROOT / "bots", tmp_path / "bots")
        shutil.copytree(ROOT / "flows", tmp_path / "flows")
    names = []
    for block in flows:
        name = re.search(r"^flow: (\w+)", block, re.M)
        assert name
        names.append(name[1])
        (tmp_path / "flows" / f"{name[1]}.yaml").write_text(block)
    file = tmp_path / "bots" / bot / "bot.yaml"
    listed = "".join(f", {name}" for name in dict.fromkeys(names))
    file.write_text(re.sub(r"(?m)^(flows: \[[^\]]*)\]", rf"\1{listed}]", file.read_text()))
    return tmp_path


FLOWS = [(page, block) for page in PAGES for block in _blocks(page, "flow")]
TALKS = [(page, block) for page in PAGES for block in _blocks(page, "talk")]


def test_there_are_whole_flows_and_talks_to_try() -> None:
    assert len(FLOWS) >= 3
    assert len(TALKS) >= 2


@pytest.mark.parametrize(("page", "block"), FLOWS, ids=[str(page.relative_to(ROOT)) for page, _ in FLOWS])
def test_flows_pass_the_check(page: Path, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_project(tmp_path, page, [block]))
    assert [str(issue) for issue in checked([])] == []


CAMPAIGNS = [
    (page, block) for page in PAGES for language, block in BLOCK.findall(page.read_text())
    if language == "yaml" and re.search(r"^(campaign|sequence): \w+$", block, re.M)
]  # fmt: skip


@pytest.mark.parametrize(("page", "block"), CAMPAIGNS, ids=[str(page.relative_to(ROOT)) for page, _ in CAMPAIGNS])
def test_campaigns_pass_the_check(page: Path, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what the tutorial mends on its way, and flows that lead to a sequence."""
    monkeypatch.chdir(_project(tmp_path, page, []))
    (tmp_path / "demo/bots/demo/campaigns/of_the_page.yaml").write_text(block)
    mended = {"T176"} if page.name == "first-campaign.md" else {"T179"}
    assert [str(issue) for issue in checked([]) if issue.code not in mended] == []


@pytest.mark.parametrize(("page", "block"), TALKS, ids=[str(page.relative_to(ROOT)) for page, _ in TALKS])
def test_talks_go_as_written(page: Path, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = _project(tmp_path, page, _blocks(page, "flow"))
    monkeypatch.chdir(project)
    file = project / "tests/talks/of_the_page.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block)
    plays = play_files([file])
    assert [one.failure for one in plays.played] == [""]
    assert plays.issues == []


# ---- what is written by hand and has to be whole


def test_every_setting_is_described() -> None:
    page = (DOCS / "reference/configuration.md").read_text()
    assert [name for name in variables() if f"`{name}`" not in page] == []


def test_every_path_and_setting_of_the_emulator_is_described() -> None:
    page = (DOCS / "reference/emulator.md").read_text()
    resources = [route.resource.canonical for route in build_app().router.routes() if route.resource]
    paths = {path.removeprefix("/_emulator") for path in resources if path.startswith("/_emulator")}
    assert sorted(path for path in paths if f"{path}`" not in page) == []
    edges = {edge for _, _, edge in Graph(Meta(Config(), None, lambda meta, job: None)).edges() if edge}
    assert sorted(edge for edge in edges if f"`{edge}`" not in page) == []
    kinds = (Config, WhatsAppAccount, MessengerAccount, InstagramAccount, TelegramAccount)
    assert sorted({name for kind in kinds for name in kind.__dataclass_fields__ if f"`{name}`" not in page}) == []


def test_every_decision_is_listed() -> None:
    folder = DOCS / "explanation/decisions"
    index = (folder / "index.md").read_text()
    assert [page.name for page in sorted(folder.glob("0*.md")) if f"({page.name})" not in index] == []
