"""`init`: what a new project holds, and where none is made."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Trinario
from trinario.authoring.schema import KINDS


@pytest.mark.parametrize("folder, name, title", [
    ("garden-shop", "garden_shop", "Garden Shop"), ("2026", "bot_2026", "My Bot 2026"), ("花", "bot", "My Bot"),
    ("Ünder way", "under_way", "Under Way"),
])  # fmt: skip
def test_names_come_from_the_folder(trinario: Trinario, tmp_path: Path, folder: str, name: str, title: str) -> None:
    assert trinario("init", folder, cwd=tmp_path).returncode == 0
    bot = (tmp_path / folder / f"bots/{name}/bot.yaml").read_text()
    assert f"bot: {name}\ntitle: {title}\n" in bot
    assert "@" not in "".join(file.read_text() for file in (tmp_path / folder).rglob("*.yaml"))
    assert trinario("check", cwd=tmp_path / folder).returncode == 0
    assert trinario("test", cwd=tmp_path / folder).returncode == 0


def test_the_editor_finds_a_schema_for_every_file(trinario: Trinario, tmp_path: Path) -> None:
    trinario("init", ".", cwd=tmp_path)
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text())
    for file, globs in settings["yaml.schemas"].items():
        assert json.loads((tmp_path / file).read_text())["$schema"]
        assert list(tmp_path.glob(globs[0])) or file.endswith(("templates.json", "campaign.json", "prices.json")), (
            "a new project has none of these"
        )
    for file in tmp_path.rglob("*.yaml"):
        first = file.read_text().splitlines()[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / schema).resolve().is_file()


def test_every_step_and_exit_is_played(trinario: Trinario, tmp_path: Path) -> None:
    trinario("init", ".", cwd=tmp_path)
    played = trinario("test", cwd=tmp_path).stdout
    assert "steps 6/6  exits 8/8" in played
    assert "3 talks as written" in played


def test_a_folder_with_something_in_it_is_left_alone(trinario: Trinario, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/.letter").write_text("dear")
    outcome = trinario("init", "mine", cwd=tmp_path)
    assert outcome.returncode == 2
    assert "mine is not empty (there is .letter): name a new folder" in outcome.stderr
    assert [one.name for one in (tmp_path / "mine").iterdir()] == [".letter"]


def test_a_file_is_no_folder(trinario: Trinario, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    outcome = trinario("init", "mine", cwd=tmp_path)
    assert outcome.returncode == 2
    assert "mine is a file" in outcome.stderr


def test_what_cannot_be_written_is_told(trinario: Trinario, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = trinario("init", "file/below", cwd=tmp_path)
    assert outcome.returncode == 2
    assert "cannot be written" in outcome.stderr
    assert trinario("schema", "--into", "file/below", cwd=tmp_path).returncode == 2


def test_schemas_are_made_anew(trinario: Trinario, tmp_path: Path) -> None:
    outcome = trinario("schema", "--into", "s", cwd=tmp_path)
    assert outcome.returncode == 0
    assert {file.name for file in (tmp_path / "s").iterdir()} == {f"{kind}.json" for kind in KINDS}
    assert (tmp_path / "s/flow.json").read_text() == trinario("schema", "flow").stdout
    assert "say which schema" in trinario("schema").stderr
