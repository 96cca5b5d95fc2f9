"""`run` has words for a database that is away, of another kind or without its driver; never a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import DEMO, ROOT, SECRETS


def run(database: str, *more: str, port: int = 0) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TRINARIO_")}
    return subprocess.run(
        [sys.executable, *more, "-m", "trinario", "run", "--bot", str(DEMO), "--port", str(port)],
        cwd=ROOT,
        env={**environ, **SECRETS, "TRINARIO_DATABASE_URL": database},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("database", "words"),
    [
        ("postgresql://x:secret@127.0.0.1:1/none", "Connection refused"),
        ("postgresql://x:secret@no-such-host.invalid/none", "not known"),
    ],
)
def test_a_server_that_is_not_there(database: str, words: str) -> None:
    done = run(database)
    assert done.returncode == 78
    assert words in done.stderr and "TRINARIO_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr and "secret" not in done.stderr


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    file.write_bytes(os.urandom(5000))
    done = run(f"sqlite:///{file}")
    assert done.returncode == 78
    assert "file is not a database" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "bot.db.key").exists(), "a key of nothing is left"


def test_a_driver_that_is_not_installed(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['asyncpg'] = None\n")
    environ = {**os.environ, **SECRETS, "PYTHONPATH": str(tmp_path), "TRINARIO_DATABASE_URL": "postgresql://x@h/n"}
    done = subprocess.run(
        [sys.executable, "-m", "trinario", "run", "--bot", str(DEMO), "--port", "0"],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 78
    assert "pip install 'trinario[postgres]'" in done.stderr and "Traceback" not in done.stderr


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(f"sqlite:///{tmp_path / 'bot.db'}", port=taken.getsockname()[1])
    assert done.returncode == 78
    assert "choose another with --port" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "bot.db").exists(), "it has begun before it knew that it cannot"
