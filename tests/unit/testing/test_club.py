"""Permission, sequences, notices, events and draws, played on the real machine."""

import asyncio
from functools import lru_cache
from pathlib import Path

import pytest

from trinario.testing.checking import check_talk
from trinario.testing.report import failed_text
from trinario.testing.run import load, read_talk
from trinario.testing.talk import play

PROJECT = Path(__file__).parents[2] / "projects" / "club"
TALKS = sorted((PROJECT / "talks").glob("*.yaml"))
bot_of = lru_cache(load)


@pytest.mark.parametrize("file", TALKS, ids=[file.stem for file in TALKS])
def test_a_talk_goes_as_written(file: Path) -> None:
    parsed = read_talk(file)
    assert parsed.talk is not None, parsed.issues
    assert parsed.notes is not None
    loaded = bot_of(PROJECT / "bots" / "club")
    assert not loaded.issues
    assert not check_talk(parsed.notes, loaded.bot)
    played = asyncio.run(play(parsed.talk, loaded))
    assert played.passed, "\n" + failed_text(played)
