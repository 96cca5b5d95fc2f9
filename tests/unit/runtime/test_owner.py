"""One process owns a SQLite file."""

import subprocess
import sys
from pathlib import Path

import pytest

from trinario.errors import ConfigError
from trinario.runtime import owner

HOLD = "import sys, pathlib; from trinario.runtime.owner import own; o = own(pathlib.Path(sys.argv[1])); print(1, flush=True); input()"


def test_a_second_process_is_refused_and_a_killed_one_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "PATIENCE", 0.2)
    database = tmp_path / "bot.db"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        with pytest.raises(ConfigError, match="another trinario process works on"):
            owner.own(database)
    finally:
        process.kill()
        process.wait()
    held = owner.own(database)
    assert held is not None
    held.close()


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        owner.own(tmp_path / "nowhere" / "bot.db")
