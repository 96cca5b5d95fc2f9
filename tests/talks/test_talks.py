"""Every talk of the repository goes as written."""

import asyncio
from functools import lru_cache
from pathlib import Path

import pytest

from trinario.testing.checking import check_talk
from trinario.testing.report import failed_text
from trinario.testing.run import bot_folder, load, read_talk, talk_files
from trinario.testing.talk import play

HERE = Path(__file__).parent
FILES = talk_files([HERE])
bot_of = lru_cache(load)


@pytest.mark.parametrize("file", FILES, ids=[file.relative_to(HERE).with_suffix("").as_posix() for file in FILES])
def test_a_talk_goes_as_written(file: Path) -> None:
    parsed = read_talk(file)
    assert parsed.talk is not None, parsed.issues
    assert parsed.notes is not None
    folder = bot_folder(file, parsed)
    assert isinstance(folder, Path), folder
    loaded = bot_of(folder)
    assert not check_talk(parsed.notes, loaded.bot)
    played = asyncio.run(play(parsed.talk, loaded))
    assert played.passed, "\n" + failed_text(played)
