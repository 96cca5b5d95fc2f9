"""Projects that are on file for their talks alone: each is checked and played as its own users would."""

import asyncio
from pathlib import Path

import pytest

from trinario.testing.checking import check_talk
from trinario.testing.report import failed_text
from trinario.testing.run import bot_folder, load, read_talk, talk_files
from trinario.testing.talk import play

PROJECTS = Path(__file__).parents[2] / "projects"
FILES = [
    file
    for talks in sorted(PROJECTS.glob("*/tests/talks"))
    if any(talks.rglob("*.yaml"))
    for file in talk_files([talks])
]


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parents[2].name}: {file.stem}" for file in FILES])
def test_a_talk_goes_as_written(file: Path) -> None:
    parsed = read_talk(file)
    assert parsed.talk is not None, parsed.issues
    assert parsed.notes is not None
    folder = bot_folder(file, parsed)
    assert isinstance(folder, Path), folder
    loaded = load(folder)
    assert not check_talk(parsed.notes, loaded.bot)
    played = asyncio.run(play(parsed.talk, loaded))
    assert played.passed, "\n" + failed_text(played)
